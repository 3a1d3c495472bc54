"""Every text that a user or a model is shown, as templates; a missing variable is an error."""

from __future__ import annotations

import string
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, get_args

from prompts.datafiles import read_yaml

FILES = (
    "answers.yaml",
    "checks.yaml",
    "index.yaml",
    "model.yaml",
    "several.yaml",
)
# What a language model is told; a change of meaning is a new file with the next version.
INSTRUCTIONS = ("planner_v1.yaml", "writer_v1.yaml")
Language = Literal["zh", "en"]


class TemplateError(LookupError):
    """A template that does not exist, or a variable that was not given."""


@lru_cache(maxsize=1)
def templates() -> dict[str, str]:
    return _texts(FILES)


@lru_cache(maxsize=1)
def instructions() -> dict[str, str]:
    return _texts(INSTRUCTIONS)


def _texts(files: tuple[str, ...]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name in files:
        raw = _load(name)
        if not isinstance(raw, dict) or not all(isinstance(v, str) for v in raw.values()):
            raise TemplateError(f"prompts/{name} must map names to texts")
        texts |= raw
    return texts


@lru_cache(maxsize=1)
def page_texts() -> dict[str, dict[Language, str]]:
    """The texts of the page by name and language."""
    raw = _load("page.yaml")
    languages = set(get_args(Language))
    if not isinstance(raw, dict) or not all(
        isinstance(v, dict) and set(v) == languages and all(isinstance(t, str) for t in v.values())
        for v in raw.values()
    ):
        raise TemplateError("prompts/page.yaml must map names to a text in zh and one in en")
    return raw


def page_text(name: str, language: Language, /, **variables: object) -> str:
    """A text of the page. Raises TemplateError naming the text and what is missing."""
    texts = page_texts().get(name)
    if texts is None:
        raise TemplateError(f"no text {name!r} in prompts/page.yaml")
    return _fill(name, texts[language], variables)


def say(template: str, /, **variables: object) -> str:
    """The text of a template. Raises TemplateError naming the template and what is missing."""
    text = templates().get(template)
    if text is None:
        raise TemplateError(f"no template {template!r} in prompts/")
    return _fill(template, text, variables)


def instruct(name: str, /, **variables: object) -> str:
    """A text for a language model. Raises TemplateError naming the text and what is missing."""
    text = instructions().get(name)
    if text is None:
        raise TemplateError(f"no instruction {name!r} in prompts/")
    return _fill(name, text, variables)


def _load(name: str) -> Any:
    return read_yaml(resources.files(__package__).joinpath(name).read_text("utf-8"))


def _fill(name: str, text: str, variables: dict[str, object]) -> str:
    needed = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    missing = needed - variables.keys()
    if missing:
        raise TemplateError(f"template {name!r} needs {', '.join(sorted(missing))}")
    return text.format(**{k: v for k, v in variables.items() if k in needed})
