"""Follow-ups answered from where the last answer stands: its row, beside it, its project.

目标值是多少 after an indicator's actual value, 那桥梁呢 after another part of the sum: what a
follow-up leaves open is taken from the place of the figure that the turn before was answered with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from index.claims import sentences
from index.labels import UNIT
from index.values import Figure
from prompts import say
from qa import data
from qa.accept import counted_in
from qa.ask import Ask, variants
from qa.catalogue import Catalogue
from qa.compare import compared
from qa.evidence import amount_of, value_of
from qa.lookup import answer_with
from qa.names import MONEY, content_pairs, core, key, pairs, same_family
from qa.places import Places
from qa.ratios import quotient
from qa.sets import project_named
from qa.textual import Quote, cite_quote
from qa.values import Answer

PROJECT_NAMED = 0.5  # share of a project's name, by weight, that names it
_OWN = 0.2  # share of a neighbour's own name that the follow-up must hold
_COLUMN = 0.5  # and of a column's
_ASKED = 0.5  # share of the follow-up's words, by weight, that the neighbour's name must hold
_CLEARLY = 0.1  # by which it must hold more than the next neighbour
_STAGES = {"actual", "target", "executed", "final", "rate", "score"} | {
    "budget",
    "budget_initial",
    "budget_adjusted",
}


@dataclass(frozen=True)
class _Neighbour:
    """A figure near the last one: how near (0 the nearest), and the words that tell it apart."""

    figure: Figure
    far: int
    name: str


def figures_of(places: Places, answer: Answer) -> list[Figure]:
    """The figures that the values of an answer were read from, in order."""
    found: dict[str, Figure] = {}
    for value in answer.values:
        for cited in value.citations[:1]:
            at = (f for f in places.all_at(answer.citations[cited]) if f.value is not None)
            same = next((f for f in at if abs(value_of(f)[0]) == abs(value.value)), None)
            if same is not None:
                found.setdefault(same.id, same)
    return list(found.values())


def of_project(ask: Ask) -> list[Figure]:
    """A figure of the project that the question is about, [] where it names none."""
    member = project_named(ask, least=PROJECT_NAMED)
    if member is None:
        return []
    return [
        e.figure
        for e in ask.catalogue.entries
        if e.project == member.name and e.figure.table and e.figure.measure in {"actual", "target"}
    ][:1]


def may_lean(ask: Ask, figures: Sequence[Figure]) -> bool:
    """Whether an answer could be `apart` from the last one, whatever that was."""
    leans = _only_a_stage(ask) or alone(ask) or any(f.project for f in figures)
    return leans or bool(_heads_named(ask)) or _bare_share(ask)


def _only_a_stage(ask: Ask) -> bool:
    """Whether the follow-up says no more than the stage of a figure: 目标值是多少."""
    return not _content(ask) and ask.reading.measure in _STAGES - {"rate", "score"}


def apart(ask: Ask, last: Sequence[Figure], figures: Sequence[Figure]) -> bool:
    """Whether an answer is not what the follow-up leans on: of another project, or, where it names
    a thing alone (那桥梁呢), a quotation or another kind of number."""
    if _only_a_stage(ask):
        return not any(a.table_id == b.table_id and a.row == b.row for a in last for b in figures)
    if alone(ask) and not figures:
        return True
    cell = _of_its_account(ask, last[-1])
    if cell is not None and not any(f.code == last[-1].code for f in figures):
        return True
    if alone(ask) and last[-1].unit in MONEY and not any(f.unit in MONEY for f in figures):
        return True
    if _bare_share(ask) and last[-1].code and not any(f.code == last[-1].code for f in figures):
        return True
    near = any(
        a.table_id == b.table_id or (a.project and a.project == b.project)
        for a in last
        for b in figures
    )
    return bool(figures) and not near and any(f.project for f in figures)


def _bare_share(ask: Ask) -> bool:
    """Whether the follow-up asks for a share and names nothing: 占多少."""
    return ask.reading.has("share") and not re.sub(data.word("share_frame"), "", _content(ask))


def of_its_account(ask: Ask, last: Figure) -> Answer | None:
    """年初结转有多少, after what an account spent: the account's cell under the column named."""
    cell = _of_its_account(ask, last)
    return answer_with(ask, cell) if cell is not None else None


def _of_its_account(ask: Ask, last: Figure) -> Figure | None:
    """The cell of the last figure's account, in its own table or another, under the column that is
    all that the follow-up names; None where the cells of several columns fit."""
    plain = set(ask.reading.ops) <= {"lookup", "sum"} and last.code and not last.total
    if not plain or not (heads := _heads_named(ask)):
        return None
    cells = [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.code == last.code
        and e.figure.value is not None
        and e.figure.column
        and core(UNIT.sub("", e.figure.column[-1])) in heads
    ]
    own = [f for f in cells if f.table_id == last.table_id] or cells
    return own[0] if len({f.value for f in own}) == 1 else None


def _heads_named(ask: Ask) -> set[str]:
    """The heads of columns of which the follow-up names one, and nothing else."""
    heads = _heads.get(ask.catalogue)
    if heads is None:
        columns = (e.figure.column[-1] for e in ask.catalogue.entries if e.figure.column)
        found = {core(UNIT.sub("", c)) for c in columns}
        heads = _heads[ask.catalogue] = {h: pairs(h) for h in found}
    words = (_content(ask), re.sub(data.word("and_that"), "", ask.reading.original))
    asked = [p for w in words if (p := content_pairs(core(w)))]
    return {
        head
        for head, own in heads.items()
        if any(a <= own and len(a) >= _HEAD * len(own) for a in asked)
    }


# Put together once for each report, and read only.
_heads: WeakKeyDictionary[Catalogue, dict[str, frozenset[str]]] = WeakKeyDictionary()
_HEAD = 0.4  # share of a column's head that names it


def alone(ask: Ask) -> bool:
    """Whether the follow-up names a thing and asks nothing of it: 那桥梁呢."""
    return bool(re.search("呢[?？。]?$", ask.reading.original)) and not ask.reading.numeric


def _content(ask: Ask) -> str:
    return re.sub(data.word("follow_up_words"), " ", ask.reading.content).strip()


def follow(ask: Ask, last: Figure) -> Answer | None:
    """The neighbour of the last figure that the follow-up names; None where none or several fit."""
    reading = ask.reading
    bound = {"rank"} if re.search(data.word("upper_bound_asked"), ask.text) else set()
    if not set(reading.ops) <= {"lookup", "count", "text"} | bound:
        return None
    if reading.codes or reading.negated:
        return None
    asked = frozenset(p for w in variants(_content(ask)) for p in content_pairs(w))
    if not asked and reading.scope:
        return _other_scope(ask, last)
    if not asked:
        return _other_stage(ask, last) if reading.measure in _STAGES else None
    if re.fullmatch(data.word("only_its_money"), key(ask.reading.content)):
        return _money_beside(ask, last)
    ranked: list[tuple[float, int, _Neighbour]] = []
    for neighbour in _neighbours(ask, last):
        own = pairs(key(neighbour.name))
        shared = own & asked
        least = _OWN if neighbour.far else _COLUMN
        if not own or len(shared) < least * len(own) or not _fits(ask, last, neighbour):
            continue
        share = ask.catalogue.explained(asked, (own, 1.0))
        if share >= _ASKED:
            ranked.append((share, neighbour.far, neighbour))
    ranked.sort(key=lambda r: (-r[0], r[1]))
    if not ranked:
        return None
    share, far, best = ranked[0]
    for other, distance, neighbour in ranked[1:]:
        same = neighbour.figure.value == best.figure.value
        if not same and distance == far and other > share - _CLEARLY:
            return None
    return answer_with(ask, best.figure)


def over_two(ask: Ask) -> bool:
    """Whether the follow-up works with the last figure and the one before: 占比多少, 差额."""
    return ask.reading.has("share", "difference") or bool(
        re.search(data.word("gap_of_two"), ask.text)
    )


def share_of(ask: Ask, part: Figure, earlier: Sequence[Figure]) -> Answer | None:
    """占多大比例, after a part: of the whole asked for before it or told with it."""
    if not ask.reading.has("share") or part.value is None:
        return None
    wanted = content_pairs(re.sub(data.word("share_frame"), " ", ask.reading.content))
    for whole in (*earlier, *_wholes_of(ask, part)):
        if not whole.value or not _larger(whole, part):
            continue
        if not wanted or wanted & pairs(key("".join((*whole.item, whole.subject)))):
            return quotient(ask, part, whole, "percent", "占比")
    return None


def _wholes_of(ask: Ask, part: Figure) -> list[Figure]:
    """What the part is told under, then the money of its project."""
    same = [e.figure for e in ask.catalogue.entries if e.figure.measure == part.measure]
    above = [f for f in same if f.table_id == part.table_id and f.item == part.item[:-1]]
    project = [f for f in same if part.project and f.project == part.project]
    return above + [f for f in project if ask.catalogue.is_project_level(f)]


def _larger(whole: Figure, part: Figure) -> bool:
    """Whether one amount holds the other: of one kind of unit, and more."""
    if (whole.unit in MONEY) != (part.unit in MONEY):
        return False
    if whole.unit not in MONEY and whole.unit and part.unit and whole.unit != part.unit:
        return False
    return amount_of(whole) > amount_of(part)


def gap(ask: Ask, last: Figure, earlier: Sequence[Figure]) -> Answer | None:
    """差额是多少, 省了多少: the last figure against the one that was asked for before it."""
    if not re.search(data.word("gap_of_two"), ask.text) or not earlier:
        return None
    other = earlier[0]
    if (other.unit in MONEY) != (last.unit in MONEY):
        return None
    return compared(ask, other, last, told_twice=True)


def reason(ask: Ask, last: Figure) -> Answer | None:
    """没达标是怎么回事: the words on the deviation in the last figure's own row."""
    if not ask.reading.has("reason") or _content_of_reason(ask):
        return None
    told = next(
        (
            f
            for f in ask.report.figures
            if f.table_id == last.table_id
            and f.row == last.row
            and f.measure == "reason"
            and f.state == "text"
        ),
        None,
    )
    if told is None:
        return None
    ask.evidence.cite(told)
    return ask.evidence.answer(
        say("text_fact", label=f"{last.project}“{last.subject}”", printed=told.printed)
    )


def _content_of_reason(ask: Ask) -> str:
    return re.sub(data.word("reason_frame"), "", ask.reading.content).strip()


def said_behind(ask: Ask, last: Figure) -> Answer | None:
    """都是些什么设备, 具体是什么车: what the report names behind the count."""
    if not re.search(data.word("what_they_are"), ask.text) or not last.sentence:
        return None
    paragraph = ask.catalogue.paragraph_of(last)
    if paragraph is None:
        return None
    noun = pairs(core(last.subject))
    start = paragraph.text.find(last.sentence)
    for first, end in sentences(paragraph.text):
        if first < start:
            continue
        text = paragraph.text[first:end]
        told = re.search(data.word("names_told"), text)
        if told and len(noun & pairs(key(text[: told.end()]))) >= len(noun) / 2:
            quote = Quote(paragraph, first, end)
            cite_quote(ask, quote)
            return ask.evidence.answer(say("quote", quote=quote.text.strip()))
    return None


def _money_beside(ask: Ask, last: Figure) -> Answer | None:
    """项目39个，涉及资金多少: the one amount of money that the sentence of the count tells."""
    if last.unit in MONEY or not last.sentence:
        return None
    beside = [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.sentence == last.sentence
        and e.figure.table_id == last.table_id
        and e.figure.unit in MONEY
        and e.figure.value is not None
    ]
    if len({f.value for f in beside}) != 1:
        return None
    return answer_with(ask, beside[0])


def _other_scope(ask: Ask, last: Figure) -> Answer | None:
    """其中财政拨款的是多少: the same item under the scope asked for."""
    found = [
        e.figure
        for e in ask.catalogue.entries
        if core(e.figure.subject) == core(last.subject)
        and e.figure.scope == ask.reading.scope
        and e.figure.measure == last.measure
        and e.figure.value is not None
        and e.figure.year == last.year
    ]
    if not found:
        return None
    return answer_with(ask, found[0])


def _other_stage(ask: Ask, last: Figure) -> Answer | None:
    """The same row in the stage asked for: 目标值是多少, 年初预算呢."""
    asked = ask.reading.measure
    row = [
        f
        for f in ask.report.figures
        if f.table_id == last.table_id
        and f.row == last.row
        and f.id != last.id
        and core(f.subject) == core(last.subject)
        and (f.measure == asked or same_family(f.measure, asked))
    ]
    found = next(iter(sorted(row, key=lambda f: f.measure != asked)), None)
    if found is None or found.value is None:
        return None
    return answer_with(ask, found)


def _neighbours(ask: Ask, last: Figure) -> list[_Neighbour]:
    found = []
    for entry in ask.catalogue.entries:
        f = entry.figure
        if f.id == last.id or f.value is None:
            continue
        if f.table_id == last.table_id and f.table and f.row == last.row and f.item == last.item:
            column = "".join(UNIT.sub("", c) for c in f.column[-1:]) or f.facet
            found.append(_Neighbour(f, 0, column))
        elif f.table_id == last.table_id and f.measure == last.measure and f.column == last.column:
            if f.project == last.project:
                found.append(_Neighbour(f, 1, f.subject))
        elif f.table_id == last.table_id and not f.table and f.sentence == last.sentence:
            found.append(_Neighbour(f, 1, f.subject))  # told along, of another kind
        elif f.project and f.project == last.project and f.table:
            found.append(_Neighbour(f, 2, f.subject))
    return found


def _fits(ask: Ask, last: Figure, neighbour: _Neighbour) -> bool:
    """Whether the neighbour is the kind of number asked for, or of the last one where none is."""
    figure, reading = neighbour.figure, ask.reading
    if figure.measure in {"weight", "score"} and reading.measure not in {"weight", "score"}:
        return False
    if reading.measure and not (
        figure.measure == reading.measure or same_family(figure.measure, reading.measure)
    ):
        return False
    if alone(ask) and (figure.unit in MONEY) != (last.unit in MONEY):
        return False
    if set(reading.units) & MONEY:
        return figure.unit.split("/")[0] in MONEY
    if reading.counter:
        return counted_in(figure.unit, reading.counter)
    if neighbour.far == 1:
        return bool(figure.table and figure.project) or figure.unit == last.unit
    return neighbour.far == 0 or figure.measure in {"actual", "target"}
