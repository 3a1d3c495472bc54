"""Answers in the report's own words: reasons, definitions, duties, lists.

Quoted exactly, cut to the sentences that answer, with their page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cn2an

from index.claims import sentences
from index.figures import strip_number
from index.text import fold
from index.values import Box, Figure, Paragraph, Passage
from prompts import say
from qa import data
from qa.ask import Ask, variants
from qa.catalogue import key, pairs
from qa.evidence import amount
from qa.reading import content_of
from qa.values import Answer

_REASON = re.compile(data.word("gives_reason"))
_TERM = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、])?\s*(?P<term>[^:。；]{2,90}?):"
)
_ENOUGH = 0.5
_TIME = re.compile(data.word("time_and_change"))
_QUOTE_MARKS = re.compile(r"[“”\"‘’']")


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


# -- definitions ---------------------------------------------------------------------------------


def definition(ask: Ask) -> Answer | None:
    """什么是X: the glossary's paragraph on the term."""
    asked = re.sub(
        data.word("definition_words"),
        " ",
        _QUOTE_MARKS.sub("", ask.text),
    )
    named = next(
        (
            e.figure.subject
            for e in ask.catalogue.entries
            if e.figure.code and e.figure.code in ask.reading.codes
        ),
        "",
    )
    asked = f"{named} " if named else asked
    asked = " ".join(p.strip("的是在里") for p in asked.split() if len(p.strip("的是在里")) > 1)
    wanted = pairs_of(asked)
    if not wanted:
        return None
    best: tuple[float, Quote] | None = None
    for paragraph in ask.report.paragraphs:
        match = _TERM.match(fold(paragraph.text))
        glossary = any("名词解释" in s for s in paragraph.section)
        if (
            not match
            or paragraph.heading
            or not (
                glossary or re.match(r"\s*(是指|指|反映|为)", fold(paragraph.text)[match.end() :])
            )
        ):
            continue
        term = pairs(key(match["term"]))
        if not term:
            continue
        shared = len(wanted & term)
        score = 2 * shared / (len(wanted) + len(term)) + (0.1 if glossary else 0)
        contained = key(asked) in key(match["term"]) or key(match["term"]) in key(asked)
        if contained:
            score += 0.2
        if (shared >= 0.6 * len(wanted) or contained) and (best is None or score > best[0]):
            best = (score, Quote(paragraph, match.start("term"), len(paragraph.text)))
    if best is None:
        return None
    cite_quote(ask, best[1])
    return ask.evidence.answer(say("definition", quote=best[1].text.strip()))


def pairs_of(content: str) -> set[str]:
    return {p for segment in content.split() for p in pairs(segment)}


# -- reasons -------------------------------------------------------------------------------------


def reason(ask: Ask) -> Answer | None:
    """为什么X: the sentence that gives the reason, of the paragraph or form row about X."""
    words = re.sub(
        data.word("reason_words"),
        " ",
        ask.text,
    )
    asked = content_of(
        re.sub(
            data.word("reason_base_words"),
            " ",
            words,
        )
    )
    wanted = pairs_of(asked)
    if not wanted:
        return None
    weigh = ask.catalogue.weight
    total = sum(weigh(p) for p in wanted)
    best: tuple[float, Quote | Figure] | None = None

    def offer(score: float, found: Quote | Figure) -> None:
        nonlocal best
        if best is None or score > best[0] + 1e-9:
            best = (score, found)

    rising = _direction(ask.text)
    for paragraph, start, end in _reason_sentences(ask.report.paragraphs):
        about = _about(paragraph, start)
        text = paragraph.text[start:end]
        near = pairs(key(text.split("原因")[0])) | pairs(key(about))
        section = pairs(key(paragraph.section[-1])) if paragraph.section else frozenset()
        inside = pairs(key(text))
        score = (
            sum(
                weigh(p)
                * (1.0 if p in near else 0.8 if p in inside else 0.6 if p in section else 0)
                for p in wanted
            )
            / total
        )
        own = pairs(key(about))
        if own:
            score += 0.15 * len(own & wanted) / len(own)
        if rising and (found := _direction(text.split("原因")[0])):
            score += 0.12 if found == rising else -0.12
        score += _base_fit(ask.text, text.split("原因")[0])
        offer(score, Quote(paragraph, start, end))
    for entry in ask.catalogue.entries:
        figure = entry.figure
        if figure.measure != "reason" or figure.state != "text" or len(figure.printed) < 4:
            continue
        names = (
            pairs(key("".join(figure.item)))
            | pairs(key(figure.project))
            | pairs(key(figure.printed))
        )
        score = sum(weigh(p) for p in wanted if p in names or p in entry.fields) / total
        own = pairs(key(figure.subject))
        score += 0.2 * len(own & wanted) / max(len(own), 1)
        offer(score, figure)
    if best is None or best[0] < _ENOUGH:
        return None
    chosen = best[1]
    if isinstance(chosen, Figure):
        ask.evidence.cite(chosen)
        label = f"{chosen.project}“{chosen.subject}”"
        return ask.evidence.answer(say("text_fact", label=label, printed=chosen.printed))
    cite_quote(ask, chosen)
    for twin in _same_reason(ask, chosen):
        cite_quote(ask, twin)
    return ask.evidence.answer(say("quote", quote=chosen.text.strip()))


def _base_fit(question: str, told: str) -> float:
    """A reason for a gap to the budget is no reason for a change against last year."""
    fit = 0.0
    for name in ("budget_base", "year_base"):
        pattern = data.word(name)
        if re.search(pattern, question):
            fit += 0.15 if re.search(pattern, told) else -0.1
    return fit


def _direction(text: str) -> str:
    if re.search(data.word("rising_words"), text):
        return "up"
    if re.search(data.word("falling_words"), text):
        return "down"
    return ""


def _reason_sentences(
    paragraphs: Iterable[Paragraph],
) -> Iterable[tuple[Paragraph, int, int]]:
    """Sentences that give a reason; a sentence that only announces it takes the next one along."""
    for paragraph in paragraphs:
        if paragraph.heading or any("名词解释" in s for s in paragraph.section):
            continue
        spans = list(sentences(paragraph.text))
        for i, (start, end) in enumerate(spans):
            text = paragraph.text[start:end]
            if not _REASON.search(text):
                continue
            if re.search(r"原因(是|为|如下|:|：)*[。；]?$", text) and i + 1 < len(spans):
                end = spans[i + 1][1]
            begin = start
            # "主要原因：…" alone says nothing about what changed: the sentence before does.
            if re.match(r"^(主要)?(原因|是由于|由于|主要是)", text) and i:
                begin = spans[i - 1][0]
            yield paragraph, begin, end


def _about(paragraph: Paragraph, start: int) -> str:
    """What the paragraph is about: the name at its head, before the first figure."""
    head = fold(paragraph.text)
    cut = re.search(r"\d[\d,.]*(万元|%|元|亿元)", head)
    name = head[: cut.start()] if cut else head[:40]
    items = re.findall(r"[^()]+?\(项\)", name)
    return strip_number(items[-1][:-3]) if items else name


def _same_reason(ask: Ask, quote: Quote) -> list[Quote]:
    """Other paragraphs that give the same reason word for word (the genre repeats itself)."""
    tail = re.split(r"原因(?:是|为)?[:：]?", quote.text)[-1].strip("：:，。")
    if len(tail) < 12:
        return []
    found = []
    for paragraph in ask.report.paragraphs:
        if paragraph is quote.paragraph or paragraph.heading:
            continue
        at = paragraph.text.find(tail[:40])
        if at >= 0:
            for s, e in sentences(paragraph.text):
                if s <= at < e:
                    found.append(Quote(paragraph, s, e))
    return found[:2]


# -- anything else said in words -----------------------------------------------------------------


def numbered_item(ask: Ask) -> Answer | None:
    """单位职责第8项: the numbered paragraph of a section."""
    match = re.search(r"第([一二三四五六七八九十\d]+)(项|条|点|款)", ask.text)
    if not match:
        return None
    number = match[1]
    section_words = pairs_of(content_of(ask.text.replace(match.group(), " ")))
    chinese = {
        "一": "1",
        "二": "2",
        "三": "3",
        "四": "4",
        "五": "5",
        "六": "6",
        "七": "7",
        "八": "8",
        "九": "9",
        "十": "10",
    }
    digits = number if number.isdigit() else chinese.get(number, "")
    for paragraph in ask.report.paragraphs:
        if paragraph.heading or not paragraph.section:
            continue
        if re.match(rf"^{digits}[.、]", fold(paragraph.text)) and any(
            len(section_words & pairs(key(s))) for s in paragraph.section[-1:]
        ):
            quote = Quote(paragraph, 0, len(paragraph.text))
            cite_quote(ask, quote)
            return ask.evidence.answer(say("quote", quote=quote.text))
    return None


def passage_answer(ask: Ask, needed: float = 0.6) -> Answer | None:
    """The sentence or row that best answers, when it explains enough of the question."""
    found = best_sentence(ask, needed)
    if found is None:
        return None
    if isinstance(found, Quote):
        cite_quote(ask, found)
        return ask.evidence.answer(say("quote", quote=found.text.strip()))
    return _row_answer(ask, found)


def _row_answer(ask: Ask, passage: Passage) -> Answer:
    """A row of a table told as a row: its cells as printed, not as a sentence of the report."""
    cells = [f for f in ask.report.figures if f.id in set(passage.figures) and f.printed]
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


def moved(ask: Ask) -> Answer | None:
    """A rise or fall that only a sentence tells."""
    found = best_sentence(ask, 0.6, re.compile(data.word("moved")))
    if not isinstance(found, Quote):
        return None
    cite_quote(ask, found)
    return ask.evidence.answer(say("quote", quote=found.text.strip()))


def best_sentence(
    ask: Ask, needed: float, must: re.Pattern[str] | None = None, content: str | None = None
) -> Quote | Passage | None:
    """Among the passages retrieved, the one (cut to its sentences) that explains the question best.

    `needed` is the least share of the question's weight; `must` a pattern that the words found
    must match.
    """
    words = content_of(_TIME.sub(" ", ask.reading.rest)) if content is None else content
    weigh = ask.catalogue.weight
    wordings = [
        (w, total) for w in variants(words) if (total := sum(weigh(p) for p in pairs_of(w)))
    ]
    if not wordings:
        return None
    best: tuple[float, Quote | Passage] | None = None
    found = ask.search(" ".join([ask.text, *(w for w, _ in wordings[1:])]), 14)
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
            if len(text) < 24 and re.match(r"^\d{1,2}[.、]\S{2,20}。$", fold(text)):
                continue  # a heading says nothing
            if must is not None and not must.search(text):
                continue
            inside = pairs(key(text))
            score = max(
                sum(
                    weigh(p)
                    * (1.0 if p in inside else 0.8 if p in head else 0.5 if p in section else 0.0)
                    for p in pairs_of(w)
                )
                / total
                for w, total in wordings
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


def list_answer(ask: Ask) -> Answer | None:
    """有哪些: indicators of a project, an enumeration in the prose, or a table of names."""
    enumeration = re.compile(data.word("enumerates"))
    found = best_sentence(ask, 0.45, enumeration)
    if found is None:
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
    return _row_answer(ask, found)


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
    if match:
        cite_quote(ask, found)
        number = int(cn2an.cn2an(match[1].replace("两", "二"), "smart"))
        place = len(ask.evidence.citations) - 1
        ask.evidence.count_value(number, match[2], found.text[:20], [place])
        return ask.evidence.answer(say("quote", quote=found.text.strip()))
    if found.text.rstrip().endswith(("：", ":")):
        following = _list_after(ask, found)
        if following is not None:
            passage, rows = following
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


def counted_entries(ask: Ask) -> Answer | None:
    """How many numbered entries a section of duties has."""
    text = ask.text
    if not re.search(data.word("duties"), text) or not re.search(
        data.word("how_many_entries"), text
    ):
        return None
    entries: list[Paragraph] = [
        p
        for p in ask.report.paragraphs
        if not p.heading
        and p.section
        and re.search(data.word("duties"), p.section[-1])
        and re.match(r"^\d{1,2}[.、]", fold(p.text))
    ]
    if not entries:
        return None
    last = entries[-1]
    for p in (last, *{e.page: e for e in entries}.values()):
        cite_quote(ask, Quote(p, 0, min(len(p.text), 40)))
    cited = range(len(ask.evidence.citations))
    ask.evidence.count_value(len(entries), "条", last.section[-1], cited)
    items = "；".join(strip_number(fold(p.text))[:14] for p in entries)
    return ask.evidence.answer(say("count", count=len(entries), unit="条", items=items))


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
    from qa.ask import first_sure
    from qa.evidence import amount, place_of
    from qa.plan import label_of

    hit = first_sure(ask.find(units=()))
    if hit is None:
        return passage_answer(ask)
    figure = hit.figure
    ask.evidence.value(figure)
    place = place_of(figure.page, figure.page_label)
    ask.evidence.quote(place)
    table = figure.table or "正文"
    return ask.evidence.answer(f"{label_of(figure)}（{amount(figure)}）在{place}“{table}”。")
