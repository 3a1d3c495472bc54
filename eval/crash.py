"""Kill a process that indexes, at random moments, and look what is left of the store.

A report is added, indexed anew or taken out by a process of its own; it is killed (SIGKILL) at a
moment that is drawn over the whole run or, every other time, over the time it writes. Then a third
process opens the store: what was there before must answer a question, and what was being changed
must be whole or absent (after indexing anew: whole). At last nothing may be left over.
"""

from __future__ import annotations

import json
import logging
import os
import random
import select
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from eval.gold import EvalError
from index.settings import Settings
from index.shelf import Shelf
from index.store import Store

logger = logging.getLogger(__name__)

Change = Literal["add", "again", "remove"]
CHANGES: tuple[Change, ...] = ("add", "again", "remove")
QUESTION = "公务接待费决算数是多少"


@dataclass(frozen=True, slots=True)
class Kill:
    """One round: what was killed after how many seconds, in which phase, and what was left."""

    change: Change
    seconds: float
    phase: Literal["reading", "writing", "done"]
    left: Literal["whole", "absent"]


def crash(settings: Settings, old: Path, new: Path, times: int, seed: int = 0) -> dict[str, Any]:
    """Kill `times` times. Raises EvalError at the first store that is not as it should be.

    `old` stays in the store; `new` is what is added, indexed anew and taken out. The store must be
    empty and not have been opened in this process, which forks.
    """
    draw = random.Random(seed)
    kept = str(_in_child(lambda: Store(settings).build(old).report))
    changed = str(_in_child(lambda: Store(settings).build(new).report))
    took = {change: _timed_change(settings, change, new, changed) for change in CHANGES}
    kills: list[Kill] = []
    for turn in range(times):
        change = CHANGES[turn % len(CHANGES)]
        _in_child(lambda c=change: _prepare(settings, c, new, changed))  # type: ignore[misc]
        whole, writing = took[change]
        wait = turn % 2 == 0 and writing > 0
        moment = draw.uniform(0, 1.1 * (writing if wait else whole))
        seconds, phase = _kill(lambda c=change: _change(settings, c, new, changed), moment, wait)  # type: ignore[misc]
        left = str(_in_child(lambda: look(settings, kept, changed)))
        if change == "again" and left != "whole":
            raise EvalError(f"第 {turn + 1} 次：重新索引被中止后，原来的报告没有了。")
        kills.append(
            Kill(change, round(seconds, 3), phase, "whole" if left == "whole" else "absent")
        )
        logger.info("%s", kills[-1])
    _in_child(lambda: Store(settings).build(new).report)
    leftovers = _in_child(lambda: left_over(settings))
    if leftovers:
        raise EvalError(f"最后留下了多余的：{leftovers}")
    return {
        "kills": len(kills),
        "phases": dict(Counter(kill.phase for kill in kills)),
        "left": dict(Counter(f"{kill.change}: {kill.left}" for kill in kills)),
    }


def look(settings: Settings, kept: str, changed: str) -> Literal["whole", "absent"]:
    """What is left of `changed`. Raises EvalError where the store is damaged."""
    from qa.engine import open_engine

    store = Store(settings)
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
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    from index.vectors import collection_name

    store = Store(settings)
    infos = store.reports()
    known = {store.shelf.files(info) for info in infos}
    extra = [
        str(path)
        for folder in (store.folder / "reports").iterdir()
        for path in folder.iterdir()
        if path not in known and path.name != "info.json"
    ]
    extra += [str(path) for path in (store.folder / ".pending").iterdir()]
    client = chromadb.PersistentClient(
        str(store.folder / "chroma"), ChromaSettings(anonymized_telemetry=False)
    )
    collections = {collection.name for collection in client.list_collections()}
    return extra + sorted(collections - {collection_name(i.id, i.edition) for i in infos})


def _prepare(settings: Settings, change: Change, new: Path, report: str) -> None:
    """The store as it is before `change`."""
    store = Store(settings)
    present = store.shelf.info(report) is not None
    if change == "add" and present:
        store.remove(report)
    if change != "add":
        store.build(new)
    if change == "again":  # as if read by another version of the reader
        path = store.folder / "reports" / report / "info.json"
        raw = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps(raw | {"reader": "another"}), "utf-8")


def _change(settings: Settings, change: Change, new: Path, report: str) -> None:
    store = Store(settings)
    if change == "remove":
        store.remove(report)
    else:
        store.build(new)


def _timed_change(
    settings: Settings, change: Change, new: Path, report: str
) -> tuple[float, float]:
    """Seconds of a change, and of its writing, undisturbed."""
    _in_child(lambda: _prepare(settings, change, new, report))
    return _kill(lambda: _change(settings, change, new, report), None, False)[0], _last_writing[0]


_last_writing = [0.0]  # seconds from the lock to the end, of the last child


def _kill(
    work: Callable[[], Any], moment: float | None, from_writing: bool
) -> tuple[float, Literal["reading", "writing", "done"]]:
    """Run `work` in a child and kill it after `moment` seconds, counted from its first writing if
    so wished; None: let it end. How long it lived, and what it was doing."""
    reader, writer = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        _announce(writer)
        _run_and_exit(work)
    os.close(writer)
    with suppress(OSError):  # whoever comes first makes the group
        os.setpgid(child, child)
    locked: float | None = None
    end = None if moment is None or from_writing else started + moment
    with closing(os.fdopen(reader, "rb", buffering=0)) as pipe:
        while True:
            rest = None if end is None else max(0.0, end - time.monotonic())
            if not select.select([pipe], [], [], rest)[0]:  # the moment has come
                os.killpg(child, signal.SIGKILL)
                os.waitpid(child, 0)
                lived = time.monotonic() - started
                return lived, "reading" if locked is None else "writing"
            if pipe.read(1):
                locked = time.monotonic()
                if from_writing and moment is not None:
                    end = locked + moment
            else:  # it has ended by itself
                break
    _, status = os.waitpid(child, 0)
    if status:
        raise EvalError("未被中止的进程出错，见日志。")
    now = time.monotonic()
    _last_writing[0] = now - locked if locked is not None else 0.0
    return now - started, "done"


def _announce(pipe: int) -> None:
    """In the child: a byte for the parent when the store is about to be written."""
    original = Shelf.locked

    def locked(self: Shelf) -> Any:
        os.write(pipe, b"w")
        return original(self)

    Shelf.locked = locked  # type: ignore[method-assign]


def _in_child(work: Callable[[], Any]) -> Any:
    """What `work` returns, run in a fork. Raises EvalError with what it failed with."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:

        def told() -> None:
            try:
                answer = {"result": work()}
            except EvalError as error:
                answer = {"error": str(error)}
            with os.fdopen(writer, "w") as pipe:
                json.dump(answer, pipe)

        _run_and_exit(told)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    if not text:
        raise EvalError("检查进程意外结束，见日志。")
    answer = json.loads(text)
    if "error" in answer:
        raise EvalError(answer["error"])
    return answer["result"]


def _run_and_exit(work: Callable[[], Any]) -> None:
    """Never returns: nothing of the parent's own program may run in the child."""
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        logger.exception("in the child")
    finally:
        os._exit(code)
