"""Two baselines, put together from standard parts as a user of the libraries would.

`vector`: LlamaIndex's `SentenceSplitter` over the text of each page (the page number as metadata),
an in-memory `VectorStoreIndex` with the project's default embedding, the top passage.
`bm25`: the same passages, bm25s over character bigrams, the top passage.

Either answers with the top passage, takes its first amount for the value, and cites its page. They
know nothing of tables, units of a column or arithmetic, and never refuse: they show what retrieval
by itself gives.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from eval.check import page_texts
from eval.gold import EvalError
from eval.predict import Ask
from index.text import fold

CHUNK_TOKENS = 256
VECTOR = "LlamaIndex 向量检索"
BM25 = "BM25（字符二元）"

Embedding = Any  # llama_index.core.base.embeddings.base.BaseEmbedding, imported when needed


class Chunk(Protocol):
    """What is used of LlamaIndex's `TextNode`."""

    metadata: dict[str, Any]

    def get_content(self) -> str: ...


Search = Callable[[str], Chunk | None]


def baselines(pdf: Path, embedding: Embedding | None = None) -> Mapping[str, tuple[str, Ask]]:
    """Both baselines over one report: name to show -> (name for files, function that answers).

    `embedding` defaults to the project's own. Raises EvalError when the PDF has no text.
    """
    texts = page_texts(pdf)
    if not any(text.strip() for text in texts):
        raise EvalError(f"{pdf} 没有文字层，基线无从检索；可加 --no-baseline。")

    chunks = split_pages(texts)
    searches = {
        VECTOR: ("vector", vector_search(chunks, embedding or _our_embedding())),
        BM25: ("bm25", bm25_search(chunks)),
    }
    return {name: (file, _asker(search, pdf.stem)) for name, (file, search) in searches.items()}


def _our_embedding() -> Embedding:
    from index.embedding import load_embedding
    from index.settings import load_settings

    return load_embedding(load_settings().model)


def split_pages(texts: Sequence[str]) -> list[Any]:
    """Nodes of at most 256 tokens, each with the number of its page (from 1) as metadata."""
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter

    documents = [
        Document(text=text, metadata={"page": number})
        for number, text in enumerate(texts, start=1)
        if text.strip()
    ]
    return list(SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=32)(documents))


def vector_search(chunks: Sequence[Any], embedding: Embedding) -> Search:
    """The nearest chunk by embedding."""
    from llama_index.core import VectorStoreIndex

    index = VectorStoreIndex(list(chunks), embed_model=embedding)
    retriever = index.as_retriever(similarity_top_k=1)

    def search(words: str) -> Chunk | None:
        found = retriever.retrieve(words)
        return found[0].node if found else None

    return search


def bigrams(text: str) -> list[str]:
    """The character bigrams of a text without white space; a single character is itself."""
    characters = re.sub(r"\s+", "", fold(text)).lower()
    return [characters[i : i + 2] for i in range(max(len(characters) - 1, 1))]


def bm25_search(chunks: Sequence[Any]) -> Search:
    """The best chunk by BM25; None when no bigram of the question occurs."""
    import bm25s

    retriever = bm25s.BM25()
    retriever.index([bigrams(chunk.get_content()) for chunk in chunks], show_progress=False)

    def search(words: str) -> Chunk | None:
        found, scores = retriever.retrieve([bigrams(words)], k=1, show_progress=False)
        return chunks[int(found[0][0])] if scores[0][0] > 0 else None

    return search


_AMOUNT = re.compile(
    r"(?P<number>-?\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<unit>亿元|万元|元|%|个百分点|人次|批次|[万亿]?[个次条项台辆套家人件分]|ms|秒)"
)
_CELL = re.compile(r"(?<![\d.])-?\d[\d,]*\.\d+(?![\d.])")
_PRINTED_UNIT = re.compile(r"单位\s*[:：]\s*(亿元|万元|元)")


def first_amount(text: str) -> tuple[Decimal, str] | None:
    """The first number with a unit; failing that the first decimal, in the unit that
    the passage names, 万元 when it names none."""
    folded = fold(text)
    if match := _AMOUNT.search(folded):
        return _exact(match["number"]), match["unit"]
    if match := _CELL.search(folded):
        unit = _PRINTED_UNIT.search(folded)
        return _exact(match.group()), unit[1] if unit else "万元"
    return None


def _exact(printed: str) -> Decimal:
    return Decimal(printed.replace(",", ""))


def _asker(search: Search, report: str) -> Ask:
    def ask(question: str, history: Sequence[str]) -> dict[str, Any]:
        started = time.perf_counter()
        chunk = search(" ".join([*history, question]))
        answer = _answer(chunk, report)
        return {**answer, "elapsed_ms": round((time.perf_counter() - started) * 1000, 1)}

    return ask


def _answer(chunk: Chunk | None, report: str) -> dict[str, Any]:
    """The answer JSON for a top passage; a refusal when there is none."""
    values: list[dict[str, Any]] = []
    citations: list[dict[str, Any]] = []
    text = "没有找到相关内容。"
    if chunk is not None:
        text = chunk.get_content()
        citations = [
            {
                "report": report,
                "page": int(chunk.metadata["page"]),
                "page_label": None,
                "bbox": [0, 0, 0, 0],
                "source": "",
                "quote": text,
            }
        ]
        amount = first_amount(text)
        if amount:
            value, unit = amount
            kept = {"value": format(value, "f"), "unit": unit, "label": "", "kind": "reported"}
            values = [{**kept, "citations": [0]}]
    return {
        "status": "answered" if chunk is not None else "refused",
        "text": text,
        "values": values,
        "polarity": None,
        "calculation": None,
        "citations": citations,
        "conflicts": [],
    }
