"""The desk: one engine a report, progress to the end, every failure in one line."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen import canvas

import qa.desk
from index.errors import PdfError, ReportIndexError, StoreError
from index.settings import load_settings
from index.store import BuildResult
from index.values import Box
from qa.api import endpoints
from qa.desk import Desk, State
from qa.errors import QaError, QuestionError
from qa.values import Answer, Citation

Progress = Callable[[str, float], None]


EDITIONS: dict[str, str] = {}


class FakeStore:
    """A store whose builds take a moment and fail for names that say so."""

    def __init__(self, settings: Any) -> None:
        self.running = 0
        self.removed: list[str] = []
        self.most_running = 0

    def edition(self, report: str) -> str:
        return EDITIONS.get(report, "1")

    def build(self, pdf: Path, progress: Progress) -> BuildResult:
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        progress("读取页面", 0.5)
        time.sleep(0.05)
        self.running -= 1
        if pdf.stem == "broken":
            raise PdfError("broken.pdf 已损坏或不完整：请重新下载后再试。")
        if pdf.stem == "crash":
            raise RuntimeError("a defect")
        return BuildResult(pdf.stem, 1, 1, 1, 1, 0.1, pdf.stem == "known")

    def remove(self, report: str) -> None:
        self.removed.append(report)

    def pdf_path(self, report: str) -> Path:
        raise StoreError(f"索引中没有报告 {report}")


class FakeEngine:
    def __init__(self, report: str) -> None:
        self.report = report

    def warm(self) -> None:
        pass

    def ask(self, question: str, history: Any = ()) -> Answer:
        if not question:
            raise QuestionError("问题是空的：请输入问题。")
        return Answer("answered", question)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the reports that engines were opened for."""
    ids: list[str] = []

    def open_engine(_settings: Any, report: str, store: Any) -> FakeEngine:
        ids.append(report)
        return FakeEngine(report)

    monkeypatch.setattr(qa.desk, "Store", FakeStore)
    monkeypatch.setattr(qa.desk, "open_engine", open_engine)
    return ids


@pytest.fixture
def desk(opened: list[str], tmp_path: Path) -> Desk:
    return Desk(load_settings(store=tmp_path))


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("a.pdf", State(report="a")),
        ("broken.pdf", State(error="broken.pdf 已损坏或不完整：请重新下载后再试。")),
    ],
)
def test_a_watched_build_ends_with_report_or_failure(desk: Desk, name: str, last: State) -> None:
    states = list(desk.add_watched(Path(name)))
    assert State("读取页面", 0.5) in states
    assert states[-1] == last
    assert all(not state.done for state in states[:-1])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_defect_still_ends_the_wait(desk: Desk) -> None:
    states = list(desk.add_watched(Path("crash.pdf")))
    assert states[-1].done
    assert "日志" in states[-1].error


def test_the_sample_is_what_an_unnamed_report_means(desk: Desk) -> None:
    with pytest.raises(StoreError, match="上传"):
        desk.ask("问题")
    desk.open_sample(Path("sample.pdf"))
    assert desk.wait(5) == State(report="sample")
    assert desk.ask("问题", history=["前一问"]).text == "问题"


def test_a_program_that_asks_at_once_waits_for_the_sample(desk: Desk) -> None:
    ask = endpoints(desk)[0]
    answers: list[Any] = []
    early = threading.Thread(target=lambda: answers.append(ask("问题")))
    early.start()
    early.join(0.1)
    assert early.is_alive() and not answers
    desk.open_sample(Path("sample.pdf"))
    early.join(5)
    assert answers[0]["text"] == "问题"


def test_a_program_is_told_why_there_is_no_sample(desk: Desk) -> None:
    desk.open_sample(Path("broken.pdf"))
    with pytest.raises(StoreError, match="broken"):
        endpoints(desk)[0]("问题")


def test_every_answer_is_heard_of(desk: Desk) -> None:
    heard: list[tuple[str, bool]] = []
    desk.watch = lambda answer, seconds: heard.append((answer.status, seconds >= 0))
    list(desk.add_watched(Path("a.pdf")))
    desk.ask("问题", "a")
    assert heard == [("answered", True)]


def test_a_failed_sample_is_told(desk: Desk) -> None:
    desk.open_sample(Path("broken.pdf"))
    assert desk.wait(5).error.startswith("broken.pdf")
    assert desk.sample == ""


def test_an_engine_is_opened_once_and_again_after_a_new_build(
    desk: Desk, opened: list[str]
) -> None:
    for name in ("a.pdf", "b.pdf"):
        list(desk.add_watched(Path(name)))
    desk.ask("一", "a")
    desk.ask("二", "a")
    assert opened == ["a", "b"]
    list(desk.add_watched(Path("a.pdf")))
    assert opened == ["a", "b", "a"]


def test_a_skipped_build_keeps_the_engine(desk: Desk, opened: list[str]) -> None:
    list(desk.add_watched(Path("known.pdf")))
    list(desk.add_watched(Path("known.pdf")))
    assert opened == ["known"]


def test_builds_run_one_after_the_other_and_an_engine_opens_once(
    desk: Desk, opened: list[str]
) -> None:
    list(desk.add_watched(Path("known.pdf")))

    def work(number: int) -> None:
        desk.ask(f"问题{number}", "shared")
        desk.add(Path(f"{number}.pdf"), lambda text, share: None)

    threads = [threading.Thread(target=work, args=[n]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == ["known", "shared"]
    assert desk.store.most_running == 1  # type: ignore[attr-defined]


def test_errors_of_the_engine_pass_through(desk: Desk) -> None:
    list(desk.add_watched(Path("a.pdf")))
    with pytest.raises(QaError, match="问题是空的"):
        desk.ask("", "a")


def test_pictures_of_an_unknown_report(desk: Desk) -> None:
    citation = Citation("x", 1, None, Box(0, 0, 1, 1), "", "")
    with pytest.raises(ReportIndexError, match="没有报告"):
        desk.pictures("x", citation)


def test_pictures_tell_where_the_cell_is(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.pdf"
    sheet = canvas.Canvas(str(path), pagesize=(400, 300))
    sheet.showPage()
    sheet.save()
    monkeypatch.setattr(desk.store, "pdf_path", lambda report: path)
    pictures = desk.pictures("x", Citation("x", 1, None, Box(90, 200, 110, 220), "", ""))
    assert pictures.sheet.uri.startswith("data:image/webp;base64,")
    assert pictures.cutout != pictures.sheet.uri
    assert (pictures.sheet.width, pictures.sheet.height) == pytest.approx((400, 300))


def test_a_removed_report_is_gone_and_the_sample_stays(desk: Desk, opened: list[str]) -> None:
    desk.open_sample(Path("sample.pdf"))
    desk.wait(5)
    list(desk.add_watched(Path("known.pdf")))
    desk.remove("known")
    assert desk.store.removed == ["known"]  # type: ignore[attr-defined]
    desk.ask("问题", "known")
    assert opened.count("known") == 2, "what was kept open is opened anew"
    with pytest.raises(StoreError, match="示例报告不能移除"):
        desk.remove("sample")


def test_a_report_that_another_process_has_indexed_anew_is_opened_again(
    desk: Desk, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        desk.ask("问题", "a")
    assert opened == ["a"]
    monkeypatch.setitem(EDITIONS, "a", "2")
    desk.ask("问题", "a")
    assert opened == ["a", "a"]
