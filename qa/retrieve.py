"""The search among a report's passages (`qa.search`) as a LlamaIndex retriever."""

from __future__ import annotations

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.store import Store
from index.values import Passage, Report
from qa.rerank import Reranker
from qa.search import PassageSearch


class HybridRetriever(BaseRetriever):
    """Passages of one report as LlamaIndex nodes; node ids are passage ids. See PassageSearch."""

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
        self._search = PassageSearch(
            store, report, dense=dense, keywords=keywords, reranker=reranker
        )
        self._limit = limit
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
        return self._search.search(text, limit)
