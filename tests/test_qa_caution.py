"""Answers that rest on scanned pages say so."""

from __future__ import annotations

from dataclasses import replace

from index.values import Box, Report
from qa.caution import of_scans
from qa.values import Answer, Citation

CITED = tuple(Citation("r", page, None, Box(0, 0, 9, 9), "表", "3.59") for page in (2, 3))


def test_caution(sample_report: Report) -> None:
    pages = tuple(replace(p, scan=p.number == 3) for p in sample_report.pages)
    report = replace(sample_report, pages=pages)
    answer = Answer("answered", "公务接待费为3.59万元。", citations=CITED)
    told = of_scans(answer, report)
    assert told.text == (
        "公务接待费为3.59万元。（第3页是扫描页，以上数字由文字识别而得，请核对原页）"
    )
    assert [c.ocr for c in told.citations] == [False, True]
    assert [c.as_dict().get("ocr") for c in told.citations] == [None, True]
    assert of_scans(answer, sample_report) is answer
    refused = of_scans(replace(answer, status="refused"), report)
    assert refused.text == answer.text
