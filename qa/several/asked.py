"""What a question says about reports: bodies, years, kinds, what to do with their figures.

The words that say so are taken out; what is left (`item`) is asked of each report. A follow-up is
merged with the question before it, field by field. Nothing here reads a figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa import data
from qa.reading import normalise, numeral
from qa.several.identity import Bodies
from qa.several.wording import Operation, wording

_YEAR = re.compile(r"(?<![\d.])(20\d\d)(?![\d.])(?:年度?|年份)?(?!\d{1,2}月)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)年度?(?!底|末|来|初|\d*月)")
_RANGE = re.compile(r"(?<!\d)(20\d\d)年?度?(?:到|至|-|~|—)(20\d\d)年?度?")
_GAP = " "  # stands where words were taken out


@dataclass(frozen=True, slots=True)
class Asked:
    """A question over reports, read.

    bodies    for each body named, those that the name fits; `assumed` names misspelt ones
    unknown   bodies named that no report is of
    every     all bodies are meant; `which`: the answer is a body or a year
    within    the bodies of the place that is named instead of a body
    other     another body than before is meant, without a name
    years     named; `back`: years back from the latest, for 今年 / 去年; `recent`: 近N年, 0 for all
    kinds     kinds of report named, () when none
    relation  what is done with the figures, "" for each by itself; `detail` what the words add
    item      what is asked of each report
    """

    text: str
    item: str
    bodies: tuple[tuple[str, ...], ...] = ()
    assumed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    every: bool = False
    other: bool = False
    within: tuple[str, ...] = ()
    which: Literal["", "body", "year"] = ""
    years: tuple[int, ...] = ()
    back: tuple[int, ...] = ()
    recent: int | None = None
    kinds: tuple[str, ...] = ()
    relation: Operation | Literal[""] = ""
    detail: tuple[tuple[str, str], ...] = ()
    carried: str = ""

    @property
    def addressed(self) -> bool:
        """Whether the question says anything about which reports are meant."""
        named = self.bodies or self.unknown or self.within
        return bool(named or self.every or self.which or self.timed)

    @property
    def timed(self) -> bool:
        return bool(self.years or self.back) or self.recent is not None

    def said(self, name: str) -> str:
        """A named part of the relation's words, "" when it was not said."""
        return dict(self.detail).get(name, "")

    def told(self, *names: str) -> bool:
        return any(self.said(name) for name in names)


class _Text:
    """The question with what was understood taken out."""

    def __init__(self, text: str) -> None:
        self.left = text

    def take(self, pattern: str) -> re.Match[str] | None:
        match = data.compiled(pattern).search(self.left) if pattern else None
        if match and match.group():
            self.left = self.left[: match.start()] + _GAP + self.left[match.end() :]
            return match
        return None

    def take_all(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        found = list(pattern.finditer(self.left))
        self.left = pattern.sub(_GAP, self.left)
        return found


def read_asked(question: str, bodies: Bodies) -> Asked:
    """What one question says, without the dialogue before it."""
    words = wording()
    whole = normalise(question)
    text = _Text(whole)
    kinds: tuple[str, ...] = ()
    if text.take(words.both_kinds):
        kinds = ("budget", "accounts")
    mentions = bodies.mentions(text.left)
    for mention in reversed(mentions):
        text.left = text.left[: mention.start] + _GAP + text.left[mention.end :]
    other = bool(text.take(words.other_body)) and not mentions
    own = bool(data.compiled(words.own_matter).search(text.left))
    which: Literal["", "body", "year"] = ""
    if not own and (match := text.take(words.which_year)):
        which = "year"
        text.left += _superlative(match)
    elif not own and (match := text.take(words.which_body)):
        which = "body"
        text.left += _superlative(match)
    every = bool(text.take(words.every))
    unknown = bodies.unknown(text.left, ())
    for name in unknown:
        text.left = text.left.replace(name, _GAP)
    within: tuple[str, ...] = ()
    if not mentions and not unknown and (placed := bodies.place(text.left)):
        text.left = text.left.replace(placed[0], _GAP)
        within = placed[1]
    years, back, recent = _years(text, own)
    if text.take(words.budget_report):
        kinds = kinds or ("budget",)
    if text.take(words.accounts_report):
        kinds = (*kinds, "accounts") if "accounts" not in kinds else kinds
    relation: Operation | Literal[""] = ""
    detail: dict[str, str] = {}
    if not own:
        for entry in words.relations:
            if match := text.take(entry.pattern):
                relation = relation or entry.op
                detail |= {k: v for k, v in match.groupdict().items() if v}
        if which and not relation and (order := text.take(words.ends_in_order)):
            relation = "rank"
            detail |= {k: v for k, v in order.groupdict().items() if v}
    if kinds == ("budget", "accounts") and not relation:
        relation = "compare"
    return Asked(
        text=whole,
        item=_item(text.left, bool(relation)),
        bodies=tuple(m.bodies for m in mentions),
        assumed=tuple(m.bodies[0] for m in mentions if m.assumed),
        unknown=unknown,
        every=every,
        other=other,
        within=within,
        which=which,
        years=years,
        back=back,
        recent=recent,
        kinds=kinds,
        relation=relation,
        detail=tuple(detail.items()),
    )


def follow(now: Asked, before: Asked | None) -> Asked:
    """A question made whole with the one before it, where it leans on that."""
    if before is None:
        return now
    leans = bool(data.compiled(wording().follow).search(now.text)) or not now.item
    if not leans and now.addressed and (now.bodies or now.every or now.which or now.unknown):
        return now
    carried: list[str] = []
    new = now
    names_none = not (now.bodies or now.every or now.which == "body" or now.unknown or now.within)
    if names_none and (before.bodies or before.every or before.within or before.which == "body"):
        which = now.which or before.which
        new = replace(new, bodies=before.bodies, every=before.every, which=which)
        new = replace(new, within=before.within)
        carried += [names[0] for names in before.bodies]
    if not now.timed and before.timed and now.which != "year":
        new = replace(new, years=before.years, back=before.back, recent=before.recent)
        carried += [f"{year}年" for year in before.years]
    elif now.back and not now.years and before.years and not before.relation:
        # 比去年多多少 after a question about one year: that year and the one before it.
        anchor = max(before.years)
        new = replace(new, years=tuple(sorted({anchor, *(anchor - b for b in now.back)})), back=())
    if leans and not now.item:
        new = replace(new, item=before.item, kinds=now.kinds or before.kinds)
        carried.append(before.item)
        if not now.relation:
            new = replace(new, relation=before.relation, detail=before.detail)
    elif leans and not now.relation and before.relation:
        new = replace(new, relation=before.relation, detail=before.detail)
        new = replace(new, kinds=now.kinds or before.kinds)
    return replace(new, carried="、".join(dict.fromkeys(c for c in carried if c)))


def in_dialogue(question: str, history: Sequence[str], bodies: Bodies) -> Asked:
    """The question made whole with what the user asked before, oldest first."""
    state: Asked | None = None
    for turn in history:
        if turn.strip():
            state = follow(read_asked(turn, bodies), state)
    now = read_asked(question, bodies)
    if now.other and state and state.bodies:
        before = {body for names in state.bodies for body in names}
        now = replace(now, bodies=(tuple(b for b in bodies.all if b not in before),))
    return follow(now, state)


def _superlative(match: re.Match[str]) -> str:
    """最多的部门 is taken out as a whole: its 最多 is put back for the relation."""
    found = re.search("最[高多大低少小]", match.group())
    return _GAP + found.group() if found else ""


def _years(text: _Text, own: bool) -> tuple[tuple[int, ...], tuple[int, ...], int | None]:
    words = wording()
    years: list[int] = []
    for match in text.take_all(_RANGE):
        first, last = sorted((int(match[1]), int(match[2])))
        years += range(first, min(last, first + 20) + 1)
    years += [int(m[1]) for m in text.take_all(_YEAR)]
    years += [2000 + int(m[1]) for m in text.take_all(_SHORT_YEAR)]
    back: list[int] = []
    recent: int | None = None
    if not own:
        for years_ago, pattern in (
            (2, words.before_last),
            (1, words.last_year),
            (0, words.this_year),
        ):
            if text.take_all(data.compiled(pattern)):
                back.append(years_ago)
        if found := text.take(words.recent):
            recent = 0 if found["all"] else numeral(found["n"] or found["n2"]) or 0
    return tuple(sorted(set(years))), tuple(sorted(back)), recent


def _item(left: str, related: bool) -> str:
    """The words that are left, without connectives around what was taken out."""
    words = wording()
    text = left
    if related:
        text = data.compiled(words.between).sub(_GAP, text)
    pieces = [p for p in text.split(_GAP) if p]
    trimmed = []
    for piece in pieces:
        piece = data.compiled(words.trim_head).sub("", piece)
        piece = data.compiled(words.trim_tail).sub("", piece)
        if piece:
            trimmed.append(piece)
    return "".join(trimmed)
