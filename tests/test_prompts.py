"""Templates are strict, and the code asks only for templates that exist."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from prompts import TemplateError, instruct, instructions, say, templates

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [*ROOT.glob("*.py"), *ROOT.glob("qa/**/*.py"), *ROOT.glob("index/**/*.py")]


def variables(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def calls() -> list[tuple[str, str, set[str] | None]]:
    """(where, template, variables given or None for **) of every `say` with a literal name."""
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"):
                continue
            first = node.args[0]
            names = [
                n.value
                for n in ([first.body, first.orelse] if isinstance(first, ast.IfExp) else [first])
                if isinstance(n, ast.Constant) and isinstance(n.value, str)
            ]
            given = {k.arg for k in node.keywords}
            known = None if None in given else {k for k in given if k}
            found += [(f"{path.name}:{node.lineno}", name, known) for name in names]
    return found


CALLS = calls()


def test_the_scan_finds_the_calls() -> None:
    assert len(CALLS) > 20


@pytest.mark.parametrize(("where", "name", "given"), CALLS)
def test_every_template_asked_for_exists(where: str, name: str, given: set[str] | None) -> None:
    assert name in templates(), where
    if given is not None:
        assert variables(templates()[name]) <= given, where


def test_every_template_is_used() -> None:
    """By its whole name, or by the two parts that the code puts together."""
    files = [*SOURCES, *ROOT.glob("index/data/*.yaml")]
    everything = "".join(path.read_text("utf-8") for path in files)

    def quoted(name: str) -> bool:
        return f'"{name}"' in everything

    def used(name: str) -> bool:
        cuts = [i for i, char in enumerate(name) if char == "_"]
        return quoted(name) or any(quoted(name[:i]) and quoted(name[i:]) for i in cuts)

    assert [name for name in templates() if not used(name)] == []


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_missing_variable_is_named(name: str) -> None:
    needed = variables(templates()[name])
    full = dict.fromkeys(needed, "甲")
    assert "{" not in say(name, **full)
    for missing in needed:
        with pytest.raises(TemplateError, match=missing):
            say(name, **{k: v for k, v in full.items() if k != missing})


def test_an_unknown_template_is_named() -> None:
    with pytest.raises(TemplateError, match="nowhere"):
        say("nowhere")


def test_braces_of_a_value_are_not_filled_in() -> None:
    assert "{value}" in say("reported", label="{value}", value="3.36万元")


@pytest.mark.parametrize("text", templates().values())
def test_templates_hold_no_number(text: str) -> None:
    """Numbers come from the report or from a calculation; a template may only say 0.00 is blank."""
    assert not [c for c in text.replace("0.00", "").replace("基数为0", "") if c.isdigit()]


@pytest.mark.parametrize("name", sorted(instructions()))
def test_instructions_are_strict_and_used(name: str) -> None:
    needed = variables(instructions()[name])
    assert instruct(name, **dict.fromkeys(needed, "甲"))
    for missing in needed:
        with pytest.raises(TemplateError, match=missing):
            instruct(name, **dict.fromkeys(needed - {missing}, "甲"))
    everything = "".join(path.read_text("utf-8") for path in ROOT.glob("qa/model/*.py"))
    assert f'"{name}"' in everything
