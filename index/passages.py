"""Passages to retrieve: paragraphs with their section, table rows with title, header and unit.

Amounts are found by the structured look-up; passages serve reasons, definitions, lists and duties.
Rows whose amounts are all zero or blank share one passage a page, so that they can be found without
drowning the others.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from index.claims import sentences
from index.labels import strip_number
from index.tables import Sheet
from index.text import squeeze
from index.values import Box, Figure, Page, Paragraph, Passage, Table, distinct

_LONGEST = 420  # characters; the default model reads 512 tokens


def make_passages(
    paragraphs: Sequence[Paragraph],
    tables: Sequence[Table],
    sheets: Sequence[Sheet],
    figures: Sequence[Figure],
    pages: Sequence[Page],
) -> tuple[Passage, ...]:
    """All passages of a report in reading order, ids by content and place."""
    labels = {page.number: page.label for page in pages}
    by_place: dict[str, list[Figure]] = {}
    for figure in figures:
        by_place.setdefault(figure.table_id, []).append(figure)
    found = [
        *_from_paragraphs(paragraphs, by_place, labels),
        *(
            passage
            for table, sheet in zip(tables, sheets, strict=True)
            for passage in _from_table(table, sheet, by_place.get(table.id, []), labels)
        ),
    ]
    return tuple({p.id: p for p in found}.values())  # blank rows of a template are alike


def _id(*parts: object) -> str:
    return "s" + hashlib.sha1("|".join(map(str, parts)).encode()).hexdigest()[:16]


def _from_paragraphs(
    paragraphs: Sequence[Paragraph],
    by_place: dict[str, list[Figure]],
    labels: dict[int, str | None],
) -> Iterator[Passage]:
    for number, paragraph in enumerate(paragraphs):
        if paragraph.heading or len(squeeze(paragraph.text)) < 6:
            continue
        figures = by_place.get(f"p{number}", [])
        for start, end in _windows(paragraph.text):
            page, box = paragraph.place(start, end)
            text = paragraph.text[start:end]
            inside = tuple(f.id for f in figures if f.sentence and f.sentence in text)
            pages = tuple(
                dict.fromkeys(s.page for s in paragraph.spans if s.end > start and s.start < end)
            )
            yield Passage(
                id=_id(page, start, *paragraph.section[-1:], text),
                text=text,
                kind="paragraph",
                page=page,
                page_label=labels.get(page),
                box=box,
                source=paragraph.section[-1] if paragraph.section else "正文",
                section=paragraph.section,
                figures=inside,
                pages=pages,
            )


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """The whole paragraph, or runs of sentences up to the longest passage."""
    if len(text) <= _LONGEST:
        yield 0, len(text)
        return
    start = end = 0
    for s, e in sentences(text):
        if e - start > _LONGEST and end > start:
            yield start, end
            start = s
        end = e
    if end > start:
        yield start, end


def _from_table(
    table: Table, sheet: Sheet, figures: Sequence[Figure], labels: dict[int, str | None]
) -> Iterator[Passage]:
    rows: dict[int, list[Figure]] = {}
    for figure in figures:
        rows.setdefault(figure.row, []).append(figure)
    head = table.title if not table.project else f"{table.title}（{table.project}）"
    quiet: dict[int, list[str]] = {}
    boxes: dict[int, Box] = dict(table.boxes)
    for row in sorted(rows):
        for item, cells in _parts(rows[row]):
            said = [f for f in cells if f.state == "text" or (f.state == "value" and f.value)]
            if not said:
                if item:
                    quiet.setdefault(cells[0].page, []).append(strip_number(item[-1]))
                continue
            words = "；".join(_cell_words(f) for f in said)
            shown = item[1:] if table.kind == "form" and len(item) > 1 else item
            label = " > ".join(shown)  # 年度绩效指标 stands over every indicator of a form
            text = f"{head}：{label}：{words}" if label else f"{head}：{words}"
            first = cells[0]
            yield Passage(
                id=_id(table.id, row, text),
                text=text,
                kind="row",
                page=first.page,
                page_label=labels.get(first.page),
                box=Box.around(f.box for f in cells if f.page == first.page),
                source=table.title,
                section=(table.title,),
                figures=tuple(f.id for f in cells),
                pages=(first.page,),
            )
    for page, names in quiet.items():
        yield Passage(
            id=_id(table.id, page, *names),
            text=f"{head}：以下各项为零或空白：{'、'.join(dict.fromkeys(names))}"[:_LONGEST],
            kind="row",
            page=page,
            page_label=labels.get(page),
            box=boxes.get(page, Box(0, 0, 0, 0)),
            source=table.title,
            section=(table.title,),
            pages=(page,),
        )
    yield from _lists(table, sheet, labels, bool(rows))
    for note in table.notes:
        page = table.pages[-1]
        yield Passage(
            id=_id(table.id, note),
            text=f"{table.title}：{note}",
            kind="note",
            page=page,
            page_label=labels.get(page),
            box=boxes[page],
            source=table.title,
            section=(table.title,),
            pages=(page,),
        )


def _parts(figures: Sequence[Figure]) -> Iterator[tuple[tuple[str, ...], list[Figure]]]:
    """One row's figures by label: a row of side-by-side halves holds several labels."""
    parts: dict[tuple[tuple[str, ...], str], list[Figure]] = {}
    for figure in figures:
        parts.setdefault((figure.item, figure.code), []).append(figure)
    for (item, code), cells in parts.items():
        named = (f"{code} {item[-1]}" if code and item else code,) if code else item
        yield named, cells


def _cell_words(figure: Figure) -> str:
    unit = "" if figure.printed.endswith(figure.unit) else figure.unit
    return f"{''.join(figure.column[-2:])}{figure.printed}{unit}"


def _lists(
    table: Table, sheet: Sheet, labels: dict[int, str | None], has_figures: bool
) -> Iterator[Passage]:
    """A table without amounts (the units that a report covers) as one passage a page."""
    if has_figures:
        return
    pages: dict[int, list[str]] = {}
    boxes: dict[int, Box] = dict(table.boxes)
    for row in sheet.rows:
        words = " ".join(c.text for c in distinct(row) if c.text)
        if re.search(r"[\u4e00-\u9fff]{2}", words):
            pages.setdefault(row[0].page, []).append(words)
    for page, lines in pages.items():
        yield Passage(
            id=_id(table.id, page, *lines),
            text=f"{table.title}：" + "；".join(lines),
            kind="row",
            page=page,
            page_label=labels.get(page),
            box=boxes.get(page, Box(0, 0, 0, 0)),
            source=table.title,
            section=(table.title,),
            pages=(page,),
        )
