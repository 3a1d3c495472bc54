"""`python -m eval` over a fake engine: streams, files, exit codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.predict import asker
from eval.systems import OURS, System
from index.errors import PdfError
from index.values import Box
from qa.values import Answer, Citation, Value


class FakeQaError(Exception):
    """Stands for `qa.errors.QaError`."""


class FakeEngine:
    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        if "坏" in question:
            raise FakeQaError("这句话读不懂，请换个说法。")
        if "天气" in question:
            return Answer("refused", "报告里没有天气。")
        cited = Citation("r", 3, None, Box(0, 0, 1, 1), "表一", "12.50")
        value = Value(Decimal("12.50"), "万元", "差旅费", "reported", (0,))
        return Answer(
            "answered", "差旅费为 12.50 万元。", (value,), citations=(cited,), elapsed_ms=5
        )


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Put the fake in the engine's place; gives the arguments of each opening."""
    opened: list[dict[str, Any]] = []

    def open_ours(pdf: Path, store: Path | None, progress: Any, ablation: bool = False) -> Any:
        opened.append({"store": store, "pdf": pdf})
        if pdf.name == "torn.pdf":
            raise PdfError("torn.pdf 已损坏，请重新下载。")
        return (System(OURS, "", asker(FakeEngine(), (FakeQaError,))),)

    monkeypatch.setattr("eval.systems.open_ours", open_ours)
    return opened


def gold(folder: Path, *more: dict[str, Any]) -> Path:
    path = folder / "gold.jsonl"
    number = {"category": "lookup", "answer_type": "number", "value": 12.5, "unit": "万元"}
    rows: list[dict[str, Any]] = [
        {"id": "a", "question": "差旅费多少？", "pages": [3], **number},
        {"id": "b", "question": "会议费多少？", "pages": [3], **number, "value": 8},
        {"id": "c", "question": "天气如何？", "category": "out_of_scope", "answer_type": "refusal"},
        *more,
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_predict(tmp_path: Path, engine: list[dict[str, Any]]) -> None:
    out = tmp_path / "answers.jsonl"
    store = tmp_path / "store"
    result = run("predict", gold(tmp_path), "--pdf", "r.pdf", "--out", out, "--store", store)
    assert (result.exit_code, result.stdout) == (0, "")
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == list("abc")
    assert (engine[0]["store"], engine[0]["pdf"]) == (store, Path("r.pdf"))


def test_predict_tells_of_questions_that_failed(
    tmp_path: Path, engine: list[dict[str, Any]]
) -> None:
    out = tmp_path / "answers.jsonl"
    bad = {"id": "d", "question": "坏"}
    result = run("predict", gold(tmp_path, bad), "--pdf", "r.pdf", "--out", out)
    assert result.exit_code == 1
    assert "1 题作答时出错" in result.stderr
    assert len(out.read_text("utf-8").splitlines()) == 4


def test_run_lists_the_wrong_ones_and_ends_with_the_categories(
    tmp_path: Path, engine: list[dict[str, Any]]
) -> None:
    out = tmp_path / "out"
    result = run("run", gold(tmp_path), "--pdf", "r.pdf", "--out", out, "--no-baseline")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "b [lookup]  【错误数字】 会议费多少？"
    assert lines[1] == "  标准：8万元"
    assert lines[3] == "  引页：3"
    assert lines[-1].startswith("| 与报告无关 `out_of_scope` | 1 | 1 |")
    assert "a [lookup]" not in result.stdout
    again = run(
        "run", gold(tmp_path), "--pdf", "r.pdf", "--out", out, "--no-baseline", "--against", out
    )
    assert "变对 0 题：无" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "Usage"),
        (("walk",), 2, "walk"),
        (("run", "GOLD"), 2, "--pdf"),
        (("run", "--pdf", "r.pdf"), 2, "题集"),
        (("predict", "GOLD", "--pdf", "r.pdf"), 2, "--out"),
        (("predict", "none.jsonl", "--pdf", "r.pdf", "--out", "OUT"), 1, "读不到文件 none.jsonl"),
        (("predict", "GOLD", "--pdf", "torn.pdf", "--out", "OUT"), 1, "torn.pdf 已损坏"),
        (("run", "none.jsonl", "--pdf", "r.pdf", "--out", "OUT"), 1, "读不到文件 none.jsonl"),
        (
            ("run", "GOLD", "--pdf", "r.pdf", "--out", "OUT", "--no-baseline", "--against", "x"),
            1,
            "scores.jsonl",
        ),
        (("check", "none.jsonl"), 1, "读不到文件 none.jsonl"),
        (("check", "GOLD", "--pdf", "GOLD"), 1, "不能作为 PDF 打开"),
        (("bench", "--pdf", "none.pdf"), 1, "找不到文件 none.pdf"),
        (("readme", "--summary", "none.md"), 1, "请先运行 python -m eval run"),
    ],
)
def test_exit_codes(
    tmp_path: Path,
    engine: list[dict[str, Any]],
    arguments: Sequence[str],
    code: int,
    message: str,
) -> None:
    places = {"GOLD": gold(tmp_path), "OUT": tmp_path / "out"}
    result = run(*(places.get(argument, argument) for argument in arguments))
    assert result.exit_code == code
    assert message in result.stderr + ("" if code == 1 else result.stdout)
    if code == 1:
        assert result.stdout == ""
        assert result.stderr.strip().count("\n") == 0


def test_check(tmp_path: Path) -> None:
    good = gold(tmp_path)
    assert run("check", good).exit_code == 0
    good.write_text(good.read_text("utf-8") + '\n{"id": "a"}', "utf-8")
    result = run("check", good)
    assert result.exit_code == 1
    assert "第 4 行：缺少字段" in result.stdout
    assert "1 处错误" in result.stderr


def test_readme(tmp_path: Path) -> None:
    table, page = tmp_path / "summary.md", tmp_path / "README.md"
    table.write_text("| 表 |", "utf-8")
    page.write_text("<!-- accuracy:start --><!-- accuracy:end -->", "utf-8")
    assert run("readme", "--summary", table, "--readme", page).exit_code == 0
    assert "| 表 |" in page.read_text("utf-8")


def test_gate(
    tmp_path: Path, engine: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sample, record, out = gold(tmp_path), tmp_path / "gate.json", tmp_path / "out"
    monkeypatch.setattr("eval.__main__.SAMPLE_GOLD", sample)
    monkeypatch.setattr("eval.__main__.SAMPLE_PDF", tmp_path / "r.pdf")
    arguments = ("gate", "--file", record, "--out", out)
    missing = run(*arguments)
    assert missing.exit_code == 1 and "没有记录" in missing.stderr
    assert run(*arguments, "--record").exit_code == 0
    passed = run(*arguments)
    assert (passed.exit_code, passed.stdout) == (0, "")
    kept = json.loads(record.read_text("utf-8"))
    assert (kept["right"], kept["wrong_figures"]) == (2, ["b"])
    record.write_text(json.dumps(kept | {"right": 3, "not_right": [], "wrong_figures": []}))
    shut = run(*arguments)
    assert shut.exit_code == 1
    assert shut.stdout == "答对 2/3，低于记录的 3/3；变错：b\n出现新的错误数字：b\n"
    refused = run(*arguments, "--record")
    assert refused.exit_code == 1 and "--lower" in refused.stderr
    assert run(*arguments, "--record", "--lower", "题目有误").exit_code == 0
    assert run(*arguments).exit_code == 0


def test_table(tmp_path: Path, engine: list[dict[str, Any]]) -> None:
    table, questions, out = tmp_path / "t.csv", tmp_path / "q.jsonl", tmp_path / "out"
    table.write_text("名称,差旅费\n甲,12.50\n乙,8.00\n", "utf-8")
    questions.write_text('{"question": "甲的差旅费", "answer": "12.50万元"}', "utf-8")
    result = run("table", table, "--questions", questions, "--unit", "万元", "--out", out)
    assert result.exit_code == 0, result.stderr
    assert "| 本系统 | 100.0%" in result.stdout
    assert engine[0]["pdf"] == out / "t.pdf" and (out / "t.pdf").is_file()
    wrong = run("table", tmp_path / "t.doc", "--questions", questions, "--out", out)
    assert wrong.exit_code == 1 and "只认" in wrong.stderr
