"""Answers to a gold set, one line a question, in one process and without scoring.

Of a gold line only `id`, `question` and `history` are read, so that nothing of the right answer can
reach the engine. A question that ends in an error does not end the run: its line keeps the shape of
a refusal, says so, and carries the error in `error`, which scoring counts as "cannot be scored".
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.gold import GoldError, OutputError, Problem, first_fault, parse_object, read_lines

logger = logging.getLogger(__name__)

Progress = Callable[[str, float], None]
Ask = Callable[[str, Sequence[str]], dict[str, Any]]

# A slip in the code while one question is answered must not take the other answers along.
_SLIPS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class Asked(BaseModel):
    """All that the engine gets to see of a gold line."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    history: tuple[str, ...] = ()


class AnswerLike(Protocol):
    """What `qa.values.Answer` offers here."""

    def as_dict(self) -> dict[str, Any]: ...


class EngineLike(Protocol):
    """What `qa.engine.Engine` offers here."""

    def ask(self, question: str, history: Sequence[str] = ()) -> AnswerLike: ...


def asker(engine: EngineLike, expected: tuple[type[Exception], ...] = ()) -> Ask:
    """The engine as a function from question to answer JSON; `expected` are its own errors."""

    def ask(question: str, history: Sequence[str]) -> dict[str, Any]:
        started = time.perf_counter()
        try:
            return engine.ask(question, history).as_dict()
        except expected as error:
            return _failed(str(error), started)
        except _SLIPS as error:
            logger.exception("answering %r failed", question)
            return _failed(f"{type(error).__name__}: {error}", started)

    return ask


def _failed(error: str, started: float) -> dict[str, Any]:
    return {
        "status": "refused",
        "text": "回答这个问题时出错，没有得到答案。",
        "values": [],
        "polarity": None,
        "calculation": None,
        "citations": [],
        "conflicts": [],
        "elapsed_ms": round((time.perf_counter() - started) * 1000, 1),
        "error": error,
    }


def read_questions(path: Path) -> tuple[Asked, ...]:
    """The questions of a gold file. Raises GoldError naming the line that cannot be read."""
    questions: list[Asked] = []
    seen: set[str] = set()
    for number, line in read_lines(path):
        try:
            asked = Asked.model_validate(parse_object(line))
        except ValidationError as error:
            raise GoldError(str(Problem(path, number, first_fault(error)))) from error
        except ValueError as error:
            raise GoldError(str(Problem(path, number, str(error)))) from error
        if asked.id in seen:
            raise GoldError(str(Problem(path, number, f"id {asked.id!r} 重复")))
        seen.add(asked.id)
        questions.append(asked)
    if not questions:
        raise GoldError(f"{path} 里没有题目。")
    return tuple(questions)


def predict(
    questions: Sequence[Asked], ask: Ask, progress: Progress | None = None
) -> Iterator[dict[str, Any]]:
    """One answer line a question, in their order, each as soon as it is there."""
    for number, asked in enumerate(questions, start=1):
        yield {"id": asked.id, **ask(asked.question, asked.history)}
        if progress:
            progress("作答", number / len(questions))


def write_text(path: Path, text: str) -> None:
    """Write a text file, its folder made if needed. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(f"写不了文件 {path}：{error.strerror}。请检查路径和权限。")


def write_jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write rows one a line, each flushed as it comes; the rows written.

    Raises OutputError when the file cannot be written.
    """
    written = []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                file.flush()
                written.append(row)
    except OSError as error:
        raise _unwritable(path, error) from error
    return written
