"""Posts that are not filled, body by body: 谁空着的编制多, 哪个单位缺编最多, 馆里满编了吗."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import branches, data
from qa.ask import Ask, by_id
from qa.evidence import amount, amount_of
from qa.plan import Plan, Step, run
from qa.units import plain
from qa.values import Answer, Calculation


@dataclass(frozen=True)
class _Staff:
    """One body: its posts and the persons in them."""

    name: str
    posts: Figure
    held: Figure

    @property
    def vacant(self) -> Decimal:
        return amount_of(self.posts) - amount_of(self.held)

    @property
    def step(self) -> Step:
        return Step("subtract", (self.posts.id, self.held.id))


def vacant(ask: Ask) -> Answer | None:
    """The vacant posts of the body named, the more of two, or the body that has most."""
    text = squeeze(ask.text)
    if not re.search(data.word("vacant_posts"), text):
        return None
    staff = _staff(ask)
    named = branches.bodies_named(text, [s.name for s in staff])
    if not staff or (not named and not re.search(data.word("branches_asked"), text)):
        return None
    chosen = [s for s in staff if s.name in named]
    if len(chosen) == 1:
        return _of_one(ask, chosen[0])
    if len(chosen) == _PAIR:
        return _of_two(ask, *sorted(chosen, key=lambda s: -s.vacant))
    if chosen or not re.search(data.word("highest"), text):
        return None
    most = max(s.vacant for s in staff)
    first = [s for s in staff if s.vacant == most]
    calculations = [_worked(ask, s) for s in first]
    told = "；".join(_told(s, c) for s, c in zip(first, calculations, strict=True))
    return ask.evidence.answer(say("most_vacant", told=told))


_PAIR = 2


def _of_one(ask: Ask, staff: _Staff) -> Answer:
    text = say("vacant", told=_told(staff, _worked(ask, staff)))
    if re.search(data.word("fully_staffed"), ask.text):
        return ask.evidence.decided(staff.vacant <= 0, text)
    return ask.evidence.answer(text)


def _of_two(ask: Ask, more: _Staff, less: _Staff) -> Answer:
    steps = (more.step, less.step, Step("subtract", ("#0", "#1")))
    figures = [more.posts, more.held, less.posts, less.held]
    between = run(Plan(steps), by_id(figures))
    ask.evidence.result(between, figures, f"{more.name}与{less.name}空编之差")
    told = "；".join(_told(s, _worked(ask, s)) for s in (more, less))
    shown = f"{plain(between.result)}{between.unit}"
    if more.vacant == less.vacant:
        return ask.evidence.answer(say("vacant", told=told))
    return ask.evidence.answer(
        say("vacant", told=told) + say("more_vacant", name=more.name, difference=shown)
    )


def _worked(ask: Ask, staff: _Staff) -> Calculation:
    """The vacant posts of one body, worked out and cited."""
    calculation = run(Plan((staff.step,)), by_id([staff.posts, staff.held]))
    ask.evidence.result(calculation, [staff.posts, staff.held], f"{staff.name}空编数")
    return calculation


def _told(staff: _Staff, calculation: Calculation) -> str:
    return say(
        "vacant_of",
        name=staff.name,
        vacant=f"{plain(calculation.result)}{calculation.unit}",
        posts=amount(staff.posts),
        held=amount(staff.held),
    )


def _staff(ask: Ask) -> list[_Staff]:
    """Every body of the first table that prints both its posts and its staff."""
    by_table: dict[str, dict[str, branches.Branches]] = {}
    for column in branches.columns(ask.catalogue):
        for kind in ("posts_head", "held_head"):
            if re.search(data.word(kind), squeeze(column.head)):
                by_table.setdefault(column.title, {}).setdefault(kind, column)
    for found in by_table.values():
        if len(found) == _PAIR:
            posts, held = found["posts_head"].cells, found["held_head"].cells
            rows = [_Staff(n, posts[n], held[n]) for n in posts if n in held]
            rows = [s for s in rows if s.posts.value is not None and s.held.value is not None]
            if rows:
                return rows
    return []
