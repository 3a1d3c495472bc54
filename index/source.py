"""A PDF as a file, and what is told while it is read: all that callers of the reader need of it.

Nothing here parses a PDF or loads a library that does, so that a command whose report is in the
store already starts without them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from index.errors import PdfError

Progress = Callable[[str, float], None]  # the stage, for users, and the share of it that is done

READ_SCANS = "识别扫描页"  # the stage that is reported after each page read by OCR


def check_file(pdf: Path) -> None:
    """Raises PdfError when the file is missing or no PDF by its first bytes; parses nothing."""
    if not pdf.exists():
        raise PdfError(f"找不到文件 {pdf}：请检查路径后重试。")
    if pdf.is_dir():
        raise PdfError(f"{pdf} 是文件夹：请给出一个 PDF 文件。")
    try:
        with pdf.open("rb") as stream:
            head = stream.read(1024)
    except OSError as error:
        raise PdfError(f"{pdf.name} 无法打开（{error.strerror}）：请检查权限后重试。") from error
    if b"%PDF-" not in head:
        raise PdfError(f"{pdf.name} 不是 PDF 文件：请上传部门决算公开的 PDF。")


def report_id(pdf: Path) -> str:
    """The id of a report: a hash of the file's bytes, so that an unchanged file is known again."""
    digest = hashlib.sha256()
    with pdf.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:12]
