"""Our chain and its ablations over the sample report."""

from __future__ import annotations

from typing import Any

import pytest

from eval.gold import EvalError
from eval.systems import NO_DENSE, NO_KEYWORDS, NO_LOOKUP, OURS, ablations, open_ours
from index.settings import Settings
from index.store import Store
from qa.engine import Engine
from qa.errors import QuestionError


def test_ablations_take_one_part_out_each(sample_engine: Engine, sample_store: Store) -> None:
    systems = {one.name: one for one in ablations(sample_engine, sample_store)}
    assert list(systems) == [NO_LOOKUP, NO_DENSE, NO_KEYWORDS]
    assert len({one.file for one in systems.values()}) == 3
    assert systems[NO_LOOKUP].retriever is None
    for one in systems.values():
        assert one.ask("写一首关于春天的诗", [])["status"] == "refused"


@pytest.mark.parametrize(("name", "half"), [(NO_DENSE, "vectors"), (NO_KEYWORDS, "keywords")])
def test_the_part_is_really_out(
    sample_engine: Engine,
    sample_store: Store,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    half: str,
) -> None:
    systems = {one.name: one for one in ablations(sample_engine, sample_store)}
    retriever = systems[name].retriever
    assert retriever is not None

    def out(*arguments: Any) -> Any:
        raise AssertionError(f"{half} used")

    monkeypatch.setattr(type(sample_store), half, out)
    if half == "keywords":
        monkeypatch.setattr("index.keywords.KeywordIndex.search", out)
    assert retriever.retrieve("公务接待费")


def test_without_look_up_the_first_passage_answers(
    sample_engine: Engine, sample_store: Store
) -> None:
    ask = ablations(sample_engine, sample_store)[0].ask
    answer = ask("机关运行经费为什么减少", [])
    top = sample_engine.retriever.as_retriever().retrieve("机关运行经费为什么减少")[0].node
    assert answer["citations"][0]["page"] == top.metadata["page"]
    assert answer["text"] == top.get_content()
    assert answer["elapsed_ms"] >= 0


def test_an_engine_that_cannot_open_is_told_as_an_error_of_eval(
    sample_settings: Settings, monkeypatch: pytest.MonkeyPatch, sample_pdf: Any
) -> None:
    def fails(*arguments: Any, **named: Any) -> Any:
        raise QuestionError("请用 --pdf 说明问哪份报告。")

    monkeypatch.setattr("eval.systems.open_engine", fails)
    with pytest.raises(EvalError, match="--pdf"):
        open_ours(sample_pdf, sample_settings.store, lambda label, part: None)


def test_ours_comes_first(sample_settings: Settings, sample_store: Store, sample_pdf: Any) -> None:
    systems = open_ours(sample_pdf, sample_settings.store, lambda label, part: None, ablation=True)
    assert [one.name for one in systems] == [OURS, NO_LOOKUP, NO_DENSE, NO_KEYWORDS]
    assert systems[0].file == ""
