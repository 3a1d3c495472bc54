"""Misspelt names: words that sound like a name of the report, or differ in one character.

Chinese is typed by sound, so most slips are homophones (政府彩购, 三工经费). Only words that the
report does not hold are corrected, and only where one name fits; what was assumed is said in the
answer. Sounds by pypinyin, character by character and without tones; distances by rapidfuzz
(Hamming over windows of the question).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from rapidfuzz.distance import Hamming

from qa import data
from qa.catalogue import Catalogue
from qa.names import key
from qa.reading import Reading, content_of, normalise, read_question

_SHORTEST = 4  # characters of a name; shorter ones have too many neighbours
_MOST = 3  # words of one question that are mended


def correct(question: str, catalogue: Catalogue) -> tuple[Reading, str]:
    """The question read with misspelt names mended, and the names assumed ("" when none was)."""
    text = normalise(question)
    assumed: list[str] = []
    for find in (_sounding_alike, _neighbours):
        for segment in content_of(text).split():
            if key(segment) in catalogue.text or len(assumed) == _MOST:
                continue
            found = find(segment, catalogue)
            if len(found) == 1:
                ((wrong, right),) = found
                text = text.replace(wrong, right)
                assumed.append(right)
    if not assumed:
        return read_question(question), ""
    return read_question(text), "”“".join(assumed)


def _standard(word: str) -> bool:
    """Whether the word is part of a standard name of the genre, as the lexicon has them."""
    return any(word in synonym.mean for synonym in data.lexicon().synonyms)


@lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    from pypinyin import lazy_pinyin  # 0.2 s, and only for words that the report does not hold

    return str(lazy_pinyin(character)[0])


@lru_cache(maxsize=4096)
def _sounds(word: str) -> tuple[str, ...]:
    return tuple(map(_sound, word))


def _sounding_alike(segment: str, catalogue: Catalogue) -> set[tuple[str, str]]:
    """(window of the segment, name) pairs that sound alike, of the longest such name.

    Names of the report, and the terms of the genre that the lexicon lists for it.
    """
    return _longest(
        segment,
        catalogue,
        {*catalogue.names, *data.lexicon().sounding},
        lambda window, name: _sounds(window) == _sounds(name),
    )


def _neighbours(segment: str, catalogue: Catalogue) -> set[tuple[str, str]]:
    """(window of the segment, name) pairs one inner character apart, of the longest such name.

    A difference at either end may be the next word (公务接待中 is not 公务接待费).
    """
    if len(segment) < _SHORTEST:
        return set()
    return _longest(
        segment,
        catalogue,
        catalogue.names,
        lambda window, name: (
            window[0] == name[0] and window[-1] == name[-1] and Hamming.distance(window, name) == 1
        ),
    )


def _joins(window: str, name: str) -> bool:
    """Whether a character that the name does not have is a word of its own: 国和接待 in 出国和接待,
    出过 in 有没有出过事故."""
    return any(a != b and a in _WORDS for a, b in zip(window, name, strict=True))


_WORDS = frozenset("和与跟及或比、过了着的得地")


def _longest(
    segment: str,
    catalogue: Catalogue,
    names: Iterable[str],
    alike: Callable[[str, str], bool],
) -> set[tuple[str, str]]:
    """The pairs that are alike, of the longest names; a word that the report holds is right."""
    by_length: dict[int, list[str]] = {}
    for name in names:
        by_length.setdefault(len(name), []).append(name)
    for size in sorted(by_length, reverse=True):
        if size > len(segment):
            continue
        windows = {segment[i : i + size] for i in range(len(segment) - size + 1)}
        windows = {w for w in windows if key(w) not in catalogue.text and not _standard(w)}
        hits = {
            (w, n)
            for w in windows
            for n in by_length[size]
            if w != n and alike(w, n) and not _joins(w, n)
        }
        if hits:
            return hits
    return set()
