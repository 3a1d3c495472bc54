"""Passages: paragraphs with their section, rows with title, header and unit."""

from __future__ import annotations

from index.passages import _LONGEST
from index.values import Report


def test_every_passage_is_short_and_known_by_its_id(sample_report: Report) -> None:
    ids = [p.id for p in sample_report.passages]
    assert len(set(ids)) == len(ids)
    figures = {f.id for f in sample_report.figures}
    for passage in sample_report.passages:
        assert passage.text
        assert passage.page in passage.pages
        assert set(passage.figures) <= figures
        if passage.kind != "row":
            assert len(passage.text) <= 2 * _LONGEST


def test_a_row_says_title_header_value_and_unit(sample_report: Report) -> None:
    texts = [p.text for p in sample_report.passages if p.page == 13]
    assert any(
        t.startswith("一般公共预算财政拨款支出决算表：")
        and "2010401 行政运行" in t
        and "基本支出1,286.45万元" in t
        for t in texts
    )


def test_rows_of_zeros_share_one_passage(sample_report: Report) -> None:
    quiet = [p for p in sample_report.passages if "以下各项为零或空白" in p.text and p.page == 8]
    assert len(quiet) == 1
    assert "外交支出" in quiet[0].text


def test_a_reason_and_a_definition_can_be_found(sample_report: Report) -> None:
    texts = [p.text for p in sample_report.passages if p.kind == "paragraph"]
    assert any("主要原因是推行无纸化办公" in t for t in texts)
    assert any(p.kind == "note" for p in sample_report.passages)


def test_all_prose_is_in_a_passage(sample_report: Report) -> None:
    whole = "".join(p.text for p in sample_report.passages if p.kind == "paragraph")
    missing = [
        p.text
        for p in sample_report.paragraphs
        if not p.heading and len(p.text) > 12 and p.text not in whole
    ]
    assert missing == []
