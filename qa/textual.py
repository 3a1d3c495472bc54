"""Answers in the report's own words: sentences, rows, lists.

Quoted exactly, cut to the sentences that answer, with their page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.claims import sentences
from index.text import fold
from index.values import Box, Figure, Paragraph, Passage
from prompts import say
from qa import data
from qa.ask import Ask, first_sure, variants
from qa.evidence import amount, place_of
from qa.names import content_pairs, key, pairs
from qa.plan import label_of
from qa.reading import content_of, numeral
from qa.values import Answer

_TIME = re.compile(data.word("time_and_change"))


@dataclass(frozen=True)
class Quote:
    """A run of sentences of a paragraph, with its place."""

    paragraph: Paragraph
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.paragraph.text[self.start : self.end]


def cite_quote(ask: Ask, quote: Quote) -> None:
    """Cite the quote on every page that it stands on."""
    section = quote.paragraph.section[-1] if quote.paragraph.section else "正文"
    pages: dict[int, list[Box]] = {}
    for span in quote.paragraph.spans:
        if span.end > quote.start and span.start < quote.end:
            pages.setdefault(span.page, []).append(span.box)
    for page, boxes in pages.items():
        passage = Passage(
            id="",
            text=quote.text,
            kind="paragraph",
            page=page,
            page_label=ask.report.label(page),
            box=Box.around(boxes),
            source=section,
        )
        ask.evidence.cite_passage(passage, quote.text, page)


def cite_words(ask: Ask, place: Quote | Figure, sentence: str) -> None:
    """Cite a sentence of the prose, or of a cell of words."""
    if isinstance(place, Quote):
        cite_quote(ask, place)
        return
    ask.evidence.cite(place)
    ask.evidence.quote(sentence)
    ask.evidence.quote(place_of(place.page, place.page_label))


def passage_answer(ask: Ask, needed: float = 0.6) -> Answer | None:
    """The sentence or row that best answers, when it explains enough of the question."""
    why = ask.reading.op == "reason"
    found = best_sentence(ask, needed, re.compile(data.word("gives_reason")) if why else None)
    if found is None or not _of_noun(ask, found.text):
        return None
    if isinstance(found, Quote):
        if ask.reading.has("change") and not why and not _tells_change(found.text):
            return None  # what was spent this year does not say how it moved
        cite_quote(ask, found)
        return ask.evidence.answer(say("quote", quote=found.text.strip()))
    if ask.reading.has("change"):
        return None  # nor does one year's row say how it moved
    if any(re.search(data.word(asked), ask.text) for asked in _NOT_IN_AMOUNTS):
        return None  # a row of amounts does not say what they are for, nor who got them
    if re.search(data.word("names_wanted"), ask.text) and found.text.count("、") < _NAMED:
        return None  # nor what they are called
    if _of_no_form(ask, found):
        return None
    return _row_answer(ask, found)


def _tells_change(text: str) -> bool:
    return bool(re.search(f"{data.word('moved')}|{data.word('stays_level')}", text))


_NOT_IN_AMOUNTS = ("asks_purpose", "asks_receivers")
_NAMED = 2  # marks between the names of a list


def _of_no_form(ask: Ask, row: Passage) -> bool:
    """Whether indicators are asked for, and the row is one of amounts."""
    if not re.search(data.word("indicators_named"), ask.text):
        return False
    inside = set(row.figures)
    ids = {f.table_id for f in ask.report.figures if f.id in inside}
    return bool(ids) and all(ask.catalogue.tables[i].kind != "form" for i in ids)


def _row_answer(ask: Ask, passage: Passage) -> Answer:
    """A row of a table told as a row: its cells as printed, not as a sentence of the report."""
    inside = set(passage.figures)
    cells = [f for f in ask.report.figures if f.id in inside and f.printed]
    if not cells:
        ask.evidence.cite_passage(passage, passage.text)
        return ask.evidence.answer(
            say("row_quote", source=passage.source, quote=passage.text.split("：", 1)[-1])
        )
    label = cells[0].item[-1] if cells[0].item else passage.source
    for cell in cells:
        ask.evidence.quote(cell.printed)
    ask.evidence.cite(cells[0])
    words = "；".join(f"{f.column[-1] if f.column else f.subject}{amount(f)}" for f in cells)
    ask.evidence.quote(words)
    return ask.evidence.answer(say("row_quote", source=passage.source, quote=f"{label}：{words}"))


def dated(ask: Ask) -> Answer | None:
    """哪天批复的, 什么时候公开的: the sentence with a date that tells it."""
    if not re.search(data.word("asks_date"), ask.text) or ask.reading.has("yes_no", "reason"):
        return None
    found = best_sentence(ask, 0.6, re.compile(data.word("a_day")))
    if not isinstance(found, Quote):
        return None
    cite_quote(ask, found)
    return ask.evidence.answer(say("quote", quote=found.text.strip()))


def moved(ask: Ask) -> Answer | None:
    """A rise or fall that only a sentence tells."""
    found = best_sentence(ask, 0.6, re.compile(data.word("moved")))
    if not isinstance(found, Quote):
        return None
    cite_quote(ask, found)
    for figure in ask.report.figures:
        told = figure.sentence.strip()
        if figure.measure == "change" and figure.value and told and told in found.text:
            ask.evidence.magnitude(figure)
            break
    return ask.evidence.answer(say("quote", quote=found.text.strip()))


def best_sentence(
    ask: Ask, needed: float, must: re.Pattern[str] | None = None, content: str | None = None
) -> Quote | Passage | None:
    """Among the passages retrieved, the one (cut to its sentences) that explains the question best.

    `needed` is the least share of the question's weight; `must` a pattern that the words found
    must match.
    """
    words = content_of(_TIME.sub(" ", ask.reading.rest)) if content is None else content
    wordings = {w: wanted for w in variants(words) if (wanted := content_pairs(w))}
    if not wordings:
        return None
    best: tuple[float, Quote | Passage] | None = None
    found = ask.search(" ".join([ask.text, *list(wordings)[1:]]), 14)
    for rank, (passage, _) in enumerate(found):
        section = {p for s in passage.section[-1:] for p in pairs(key(s))}
        options: Sequence[tuple[str, Quote | Passage]]
        paragraph = _paragraph_of(ask, passage)
        head = pairs(key(_lead(paragraph))) if paragraph is not None else frozenset()
        if paragraph is None:
            options = [(passage.text, passage)]
        else:
            at = paragraph.text.find(passage.text)
            spans = [
                (s, e)
                for s, e in sentences(paragraph.text)
                if s >= at and e <= at + len(passage.text) + 1
            ]
            options = [(paragraph.text[s:e], Quote(paragraph, s, e)) for s, e in spans] + [
                (paragraph.text[s:e], Quote(paragraph, s, e)) for (s, _), (_, e) in pairwise(spans)
            ]
        for text, option in options:
            if re.match("注[：:]", text.split("：", 1)[-1]):
                continue  # what a table is of
            if len(text) < 24 and re.match(r"^\d{1,2}[.、]\S{2,20}。$", fold(text)):
                continue  # a heading says nothing
            if must is not None and not must.search(text):
                continue
            inside = pairs(key(text))
            score = max(
                ask.catalogue.explained(wanted, (inside, 1.0), (head, 0.8), (section, 0.5))
                for wanted in wordings.values()
            )
            score -= 0.01 * rank + 0.0004 * len(text)
            if best is None or score > best[0]:
                best = (score, option)
    return best[1] if best is not None and best[0] >= needed else None


def _lead(paragraph: Paragraph) -> str:
    """The name at the head of a paragraph that all its sentences are about, "" when none."""
    match = re.match(
        r"^(?:\d{1,2}[.、])?.{2,40}?(?=绩效(自评)?|项目绩效|\(项\))", fold(paragraph.text)
    )
    return match.group() if match else ""


def _paragraph_of(ask: Ask, passage: Passage) -> Paragraph | None:
    if passage.kind != "paragraph":
        return None
    return next((p for p in ask.report.paragraphs if passage.text in p.text), None)


def _of_noun(ask: Ask, text: str) -> bool:
    """Whether a quotation is of what is to be listed: 办了哪些活动 asks for activities."""
    noun = re.search(data.word("listed_noun"), ask.text)
    return noun is None or noun[1] in text


def list_answer(ask: Ask) -> Answer | None:
    """有哪些: indicators of a project, an enumeration in the prose, or a table of names."""
    enumeration = re.compile(data.word("enumerates"))
    found = best_sentence(ask, 0.45, enumeration)
    if found is None or not _of_noun(ask, found.text):
        return None
    if isinstance(found, Quote):
        quote = _with_following(found)
        cite_quote(ask, quote)
        text = quote.text.strip()
        if text.endswith(("：", ":")) or "下表" in text:
            following = _list_after(ask, quote)
            if following is not None:
                passage, names = following
                ask.evidence.cite_passage(passage, passage.text)
                ask.evidence.quote("、".join(names))
                text += "、".join(names)
        return ask.evidence.answer(say("quote", quote=text))
    if re.search(data.word("asks_receivers"), ask.text) or _of_no_form(ask, found):
        return None
    return _row_answer(ask, found)


def named_behind(ask: Ask) -> Answer | None:
    """设备3台（套），为A、B、C: what stands behind the count of what is to be listed."""
    if not re.search(data.word("listed_behind"), ask.text):
        return None
    hits = ask.find(measure="", units=())
    hit = next((h for h in hits[:3] if h.figure.measure == "count" and h.named >= _COUNTED), None)
    if hit is None or not hit.figure.value or not hit.figure.sentence:
        return None
    figure = hit.figure
    behind = figure.sentence[figure.sentence.find(figure.printed) + len(figure.printed) :]
    if not re.match(r"[^，,。；]{0,8}[，,](均?为|是|包括|分别(为|是))[^，,。；]{2,}、", behind):
        return None
    ask.evidence.value(figure)
    return ask.evidence.answer(say("quote", quote=figure.sentence.strip()))


_COUNTED = 0.5  # share of the name of what is counted that the question must hold


def _list_after(ask: Ask, quote: Quote) -> tuple[Passage, list[str]] | None:
    """The table of names that a sentence introduces (如下, 见下表): its first row and the names."""
    page = quote.paragraph.spans[-1].page
    amounts = {f.id for f in ask.report.figures if f.value is not None}
    rows = [
        p
        for p in ask.report.passages
        if p.kind == "row" and p.page in {page, page + 1} and not amounts & set(p.figures)
    ]
    rows = [p for p in rows if p.source == rows[0].source]
    if not rows:
        return None
    names: list[str] = []
    for row in rows:
        body = row.text.split("：", 1)[-1]
        pieces = body.split("；") if not row.figures else [body.split("：", 1)[0]]
        names += [re.sub(r"^\d+\s*", "", piece).strip() for piece in pieces]
    return rows[0], [n for n in names if n]


def counted_in_words(ask: Ask) -> Answer | None:
    """A count that the prose gives in Chinese numerals, or as the rows of a table of names."""
    found = best_sentence(ask, 0.45)
    if not isinstance(found, Quote):
        return None
    match = re.search(r"([一二两三四五六七八九十]{1,3})(个|家|名|项|类|辆)", found.text)
    if match and (number := numeral(match[1])) is not None:
        cite_quote(ask, found)
        place = len(ask.evidence.citations) - 1
        ask.evidence.count_value(number, match[2], found.text[:20], [place])
        return ask.evidence.answer(say("quote", quote=found.text.strip()))
    if found.text.rstrip().endswith(("：", ":")):
        following = _list_after(ask, found)
        if following is not None:
            passage, rows = following
            if not rows:
                return None
            place = ask.evidence.cite_passage(passage, passage.text)
            unit = next(
                (u for u in ("家", "个", "项") if f"几{u}" in ask.text or f"多少{u}" in ask.text),
                "个",
            )
            ask.evidence.count_value(len(rows), unit, "数量", [place])
            ask.evidence.quote("、".join(rows))
            return ask.evidence.answer(
                say("count", count=len(rows), unit=unit, items="、".join(rows))
            )
    return None


def _with_following(quote: Quote) -> Quote:
    """A sentence that ends with a colon or announces a list takes the rest of the paragraph."""
    if re.search(r"(如下|以下(方面|内容)?|包括)[:：]?[。；]?$", quote.text):
        return Quote(quote.paragraph, quote.start, len(quote.paragraph.text))
    spans = list(sentences(quote.paragraph.text))
    following = [e for s, e in spans if s >= quote.end]
    if quote.text.endswith("；") and following:  # an enumeration of clauses goes on
        end = next(
            (
                e
                for s, e in spans
                if s >= quote.end and not quote.paragraph.text[s:e].endswith("；")
            ),
            following[-1],
        )
        return Quote(quote.paragraph, quote.start, end)
    return quote


def where(ask: Ask) -> Answer | None:
    """在哪一页: the place of the figure or of the words."""
    hit = first_sure(ask.find(units=()))
    if hit is None:
        return passage_answer(ask)
    figure = hit.figure
    ask.evidence.value(figure)
    place = place_of(figure.page, figure.page_label)
    ask.evidence.quote(place)
    table = figure.table or "正文"
    return ask.evidence.answer(f"{label_of(figure)}（{amount(figure)}）在{place}“{table}”。")


def prose_clauses(ask: Ask) -> Iterator[tuple[Quote, str]]:
    """Each clause of the prose with its sentence; what terms mean is left out."""
    for paragraph in ask.report.paragraphs:
        if paragraph.section and re.search(data.word("glossary_section"), paragraph.section[-1]):
            continue
        for start, end in sentences(paragraph.text):
            quote = Quote(paragraph, start, end)
            for clause in re.split("[,;。]", fold(quote.text)):
                yield quote, clause
