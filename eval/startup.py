"""Yardsticks beside `eval.bench`: how long commands take from a cold start, and what a plain
LlamaIndex vector index takes for the same questions.

Seconds of wall time and of processor time (this machine may be busy with other things), each
command in a process of its own; milliseconds a question, after the index was warmed.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.baseline import VECTOR, baselines
from eval.bench import WARM_UP
from eval.gold import EvalError
from eval.predict import Asked

_LIMIT = 300  # seconds


def cold_starts(pdf: Path, times: int = 1) -> dict[str, Any]:
    """Seconds of each command that needs no embedding, the least of `times` runs.

    `figures` and `check` find the report in the store; `_unread`: it is not there and must be read.
    Raises EvalError where a command fails.
    """
    with tempfile.TemporaryDirectory(prefix="report-qa-start-") as folder:
        store, empty = Path(folder) / "store", Path(folder) / "empty"
        run("-m", "index", "build", pdf, "--store", store)
        commands: dict[str, tuple[str | Path, ...]] = {
            "list": ("-m", "index", "list", "--store", store),
            "figures": ("-m", "index", "figures", pdf, "--store", store),
            "check": ("-m", "index", "check", pdf, "--store", store),
            "ask": ("-m", "qa", "ask", WARM_UP[0], "--pdf", pdf, "--store", store),
            "figures_unread": ("-m", "index", "figures", pdf, "--store", empty),
            "check_unread": ("-m", "index", "check", pdf, "--store", empty),
        }
        result = {}
        for name, command in commands.items():
            runs = [run(*command) for _ in range(times)]
            result[f"cold_{name}_s"] = round(min(wall for wall, _ in runs), 2)
            result[f"cold_{name}_cpu_s"] = round(min(processor for _, processor in runs), 2)
        return result


def plain_vector(pdf: Path, questions: Sequence[Asked]) -> dict[str, Any]:
    """Building and asking LlamaIndex's own index, put together as its users do."""
    started = time.perf_counter()
    system = next(system for system in baselines(pdf) if system.name == VECTOR)
    built = time.perf_counter() - started
    for words in WARM_UP:
        system.ask(words, ())
    times = []
    for asked in questions:
        started = time.perf_counter()
        system.ask(asked.question, asked.history)
        times.append((time.perf_counter() - started) * 1000)
    median = round(float(np.median(times)), 1) if times else None
    return {"llamaindex_build_s": round(built, 2), "llamaindex_median_ms": median}


def run(*arguments: str | Path) -> tuple[float, float]:
    """Seconds of wall and of processor time of `python ...`. Raises EvalError when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=_LIMIT,
        check=False,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    wall = time.perf_counter() - started
    if done.returncode:
        raise EvalError(f"{' '.join(map(str, arguments))} 失败：{done.stderr.strip()[-300:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, processor
