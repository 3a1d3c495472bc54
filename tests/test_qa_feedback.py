"""Feedback: kept with question and answer, and given out as candidates for a gold set."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval.gold import GoldError, load_gold
from index.errors import StoreError
from qa.__main__ import app
from qa.engine import Engine
from qa.feedback import Feedback, Opinion, candidates


def opinion(engine: Engine, question: str, verdict: Any = "right", history: Any = ()) -> Opinion:
    answer = engine.ask(question, history).as_dict()
    return Opinion(engine.report.id, question, tuple(history), answer, verdict)


def test_kept_and_read_back_with_the_note(tmp_path: Path, sample_engine: Engine) -> None:
    feedback = Feedback(tmp_path / "new" / "feedback.db")
    assert feedback.all() == []
    first = opinion(sample_engine, "公务接待费花了多少钱", "wrong")
    number = feedback.add(first)
    feedback.add(opinion(sample_engine, "那预算呢", history=["公务接待费花了多少钱"]))
    feedback.note(number, "应为第15页的数字'; DROP TABLE feedback; --")
    kept = feedback.all()
    assert [o.verdict for o in kept] == ["wrong", "right"]
    assert kept[0].note.startswith("应为第15页")
    assert kept[0].answer == first.answer
    assert kept[1].history == ("公务接待费花了多少钱",)


def test_threads_may_write_at_once(tmp_path: Path, sample_engine: Engine) -> None:
    feedback = Feedback(tmp_path / "feedback.db")
    one = opinion(sample_engine, "公务接待费花了多少钱")
    threads = [threading.Thread(target=feedback.add, args=[one]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(feedback.all()) == 8


def test_a_file_that_is_no_database_is_told(tmp_path: Path, sample_engine: Engine) -> None:
    (tmp_path / "feedback.db").write_text("not a database at all, but long enough to be read")
    with pytest.raises(StoreError, match="反馈文件"):
        Feedback(tmp_path / "feedback.db").all()


@pytest.mark.parametrize(
    ("question", "history", "kind", "category"),
    [
        ("公务接待费花了多少钱", (), "number", "lookup"),
        ("公务接待费决算比预算少了多少", (), "number", "derived"),
        ("那预算呢", ("公务接待费花了多少钱",), "number", "follow_up"),
        ("公务接待费超预算了吗", (), "yes_no", "yes_no"),
        ("什么是机关运行经费", (), "text", "reason"),
        ("2031年的公务接待费是多少", (), "refusal", "unanswerable"),
    ],
)
def test_a_right_answer_is_a_line_that_a_gold_set_takes(
    sample_engine: Engine,
    tmp_path: Path,
    question: str,
    history: tuple[str, ...],
    kind: str,
    category: str,
) -> None:
    path = tmp_path / "gold.jsonl"
    lines = list(candidates([opinion(sample_engine, question, history=history)]))
    path.write_text("\n".join(lines), encoding="utf-8")
    (item,) = load_gold(path)
    assert (item.answer_type, item.category) == (kind, category)
    assert item.question == question
    assert bool(item.page_sets) == (kind != "refusal")


@pytest.mark.parametrize("question", ["公务接待费花了多少钱", "2031年的公务接待费是多少"])
def test_a_wrong_answer_must_be_filled_in_first(
    sample_engine: Engine, tmp_path: Path, question: str
) -> None:
    path = tmp_path / "gold.jsonl"
    (line,) = candidates([opinion(sample_engine, question, "wrong")])
    path.write_text(line, encoding="utf-8")
    assert "value" not in json.loads(line)
    with pytest.raises(GoldError, match="answer_type"):
        load_gold(path)


def test_the_same_opinion_is_one_candidate(sample_engine: Engine) -> None:
    one = opinion(sample_engine, "公务接待费花了多少钱")
    assert len(list(candidates([one, one]))) == 1


def test_command_line(tmp_path: Path, sample_engine: Engine) -> None:
    result = CliRunner().invoke(app, ["feedback", "--store", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (0, "")
    Feedback(tmp_path / "feedback.db").add(opinion(sample_engine, "公务接待费花了多少钱"))
    result = CliRunner().invoke(app, ["feedback", "--store", str(tmp_path)])
    assert json.loads(result.stdout)["value"] == 3.36
