"""Names that differ for one thing: accounts, the body itself, accounts listed that hold nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from index.check.equations import Rule
from index.check.findings import Finding, Term, place_of, term
from index.check.lookup import Reading, plain
from index.check.places import Place, places, text_term
from index.check.rules import rules
from index.text import fold, squeeze
from index.values import Figure
from prompts import say

_ALIKE_TITLE = 80  # a title that names the body a little differently


def check_names(reading: Reading) -> Iterator[Finding]:
    yield from _accounts(reading)
    yield from _body(reading)
    yield from _listings(reading)


# --- accounts


def _accounts(reading: Reading) -> Iterator[Finding]:
    """类, 款 and 项 of the prose against the names in the table of the general budget."""
    rule = Rule("account_name", "科目名称与表一致", rules().prose_source, "warning")
    tables = reading.roles.get("general") or reading.roles.get("outlay") or []
    if not tables:
        return
    rows = [
        f
        for f in reading.by_table[tables[0].id]
        if f.code and len(f.item) == 3 and not f.facet and f.value is not None
    ]
    known = {_account(name) for f in rows for name in f.item}
    seen: set[tuple[str, str]] = set()
    for figure in reading.prose:
        if len(figure.item) != 3 or figure.measure not in {"final", "budget"} or figure.project:
            continue
        wrong = _wrong_name(figure, rows, known)
        if wrong is None:
            terms: tuple[Term, ...] = (term(figure, "compared"),)
            text = say("check_names_ok", what=f"科目“{figure.name}”")
            yield Finding(rule.key, rule.name, rule.source, "ok", "note", text, terms, bound=True)
            continue
        stated, expected, row = wrong
        if (stated, expected) in seen:
            continue
        seen.add((stated, expected))
        text = say("check_name_account", place=place_of(figure), stated=stated, expected=expected)
        terms = (term(figure, "stated", stated), term(row, "compared", expected))
        yield Finding(rule.key, rule.name, rule.source, "differs", "warning", text, terms)


def _account(name: str) -> str:
    return re.sub(r"(支出|收入)$", "", plain(name))


def _wrong_name(
    figure: Figure, rows: list[Figure], known: set[str]
) -> tuple[str, str, Figure] | None:
    """The first level of the path that the table calls otherwise, with the table's row.

    The row is that of the same name, else the only one with the same amount.
    """
    leaf = _account(figure.item[-1])
    named = [f for f in rows if _account(f.item[-1]) == leaf]
    if any([_account(a) for a in f.item] == [_account(b) for b in figure.item] for f in named):
        return None
    if not named and leaf not in known:
        named = [f for f in rows if f.value == figure.value and f.unit == figure.unit and f.value]
    if len(named) != 1:
        return None
    for stated, expected in zip(figure.item, named[0].item, strict=True):
        if _account(stated) != _account(expected):
            return stated, expected, named[0]
    return None


# --- the body


def _body(reading: Reading) -> Iterator[Finding]:
    """The report's own body under another name: 与 for 和, a title that lost a word.

    In the prose only one character may differ: other bodies have names like it.
    """
    body = re.sub(r"\((?:本级|机关|本部)\)$", "", squeeze(reading.report.body))
    if len(body) < 6:
        return
    rule = Rule("body_name", "单位名称前后一致", rules().prose_source, "warning")
    pattern = re.compile(re.escape(body[:2]) + r"[\u4e00-\u9fff]{1,30}?" + re.escape(body[-3:]))
    seen: set[str] = set()
    for place in places(reading):
        for match in pattern.finditer(squeeze(place.text)):
            stated = match.group()
            if stated == body or stated in seen or stated.startswith(body):
                continue
            slip = Levenshtein.distance(stated, body) <= 1
            if not slip and not (place.title and fuzz.ratio(stated, body) >= _ALIKE_TITLE):
                continue
            seen.add(stated)
            text = say("check_name_body", place=place.name, stated=stated, expected=body)
            evidence = (_quote(place, stated),)
            yield Finding(rule.key, rule.name, rule.source, "differs", "warning", text, evidence)
    if not seen:
        text = say("check_names_ok", what=f"单位“{body}”")
        yield Finding(rule.key, rule.name, rule.source, "ok", "note", text, (), bound=True)


def _quote(place: Place, text: str) -> Term:
    """The words where they stand; the whole line where white space or quotes tear them apart."""
    at = fold(place.text).find(text)
    return text_term(place, at, at + len(text)) if at >= 0 else text_term(place, 0, len(place.text))


# --- lists


def _listings(reading: Reading) -> Iterator[Finding]:
    """人员经费 ..., 主要包括 a、b、c: accounts named that the table leaves empty."""
    rule = Rule("listed_empty", "所列科目在表中有数", rules().prose_source, "warning")
    tables = reading.roles.get("basic", [])
    if not tables:
        return
    amounts = {
        plain(f.subject): f for f in reading.by_table[tables[0].id] if f.code and f.state != "text"
    }
    for figure in reading.prose:
        if plain(figure.subject) not in {"人员经费", "公用经费"} or figure.measure != "final":
            continue
        paragraph = reading.paragraphs[figure.table_id]
        text = fold(paragraph.text)
        start = text.find(fold(figure.printed), figure.row)
        match = re.compile(rules().listing).search(text, max(start, 0))
        if not match:
            continue
        names = [
            re.sub(r"[\d.,]+(万|亿)?元|等$", "", n) for n in re.split("[、,，]", match["items"])
        ]
        rows = [row for n in names if (row := _row(amounts, plain(n))) is not None]
        empty = [row for row in rows if not row.value]
        if not rows:
            continue
        listed = "、".join(f"“{row.name}”" for row in empty)
        words = {"place": place_of(figure), "label": figure.subject, "items": listed}
        sentence = say("check_listing" if empty else "check_listing_ok", **words)
        yield rule.judged(
            not empty,
            sentence,
            (term(figure, "stated"), *(term(row, "compared") for row in empty or rows)),
            severity="warning",
            bound=True,
        )


def _row(amounts: dict[str, Figure], name: str) -> Figure | None:
    return amounts.get(name) or amounts.get(re.sub("支出$", "", name))
