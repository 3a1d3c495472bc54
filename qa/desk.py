"""The reports of one store, kept open for a server: engines are opened once and shared by threads.

Questions run side by side, since an engine allows it; a build waits for the build before it. The
sample is made ready in the background, and `Desk.state` tells how far that is.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary, WeakSet

from index.check import Finding
from index.errors import ReportIndexError, StoreError
from index.pictures import Sheet, page_sheet, render_cutout, webp_uri
from index.settings import Settings
from index.source import report_id
from index.store import ReportInfo, Store
from index.values import Report
from prompts import page_text
from qa import suggest
from qa.engine import Engine, open_engine
from qa.errors import QaError
from qa.places import Places
from qa.private import PrivateReports
from qa.several.library import Library
from qa.several.limits import load_limits
from qa.several.shelf import Shelf
from qa.values import Answer, Citation
from qa.visitor import OPERATOR, Visitor

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
    """Questions to the reports of a store. Raises ReportIndexError or QaError, one line each.

    Set by who serves it: `visitor` tells who calls, `private` holds the uploads that only their
    owners see (None: every upload is published), `watch` hears of every answer and its seconds.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings)
        self.state = State()
        limits = load_limits()
        self._room = limits.open_reports
        self._shelf = Shelf(self.store, self._open, self._room)
        self._own: Shelf | None = None
        self._opening = threading.Lock()
        self._warm: WeakSet[Engine] = WeakSet()
        self._library = Library(self._shelf, limits)
        # It goes with its engine, so that the shelf's limit is one.
        self._starts: WeakKeyDictionary[Engine, tuple[str, ...]] = WeakKeyDictionary()
        self._building = threading.Lock()
        self._ready = threading.Event()
        self.visitor: Callable[[], Visitor] = lambda: OPERATOR
        self.private: PrivateReports | None = None
        self.watch: Callable[[Answer, float], None] = lambda answer, seconds: None

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

    def sample_or_wait(self, seconds: float = 600) -> str:
        """The id of the sample once it is ready. Raises StoreError when it cannot be opened."""
        state = self.wait(seconds) if not self.state.done else self.state
        if not state.report:
            raise StoreError(state.error or "示例报告还在读取：请稍后再试。")
        return state.report

    def probe(self) -> int:
        """The number of published reports, after a search in one of them. Raises as `ask`."""
        found = self.store.reports()
        if self.sample:
            self._engine(self.sample).retriever.search("决算", 1)
        return len(found)

    def add(self, pdf: Path, progress: Progress | None = None, session: str = "") -> str:
        """Index `pdf`, for `session` alone where one is given; the report's id."""
        if session and self.private and not self._is_published(report_id(pdf)):
            return self.private.add(pdf, session, progress).report
        with self._building:
            result = self.store.build(pdf, progress)
        if not result.skipped:
            self._forget(result.report)
        return result.report

    def upload(self, pdf: Path) -> Iterator[State]:
        """Index a visitor's file and delete it: for the visitor alone where uploads are private."""
        session = self.visitor().session if self.private else ""
        if self.private and not session:
            raise StoreError("上传的报告只对上传者可见，但浏览器没有会话：请允许 Cookie 后重试。")
        try:
            yield from self.add_watched(pdf, session)
        finally:
            pdf.unlink(missing_ok=True)

    def publish(self, report: str) -> Iterator[State]:
        """Let everybody see an upload of the visitor's. Raises StoreError for who may not."""
        visitor = self.visitor()
        self.check_manages()
        if self.private is None or not self.private.owns(report, visitor.session):
            raise StoreError("这份报告已经公开，或不是您上传的。")
        info = self.private.store.info(report)
        with tempfile.TemporaryDirectory(prefix="report-qa-") as folder:
            pdf = Path(folder) / Path(info.file).name
            shutil.copyfile(info.pdf, pdf)
            for state in self.add_watched(pdf):
                if state.report and self.private.drop(report, visitor.session):
                    self._forget(report)
                yield state
        logger.info("report %s was published by %s", report, visitor.user or "the operator")

    def remove(self, report: str) -> None:
        """Take a report out of the store; the sample stays, since it is what is open by default."""
        if report == self.sample:
            raise StoreError("示例报告不能移除：没有打开别的报告时，问的就是它。")
        visitor = self.visitor()
        if self.private and self.private.owns(report, visitor.session):
            self.private.drop(report, visitor.session)
        else:
            self.check_manages()
            with self._building:
                self.store.remove(report)
        self._forget(report)

    def check_manages(self) -> None:
        """Raises StoreError for a visitor who may not change or see what is everybody's."""
        if not self.visitor().manages:
            raise StoreError(page_text("door_manage", "zh"))

    def expire(self) -> None:
        """Take out the private uploads that nobody opened for long."""
        for report in self.private.expire() if self.private else ():
            self._forget(report)

    def add_watched(self, pdf: Path, session: str = "") -> Iterator[State]:
        """Index `pdf`, telling how far it is; the last state has the report's id or the failure."""
        states: queue.Queue[State] = queue.Queue()

        def work() -> None:
            try:
                told: Progress = lambda text, share: states.put(State(text, share))  # noqa: E731
                report = self.add(pdf, told, session)
                states.put(State("打开报告", 1.0))
                self._engine(report, session)
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
        """The published ones, then the visitor's own."""
        own = self.private.reports(self.visitor().session) if self.private else []
        return [*self.store.reports(), *own]

    def info(self, report: str) -> ReportInfo:
        """Raises StoreError for a report that the visitor does not see."""
        return self._store_of(report).info(report)

    def is_private(self, report: str) -> bool:
        """Whether only the visitor sees the report."""
        return bool(self.private) and self._store_of(report) is not self.store

    def report(self, report: str) -> Report:
        return self._engine(report).report

    def ask(self, question: str, report: str = "", history: Sequence[str] = ()) -> Answer:
        """The answer from `report`, the sample when empty."""
        started = time.perf_counter()
        answer = self._engine(report or self.sample).ask(question, history)
        self.watch(answer, time.perf_counter() - started)
        return answer

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
        return self._engine(report).places

    def checked(self, report: str) -> tuple[Finding, ...]:
        """What the consistency checks say of the report."""
        return self._engine(report).catalogue.checked

    def starts(self, report: str) -> tuple[str, ...]:
        """Questions to begin with."""
        engine = self._engine(report)
        if engine not in self._starts:
            self._starts[engine] = suggest.to_begin_with(engine.report, engine.unaided())
        return self._starts[engine]

    def follows(self, report: str, followed: suggest.Followed) -> tuple[str, ...]:
        """Questions to ask next."""
        return suggest.to_follow(followed, self.places(report), self._engine(report).unaided())

    def pictures(self, report: str, citation: Citation) -> Pictures:
        """The cited page and the cited cell enlarged."""
        pdf = self._store_of(report).pdf_path(report)
        cutout = render_cutout(pdf, citation.page, citation.box, CUTOUT)
        return Pictures(page_sheet(pdf, citation.page, PAGE_SCALE), webp_uri(cutout))

    def cover(self, report: str) -> str:
        """The first page, small, as a data address."""
        return page_sheet(self._store_of(report).pdf_path(report), 1, COVER_SCALE).uri

    def _engine(self, report: str, session: str = "") -> Engine:
        if not report:
            raise StoreError("还没有可以提问的报告：请先上传一份部门决算公开 PDF。")
        store = self._store_of(report, session)
        shelf = self._shelf
        if store is not self.store and self.private:
            self.private.touch(report, session or self.visitor().session)
            shelf = self._private_shelf(self.private.store)
        engine = shelf.engine(report)
        if engine not in self._warm:
            engine.warm()
            self._warm.add(engine)
        return engine

    def _open(self, report: str, store: Store | None = None) -> Engine:
        return open_engine(self.settings, report=report, store=store or self.store)

    def _private_shelf(self, store: Store) -> Shelf:
        """The engines of the visitors' own uploads, apart from those of the published reports."""
        with self._opening:
            if self._own is None:
                self._own = Shelf(store, lambda report: self._open(report, store), self._room)
            return self._own

    def _store_of(self, report: str, session: str = "") -> Store:
        """The store that has the report for `session`, by default the visitor's."""
        if self.private and self.private.owns(report, session or self.visitor().session):
            return self.private.store
        return self.store

    def _is_published(self, report: str) -> bool:
        try:
            return bool(self.store.info(report))
        except StoreError:
            return False

    def _forget(self, report: str) -> None:
        self._shelf.forget(report)
        if self._own is not None:
            self._own.forget(report)
