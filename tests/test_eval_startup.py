"""Commands timed from a cold start: what runs, and that a failure is named."""

from __future__ import annotations

import pytest

from eval.gold import EvalError
from eval.startup import run


def test_a_command_is_timed() -> None:
    wall, processor = run("-c", "sum(range(3_000_000))")
    assert 0 < processor < 30 and wall > 0


def test_a_command_that_fails_is_named() -> None:
    with pytest.raises(EvalError, match="no such thing"):
        run("-c", "raise SystemExit('no such thing')")


@pytest.mark.parametrize("module", ["index.__main__", "qa.__main__"])
def test_commands_load_nothing_heavy(module: str) -> None:
    """What embeds and searches is imported with the first text that needs it."""
    heavy = "torch,sentence_transformers,llama_index.core,chromadb,bm25s,gradio,cn2an"
    code = f"import sys, {module}; sys.exit(' '.join({heavy.split(',')} & sys.modules.keys()) or 0)"
    run("-c", code.replace("[", "{").replace("]", "}"))
