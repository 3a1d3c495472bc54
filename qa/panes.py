"""The rest of the page as HTML: its head, progress, the evidence pane, the report cards.

Everything that comes from a report is escaped here. `data-` attributes are what `page.js` acts on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from index.pictures import Sheet
from index.store import ReportInfo
from index.values import Box, Report
from qa.show import lines, page_name
from qa.values import Citation
from qa.words import CHINESE, Words

_PAD = 2.0  # points around a cell, so that the mark's outline does not touch the digits


@dataclass(frozen=True, slots=True)
class Shown:
    """A citation to show: the `position`-th of `cited`, with the form code of its table."""

    cited: Sequence[Citation]
    position: int = 0
    form: str = ""
    report: str = ""  # its title, where several reports are shown

    @property
    def citation(self) -> Citation:
        return self.cited[self.position]


def evidence_html(shown: Shown, sheet: Sheet, cutout: str, words: Words = CHINESE) -> str:
    """The evidence pane: caption, quote, the cell enlarged, the whole page with its marks.

    The other citations on the same page are marked more faintly and can be selected.
    """
    citation = shown.citation
    parts = (shown.report, shown.form, citation.source)
    source = " · ".join(escape(part) for part in parts if part)
    name = escape(page_name(citation, words))
    picture = escape(words("page_picture", page=page_name(citation, words)))
    marks = "".join(
        _mark(other, i, sheet, i == shown.position, words)
        for i, other in sorted(enumerate(shown.cited), key=lambda pair: pair[0] == shown.position)
        if (other.report, other.page) == (citation.report, citation.page)
        and (i == shown.position or other.box != citation.box)
    )
    return (
        f'<section class="rq-evidence" tabindex="0" aria-label="{words("evidence")}">'
        f'<div class="rq-caption"><span class="rq-place"><b>{name}</b>'
        f"{' · ' if source else ''}{source}</span>{_steps(shown, words)}</div>"
        f'<blockquote class="rq-quote">{lines(citation.quote)}</blockquote>'
        f'<img class="rq-cut" src="{cutout}" alt="{words("cutout")}">'
        f'<div class="rq-zoom">{_zoom_buttons(words)}</div>'
        f'<div class="rq-sheet" tabindex="0"><div class="rq-paper">'
        f'<img src="{sheet.uri}" alt="{picture}"'
        f' width="{round(sheet.width)}" height="{round(sheet.height)}">{marks}</div></div>'
        "</section>"
    )


def no_evidence_html(text: str) -> str:
    """The evidence pane without a citation."""
    return f'<section class="rq-evidence rq-empty"><p>{escape(text)}</p></section>'


def header_html(report: Report | None, words: Words = CHINESE) -> str:
    """The head of the page: the report's title, body, year and size."""
    if report is None:
        title, facts = words("brand"), [words("tagline")]
    else:
        title = report.title or report.file
        count = sum(f.value is not None for f in report.figures)
        facts = _facts(report.body, report.year, words)
        facts += _sizes(len(report.pages), len(report.tables), count, words)
    spans = "".join(f"<span>{escape(fact)}</span>" for fact in facts if fact)
    warned = report.warnings if report else ()
    notes = "".join(
        f'<p class="rq-note rq-warning">{escape(warning)}</p>' for warning in warned[:2]
    )
    return (
        f'<header class="rq-head"><p class="rq-brand">{words("brand")}</p>'
        f'<h1>{escape(title)}</h1><p class="rq-facts">{spans}</p>{notes}</header>'
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


def chart_html(title: str, sources: Iterable[tuple[str, str]], words: Words = CHINESE) -> str:
    """Under a chart: what it shows, and the pages it stands on as links to their cells."""
    links = "".join(
        f'<a class="rq-chip" href="#figure-{escape(figure)}">{escape(page)}</a>'
        for page, figure in sources
    )
    return (
        f'<div class="rq-chart-head"><h3>{escape(title)}</h3><div class="rq-chips">'
        f'<span class="rq-name">{words("sources")}</span>{links}</div></div>'
    )


@dataclass(frozen=True, slots=True)
class Card:
    """A report of the store: its facts, its cover as a data address, what it is here."""

    info: ReportInfo
    cover: str
    is_open: bool = False
    is_sample: bool = False
    is_private: bool = False
    manages: bool = True


def cards_html(cards: Iterable[Card], words: Words = CHINESE) -> str:
    """The reports with cover, facts and what can be done with them."""
    found = "".join(_card(card, words) for card in cards)
    if not found:
        return f'<p class="rq-none">{words("reports_none")}</p>'
    return f'<ul class="rq-cards">{found}</ul>'


def _card(card: Card, words: Words) -> str:
    info = card.info
    title = escape(info.title or info.file)
    facts = _facts(info.body, info.year, words)
    sizes = _sizes(info.pages, info.tables, info.figures, words)
    spans = "".join(f"<span>{escape(f)}</span>" for f in (*facts, *sizes) if f)
    cover = escape(words("cover", title=info.title or info.file))
    report = escape(info.id)
    if card.is_open:
        first = f'<span class="rq-badge rq-on">{words("opened")}</span>'
    else:
        first = (
            f'<button type="button" class="rq-button" data-open="{report}">'
            f"{words('open_report')}</button>"
        )
    if card.is_sample:
        second = f'<span class="rq-badge rq-off">{words("sample_report")}</span>'
    elif card.is_private or card.manages:
        second = (
            f'<button type="button" class="rq-button rq-remove" data-remove="{report}"'
            f' data-sure="{words("remove_sure")}">{words("remove")}</button>'
        )
    else:
        second = ""
    if card.is_private:
        title += f' <span class="rq-badge rq-off">{words("private")}</span>'
    if card.is_private and card.manages:
        second += (
            f'<button type="button" class="rq-button" data-publish="{report}">'
            f"{words('publish')}</button>"
        )
    return (
        f'<li class="rq-card"><img src="{card.cover}" alt="{cover}">'
        f'<div><h3>{title}</h3><p class="rq-facts">{spans}</p>'
        f'<p class="rq-file">{escape(info.file)}</p><div class="rq-acts">{first}{second}</div>'
        "</div></li>"
    )


def _facts(body: str, year: int | None, words: Words) -> list[str]:
    return [body, words("fact_year", year=year) if year else ""]


def _sizes(pages: int, tables: int, figures: int, words: Words) -> list[str]:
    return [
        words("fact_pages", count=pages),
        words("fact_tables", count=tables),
        words("fact_figures", count=f"{figures:,}"),
    ]


def _steps(shown: Shown, words: Words) -> str:
    if len(shown.cited) < 2:
        return ""
    return (
        f'<span class="rq-steps">{_button("data-step", "-1", "‹", words("previous"))}'
        f'<span class="rq-count">{shown.position + 1}/{len(shown.cited)}</span>'
        f"{_button('data-step', '1', '›', words('following'))}</span>"
    )


def _zoom_buttons(words: Words) -> str:
    return (
        _button("data-zoom", "-1", "−", words("zoom_out"))
        + _button("data-zoom", "0", "↔", words("zoom_fit"))
        + _button("data-zoom", "1", "+", words("zoom_in"))
    )


def _button(name: str, value: str, sign: str, label: str) -> str:
    return (
        f'<button type="button" {name}="{value}" aria-label="{escape(label)}"'
        f' title="{escape(label)}">{sign}</button>'
    )


def _mark(citation: Citation, position: int, sheet: Sheet, here: bool, words: Words) -> str:
    """A citation's box as shares of the page, so that it stays in place at every zoom."""
    box = Box(
        max(0.0, citation.box.x0 - _PAD),
        max(0.0, citation.box.top - _PAD),
        min(sheet.width, citation.box.x1 + _PAD),
        min(sheet.height, citation.box.bottom + _PAD),
    )
    style = (
        f"left:{100 * box.x0 / sheet.width:.3f}%;top:{100 * box.top / sheet.height:.3f}%;"
        f"width:{100 * box.width / sheet.width:.3f}%;"
        f"height:{100 * box.height / sheet.height:.3f}%"
    )
    label = escape(words("marked", quote=citation.quote))
    if here:
        return f'<div class="rq-mark" role="img" aria-label="{label}" style="{style}"></div>'
    return (
        f'<button type="button" class="rq-mark rq-other" data-cite="{position}"'
        f' aria-label="{label}" title="{label}" style="{style}"></button>'
    )
