"""Hit rate and mean reciprocal rank of retrieval, by page, with LlamaIndex's `RetrieverEvaluator`.

A question's right documents are the pages of its sufficient sets, so that systems with passages of
their own making can be compared: each retriever's passages are turned into their pages, best first,
each page once. What is measured is the first `LIMIT` passages. Questions that ask for no page are
left out; earlier turns of a dialogue stand before the question.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.evaluation import RetrieverEvaluator
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from eval.gold import GoldItem

LIMIT = 5
_METRICS = ("hit_rate", "mrr")


@dataclass(frozen=True, slots=True)
class Found:
    """How one question fares: the pages found, best first; hit and reciprocal rank, 0 to 1."""

    id: str
    category: str
    pages: tuple[int, ...]
    hit: float
    reciprocal_rank: float

    @property
    def why(self) -> str:
        where = "、".join(str(page) for page in self.pages) or "无"
        return f"前 {LIMIT} 段所在的页：{where}；首个依据页的倒数名次 {self.reciprocal_rank:.2f}"


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Means over the questions that ask for a page, as fractions."""

    questions: int
    hit_rate: float
    mrr: float


class PageRetriever(BaseRetriever):
    """The pages of another retriever's passages: one node a page, its id the page number."""

    def __init__(self, inner: BaseRetriever, limit: int = LIMIT) -> None:
        self._inner = inner
        self._limit = limit
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        pages: dict[str, NodeWithScore] = {}
        for found in self._inner.retrieve(query_bundle)[: self._limit]:
            name = str(found.node.metadata["page"])
            node = TextNode(id_=name, text=found.node.get_content())
            pages.setdefault(name, NodeWithScore(node=node, score=found.score))
        return list(pages.values())


class Remembering(BaseRetriever):
    """Another retriever that is asked each query once: embedding a query is what takes time."""

    def __init__(self, inner: BaseRetriever) -> None:
        self._inner = inner
        self._known: dict[str, list[NodeWithScore]] = {}
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        query = query_bundle.query_str
        if query not in self._known:
            self._known[query] = self._inner.retrieve(query_bundle)
        return self._known[query]


def evaluate_retrieval(retriever: BaseRetriever, items: Sequence[GoldItem]) -> tuple[Found, ...]:
    """Each question that asks for a page, put to the retriever."""
    evaluator = RetrieverEvaluator.from_metric_names(
        list(_METRICS), retriever=PageRetriever(retriever)
    )

    async def each() -> list[Found]:
        return [await _one(evaluator, item) for item in items if item.page_sets]

    with ThreadPoolExecutor(1) as own:  # also where the caller's thread runs an event loop
        return tuple(own.submit(asyncio.run, each()).result())


async def _one(evaluator: Any, item: GoldItem) -> Found:
    wanted = sorted(frozenset[int]().union(*item.page_sets))
    query = " ".join([*item.history, item.question])
    try:
        result = await evaluator.aevaluate(query=query, expected_ids=[str(page) for page in wanted])
    except ValueError:  # LlamaIndex's metrics refuse a query that finds nothing: it is a miss
        return Found(item.id, item.category, (), 0.0, 0.0)
    values = result.metric_vals_dict
    pages = tuple(int(name) for name in result.retrieved_ids)
    return Found(item.id, item.category, pages, float(values["hit_rate"]), float(values["mrr"]))


def mean(found: Sequence[Found]) -> Retrieval | None:
    """The means; None without questions."""
    if not found:
        return None
    return Retrieval(
        len(found),
        sum(one.hit for one in found) / len(found),
        sum(one.reciprocal_rank for one in found) / len(found),
    )


def rows(systems: Mapping[str, Sequence[Found]]) -> list[dict[str, Any]]:
    """All of it as JSON-ready rows."""
    return [
        {
            "id": one.id,
            "system": name,
            "pages": list(one.pages),
            "hit": one.hit,
            "reciprocal_rank": one.reciprocal_rank,
            "why": one.why,
        }
        for name, found in systems.items()
        for one in found
    ]
