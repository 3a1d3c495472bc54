"""What a store costs as it grows: disk, memory, seconds a report, milliseconds a question.

Reports are read from PDFs (samples/make_many.py makes them). To go beyond what can be read in the
time given, they are stored again and again under other ids and names: a store of 1,000 reports is
then one of that size, though not of 1,000 different ones; the result says how many were read.
"""

from __future__ import annotations

import hashlib
import logging
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.crash import open_store
from index.guard import read_guarded
from index.settings import Settings
from index.store import Store
from index.values import Report
from qa.desk import Desk
from qa.errors import QaError

logger = logging.getLogger(__name__)

# Three of the look-up and one that searches the passages.
QUESTIONS = (
    "公务接待费决算数是多少",
    "三公经费比预算少多少",
    "本年支出合计是多少",
    "接待费为什么变化",
)


def measure(settings: Settings, pdfs: Sequence[Path], sizes: Sequence[int]) -> dict[str, Any]:
    """Grow the empty store of `settings` to each of `sizes` and measure there."""
    reports, seconds = [], []
    for pdf in pdfs:
        report, took = timed(lambda pdf=pdf: read_guarded(pdf, settings))  # type: ignore[misc]
        reports.append((report, pdf))
        seconds.append(took)
    rows = []
    supply = copies(reports)
    store = open_store(settings)
    adding: list[float] = []
    for size in sorted(sizes):
        while len(adding) < size:
            report, pdf = next(supply)
            adding.append(timed(lambda r=report, p=pdf: store.add(r, p))[1])  # type: ignore[misc]
        rows.append({"reports": size, **at_size(settings, adding)})
        logger.warning("%s", rows[-1])  # a long run that is broken off has told what it knows
    return {
        "read": len(pdfs),
        "pages": round(float(np.mean([len(r.pages) for r, _ in reports])), 1),
        "passages": round(float(np.mean([len(r.passages) for r, _ in reports])), 1),
        "figures": round(float(np.mean([len(r.figures) for r, _ in reports])), 1),
        "read_s": round(float(np.mean(seconds)), 2),
        "sizes": rows,
    }


def copies(reports: Sequence[tuple[Report, Path]]) -> Iterator[tuple[Report, Path]]:
    """The reports, and then the same under other ids, names and titles, without end."""
    yield from reports
    turn = 1
    while True:
        for report, pdf in reports:
            name = f"{report.body}{turn}所"
            identity = hashlib.sha256(f"{report.id} {turn}".encode()).hexdigest()[:12]
            title = report.title.replace(report.body, name)
            yield replace(report, id=identity, body=name, title=title), pdf
        turn += 1


def at_size(settings: Settings, adding: Sequence[float]) -> dict[str, Any]:
    """Cost of the store as it is; a question is put to ten reports that were not open."""
    size = len(adding)
    megabytes = int(disk(settings.store).split()[0])
    store, opening = timed(lambda: open_store(settings))
    infos, listing = timed(store.reports)
    desk = Desk(settings)
    desk.store = store
    first, later = [], []
    chosen = [infos[i] for i in np.linspace(0, size - 1, min(size, 10)).astype(int)]
    for info in chosen:
        first.append(timed(lambda i=info: desk.ask(QUESTIONS[0], i.id))[1])  # type: ignore[misc]
        for question in QUESTIONS:
            later.append(timed(lambda q=question, i=info: desk.ask(q, i.id))[1])  # type: ignore[misc]
    return {
        "add_s": round(float(np.mean(adding[-10:])), 3),
        "mb_per_report": round(megabytes / size, 2),
        "open_ms": round(opening * 1000, 1),
        "list_ms": round(listing * 1000, 1),
        "first_question_ms": round(float(np.median(first)) * 1000),
        "question_ms": round(float(np.median(later)) * 1000, 1),
        "unnamed_ms": round(timed(lambda: unnamed(store))[1] * 1000, 1),
        "memory_mb": resident(),
    }


def unnamed(store: Store) -> str:
    """What a question that names no report comes to: the store's only one, or which there are."""
    from qa.engine import open_engine

    try:
        return open_engine(store.settings, store=store).ask(QUESTIONS[0]).text
    except QaError as error:
        return str(error)


def disk(folder: Path) -> str:
    return subprocess.run(
        ["du", "-sm", str(folder)], capture_output=True, text=True, check=True
    ).stdout


def resident() -> int:
    """Megabytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 // 2**20


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started
