"""What a budget explains of a project under its own title: 项目概述, 立项依据, 实施主体, 实施周期.

The layout follows the 项目经费情况说明 of departmental budgets: a title with the project as name,
and numbered sections below it.
"""

from __future__ import annotations

import re

from index.labels import strip_number
from index.prose import PROJECT_TITLE
from index.text import fold, squeeze
from index.values import Paragraph
from prompts import say
from qa import data
from qa.ask import Ask
from qa.names import core, key, pairs
from qa.textual import Quote, cite_quote
from qa.values import Answer

_NAMED = 0.7  # share of the project's name that the question must hold, or
_PARTLY = 0.5  # this share of it, and by
_CLEARLY = 0.25  # more than of any other's


def project_note(ask: Ask) -> Answer | None:
    """The section of the project's explanation that the question asks for, quoted whole."""
    text = squeeze(ask.text)
    asked = next(
        (head for head, words in data.names("project_sections").items() if re.search(words, text)),
        "",
    )
    if not asked or ask.reading.has("rank", "difference", "share"):
        return None
    ranked: list[tuple[float, list[Paragraph]]] = [(0.0, [])]
    words = pairs(key(text))
    for title, paragraphs in _sections(ask, asked).items():
        match = PROJECT_TITLE.match(title)
        own = pairs(core(re.sub(r"\(.*?\)", "", match["name"]))) if match else frozenset()
        ranked.append((len(own & words) / max(len(own), 1), paragraphs))
    second, best = sorted(ranked, key=lambda r: r[0])[-2:] if len(ranked) > 1 else ranked * 2
    if best[0] < _NAMED and (best[0] < _PARTLY or best[0] < second[0] + _CLEARLY):
        return None
    for paragraph in best[1]:
        cite_quote(ask, Quote(paragraph, 0, len(paragraph.text)))
    quoted = "".join(p.text for p in best[1])
    text = say("quote", quote=quoted)
    asked_days, told_days = _days(ask.reading.original), _days(quoted)
    if not ask.reading.has("yes_no") or not asked_days or not told_days:
        return ask.evidence.answer(text)
    # 到…为止 asks about the last day, whatever else about any.
    ends = bool(re.search(data.word("until"), ask.text))
    yes = asked_days[-1:] == told_days[-1:] if ends else set(asked_days) <= set(told_days)
    return ask.evidence.decided(yes, text)


def _days(text: str) -> list[tuple[int, int, int]]:
    """The days that a text names, in its order: 2025.3.1, 2025年3月1日."""
    found = re.finditer(r"(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})", fold(text))
    return [(int(m[1]), int(m[2]), int(m[3])) for m in found]


def _sections(ask: Ask, heading: str) -> dict[str, list[Paragraph]]:
    """The paragraphs under that heading, by the title of the project's explanation."""
    found: dict[str, list[Paragraph]] = {}
    for paragraph in ask.report.paragraphs:
        if paragraph.heading or len(paragraph.section) < 2:
            continue
        title = fold(paragraph.section[0])
        if PROJECT_TITLE.match(title) and strip_number(paragraph.section[-1]) == heading:
            found.setdefault(title, []).append(paragraph)
    return found
