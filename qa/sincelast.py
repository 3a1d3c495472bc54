"""Yes or no against last year: 比上年多吗, 和上年一样吗, 项目支出比上年多了吗."""

from __future__ import annotations

import re

from prompts import say
from qa import data, trend
from qa.ask import Ask
from qa.reading import content_of
from qa.textual import cite_quote, prose_clauses
from qa.trend import changes, compared_content
from qa.values import Answer


def told_to_have_moved(ask: Ask) -> Answer | None:
    """项目支出比上年多了吗, where the report says so without an amount: 主要原因是项目支出增加."""
    if not re.search(data.word("against_last_year"), ask.text):
        return None
    item = compared_content(ask)
    if len(item) < _ITEM or " " in item:
        return None
    for quote, clause in prose_clauses(ask):
        told = re.search(
            f"{re.escape(item)}(经费|支出)?(较上年|比上年)?(?P<moved>增|减|下降)", clause
        )
        if told is None or re.search("预算", clause):
            continue
        cite_quote(ask, quote)
        yes = (told["moved"] == "增") == _asks_more(ask)
        return ask.evidence.decided(yes, say("quote", quote=quote.text.strip()))
    return None


def same_as_last_year(ask: Ask) -> Answer | None:
    """和上年一样吗: the change, or the sentence that says that there is none."""
    match = re.search(data.word("same_as_last_year"), ask.text)
    if not match:
        return None
    years = [y for y in ask.reading.years if y != ask.report.year]
    if years and ask.report.year is not None and years != [ask.report.year - 1]:
        return None
    content = content_of(ask.text[: match.start()]) or compared_content(ask)
    moved = next((f for f in changes(ask, content) if f is not None and f.value is not None), None)
    if moved is not None:
        answer = trend.change(ask)
        return ask.evidence.decided(moved.value == 0, answer.text) if answer else None
    level = trend.level(ask, ask.text[: match.start()])
    return ask.evidence.decided(True, level) if level else None


def against_last_year(ask: Ask) -> Answer | None:
    """比上年多吗: the sign of the change."""
    if not re.search(data.word("against_last_year"), ask.text):
        return None
    content = compared_content(ask)
    change, rate = changes(ask, content)
    moved = change or rate
    if moved is None:
        told = trend.level(ask, content) if content else None
        same = bool(re.search(data.word("asks_if_level"), ask.text))
        return ask.evidence.decided(same, told) if told else None
    if moved.value is None:
        return None
    if re.search(data.word("asks_if_moved"), ask.text):
        answer = trend.change(ask)
        return ask.evidence.decided(moved.value != 0, answer.text, have=True) if answer else None
    yes = (moved.value > 0) if _asks_more(ask) else (moved.value < 0)
    answer = trend.change(ask)
    return ask.evidence.decided(yes, answer.text) if answer else None


def _asks_more(ask: Ask) -> bool:
    """Whether it is asked if there is more, not if there is less."""
    return bool(re.search(r"增|多|涨|升|高|大", ask.text))


_ITEM = 3  # characters of an item's name
