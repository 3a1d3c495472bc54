"""Gold sets: what a good line gives, and how a bad one is named."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from eval.__main__ import SAMPLE_GOLD, SAMPLE_PDF
from eval.check import calculate, check_gold
from eval.gold import CATEGORIES, GoldError, load_gold, read_gold

GOOD: dict[str, Any] = {
    "id": "t1",
    "question": "差旅费花了多少？",
    "category": "lookup",
    "answer_type": "number",
    "value": 12.5,
    "unit": "万元",
    "pages": [1],
}


def make_pdf(path: Path, pages: list[str]) -> Path:
    """A PDF with one line of Latin text a page."""
    canvas = Canvas(str(path), pagesize=(400, 200))
    for text in pages:
        canvas.drawString(40, 100, text)
        canvas.showPage()
    canvas.save()
    return path


def write(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "gold.jsonl"
    texts = [x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_values_are_exact_decimals(tmp_path: Path) -> None:
    line = '{"id": "t", "question": "q", "category": "unit", "answer_type": "number",' + (
        ' "value": 0.1109310, "unit": "亿元", "tolerance": 0.0005,'
        ' "also_accept": [{"value": 1109.31, "unit": "万元"}]}'
    )
    (item,) = load_gold(write(tmp_path, line))
    assert str(item.value) == "0.1109310"
    assert item.tolerance == Decimal("0.0005")
    assert item.also_accept[0].value == Decimal("1109.31")


def test_page_sets(tmp_path: Path) -> None:
    line = GOOD | {"pages": [3, 7], "pages_all": [1, 2], "pages_alt": [[4], [5, 6]]}
    (item,) = load_gold(write(tmp_path, line))
    assert [sorted(pages) for pages in item.page_sets] == [[3], [7], [1, 2], [4], [5, 6]]


def test_blank_lines_are_no_items(tmp_path: Path) -> None:
    assert len(load_gold(write(tmp_path, GOOD, "", GOOD | {"id": "t2"}, "  "))) == 2


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"id": "t2"', "不是合法的 JSON"),
        ("[1]", "须是一个 JSON 对象"),
        (GOOD, "id 't1' 与第 1 行重复"),
        ({k: v for k, v in GOOD.items() if k != "id"}, "缺少字段 id"),
        ({k: v for k, v in GOOD.items() if k != "unit"} | {"id": "b"}, "须有 value 和 unit"),
        (GOOD | {"id": "b", "category": "lokup"}, '字段 category 的值 "lokup"'),
        (GOOD | {"id": "b", "page": [1]}, "不认识的字段 page"),
        (GOOD | {"id": "b", "value": "many"}, '字段 value 的值 "many"'),
        (GOOD | {"id": "b", "pages": [0]}, "字段 pages.0 的值 0"),
        (GOOD | {"id": "b", "pages": ["1"]}, "须是整数"),
        (GOOD | {"id": "b", "pages_alt": [[]]}, "pages_alt 中有空的页码组"),
        (GOOD | {"id": "b", "tolerance": -1}, "不能小于 0"),
        (GOOD | {"id": "b", "question": ""}, "不能为空"),
        (GOOD | {"id": "b", "must_include": ["a|"]}, "空的备选"),
        (GOOD | {"id": "b", "history": ["前一问"]}, "history"),
        (GOOD | {"id": "b", "category": "follow_up"}, "history"),
        (GOOD | {"id": "b", "polarity": "yes"}, "polarity"),
        (GOOD | {"id": "b", "answer_type": "text"}, "不能有 value"),
        (GOOD | {"id": "b", "answer_type": "text", "value": None}, "须有 must_include"),
        (GOOD | {"id": "b", "answer_type": "yes_no", "value": None}, "polarity"),
        (GOOD | {"id": "b", "answer_type": "refusal", "value": None}, "不能有依据页码"),
        ('{"id": "b", "value": NaN}', "NaN"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: Any, expected: str) -> None:
    path = write(tmp_path, GOOD, line)
    with pytest.raises(GoldError) as caught:
        load_gold(path)
    message = str(caught.value)
    assert f"{path} 第 2 行：" in message
    assert expected in message
    assert "\n" not in message


def test_the_number_of_further_bad_lines_is_told(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"第 1 行.*另有 1 行有误"):
        load_gold(write(tmp_path, "{", "{", GOOD))


@pytest.mark.parametrize("content", [b"", b"\n\n", None, b"\xff\xfe\x00"])
def test_a_file_without_questions_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "gold.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GoldError, match=r"gold\.jsonl"):
        read_gold(path)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        ("3.6*10000/150", "240"),
        ("0.1+0.2", "0.3"),
        ("-(2-5)", "3"),
        ("len([1,2,3])", "3"),
        ('len(["a","b"])', "2"),
        ("sum(x<98 for x in [99,97,98])", "1"),
        ("sum([x for x in [1,2,3] if x>1])", "5"),
        ("max([1.5,2])-min([1,2])", "1"),
    ],
)
def test_calculate(expr: str, expected: str) -> None:
    assert calculate(expr) == Decimal(expected)


@pytest.mark.parametrize(
    "expr", ["", "1+", "a+1", "open('x')", "[1,2]", "1/0", "1+[]", "__import__('os')"]
)
def test_calculate_understands_nothing_else(expr: str) -> None:
    with pytest.raises(ValueError, match=r"不|除以零"):
        calculate(expr)


@pytest.mark.parametrize(
    ("fields", "error", "expected"),
    [
        ({}, None, ""),
        ({"value": 125000, "unit": "元"}, None, ""),
        ({"category": "derived", "expr": "10+2.5"}, None, ""),
        ({"category": "derived", "expr": "10+2.4"}, True, "expr 的结果 12.4 与 value 12.5 不符"),
        ({"category": "derived", "expr": "10+2.4", "tolerance": 0.1}, None, ""),
        ({"category": "derived", "expr": "25/2.001"}, None, ""),
        ({"category": "derived", "expr": "ten"}, True, "expr 不能计算"),
        ({"pages": [9]}, True, "第 9 页不存在，报告共 2 页"),
        ({"pages": [2]}, False, "第 2 页上没有印着 12.5"),
        ({"value": 99}, False, "没有印着 99"),
    ],
)
def test_check(tmp_path: Path, fields: dict[str, Any], error: bool | None, expected: str) -> None:
    pdf = make_pdf(
        tmp_path / "report.pdf", ["Travel 12.50 in 2024: 10, 2.5, 2.4, 25, 2.001", "Meals 3.20"]
    )
    findings = check_gold(write(tmp_path, GOOD | fields), pdf)
    assert [finding.error for finding in findings] == ([] if error is None else [error])
    assert all(expected in str(finding) and "第 1 行" in str(finding) for finding in findings)


def test_check_lists_every_bad_line(tmp_path: Path) -> None:
    findings = check_gold(write(tmp_path, "{", GOOD | {"expr": "1"}, GOOD, "[]"))
    assert [finding.problem.line for finding in findings] == [1, 2, 3, 4]


def test_check_names_a_file_that_is_no_pdf(tmp_path: Path) -> None:
    fake = tmp_path / "report.pdf"
    fake.write_text("not a PDF")
    with pytest.raises(GoldError, match=r"report\.pdf 不能作为 PDF 打开"):
        check_gold(write(tmp_path, GOOD), fake)


def test_the_sample_set_covers_every_category_and_agrees_with_its_report() -> None:
    items = load_gold(SAMPLE_GOLD)
    assert len(items) >= 150
    assert Counter(item.category for item in items).keys() == set(CATEGORIES)
    assert check_gold(SAMPLE_GOLD, SAMPLE_PDF) == ()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"value": 25, "expr": "12.50*2"}, ["算式中的 2"]),
        ({"value": 1250, "expr": "12.50*100"}, []),
        ({"value": 26.1, "expr": "12.50+13.6"}, ["算式中的 13.6"]),
        ({"value": 1, "expr": "sum(x < 14 for x in [12.50, 14.25])"}, ["算式中的 14.25"]),
        ({"must_include": ["1,250.0|12.50", "3.75"]}, ["must_include 中的 3.75"]),
    ],
)
def test_figures_that_the_pages_do_not_show_are_noted(
    tmp_path: Path, fields: dict[str, Any], expected: list[str]
) -> None:
    pdf = make_pdf(tmp_path / "r.pdf", ["Total 99.00", "Travel 12.50"])
    gold = write(tmp_path, GOOD | {"value": 12.5, "pages": [2], "category": "derived"} | fields)
    findings = check_gold(gold, pdf)
    assert not any(finding.error for finding in findings)
    assert [str(f).split("没有印着")[1].strip() for f in findings] == expected
