"""One question on its way: the reading, the report's catalogue, the evidence collected so far.

`Ask.link` turns words into a figure. The operations that `qa.engine` lists by intent are functions
from an `Ask` to an `Answer`, or None when they do not apply.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from index.text import fold
from index.values import Figure, Passage, Report
from qa import data, titled
from qa.catalogue import Catalogue, Hit, Wanted
from qa.evidence import Evidence, amount_of
from qa.names import MONEY, core, key
from qa.reading import Reading, read_question
from qa.units import compatible, convert

SURE = 0.5  # share of the question's weight that a figure must explain to be the answer
NAMED = 0.9  # or its own name must be in the question this far, and then
LEAST = 0.36  # this share of the question explained is enough
HELD = 0.72  # or this far, and what it leaves unexplained are words that name nothing


class PassageSearch(Protocol):
    """Hybrid retrieval of passages, best first, with a score."""

    def __call__(self, text: str, limit: int) -> list[tuple[Passage, float]]: ...


class Closeness(Protocol):
    """How close texts are in meaning to a question: the cosine of their vectors, in order."""

    def __call__(self, question: str, texts: Sequence[str], /) -> list[float]: ...


def unknown(_question: str, texts: Sequence[str]) -> list[float]:
    """The closeness of texts where there are no vectors."""
    return [0.0] * len(texts)


@dataclass
class Ask:
    """A question with all that is needed to answer it; one for each question, never shared."""

    catalogue: Catalogue
    reading: Reading
    search: PassageSearch
    evidence: Evidence
    closeness: Closeness = unknown

    @property
    def report(self) -> Report:
        return self.catalogue.report

    @property
    def text(self) -> str:
        return self.reading.text

    def wanted(self, **changes: object) -> Wanted:
        """What the whole question looks for."""
        r = self.reading
        year = self.report.year
        given: dict[str, object] = {
            "content": data.word_or("whole_of", r.content, r.content),
            "measure": r.measure,
            "units": r.units,
            "scope": r.scope,
            "year": year,
            "codes": r.codes,
            "tables": self.catalogue.mentioned_tables(r),
        }
        given.update(changes)
        return Wanted(**given)  # type: ignore[arg-type]

    def find(self, **changes: object) -> list[Hit]:
        wanted = self.wanted(**changes)
        hits = self._of_what_is_named(self.catalogue.find(wanted))
        others = variants(wanted.content)[1:]
        if "content" not in changes and wanted.content and self.reading.full != wanted.content:
            others.append(self.reading.full)  # 涉及预算金额 is a name that has a measure in it
        for words in others:
            more = self.catalogue.find(replace(wanted, content=words))
            if first_sure(hits) is None and first_sure(more) is not None:
                return more  # the wording that the report has
            hits = [*hits, *more]
        return sorted(hits, key=lambda h: -h.score) if others else hits

    def _of_what_is_named(self, hits: list[Hit]) -> list[Hit]:
        """The hits without those that hold nothing of a name of the report in the question."""
        if not hits:
            return hits
        named = [w for w in hits[0].content.split() if key(w) in self.catalogue.subjects]
        held = [h for h in hits if not any(unexplained(w, h.entry.fields) == key(w) for w in named)]
        head = core("".join(hits[0].content.split()[-1:]))
        if any(core(h.figure.subject) == head for h in held):
            # 基本支出里的公用经费 is no 工会经费 and no total, which stand in the column so named.
            held = [
                h
                for h in held
                if core(h.figure.subject) == head
                or (h.named >= _OWN_NAME and h.figure.code)
                or not any(core(c) == head for c in h.figure.column)
            ]
        return held

    def link(self, words: str, **changes: object) -> Hit | None:
        """The figure that a part of the question names, None when none is sure.

        The part's own measure and scope win; what it leaves open is taken from the question.
        """
        part = read_question(words)
        r = self.reading
        given: dict[str, object] = {
            "content": part.content,
            "measure": part.measure or r.measure,
            "units": (),
            "scope": part.scope
            or ("全口径" if re.match(data.word("all_of_it"), words) else r.scope),
            "codes": part.codes,
        }
        given.update(changes)
        if not part.content and not part.codes:
            return None
        if re.fullmatch(data.word("no_project"), key(part.content)):
            return None  # 专项资金 is the money of none of the projects by itself
        given["content"] = data.word_or("whole_of", str(given["content"]), str(given["content"]))
        found = first_sure(self.find(**given))
        money = set(r.units) <= MONEY and r.units and not part.counter and "units" not in changes
        if found is not None and money and found.figure.unit not in MONEY:
            again = first_sure(self.find(**{**given, "units": tuple(MONEY)}))
            if again is not None and again.named >= found.named:
                found = found if unexplained(again.content, again.entry.fields) else again
        if found is not None and re.fullmatch(data.word("procurement_kind"), key(part.content)):
            told = "".join((*found.figure.item, found.figure.subject))
            found = found if "采购" in told or "采购" not in r.text else None  # 商品和服务支出
        if found is not None and given["scope"] == _GRANTS and found.figure.scope not in _GRANTED:
            found = self._of_grants(found, given)
        if found is None and "content" not in changes and part.full != part.content:
            found = first_sure(self.find(**{**given, "content": part.full}))  # 涉及预算金额
        if found is None and (whole := titled.total(self.catalogue, part.content)) is not None:
            return Hit(self.catalogue.entry(whole), 1.0, 1.0, 1.0)
        return found

    def _of_grants(self, found: Hit, given: Mapping[str, object]) -> Hit:
        """The item as the grants pay it, where the report has that: 哪个拿的财政拨款多."""
        name, measure = core(found.figure.subject), found.figure.measure
        granted = (
            h
            for h in self.find(**given)
            if h.figure.scope in _GRANTED
            and h.figure.value is not None
            and h.figure.measure == measure
            and core(h.figure.subject) == name
            and key(h.figure.facet) == key(found.figure.facet)
        )
        return next(granted, found)


_GRANTS = "财政拨款"
_GRANTED = {"财政拨款", "一般公共预算财政拨款"}


_OWN_NAME = 0.4  # share of a figure's own name that the question must hold, where another's is held


def variants(words: str) -> list[str]:
    """The words as asked, and with each other wording that the lexicon knows."""
    found = [words]
    for variant in data.lexicon().variants:
        other, count = data.compiled(variant.say).subn(variant.mean, words)
        if count:
            found.append(other)
    return found


def sure(hit: Hit) -> bool:
    """Whether a hit explains enough of the question to be answered with."""
    return (
        hit.cover >= SURE
        or (hit.named >= NAMED and hit.cover >= LEAST)
        or (hit.named >= HELD and len(unexplained(hit.content, hit.entry.fields)) <= 1)
    )


def unexplained(content: str, fields: Container[str]) -> str:
    """The characters of a question's content that name something which `fields` do not hold.

    Covered are the characters of the pairs that are held; verbs, particles and general nouns
    (`light` in the lexicon) name nothing.
    """
    left = ""
    for segment in content.split():
        name = key(segment)
        covered = [False] * len(name)
        for i in range(len(name) - 1):
            if name[i : i + 2] in fields:
                covered[i] = covered[i + 1] = True
        run = "".join(" " if c else char for char, c in zip(name, covered, strict=True))
        left += weighty(run)
    return left.replace(" ", "")


def weighty(text: str) -> str:
    """`text` without the words of the lexicon that name nothing (`light`)."""
    return data.compiled(data.lexicon().light).sub("", text)


def first_sure(
    hits: Sequence[Hit], kinds: Iterable[str] = ("value", "blank", "dash")
) -> Hit | None:
    for hit in hits[:12]:
        if hit.figure.state in set(kinds) and sure(hit):
            return hit
        if hit.score < hits[0].score - 0.12:
            break  # a figure that fits less well is no answer because it explains more
    return None


def tolerance(figure: Figure) -> Decimal:
    """Half a unit of the last printed digit, in the figure's unit."""
    digits = re.sub(r"[^\d.]", "", fold(figure.printed))
    places = len(digits.split(".", 1)[1]) if "." in digits else 0
    return Decimal(5).scaleb(-places - 1)


def agree(a: Figure, b: Figure) -> bool:
    """Whether two printed numbers are equal within half a unit of the last digit of both."""
    if a.value is None or b.value is None:
        return a.value is b.value
    if a.unit == b.unit:
        return abs(a.value - b.value) <= tolerance(a) + tolerance(b)
    left, right = percent(a), percent(b)
    if left is not None and right is not None:
        return abs(left[0] - right[0]) <= left[1] + right[1]
    if not compatible(a.unit, b.unit):
        return False
    other = convert(b.value, b.unit, a.unit)
    slack = convert(tolerance(b), b.unit, a.unit)
    return abs(a.value - other) <= tolerance(a) + slack


def percent(figure: Figure) -> tuple[Decimal, Decimal] | None:
    """A rate as a percentage with its tolerance, whether printed as `%` or as a ratio."""
    if figure.value is None:
        return None
    if figure.unit == "%":
        return figure.value, tolerance(figure)
    if figure.unit == "" and figure.measure in {"rate", "completion", "share"}:
        return figure.value * 100, tolerance(figure) * 100
    return None


def split_same(ask: Ask, figure: Figure) -> tuple[list[Figure], list[Figure]]:
    """The other places that state the same fact: those that agree, and those that do not."""
    others = ask.catalogue.same_fact(figure)[1:]
    if figure.base:
        others = [o for o in others if not o.base or _same_base(o.base, figure.base)]
    rest = _of_the_rest(figure)
    others = [o for o in others if _of_the_rest(o) == rest]
    same = [o for o in others if agree(figure, o)]
    different = [o for o in others if not agree(figure, o) and not _one_sentence(figure, o)]
    return same, [o for o in different if not _carried_over(ask, figure, o)]


def _one_sentence(one: Figure, other: Figure) -> bool:
    """Whether one sentence or one row tells both: a part that bears the whole's name, or the
    column of one district beside that of all, is no contradiction."""
    if (one.table_id, one.row) != (other.table_id, other.row):
        return False
    return one.column != other.column if one.table else one.sentence == other.sentence


def _of_the_rest(figure: Figure) -> bool:
    """Whether a sentence tells of what is left: 在其他政府采购项目中，由中小企业中标的…."""
    return re.match(data.word("of_the_rest"), figure.sentence.strip()) is not None


def _carried_over(ask: Ask, one: Figure, other: Figure) -> bool:
    """Whether two amounts of a budget differ by what was carried over: one holds it, one does not.

    当年拨款 of 一般公共预算支出表 against 财政拨款收支总表, which has 上年结转 in it.
    """
    if ask.report.kind != "budget" or one.unit not in MONEY or other.unit not in MONEY:
        return False
    gap = abs(amount_of(one) - amount_of(other))
    slack = sum(convert(tolerance(f), f.unit, "元") for f in (one, other))
    return any(abs(gap - carried) <= slack for carried in ask.catalogue.carried_over)


def _same_base(a: str, b: str) -> bool:
    years = {x for x in (a, b) if x.startswith("20")}
    return a == b or len(years) < 2 or core(a) == core(b)


def by_id(figures: Iterable[Figure]) -> dict[str, Figure]:
    return {f.id: f for f in figures}
