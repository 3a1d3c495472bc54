"""`python -m index`: results to stdout, notices to stderr, exit codes, one line a failure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from index.__main__ import app
from index.settings import load_settings
from index.store import Store
from index.values import Report
from tests.pdfs import Leaf, write_pdf
from tests.test_pages import damaged
from tests.test_store import LINES, listing

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, str]]:
    """A small report, a store that holds it, and its id."""
    folder = tmp_path_factory.mktemp("cli")
    pdf = write_pdf(folder / "small.pdf", Leaf(text=LINES))
    built = Store(load_settings(store=folder / "store")).build(pdf)
    yield pdf, folder / "store", built.report


def run(*arguments: object) -> tuple[int, str, str]:
    result = RUNNER.invoke(app, [str(a) for a in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_build_prints_one_line_a_report(small: tuple[Path, Path, str]) -> None:
    pdf, store, report = small
    code, out, _ = run("build", pdf, pdf, "--store", store)
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(line["report"], line["skipped"]) for line in lines] == [(report, True)] * 2
    assert {"pages", "tables", "figures", "passages", "seconds"} <= set(lines[0])


def test_list(small: tuple[Path, Path, str]) -> None:
    _, store, report = small
    code, out, err = run("list", "--store", store)
    assert (code, err) == (0, "")
    assert json.loads(out)["report"] == report


def test_figures_without_a_store(sample_pdf: Path, sample_report: Report) -> None:
    code, out, err = run("figures", sample_pdf)
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert len(rows) == sum(f.value is not None for f in sample_report.figures)
    assert {
        "item": "",
        "code": None,
        "column": "决算数 > 公务接待费",
        "year": 2024,
        "scope": "财政拨款",
        "value": "3.36",
        "unit": "万元",
        "printed": "3.36",
        "page": 18,
        "page_label": "15",
        "table": "财政拨款“三公”经费支出决算表",
    }.items() <= next(
        r for r in rows if r["page"] == 18 and r["column"] == "决算数 > 公务接待费"
    ).items()


@pytest.mark.parametrize("command", [("figures",), ("check",), ("check", "--json")])
def test_the_store_changes_no_output(
    command: tuple[str, ...], sample_pdf: Path, sample_store: Store, tmp_path: Path
) -> None:
    stored = run(*command, sample_pdf, "--store", sample_store.folder)
    assert stored == run(*command, sample_pdf, "--store", tmp_path / "none")
    assert stored[0] == 0 and len(stored[1]) > 1000
    assert not (tmp_path / "none").exists()


def test_show_writes_a_picture_and_a_legend(tmp_path: Path, sample_pdf: Path) -> None:
    out_file = tmp_path / "p.png"
    code, out, err = run("show", sample_pdf, 18, "--out", out_file)
    assert code == 0
    assert str(out_file) in err
    assert "决算数 > 公务接待费 | 3.36 万元" in out
    with Image.open(out_file) as picture:
        assert picture.size[0] > 800
        colours = {c for _, c in picture.convert("RGB").getcolors(10_000_000) or []}
    assert (214, 74, 16) in colours, "figures are outlined"
    assert (92, 140, 220) in colours, "cells are outlined"


@pytest.mark.parametrize(
    "kind", ["missing", "folder", "text", "truncated", "empty", "encrypted", "pictures"]
)
def test_bad_pdf_is_one_line_and_leaves_the_store(
    tmp_path: Path, sample_pdf: Path, small: tuple[Path, Path, str], kind: str
) -> None:
    pdf, store = damaged(tmp_path, kind, sample_pdf), small[1]
    before = listing(store)
    for arguments in (("build", pdf, "--store", store), ("figures", pdf), ("show", pdf, 1)):
        code, out, err = run(*arguments)
        assert (code, out) == (1, ""), arguments
        assert len(err.splitlines()) == 1
        assert "请" in err
    assert listing(store) == before


def test_another_kind_of_pdf(tmp_path: Path, small: tuple[Path, Path, str]) -> None:
    pdf = write_pdf(tmp_path / "b.pdf", Leaf(text=("会议通知", "请于周五前报名。")))
    before = listing(small[1])
    code, out, err = run("build", pdf, "--store", small[1])
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "不像" in err
    assert listing(small[1]) == before


def test_one_bad_file_does_not_stop_the_others(
    tmp_path: Path, small: tuple[Path, Path, str]
) -> None:
    pdf, store, report = small
    code, out, err = run("build", tmp_path / "none.pdf", pdf, "--store", store)
    assert code == 1
    assert json.loads(out)["report"] == report
    assert "找不到文件" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("remove", "abcdef"), "没有报告"),
        (("show", "{pdf}", 99, "--out", "x.png"), "1 到 1"),
        (("show", "{pdf}", 1, "--out", "/nowhere/x.png"), "--out"),
    ],
)
def test_failures_name_the_remedy(
    small: tuple[Path, Path, str], arguments: tuple[object, ...], words: str
) -> None:
    pdf, store, _ = small
    filled = [str(a).format(pdf=pdf) for a in arguments]
    if filled[0] == "remove":
        filled += ["--store", str(store)]
    code, out, err = run(*filled)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert words in err


def test_bad_settings_are_one_line(
    monkeypatch: pytest.MonkeyPatch, small: tuple[Path, Path, str]
) -> None:
    monkeypatch.setenv("REPORTQA_WORKERS", "many")
    code, out, err = run("figures", small[0])
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "REPORTQA_WORKERS" in err


def test_remove(tmp_path: Path) -> None:
    pdf = write_pdf(tmp_path / "small.pdf", Leaf(text=LINES))
    built = Store(load_settings(store=tmp_path / "store")).build(pdf)
    assert run("remove", built.report, "--store", tmp_path / "store")[0] == 0
    assert run("list", "--store", tmp_path / "store")[:2] == (0, "")


def test_usage_is_exit_two() -> None:
    assert run("build")[0] == 2
    assert run("nonsense")[0] == 2


def test_check_lists_what_differs(sample_pdf: Path, tmp_path: Path) -> None:
    page, book = tmp_path / "a.html", tmp_path / "a.xlsx"
    code, out, err = run("check", sample_pdf, "--html", page, "--xlsx", book)
    assert code == 0
    assert "1. 【错误】" in out
    assert "117.23万元" in out
    assert [line.split()[-1] for line in err.splitlines()] == [str(page), str(book)]
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert book.read_bytes()[:2] == b"PK"


def test_check_as_json(sample_pdf: Path) -> None:
    code, out, err = run("check", sample_pdf, "--json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert {row["verdict"] for row in rows} == {"ok", "differs", "not_checkable"}
    for row in rows:
        assert {"rule", "verdict", "figures", "difference", "tolerance", "text"} <= set(row)
        for figure in row["figures"]:
            assert {"value", "page", "bbox", "printed", "item", "column"} <= set(figure)


def test_check_names_what_it_cannot_read_or_write(sample_pdf: Path, tmp_path: Path) -> None:
    code, out, err = run("check", tmp_path / "none.pdf")
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    code, _, err = run("check", sample_pdf, "--html", tmp_path / "nowhere" / "a.html")
    assert code == 1
    assert "--html" in err
