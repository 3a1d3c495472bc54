"""`python -m qa ask`: results on stdout, failures in one line on stderr, exit 0, 1 or 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from index.store import Store
from qa.__main__ import app
from qa.engine import Engine
from tests.pdfs import Leaf, write_pdf


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def store(sample_store: Store) -> Path:
    return sample_store.folder


def test_json_is_one_object_on_stdout(store: Path) -> None:
    result = run("ask", "公务接待费是多少", "--store", store, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert result.stdout.count("\n") == 1
    assert found["status"] == "answered"
    assert (found["values"][0]["value"], found["values"][0]["unit"]) == ("3.36", "万元")
    assert 18 in [c["page"] for c in found["citations"]]


def test_text_names_answer_page_and_source(store: Path) -> None:
    result = run("ask", "公务接待费是多少", "--store", store)
    assert result.exit_code == 0
    first, *rest = result.stdout.splitlines()
    assert "3.36万元" in first
    assert any("18页" in line and "3.36" in line for line in rest)


def test_a_report_by_its_id(store: Path, sample_engine: Engine) -> None:
    result = run("ask", "水费", "--store", store, "--report", sample_engine.report.id)
    assert result.exit_code == 0
    assert "2.36万元" in result.stdout


def test_history_is_oldest_first(store: Path) -> None:
    turns = ["--history", "水费是多少", "--history", "公务接待费是多少"]
    result = run("ask", "换成元", *turns, "--store", store, "--json")
    assert json.loads(result.stdout)["values"][0]["value"] == "33600"


def test_a_refusal_is_an_answer(store: Path) -> None:
    result = run("ask", "局长叫什么名字", "--store", store, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["status"], found["values"]) == ("refused", [])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask", "   "], "为空"),
        (["ask", "费" * 20_000], "缩短"),
        (["ask", "水费", "--report", "nowhere"], "nowhere"),
        (["ask", "水费", "--report", "../etc"], "../etc"),
        (["ask", "水费", "--pdf", "/nowhere.pdf"], "nowhere.pdf"),
    ],
)
def test_failures_are_one_line_on_stderr(store: Path, arguments: list[str], says: str) -> None:
    result = run(*arguments, "--store", store)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    result = run("ask", "水费", "--store", tmp_path)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "--pdf" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["ask"], ["ask", "水费", "--nonsense"], ["nonsense"], ["ask", "水费", "电费"]]
)
def test_usage(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_help() -> None:
    result = run("ask", "--help")
    assert result.exit_code == 0
    for option in ("--pdf", "--report", "--history", "--store", "--json"):
        assert option in result.stdout


def test_a_bad_environment_is_named(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTQA_WORKERS", "many")
    result = run("ask", "水费", "--store", store)
    assert result.exit_code == 1
    assert "REPORTQA_WORKERS" in result.stderr


def test_a_figure_needs_no_model(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(name: str) -> object:
        raise AssertionError(f"model {name} was loaded")

    monkeypatch.setattr("index.embedding.load_model", forbidden)
    result = run("ask", "30205是多少", "--store", store)
    assert result.exit_code == 0, result.output
    assert "2.36万元" in result.stdout


def test_a_pdf_is_indexed_once(tmp_path: Path) -> None:
    lines = (
        "松原县档案馆2024年度部门决算",
        "一、收入支出决算情况说明",
        "本年收入合计812.40万元，其中：财政拨款收入812.40万元，占100%。",
        "“三公”经费支出决算3.36万元，一般公共预算财政拨款支出812.40万元。",
    )
    pdf = write_pdf(tmp_path / "小报告.pdf", Leaf(text=lines))
    arguments = ["ask", "三公经费是多少", "--pdf", pdf, "--store", tmp_path / "store", "--json"]
    first = run(*arguments)
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["values"][0]["value"] == "3.36"
    info = next((tmp_path / "store").glob("reports/*/info.json"))
    stamp = info.stat().st_mtime_ns
    second = run(*arguments)
    assert json.loads(second.stdout)["values"] == json.loads(first.stdout)["values"]
    assert info.stat().st_mtime_ns == stamp
    # With a second report of the same body in the store both are told.
    other = write_pdf(tmp_path / "b.pdf", Leaf(text=(*lines, "补充一行。")))
    assert run("ask", "三公经费", "--pdf", other, "--store", tmp_path / "store").exit_code == 0
    both = run("ask", "三公经费", "--store", tmp_path / "store", "--json")
    assert both.exit_code == 0
    told = json.loads(both.stdout)
    assert len({c["report"] for c in told["citations"]}) == 2 or told["status"] == "clarify"
