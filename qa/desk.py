"""The reports of one store, kept open for a server: engines are opened once and shared by threads.

Questions run side by side, since an engine allows it; a build waits for the build before it. The
sample is made ready in the background, and `Desk.state` tells how far that is.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.errors import ReportIndexError, StoreError
from index.pictures import Sheet, page_sheet, render_cutout, webp_uri
from index.settings import Settings
from index.store import ReportInfo, Store
from index.values import Report
from qa import suggest
from qa.engine import Engine, open_engine
from qa.errors import QaError
from qa.places import Places
from qa.several.library import Library
from qa.several.limits import load_limits
from qa.several.shelf import Shelf
from qa.values import Answer, Citation

logger = logging.getLogger(__name__)

Progress = Callable[[str, float], None]

# Around the cited cell: wide enough for its neighbours, narrow enough to be read on a phone.
CUTOUT = (300.0, 84.0)
PAGE_SCALE = 2.0
COVER_SCALE = 0.5


@dataclass(frozen=True, slots=True)
class State:
    """How far a build is: what is being done and the share done; at the end report or failure."""

    text: str = ""
    fraction: float = 0.0
    error: str = ""
    report: str = ""

    @property
    def done(self) -> bool:
        return bool(self.report or self.error)


class Pictures(NamedTuple):
    """The page, unmarked, and the data address of the cited cell, marked and enlarged."""

    sheet: Sheet
    cutout: str


class Desk:
    """Questions to the reports of a store. Raises ReportIndexError or QaError, one line each."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings)
        self.state = State()
        limits = load_limits()
        self._shelf = Shelf(self.store, self._open, limits.open_reports)
        self._warm: weakref.WeakSet[Engine] = weakref.WeakSet()
        self._library = Library(self._shelf, limits)
        self._places: dict[str, Places] = {}
        self._starts: dict[str, tuple[str, ...]] = {}
        self._building = threading.Lock()
        self._ready = threading.Event()

    def open_sample(self, pdf: Path) -> threading.Thread:
        """Index `pdf` if need be and open it, in a thread of its own."""

        def work() -> None:
            for state in self.add_watched(pdf):
                self.state = state
            self._ready.set()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    @property
    def sample(self) -> str:
        """The id of the sample, empty until it is ready."""
        return self.state.report

    def wait(self, seconds: float) -> State:
        """The state after at most `seconds`, sooner when the sample is ready or has failed."""
        self._ready.wait(seconds)
        return self.state

    def add(self, pdf: Path, progress: Progress | None = None) -> str:
        """Index `pdf`; the report's id."""
        with self._building:
            result = self.store.build(pdf, progress)
        if not result.skipped:
            self._forget(result.report)
        return result.report

    def remove(self, report: str) -> None:
        """Take a report out of the store; the sample stays, since it is what is open by default."""
        if report == self.sample:
            raise StoreError("示例报告不能移除：没有打开别的报告时，问的就是它。")
        with self._building:
            self.store.remove(report)
        self._forget(report)

    def add_watched(self, pdf: Path) -> Iterator[State]:
        """Index `pdf`, telling how far it is; the last state has the report's id or the failure."""
        states: queue.Queue[State] = queue.Queue()

        def work() -> None:
            try:
                report = self.add(pdf, lambda text, share: states.put(State(text, share)))
                states.put(State("打开报告", 1.0))
                self._engine(report)
                states.put(State(report=report))
            except (ReportIndexError, QaError) as error:
                states.put(State(error=str(error)))

        yield State("等待读取", 0.0)
        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        state = State()
        while worker.is_alive() or not states.empty():
            with contextlib.suppress(queue.Empty):
                state = states.get(timeout=0.2)
                yield state
        if not state.done:  # a defect, whose traceback the thread has left in the log
            yield State(error="读取报告时出错，原因见运行日志。请换一份文件再试。")

    def reports(self) -> list[ReportInfo]:
        return self.store.reports()

    def report(self, report: str) -> Report:
        return self._engine(report).report

    def ask(self, question: str, report: str = "", history: Sequence[str] = ()) -> Answer:
        """The answer from `report`, the sample when empty."""
        return self._engine(report or self.sample).ask(question, history)

    def ask_several(
        self, question: str, reports: Sequence[str] = (), history: Sequence[str] = ()
    ) -> Answer:
        """The answer from `reports`, all of the store when empty."""
        return self._library.ask(question, reports, history)

    def later(self, pdfs: Sequence[Path]) -> threading.Thread:
        """Index further reports in the background, once the sample is ready."""

        def work() -> None:
            self._ready.wait()
            for pdf in pdfs:
                try:
                    self.add(pdf)
                except (ReportIndexError, QaError) as error:
                    logger.warning("%s was not indexed: %s", pdf.name, error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def places(self, report: str) -> Places:
        """Where the report's figures stand."""
        if report not in self._places:
            self._places[report] = Places(self.report(report))
        return self._places[report]

    def starts(self, report: str) -> tuple[str, ...]:
        """Questions to begin with."""
        engine = self._engine(report)
        if report not in self._starts:
            self._starts[report] = suggest.to_begin_with(engine.report, engine.unaided())
        return self._starts[report]

    def follows(self, report: str, followed: suggest.Followed) -> tuple[str, ...]:
        """Questions to ask next."""
        return suggest.to_follow(followed, self.places(report), self._engine(report).unaided())

    def pictures(self, report: str, citation: Citation) -> Pictures:
        """The cited page and the cited cell enlarged."""
        pdf = self.store.pdf_path(report)
        cutout = render_cutout(pdf, citation.page, citation.box, CUTOUT)
        return Pictures(page_sheet(pdf, citation.page, PAGE_SCALE), webp_uri(cutout))

    def cover(self, report: str) -> str:
        """The first page, small, as a data address."""
        return page_sheet(self.store.pdf_path(report), 1, COVER_SCALE).uri

    def _engine(self, report: str) -> Engine:
        if not report:
            raise StoreError("还没有可以提问的报告：请先上传一份部门决算公开 PDF。")
        engine = self._shelf.engine(report)
        if engine not in self._warm:
            engine.warm()
            self._warm.add(engine)
        return engine

    def _open(self, report: str) -> Engine:
        return open_engine(self.settings, report=report, store=self.store)

    def _forget(self, report: str) -> None:
        self._shelf.forget(report)
        for known in (self._places, self._starts):
            known.pop(report, None)
