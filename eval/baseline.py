"""Two baselines, put together from standard parts as a user of the libraries would.

`vector`: LlamaIndex's `SentenceSplitter` over the text of each page (the page number as metadata),
an in-memory `VectorStoreIndex` with the project's default embedding, the top passage.
`bm25`: the same passages, bm25s over character bigrams, the top passage.

Either answers with the top passage, takes its first amount for the value, and cites its page. They
know nothing of tables, units of a column or arithmetic, and never refuse: they show what retrieval
by itself gives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bm25s
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import NodeWithScore, QueryBundle

from eval.check import page_texts
from eval.gold import EvalError
from eval.passage import top_passage_asker
from eval.retrieval import LIMIT, Remembering
from eval.systems import System
from index.text import fold

CHUNK_TOKENS = 256
VECTOR = "LlamaIndex 向量检索"
BM25 = "BM25（字符二元）"

Embedding = Any  # llama_index.core.base.embeddings.base.BaseEmbedding


def baselines(pdf: Path, embedding: Embedding | None = None) -> tuple[System, ...]:
    """Both baselines over one report.

    `embedding` defaults to the project's own. Raises EvalError when the PDF has no text.
    """
    texts = page_texts(pdf)
    if not any(text.strip() for text in texts):
        raise EvalError(f"{pdf} 没有文字层，基线无从检索；可加 --no-baseline。")

    chunks = split_pages(texts)
    index = VectorStoreIndex(list(chunks), embed_model=embedding or _our_embedding())
    vector = Remembering(index.as_retriever(similarity_top_k=LIMIT))
    retrievers = ((VECTOR, "vector", vector), (BM25, "bm25", Bm25Retriever(chunks)))
    return tuple(
        System(name, file, top_passage_asker(retriever, pdf.stem), retriever)
        for name, file, retriever in retrievers
    )


def _our_embedding() -> Embedding:
    from index.embedding import load_embedding
    from index.settings import load_settings

    return load_embedding(load_settings().model)


def split_pages(texts: Sequence[str]) -> list[Any]:
    """Nodes of at most 256 tokens, each with the number of its page (from 1) as metadata."""
    documents = [
        Document(text=text, metadata={"page": number})
        for number, text in enumerate(texts, start=1)
        if text.strip()
    ]
    return list(SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=32)(documents))


def bigrams(text: str) -> list[str]:
    """The character bigrams of a text without white space; a single character is itself."""
    characters = re.sub(r"\s+", "", fold(text)).lower()
    return [characters[i : i + 2] for i in range(max(len(characters) - 1, 1))]


class Bm25Retriever(BaseRetriever):
    """The best chunks by BM25 over bigrams; none when no bigram of the question occurs."""

    def __init__(self, chunks: Sequence[Any], limit: int = LIMIT) -> None:
        self._chunks = list(chunks)
        self._limit = min(limit, len(self._chunks))
        self._index = bm25s.BM25()
        words = [bigrams(chunk.get_content()) for chunk in self._chunks]
        self._index.index(words, show_progress=False)
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        words = [bigrams(query_bundle.query_str)]
        found, scores = self._index.retrieve(words, k=self._limit, show_progress=False)
        return [
            NodeWithScore(node=self._chunks[int(place)], score=float(score))
            for place, score in zip(found[0], scores[0], strict=True)
            if score > 0
        ]
