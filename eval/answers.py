"""Answer files: one line a question, the answer JSON of the interface plus `id`.

A line that is missing, broken or given twice does not vanish and does not become a wrong answer:
it is kept as a `Fault`, which scoring turns into "cannot be scored".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eval.gold import Problem, first_fault, parse_object, read_lines


class AnsweredValue(BaseModel):
    """One value of an answer; `citations` are positions in the answer's citations."""

    model_config = ConfigDict(frozen=True)

    value: Decimal
    unit: str = ""
    label: str = ""
    citations: tuple[int, ...] = ()


class AnsweredCitation(BaseModel):
    """A citation: the PDF page, from 1; what it is; its box in points, empty when not given.

    `file` is the report's file without .pdf, where several reports are asked.
    """

    model_config = ConfigDict(frozen=True)

    page: int = Field(ge=1)
    source: str = ""
    bbox: tuple[float, ...] = ()
    file: str = ""


class AnsweredConflict(BaseModel):
    """Two places of the report that the answer says differ, in its words."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(min_length=1)


class AnswerRecord(BaseModel):
    """An answer as scoring reads it; other fields of the answer JSON are allowed and left alone.

    `error` is set by `eval.predict` when the question could not be put to the end.
    """

    model_config = ConfigDict(frozen=True)

    status: Literal["answered", "refused", "clarify"]
    text: str
    values: tuple[AnsweredValue, ...] = ()
    polarity: Literal["yes", "no"] | None = None
    citations: tuple[AnsweredCitation, ...] = ()
    conflicts: tuple[AnsweredConflict, ...] = ()
    elapsed_ms: float = Field(0.0, ge=0)
    error: str | None = None

    @property
    def pages(self) -> frozenset[int]:
        return frozenset(citation.page for citation in self.citations)

    @property
    def places(self) -> frozenset[str]:
        """`file#page` of every citation."""
        return frozenset(f"{c.file}#{c.page}" for c in self.citations)

    @model_validator(mode="after")
    def _citations_exist(self) -> AnswerRecord:
        for value in self.values:
            if any(not 0 <= index < len(self.citations) for index in value.citations):
                raise ValueError(f"值 {value.label or value.value} 指向不存在的引用")
        return self


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no answer to score."""

    reason: str


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """Raw answers by id, and the lines that belong to no id at all."""

    answers: Mapping[str, Mapping[str, object] | Fault]
    problems: tuple[Problem, ...]


def parse_answer(answer: Mapping[str, object] | Fault | None) -> AnswerRecord | Fault:
    """The answer as a record, or why it cannot be scored."""
    if answer is None:
        return Fault("没有这道题的答案")
    if isinstance(answer, Fault):
        return answer
    try:
        record = AnswerRecord.model_validate(answer)
    except ValidationError as error:
        return Fault(f"答案不合格式：{first_fault(error)}")
    if record.error is not None:
        return Fault(f"作答出错：{record.error}")
    return record


def read_answers(path: Path) -> AnswerFile:
    """The answers of a file by id. Raises GoldError when the file cannot be read."""
    answers: dict[str, Mapping[str, object] | Fault] = {}
    problems: list[Problem] = []
    for number, line in read_lines(path):
        try:
            data = parse_object(line)
        except ValueError as error:
            problems.append(Problem(path, number, str(error)))
            continue
        name = data.get("id")
        if not isinstance(name, str) or not name:
            problems.append(Problem(path, number, "缺少字段 id"))
        elif name in answers:
            answers[name] = Fault(f"同一道题有多行答案（第 {number} 行又出现）")
        else:
            answers[name] = data
    return AnswerFile(answers, tuple(problems))
