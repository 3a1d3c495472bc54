"""The keyword index: BM25 over character bigrams (bm25s), saved beside the vectors.

Bigrams beat word segmentation on this genre: account names are long compounds that a segmenter
cuts unevenly.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import StoreError
from index.text import squeeze

if TYPE_CHECKING:
    import bm25s


def bigrams(text: str) -> list[str]:
    """Overlapping pairs of characters of the folded text, white space and quotes dropped."""
    plain = squeeze(text)
    if len(plain) < 2:
        return [plain] if plain else []
    return [plain[i : i + 2] for i in range(len(plain) - 1)]


class KeywordIndex:
    """BM25 over passages; `search` gives (position, score), best first."""

    def __init__(self, index: bm25s.BM25, size: int) -> None:
        self._index = index
        self.size = size

    @classmethod
    def of(cls, texts: Sequence[str]) -> KeywordIndex:
        index = _library().BM25(k1=1.2, b=0.6)
        index.index([bigrams(t) or ["\u0000"] for t in texts], show_progress=False)
        return cls(index, len(texts))

    def save(self, folder: Path) -> None:
        self._index.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> KeywordIndex:
        """Raises StoreError when the files are missing or damaged."""
        try:
            index = _library().BM25.load(str(folder), show_progress=False)
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(
                f"关键词索引 {folder} 已损坏：请用 python -m index build 重新建立索引。"
            ) from error
        return cls(index, size)

    def search(self, text: str, limit: int) -> list[tuple[int, float]]:
        known = [t for t in bigrams(text) if t in self._index.vocab_dict]
        if not self.size or not known:
            return []
        scores = self._index.get_scores(known)
        best = np.argsort(-scores, kind="stable")[:limit]
        return [(int(i), float(scores[i])) for i in best if scores[i] > 0]


def _library() -> Any:
    """bm25s, imported when first needed: with SciPy it takes 0.4 s."""
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG
    return bm25s
