"""A second look at the passages found: a cross-encoder reads question and passage together.

Optional: any sentence-transformers `CrossEncoder` by name or local path (`REPORTQA_RERANKER`),
loaded when it is first needed and never fetched from the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from index.errors import ModelError
from index.values import Passage

_LONGEST = 600  # characters of a passage that are read


class Reranker:
    """Orders passages by how well they answer. Raises ModelError where the model cannot be used."""

    def __init__(self, name: str) -> None:
        self.name = name

    def order(self, question: str, found: Sequence[Passage]) -> list[tuple[Passage, float]]:
        """The passages with the model's scores, best first; ties keep the order given."""
        if not found:
            return []
        pairs = [(question, passage.text[:_LONGEST]) for passage in found]
        scores = _load(self.name).predict(pairs, show_progress_bar=False)
        scored = [(p, float(s)) for p, s in zip(found, scores, strict=True)]
        return sorted(scored, key=lambda item: -item[1])


@lru_cache(maxsize=2)
def _load(name: str) -> Any:
    from sentence_transformers import CrossEncoder

    try:
        return CrossEncoder(name, local_files_only=True, num_labels=1)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"重排模型 {name} 无法加载：请检查 REPORTQA_RERANKER 的路径或名称"
            "（名称须已在本机缓存里），或去掉这项设置。"
        ) from error


def open_reranker(name: str) -> Reranker | None:
    """The reranker of a setting, None for an empty one."""
    return Reranker(name) if name else None
