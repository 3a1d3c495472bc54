"""The default model, and models that cannot be loaded."""

from __future__ import annotations

import numpy as np
import pytest

from index.embedding import embed, load_embedding
from index.errors import ModelError


def test_default_model_ranks_by_meaning() -> None:
    embedding = load_embedding()
    passages = [
        "公务接待费：国内接待26批次、214人次",
        "住房公积金：按规定比例为职工缴存",
        "政府采购支出：货物、工程和服务",
    ]
    vectors = np.array(embed(passages, embedding))
    assert vectors.shape == (3, embedding.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)
    for best, question in enumerate(("招待客人花了多少钱", "职工住房公积金", "采购了哪些货物")):
        scores = vectors @ np.array(embedding.get_query_embedding(question))
        assert int(scores.argmax()) == best, question


def test_query_and_passage_are_embedded_differently() -> None:
    embedding = load_embedding()
    text = "公务接待费"
    assert embedding.get_query_embedding(text) != embedding.get_text_embedding(text)


def test_order_is_kept_over_several_engines() -> None:
    embedding = load_embedding()
    texts = [f"第{n}项支出" for n in range(7)]
    together = np.array(embed(texts, embedding))
    alone = np.array([embedding.get_text_embedding(t) for t in texts])
    assert np.allclose(together, alone, atol=1e-4)


@pytest.mark.parametrize("name", ["no-such/model", "/nowhere/model"])
def test_unknown_model_names_the_remedy(name: str) -> None:
    with pytest.raises(ModelError, match="REPORTQA_MODEL"):
        _ = load_embedding(name).model
