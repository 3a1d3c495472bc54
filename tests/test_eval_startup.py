"""Commands timed from a cold start: what runs, and that a failure is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.gold import EvalError
from eval.startup import cold_starts, run
from index.settings import load_settings
from index.store import Store
from tests.pdfs import Leaf, write_pdf
from tests.test_store import LINES


def test_a_command_is_timed() -> None:
    wall, processor = run("-c", "sum(range(3_000_000))")
    assert 0 < processor < 30 and wall > 0


def test_a_command_that_fails_is_named() -> None:
    with pytest.raises(EvalError, match="no such thing"):
        run("-c", "raise SystemExit('no such thing')")


def test_cold_starts_are_measured(tmp_path: Path) -> None:
    """The least of several runs, of reports that are in the store and of those that are not."""
    pdf = write_pdf(tmp_path / "small.pdf", Leaf(text=LINES))
    told = cold_starts(pdf, times=1)
    names = {"list", "figures", "check", "ask", "figures_unread", "check_unread"}
    assert set(told) == {f"cold_{n}_{kind}" for n in names for kind in ("s", "cpu_s")}
    assert told["cold_figures_cpu_s"] < told["cold_figures_unread_cpu_s"]


def test_a_stored_report_needs_no_reader(tmp_path: Path) -> None:
    """What reads PDFs is neither imported nor started for a report that was read before."""
    pdf = write_pdf(tmp_path / "small.pdf", Leaf(text=LINES))
    Store(load_settings(store=tmp_path / "store")).build(pdf)
    code = f"""
import subprocess, sys
from typer.testing import CliRunner
from index.__main__ import app
subprocess.Popen = None
for command in ("figures", "check"):
    done = CliRunner().invoke(app, [command, {str(pdf)!r}, "--store", {str(tmp_path / "store")!r}])
    assert done.exit_code == 0 and done.stdout, done
readers = {{"pdfplumber", "pdfminer", "pypdfium2", "numpy", "PIL"}}
sys.exit(" ".join(readers & sys.modules.keys()) or 0)
"""
    run("-c", code)


@pytest.mark.parametrize("module", ["index.__main__", "qa.__main__"])
def test_commands_load_nothing_heavy(module: str) -> None:
    """What embeds and searches is imported with the first text that needs it."""
    heavy = "torch,sentence_transformers,llama_index.core,chromadb,bm25s,gradio,cn2an"
    code = f"import sys, {module}; sys.exit(' '.join({heavy.split(',')} & sys.modules.keys()) or 0)"
    run("-c", code.replace("[", "{").replace("]", "}"))
