"""Data files: no name may be given twice, in whatever mapping."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from prompts.datafiles import read_yaml

ROOT = Path(__file__).parent.parent
FILES = [*ROOT.glob("*/data/**/*.yaml"), *ROOT.glob("prompts/*.yaml")]


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", "a:\n  b: 1\n  b: 1\n", "- {a: 1, a: 2}\n"])
def test_a_name_given_twice_is_an_error(text: str) -> None:
    with pytest.raises(yaml.YAMLError, match="stands twice"):
        read_yaml(text)


def test_one_name_may_stand_in_two_mappings() -> None:
    assert read_yaml("a: {x: 1}\nb: {x: 2}\n") == {"a": {"x": 1}, "b": {"x": 2}}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_of_the_project_are_read(path: Path) -> None:
    assert read_yaml(path.read_text("utf-8"))
