"""A dialogue as Markdown, with every figure, calculation and source: to be filed or passed on."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from index.values import Report
from qa.places import Places
from qa.show import number, page_name
from qa.talk import Talk, Turn
from qa.values import Answer
from qa.words import Words

_MARKUP = re.compile(r"([\\`*_\[\]<>#|])")


def as_markdown(talk: Talk, report: Report, places: Places, now: datetime) -> str:
    """The whole dialogue; what comes from the report or the visitor is no markup."""
    words = talk.words
    title = _plain(report.title or report.file)
    facts = words(
        "export_facts",
        report=report.id,
        file=_plain(report.file),
        time=now.strftime("%Y-%m-%d %H:%M"),
    )
    parts = [f"# {words('export_title', title=title)}", facts]
    for turn in talk.turns:
        parts += _turn(turn, places, words)
    return "\n\n".join(parts) + "\n"


def _turn(turn: Turn, places: Places, words: Words) -> list[str]:
    parts = [f"## {_plain(turn.question)}"]
    if turn.answer is None:
        return [*parts, _plain(turn.error)] if turn.error else parts
    answer = turn.answer
    if answer.status == "answered" and answer.values:
        first = answer.values[0]
        parts.append(f"**{number(first.value)}{_plain(first.unit)}** {_plain(first.label)}")
    parts.append(_plain(answer.text))
    if answer.calculation:
        lines: list[Any] = [f"{words('calculation')}：{_plain(answer.calculation.formula)}"]
        if answer.calculation.rounding:
            lines.append(_plain(words("rounding", text=answer.calculation.rounding)))
        parts.append("  \n".join(lines))
    parts += [f"> {words('conflict')}：{_plain(c.text)}" for c in answer.conflicts]
    if answer.citations:
        parts.append("\n".join(_sources(answer, places, words)))
    return parts


def _sources(answer: Answer, places: Places, words: Words) -> list[str]:
    return [
        f"- {page_name(c, words)} {places.form(c)} {_plain(c.source)}：{_plain(c.quote)}"
        for c in answer.citations
    ]


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
