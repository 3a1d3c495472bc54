"""Read a PDF in a process of its own, so that several are read at once: `read_apart`.

Run as `python -m index.apart PDF` it is that process: the pickled report, or the error, on stdout.
No model is imported there. The seam for `index.batch`: any function of a path and the settings.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from pathlib import Path

from index.build import read_report
from index.errors import PdfError, ReportIndexError
from index.settings import Settings
from index.values import Report

logger = logging.getLogger(__name__)


def read_apart(pdf: Path, settings: Settings) -> Report:
    """What `index.build.read_report` reads, or its error. Several threads may read at once."""
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    with subprocess.Popen(
        [sys.executable, "-m", "index.apart", str(Path(pdf).absolute()), str(settings.workers)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)},
    ) as process:
        try:
            output, _ = process.communicate()
        finally:
            process.kill()
    try:
        answer = pickle.loads(output)
    except (pickle.UnpicklingError, EOFError) as error:
        logger.warning("the process that read %s ended with %s", pdf, process.returncode)
        raise PdfError(
            f"读取 {pdf.name} 的程序意外结束（可能内存不足）："
            "请检查这份文件，或减少 --workers 后重试。"
        ) from error
    if isinstance(answer, ReportIndexError):
        raise answer
    if not isinstance(answer, Report):
        raise TypeError(f"not a report: {type(answer)}")
    return answer


def main(pdf: str, workers: str) -> None:
    answer: Report | ReportIndexError
    try:
        answer = read_report(Path(pdf), int(workers))
    except ReportIndexError as error:
        answer = error
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
