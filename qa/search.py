"""Search among the passages of a report: dense vectors and BM25 over bigrams, fused by rank.

Reciprocal rank fusion after Cormack, Clarke and Büttcher (SIGIR 2009), k = 60. Amounts are not
chosen here: they come from the structured look-up in `qa.catalogue`, so that most questions need no
search; model, Chroma, LlamaIndex and the keyword index are loaded with the first one that does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.store import Store
from index.values import Passage, Report
from qa.rerank import Reranker

if TYPE_CHECKING:
    from llama_index.core.base.base_retriever import BaseRetriever

    from index.keywords import KeywordIndex
    from qa.rerank import Reranker
    from qa.retrieve import HybridRetriever

_K = 60
_DEPTH = 30
_READ = 20  # passages that a reranker reads
_QUERY = 300  # characters of a question that are embedded


class PassageSearch:
    """The best passages of one report.

    A `reranker` orders the best of them anew; `dense=False` or `keywords=False` switches one half
    off (used by the ablation).
    """

    def __init__(
        self,
        store: Store,
        report: Report,
        *,
        dense: bool = True,
        keywords: bool = True,
        reranker: Reranker | None = None,
    ) -> None:
        self._store = store
        self._report = report
        self._dense = dense
        self._keywords = keywords
        self._reranker = reranker
        self._passages = {p.id: p for p in report.passages}

    def search(self, text: str, limit: int) -> list[tuple[Passage, float]]:
        """The best passages with their fused score. Raises StoreError, ModelError."""
        scores: dict[str, float] = {}
        if self._keywords:
            for rank, (position, _) in enumerate(self._keyword_index.search(text, _DEPTH)):
                passage = self._report.passages[position]
                scores[passage.id] = scores.get(passage.id, 0.0) + 1 / (_K + rank + 1)
        if self._dense:
            with self._store.searching():
                found = self._vectors.retrieve(text[:_QUERY])
            for rank, node in enumerate(found):
                if node.node_id in self._passages:
                    scores[node.node_id] = scores.get(node.node_id, 0.0) + 1 / (_K + rank + 1)
        best = sorted(scores.items(), key=lambda item: -item[1])
        if self._reranker is not None:
            read = [self._passages[i] for i, _ in best[:_READ]]
            return self._reranker.order(text, read)[:limit]
        return [(self._passages[i], score) for i, score in best[:limit]]

    def closeness(self, question: str, texts: Sequence[str]) -> list[float]:
        """The cosine of each text's vector with the question's; zeros without vectors.

        Raises ModelError.
        """
        if not self._dense or not texts:
            return [0.0] * len(texts)
        asked = np.array(self._store.embedding.get_query_embedding(question[:_QUERY]))
        told = self._store.embedding.get_text_embedding_batch([t[:_QUERY] for t in texts])
        return [float(x) for x in np.array(told) @ asked]

    def as_retriever(self, limit: int = 10) -> HybridRetriever:
        """The same as a LlamaIndex retriever."""
        from qa.retrieve import HybridRetriever

        return HybridRetriever(
            self._store,
            self._report,
            limit=limit,
            dense=self._dense,
            keywords=self._keywords,
            reranker=self._reranker,
        )

    @cached_property
    def _keyword_index(self) -> KeywordIndex:
        return self._store.keywords(self._report)

    @cached_property
    def _vectors(self) -> BaseRetriever:
        return self._store.vectors(self._report.id).as_retriever(similarity_top_k=_DEPTH)
