"""Many PDFs into one store: read by several processes, embedded and written by this one.

What is in the store already is skipped, so that a run that was broken off is taken up where it
stopped. A file that cannot be read is an outcome, not the end. No more reports than there are
readers wait in memory for the writer.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from index.errors import PdfError, ReportIndexError, StoreError
from index.guard import read_guarded
from index.settings import Settings
from index.source import check_file
from index.store import BuildResult, Store
from index.values import Report

logger = logging.getLogger(__name__)

Read = Callable[[Path, Settings], Report]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: the result, or one line for the user."""

    pdf: Path
    result: BuildResult | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of files, and seconds of wall time."""

    built: int
    skipped: int
    failed: int
    pages: int
    seconds: float


def find_pdfs(paths: Sequence[Path]) -> list[Path]:
    """The files named, and all PDFs in the folders named and below, in order.

    Raises PdfError for a folder without any.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(
            p
            for p in path.rglob("*")
            if p.suffix.lower() == ".pdf"
            and p.is_file()
            and not any(part.startswith(".") for part in p.relative_to(path).parts)
        )
        if not inside:
            raise PdfError(f"文件夹 {path} 里没有 PDF 文件：请检查路径。")
        found.extend(inside)
    return found


def build_all(
    store: Store, pdfs: Sequence[Path], workers: int = 0, read: Read = read_guarded
) -> Iterator[Outcome]:
    """Index `pdfs`, as each is done. `workers`: processes that read, 0 for one a core.

    Raises StoreError when the store as a whole cannot be written; files done stay done.
    """
    workers = workers or os.cpu_count() or 1
    settings = store.settings.model_copy(update={"workers": 1})  # a process for each file
    waiting = iter(pdfs)
    reading: dict[Future[Report], tuple[Path, float]] = {}
    pool = ThreadPoolExecutor(workers, thread_name_prefix="read")
    warm = False
    try:
        while True:
            while len(reading) < workers + 1 and (pdf := next(waiting, None)) is not None:
                try:
                    check_file(pdf)
                    known = store.known(pdf, verify=True)
                except ReportIndexError as error:
                    yield Outcome(pdf, error=str(error))
                    continue
                if known:
                    yield Outcome(pdf, known)
                    continue
                if not warm:
                    store.warm()
                    warm = True
                reading[pool.submit(read, pdf, settings)] = (pdf, time.perf_counter())
            if not reading:
                return
            for done in wait(reading, return_when=FIRST_COMPLETED).done:
                pdf, started = reading.pop(done)
                yield _write(store, done, pdf, started)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _write(store: Store, done: Future[Report], pdf: Path, started: float) -> Outcome:
    try:
        report = done.result()
    except ReportIndexError as error:
        return Outcome(pdf, error=str(error))
    except OSError as error:
        logger.warning("reading %s: %r", pdf, error)
        return Outcome(pdf, error=f"无法读取 {pdf}：{error.strerror}。请检查文件和系统资源后重试。")
    try:
        again = store.known(pdf)  # the same file under another name, or another builder
        return Outcome(pdf, again or store.add(report, pdf, started=started))
    except StoreError as error:
        return Outcome(pdf, error=f"{pdf.name}：{error}")


class Tally:
    """Counts outcomes for the summary."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._built = self._skipped = self._failed = self._pages = 0

    def add(self, outcome: Outcome) -> None:
        if outcome.result is None:
            self._failed += 1
        elif outcome.result.skipped:
            self._skipped += 1
        else:
            self._built += 1
            self._pages += outcome.result.pages

    @property
    def done(self) -> int:
        return self._built + self._skipped + self._failed

    def summary(self) -> Summary:
        seconds = round(time.perf_counter() - self._started, 1)
        return Summary(self._built, self._skipped, self._failed, self._pages, seconds)
