"""Retrieval by page: hits and ranks through LlamaIndex's evaluator."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from eval.gold import GoldItem
from eval.retrieval import Found, Remembering, evaluate_retrieval, mean, rows


class Fixed(BaseRetriever):
    """Gives passages on these pages, in this order, and counts its queries."""

    def __init__(self, pages: list[int]) -> None:
        self.pages = pages
        self.asked: list[str] = []
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        self.asked.append(query_bundle.query_str)
        return [
            NodeWithScore(node=TextNode(id_=f"p{i}", text="文", metadata={"page": page}), score=1.0)
            for i, page in enumerate(self.pages)
        ]


def item(**fields: Any) -> GoldItem:
    base = {"id": "a", "question": "那上年呢", "category": "reason", "answer_type": "text"}
    return GoldItem.model_validate(base | {"must_include": ["x"]} | fields)


@pytest.mark.parametrize(
    ("pages", "gold", "hit", "rank"),
    [
        ([3, 8], {"pages": [3]}, 1.0, 1.0),
        ([8, 8, 8, 3], {"pages": [3]}, 1.0, 0.5),  # three passages of a page are one page
        ([8, 7, 3], {"pages_all": [3, 5]}, 1.0, 1 / 3),
        ([8, 7], {"pages": [3]}, 0.0, 0.0),
        ([1, 2, 4, 5, 6, 3], {"pages": [3]}, 0.0, 0.0),  # the sixth passage comes too late
        ([], {"pages": [3]}, 0.0, 0.0),
    ],
)
def test_hit_and_rank(pages: list[int], gold: dict[str, Any], hit: float, rank: float) -> None:
    (found,) = evaluate_retrieval(Fixed(pages), [item(**gold)])
    assert (found.hit, found.reciprocal_rank) == (hit, pytest.approx(rank))


def test_questions_without_a_page_are_left_out_and_history_stands_before() -> None:
    retriever = Fixed([3])
    follow = item(category="follow_up", history=["会议费多少"], pages=[3])
    found = evaluate_retrieval(retriever, [item(pages=[]), follow])
    assert [one.id for one in found] == ["a"]
    assert retriever.asked == ["会议费多少 那上年呢"]
    sums = mean(found)
    assert sums is not None and (sums.questions, sums.hit_rate, sums.mrr) == (1, 1.0, 1.0)
    assert mean([]) is None
    (row,) = rows({"某系统": found})
    assert (row["system"], row["pages"]) == ("某系统", [3])
    assert "3" in row["why"]


def test_works_where_an_event_loop_runs() -> None:
    async def within() -> tuple[Found, ...]:
        return evaluate_retrieval(Fixed([3]), [item(pages=[3])])

    with ThreadPoolExecutor(1) as own:  # the tests' own thread may run a loop already
        (found,) = own.submit(asyncio.run, within()).result()
    assert found.hit == 1.0


def test_a_query_is_put_once() -> None:
    inner = Fixed([3])
    retriever = Remembering(inner)
    assert retriever.retrieve("a") == retriever.retrieve("a")
    assert inner.asked == ["a"]
