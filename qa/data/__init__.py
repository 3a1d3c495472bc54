"""How people ask, as readable data files, checked against a schema when they are loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import DataError
from prompts.datafiles import read_yaml

Model = TypeVar("Model", bound=BaseModel)


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Synonym(Entry):
    """A colloquial wording (regular expressions) and the report's name for it."""

    say: tuple[str, ...]
    mean: str
    unless: str = ""


class Plain(Entry):
    """A colloquial word (a regular expression) and the written one."""

    say: str
    mean: str


class MeasureWords(Entry):
    key: str
    patterns: tuple[str, ...]


class UnitWords(Entry):
    pattern: str
    units: tuple[str, ...]


class ScopeWords(Entry):
    pattern: str
    scope: str


class Variant(Entry):
    """Another wording to try when passages are searched."""

    say: str
    mean: str


class Suggestion(Entry):
    """A question to offer, with slots, and when; the file says what the conditions mean."""

    ask: str
    measures: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    project: bool = False
    quoted: bool = False
    kinds: tuple[str, ...] = ()
    unlike: str = ""


class Suggestions(Entry):
    start: tuple[Suggestion, ...]
    follow: tuple[Suggestion, ...]


class Lexicon(Entry):
    plain: tuple[Plain, ...]
    synonyms: tuple[Synonym, ...]
    variants: tuple[Variant, ...]
    stops: tuple[str, ...]
    light: str
    parts: tuple[str, ...]
    sounding: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...]
    parallels: tuple[tuple[str, ...], ...]
    wider: tuple[tuple[str, str], ...]
    lead: str
    tail: str
    tables: str
    counters: str
    negations: str
    measures: tuple[MeasureWords, ...]
    units: tuple[UnitWords, ...]
    scopes: tuple[ScopeWords, ...]


class Intent(Entry):
    op: str
    patterns: tuple[str, ...]


class Intents(Entry):
    intents: tuple[Intent, ...]


class Refusal(Entry):
    """Questions that a report cannot answer; `unless_figure`: a unit that lifts the refusal."""

    kind: str
    missing: str
    patterns: tuple[str, ...]
    unless: str = ""
    unless_figure: str = ""


class Refusals(Entry):
    refusals: tuple[Refusal, ...]


class ModelWords(Entry):
    """How a language model's plan and text are checked; the file says what each part means."""

    operations: dict[str, str]
    asking: str
    share_word: str
    sum_word: str
    units: tuple[str, ...]
    dates: dict[str, str]
    scaled: dict[str, tuple[Decimal, str]]
    vague: str
    filler: str
    directions: dict[str, str]
    negation: str
    plain_negation: str


class Wording(Entry):
    """Named regular expressions, numbers and name maps that the operations use."""

    words: dict[str, str]
    numbers: dict[str, str]
    names: dict[str, dict[str, str]]


class Kind(Entry):
    """A kind of answer: how it is asked for and what it looks like; the file explains the parts."""

    kind: str
    asked: str
    told: str
    units: str = ""
    not_before: str = ""
    not_behind: str = ""
    words: bool = False
    rare: bool = False


class Kinds(Entry):
    kinds: tuple[Kind, ...]


def load(name: str, model: type[Model]) -> Model:
    """A data file of this folder. Raises DataError when it does not follow the schema."""
    try:
        raw = read_yaml(resources.files(__package__).joinpath(name).read_text("utf-8"))
        return model.model_validate(raw)
    except (yaml.YAMLError, ValidationError) as error:
        raise DataError(f"数据文件 qa/data/{name} 不合要求：{error}") from error


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return load("lexicon.yaml", Lexicon)


@lru_cache(maxsize=1)
def intents() -> tuple[Intent, ...]:
    return load("intents.yaml", Intents).intents


@lru_cache(maxsize=1)
def refusals() -> tuple[Refusal, ...]:
    return load("refusals.yaml", Refusals).refusals


@lru_cache(maxsize=1)
def kinds() -> tuple[Kind, ...]:
    return load("kinds.yaml", Kinds).kinds


@lru_cache(maxsize=1)
def suggestions() -> Suggestions:
    return load("suggestions.yaml", Suggestions)


@lru_cache(maxsize=1)
def model_words() -> ModelWords:
    return load("model.yaml", ModelWords)


@lru_cache(maxsize=1)
def wording() -> Wording:
    return load("wording.yaml", Wording)


def word(name: str) -> str:
    """A named pattern of `wording.yaml`. Raises DataError for an unknown name."""
    try:
        return wording().words[name]
    except KeyError as error:
        raise DataError(f"数据文件 qa/data/wording.yaml 缺少 words.{name}") from error


def decimal(name: str) -> Decimal:
    return Decimal(wording().numbers[name])


def word_or(table: str, name: str, default: str) -> str:
    """The entry of a name map, `default` where it has none."""
    return wording().names[table].get(name, default)


def names(table: str) -> dict[str, str]:
    """A name map of `wording.yaml`, in its order."""
    return wording().names[table]


def first_side(clause: str) -> str:
    """Which side of the accounts a clause asks for as a whole (收入, 支出, 结余), "" for none."""
    return next(
        (s for s, said in names("money_sides").items() if compiled(said).search(clause)), ""
    )


@lru_cache(maxsize=2048)
def compiled(pattern: str) -> re.Pattern[str]:
    """Raises DataError when a pattern of the data files is no regular expression."""
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise DataError(f"数据文件 qa/data 中的正则表达式 {pattern!r} 不合法：{error}") from error


def first_match(patterns: Iterable[str], text: str) -> re.Match[str] | None:
    for pattern in patterns:
        if match := compiled(pattern).search(text):
            return match
    return None
