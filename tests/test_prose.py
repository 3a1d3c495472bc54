"""Lines to paragraphs, over line and page breaks, with sections."""

from __future__ import annotations

import pytest

from index.claims import sentences
from index.prose import build_paragraphs, level_of
from index.values import Box, Line, Page, Report


def line(text: str, top: float, x0: float = 60.0, right: float | None = None) -> Line:
    width = 12.0
    edges = tuple(x0 + width * i for i in range(len(text) + 1))
    return Line(text, Box(x0, top, right or edges[-1], top + 12), edges, 12.0)


def page(number: int, *lines: Line) -> Page:
    return Page(number, None, 600, 800, lines, ())


FULL = 60 + 12 * 20  # right edge of a full line of twenty characters


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("第三部分 情况说明", 0),
        ("五、一般公共预算财政拨款支出决算情况说明", 1),
        ("（二）结构情况", 2),
        ("1.公务接待费", 3),
        ("三、其他收入：指上述以外的收入。", None),
        ("一、收入总计812.40万元", None),
        ("收入总计", None),
    ],
)
def test_headings(text: str, level: int | None) -> None:
    assert level_of(text) == level


def test_paragraph_over_a_line_and_a_page_break() -> None:
    first = page(
        1,
        line("一、收入支出情况说明", 100, 84),
        line("二〇二四年度收入总计与支出总计各", 120, 84, FULL),
        line("为八百一十二万元，比上年减少四十万元，主要", 140, 60, FULL),
    )
    second = page(2, line("原因是项目完工。", 100), line("二、收入决算情况说明", 120, 84))
    found = build_paragraphs([first, second])
    assert [(p.heading, p.text) for p in found] == [
        (True, "一、收入支出情况说明"),
        (
            False,
            "二〇二四年度收入总计与支出总计各为八百一十二万元，"
            "比上年减少四十万元，主要原因是项目完工。",
        ),
        (True, "二、收入决算情况说明"),
    ]  # fmt: skip
    paragraph = found[1]
    assert paragraph.section == ("一、收入支出情况说明",)
    at = paragraph.text.index("原因")
    assert paragraph.place(at, at + 2) == (2, Box(60, 100, 84, 112))
    assert paragraph.place(0, 2) == (1, Box(84, 120, 108, 132))


def test_contents_pages_are_left_out() -> None:
    contents = page(
        1, line("目录", 80), line("第一部分概况........1", 100), line("第二部分........5", 120)
    )
    assert build_paragraphs([contents]) == ()


def test_sections_of_the_sample(sample_report: Report) -> None:
    paths = {p.section for p in sample_report.paragraphs if p.page == 22 and not p.heading}
    assert any("一般公共预算财政拨款支出决算" in "".join(path) for path in paths)
    assert not any("....." in p.text for p in sample_report.paragraphs)


def test_sentences_end_at_full_stops_and_semicolons_only() -> None:
    text = "支出3.5万元，占1.2%；其中公务接待费0.8万元。后续"
    assert [text[s:e] for s, e in sentences(text)] == [
        "支出3.5万元，占1.2%；",
        "其中公务接待费0.8万元。",
        "后续",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("3.行政事业单位养老支出（款）职业年金缴费支出", "（项）。年初预算131.00万元。"),
        ("主要用于以下方面：农林水支出（类）", "83.46万元，占2.14%。"),
    ],
)
def test_a_line_that_could_not_be_broken_later_ends_no_paragraph(first: str, second: str) -> None:
    found = build_paragraphs(
        [
            page(
                1,
                line("上一段写满了整整一行的文字在这里呀。", 40, 84, FULL),
                line(first, 60, 84, FULL - 40),
                line(second, 80),
            )
        ]
    )
    assert [p.text for p in found][-1] == first + second
