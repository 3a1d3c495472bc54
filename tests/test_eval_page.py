"""The HTML page: self-contained, every wrong answer with its page, text never taken for markup."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from eval.answers import AnswerRecord
from eval.charts import Bar, rate_chart, time_chart
from eval.gold import GoldItem
from eval.page import Wrong, html_page
from eval.score import Part, Score
from eval.totals import Difference

ITEM = GoldItem(
    id="b",
    question="<b>差旅费</b>花了多少？",
    category="lookup",
    answer_type="number",
    value=Decimal("12.5"),
    unit="万元",
    pages=(3,),
)
SCORE = Score(
    "b",
    "lookup",
    "wrong",
    "answered",
    ("数值应为 12.5万元",),
    wrong_figure=True,
    elapsed_ms=12.0,
    parts=(Part("value", 0.0, "数值应为 12.5万元"),),
)


def answer(page: int) -> AnswerRecord:
    cited = {"page": page, "source": "公开01表", "bbox": [60, 60, 200, 90]}
    return AnswerRecord.model_validate(
        {"status": "answered", "text": "为 13 万元。", "citations": [cited]}
    )


def page_of(sample_pdf: Path, wrong: Wrong, difference: Difference | None = None) -> str:
    systems = {"本系统": [SCORE], "基线": [SCORE]}
    return html_page("g.jsonl", sample_pdf, systems, {}, [wrong], difference)


def test_nothing_is_loaded_from_outside(sample_pdf: Path) -> None:
    page = page_of(sample_pdf, Wrong(ITEM, SCORE, answer(8)))
    sources = re.findall(r'(?:src|href)="([^"#]{1,40})', page)
    assert sources and all(source.startswith("data:image/webp;base64,") for source in sources)
    assert "<script" not in page and "@import" not in page and "url(" not in page


def test_a_wrong_answer_is_shown_with_gold_reason_and_marked_page(sample_pdf: Path) -> None:
    page = page_of(sample_pdf, Wrong(ITEM, SCORE, answer(8)))
    for words in ("12.5万元", "为 13 万元。", "数值应为 12.5万元", "公开01表", "错误数字"):
        assert words in page
    assert "<b>差旅费</b>" not in page and "&lt;b&gt;差旅费" in page


@pytest.mark.parametrize("given", [None, answer(900)])
def test_without_a_page_there_is_no_picture(sample_pdf: Path, given: AnswerRecord | None) -> None:
    assert "<img" not in page_of(sample_pdf, Wrong(ITEM, SCORE, given))


def test_the_difference_names_what_broke(sample_pdf: Path) -> None:
    changed = Difference(fixed=("x",), broken=("b",), added=(), gone=())
    page = page_of(sample_pdf, Wrong(ITEM, SCORE, None), changed)
    assert "变对 1 题：x" in page and 'href="#b"' in page


def test_bars_are_as_long_as_the_rates() -> None:
    bars = [Bar("本系统", 0.5, 0.4, 0.6), Bar("基线", 0.25, 0.1, 0.3)]
    root = fromstring(rate_chart({"查数": bars}, "正确率"))
    widths = [float(e.attrib["width"]) for e in root.iter("rect") if e.find("title") is not None]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)


def test_each_time_is_a_dot_on_a_logarithmic_axis() -> None:
    root = fromstring(time_chart({"本系统": [1.0, 10.0, 100.0], "空": []}, "用时"))
    places = [float(dot.attrib["cx"]) for dot in root.iter("circle")]
    assert len(places) == 3
    assert places[1] - places[0] == pytest.approx(places[2] - places[1], abs=0.2)
    assert len(list(fromstring(time_chart({}, "用时")).iter("circle"))) == 0
