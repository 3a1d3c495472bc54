"""Vectors of the characters of a text: an embedding without a model, to try the store with.

Texts that share characters are near each other; the same text has the same vector in every process.
"""

from __future__ import annotations

import zlib
from functools import lru_cache

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding

WIDTH = 384


class CharacterEmbedding(BaseEmbedding):
    """Unit vectors: the mean of fixed random vectors of a text's characters."""

    model_name: str = "characters"

    @property
    def model(self) -> None:
        """There is none to load."""

    def _get_text_embedding(self, text: str) -> list[float]:
        mean = np.sum([_vector(character) for character in text or " "], axis=0)
        return (mean / np.linalg.norm(mean)).tolist()  # type: ignore[no-any-return]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


@lru_cache(maxsize=20_000)
def _vector(character: str) -> np.ndarray:
    return np.random.default_rng(zlib.crc32(character.encode())).standard_normal(WIDTH)
