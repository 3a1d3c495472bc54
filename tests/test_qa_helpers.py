"""Hand-made reports for the tests of `qa`, small enough to be read at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from index.keywords import KeywordIndex
from index.values import Box, Figure, Page, Paragraph, Passage, Report, Span, Table
from qa.ask import Ask
from qa.catalogue import Catalogue
from qa.evidence import Evidence
from qa.reading import read_question
from qa.values import Answer

WIDTH, HEIGHT = 600.0, 800.0
LEDGER = "t1"
_numbers = count(1)


def figure(subject: str, printed: str = "", unit: str = "万元", **more: Any) -> Figure:
    """A figure of the ledger `t1`, page 1; anything else by name."""
    number = next(_numbers)
    state = more.pop("state", "value" if printed else "blank")
    given: dict[str, Any] = {
        "id": f"f{number}",
        "item": (subject,),
        "code": "",
        "column": ("决算数",),
        "measure": "final",
        "base": "",
        "year": 2024,
        "scope": "全口径",
        "value": Decimal(printed.replace(",", "")) if state == "value" else None,
        "unit": unit,
        "printed": printed,
        "state": state,
        "page": 1,
        "page_label": None,
        "box": Box(10, 10 + number % 700, 60, 20 + number % 700),
        "table": "支出决算表",
        "table_id": LEDGER,
        "row": number,
        "subject": subject,
    }
    return Figure(**(given | more))


def told(subject: str, printed: str, sentence: str, unit: str = "万元", **more: Any) -> Figure:
    """A figure of the prose, page 2."""
    given = {"page": 2, "table": "", "table_id": "p0", "sentence": sentence, "column": ()}
    return figure(subject, printed, unit, **(given | more))


def table(name: str, title: str, **more: Any) -> Table:
    given: dict[str, Any] = {
        "id": name,
        "title": title,
        "form_code": "",
        "unit": "万元",
        "year": 2024,
        "scope": "全口径",
        "kind": "matrix",
        "pages": (1,),
        "boxes": (),
        "columns": (),
        "rows": (),
    }
    return Table(**(given | more))


def paragraph(text: str, page: int = 2) -> Paragraph:
    edges = tuple(float(i) for i in range(len(text) + 1))
    span = Span(0, len(text), page, Box(0, 100, float(len(text)), 112), edges)
    return Paragraph(text, ("决算情况说明",), (span,))


def report(
    *figures: Figure,
    tables: Sequence[Table] = (),
    paragraphs: Sequence[str] = ("松原县档案馆2024年度部门决算情况说明。",),
    body: str = "松原县档案馆",
) -> Report:
    passages = [
        Passage(f"n{i}", text, "paragraph", 2, None, Box(0, 100, 100, 112), "决算情况说明")
        for i, text in enumerate(paragraphs)
    ]
    return Report(
        id="handmade",
        file="handmade.pdf",
        title=f"{body}2024年度部门决算",
        body=body,
        year=2024,
        kind="accounts",
        pages=tuple(Page(n, None, WIDTH, HEIGHT, (), ()) for n in (1, 2)),
        paragraphs=tuple(paragraph(text) for text in paragraphs),
        tables=(table(LEDGER, "支出决算表"), *tables),
        figures=figures,
        passages=tuple(passages),
    )


class WordSearch:
    """Passages of a report by their words alone; takes the place of a `HybridRetriever`."""

    def __init__(self, found: Report) -> None:
        self.passages = found.passages
        self.index = KeywordIndex.of([p.text for p in found.passages])

    def search(self, text: str, limit: int) -> list[tuple[Passage, float]]:
        return [(self.passages[i], score) for i, score in self.index.search(text, limit)]

    def closeness(self, question: str, texts: Sequence[str]) -> list[float]:
        return [0.0] * len(texts)


def ask_of(found: Report, question: str) -> Ask:
    reading = read_question(question)
    return Ask(Catalogue(found), reading, WordSearch(found).search, Evidence(found, question))


def values(answer: Answer | None) -> list[str]:
    """The values of an answer, each with its unit."""
    return [f"{v.value.normalize():f}{v.unit}" for v in answer.values] if answer else []
