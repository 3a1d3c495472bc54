"""Every text that a user or a model is shown, as templates; a missing variable is an error."""

from __future__ import annotations

import string
from functools import lru_cache
from importlib import resources

import yaml

FILES = ("answers.yaml", "checks.yaml")


class TemplateError(LookupError):
    """A template that does not exist, or a variable that was not given."""


@lru_cache(maxsize=1)
def templates() -> dict[str, str]:
    texts: dict[str, str] = {}
    for name in FILES:
        raw = yaml.safe_load(resources.files(__package__).joinpath(name).read_text("utf-8"))
        if not isinstance(raw, dict) or not all(isinstance(v, str) for v in raw.values()):
            raise TemplateError(f"prompts/{name} must map names to texts")
        texts |= raw
    return texts


def say(template: str, /, **variables: object) -> str:
    """The text of a template. Raises TemplateError naming the template and what is missing."""
    text = templates().get(template)
    if text is None:
        raise TemplateError(f"no template {template!r} in prompts/")
    needed = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    missing = needed - variables.keys()
    if missing:
        raise TemplateError(f"template {template!r} needs {', '.join(sorted(missing))}")
    return text.format(**{k: v for k, v in variables.items() if k in needed})
