"""Misspelt names: a name of the report that differs from the question's words in one character.

Only words that the report does not hold are corrected, and only where one name fits; what was
assumed is said in the answer. Distances by rapidfuzz (Hamming over windows of the question).
"""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz.distance import Hamming

from qa import data
from qa.catalogue import Catalogue
from qa.names import key
from qa.reading import Reading

_SHORTEST = 4  # characters of a name; shorter ones have too many neighbours


def correct(reading: Reading, catalogue: Catalogue) -> tuple[Reading, str]:
    """The reading with misspelt names mended, and the name assumed ("" when none was)."""
    for segment in reading.content.split():
        if len(segment) < _SHORTEST or key(segment) in catalogue.text:
            continue
        found = _neighbours(segment, catalogue)
        if len(found) != 1:
            continue
        ((wrong, right),) = found
        return (
            replace(
                reading,
                text=reading.text.replace(wrong, right),
                rest=reading.rest.replace(wrong, right),
                content=reading.content.replace(wrong, right),
            ),
            right,
        )
    return reading, ""


def _standard(word: str) -> bool:
    """Whether the word is part of a standard name of the genre, as the lexicon has them."""
    return any(word in synonym.mean for synonym in data.lexicon().synonyms)


def _neighbours(segment: str, catalogue: Catalogue) -> set[tuple[str, str]]:
    """(window of the segment, name) pairs one inner character apart, of the longest such name.

    A window that the report holds is no misspelling, and a difference at either end may be the
    next word (公务接待中 is not 公务接待费).
    """
    for size in sorted({len(n) for n in catalogue.names}, reverse=True):
        if size > len(segment):
            continue
        windows = {segment[i : i + size] for i in range(len(segment) - size + 1)}
        windows = {w for w in windows if key(w) not in catalogue.text and not _standard(w)}
        hits = {
            (w, n)
            for n in catalogue.names
            if len(n) == size
            for w in windows
            if w[0] == n[0] and w[-1] == n[-1] and Hamming.distance(w, n) == 1
        }
        if hits:
            return hits
    return set()
