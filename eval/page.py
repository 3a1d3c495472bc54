"""The evaluation report as one HTML page that needs nothing beside it.

Pictures of cited pages are embedded with the cited cells marked; charts are inline SVG; fonts are
the reader's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from eval.answers import AnsweredCitation, AnswerRecord
from eval.charts import Bar, rate_chart, time_chart
from eval.gold import GoldItem
from eval.report import (
    BESIDE,
    CATEGORY_NAMES,
    NOTE,
    PARTS,
    category_table,
    headline_table,
    parts_table,
    percent,
)
from eval.retrieval import Found, Retrieval
from eval.score import Score
from eval.totals import Difference, by_category, expected, interval, total
from index.errors import PdfError
from index.pictures import render_page, webp_uri
from index.values import Box

_SCALE = 1.25  # pixels a point: small print can still be read, a page is about 80 kB
_QUALITY = 60


@dataclass(frozen=True, slots=True)
class Wrong:
    """A question that was not answered right; no answer when it cannot be scored."""

    item: GoldItem
    score: Score
    answer: AnswerRecord | None
    found: Found | None = None  # how the retrieval fared, where a page is asked for

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""


def html_page(
    gold: str,
    pdf: Path,
    systems: Mapping[str, Sequence[Score]],
    retrieval: Mapping[str, Retrieval | None],
    wrong: Sequence[Wrong],
    difference: Difference | None = None,
) -> str:
    """The page. The first system is the one evaluated; a page that cannot be drawn is left out."""
    scores = next(iter(systems.values()))
    low, high = interval(scores)
    return _template().render(
        gold=gold,
        pdf=pdf.name,
        sums=total(scores),
        within=f"{percent(low)}–{percent(high)}",
        accuracy=percent(total(scores).accuracy),
        tables=[
            ("与基线相比", headline_table(systems)),
            ("各项得分", parts_table(systems, retrieval)),
            ("分类别", category_table(systems)),
        ],
        charts=[Markup(chart) for chart in _charts(systems)],
        difference=difference,
        questions={one.item.id: one.item.question for one in wrong},
        wrong=[_shown(one, pdf) for one in wrong],
        note=NOTE,
    )


def _template() -> Template:
    page = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return page.get_template("report.html.j2")


def _charts(systems: Mapping[str, Sequence[Score]]) -> tuple[str, str]:
    first = list(systems.items())[:BESIDE]
    groups: dict[str, list[Bar]] = {}
    for name, scores in first:
        for category, sums in by_category(scores).items():
            low, high = interval([s for s in scores if s.category == category])
            bars = groups.setdefault(f"{CATEGORY_NAMES[category]}（{sums.questions}）", [])
            bars.append(Bar(name, sums.accuracy, low, high))
    times = {
        name: [score.elapsed_ms for score in scores if score.elapsed_ms is not None]
        for name, scores in systems.items()
    }
    return (
        rate_chart(groups, "各类别的正确率与 95% 区间"),
        time_chart(times, "每题用时，粗线为中位数，细线为 p95"),
    )


def _shown(one: Wrong, pdf: Path) -> dict[str, Any]:
    cited = one.answer.citations if one.answer else ()
    return {
        "id": one.item.id,
        "category": CATEGORY_NAMES[one.item.category],
        "question": one.item.question,
        "history": one.item.history,
        "gold": expected(one.item),
        "explain": one.item.explain,
        "status": one.score.status or "不能评分",
        "answer": one.text,
        "wrong_figure": one.score.wrong_figure,
        "reasons": one.score.reasons,
        "parts": _parts(one),
        "cited": [(c.page, c.source) for c in cited],
        "picture": _picture(pdf, cited),
    }


def _parts(one: Wrong) -> list[tuple[str, float, str]]:
    parts = [(PARTS[part.name], part.score, part.why) for part in one.score.parts]
    if one.found is not None:
        parts.append(("检索命中", one.found.hit, one.found.why))
    return parts


def _picture(pdf: Path, cited: Sequence[AnsweredCitation]) -> str | None:
    """The page first cited as a data address, everything cited on it marked."""
    if not cited:
        return None
    page = cited[0].page
    boxes = [Box(*c.bbox) for c in cited if c.page == page and len(c.bbox) == 4]
    try:
        return webp_uri(render_page(pdf, page, boxes, _SCALE), _QUALITY)
    except PdfError:
        return None  # a page that does not exist is among the reasons already
