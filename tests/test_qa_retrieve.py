"""Hybrid retrieval: two rankings fused by reciprocal rank, either of them alone, one model only."""

from __future__ import annotations

import pytest

from index.errors import StoreError
from index.settings import Settings
from index.store import Store
from index.values import Passage, Report
from qa.engine import Engine, open_engine
from qa.retrieve import HybridRetriever

QUESTION = "三公经费为什么增加"
K = 60

Ranked = list[tuple[Passage, float]]


@pytest.fixture(scope="module")
def report(sample_engine: Engine) -> Report:
    return sample_engine.report


def search(store: Store, report: Report, dense: bool, keywords: bool) -> Ranked:
    return HybridRetriever(store, report, dense=dense, keywords=keywords).search(QUESTION, 30)


def test_the_halves_and_their_fusion(sample_store: Store, report: Report) -> None:
    dense = search(sample_store, report, True, False)
    words = search(sample_store, report, False, True)
    fused = search(sample_store, report, True, True)
    assert [p.id for p, _ in dense] != [p.id for p, _ in words]
    expected: dict[str, float] = {}
    for half in (dense, words):
        for rank, (passage, score) in enumerate(half):
            assert score == pytest.approx(1 / (K + rank + 1))
            expected[passage.id] = expected.get(passage.id, 0.0) + score
    best = sorted(expected.values(), reverse=True)[:30]
    assert [score for _, score in fused] == pytest.approx(best)
    assert all(score == pytest.approx(expected[p.id]) for p, score in fused)


def test_what_both_halves_find_comes_first(sample_store: Store, report: Report) -> None:
    both = {p.id for p, _ in search(sample_store, report, True, False)[:5]} & {
        p.id for p, _ in search(sample_store, report, False, True)[:5]
    }
    assert both
    assert {p.id for p, _ in search(sample_store, report, True, True)[: len(both)]} & both


def test_with_both_halves_off_nothing_is_found(sample_store: Store, report: Report) -> None:
    assert search(sample_store, report, False, False) == []


@pytest.mark.parametrize(
    ("question", "words"),
    [("三公经费为什么增加", "应急通信车"), ("内设机构有哪些", "内设机构"), ("结余分配", "结余")],
)
def test_the_passage_that_answers_is_near_the_top(
    sample_engine: Engine, question: str, words: str
) -> None:
    found = sample_engine.retriever.search(question, 10)
    assert any(words in passage.text for passage, _ in found)


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_limit(sample_engine: Engine, limit: int) -> None:
    found = sample_engine.retriever.search(QUESTION, limit)
    assert len(found) == limit
    assert len({p.id for p, _ in found}) == limit


def test_nodes_name_their_passage(sample_store: Store, report: Report) -> None:
    nodes = HybridRetriever(sample_store, report, limit=4).retrieve(QUESTION)
    passages = {p.id: p for p in report.passages}
    assert len(nodes) == 4
    for node in nodes:
        passage = passages[node.node_id]
        assert node.text == passage.text
        assert node.metadata["page"] == passage.page
    scores = [node.score or 0.0 for node in nodes]
    assert scores == sorted(scores, reverse=True)


def test_words_alone_need_no_model(
    sample_settings: Settings, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(name: str) -> object:
        raise AssertionError(f"model {name} was loaded")

    monkeypatch.setattr("index.embedding.load_model", forbidden)
    store = Store(sample_settings)
    assert HybridRetriever(store, report, dense=False).search(QUESTION, 5)
    with pytest.raises(AssertionError, match="was loaded"):
        HybridRetriever(store, report).search(QUESTION, 5)


def test_another_model_is_refused_with_the_remedy(
    sample_settings: Settings, sample_store: Store, report: Report
) -> None:
    other = sample_settings.model_copy(update={"model": "another/model"})
    with pytest.raises(StoreError, match="another/model") as caught:
        open_engine(other, report=report.id)
    assert "python -m index build" in str(caught.value)
    with pytest.raises(StoreError, match="another/model"):
        HybridRetriever(Store(other), report).search(QUESTION, 3)
