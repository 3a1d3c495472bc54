"""A PDF read in a process of its own: whatever the file does, the caller goes on.

`read_guarded` gives the `Report` that `index.build.read_report` gives, or one of our errors. Each
process that reads may take so much time and memory, and the file may have so many pages, as the
settings allow. All processes end with the call, also when it is interrupted, and with the caller
when that is killed. What they send is JSON and no pickle: nothing of it is executed here.

The process is `index.reader`. This module loads neither what reads PDFs nor a model.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from index import errors
from index.errors import LimitError, NotAReportError, PdfError, ReportIndexError
from index.settings import Settings
from index.source import READ_SCANS, Progress, check_file
from index.values import Report

logger = logging.getLogger(__name__)

REPORT = TypeAdapter(Report)
HEAD = b'{"report":'  # opens the line with the report, which is the last one
MEMORY_EXIT = 77
_MOST_BYTES = 512 << 20  # of one line; a report of 50 pages takes 3 MB
_TAIL = 4000  # bytes kept of what the process writes to stderr, for the log
_SCAN_SECONDS = 20  # what each scanned page that was read adds to the time limit
_ERRORS: dict[str, type[ReportIndexError]] = {
    kind.__name__: kind for kind in (PdfError, LimitError, NotAReportError, errors.DataError)
}


class Order(BaseModel):
    """What the process is to do, for whom, and its limits (seconds, megabytes, pages).

    `draw`: every page too, since the caller will show them.
    """

    pdf: Path
    caller: int
    workers: int
    seconds: int
    memory: int
    pages: int
    draw: bool = True


def read_guarded(
    pdf: Path, settings: Settings, progress: Progress | None = None, *, draw: bool = True
) -> Report:
    """Everything in one PDF, as `read_report` gives it, within the limits of `settings`.

    `draw`: its pages are drawn too, so that one that cannot be drawn in time is refused. Several
    threads may read at once. Raises PdfError (LimitError beyond a limit), NotAReportError.
    """
    check_file(pdf)
    order = Order(
        pdf=pdf.absolute(),
        caller=os.getpid(),
        workers=settings.workers,
        seconds=settings.read_seconds,
        memory=settings.read_memory,
        pages=settings.read_pages,
        draw=draw,
    )
    process = _start(order)
    try:
        return _await(process, order, progress)
    finally:
        _end(process)


# -- the caller's side -----------------------------------------------------------------------------


def _start(order: Order) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)}
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "index.reader"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise PdfError(
            f"无法启动读取 {order.pdf.name} 的进程（{error.strerror}）：请检查内存和进程数后重试。"
        ) from error
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # it has ended, which is told where it is awaited
        process.stdin.write(order.model_dump_json().encode())
        process.stdin.close()
    return process


def _await(process: subprocess.Popen[bytes], order: Order, progress: Progress | None) -> Report:
    """The report that the process sends. Raises what it sends, or says how it ended."""
    assert process.stdout is not None and process.stderr is not None
    deadline = time.monotonic() + order.seconds
    lines: queue.Queue[bytes] = queue.Queue(maxsize=64)
    tail = bytearray()
    _in_background(_pass_lines, process.stdout, lines)
    errors_read = _in_background(_keep_tail, process.stderr, tail)
    while True:
        try:
            line = lines.get(timeout=max(0.01, deadline - time.monotonic()))
        except queue.Empty:
            raise _too_long(order) from None
        if not line.endswith(b"}\n"):
            break  # the end, or what a process that was stopped has left
        try:
            if line.startswith(HEAD):
                return REPORT.validate_json(line[len(HEAD) : -2])
            sent: dict[str, Any] = json.loads(line)
            failure = _ERRORS[sent["error"]](sent["message"]) if "error" in sent else None
        except (ValidationError, ValueError, KeyError) as error:
            logger.warning("what the process that reads %s sent: %r", order.pdf.name, error)
            break
        if failure:
            raise failure
        if sent["stage"] == READ_SCANS:
            deadline += _SCAN_SECONDS
        if progress:
            progress(sent["stage"], sent["share"])
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1.0)
    errors_read.join(timeout=1.0)
    raise _ended(order, process.returncode, tail.decode("utf-8", "replace"))


def _ended(order: Order, code: int | None, words: str) -> PdfError:
    """The error for a process that ended with `code` and no report."""
    name = order.pdf.name
    logger.warning("the process that reads %s ended with %s: %s", name, code, words)
    if code in {MEMORY_EXIT, -signal.SIGKILL, -signal.SIGABRT}:  # C++ aborts without memory
        return LimitError(
            f"{name} 读取时需要的内存超过 {order.memory} MB，已停止：请只上传决算公开部分，"
            "或把设置 REPORTQA_READ_MEMORY 调大后重试。"
        )
    return PdfError(f"{name} 读取时意外中断：文件可能已损坏，请重新下载或另存为 PDF 后再试。")


def _too_long(order: Order) -> LimitError:
    return LimitError(
        f"{order.pdf.name} 读取超过 {order.seconds} 秒，已停止：请只上传决算公开部分，"
        "或把设置 REPORTQA_READ_SECONDS 调大后重试。"
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and those that it started; its pipes close with it."""
    if hasattr(os, "killpg"):
        # The group outlives its first process while helpers run, and keeps its number.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _in_background(work: Callable[..., None], *arguments: Any) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments, daemon=True)
    thread.start()
    return thread


def _pass_lines(stream: IO[bytes], lines: queue.Queue[bytes]) -> None:
    """Every line of `stream`, an empty one at its end; stops where nobody takes them."""
    with stream, contextlib.suppress(queue.Full):
        while line := stream.readline(_MOST_BYTES):
            lines.put(line, timeout=60)
        lines.put(b"", timeout=60)


def _keep_tail(stream: IO[bytes], tail: bytearray) -> None:
    with stream:
        while piece := stream.read1(65536):  # type: ignore[attr-defined]
            tail.extend(piece)
            del tail[:-_TAIL]
