"""A PDF read in a process of its own: whatever the file does, the caller goes on.

`read_guarded` gives the `Report` that `index.build.read_report` gives, or one of our errors. Each
process that reads may take so much time and memory, and the file may have so many pages, as the
settings allow. All processes end with the call, also when it is interrupted, and with the caller
when that is killed. They import no model.

Run as `python -m index.guard` it is that process: one JSON object a line on stdout, the last one
the report or the error. Nothing that it sends is executed here: it is JSON and no pickle.
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
from index.build import read_report
from index.errors import LimitError, NotAReportError, PdfError, ReportIndexError
from index.pages import Progress, check_file, count_pages
from index.pictures import try_pages
from index.scan import READ_SCANS
from index.settings import Settings
from index.values import Report

logger = logging.getLogger(__name__)

_REPORT = TypeAdapter(Report)
_HEAD = b'{"report":'
_MOST_BYTES = 512 << 20  # of one line; a report of 50 pages takes 3 MB
_TAIL = 4000  # bytes kept of what the process writes to stderr, for the log
_SCAN_SECONDS = 20  # what each scanned page that was read adds to the time limit
_MEMORY_EXIT = 77
_ERRORS: dict[str, type[ReportIndexError]] = {
    kind.__name__: kind for kind in (PdfError, LimitError, NotAReportError, errors.DataError)
}


class _Order(BaseModel):
    """What the process is to do, for whom, and its limits (seconds, megabytes, pages)."""

    pdf: Path
    caller: int
    workers: int
    seconds: int
    memory: int
    pages: int


def read_guarded(pdf: Path, settings: Settings, progress: Progress | None = None) -> Report:
    """Everything in one PDF, as `read_report` gives it, within the limits of `settings`.

    Several threads may read at once. Raises PdfError (LimitError beyond a limit), NotAReportError.
    """
    check_file(pdf)
    order = _Order(
        pdf=pdf.absolute(),
        caller=os.getpid(),
        workers=settings.workers,
        seconds=settings.read_seconds,
        memory=settings.read_memory,
        pages=settings.read_pages,
    )
    process = _start(order)
    try:
        return _await(process, order, progress)
    finally:
        _end(process)


# -- the caller's side -----------------------------------------------------------------------------


def _start(order: _Order) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)}
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "index.guard"],
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


def _await(process: subprocess.Popen[bytes], order: _Order, progress: Progress | None) -> Report:
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
            if line.startswith(_HEAD):
                return _REPORT.validate_json(line[len(_HEAD) : -2])
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


def _ended(order: _Order, code: int | None, words: str) -> PdfError:
    """The error for a process that ended with `code` and no report."""
    name = order.pdf.name
    logger.warning("the process that reads %s ended with %s: %s", name, code, words)
    if code in {_MEMORY_EXIT, -signal.SIGKILL, -signal.SIGABRT}:  # C++ aborts without memory
        return LimitError(
            f"{name} 读取时需要的内存超过 {order.memory} MB，已停止：请只上传决算公开部分，"
            "或把设置 REPORTQA_READ_MEMORY 调大后重试。"
        )
    return PdfError(f"{name} 读取时意外中断：文件可能已损坏，请重新下载或另存为 PDF 后再试。")


def _too_long(order: _Order) -> LimitError:
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


# -- the process that reads ------------------------------------------------------------------------


def _main() -> None:
    order = _Order.model_validate_json(sys.stdin.buffer.read())
    # What a library prints must not stand between the lines that are sent.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _limit_memory(order.memory)
    _in_background(_end_with, order.caller)

    def send(line: bytes) -> None:
        out.write(line + b"\n")
        out.flush()

    def progress(stage: str, share: float) -> None:
        send(json.dumps({"stage": stage, "share": share}).encode())

    try:
        count = count_pages(order.pdf)
        if count > order.pages:
            raise LimitError(
                f"{order.pdf.name} 有 {count} 页，超过上限 {order.pages} 页：请只上传决算公开部分，"
                "或把设置 REPORTQA_READ_PAGES 调大后重试。"
            )
        report = read_report(order.pdf, order.workers, progress)
        try_pages(order.pdf)  # the caller will show them
        send(_HEAD + _REPORT.dump_json(report) + b"}")
    except ReportIndexError as error:
        send(json.dumps({"error": type(error).__name__, "message": str(error)}).encode())
    except MemoryError:
        os._exit(_MEMORY_EXIT)  # at once: tidying up would ask for more


def _limit_memory(megabytes: int) -> None:
    """Let this process and each that it starts take so much; no limit where the system has none.

    RLIMIT_DATA counts what can be written to (Linux 4.7 and later), so that libraries mapped and
    addresses only reserved cost nothing.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    size = megabytes << 20
    with contextlib.suppress(ValueError, OSError):  # a lower limit holds already
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _end_with(caller: int) -> None:
    """End this process and those it started soon after the caller has gone without a word."""
    while hasattr(os, "getppid") and os.getppid() == caller:
        time.sleep(1.0)
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    _main()
