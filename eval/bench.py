"""Speed beside a yardstick of the same run: what bare pdfplumber takes for the same pages.

Seconds are wall time; the yardstick is `extract_text` and `extract_tables` over all pages in one
process. A ratio below 1 means faster than that. Question latencies are milliseconds of wall time
over questions that were not asked before, after a few others have warmed the engine.
The peak memory is that of this process from its start, the yardstick included.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import PdfminerException

from eval.gold import EvalError
from eval.predict import Asked, EngineLike

WARM_UP = ("收入总计是多少？", "支出合计是多少？", "公务接待费为什么减少？")


def bench(pdf: Path, questions: Sequence[Asked] = ()) -> dict[str, Any]:
    """All measurements as JSON-ready data. Raises EvalError or ReportIndexError."""
    if not pdf.is_file():
        raise EvalError(f"找不到文件 {pdf}，请检查路径。")
    from index.build import read_report
    from index.settings import load_settings
    from index.store import Store
    from qa.engine import open_engine
    from qa.errors import QaError

    pages, yardstick = _timed(lambda: bare_pdfplumber(pdf))
    _, reading = _timed(lambda: read_report(pdf))
    with tempfile.TemporaryDirectory(prefix="report-qa-bench-") as folder:
        settings = load_settings(store=Path(folder))
        built, building = _timed(lambda: Store(settings).build(pdf))
        _, again = _timed(lambda: Store(settings).build(pdf))
        try:
            engine, opening = _timed(lambda: open_engine(settings, pdf=pdf))
            _, first = _timed(lambda: engine.ask(WARM_UP[0]))
            asked = latencies(engine, questions)
        except QaError as error:
            raise EvalError(str(error)) from error
    return {
        "pdf": pdf.name,
        "pages": pages,
        "passages": built.passages,
        "pdfplumber_s": round(yardstick, 2),
        "read_s": round(reading, 2),
        "read_ratio": round(reading / yardstick, 3),
        "build_s": round(building, 2),
        "build_ratio": round(building / yardstick, 3),
        "rebuild_unchanged_s": round(again, 3),
        "open_s": round(opening, 3),
        "first_question_ms": round(first * 1000, 1),
        "questions": len(asked),
        "question_median_ms": _rank(asked, 50),
        "question_p95_ms": _rank(asked, 95),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def bare_pdfplumber(pdf: Path) -> int:
    """Text and tables of every page with pdfplumber's defaults; the number of pages.

    Raises EvalError when pdfplumber cannot open the file.
    """
    try:
        with pdfplumber.open(pdf) as document:
            for page in document.pages:
                page.extract_text()
                page.extract_tables()
                page.close()
            return len(document.pages)
    except (OSError, PDFException, PdfminerException) as error:
        raise EvalError(f"{pdf} 不能作为 PDF 打开：{error!r}。请检查文件。") from error


def latencies(engine: EngineLike, questions: Sequence[Asked]) -> list[float]:
    """Milliseconds of each question, asked once, after the engine was warmed with others."""
    if not questions:
        return []
    for words in WARM_UP:
        engine.ask(words)
    times = []
    for asked in questions:
        started = time.perf_counter()
        engine.ask(asked.question, asked.history)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


def _rank(times: Sequence[float], percent: int) -> float | None:
    return round(float(np.percentile(times, percent)), 1) if times else None
