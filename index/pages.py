"""PDF to pages: `read_pages` gives every page's lines, printed label and ruled grids.

Pages are independent of each other, so they are read on several cores: this process reads a share
and starts `python -m index.page` for the others. Nothing of the caller's own program is started
again, so that a script needs no `if __name__ == "__main__"`.
"""

from __future__ import annotations

import logging
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.errors import PdfError
from index.page import guarded, read_some
from index.scan import available, read_scans
from index.source import Progress, check_file
from index.text import fold
from index.values import Line, Page

logger = logging.getLogger(__name__)

# A process start costs about what reading this many pages does.
_PAGES_WORTH_A_PROCESS = 6
_WAIT = 600  # seconds for a worker to end after this process has read its own share
_LABEL = re.compile(r"^[-—–―－‐·\s]*(?:第\s*)?(\d{1,4})(?:\s*页)?[-—–―－‐·\s]*$")


def count_pages(pdf: Path) -> int:
    """Number of pages. Raises PdfError when the file is missing, no PDF, encrypted or empty."""
    check_file(pdf)
    count = guarded(pdf, lambda document: len(document.pages))
    if count == 0:
        raise PdfError(f"{pdf.name} 没有任何页面：文件可能不完整，请重新下载后再试。")
    return int(count)


def read_pages(pdf: Path, workers: int = 0, progress: Progress | None = None) -> tuple[Page, ...]:
    """All pages of `pdf` in order. `workers` processes, 0 for one a core.

    Raises PdfError for a file that cannot be read, and for one without a text layer.
    """
    count = count_pages(pdf)
    workers = workers or os.cpu_count() or 1
    workers = max(1, min(workers, count // _PAGES_WORTH_A_PROCESS))
    pages = read_scans(pdf, _read_shares(pdf, count, workers, progress), progress)
    if not any(page.lines or page.grids for page in pages):
        raise PdfError(
            f"{pdf.name} 没有文字层（可能是扫描件）："
            + (
                "识别后也没有认出文字，请换用更清晰或可复制文字的版本。"
                if available()
                else "请用 pip install -e '.[ocr]' 装上文字识别（OCR），或换用可复制文字的版本。"
            )
        )
    return tuple(_with_labels(pages))


def _read_shares(pdf: Path, count: int, workers: int, progress: Progress | None) -> list[Page]:
    """The pages in order, every `workers`-th one by this process, the others by helpers."""
    helpers = [_start(pdf, first, count, workers) for first in range(2, workers + 1)]
    mine = range(1, count + 1, workers)
    done = 0

    def seen() -> None:
        nonlocal done
        done += 1
        if progress:
            progress("读取页面", done / len(mine))

    try:
        pages = read_some(pdf, mine, seen)
        for first, helper in enumerate(helpers, 2):
            pages.extend(_answer(helper) or read_some(pdf, range(first, count + 1, workers)))
    finally:
        for helper in helpers:
            if helper and helper.poll() is None:
                helper.kill()
    return sorted(pages, key=lambda page: page.number)


def _start(pdf: Path, first: int, count: int, step: int) -> subprocess.Popen[bytes] | None:
    """A process that reads the pages `first`, `first + step`, ...; None where none starts."""
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    command = [sys.executable, "-m", "index.page", str(pdf), str(first), str(count), str(step)]
    try:
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)},
        )
    except (OSError, ValueError) as error:
        logger.warning("cannot start a process to read pages, reading them here: %r", error)
        return None


def _answer(helper: subprocess.Popen[bytes] | None) -> list[Page] | None:
    """The pages that a helper read; None where it failed. Raises the PdfError that stopped it."""
    if helper is None:
        return None
    try:
        output, _ = helper.communicate(timeout=_WAIT)
        answer = pickle.loads(output) if helper.returncode == 0 else None
    except (subprocess.TimeoutExpired, pickle.UnpicklingError, EOFError) as error:
        logger.warning("a process that read pages gave no answer: %r", error)
        answer = None
    if isinstance(answer, PdfError):
        raise answer
    if answer is None:
        logger.warning("a process that read pages failed (%s), reading here", helper.returncode)
    return answer


def _with_labels(pages: Sequence[Page]) -> list[Page]:
    """Pages with their printed labels, the label lines taken out of the text.

    A label is a lone number in the outer tenth of the page; it counts only where at least two
    labels of the document keep the same distance to their page numbers.
    """
    found: dict[int, tuple[int, Line]] = {}
    for page in pages:
        for line in (*page.lines[:1], *page.lines[-2:]):
            match = _LABEL.match(fold(line.text).replace(" ", ""))
            middle = line.box.middle[1] / page.height
            if match and (middle > 0.88 or middle < 0.08):
                found[page.number] = (int(match[1]), line)
    offsets: dict[int, int] = {}
    for number, (label, _) in found.items():
        offsets[number - label] = offsets.get(number - label, 0) + 1
    result = []
    for page in pages:
        hit = found.get(page.number)
        if hit and offsets[page.number - hit[0]] > 1:
            lines = tuple(line for line in page.lines if line is not hit[1])
            page = replace(page, label=str(hit[0]), lines=lines)
        result.append(page)
    return result
