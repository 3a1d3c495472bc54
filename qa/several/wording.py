"""How people ask about several reports at once: `qa/data/several.yaml`, checked when loaded."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from qa import data
from qa.data import Entry

Operation = Literal["told", "trend", "rank", "mean", "sum", "filter", "compare"]


class Relation(Entry):
    """What is done with the figures of several reports, and the words that ask for it."""

    op: Operation
    pattern: str


class Several(Entry):
    """Patterns on the normalised question; the file says what each is for."""

    body_noise: str
    place: str
    body_end: str
    body_full: str
    body_lead: str
    every: str
    which_body: str
    which_year: str
    this_year: str
    last_year: str
    before_last: str
    recent: str
    place_before: str
    place_plain: str
    ends_in_order: str
    budget_report: str
    accounts_report: str
    both_kinds: str
    own_matter: str
    relations: tuple[Relation, ...]
    trim_head: str
    trim_tail: str
    between: str
    asked: str
    follow: str
    other_body: str


@lru_cache(maxsize=1)
def wording() -> Several:
    """Raises DataError when the file does not follow the schema."""
    return data.load("several.yaml", Several)
