"""The process that reads one PDF for `index.guard`: `python -m index.reader`.

It takes an `Order` from stdin and writes one JSON object a line to stdout: how far it is, at last
the report or the error.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time

from index.build import read_report
from index.errors import LimitError, ReportIndexError
from index.guard import HEAD, MEMORY_EXIT, REPORT, Order
from index.pages import count_pages
from index.pictures import try_pages


def _main() -> None:
    order = Order.model_validate_json(sys.stdin.buffer.read())
    # What a library prints must not stand between the lines that are sent.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    limit_memory(order.memory)
    threading.Thread(target=_end_with, args=(order.caller,), daemon=True).start()

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
        if order.draw:
            try_pages(order.pdf)
        send(HEAD + REPORT.dump_json(report) + b"}")
    except ReportIndexError as error:
        send(json.dumps({"error": type(error).__name__, "message": str(error)}).encode())
    except MemoryError:
        os._exit(MEMORY_EXIT)  # at once: tidying up would ask for more


def limit_memory(megabytes: int) -> None:
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
