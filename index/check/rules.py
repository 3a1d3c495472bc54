"""The identities (勾稽) as data: schema and loader of `data/identities.yaml`.

Raises DataError where the file is not YAML, does not follow the schema or holds a bad expression.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from index.check.findings import Severity
from index.data import load_yaml
from index.errors import DataError


def _expression(value: str) -> str:
    re.compile(value)
    return value


Pattern = Annotated[str, AfterValidator(_expression)]
Kind = Literal["accounts", "budget", "other"]


class _Schema(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TableRole(_Schema):
    """Which title a table of a role has; the first that fits is taken."""

    role: str
    name: str
    title: Pattern


class Select(_Schema):
    """Figures of one table (or of the prose) that a rule speaks of; every condition holds."""

    table: str = ""
    prose: bool = False
    subject: Pattern = ""
    label: Pattern = ""
    under: Pattern = ""
    facet: str | None = None
    code: Pattern = ""
    column: Pattern = ""
    scope: Pattern = ""
    measure: Pattern = ""
    total: bool | None = None
    top: bool = False
    first: bool = False
    last: bool = False
    if_absent: Literal["why", "zero"] = "why"


class Identity(_Schema):
    key: str
    name: str
    source: str
    relation: Literal["equal", "sum", "at_most"]
    left: Select
    right: tuple[Select, ...]
    each: Literal["", "scope", "code"] = ""
    kinds: tuple[Kind, ...] = ("accounts", "budget", "other")
    severity: Severity = "error"
    explain: str = ""


class RowSum(_Schema):
    key: str
    name: str
    source: str
    tables: tuple[str, ...]
    whole: Pattern
    parts: tuple[Pattern, ...]
    minus: tuple[Pattern, ...] = ()


class Rollup(_Schema):
    key: str
    name: str
    tables: tuple[str, ...]
    total: bool


class ProseSum(_Schema):
    """A whole and its parts told in words. `every`: a pattern may match several parts; `shared`:
    only parts beside which a share is told; `need`: how many parts must have been read; `main`: a
    part that must be among them; `same_scope`: whole and parts are told of the same money."""

    key: str
    name: str
    whole: Pattern
    parts: tuple[Pattern, ...]
    within: Literal["sentence", "paragraph", "section"]
    measures: tuple[str, ...]
    need: int
    every: bool = False
    shared: bool = False
    main: Pattern = ""
    same_scope: bool = False


class Whole(_Schema):
    name: Pattern
    of: tuple[Select, ...]


class Forms(_Schema):
    source: str
    group: Pattern
    grades: dict[str, Decimal]
    payment: Pattern
    same_goal: int
    projects: Pattern
    project_count: Pattern


class TextRule(_Schema):
    key: str
    name: str
    where: Literal["heads", "prose", "cells", "all"]
    pattern: Pattern
    severity: Severity
    text: str


class Rules(_Schema):
    tables: tuple[TableRole, ...]
    identities: tuple[Identity, ...]
    rows: tuple[RowSum, ...]
    rollups: tuple[Rollup, ...]
    rollup_source: str
    prose: tuple[ProseSum, ...]
    prose_source: str
    wholes: tuple[Whole, ...]
    forms: Forms
    texts: tuple[TextRule, ...]
    wrong_year: Pattern
    closing_day: Pattern
    direction: Pattern
    listing: Pattern
    unplanned: Pattern
    nearly: Decimal
    slight: Decimal
    one_budget: Pattern


@lru_cache(maxsize=1)
def rules() -> Rules:
    try:
        return Rules.model_validate(load_yaml("identities.yaml"))
    except (ValidationError, re.error) as error:
        raise DataError(f"数据文件 index/data/identities.yaml 不合要求：{error}") from error


def role_of(title: str) -> str:
    """The role of a table with this (squeezed) title; "" for a table that no rule speaks of."""
    return next((t.role for t in rules().tables if re.search(t.title, title)), "")


def role_name(role: str) -> str:
    return next((t.name for t in rules().tables if t.role == role), role)
