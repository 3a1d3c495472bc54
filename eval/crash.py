"""Kill a process that writes the store, at random moments, and look what is left.

A report is added, indexed anew or taken out by a process of its own, killed (SIGKILL) at a moment
drawn over the time that takes, or over the time in which it holds the lock. Then the store is
opened anew: what was there before must answer a question, and what was being changed must be whole
or absent (after indexing anew: whole). At last nothing may be left over. Reading the PDF does not
touch the store and is done once; vectors are made of characters, so that no model is loaded.
"""

from __future__ import annotations

import logging
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

from chromadb.api.shared_system_client import SharedSystemClient

from eval.character_model import CharacterEmbedding
from eval.gold import EvalError
from index.build import read_report
from index.settings import Settings
from index.shelf import Shelf
from index.store import Store
from index.values import Report
from index.vectors import collection_name
from qa.engine import open_engine

logger = logging.getLogger(__name__)

Change = Literal["add", "again", "remove"]
Phase = Literal["before", "writing", "done"]
CHANGES: tuple[Change, ...] = ("add", "again", "remove")
QUESTION = "公务接待费决算数是多少"
_START = 120.0  # seconds for a child to start


@dataclass(frozen=True, slots=True)
class Pdf:
    """A file and what was read of it."""

    path: Path
    report: Report


def open_store(settings: Settings) -> Store:
    """The store as a process that has not opened it yet sees it, with vectors of characters."""
    SharedSystemClient.clear_system_cache()
    store = Store(settings)
    vars(store)["embedding"] = CharacterEmbedding()
    return store


def crash(settings: Settings, old: Path, new: Path, times: int, seed: int = 0) -> dict[str, Any]:
    """Kill `times` times; how often in which phase, and what was left.

    `old` stays in the store, which must be empty; `new` is added, indexed anew and taken out.
    Raises EvalError at the first store that is not as it should be.
    """
    draw = random.Random(seed)
    kept, pdf = (Pdf(path, read_report(path)) for path in (old, new))
    open_store(settings).add(kept.report, kept.path)
    took = {change: _undisturbed(settings, change, pdf) for change in CHANGES}
    phases: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for turn in range(times):
        change = CHANGES[turn % len(CHANGES)]
        prepare(settings, change, pdf)
        whole, writing = took[change]
        locked = turn % 2 == 0
        moment = draw.uniform(0, 1.1 * (writing if locked else whole))
        phase = _kill(settings, change, pdf, moment, locked)
        left = look(settings, kept.report.id, pdf.report.id)
        logger.info("%d: %s, killed %s after %.3f s: %s", turn + 1, change, phase, moment, left)
        if change == "again" and left != "whole":
            raise EvalError(f"第 {turn + 1} 次：重新索引被中止后，原来的报告没有了。")
        phases[phase] += 1
        states[f"{change}: {left}"] += 1
    open_store(settings).add(pdf.report, pdf.path)
    if leftovers := left_over(settings):
        raise EvalError(f"最后留下了多余的：{leftovers}")
    return {"kills": times, "phases": dict(phases), "left": dict(states)}


def prepare(settings: Settings, change: Change, pdf: Pdf) -> None:
    """The store as it has to be before `change`."""
    store = open_store(settings)
    present = store.shelf.info(pdf.report.id) is not None
    if change == "add" and present:
        store.remove(pdf.report.id)
    if change != "add" and not present:
        store.add(pdf.report, pdf.path)


def look(settings: Settings, kept: str, changed: str) -> Literal["whole", "absent"]:
    """What is left of `changed`. Raises EvalError where the store is damaged."""
    store = open_store(settings)
    found = {info.id: info for info in store.reports()}
    if kept not in found:
        raise EvalError("原有的报告不见了。")
    for info in found.values():
        if not store.whole(info):
            raise EvalError(f"报告 {info.id} 不完整。")
        engine = open_engine(settings, report=info.id, store=store)
        if engine.ask(QUESTION).status != "answered" or not engine.retriever.search(QUESTION, 3):
            raise EvalError(f"报告 {info.id} 不能回答。")
    return "whole" if changed in found else "absent"


def left_over(settings: Settings) -> list[str]:
    """Files and collections of the store that belong to no report."""
    store = open_store(settings)
    infos = store.reports()
    known = {store.shelf.files(info) for info in infos}
    extra = [
        str(path)
        for folder in (store.folder / "reports").iterdir()
        for path in folder.iterdir()
        if path not in known and path.name != "info.json"
    ]
    extra += [str(path) for path in (store.folder / ".pending").iterdir()]
    named = {collection_name(info.id, info.edition) for info in infos}
    return extra + sorted(set(store.collections()) - named)


def _undisturbed(settings: Settings, change: Change, pdf: Pdf) -> tuple[float, float]:
    """Seconds that a change takes in a process of its own, and those it holds the lock."""
    prepare(settings, change, pdf)
    child, pipe = _start(settings, change, pdf)
    _await(pipe, "ready")
    started = time.monotonic()
    _await(pipe, "locked")
    locked = time.monotonic()
    child.join()
    if child.exitcode:
        raise EvalError("未被中止的进程出错，见日志。")
    ended = time.monotonic()
    return ended - started, ended - locked


def _kill(settings: Settings, change: Change, pdf: Pdf, moment: float, locked: bool) -> Phase:
    """Make a change, killed `moment` seconds after it has begun, or after it has the lock."""
    child, pipe = _start(settings, change, pdf)
    _await(pipe, "locked" if locked else "ready")
    child.join(moment)
    phase: Phase = "before"
    if not child.is_alive():
        phase = "done"
    child.kill()
    child.join()
    if phase != "done" and (locked or _told(pipe) == "locked"):
        phase = "writing"
    return phase


def _start(settings: Settings, change: Change, pdf: Pdf) -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(settings, change, pdf, theirs))
    child.start()
    theirs.close()
    return child, ours


def _work(settings: Settings, change: Change, pdf: Pdf, pipe: Connection) -> None:
    """The child: announces that it begins, and that it has the lock."""
    original: Callable[..., Any] = Shelf._settle_all

    def settle(self: Shelf, drop: Any) -> None:
        pipe.send("locked")
        original(self, drop)

    Shelf._settle_all = settle  # type: ignore[method-assign]
    pipe.send("ready")
    store = open_store(settings)
    if change == "remove":
        store.remove(pdf.report.id)
    else:
        store.add(pdf.report, pdf.path)


def _await(pipe: Connection, word: str) -> None:
    while True:
        if not pipe.poll(_START):
            raise EvalError("子进程没有启动，见日志。")
        try:
            if pipe.recv() == word:
                return
        except EOFError as error:
            raise EvalError("子进程出错，见日志。") from error


def _told(pipe: Connection) -> str:
    """The last word of a child that has ended."""
    word = ""
    try:
        while pipe.poll(0):
            word = str(pipe.recv())
    except EOFError:
        pass
    return word
