"""Tables whose rows are bodies: staff of each unit, income, expenditure and 三公 by unit.

哪家单位编制最多, 执法大队和图书馆谁的三公经费多, 在职超过50人的单位有几家: the column is chosen by
the words of the question, the rows by the names of the bodies.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from index import data as index_data
from index.labels import UNIT
from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, variants
from qa.catalogue import Catalogue
from qa.compare import compared as compare_figures
from qa.conditions import condition
from qa.evidence import amount, amount_of
from qa.lookup import nothing
from qa.names import MONEY, SUMS, content_pairs, key, pairs, shortens
from qa.reading import content_of, how_many, numeral
from qa.values import Answer

_BODY = re.compile(data.word("body_name_end"))
_MOST = 0.6  # share of a table's rows that are bodies
_FITS = 0.55  # share of the question's words on the column that its head must explain
_HEADED = 0.5  # the least of it that the head of a column by itself must explain
_LONG = 8  # characters of the longest short name that is looked for
_SHORT = 3  # characters of a body's name that name it: 图书馆


@dataclass(frozen=True)
class Branches:
    """One column of a table by bodies: the cell of each body, the department's own sum left out."""

    head: str
    title: str
    cells: dict[str, Figure]


def ranked(ask: Ask) -> Answer | None:
    """哪家单位在职人数最多, 预算最少的是哪家."""
    text = squeeze(ask.text)
    if not re.search(data.word("branches_asked"), text):
        return None
    low = bool(re.search(data.word("lowest"), text))
    if not low and not re.search(data.word("highest"), text):
        return None
    column = _column(ask, text)
    if column is None:
        return None
    cells = {name: f for name, f in column.cells.items() if f.value is not None}
    if _without_own(text, column):
        cells = {n: f for n, f in cells.items() if not _own(n)}
    ordered = sorted(cells.items(), key=lambda e: amount_of(e[1]), reverse=not low)
    if len(ordered) < 2:
        return None
    count, position = how_many(text)
    chosen = ordered[position - 1 :][:1] if position else ordered[: count or 1]
    if not position and (count or 1) == 1:  # equals share the place
        chosen = [e for e in ordered if amount_of(e[1]) == amount_of(ordered[0][1])]
    for _, figure in chosen:
        ask.evidence.value(figure)
    words = {"measure": _called(chosen[0][1]), "word": "最少" if low else "最多"}
    if len(chosen) == 1:
        name, figure = chosen[0]
        return ask.evidence.answer(say("rank", **words, name=name, value=amount(figure)))
    ask.evidence.count(len(chosen))
    items = "；".join(f"{name}（{amount(f)}）" for name, f in chosen)
    return ask.evidence.answer(say("rank_many", **words, count=len(chosen), items=items))


def _without_own(text: str, column: Branches) -> bool:
    """Whether the department itself is left out: 下属单位, or as many as there are besides it."""
    if re.search(data.word("without_own"), text):
        return True
    number = re.search(data.word("number_of_bodies"), text)
    others = sum(not _own(n) for n in column.cells)
    return number is not None and numeral(number[1]) == others < len(column.cells)


def compared(ask: Ask) -> Answer | None:
    """两家单位谁多, 多多少: one column of two bodies that the question names."""
    text = squeeze(ask.text)
    if not re.search(data.word("branches_compared"), text):
        return None
    pair = _cells(ask, text, 2)
    if pair is None or any(f.value is None for f in pair):
        return None
    return compare_figures(ask, pair[0], pair[1])


def filtered(ask: Ask) -> Answer | None:
    """在职人数超过50人的单位有几家, 哪些."""
    text = squeeze(ask.text)
    if not re.search(data.word("branches_asked"), text):
        return None
    rule = condition(re.sub(r"(?<=\d)(人|名)(?!次)", "分", text), "score")
    column = _column(ask, text) if rule is not None else None
    if rule is None or column is None:
        return None
    kept = {n: f for n, f in column.cells.items() if f.value is not None}
    kept = {n: f for n, f in kept.items() if rule.holds(amount_of(f))}
    if not kept:
        return None
    items = "、".join(f"{name}（{amount(f)}）" for name, f in kept.items())
    if ask.reading.op == "count" or re.search("几家|几个|多少家", text):
        cited = [ask.evidence.cite(f) for f in kept.values()]
        for figure in kept.values():
            ask.evidence.quote(amount(figure))
        ask.evidence.count_value(len(kept), "家", "单位个数", cited)
        return ask.evidence.answer(say("count", count=len(kept), unit="家", items=items))
    for figure in kept.values():
        ask.evidence.value(figure)
    ask.evidence.count(len(kept))
    return ask.evidence.answer(say("list", count=len(kept), items=items))


def told(ask: Ask) -> Answer | None:
    """执法大队的三公经费预算: one column of the one body that the question names."""
    text = squeeze(ask.text)
    if not ask.reading.numeric or re.search(data.word("branches_more"), text):
        return None
    found = _cells(ask, text, 1)
    if found is None:
        return None
    (figure,) = found
    if figure.value is None:
        return nothing(ask, figure)
    ask.evidence.value(figure)
    label = f"{figure.subject}{_called(figure)}"
    return ask.evidence.answer(say("reported", label=label, value=amount(figure)))


def of_other_body(question: str, before: str, catalogue: Catalogue) -> str:
    """The question before, asked of the body that a follow-up names alone (公证处呢); or ""."""
    rest = re.sub(data.word("follow_up_frame"), "", re.sub("[?？。]$", "", question))
    for column in columns(catalogue):
        names = list(column.cells)
        now, then = bodies_named(squeeze(rest), names), bodies_named(squeeze(before), names)
        if len(now) == 1 and len(then) == 1 and now.keys() != then.keys():
            (said,), (other,) = now.values(), then.values()
            if squeeze(rest) in {said, f"那{said}"} and other in before:
                return before.replace(other, said, 1)
    return ""


def named_before(text: str, before: str, catalogue: Catalogue) -> str:
    """The one body that the clause before names, where this clause names none; "" otherwise."""
    for column in columns(catalogue):
        names = list(column.cells)
        earlier = bodies_named(squeeze(before), names)
        if len(earlier) == 1 and not bodies_named(squeeze(text), names):
            return next(iter(earlier.values()))
    return ""


def _own(name: str) -> bool:
    return bool(re.search(data.word("own_level"), name))


def _cells(ask: Ask, text: str, count: int) -> list[Figure] | None:
    """The cells, of the column that fits, of exactly `count` bodies that the question names."""
    best: tuple[float, list[Figure]] | None = None
    for column in _of_year(ask):
        named = bodies_named(text, list(column.cells))
        if len(named) != count:
            continue
        fit = _fit(ask, text, column, named.values())
        if fit >= _FITS and (best is None or fit > best[0]):
            best = fit, [column.cells[name] for name in named]
    return best[1] if best else None


def _of_year(ask: Ask) -> list[Branches]:
    """The columns of the year asked for: 2024年预算数 stands beside 2025年预算数."""
    year = ask.report.year
    asked: set[int | None] = set(ask.reading.years)
    if not asked and year and re.search(data.word("names_last_year"), ask.reading.original):
        asked = {year - 1}
    every = columns(ask.catalogue)
    kept = [
        c
        for c in every
        if {f.year for f in c.cells.values()} & (asked or {year})
        or not any(f.unit in MONEY for f in c.cells.values())
    ]
    return kept if asked else kept or list(every)


def _column(ask: Ask, text: str) -> Branches | None:
    """The column of the table by bodies that the question's words fit best."""
    fits = [(_fit(ask, text, c, ()), c) for c in _of_year(ask)]
    fit, column = max(fits, key=lambda e: e[0], default=(0.0, None))
    return column if fit >= _FITS else None


def _fit(ask: Ask, text: str, column: Branches, said: Iterable[str]) -> float:
    """How much of the question's words, without the bodies in them, the head of a column holds."""
    rest, said = text, list(said)
    for words in said:
        rest = rest.replace(words, " ")
    rest = content_of(re.sub(data.word("branches_frame"), " ", rest))
    if not rest.replace(" ", ""):
        whole = re.search(data.word("whole_budget"), text) and squeeze(column.head) in SUMS
        return 1.0 if whole and re.search(data.word("whole_tables"), column.title) else 0.0
    if not said and rest in {"预算", "决算"}:  # 预算最少的是哪个单位
        alone = re.fullmatch(data.word("amount_head"), squeeze(column.head))
        return _FITS if alone else 0.0
    rest = data.word_or("branch_columns", rest.replace(" ", ""), rest)
    if rest in SUMS and squeeze(column.head) in SUMS:
        return 1.0  # 总预算 is the 总计 of the table
    head, title = pairs(key(column.head)), pairs(key(column.title))
    rest = max(
        variants(rest),
        key=lambda words: ask.catalogue.explained(content_pairs(words), (head, 1.0)),
    )
    by_head = ask.catalogue.explained(content_pairs(rest), (head, 1.0))
    if squeeze(column.head) not in SUMS and by_head < _HEADED:
        return 0.0  # the title alone speaks of what is asked
    fit = ask.catalogue.explained(content_pairs(rest), (head, 1.0), (title, 0.8))
    layout = index_data.layout()
    if any(p in squeeze(column.title) and p not in text for p in layout.part_titles):
        return 0.0  # a table of a part that the question does not name
    if index_data.matches(layout.government_titles, squeeze(column.title)):
        fit -= 0.1
    own = len(head & content_pairs(rest)) / max(len(head), 1)
    return fit + 0.1 * own


def bodies_named(text: str, names: Sequence[str]) -> dict[str, str]:
    """The bodies that a text names, with the words that name them, in the order of the text."""
    said: dict[str, str] = {}
    plain = {name: squeeze(re.sub(r"[（(].*?[）)]", "", name)) for name in names}
    rest = text  # what no name has been read from yet
    for name in names:
        ends = [plain[name][i:] for i in range(len(plain[name]) - _SHORT + 1)]
        end = next((e for e in ends if e in text), "")
        if _own(name):
            own = re.search(data.word("own_asked"), text)
            said[name] = own[0] if own else ""
        elif end:
            said[name] = _with_abbreviated(plain[name], end, text)
            rest = rest.replace(said[name], " ")
    for name in names:
        said.setdefault(name, _abbreviated(plain[name], rest))
    found: dict[str, tuple[int, str]] = {}
    taken: dict[str, list[str]] = defaultdict(list)
    for name, words in said.items():
        if words:
            taken[words].append(name)
            found[name] = text.index(words), words
    for words, several in taken.items():
        longer = any(words != other and words in other for other in taken)
        if len(several) > 1 or longer:  # 中心 of two names says neither, nor a longer name's end
            for name in several:
                found.pop(name, None)
    ordered = sorted(found, key=lambda n: found[n][0])
    return {name: found[name][1] for name in ordered}


def _abbreviated(name: str, text: str) -> str:
    """The short name in a text that ends like the name and has its characters: 救助站, 质监站."""
    for match in re.finditer(re.escape(name[-1]), text):
        short = _short_until(match.end(), name, text, _SHORT)
        if short and short[-2:] not in name[:-1]:
            return short
    return ""


def _with_abbreviated(name: str, end: str, text: str) -> str:
    """The end of a name with the short form of what stands before it: 农机服务中心."""
    return _short_until(text.index(end) + len(end), name, text, len(end) + 1) or end


def _short_until(at: int, name: str, text: str, least: int) -> str:
    """The longest short form of a name that ends at a place of the text, "" for none."""
    for length in range(min(_LONG, at), least - 1, -1):
        if shortens(text[at - length : at], name):
            return text[at - length : at]
    return ""


_known: WeakKeyDictionary[Catalogue, tuple[Branches, ...]] = WeakKeyDictionary()


def columns(catalogue: Catalogue) -> tuple[Branches, ...]:
    """Every column of numbers of the tables by bodies, read once for each report."""
    known = _known.get(catalogue)
    if known is None:
        known = _known[catalogue] = tuple(_read(catalogue))
    return known


def _read(catalogue: Catalogue) -> list[Branches]:
    tables: dict[str, list[Figure]] = defaultdict(list)
    for entry in catalogue.entries:
        figure = entry.figure
        if figure.table and figure.item and not figure.total and not figure.project:
            tables[figure.table_id].append(figure)
    found = []
    for table, figures in tables.items():
        names = list(dict.fromkeys(f.subject for f in figures))
        bodies = [n for n in names if _BODY.search(re.sub(r"[（(].*", "", n)) or _own(n)]
        if len(bodies) < 2 or len(bodies) < _MOST * len(names):
            continue
        if catalogue.tables[table].kind == "form":
            continue
        kept = _without_sum(bodies)
        columns: dict[tuple[str, ...], dict[str, Figure]] = defaultdict(dict)
        for figure in figures:
            if figure.subject in kept and figure.measure != "attribute":
                columns[figure.column].setdefault(figure.subject, figure)
        for cells in columns.values():
            if any(f.value is not None for f in cells.values()):
                first = next(iter(cells.values()))
                head = _sum_of_table(first) or _head(first)
                found.append(Branches(head, first.table, cells))
    return found


def _without_sum(names: Sequence[str]) -> list[str]:
    """The bodies without the row that is the department with all of them."""
    plain = {n: squeeze(n) for n in names}
    own = [p for n, p in plain.items() if _own(n)]
    return [n for n in names if _own(n) or not any(o.startswith(plain[n]) for o in own)]


def _sum_of_table(figure: Figure) -> str:
    """The one thing that a table is about, where the column is its sum: 三公经费; "" otherwise."""
    last = squeeze(UNIT.sub("", figure.column[-1])) if figure.column else ""
    if last not in SUMS or last == "小计":  # which is of the columns beside it
        return ""
    title = squeeze(figure.table)
    return next(
        (thing for said, thing in data.names("thing_of_table").items() if said in title), ""
    )


_PART = 3  # characters of a head that is a part of what stands above it: 运行费


def _head(figure: Figure) -> str:
    """A column's name as people say it: 在职人数, 本年收入合计, 公务用车购置费."""
    parts = [UNIT.sub("", p) for p in figure.column]
    parts = [p for p in parts if not re.fullmatch(data.word("stage_of_year"), squeeze(p))] or parts
    if len(parts) > 1 and squeeze(parts[-1]) in SUMS:
        parts.pop()
    return _whole_head(*map(squeeze, parts[-2:])) if len(parts) > 1 else "".join(parts)


def _whole_head(group: str, last: str) -> str:
    """公务用车运行费 of 公务用车购置及运行费 > 运行费; the last part alone where it says enough."""
    at = group.find(last[:2])
    if at <= 0 or len(last) > _PART:
        return last
    return re.sub("..[及和与]$", "", group[:at]) + last


def _called(figure: Figure) -> str:
    """The same for users: a sum by the name of its table, “收入总表”合计."""
    head = _sum_of_table(figure) or _head(figure)
    return f"“{figure.table}”{head}" if squeeze(head) in SUMS else head
