"""Answers and their evidence as HTML for the page.

Everything that comes from a report or a user is escaped here and nowhere else. A block of HTML is
one line without blank lines, so that the Markdown around it leaves it alone. Numbers get thousands
separators and keep every digit; nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from html import escape

from index.values import Report
from qa.values import Answer, Calculation, Citation, Value

_YES_NO = {"yes": "是", "no": "否"}
_MOST_VALUES = 12


def page_name(citation: Citation) -> str:
    """`第16页（PDF第18页）`; without a printed page number `PDF第18页`."""
    if citation.page_label:
        return f"第{citation.page_label}页（PDF第{citation.page}页）"
    return f"PDF第{citation.page}页"


def number(value: Decimal) -> str:
    """`value` with thousands separators and all its digits."""
    return format(value, ",f")


def answer_html(answer: Answer, turn: int) -> str:
    """The chat message of `answer`; `turn` is what its citation links are told apart by."""
    parts = [f'<div class="rq-answer rq-{answer.status}">']
    if answer.status == "refused":
        parts.append('<div class="rq-badge">报告里没有</div>')
    elif answer.status == "clarify":
        parts.append('<div class="rq-badge">请再说明一点</div>')
    elif answer.polarity:
        verdict = _YES_NO[answer.polarity]
        parts.append(f'<div class="rq-verdict rq-{answer.polarity}">{verdict}</div>')
    if answer.status == "answered" and answer.values:
        parts.append(_headline(answer.values[0], small=answer.polarity is not None))
    parts.append(f'<div class="rq-text">{_lines(answer.text)}</div>')
    if len(answer.values) > 1:
        parts.append(_value_table(answer.values, turn))
    if answer.calculation:
        parts.append(_calculation(answer.calculation))
    for conflict in answer.conflicts:
        links = _links(answer.citations, conflict.citations, turn)
        parts.append(
            f'<div class="rq-note"><b>报告前后不一致</b> {_lines(conflict.text)}{links}</div>'
        )
    if answer.citations:
        chips = _source_links(answer.citations, turn)
        parts.append(f'<div class="rq-chips"><span class="rq-chips-name">出处</span>{chips}</div>')
    parts.append("</div>")
    return "".join(parts)


def evidence_html(
    citation: Citation,
    position: int,
    count: int,
    page_uri: str,
    cutout_uri: str,
    middle: tuple[float, float] = (0.5, 0.5),
) -> str:
    """The evidence pane: caption, quote, the cell enlarged, the whole page.

    `middle` is the cell's middle as shares of the page's width and height.
    """
    source = f" · {escape(citation.source)}" if citation.source else ""
    name = escape(page_name(citation))
    steps = (
        '<span class="rq-steps">'
        '<button type="button" data-step="-1" aria-label="上一处" title="上一处">‹</button>'
        f'<span class="rq-count">{position + 1}/{count}</span>'
        '<button type="button" data-step="1" aria-label="下一处" title="下一处">›</button></span>'
    )
    return (
        '<section class="rq-evidence">'
        f'<div class="rq-caption"><span class="rq-place"><b>{name}</b>{source}</span>'
        f"{steps if count > 1 else ''}</div>"
        f'<blockquote class="rq-quote">{_lines(citation.quote)}</blockquote>'
        f'<img class="rq-cut" src="{cutout_uri}" alt="所引之处放大">'
        '<div class="rq-sheet" title="点按放大或缩小"'
        f' data-middle="{middle[0]:.3f} {middle[1]:.3f}">'
        f'<img src="{page_uri}" alt="{name}的页面，所引之处已标出"></div>'
        "</section>"
    )


def no_evidence_html(text: str) -> str:
    """The evidence pane without a citation."""
    return f'<section class="rq-evidence rq-empty"><p>{escape(text)}</p></section>'


def header_html(report: Report | None) -> str:
    """The head of the page: the report's title, body, year and size."""
    if report is None:
        title, facts = "部门决算问答", ["数字、算法、页码，都来自报告本身"]
    else:
        title = report.title or report.file
        facts = [report.body, f"{report.year}年度" if report.year else "", f"{len(report.pages)}页"]
        facts += [
            f"{len(report.tables)}张表",
            f"{sum(f.value is not None for f in report.figures):,}个数字",
        ]
    spans = "".join(f"<span>{escape(fact)}</span>" for fact in facts if fact)
    return (
        '<header class="rq-head"><p class="rq-brand">部门决算问答</p>'
        f'<h1>{escape(title)}</h1><p class="rq-facts">{spans}</p></header>'
    )


def progress_html(text: str, fraction: float) -> str:
    """A bar with what is going on; empty when there is nothing to tell."""
    if not text:
        return ""
    percent = round(100 * min(max(fraction, 0.0), 1.0))
    return (
        f'<div class="rq-progress" role="status"><span>{escape(text)}</span><span>{percent}%</span>'
        f'<div class="rq-bar"><i style="width:{percent}%"></i></div></div>'
    )


def error_html(text: str) -> str:
    """A failure in one line; empty when there is none."""
    return f'<div class="rq-error" role="alert">{escape(text)}</div>' if text else ""


def _headline(value: Value, small: bool) -> str:
    size = " rq-small" if small else ""
    return (
        f'<div class="rq-figure{size}"><span class="rq-number">{number(value.value)}</span>'
        f'<span class="rq-unit">{escape(value.unit)}</span>'
        f'<span class="rq-label">{escape(value.label)}</span></div>'
    )


def _value_table(values: Sequence[Value], turn: int) -> str:
    def row(value: Value) -> str:
        links = "".join(_link(str(i + 1), i, turn) for i in value.citations)
        return (
            f"<tr><td>{escape(value.label)}</td><td>{number(value.value)}</td>"
            f"<td>{escape(value.unit)}</td><td>{links}</td></tr>"
        )

    rows = [row(value) for value in values]
    table = '<table class="rq-values">{}</table>'
    shown = table.format("".join(rows[:_MOST_VALUES]))
    if len(rows) > _MOST_VALUES:
        rest = table.format("".join(rows[_MOST_VALUES:]))
        shown += f"<details><summary>其余 {len(rows) - _MOST_VALUES} 项</summary>{rest}</details>"
    return shown


def _calculation(calculation: Calculation) -> str:
    operands = "".join(
        f"<li>{escape(str(o.get('label', '')))}：{_printed(o.get('value'))}"
        f"{escape(str(o.get('unit') or ''))}</li>"
        for o in calculation.operands
    )
    rounding = f'<p class="rq-rounding">{_lines(calculation.rounding)}</p>'
    return (
        '<details class="rq-calculation"><summary>怎样算出来的</summary>'
        f'<p class="rq-formula">{_lines(calculation.formula)}</p>'
        f"<ul>{operands}</ul>{rounding if calculation.rounding else ''}</details>"
    )


def _printed(value: object) -> str:
    try:
        return number(Decimal(str(value)))
    except InvalidOperation:
        return escape(str(value or ""))


def _links(citations: Sequence[Citation], positions: Iterable[int], turn: int) -> str:
    return "".join(_link(_short_page(citations[i]), i, turn) for i in positions)


def _source_links(citations: Sequence[Citation], turn: int) -> str:
    """One link for each page and source, to the first citation there; the others are counted."""
    places: dict[tuple[int, str], list[int]] = {}
    for i, citation in enumerate(citations):
        places.setdefault((citation.page, citation.source), []).append(i)
    links = []
    for (_, source), positions in places.items():
        text = _short_page(citations[positions[0]]) + (f" · {source}" if source else "")
        if len(positions) > 1:
            text += f"（{len(positions)}处）"
        links.append(_link(text, positions[0], turn))
    return "".join(links)


def _short_page(citation: Citation) -> str:
    return f"第{citation.page_label}页" if citation.page_label else f"PDF第{citation.page}页"


def _link(text: str, position: int, turn: int) -> str:
    return f'<a class="rq-chip" href="#cite-{turn}-{position}">{escape(text)}</a>'


def _lines(text: str) -> str:
    return escape(text.strip()).replace("\n", "<br>")
