"""`python -m tests.fuzz --count 2000 [--seed 0] [--most SECONDS]`: mutated reports are read.

The inputs are the sample cut into pieces of one to three pages and mutated (`tests.hostile`). Each
is read, checked by the consistency checks and written as the store writes it, in a process with the
memory limit of `index.reader`. Right is a report that comes back the same, or one of our errors in
time. What ends that process or hangs it is read again by `index.guard`, as everywhere else: right
is then one of our errors. Anything else is a finding: it is printed, its file kept, the exit is 1.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2

from tests.hostile import by_hand, mutants

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "yunhai-data-2024.pdf"
PIECES = ((11,), (14,), (17,), (20,), (24,), (30,), (13, 16), (1, 20, 21))  # each is a report
_SECONDS = 20  # for one small file
_MEMORY = 1024  # megabytes
_BATCH = 100  # files that one process reads
_ENDED = {"!died", "!hang"}


@dataclass(frozen=True)
class Outcome:
    """What became of one input: `report`, the name of one of our errors, or a finding."""

    name: str
    kind: str
    seconds: float
    words: str = ""

    @property
    def finding(self) -> bool:
        return self.kind.startswith("!")


def pieces(folder: Path) -> list[bytes]:
    """The sample cut into small files."""
    folder.mkdir(parents=True, exist_ok=True)
    source = pypdfium2.PdfDocument(SAMPLE)
    found = []
    for numbers in PIECES:
        piece = pypdfium2.PdfDocument.new()
        piece.import_pages(source, [n - 1 for n in numbers])
        path = folder / f"piece-{'-'.join(map(str, numbers))}.pdf"
        piece.save(str(path))
        found.append(path.read_bytes())
    return found


def inputs(folder: Path, count: int, seed: int, hand: bool) -> Iterator[Path]:
    """The files, written one after the other."""
    bases = pieces(folder)
    made = [(name, make()) for name, make in by_hand().items()] if hand else []
    for name, data in (*made, *mutants(bases, count, seed)):
        path = folder / f"{name[:120]}.pdf"
        path.write_bytes(data)
        yield path


def run(files: list[Path], seconds: float = _SECONDS, most: float = float("inf")) -> list[Outcome]:
    """What becomes of `files`; a process that dies or hangs is replaced for the next file.

    After `most` seconds no other batch is begun: the outcomes are then those of the first files.
    """
    started = time.perf_counter()
    outcomes: list[Outcome] = []
    while len(outcomes) < len(files) and time.perf_counter() - started < most:
        outcomes.extend(_some(files[len(outcomes) :][:_BATCH], seconds))
        if outcomes[-1].kind in _ENDED:
            outcomes[-1] = _guarded(files[len(outcomes) - 1], seconds, outcomes[-1])
    return outcomes


def _guarded(file: Path, seconds: float, found: Outcome) -> Outcome:
    """The error with which the guard ends reading `file`; `found` where it does not."""
    from index.errors import ReportIndexError
    from index.guard import read_guarded
    from index.settings import Settings

    started = time.perf_counter()
    limits = Settings(read_seconds=round(seconds), read_memory=_MEMORY, workers=1)
    try:
        read_guarded(file, limits)
    except ReportIndexError as error:
        took = round(time.perf_counter() - started, 2)
        if took < seconds + 10:
            return Outcome(file.name, f"{type(error).__name__}: guard", took, str(error))
    return found


def _some(files: list[Path], seconds: float) -> list[Outcome]:
    """Outcomes until the process ends, at least one."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz", "--worker", str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        text=True,
        start_new_session=True,
    )
    assert worker.stdin and worker.stdout
    lines: queue.Queue[str] = queue.Queue()

    def pump() -> None:
        assert worker.stdout
        for line in worker.stdout:
            lines.put(line)
        lines.put("")

    threading.Thread(target=pump, daemon=True).start()
    outcomes: list[Outcome] = []
    try:
        lines.get(timeout=60)  # it is there
        for file in files:
            worker.stdin.write(f"{file}\n")
            worker.stdin.flush()
            try:
                line = lines.get(timeout=seconds + 20)
            except queue.Empty:
                return [*outcomes, Outcome(file.name, "!hang", seconds + 20)]
            if not line:
                code = worker.wait()
                return [*outcomes, Outcome(file.name, "!died", 0.0, f"exit {code}")]
            outcomes.append(Outcome(**json.loads(line)))
        return outcomes
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def _worker(seconds: float) -> None:
    """Reads the file named on each line of stdin; a line of JSON for each on stdout."""
    from index.reader import limit_memory

    limit_memory(_MEMORY)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    class TooLong(BaseException):
        """Not to be caught by what is read."""

    def ring(*_: Any) -> None:
        raise TooLong

    signal.signal(signal.SIGALRM, ring)
    print("ready", file=out, flush=True)
    for line in sys.stdin:
        path = Path(line.strip())
        started, words = time.perf_counter(), ""
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            kind = _read(path)
        except TooLong:
            kind, words = "LimitError: time", _place()
        except MemoryError:
            kind = "LimitError: memory"
        except Exception as error:
            kind, words = f"!{type(error).__name__}", traceback.format_exc()[-1500:]
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        took = round(time.perf_counter() - started, 2)
        told = {"name": path.name, "kind": kind, "seconds": took, "words": words}
        print(json.dumps(told), file=out, flush=True)


def _place() -> str:
    return traceback.format_exc()[-800:]


def _read(path: Path) -> str:
    """`report`, or the name of our error; the report must survive the store and the checks."""
    from pydantic import TypeAdapter

    from index.build import read_report
    from index.check import check_report
    from index.errors import ReportIndexError
    from index.values import Report

    try:
        report = read_report(path, 1)
    except ReportIndexError as error:
        words = str(error)
        assert "\n" not in words and "请" in words, f"no remedy: {words}"
        return type(error).__name__
    stored = TypeAdapter(Report)
    assert stored.validate_json(stored.dump_json(report)) == report, "the store changes the report"
    check_report(report)
    return "report"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    options.add_argument("--hand", action="store_true", help="the files made by hand too")
    options.add_argument("--most", type=float, default=float("inf"), help="seconds")
    options.add_argument("--worker", type=float)
    given = options.parse_args()
    if given.worker:
        _worker(given.worker)
        return
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as place:
        files = list(inputs(Path(place), given.count, given.seed, given.hand))
        outcomes = run(files, most=given.most)
        for outcome, file in zip(outcomes, files, strict=False):
            if outcome.finding or "time" in outcome.kind:
                given.keep.mkdir(exist_ok=True)
                (given.keep / file.name).write_bytes(file.read_bytes())
                print(f"{outcome.kind} {outcome.name}\n{outcome.words}")
    for kind, count in Counter(o.kind for o in outcomes).most_common():
        print(f"{count:6d} {kind}")
    slowest = max(outcomes, key=lambda o: o.seconds)
    print(
        f"{len(outcomes)} inputs in {time.perf_counter() - started:.0f} s; "
        f"slowest {slowest.seconds} s ({slowest.name})"
    )
    sys.exit(any(o.finding for o in outcomes))


if __name__ == "__main__":
    main()
