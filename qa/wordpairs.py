"""The two things that a question compares, and the pieces that it adds up, as words."""

from __future__ import annotations

import re

from qa import data
from qa.ask import Ask

_PAIR = (
    re.compile(data.word("pair_joined")),
    re.compile(data.word("pair_compared")),
    re.compile(data.word("pair_plain")),
)


def split_pair(text: str) -> tuple[str, str] | None:
    """The two things that a question compares, as words."""
    for pattern in _PAIR:
        match = pattern.search(text)
        if match and len(match["a"]) >= 2 and len(match["b"]) >= 2:
            return match["a"], match["b"]
    return None


def split_pieces(ask: Ask, text: str, pattern: str) -> list[str]:
    """`text` cut at its joining words, but not inside a name such as 对个人和家庭的补助."""
    shielded = shield(ask, text)
    return [unshield(p) for p in re.split(pattern, shielded) if len(p) > 1]


def shield(ask: Ask, text: str) -> str:
    """The text with the joining words inside names of the report hidden."""
    for name in sorted(ask.catalogue.joined, key=lambda n: (-len(n), n)):
        if name in text:
            text = text.replace(name, re.sub(data.word("joining"), _hide, name))
    return text


def _hide(match: re.Match[str]) -> str:
    return chr(0xE000 + "和与及、".index(match.group()))


def unshield(text: str) -> str:
    return re.sub("[\ue000-\ue003]", lambda m: "和与及、"[ord(m.group()) - 0xE000], text)


def pair_of(ask: Ask) -> tuple[str, str] | None:
    """The two things that the question compares, names kept whole."""
    return pair_in(ask, ask.text)


def pair_in(ask: Ask, text: str) -> tuple[str, str] | None:
    text = re.sub(",(?=[跟和与同比])", "", text)  # A，跟B相差多少
    pair = split_pair(shield(ask, text))
    return (unshield(pair[0]), unshield(pair[1])) if pair else None
