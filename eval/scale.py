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
from eval.gold import EvalError
from index.guard import read_guarded
from index.settings import Settings
from index.store import Store
from index.values import Report
from qa.desk import Desk

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
        added = round(float(np.mean(adding[-10:])), 3)
        rows.append({"add_s": added, **standing(settings)})
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


def standing(settings: Settings) -> dict[str, Any]:
    """Cost of the store as it is, in milliseconds but for the disk and this process's memory.

    Questions are put to ten of its reports that were not open: by id (`first`, then `question`), to
    the whole store with the body in their words (`worded`), and naming none (`unnamed`).
    """
    quick = settings.model == "characters"
    store, opening = timed(lambda: open_store(settings) if quick else Store(settings))
    infos, listing = timed(store.reports)
    if not infos:
        raise EvalError(f"{settings.store} 里没有报告，请先用 python -m index build 建立索引。")
    store.embedding.get_query_embedding("决算")  # loading the model is no cost of the store
    desk = Desk(settings)
    desk.store = store
    times: dict[str, list[float]] = {"first": [], "question": [], "worded": [], "unnamed": []}

    def ask(kind: str, work: Callable[[], Any]) -> None:
        times[kind].append(timed(work)[1] * 1000)

    chosen = [infos[i] for i in np.linspace(0, len(infos) - 1, min(len(infos), 10)).astype(int)]
    for info in chosen:
        ask("first", lambda i=info: desk.ask(QUESTIONS[0], i.id))  # type: ignore[misc]
        for question in QUESTIONS:
            ask("question", lambda q=question, i=info: desk.ask(q, i.id))  # type: ignore[misc]
    _, names = timed(lambda: desk.ask_several(f"{infos[0].body}{QUESTIONS[0]}"))
    for info in chosen:
        for question in QUESTIONS:
            words = f"{info.body}{question}"
            ask("worded", lambda w=words: desk.ask_several(w))  # type: ignore[misc]
    for question in QUESTIONS:
        ask("unnamed", lambda q=question: desk.ask_several(q))  # type: ignore[misc]
    medians = {f"{kind}_ms": round(float(np.median(took)), 1) for kind, took in times.items()}
    megabytes = int(disk(settings.store).split()[0])
    return {
        "reports": len(infos),
        "mb_per_report": round(megabytes / len(infos), 2),
        "open_ms": round(opening * 1000, 1),
        "list_ms": round(listing * 1000, 1),
        "first_worded_ms": round(names * 1000, 1),
        **medians,
        "memory_mb": resident(),
    }


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
