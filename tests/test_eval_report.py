"""The report: its numbers, its tables, and the difference to an earlier run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from eval.gold import EvalError, GoldError, GoldItem
from eval.readme import END, START, put_summary
from eval.report import (
    category_table,
    difference_text,
    failure_block,
    headline_table,
    markdown,
    parts_table,
    summary,
)
from eval.retrieval import Retrieval
from eval.run import evaluate
from eval.score import Part, Score
from eval.systems import OURS, System
from eval.totals import by_category, compare, expected, interval, read_before, total

SCORES = (
    Score("a", "lookup", "right", "answered", pages_ok=True, cited=(3,), elapsed_ms=10.0),
    Score("b", "lookup", "wrong", "answered", wrong_figure=True, pages_ok=False, cited=(4, 5, 6)),
    Score("c", "trend", "wrong", "refused", status_ok=False, elapsed_ms=30.0),
    Score("d", "out_of_scope", "right", "refused", status_ok=True, elapsed_ms=20.0),
    Score("e", "trend", "unscorable", "", ("没有这道题的答案",)),
)


def test_totals() -> None:
    sums = total(SCORES)
    assert (sums.questions, sums.right, sums.unscorable) == (5, 2, 1)
    assert sums.accuracy == 0.4
    assert (sums.wrong_figures, sums.refused_answerable) == (1, 1)
    assert (sums.pages_sufficient, sums.pages_asked) == (1, 2)
    assert (sums.latency_median, sums.latency_p95) == (20.0, 29.0)


def test_totals_of_nothing() -> None:
    sums = total([])
    assert (sums.accuracy, sums.parts, sums.latency_median) == (0.0, {}, None)
    assert interval([]) == (0.0, 0.0)


def test_categories_follow_the_schema_and_leave_out_what_is_absent() -> None:
    found = by_category(SCORES)
    assert list(found) == ["lookup", "trend", "out_of_scope"]
    assert [(sums.right, sums.questions) for sums in found.values()] == [(1, 2), (0, 2), (1, 1)]


@pytest.mark.parametrize(
    ("right", "questions", "low", "high"),
    [
        (100, 100, 1.0, 1.0),
        (0, 50, 0.0, 0.0),
        # The normal approximation gives .80 ± .078 for 80 of 100.
        (80, 100, 0.72, 0.87),
        (7, 10, 0.4, 1.0),
    ],
)
def test_interval(right: int, questions: int, low: float, high: float) -> None:
    scores = [Score(str(i), "lookup", "right", "answered") for i in range(right)]
    scores += [Score(str(i), "lookup", "wrong", "answered") for i in range(right, questions)]
    found = interval(scores)
    assert found == interval(scores)
    assert found == pytest.approx((low, high), abs=0.0101)


def test_difference() -> None:
    difference = compare({"a": False, "b": True, "d": True, "old": True}, SCORES)
    assert difference.fixed == ("a",)
    assert difference.broken == ("b",)
    assert difference.added == ("c", "e")
    assert difference.gone == ("old",)
    assert difference_text(difference) == (
        "- 变对 1 题：a\n- 变错 1 题：b\n- 新增 2 题\n- 不再有 1 题"
    )


def test_headline_row() -> None:
    head, row = headline_table({"本系统": SCORES})
    low, high = interval(SCORES)
    assert len(head) == len(row)
    assert row == [
        "本系统",
        f"40.0%（{low:.1%}–{high:.1%}）",
        "2/5",
        "1",
        "1",
        "1",
        "1/2（50.0%）",
        "20",
        "29",
    ]


def test_parts_are_means_over_the_questions_scored_on_them() -> None:
    right, half = Part("text", 1.0, "都符合"), Part("text", 0.5, "缺一项")
    scores = [
        Score("a", "list", "right", "answered", parts=(right,)),
        Score("b", "list", "wrong", "answered", parts=(half,), conflict_shown=True),
        Score("c", "conflict", "right", "answered", conflict_shown=True),
    ]
    head, row = parts_table({"本系统": scores}, {"本系统": Retrieval(8, 0.875, 0.5)})
    cells = dict(zip(head, row, strict=True))
    assert (cells["文字要点"], cells["数值"]) == ("75.0%（2）", "—")
    assert (cells["检索命中@5"], cells["检索 MRR@5"]) == ("87.5%（8）", "0.500")
    assert cells["他题的矛盾提示"] == "1"


def test_category_rows_show_the_baselines_beside() -> None:
    rows = markdown(category_table({"本系统": SCORES, "基线": SCORES[1:]})).splitlines()
    assert rows[0] == "| 类别 | 题数 | 正确 | 正确率（95%区间） | 错误数字 | 页码充分 | 基线 |"
    assert rows[2] == "| 查数 `lookup` | 2 | 1 | 50.0%（0.0%–100.0%） | 1 | 1/2 | 0 |"
    assert rows[4] == "| 与报告无关 `out_of_scope` | 1 | 1 | 100.0%（100.0%–100.0%） | 0 | — | 1 |"


def test_summary_has_every_part() -> None:
    page = summary("g.jsonl", "r.pdf", {"本系统": SCORES})
    for part in ("`g.jsonl`（5 题）", "`r.pdf`", "| 本系统 |", "`trend`"):
        assert part in page


ITEM = GoldItem(
    id="b",
    question="差旅费花了多少？",
    category="follow_up",
    history=("会议费呢？",),
    answer_type="number",
    value=Decimal("12.5"),
    unit="万元",
    tolerance=Decimal("0.01"),
    pages=(3,),
)


def test_failure_block() -> None:
    score = Score(
        "b",
        "follow_up",
        "wrong",
        "answered",
        ("数值应为 12.5万元",),
        wrong_figure=True,
        cited=(4, 9),
    )
    lines = failure_block(ITEM, score, "差旅费\n" + "很" * 200).splitlines()
    assert lines[0] == "b [follow_up]  【错误数字】 差旅费花了多少？（前文：会议费呢？）"
    assert lines[1] == "  标准：12.5万元 ±0.01"
    assert lines[2].startswith("  回答：answered｜差旅费 很") and lines[2].endswith("很…")
    assert len(lines[2].split("｜")[1]) == 160
    assert lines[3:] == ["  引页：4、9", "  原因：数值应为 12.5万元"]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "12.5万元 ±0.01"),
        ({"also_accept": [{"value": 1, "unit": "元"}]}, "12.5万元 ±0.01；或 1元"),
        (
            {
                "answer_type": "yes_no",
                "value": None,
                "unit": None,
                "polarity": "no",
                "must_include": ["没有|无"],
            },
            "no；含 没有|无",
        ),
        ({"answer_type": "refusal", "value": None, "unit": None, "pages": []}, "应拒答"),
    ],
)
def test_expected(fields: dict[str, Any], shown: str) -> None:
    assert expected(GoldItem.model_validate(ITEM.model_dump() | fields)) == shown


def _gold(folder: Path) -> Path:
    path = folder / "gold.jsonl"
    rows = [
        {
            "id": name,
            "question": f"{name} 多少？",
            "category": "lookup",
            "answer_type": "number",
            "value": 1.5,
            "unit": "万元",
            "pages": [2],
        }
        for name in ("a", "b")
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return path


def _asking(right: Sequence[str]) -> Any:
    def ask(question: str, history: Sequence[str]) -> dict[str, Any]:
        value = "15000" if question[0] in right else "1.6"
        return {
            "status": "answered",
            "text": f"为 {value} 元。",
            "values": [{"value": value, "unit": "元", "citations": [0]}],
            "citations": [{"page": 2}],
            "elapsed_ms": 1,
        }

    return ask


def test_a_run_leaves_its_files_and_compares_with_the_last(tmp_path: Path) -> None:
    gold, pdf, out = _gold(tmp_path), tmp_path / "r.pdf", tmp_path / "out"
    systems = [System(OURS, "", _asking("a")), System("基线", "base", _asking(""))]
    first = evaluate(gold, pdf, systems, out)
    assert sorted(path.name for path in out.iterdir()) == [
        "answers-base.jsonl",
        "answers.jsonl",
        "report.html",
        "retrieval.jsonl",
        "scores-base.jsonl",
        "scores.jsonl",
        "summary.md",
    ]
    assert [block.split()[0] for block in first.failures] == ["b"]
    assert first.console.splitlines()[-1].startswith("| 查数 `lookup` | 2 | 1 | 50.0%（")
    assert read_before(out) == {"a": True, "b": False}
    row = json.loads((out / "scores.jsonl").read_text("utf-8").splitlines()[1])
    assert (row["id"], row["state"], row["wrong_figure"], row["pages_ok"]) == (
        "b",
        "wrong",
        True,
        True,
    )
    assert (row["question"], row["gold"], row["answer"]) == ("b 多少？", "1.5万元", "为 1.6 元。")
    again = evaluate(gold, pdf, [System(OURS, "", _asking("b"))], out, against=out)
    assert "变对 1 题：b" in again.console
    assert "变错 1 题：a" in (out / "difference.md").read_text("utf-8")


@pytest.mark.parametrize("content", [None, "{}", '{"id": "a"}', "no"])
def test_an_earlier_run_without_scores_is_an_error(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "scores.jsonl").write_text(content)
    with pytest.raises(GoldError, match=r"scores\.jsonl"):
        read_before(tmp_path)


def test_the_readme_takes_the_table_between_its_markers(tmp_path: Path) -> None:
    table, readme = tmp_path / "summary.md", tmp_path / "README.md"
    table.write_text("\n| 新 |\n", "utf-8")
    readme.write_text(f"# 标题\n{START}\n旧\n{END}\n尾\n", "utf-8")
    put_summary(table, readme)
    once = readme.read_text("utf-8")
    assert once == f"# 标题\n{START}\n| 新 |\n{END}\n尾\n"
    put_summary(table, readme)
    assert readme.read_text("utf-8") == once


@pytest.mark.parametrize(
    ("table", "readme", "message"),
    [
        (None, f"{START}{END}", "请先运行 python -m eval run"),
        ("| x |", None, "请检查路径"),
        ("| x |", "没有标记", "没有标记"),
        ("| x |", f"{END}{START}", "没有标记"),
    ],
)
def test_the_readme_says_what_is_missing(
    tmp_path: Path, table: str | None, readme: str | None, message: str
) -> None:
    for name, text in (("summary.md", table), ("README.md", readme)):
        if text is not None:
            (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(EvalError, match=message):
        put_summary(tmp_path / "summary.md", tmp_path / "README.md")
