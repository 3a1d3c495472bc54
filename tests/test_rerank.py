"""The reranker with a genuine, tiny CrossEncoder made and saved here."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ModelError
from index.store import Store
from index.values import Report
from qa.rerank import Reranker, open_reranker
from qa.retrieve import HybridRetriever

WORDS = "公务接待费用车运行维护支出决算预算收入财政拨款项目绩效目标原因减少增加单位职责"


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT with one layer of 16 dimensions and random, fixed weights."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("encoder")
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(WORDS)]
    (folder / "vocab.txt").write_text("\n".join(tokens), "utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_passages_in_the_order_of_the_model(
    encoder: Path, sample_store: Store, sample_report: Report
) -> None:
    from sentence_transformers import CrossEncoder

    question = "公务接待费为什么减少"
    plain = HybridRetriever(sample_store, sample_report)
    ranked = HybridRetriever(sample_store, sample_report, reranker=Reranker(str(encoder)))
    before, after = plain.search(question, 20), ranked.search(question, 20)
    assert {p.id for p, _ in before} == {p.id for p, _ in after}
    scores = CrossEncoder(str(encoder)).predict([(question, p.text[:600]) for p, _ in before])
    expected = sorted(zip(scores, before, strict=True), key=lambda pair: -pair[0])
    assert [p.id for p, _ in after] == [p.id for _, (p, _) in expected]
    assert [p.id for p, _ in ranked.search(question, 3)] == [p.id for p, _ in after[:3]]


def test_a_model_that_is_not_there_names_the_setting(sample_report: Report) -> None:
    with pytest.raises(ModelError, match="REPORTQA_RERANKER"):
        Reranker("no-such/encoder").order("问", sample_report.passages[:2])


def test_none_by_default() -> None:
    assert open_reranker("") is None
