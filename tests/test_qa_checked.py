"""The checks as HTML: counts, differences first, cells to open, nothing of the report unescaped."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import qa.catalogue
from index.check import Finding, check_report
from index.settings import Settings
from index.store import Store
from index.values import Report
from qa.checked import checks_html
from qa.desk import Desk
from qa.talk import Talk
from qa.views import Views
from qa.words import words_for


def test_the_contradictions_of_the_sample_open_their_cells(sample_report: Report) -> None:
    html = checks_html(check_report(sample_report))
    assert "不一致5项" in html
    assert "117.23" in html and "96.46" in html and "86.39" in html
    ids = {f.id for f in sample_report.figures}
    opened = re.findall(r'<button type="button" class="rq-place" data-figure="([^"]+)"', html)
    assert opened and set(opened) <= ids
    first = html[: html.index("<details>")]
    assert first.count("<li>") == 5 and "rq-check-error" in first


def test_text_of_the_report_is_escaped_and_english_has_its_own_words(
    sample_report: Report,
) -> None:
    finding = next(f for f in check_report(sample_report) if f.verdict == "differs")
    term = replace(finding.terms[0], label='"><script>', printed="<b>1</b>")
    html = checks_html([replace(finding, text="<img src=x>", terms=(term,))], words_for("en"))
    assert "<img" not in html and "<script" not in html and "<b>1" not in html
    assert "1 differ" in html and 'aria-label="Checks"' in html


def test_a_report_is_checked_once_while_it_is_open(
    sample_settings: Settings,
    sample_store: Store,
    sample_report: Report,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = []

    def counted(report: Report) -> list[Finding]:
        times.append(report.id)
        return check_report(report)

    monkeypatch.setattr(qa.catalogue, "check_report", counted)
    desk = Desk(sample_settings)
    views, talk = Views(desk), Talk(sample_report.id)
    assert views.checks(talk) == views.checks(talk) == checks_html(check_report(sample_report))
    desk.ask("公务接待费花了多少钱", sample_report.id)
    assert times == [sample_report.id]
