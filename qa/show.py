"""Answers as HTML for the chat.

Everything that comes from a report or a user is escaped here. A message is one line without blank
lines, so that the Markdown around it leaves it alone; what can be clicked is a link, since Gradio's
sanitiser takes every other handle away (`#cite-turn-position`, `#ask-turn-n`, `#right-turn`,
`#wrong-turn`; `page.js` acts on them). Numbers get thousands separators and keep every digit;
nothing is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any

from prompts import templates
from qa.places import Located
from qa.talk import Turn
from qa.values import Answer, Calculation, Citation, Compared, Value
from qa.words import CHINESE, Words, page_words

_MOST_VALUES = 12

Form = Callable[[Citation], str]


def page_name(citation: Citation, words: Words = CHINESE) -> str:
    """`第16页（PDF第18页）`; without a printed page number `PDF第18页`."""
    return page_words(citation.page_label, citation.page, words)


def number(value: Decimal) -> str:
    """`value` with thousands separators and all its digits."""
    return format(value, ",f")


def lines(text: str) -> str:
    """A text of several lines, escaped."""
    return escape(text.strip()).replace("\n", "<br>")


def question_html(text: str) -> str:
    """The visitor's words as they are: no Markdown, so that a picture's address is not fetched."""
    return f'<div class="rq-asked">{lines(text)}</div>'


def tools_html(turn: Turn, position: int, words: Words) -> str:
    """What can be done about an answer: say whether it is right, ask on; empty for a failure."""
    if turn.answer is None:
        return ""
    tools = _verdict_links(turn, position, words) + _next_links(turn, position, words)
    return f'<div class="rq-tools">{tools}</div>'


def answer_html(
    answer: Answer, turn: int, words: Words = CHINESE, places: Located | None = None
) -> str:
    """The answer; `turn` is what its citation links are told apart by."""
    form: Form = places.form if places else lambda _: ""
    text, notes = split_notes(answer.text)
    for conflict in answer.conflicts:  # said once, in its note
        text = text.replace(conflict.text, "")
    parts = [f'<div class="rq-answer rq-{answer.status}">']
    if answer.status == "refused":
        parts.append(f'<div class="rq-badge">{words("refused")}</div>')
    elif answer.status == "clarify":
        parts.append(f'<div class="rq-badge">{words("clarify")}</div>')
    elif answer.polarity:
        verdict = words(answer.polarity)
        parts.append(f'<div class="rq-verdict rq-{answer.polarity}">{verdict}</div>')
    if answer.status == "answered" and answer.values and not answer.each:
        parts.append(_headline(answer.values[0], small=answer.polarity is not None))
    if text.strip():
        parts.append(f'<div class="rq-text">{lines(text)}</div>')
    for name, said in notes:
        parts.append(f'<div class="rq-note rq-assumed">{escape(words(name, name=said))}</div>')
    if answer.notice:
        parts.append(f'<div class="rq-note rq-notice">{escape(answer.notice)}</div>')
    if answer.compared:
        parts.append(compared_table(answer.compared, answer.citations, turn, words))
    elif len(answer.values) > 1:
        parts.append(_value_table(answer, turn, words))
    if answer.calculation:
        operands = places.operands(answer) if places else ()
        parts.append(_calculation(answer.calculation, operands, answer, turn, words))
    for conflict in answer.conflicts:
        links = "".join(
            _cite_link(page_name(answer.citations[i], words), i, turn) for i in conflict.citations
        )
        parts.append(
            f'<div class="rq-note rq-conflict"><b>{words("conflict")}</b>'
            f"<div>{lines(conflict.text.removeprefix(words('conflict') + '：'))}</div>"
            f'<div class="rq-chips">{links}</div></div>'
        )
    if answer.choices:
        choices = "".join(_ask_link(c, i, turn, "rq-choice") for i, c in enumerate(answer.choices))
        parts.append(
            f'<div class="rq-ways"><span class="rq-name">{words("choose")}</span>{choices}</div>'
        )
    if answer.citations:
        chips = _source_links(answer.citations, turn, form, words)
        parts.append(
            f'<div class="rq-chips"><span class="rq-name">{words("sources")}</span>{chips}</div>'
        )
    parts.append("</div>")
    return "".join(parts)


def split_notes(text: str) -> tuple[str, list[tuple[str, str]]]:
    """An answer's text without what it says of its own reading, and that as (name, words)."""
    notes: list[tuple[str, str]] = []
    for template, slot in (("assumed", "name"), ("carried", "carried")):
        before, _, after = templates()[template].partition("{" + slot + "}")
        pattern = re.escape(before) + r"([^（）]+(?:（[^（）]*）[^（）]*)*)" + re.escape(after)
        for match in re.finditer(pattern, text):
            notes.append((f"note_{template}", match[1]))
        text = re.sub(pattern, "", text)
    return text, notes


def _headline(value: Value, small: bool) -> str:
    size = " rq-small" if small else ""
    return (
        f'<div class="rq-figure{size}"><span class="rq-number">{number(value.value)}</span>'
        f'<span class="rq-unit">{escape(value.unit)}</span>'
        f'<span class="rq-label">{escape(value.label)}</span></div>'
    )


def _value_table(answer: Answer, turn: int, words: Words) -> str:
    def row(value: Value) -> str:
        links = "".join(
            _cite_link(_short_page(answer.citations[i], words), i, turn)
            for i in value.citations[:1]
        )
        return (
            f"<tr><td>{escape(value.label)}</td><td>{number(value.value)}</td>"
            f"<td>{escape(value.unit)}</td><td>{links}</td></tr>"
        )

    rows = [row(value) for value in answer.values]
    table = '<table class="rq-values">{}</table>'
    shown = table.format("".join(rows[:_MOST_VALUES]))
    if len(rows) > _MOST_VALUES:
        rest = table.format("".join(rows[_MOST_VALUES:]))
        name = words("other_values", count=len(rows) - _MOST_VALUES)
        shown += f"<details><summary>{name}</summary>{rest}</details>"
    return shown


def compared_table(
    compared: Sequence[Compared], citations: Sequence[Citation], turn: int, words: Words
) -> str:
    """What each of several reports says, with its page; where it says nothing, why."""

    def row(one: Compared) -> str:
        name = f'<th scope="row" title="{escape(one.title)}">{escape(one.name)}</th>'
        note = words(f"compared_{one.note}") if one.note else ""
        if one.value is None:
            return f'<tr>{name}<td colspan="3">{note}</td></tr>'
        links = "".join(
            _cite_link(_short_page(citations[i], words), i, turn) for i in one.citations[:1]
        )
        small = f"<small>{note}</small>" if note else ""
        return (
            f"<tr>{name}<td>{number(one.value)}{small}</td><td>{escape(one.unit)}</td>"
            f"<td>{links}</td></tr>"
        )

    rows = "".join(row(one) for one in compared)
    return f'<table class="rq-values rq-compared"><tbody>{rows}</tbody></table>'


def _calculation(
    calculation: Calculation,
    positions: Sequence[int | None],
    answer: Answer,
    turn: int,
    words: Words,
) -> str:
    """The formula, and each operand as a link to its cell where that is cited."""

    def item(operand: Mapping[str, Any], position: int | None) -> str:
        amount = f"{_printed(operand.get('value'))}{escape(str(operand.get('unit') or ''))}"
        label = escape(str(operand.get("label", "")))
        if position is None:
            return f"<li>{label}：{amount}</li>"
        page = escape(page_name(answer.citations[position], words))
        return (
            f'<li><a class="rq-operand" href="#cite-{turn}-{position}"'
            f' title="{words("operand_hint")}">{label}：<b>{amount}</b>'
            f'<span class="rq-where">{page}</span></a></li>'
        )

    filled = [*positions, *[None] * len(calculation.operands)]
    operands = "".join(item(o, p) for o, p in zip(calculation.operands, filled, strict=False))
    rounding = words("rounding", text=calculation.rounding) if calculation.rounding else ""
    shown = f'<p class="rq-rounding">{lines(rounding)}</p>' if rounding else ""
    return (
        f'<details class="rq-calculation"><summary>{words("calculation")}</summary>'
        f'<p class="rq-formula">{lines(calculation.formula)}</p>'
        f'<ul class="rq-operands">{operands}</ul>{shown}</details>'
    )


def _printed(value: object) -> str:
    try:
        return number(Decimal(str(value)))
    except InvalidOperation:
        return escape(str(value or ""))


def _source_links(citations: Sequence[Citation], turn: int, form: Form, words: Words) -> str:
    """One link for each page and source, to the first citation there; the others are counted."""
    places: dict[tuple[str, int, str], list[int]] = {}
    for i, citation in enumerate(citations):
        place = (citation.report, citation.page, citation.source)
        places.setdefault(place, []).append(i)
    links = []
    for (_, _, source), positions in places.items():
        first = citations[positions[0]]
        text = page_name(first, words) + (form(first) or (f" · {source}" if source else ""))
        if len(positions) > 1:
            text += words("places", count=len(positions))
        links.append(_cite_link(text, positions[0], turn, source))
    return "".join(links)


def _short_page(citation: Citation, words: Words) -> str:
    if citation.page_label:
        return words("page_short", label=citation.page_label)
    return words("page_plain", page=citation.page)


def _cite_link(text: str, position: int, turn: int, title: str = "") -> str:
    hint = f' title="{escape(title)}"' if title else ""
    return f'<a class="rq-chip" href="#cite-{turn}-{position}"{hint}>{escape(text)}</a>'


def _ask_link(question: str, n: int, turn: int, kind: str) -> str:
    return f'<a class="{kind}" href="#ask-{turn}-{n}">{escape(question)}</a>'


def _next_links(turn: Turn, position: int, words: Words) -> str:
    links = _links(turn.more, lambda text, n: _ask_link(text, n, position, "rq-next"))
    if not links:
        return ""
    return f'<div class="rq-ways"><span class="rq-name">{words("next")}</span>{links}</div>'


def _verdict_links(turn: Turn, position: int, words: Words) -> str:
    def link(verdict: str, sign: str) -> str:
        chosen = " rq-chosen" if turn.verdict == verdict else ""
        return (
            f'<a class="rq-judge{chosen}" href="#{verdict}-{position}">{sign} {words(verdict)}</a>'
        )

    return (
        f'<div class="rq-verdicts"><span class="rq-name">{words("feedback_question")}</span>'
        f"{link('right', '✓')}{link('wrong', '✗')}</div>"
    )


def _links(texts: Iterable[str], link: Callable[[str, int], str]) -> str:
    return "".join(link(text, n) for n, text in enumerate(texts))
