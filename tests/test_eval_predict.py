"""Predict: what the engine is shown, what is written, and what becomes of an error."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from eval.answers import Fault, parse_answer, read_answers
from eval.gold import GoldError, GoldItem, OutputError
from eval.predict import asker, predict, read_questions, write_jsonl
from eval.score import score_answer
from index.values import Box
from qa.values import Answer, Citation, Value


class OwnError(Exception):
    """Stands for the engine's own errors."""


class FakeEngine:
    """Answers 12.5 万元 on page 3 to everything but three questions; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        if question == "空话":
            raise OwnError("问题太短，请说得具体些。")
        if question == "坏题":
            raise KeyError("row 3")
        if question == "断电":
            raise KeyboardInterrupt
        cited = Citation("r", 3, "1", Box(1, 2, 3, 4), "表一", "12.50")
        value = Value(Decimal("12.50"), "万元", "差旅费 决算数", "reported", (0,))
        return Answer(
            "answered", "差旅费为 12.50 万元。", (value,), None, None, (cited,), (), (), 7.25
        )


def gold(folder: Path, *questions: str) -> Path:
    path = folder / "gold.jsonl"
    rows = [
        {"id": f"q{n}", "question": text, "value": 99, "pages": [8], "whatever": True}
        for n, text in enumerate(questions)
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_round_trip(tmp_path: Path) -> None:
    engine = FakeEngine()
    questions = read_questions(gold(tmp_path, "差旅费多少？", "那会议费呢？"))
    seen: list[float] = []
    rows = predict(questions, asker(engine), lambda _, part: seen.append(part))
    out = tmp_path / "new" / "answers.jsonl"
    written = write_jsonl(out, rows)
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert lines == written
    assert [line["id"] for line in lines] == ["q0", "q1"]
    assert seen == [0.5, 1.0]
    assert lines[0] == {
        "id": "q0",
        "status": "answered",
        "text": "差旅费为 12.50 万元。",
        "values": [
            {
                "value": "12.50",
                "unit": "万元",
                "label": "差旅费 决算数",
                "kind": "reported",
                "citations": [0],
            }
        ],
        "polarity": None,
        "calculation": None,
        "citations": [
            {
                "report": "r",
                "page": 3,
                "page_label": "1",
                "bbox": [1, 2, 3, 4],
                "source": "表一",
                "quote": "12.50",
            }
        ],
        "conflicts": [],
        "elapsed_ms": 7.2,
    }
    item = GoldItem(
        id="q0",
        question="差旅费多少？",
        category="lookup",
        answer_type="number",
        value=Decimal("12.5"),
        unit="万元",
        pages=(3,),
    )
    assert score_answer(item, read_answers(out).answers["q0"]).ok


def test_the_engine_sees_only_question_and_history(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(
        '{"id": "a", "question": "占多少？", "history": ["收入多少？", "支出呢？"],'
        ' "answer_type": "number", "value": "not even a number"}\n',
        "utf-8",
    )
    engine = FakeEngine()
    list(predict(read_questions(path), asker(engine)))
    assert engine.asked == [("占多少？", ("收入多少？", "支出呢？"))]


@pytest.mark.parametrize(
    ("question", "expected"),
    [("空话", "问题太短，请说得具体些。"), ("坏题", "KeyError: 'row 3'")],
)
def test_an_error_takes_no_other_answer_along(
    tmp_path: Path, question: str, expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    questions = read_questions(gold(tmp_path, question, "差旅费多少？"))
    rows = list(predict(questions, asker(FakeEngine(), (OwnError,))))
    assert rows[0]["error"] == expected
    assert rows[0]["status"] == "refused"
    assert "error" not in rows[1]
    fault = parse_answer(rows[0])
    assert isinstance(fault, Fault)
    assert expected in fault.reason
    assert ("Traceback" in caplog.text) is (question == "坏题")


def test_an_interrupt_ends_the_run_and_keeps_the_answers_so_far(tmp_path: Path) -> None:
    questions = read_questions(gold(tmp_path, "差旅费多少？", "断电", "会议费多少？"))
    out = tmp_path / "answers.jsonl"
    with pytest.raises(KeyboardInterrupt):
        write_jsonl(out, predict(questions, asker(FakeEngine())))
    assert list(read_answers(out).answers) == ["q0"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"question": "x"}', "缺少字段 id"),
        ('{"id": "a"}', "缺少字段 question"),
        ('{"id": "a", "question": "x", "history": "y"}', "字段 history"),
        ('{"id": "q0", "question": "x"}', "id 'q0' 重复"),
        ("nonsense", "不是合法的 JSON"),
    ],
)
def test_a_bad_question_line_is_named(tmp_path: Path, line: str, expected: str) -> None:
    path = gold(tmp_path, "差旅费多少？")
    path.write_text(path.read_text("utf-8") + "\n" + line, "utf-8")
    with pytest.raises(GoldError, match=expected) as caught:
        read_questions(path)
    assert "第 2 行" in str(caught.value)


def test_answer_files_keep_what_is_wrong_with_them(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    good = '{"id": "a", "status": "refused", "text": "没有"}'
    path.write_text(f'{good}\n{{"id": "b"}}\n{{\n{{"text": "?"}}\n{{"id": "b"}}\n', "utf-8")
    found = read_answers(path)
    assert isinstance(found.answers["b"], Fault)
    assert "第 5 行" in found.answers["b"].reason
    assert [(problem.line, problem.text[:5]) for problem in found.problems] == [
        (3, "不是合法的"),
        (4, "缺少字段 "),
    ]
    assert not isinstance(parse_answer(found.answers["a"]), Fault)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"answers\.jsonl"):
        write_jsonl(tmp_path / "file" / "answers.jsonl", [])
