"""The page's words in both languages: the same texts with the same variables, all in use."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from prompts import TemplateError, page_text, page_texts
from qa.browse import COLUMNS
from qa.words import translations, words_for

ROOT = Path(__file__).resolve().parent.parent


def variables(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", sorted(page_texts()))
def test_both_languages_take_the_same_variables(name: str) -> None:
    text = page_texts()[name]
    assert variables(text["zh"]) == variables(text["en"])
    assert re.search("[\u4e00-\u9fff]", text["zh"]) or name == "brand"
    assert not re.search("[\u4e00-\u9fff]", text["en"])


def test_every_text_is_used() -> None:
    sources = "".join(p.read_text("utf-8") for p in [ROOT / "app.py", *ROOT.glob("qa/**/*.py")])
    made = {f"column_{column.name}" for column in COLUMNS} | {"note_assumed", "note_carried"}
    made |= {n for n in page_texts() if n.startswith("compared_")}  # by the note of a report
    sources = sources.replace("'", '"')
    unused = [n for n in page_texts() if f'"{n}"' not in sources and n not in made]
    assert unused == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("*", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-TW", "zh"),
        ("ZH-Hant-HK", "zh"),
        ("en-US,en;q=0.9,zh;q=0.1", "en"),
        ("fr", "en"),
    ],
)
def test_the_browser_s_first_language_counts(header: str, language: str) -> None:
    assert words_for(header).language == language


def test_gradio_gets_every_text_in_every_language() -> None:
    found = translations()
    assert {"zh-CN", "en"} <= found.keys()
    assert all(texts.keys() == page_texts().keys() for texts in found.values())


def test_a_missing_text_or_variable_is_named() -> None:
    with pytest.raises(TemplateError, match="nowhere"):
        page_text("nowhere", "zh")
    with pytest.raises(TemplateError, match="count"):
        page_text("fact_pages", "zh")
