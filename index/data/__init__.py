"""Knowledge of the genre as readable data files, checked against a schema when they are loaded."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from index.errors import DataError
from index.text import squeeze
from prompts.datafiles import read_yaml


class Measure(BaseModel):
    """One kind of number: key, label for users, inherent unit (None: the table's), patterns."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str
    label: str
    unit: str | None = None
    patterns: tuple[str, ...]

    @field_validator("patterns")
    @classmethod
    def _compiles(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            re.compile(pattern)
        return value


class Measures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    measures: tuple[Measure, ...]


class ScopeRule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    pattern: str
    scope: str


class Accounts(BaseModel):
    """Names of account items by code, as the Ministry of Finance publishes them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    economic: dict[str, str]


class Layout(BaseModel):
    """How tables of the genre are laid out; every entry is a regular expression."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code_columns: tuple[str, ...]
    body_names: str
    body_parts: dict[str, str]
    body_codes: tuple[str, ...]
    code_parts: tuple[str, ...]
    name_columns: tuple[str, ...]
    name_columns_of_words: tuple[str, ...]
    attribute_columns: tuple[str, ...]
    project_bodies: tuple[str, ...]
    line_columns: tuple[str, ...]
    unit_columns: tuple[str, ...]
    first_accounts: tuple[str, ...]
    second_accounts: tuple[str, ...]
    project_money: tuple[str, ...]
    head_amounts: tuple[str, ...]
    project_budget: tuple[str, ...]
    goal_labels: tuple[str, ...]
    project_labels: tuple[str, ...]
    mixed_columns: tuple[str, ...]
    whole_forms: tuple[str, ...]
    part_titles: tuple[str, ...]
    government_titles: tuple[str, ...]
    block_heads: tuple[str, ...]
    block_columns: tuple[str, ...]
    reason_rows: tuple[str, ...]
    totals: tuple[str, ...]
    cover_marks: tuple[str, ...]
    scopes: tuple[ScopeRule, ...]
    default_scope: str
    report_words: tuple[str, ...]
    report_needed: int


def load_yaml(name: str) -> object:
    try:
        text = resources.files(__package__).joinpath(name).read_text("utf-8")
        return read_yaml(text)
    except yaml.YAMLError as error:
        raise DataError(f"数据文件 index/data/{name} 不是合法的 YAML：{error}") from error


@lru_cache(maxsize=1)
def _economic() -> dict[str, str]:
    try:
        accounts = Accounts.model_validate(load_yaml("accounts.yaml"))
    except ValidationError as error:
        raise DataError(f"数据文件 index/data/accounts.yaml 不合要求：{error}") from error
    return {squeeze(name): code for code, name in accounts.economic.items()}


def economic_code(name: str) -> str:
    """The economic account code of an item by its standard name, "" for any other name."""
    return _economic().get(squeeze(name), "")


@lru_cache(maxsize=1)
def layout() -> Layout:
    try:
        return Layout.model_validate(load_yaml("layout.yaml"))
    except ValidationError as error:
        raise DataError(f"数据文件 index/data/layout.yaml 不合要求：{error}") from error


@lru_cache(maxsize=1)
def measures() -> tuple[Measure, ...]:
    try:
        return Measures.model_validate(load_yaml("measures.yaml")).measures
    except (ValidationError, re.error) as error:
        raise DataError(f"数据文件 index/data/measures.yaml 不合要求：{error}") from error


def measure_of(text: str) -> Measure | None:
    """The first measure one of whose patterns is found in `text` (already squeezed)."""
    for measure in measures():
        if any(re.search(p, text, re.IGNORECASE) for p in measure.patterns):
            return measure
    return None


def measure_label(key: str) -> str:
    """What users are shown for a measure key; "" for none."""
    return next((m.label for m in measures() if m.key == key), "")


def matches(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(p, text) for p in patterns)


def scope_of(text: str, default: str) -> str:
    """The scope that a title or a column name says, else `default`."""
    for rule in layout().scopes:
        if re.search(rule.pattern, text):
            return rule.scope
    return default


class ClaimRule(BaseModel):
    """How the words before a number of the prose say what it measures."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    measure: str
    unit: str
    pattern: str


class Claims(BaseModel):
    """Wordings of the prose: rules, words that open a reason, nouns without a subject of theirs."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    claims: tuple[ClaimRule, ...]
    reasons: str
    generic: frozenset[str]
    topical: frozenset[str]
    bare_counts: frozenset[str]
    no_projects: tuple[str, ...]
    own_matters: tuple[str, ...]
    further: str


@lru_cache(maxsize=1)
def claims() -> Claims:
    try:
        return Claims.model_validate(load_yaml("claims.yaml"))
    except ValidationError as error:
        raise DataError(f"数据文件 index/data/claims.yaml 不合要求：{error}") from error


@lru_cache(maxsize=1)
def claim_rules() -> tuple[tuple[ClaimRule, re.Pattern[str]], ...]:
    try:
        return tuple((rule, re.compile(rule.pattern)) for rule in claims().claims)
    except re.error as error:
        raise DataError(f"数据文件 index/data/claims.yaml 不合要求：{error}") from error
