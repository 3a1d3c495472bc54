"""Who reports: body, year and kind of each report of a store, and the bodies that a text names.

Everything here comes from the store's listing; no figure is read. A body is named in full, without
its place, by a short name (its characters in order: 数据局), or with a slip of the pen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from index.store import ReportInfo
from qa import data
from qa.names import key
from qa.several.wording import wording

_LONGEST_MENTION = 18
_SHORTEST_MISSPELT = 3
_PLACE_ENDS = "省市区县州旗"  # a name does not begin in the middle of a place


@dataclass(frozen=True, slots=True)
class Identity:
    """What a report is: `kind` is accounts (决算), budget (预算) or other."""

    id: str
    body: str
    year: int | None
    kind: str
    title: str
    file: str = ""

    @property
    def word(self) -> str:
        """预算 or 决算, "" for another kind of report."""
        return {"budget": "预算", "accounts": "决算"}.get(self.kind, "")

    @property
    def label(self) -> str:
        """云海市档案馆2024年度决算."""
        year = f"{self.year}年" if self.year else ""
        if self.kind == "budget":
            return f"{self.body}{year}预算"
        return f"{self.body}{year}{'度' if year else ''}{self.word}"


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` names one of `bodies`; `assumed` when it is not quite a name of theirs."""

    start: int
    end: int
    bodies: tuple[str, ...]
    assumed: bool = False


def identity_of(info: ReportInfo) -> Identity:
    body = info.body or info.file
    return Identity(info.id, body, info.year, info.kind, info.title or info.file, info.file)


@lru_cache(maxsize=8192)
def tails(body: str) -> tuple[str, ...]:
    """A body's names by falling length: in full, and without the places in front, one by one."""
    names = [key(data.compiled(wording().body_noise).sub("", body))]
    rest = names[0]
    while match := data.compiled(wording().place).match(rest):
        rest = rest[match.end() :]
        names.append(rest)
    return tuple(dict.fromkeys(n for n in names if len(n) >= 3))


@lru_cache(maxsize=8192)
def places_of(body: str) -> tuple[str, ...]:
    """The places in front of a body's name: 上海市, 普陀区."""
    found, names = [], tails(body)
    for longer, shorter in pairwise(names):
        found.append(longer.removesuffix(shorter))
    return tuple(found)


def _placed(before: str, bodies: Sequence[str]) -> tuple[str, ...]:
    """`bodies` without those that are of another place than the one named right before them."""
    match = data.compiled(wording().place_before).search(before)
    if not match or data.compiled(wording().place_plain).search(before):
        return tuple(bodies)
    named = match.group()
    suffixes = [named[i:] for i in range(len(named) - 2)]
    return tuple(b for b in bodies if any(s in b for s in suffixes))


class Bodies:
    """The bodies of a set of reports, to be found in questions. Immutable."""

    def __init__(self, bodies: Iterable[str]) -> None:
        self.all: tuple[str, ...] = tuple(dict.fromkeys(bodies))
        self._by_name: dict[str, list[str]] = {}
        for body in self.all:
            for name in tails(body):
                self._by_name.setdefault(name, []).append(body)
        self._names = sorted(self._by_name, key=len, reverse=True)
        # A slip is looked for in the name without the place: another place is another body.
        self._bare = list(dict.fromkeys(tails(body)[-1] for body in self.all))
        self._by_place: dict[str, list[str]] = {}
        for body in self.all:
            for place in places_of(body):
                for called in dict.fromkeys((place, place[:-1])):
                    self._by_place.setdefault(called, []).append(body)
        self._firsts = {name[0] for name in self._names}

    def mentions(self, text: str) -> list[Mention]:
        """The bodies named in `text`, left to right, none over another."""
        found: list[Mention] = []

        def free(start: int, end: int) -> bool:
            return all(end <= m.start or start >= m.end for m in found)

        for name in self._names:
            for match in re.finditer(re.escape(name), text):
                bodies = _placed(text[: match.start()], self._by_name[name])
                if free(*match.span()) and bodies:
                    found.append(Mention(*match.span(), bodies))
        for match in data.compiled(wording().body_end).finditer(text):
            if free(*match.span()) and (mention := self._short(text, match.end(), found)):
                found.append(mention)
        found.sort(key=lambda m: m.start)
        return found

    def place(self, text: str) -> tuple[str, tuple[str, ...]] | None:
        """A place that `text` names, with the bodies there; None when it names none."""
        for called in sorted(self._by_place, key=len, reverse=True):
            if len(called) >= 2 and called in text:
                return called, tuple(self._by_place[called])
        return None

    def unknown(self, text: str, known: Sequence[Mention]) -> tuple[str, ...]:
        """What `text` calls by the full name of a body that none of the reports is of."""
        names = []
        for match in data.compiled(wording().body_end).finditer(text):
            if any(m.start <= match.start() < m.end for m in known):
                continue
            start = max([0, match.end() - _LONGEST_MENTION, *(m.end for m in known)])
            if start >= match.end():
                continue
            piece = re.split(r"[,。;:?!\d]|年度?", text[start : match.end()])[-1]
            name = data.compiled(wording().body_lead).sub("", piece)
            behind = text[match.end() : match.end() + 1]
            whole = data.compiled(wording().body_full).search(name)
            if whole and len(name) >= 3 and (behind in "的,、和与跟年?" or behind.isdigit()):
                names.append(name)
        return tuple(dict.fromkeys(names))

    def _short(self, text: str, end: int, found: Sequence[Mention]) -> Mention | None:
        """The short or misspelt name that ends at `end`, the longest that is one."""
        first = max([0, end - _LONGEST_MENTION, *(m.end for m in found if m.end <= end)])
        for start in range(first, end - 1):
            piece = text[start:end]
            if piece[0] in self._firsts:
                bodies = tuple(b for b in self.all if _shortens(piece, b))
                if bodies := _placed(text[:start], bodies):
                    return Mention(start, end, bodies)
        best: tuple[int, int, int, tuple[str, ...]] | None = None
        for start in range(first, end - _SHORTEST_MISSPELT + 1):
            piece = text[start:end]
            for name in () if piece[0] in _PLACE_ENDS else self._bare:
                most = 1 if len(name) < 6 else 2
                if abs(len(name) - len(piece)) > most or name[-1] != piece[-1]:
                    continue
                slips = Levenshtein.distance(name, piece, score_cutoff=most)
                bodies = _placed(text[:start], self._by_name[name])
                if slips > most or not bodies:
                    continue
                if best is None or (slips, -len(piece)) < best[:2]:
                    best = (slips, -len(piece), start, bodies)
        if best:
            return Mention(best[2], end, best[3], assumed=True)
        for start in range(first, end - _SHORTEST_MISSPELT + 1):  # 办公室 of 人民政府办公室
            if text[start] in _PLACE_ENDS:
                continue
            bodies = tuple(b for b in self.all if tails(b)[0].endswith(text[start:end]))
            if bodies := _placed(text[:start], bodies):
                return Mention(start, end, bodies)
        return None


def _shortens(short: str, body: str) -> bool:
    """Whether `short` is a short name of the body: same beginning, same end, in order."""
    for name in tails(body):
        if len(short) < len(name) and short[0] == name[0] and short[-1] == _end(short, name):
            position = 0
            for char in short:
                position = name.find(char, position) + 1
                if position == 0:
                    break
            else:
                return True
    return False


def _end(short: str, name: str) -> str:
    """The last character that a short name must have: 办 for 办公室, 委 for 委员会."""
    for ending, mark in (
        ("办公室", "办"),
        ("办事处", "办"),
        ("委员会", "委"),
        ("街道办事处", "道"),
    ):
        if name.endswith(ending) and short[-1] == mark:
            return mark
    return name[-1]
