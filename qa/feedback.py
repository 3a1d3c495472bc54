"""What visitors say of answers, kept in SQLite beside the index, and as candidates for a gold set.

Nothing is sent anywhere. An answer said to be right becomes a candidate with its value and pages;
one said to be wrong comes without answer type, value and pages, so that no gold set can be loaded
with it until a person has filled them in.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from index.errors import StoreError
from index.settings import Settings

Verdict = Literal["right", "wrong"]

_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    report TEXT NOT NULL,
    question TEXT NOT NULL,
    history TEXT NOT NULL,
    answer TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong')),
    note TEXT NOT NULL DEFAULT ''
)
"""
_CATEGORIES = {"yes_no": "yes_no", "refusal": "unanswerable", "text": "reason"}


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verdict on one answer (its JSON), with the earlier questions of the dialogue."""

    report: str
    question: str
    history: tuple[str, ...]
    answer: dict[str, Any]
    verdict: Verdict
    note: str = ""


def feedback_path(settings: Settings) -> Path:
    """The file of opinions, beside the index."""
    return Path(settings.store) / "feedback.db"


class Feedback:
    """The file of opinions; it is made when the first one comes. Safe from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, opinion: Opinion) -> int:
        """Keep an opinion; its number, for a note that comes later. Raises StoreError."""
        values = (
            datetime.now(UTC).isoformat(timespec="seconds"),
            opinion.report,
            opinion.question,
            json.dumps(opinion.history, ensure_ascii=False),
            json.dumps(opinion.answer, ensure_ascii=False),
            opinion.verdict,
            opinion.note,
        )
        sql = (
            "INSERT INTO feedback (at, report, question, history, answer, verdict, note)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        return self._run(sql, values)[0]

    def note(self, number: int, note: str) -> None:
        """Put a note to an opinion. Raises StoreError."""
        self._run("UPDATE feedback SET note = ? WHERE id = ?", (note, number))

    def all(self) -> list[Opinion]:
        """Every opinion, oldest first. Raises StoreError."""
        if not self.path.exists():
            return []
        _, rows = self._run(
            "SELECT report, question, history, answer, verdict, note FROM feedback ORDER BY id"
        )
        return [
            Opinion(report, question, tuple(json.loads(history)), json.loads(answer), verdict, note)
            for report, question, history, answer, verdict, note in rows
        ]

    def _run(self, sql: str, values: Sequence[object] = ()) -> tuple[int, list[tuple[Any, ...]]]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
                connection.execute(_TABLE)
                cursor = connection.execute(sql, values)
                return cursor.lastrowid or 0, cursor.fetchall()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"反馈文件 {self.path} 不能读写（{error}）：请检查权限和磁盘空间。"
            ) from error


def candidates(opinions: Sequence[Opinion]) -> Iterator[str]:
    """Lines of a gold set in the making, one a distinct question and verdict."""
    seen: set[tuple[str, str, tuple[str, ...], str]] = set()
    for number, opinion in enumerate(opinions, 1):
        key = (opinion.report, opinion.question, opinion.history, opinion.verdict)
        if key not in seen:
            seen.add(key)
            yield json.dumps(_candidate(opinion, number), ensure_ascii=False)


def _candidate(opinion: Opinion, number: int) -> dict[str, Any]:
    answer = opinion.answer
    kind = _type_of(answer)
    right = opinion.verdict == "right"
    category = _CATEGORIES.get(kind) or _number_category(answer)
    said = "网页反馈：对" if right else "网页反馈：不对，待填写正确答案"
    found: dict[str, Any] = {
        "id": f"feedback-{number:04d}",
        "question": opinion.question,
        "category": "follow_up" if opinion.history else category,
        "answer_type": kind if right else "",
        "explain": "；".join(p for p in (said, opinion.note, f"报告 {opinion.report}") if p),
    }
    if opinion.history:
        found["history"] = list(opinion.history)
    if not right:
        return found
    if kind == "number":
        first = answer["values"][0]
        found |= {"value": float(first["value"]), "unit": first["unit"]}
    elif kind == "yes_no":
        found["polarity"] = answer["polarity"]
    elif kind == "text":
        quotes = [c["quote"] for c in answer["citations"] if c["quote"] in answer["text"]]
        found["must_include"] = quotes[:1] or [answer["text"]]
    if kind != "refusal":
        found["pages"] = sorted({c["page"] for c in answer["citations"]})
    return found


def _type_of(answer: dict[str, Any]) -> str:
    if answer["status"] != "answered":
        return "refusal"
    if answer["polarity"]:
        return "yes_no"
    return "number" if answer["values"] else "text"


def _number_category(answer: dict[str, Any]) -> str:
    if len(answer["values"]) > 2:
        return "list"
    return "derived" if answer["values"][0]["kind"] == "computed" else "lookup"
