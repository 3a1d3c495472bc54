"""Gold sets: questions with the answer that a report gives and the pages that prove it.

One JSON object a line. Numbers are read as exact decimals. A line that does not follow the schema
is never skipped: `load_gold` raises `GoldError` with the file, the line and what is wrong with it.
Page numbers count from 1 as a PDF viewer counts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Category = Literal[
    "lookup",
    "derived",
    "compare",
    "rank",
    "list",
    "count",
    "trend",
    "reason",
    "definition",
    "yes_no",
    "unit",
    "multi_hop",
    "follow_up",
    "conflict",
    "unanswerable",
    "out_of_scope",
]
AnswerType = Literal["number", "text", "list", "yes_no", "refusal", "clarify"]
CATEGORIES: tuple[str, ...] = get_args(Category)

PageNumber = Annotated[int, Field(ge=1, strict=True)]
Words = Annotated[str, Field(min_length=1)]


class EvalError(Exception):
    """Base of the errors of `eval`; `str()` is one line for the user."""


class GoldError(EvalError):
    """A JSONL file cannot be used: file, line, what is wrong."""


class OutputError(EvalError):
    """A result cannot be written."""


class Accepted(BaseModel):
    """Another right value of a number question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Decimal
    unit: str


class GoldItem(BaseModel):
    """One question with its right answer. `tolerance` is in `unit`.

    `places` are for questions over several reports: `file#page`, without .pdf, all to be cited.
    `clarify` is the answer to a question that has to be asked back.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Words
    question: Words
    category: Category
    history: tuple[Words, ...] = ()
    answer_type: AnswerType
    value: Decimal | None = None
    unit: str | None = None
    tolerance: Decimal = Field(Decimal(0), ge=0)
    also_accept: tuple[Accepted, ...] = ()
    must_include: tuple[Words, ...] = ()
    must_not_include: tuple[Words, ...] = ()
    polarity: Literal["yes", "no"] | None = None
    pages: tuple[PageNumber, ...] = ()
    pages_all: tuple[PageNumber, ...] = ()
    pages_alt: tuple[tuple[PageNumber, ...], ...] = ()
    places: tuple[Annotated[str, Field(pattern=r"^.+#[1-9]\d*$")], ...] = ()
    expr: str | None = None
    explain: str = ""

    @property
    def page_sets(self) -> tuple[frozenset[int], ...]:
        """The sets of pages each of which is enough evidence; none when no evidence is asked."""
        sets = [frozenset([page]) for page in self.pages]
        if self.pages_all:
            sets.append(frozenset(self.pages_all))
        return (*sets, *(frozenset(pages) for pages in self.pages_alt))

    @model_validator(mode="after")
    def _fields_fit_the_type(self) -> GoldItem:
        number = self.answer_type == "number"
        if number and (self.value is None or self.unit is None):
            raise ValueError("answer_type 为 number 时须有 value 和 unit（没有单位写空字符串）")
        if not number and (self.value is not None or self.also_accept):
            raise ValueError(f"answer_type 为 {self.answer_type} 时不能有 value、also_accept")
        if (self.answer_type == "yes_no") != (self.polarity is not None):
            raise ValueError("polarity 须且只须出现在 answer_type 为 yes_no 的题上")
        if self.answer_type in ("text", "list") and not self.must_include:
            raise ValueError(f"answer_type 为 {self.answer_type} 时须有 must_include")
        if (self.category == "follow_up") != bool(self.history):
            raise ValueError("history 须且只须出现在 category 为 follow_up 的题上")
        if self.answer_type in ("refusal", "clarify") and (self.page_sets or self.places):
            raise ValueError(f"answer_type 为 {self.answer_type} 时不能有依据页码")
        if any(not pages for pages in self.pages_alt):
            raise ValueError("pages_alt 中有空的页码组")
        if any(not all(entry.split("|")) for entry in (*self.must_include, *self.must_not_include)):
            raise ValueError("must_include、must_not_include 中有空的备选（多余的“|”）")
        return self


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line of a JSONL file; line numbers count from 1."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.text}"


@dataclass(frozen=True, slots=True)
class GoldSet:
    """The items that could be read, the line of each, and the problems of the other lines."""

    file: Path
    items: tuple[GoldItem, ...]
    lines: tuple[int, ...]
    problems: tuple[Problem, ...]


def read_lines(path: Path) -> list[tuple[int, str]]:
    """The lines of a UTF-8 text file that are not blank, with their numbers.

    Raises GoldError when the file is missing or is no text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise GoldError(f"读不到文件 {path}：{error.strerror}。请检查路径。") from error
    except UnicodeDecodeError as error:
        raise GoldError(f"{path} 不是 UTF-8 文本，请转成 UTF-8 后重试。") from error
    return [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]


def parse_object(line: str) -> dict[str, object]:
    """One JSON object with numbers as exact decimals. Raises ValueError that says what is wrong."""
    try:
        data = json.loads(line, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"不是合法的 JSON（第 {error.colno} 个字符处：{error.msg}）") from error
    if not isinstance(data, dict):
        raise ValueError("须是一个 JSON 对象")
    return data


def read_gold(path: Path) -> GoldSet:
    """Every line of a gold set, read or listed as a problem. Raises GoldError without any line."""
    items: list[GoldItem] = []
    lines: list[int] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, line in read_lines(path):
        try:
            item = GoldItem.model_validate(parse_object(line))
        except ValidationError as error:
            problems.append(Problem(path, number, first_fault(error)))
            continue
        except ValueError as error:
            problems.append(Problem(path, number, str(error)))
            continue
        if item.id in seen:
            text = f"id {item.id!r} 与第 {seen[item.id]} 行重复"
            problems.append(Problem(path, number, text))
            continue
        seen[item.id] = number
        items.append(item)
        lines.append(number)
    if not items and not problems:
        raise GoldError(f"{path} 里没有题目。")
    return GoldSet(path, tuple(items), tuple(lines), tuple(problems))


def load_gold(path: Path) -> tuple[GoldItem, ...]:
    """The items of a gold set. Raises GoldError for the first line that is wrong."""
    gold = read_gold(path)
    if gold.problems:
        more = f"（另有 {len(gold.problems) - 1} 行有误）" if len(gold.problems) > 1 else ""
        raise GoldError(f"{gold.problems[0]}{more}")
    return gold.items


def first_fault(error: ValidationError) -> str:
    """The first fault that pydantic found, in one line: field, what was given, what is wrong."""
    fault = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "missing":
        return f"缺少字段 {where}"
    if fault["type"] == "extra_forbidden":
        return f"不认识的字段 {where}"
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    given = json.dumps(fault["input"], ensure_ascii=False, default=str)
    return f"字段 {where} 的值 {given[:60]} 不合要求：{_fault_text(fault['type'], fault)}"


_FAULTS = {
    "literal_error": "只能是 {expected}",
    "string_too_short": "不能为空",
    "greater_than_equal": "不能小于 {ge}",
    "string_type": "须是文字",
    "tuple_type": "须是列表",
    "int_type": "须是整数",
    "decimal_parsing": "须是数",
    "decimal_type": "须是数",
    "model_type": "须是对象",
    "dict_type": "须是对象",
}


def _fault_text(kind: str, fault: object) -> str:
    context = fault.get("ctx", {}) if isinstance(fault, dict) else {}
    if kind in _FAULTS:
        return _FAULTS[kind].format(**context)
    return str(fault.get("msg", kind)) if isinstance(fault, dict) else kind


def _no_constant(name: str) -> Decimal:
    raise ValueError(f"{name} 不是可用的数")


def join_pages(pages: Sequence[int] | frozenset[int]) -> str:
    """Page numbers as shown to a user: `8、20`."""
    return "、".join(str(page) for page in sorted(pages))
