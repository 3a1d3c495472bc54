"""An account found by what its money is for: 请中介机构做审计花了多少.

Reports explain each account of the budget or the final accounts with 主要用于…; a question that
says only the use is linked to the account through these words.
"""

from __future__ import annotations

import re

from index.claims import sentences
from index.text import fold
from index.values import Figure, Paragraph
from prompts import say
from qa import data
from qa.ask import Ask
from qa.evidence import amount
from qa.names import AMOUNTS, MONEY, content_pairs, core, key, same_family
from qa.plan import label_of
from qa.reading import content_of
from qa.textual import Quote, best_sentence, cite_quote
from qa.values import Answer

_PURPOSE = re.compile(data.word("purpose"))
_TOLD = re.compile(data.word("purpose_told"))  # of an account named, 用于 alone says it as well
_ENOUGH = 0.6  # share of the question's weight that the use told must hold
_CLEARLY = 0.15  # by which it must hold more than the next account's


def spent_on(ask: Ask) -> Answer | None:
    """The amount of the account whose use the question describes, with the words on its use."""
    wanted = _told_pairs(ask.reading.content)
    named = set(ask.reading.units) & MONEY or ask.reading.measure in AMOUNTS
    money = named or re.search(data.word("that_much_money"), ask.text)
    if len(wanted) < _LEAST or not money or ask.reading.has("reason"):
        return None
    if any(key(s) in ask.catalogue.subjects for s in ask.reading.content.split()):
        return None  # a figure is named, which the look-up has not found to be the answer
    uses = sorted(
        (
            (ask.catalogue.explained(wanted, (_told_pairs(m["use"]), 1.0)), p, m, end)
            for p in ask.report.paragraphs
            if not p.heading
            for m, end in _uses(p)
        ),
        key=lambda found: -found[0],
    )
    if not uses or uses[0][0] < _ENOUGH:
        return None
    best, paragraph, match, end = uses[0]
    listed = [p for p in re.split("[、，,]|和(?=[^和]*$)", match["use"]) if p]
    if len(listed) > 1 and re.search(data.word("one_undertaking"), ask.text):
        return None  # one of several that the amount is spent on
    if any(best - share < _CLEARLY for share, *_ in uses[1:2]):
        return None
    figure = _amount_of(ask, paragraph, match.start(), end)
    if figure is None:
        return None
    ask.evidence.value(figure)
    quote = Quote(paragraph, match.start(), match.end())
    cite_quote(ask, quote)
    return ask.evidence.answer(
        say("reported", label=label_of(figure), value=amount(figure))
        + say("quote", quote=quote.text)
    )


def _told_pairs(words: str) -> frozenset[str]:
    """The pairs of characters of what is done, without the verbs that say no more than that.

    做审计和绩效评价 and 开展各类审计及绩效评价工作 are one.
    """
    return content_pairs(re.sub(data.word("light_doing"), " ", words))


def told(ask: Ask) -> Answer | None:
    """购房补贴是干什么的, 发给谁: what the report says the account named is for."""
    match = re.search(data.word("asks_purpose"), ask.text)
    if match is None:
        return None
    asked = re.sub(data.word("that_money"), "", ask.text[: match.start()])
    hit = ask.link(asked) if content_of(asked) else None
    if hit is None and re.search(data.word("asks_aim"), ask.text):
        return _aim(ask, asked)
    if hit is None or (hit.named < _NAMED and hit.cover < _COVERED):
        return None
    name = core(hit.figure.subject)
    for paragraph in ask.report.paragraphs:
        for use, _ in _uses(paragraph, _TOLD):
            start = _sentence_of(paragraph, use.start())
            if use.start() - start < _HEADLESS and start:  # …（项）。主要用于…
                start = _sentence_of(paragraph, start - 1)
            if not paragraph.heading and name in key(paragraph.text[start : use.start()]):
                quote = Quote(paragraph, start, use.end())
                cite_quote(ask, quote)
                return ask.evidence.answer(say("quote", quote=quote.text.strip()))
    return None


def _aim(ask: Ask, doing: str) -> Answer | None:
    """印任务书是为了什么: the sentence that says what a doing is to achieve."""
    found = best_sentence(ask, _ENOUGH, re.compile(data.word("aim_told")), content_of(doing))
    if not isinstance(found, Quote):
        return None
    cite_quote(ask, found)
    return ask.evidence.answer(say("quote", quote=found.text.strip()))


_COVERED = 0.8  # or share of the words on the account that its figure explains
_HEADLESS = 2  # characters before 主要用于 that name no account
_NAMED = 0.9  # share of the account's name that the question must hold
_LEAST = 4  # pairs of characters that a use is told by


def _uses(paragraph: Paragraph, use: re.Pattern[str] = _PURPOSE) -> list[tuple[re.Match[str], int]]:
    """Each use that a paragraph tells, and where the sentence of the next one begins."""
    found = list(use.finditer(fold(paragraph.text)))
    starts = [_sentence_of(paragraph, m.start()) for m in found]
    ends = [*starts[1:], len(paragraph.text)]
    return list(zip(found, ends[: len(found)], strict=True)) if found else []


def _sentence_of(paragraph: Paragraph, at: int) -> int:
    return next((s for s, e in sentences(paragraph.text) if s <= at < e), 0)


def _amount_of(ask: Ask, paragraph: Paragraph, at: int, end: int) -> Figure | None:
    """The amount between the sentence at `at` and `end` that has the measure asked for, the
    final one if none is."""
    start = _sentence_of(paragraph, at)
    asked = ask.reading.measure
    asked = "final" if asked in {"", "actual", "executed"} else asked
    told = [
        f
        for f in ask.report.figures
        if not f.table
        and f.value is not None
        and f.unit in MONEY
        and f.sentence.strip()
        and f.sentence.strip() in paragraph.text
        and start <= f.row < end
    ]
    fits = [f for f in told if f.measure == asked or same_family(f.measure, asked)]
    if not fits and ask.report.kind == "budget":
        fits = [f for f in told if f.measure == "budget"]
    return fits[0] if len({f.value for f in fits}) == 1 else None
