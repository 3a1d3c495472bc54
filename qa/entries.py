"""Numbered entries of a section: which one, how many, what one says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.labels import strip_number
from index.text import fold
from index.values import Paragraph
from prompts import say
from qa import data
from qa.ask import Ask
from qa.names import content_pairs, key, pairs
from qa.reading import content_of, numeral
from qa.textual import Quote, cite_quote
from qa.values import Answer

_ENTRY = 0.6  # share of the question's weight that an entry of the duties must hold


_ENTRY_NUMBER = re.compile(
    r"^(?:(\d{1,2})[.、．]|\(([一二三四五六七八九十]{1,3}|\d{1,2})\)|第([一二三四五六七八九十]{1,3})[条项])"
)


def numbered_item(ask: Ask) -> Answer | None:
    """单位职责第8项: the numbered paragraph of a section."""
    match = re.search(r"第([一二三四五六七八九十\d]+)(项|条|点|款)", ask.text)
    if not match:
        return None
    number = numeral(match[1])
    if number is None:
        return None
    section_words = content_pairs(content_of(ask.text.replace(match.group(), " ")))
    for paragraph in ask.report.paragraphs:
        if paragraph.heading or not paragraph.section:
            continue
        if entry_number(fold(paragraph.text)) == number and any(
            len(section_words & pairs(key(s))) for s in paragraph.section[-1:]
        ):
            quote = Quote(paragraph, 0, len(paragraph.text))
            cite_quote(ask, quote)
            return ask.evidence.answer(say("quote", quote=quote.text))
    return None


def which_entry(ask: Ask) -> Answer | None:
    """写在职责的第几条: the number of the entry that the question's words stand in."""
    text = ask.text
    match = re.search(data.word("which_entry"), text)
    if match is None or not re.search(data.word("duties"), text):
        return None
    words = content_of(re.sub(data.word("entry_frame"), " ", text.replace(match.group(), " ")))
    wanted = content_pairs(words)
    if not wanted:
        return None
    ranked = sorted(
        ((ask.catalogue.explained(wanted, (pairs(key(p.text)), 1.0)), p) for p in _duties(ask)),
        key=lambda item: -item[0],
    )
    if not ranked or ranked[0][0] < _ENTRY:
        return None
    entry = ranked[0][1]
    number = entry_number(fold(entry.text))
    if number is None:
        return None
    cite_quote(ask, entry)
    cited = range(len(ask.evidence.citations))
    section = entry.paragraph.section[-1]
    ask.evidence.count_value(number, "", section, cited)
    return ask.evidence.answer(
        say("entry", section=strip_number(section), number=number, quote=entry.text)
    )


def entry_number(text: str) -> int | None:
    """The number that a paragraph begins with: `9.`, `（九）`, `第九条`, `9、`; None for none."""
    match = _ENTRY_NUMBER.match(text)
    return numeral(next(g for g in match.groups() if g)) if match else None


def _duties(ask: Ask) -> list[Quote]:
    """The numbered entries of the sections on duties."""
    kinds: dict[str, dict[int, Quote]] = {}
    for p in ask.report.paragraphs:
        heading = p.heading and not p.text.rstrip().endswith("。")  # （十二）完成其他任务。
        if heading or not p.section or not re.search(data.word("duties"), p.section[-1]):
            continue
        match = _ENTRY_NUMBER.match(fold(p.text))
        number = entry_number(fold(p.text))
        if match is not None and number is not None:
            kind = re.sub(r"[\d一二三四五六七八九十]+", "", match[0])
            for at, (start, end) in enumerate(_run_together(p.text, number)):
                # print that goes over the page is there twice
                kinds.setdefault(kind, {}).setdefault(number + at, Quote(p, start, end))
    # 第一条 … 第三条 of the rules hold the duties （一） … （十五）
    return list(max(kinds.values(), key=len).values()) if kinds else []


def _run_together(text: str, number: int) -> list[tuple[int, int]]:
    """The entries that one paragraph holds: …规则。（八）负责…, where it begins with （七）."""
    starts = [0]
    for match in re.finditer(r"[。；;](?=[(（](?P<number>[一二三四五六七八九十]{1,3})[)）])", text):
        if numeral(match["number"]) == number + len(starts):
            starts.append(match.end())
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def counted_entries(ask: Ask) -> Answer | None:
    """How many numbered entries a section of duties has."""
    text = ask.text
    tables = ask.catalogue.mentioned_tables(ask.reading)  # whose rows are no entries of the prose
    if re.search(data.word("duties"), text) and re.search(data.word("how_many_entries"), text):
        entries = _duties(ask)
    elif re.search(data.word("section_entries"), text) and not tables:
        entries = [Quote(p, 0, len(p.text)) for p in _entries_of_section(ask)]
    else:
        return None
    if not entries:
        return None
    last = entries[-1].paragraph
    label = last.section[-1] if last.section else "条目"
    items = "；".join(strip_number(fold(q.text))[:14] for q in entries)
    return count_of(ask, entries, "条", label, items)


def count_of(ask: Ask, counted: Sequence[Quote], unit: str, label: str, items: str) -> Answer:
    """How many entries were counted, the last one and one of each page cited."""
    for q in (counted[-1], *{c.paragraph.page: c for c in counted}.values()):
        cite_quote(ask, Quote(q.paragraph, q.start, min(q.end, q.start + 40)))
    cited = range(len(ask.evidence.citations))
    ask.evidence.count_value(len(counted), unit, label, cited)
    ask.evidence.quote(items)
    return ask.evidence.answer(say("count", count=len(counted), unit=unit, items=items))


def _entries_of_section(ask: Ask) -> list[Paragraph]:
    """The numbered paragraphs of the section whose heading the question names."""
    asked = pairs(key(re.sub(data.word("section_entries"), " ", ask.text)))
    sections: dict[str, list[Paragraph]] = {}
    for p in ask.report.paragraphs:
        if not p.heading and p.section and entry_number(fold(p.text)) is not None:
            sections.setdefault(p.section[-1], []).append(p)
    best: tuple[float, list[Paragraph]] = (0.0, [])
    for title, entries in sections.items():
        own = pairs(key(strip_number(title)))
        share = len(own & asked) / max(len(own), 1)
        if share > best[0]:
            best = share, entries
    return best[1] if best[0] >= _TITLE else _entries_after(ask, asked)


def _entries_after(ask: Ask, asked: frozenset[str]) -> list[Paragraph]:
    """The numbered paragraphs behind a line that announces them: …主要内容如下：."""
    lines = ask.report.paragraphs
    for i, line in enumerate(lines):
        head = re.match(r"^(.{4,30}?)(如下|包括|有)?[:：]$", line.text)
        own = pairs(key(head[1])) if head else frozenset()
        if not own or len(own & asked) < _TITLE * len(own):
            continue
        found: list[Paragraph] = []
        for entry in lines[i + 1 :]:
            if entry_number(fold(entry.text)) != len(found) + 1:
                break
            found.append(entry)
        if len(found) > 1:
            return found
    return []


_TITLE = 0.75  # share of a section's heading that the question must hold
