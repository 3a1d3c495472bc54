"""The baselines: pages into chunks, the first amount of a passage, the page that is cited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding

from eval.answers import AnswerRecord, parse_answer
from eval.baseline import BM25, VECTOR, Bm25Retriever, baselines, bigrams, split_pages
from eval.gold import EvalError
from eval.passage import first_amount
from tests.test_eval_gold import make_pdf

PAGES = ["Income total 120.50 yuan", "Travel cost 12.50 yuan in 2024", "Meals cost 3.20 yuan"]


class LetterEmbedding(BaseEmbedding):
    """Letter counts as a vector: enough to tell the pages of the fixture apart."""

    def _letters(self, text: str) -> list[float]:
        return [float(text.lower().count(letter)) for letter in "abcdefghijklmnopqrstuvwxyz"]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._letters(text)

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._letters(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._letters(query)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年度支出1,234.50万元，占12%", ("1234.50", "万元")),
        ("占 12.3 ％，共 4 元", ("12.3", "%")),
        ("共计接待23批次、152人次", ("23", "批次")),
        ("单位：元 工资 8,000.00 奖金 2.00", ("8000.00", "元")),
        ("工资 8.00", ("8.00", "万元")),
        ("数据1.2万个", ("1.2", "万个")),
        ("2024年没有数", None),
    ],
)
def test_first_amount(text: str, expected: tuple[str, str] | None) -> None:
    found = first_amount(text)
    assert (None if found is None else (str(found[0]), found[1])) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("差旅费", ["差旅", "旅费"]),
        ("差 旅\n费", ["差旅", "旅费"]),
        ("费", ["费"]),
        ("A１", ["a1"]),
    ],
)
def test_bigrams(text: str, expected: list[str]) -> None:
    assert bigrams(text) == expected


def test_chunks_stay_on_their_page_and_small() -> None:
    chunks = split_pages(["第一页。" * 400, "", "第三页。"])
    assert {chunk.metadata["page"] for chunk in chunks} == {1, 3}
    assert len(chunks) > 5
    assert max(len(chunk.get_content()) for chunk in chunks) < 400


def test_bm25_finds_nothing_where_no_bigram_occurs() -> None:
    retriever = Bm25Retriever(split_pages(["差旅费支出", "会议费支出"]))
    found = retriever.retrieve("会议费")
    assert [one.node.metadata["page"] for one in found] == [2]
    assert retriever.retrieve("天气") == []


@pytest.mark.parametrize("system", [VECTOR, BM25])
def test_a_baseline_answers_with_the_top_passage(tmp_path: Path, system: str) -> None:
    pdf = make_pdf(tmp_path / "report.pdf", [page.replace("yuan", "%") for page in PAGES])
    found = {one.name: one for one in baselines(pdf, LetterEmbedding())}
    answer: dict[str, Any] = found[system].ask("travel cost", [])
    record = parse_answer(answer)
    assert isinstance(record, AnswerRecord)
    assert record.pages == {2}
    assert answer["values"][0]["value"] == "12.50"
    assert answer["citations"][0]["report"] == "report"
    assert answer["elapsed_ms"] >= 0


def test_a_pdf_without_text_is_named(tmp_path: Path) -> None:
    pdf = make_pdf(tmp_path / "scan.pdf", [""])
    with pytest.raises(EvalError, match=r"scan\.pdf 没有文字层"):
        baselines(pdf, LetterEmbedding())
