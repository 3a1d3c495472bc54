"""The gate: the sample's accuracy must not fall below the record, and no wrong figure may appear.

The record is a small JSON file under version control. It says which questions were not right, which
of them gave a wrong figure (known faults that still stand), and every time it was lowered and why.
It rises by `--record`; it falls only with a reason, which stays in the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eval.gold import EvalError, first_fault
from eval.predict import write_text
from eval.score import Score


class GateError(EvalError):
    """The record cannot be used, or would be lowered without a reason."""


class Lowered(BaseModel):
    """One time that the record was lowered: accuracy before and after as `right/questions`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    before: str
    after: str
    new_wrong_figures: tuple[str, ...] = ()
    reason: str = Field(min_length=1)


class Record(BaseModel):
    """What an evaluation has to reach. `gold_sha256` is the digest of the gold set's bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gold_sha256: str
    questions: int = Field(ge=1)
    right: int = Field(ge=0)
    not_right: tuple[str, ...]
    wrong_figures: tuple[str, ...]
    lowered: tuple[Lowered, ...] = ()

    @property
    def accuracy(self) -> float:
        return self.right / self.questions

    @model_validator(mode="after")
    def _adds_up(self) -> Record:
        if self.right + len(self.not_right) != self.questions:
            raise ValueError("right 与 not_right 的题数之和须等于 questions")
        if not set(self.wrong_figures) <= set(self.not_right):
            raise ValueError("wrong_figures 中的题须都在 not_right 里")
        return self


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why the gate is shut (empty when it is open), and what else is to be told."""

    failures: tuple[str, ...]
    notes: tuple[str, ...] = ()


def digest(gold: Path) -> str:
    """The digest of a gold set. Raises GateError when it cannot be read."""
    try:
        return hashlib.sha256(gold.read_bytes()).hexdigest()
    except OSError as error:
        raise GateError(f"读不到文件 {gold}：{error.strerror}。请检查路径。") from error


def record_of(gold: Path, scores: Sequence[Score], lowered: Sequence[Lowered] = ()) -> Record:
    """What an evaluation reached. Raises GateError without scores."""
    if not scores:
        raise GateError("没有可记录的评测结果。")
    return Record(
        gold_sha256=digest(gold),
        questions=len(scores),
        right=sum(score.ok for score in scores),
        not_right=tuple(score.id for score in scores if not score.ok),
        wrong_figures=tuple(score.id for score in scores if score.wrong_figure),
        lowered=tuple(lowered),
    )


def judge(record: Record, now: Record) -> Verdict:
    """Whether an evaluation passes the record."""
    failures, notes = [], []
    if now.gold_sha256 != record.gold_sha256:
        failures.append("题集与记录时的不同：请看过结果后用 python -m eval gate --record 记录。")
    if now.accuracy < record.accuracy:
        broken = sorted(set(now.not_right) - set(record.not_right))
        failures.append(
            f"答对 {now.right}/{now.questions}，低于记录的 {record.right}/{record.questions}；"
            f"变错：{'、'.join(broken)}"
        )
    if fresh := new_wrong_figures(record, now):
        failures.append(f"出现新的错误数字：{'、'.join(fresh)}")
    if record.wrong_figures:
        notes.append(f"记录中还有 {len(record.wrong_figures)} 个已知的错误数字待改正。")
    gone = set(record.wrong_figures) - set(now.wrong_figures)
    if not failures and (now.accuracy > record.accuracy or gone):
        notes.append("结果好于记录，请用 python -m eval gate --record 把记录提上去。")
    return Verdict(tuple(failures), tuple(notes))


def new_wrong_figures(record: Record, now: Record) -> tuple[str, ...]:
    """The questions that give a wrong figure and did not when recorded."""
    return tuple(name for name in now.wrong_figures if name not in record.wrong_figures)


def renewed(record: Record | None, now: Record, reason: str | None, day: date) -> Record:
    """The record to keep. Raises GateError when it would be lower and no reason is given."""
    if record is None:
        return now
    fresh = new_wrong_figures(record, now)
    lowered = record.lowered
    if now.accuracy < record.accuracy or fresh:
        if not reason:
            raise GateError(
                f"新结果（{now.right}/{now.questions}，新错误数字 {len(fresh)} 个）低于记录"
                f"（{record.right}/{record.questions}）；确要降低，请加 --lower “理由”。"
            )
        before, after = (f"{one.right}/{one.questions}" for one in (record, now))
        step = Lowered(day=day, before=before, after=after, new_wrong_figures=fresh, reason=reason)
        lowered = (*lowered, step)
    return now.model_copy(update={"lowered": lowered})


def read_record(path: Path) -> Record | None:
    """The record of a file, None when there is none yet. Raises GateError when it is unfit."""
    if not path.exists():
        return None
    try:
        return Record.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise GateError(f"{path} 不是可用的记录：{first_fault(error)}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise GateError(f"读不到文件 {path}：{error}。请检查路径。") from error


def write_record(path: Path, record: Record) -> None:
    """Write the record. Raises OutputError."""
    data = record.model_dump(mode="json")
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
