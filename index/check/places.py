"""The report's running words with their places: paragraphs and the captions of tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.check.findings import Term
from index.check.lookup import Reading
from index.values import Caption, Paragraph

_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of text; `title` for headings and captions."""

    text: str
    source: Paragraph | Caption
    title: bool
    label: str | None

    @property
    def page(self) -> int:
        return self.source.page

    @property
    def name(self) -> str:
        kind = "表头" if isinstance(self.source, Caption) else "标题" if self.title else "正文"
        return f"第{self.page}页{kind}"


def places(reading: Reading) -> Iterator[Place]:
    """Paragraphs in reading order, then captions; lines of prose above a table are no captions."""
    report = reading.report
    for paragraph in report.paragraphs:
        title = paragraph.heading and len(paragraph.text) <= _LONGEST_TITLE
        yield Place(paragraph.text, paragraph, title, report.label(paragraph.page))
    roles = {table.id for tables in reading.roles.values() for table in tables}
    for table in report.tables:
        for caption in table.captions if table.kind == "form" or table.id in roles else ():
            yield Place(caption.text, caption, True, report.label(caption.page))


def text_term(place: Place, start: int, end: int) -> Term:
    """The words `text[start:end]` as evidence."""
    source = place.source
    page, box = (
        source.place(start, end) if isinstance(source, Paragraph) else (source.page, source.box)
    )
    quote = place.text[start:end]
    return Term(
        role="stated",
        label=quote,
        value=None,
        unit="",
        printed=quote,
        page=page,
        page_label=place.label,
        box=box,
        quote=place.text if len(place.text) <= 200 else quote,
    )
