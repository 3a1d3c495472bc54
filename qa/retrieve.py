"""Hybrid retrieval of passages: dense vectors and BM25 over bigrams, fused by reciprocal rank.

Reciprocal rank fusion after Cormack, Clarke and Büttcher (SIGIR 2009), k = 60. Amounts are not
chosen here: they come from the structured look-up in `qa.catalogue`.
"""

from __future__ import annotations

from collections.abc import Sequence

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.keywords import KeywordIndex
from index.store import Store
from index.values import Passage, Report
from qa.rerank import Reranker

_K = 60
_DEPTH = 30
_READ = 20  # passages that a reranker reads
_QUERY = 300  # characters of a question that are embedded


class HybridRetriever(BaseRetriever):
    """Passages of one report as LlamaIndex nodes; node ids are passage ids.

    A `reranker` orders the best of them anew; `dense=False` or `keywords=False` switches one half
    off (used by the ablation).
    """

    def __init__(
        self,
        store: Store,
        report: Report,
        *,
        limit: int = 10,
        dense: bool = True,
        keywords: bool = True,
        reranker: Reranker | None = None,
    ) -> None:
        self._store = store
        self._report = report
        self._limit = limit
        self._dense = dense
        self._keywords = keywords
        self._reranker = reranker
        self._passages = {p.id: p for p in report.passages}
        self._order: Sequence[Passage] = report.passages
        self._keyword_index: KeywordIndex = store.keywords(report)
        self._vector_retriever: BaseRetriever | None = None
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        ranked = self.search(query_bundle.query_str, self._limit)
        return [
            NodeWithScore(
                node=TextNode(id_=p.id, text=p.text, metadata={"page": p.page, "source": p.source}),
                score=score,
            )
            for p, score in ranked
        ]

    def search(self, text: str, limit: int) -> list[tuple[Passage, float]]:
        """The best passages with their fused score."""
        scores: dict[str, float] = {}
        if self._keywords:
            for rank, (position, _) in enumerate(self._keyword_index.search(text, _DEPTH)):
                passage = self._order[position]
                scores[passage.id] = scores.get(passage.id, 0.0) + 1 / (_K + rank + 1)
        if self._dense:
            for rank, node in enumerate(self._vectors().retrieve(text[:_QUERY])):
                if node.node_id in self._passages:
                    scores[node.node_id] = scores.get(node.node_id, 0.0) + 1 / (_K + rank + 1)
        best = sorted(scores.items(), key=lambda item: -item[1])
        if self._reranker is not None:
            read = [self._passages[i] for i, _ in best[:_READ]]
            return self._reranker.order(text, read)[:limit]
        return [(self._passages[i], score) for i, score in best[:limit]]

    def _vectors(self) -> BaseRetriever:
        if self._vector_retriever is None:
            index = self._store.vectors(self._report.id)
            self._vector_retriever = index.as_retriever(similarity_top_k=_DEPTH)
        return self._vector_retriever
