"""Definitions and reasons, in the words of the report.

Quoted exactly, cut to the sentences that answer, with their page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from index.claims import sentences
from index.labels import strip_number
from index.text import fold, numbers_in
from index.values import Figure, Paragraph
from index.wording import item_path
from prompts import say
from qa import data
from qa.ask import Ask
from qa.entries import count_of
from qa.names import content_pairs, core, key, pairs
from qa.reading import content_of
from qa.textual import Quote, cite_quote
from qa.values import Answer
from qa.wordpairs import split_pieces

_REASON = re.compile(data.word("gives_reason"))


_TERM = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、])?\s*(?P<term>[^:。；]{2,90}?):"
)


_ENOUGH = 0.5


_QUOTE_MARKS = re.compile(r"[“”\"‘’']")


def definition(ask: Ask) -> Answer | None:
    """什么是X: the glossary's paragraph on the term; X和Y有什么区别: both terms."""
    if re.search(data.word("terms_compared"), ask.text) and (two := _two_terms(ask)) is not None:
        return two
    asked = coded_name(ask) or ask.text
    quote = _term(ask, asked) or _composed(ask, asked)
    if quote is None:
        return None
    cite_quote(ask, quote)
    name = "definition" if _is_glossary(quote) else "quote"
    return ask.evidence.answer(say(name, quote=quote.text.strip()))


def _two_terms(ask: Ask) -> Answer | None:
    """What the report says of each of two terms that the question compares."""
    text = re.sub(data.word("terms_compared") + ".*$", "", ask.text)
    pieces = split_pieces(ask, text, data.word("joining_terms"))
    one = _term(ask, "".join(pieces)) if len(pieces) == _TERMS else None
    if one is not None and all(key(p) in key(one.text) for p in pieces):
        cite_quote(ask, one)  # 有指定用途的叫结转，项目完成后剩余的叫结余
        return ask.evidence.answer(say("definition", quote=one.text.strip()))
    quotes = [q for p in pieces if (q := _term(ask, p) or _composed(ask, p)) is not None]
    if not len(pieces) == len(quotes) == _TERMS or quotes[0] == quotes[1]:
        return None
    for quote in quotes:
        cite_quote(ask, quote)
    return ask.evidence.answer(
        "".join(say("definition", quote=quote.text.strip()) for quote in quotes)
    )


_TERMS = 2  # that a comparison of terms names


def _is_glossary(quote: Quote) -> bool:
    return any("名词解释" in s for s in quote.paragraph.section)


def _composed(ask: Ask, asked: str) -> Quote | None:
    """The sentence that says what a sum is made of: 公用经费92.14万元，主要包括：办公费…"""
    name = core(content_of(re.sub(data.word("definition_words"), " ", asked)))
    if len(name) < _TERM_LENGTH:
        return None
    for paragraph in ask.report.paragraphs:
        if paragraph.heading:
            continue
        for start, end in sentences(paragraph.text):
            told = re.match(data.word("composed"), fold(paragraph.text[start:end]))
            if told is not None and core(told["name"]) == name:
                return Quote(paragraph, start, end)
    return None


_TERM_LENGTH = 3  # characters of the name of a sum


def _term(ask: Ask, text: str) -> Quote | None:
    """The paragraph that explains the term named best, None where none does."""
    asked = re.sub(data.word("definition_words"), " ", _QUOTE_MARKS.sub("", text))
    asked = " ".join(p.strip("的是在里") for p in asked.split() if len(p.strip("的是在里")) > 1)
    wanted = content_pairs(asked)
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
                glossary or re.match(r"\s*(是|指|反映|为)", fold(paragraph.text)[match.end() :])
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
    return best[1] if best is not None else None


def listed_terms(ask: Ask) -> Answer | None:
    """名词解释里解释了哪几种收入: the terms of the kind asked for, or all of them."""
    match = re.search(data.word("lists_terms"), ask.text)
    if match is None:
        return None
    terms = _glossary(ask)
    kept = [(p, m) for p, m in terms if not match["kind"] or match["kind"] in m["term"]]
    if not kept:
        return None
    for paragraph, _ in kept:
        cite_quote(ask, Quote(paragraph, 0, len(paragraph.text)))
    ask.evidence.count(len(kept))
    names = [strip_number(m["term"]) for _, m in kept]
    for name in names:
        ask.evidence.quote(name)
    return ask.evidence.answer(say("list", count=len(kept), items="；".join(names)))


def _glossary(ask: Ask) -> list[tuple[Paragraph, re.Match[str]]]:
    """The paragraphs of the glossary, each with the match of its term."""
    return [
        (p, match)
        for p in ask.report.paragraphs
        if not p.heading
        and any("名词解释" in s for s in p.section)
        and (match := _TERM.match(fold(p.text)))
    ]


def counted_terms(ask: Ask) -> Answer | None:
    """名词解释一共几个词: the terms that the glossary explains."""
    if not re.search(data.word("counts_terms"), ask.text):
        return None
    terms = _glossary(ask)
    if not terms:
        return None
    names = "、".join(strip_number(m["term"]) for _, m in terms)
    return count_of(ask, [Quote(p, 0, len(p.text)) for p, _ in terms], "个", "名词个数", names)


def meant_by(ask: Ask, term: str) -> Quote | None:
    """The clause of the glossary that says what a term within another's paragraph means."""
    name = core(content_of(term))
    for paragraph in ask.report.paragraphs:
        if paragraph.heading or not re.search("指|反映", paragraph.text):
            continue
        for start, end in sentences(paragraph.text):
            head = re.split("指|反映|是", paragraph.text[start:end])[0]
            if len(head) < end - start and key(head).endswith(name):
                return Quote(paragraph, start, end)
    return None


def coded_name(ask: Ask) -> str:
    """The name of the item whose account code the question gives, "" when it gives none."""
    return next(
        (
            e.figure.subject
            for e in ask.catalogue.entries
            if e.figure.code and e.figure.code in ask.reading.codes
        ),
        "",
    )


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
    asked = f"{coded_name(ask)} {data.word_or('reason_of', asked, asked)}".strip()
    wanted = content_pairs(asked)
    if not wanted:
        return None
    best: tuple[float, Quote | Figure] | None = None

    def offer(score: float, found: Quote | Figure) -> None:
        nonlocal best
        if best is None or score > best[0] + 1e-9:
            best = (score, found)

    rising = _direction(ask.text)
    original = ask.reading.original
    numbers = {n for _, end, n in numbers_in(original) if original[end : end + 1] != "年"}
    leads = _leads(ask.report.paragraphs)
    named = [core(w) for w in asked.split() if key(w) in ask.catalogue.subjects]
    for paragraph, start, end in _reason_sentences(ask.report.paragraphs):
        about = leads.get(id(paragraph)) or _about(paragraph, start)
        text = paragraph.text[start:end]
        near = pairs(key(text.split("原因")[0])) | pairs(key(about))
        section = pairs(key(paragraph.section[-1])) if paragraph.section else frozenset()
        inside = pairs(key(text))
        score = ask.catalogue.explained(wanted, (near, 1.0), (inside, 0.8), (section, 0.6))
        own = pairs(key(about))
        if own:
            score += 0.15 * len(own & wanted) / len(own)
        if rising and (found := _direction(text.split("原因")[0])):
            score += 0.12 if found == rising else -0.12
        score += _base_fit(ask.text, text.split("原因")[0])
        if named and not any(n in key(f"{text}{about}") for n in named):
            score -= 0.3  # 公务用车运行费 is no reason for 公务用车购置费
        if numbers and any(n in numbers for _, _, n in numbers_in(text)):
            score += 0.25
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
        fields = entry.fields.keys() - pairs(key(figure.table))  # 项目支出 is every form's title
        score = ask.catalogue.explained(wanted, (names, 1.0), (fields, 1.0))
        own = pairs(key(figure.subject))
        score += 0.2 * len(own & wanted) / max(len(own), 1)
        if numbers:  # 没修够3.2公里; 计划160台，怎么只换了150台
            score += 0.25 * min(len(numbers & _in_row(ask, figure)), 2)
        if re.search(data.word("says_no_reason"), key("".join(figure.column))):
            score -= 0.15  # 发现的问题 says what is wrong, not why
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
    quote = chosen.text.strip()
    if lead := leads.get(id(chosen.paragraph)):
        return ask.evidence.answer(say("quote_about", label=lead, quote=quote))
    return ask.evidence.answer(say("quote", quote=quote))


def _in_row(ask: Ask, figure: Figure) -> set[Decimal]:
    """The numbers of the form that a reason stands in: in its row, or in all rows below them."""
    whole = len(figure.item) < _ROW_LABELS
    return {
        f.value
        for f in ask.report.figures
        if f.value is not None
        and f.table_id == figure.table_id
        and (whole or f.row == figure.row)
        and f.measure in {"target", "actual", "budget_adjusted", "executed"}
    }


_ROW_LABELS = 2  # labels that lead to the reason of one indicator; a whole form's has one


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
            more = i + 1
            while paragraph.text[end - 1] == "；" and more < len(spans):  # the reasons go on
                end = max(end, spans[more][1])
                more += 1
            if more < len(spans) and _goes_on(paragraph.text[slice(*spans[more])]):
                end = spans[more][1]
            begin = start
            # "主要原因：…" alone says nothing about what changed: the sentence before does.
            if re.match(r"^(主要)?(原因|是由于|由于|主要是)", text) and i:
                begin = spans[i - 1][0]
            yield paragraph, begin, end


def _goes_on(sentence: str) -> bool:
    """Whether a sentence adds to the reason before it: 较上一年度减少了培训费支出等。"""
    adds = re.match(data.word("reason_goes_on"), sentence.strip())
    return adds is not None and not re.search(r"\d", sentence)


def _leads(paragraphs: Sequence[Paragraph]) -> dict[int, str]:
    """The account that a line of its own names, by the paragraph that goes on about it.

    6、文化旅游体育与传媒支出（类）文化和旅游（款）图书馆（项）。 | 年初预算为668.30万元，…
    """
    leads = {}
    for line, after in pairwise(paragraphs):
        text = fold(line.text).strip()
        path = item_path(text) if len(text) <= _LINE and re.search(_ACCOUNT_END, text) else ()
        if path and not after.heading:
            leads[id(after)] = path[-1]
    return leads


_ACCOUNT_END = r"\([类款项]\)[。:]?$"
_LINE = 90  # characters of a line that names an account and nothing else


def _about(paragraph: Paragraph, start: int) -> str:
    """What the sentence is about: the expense that it begins with, else the name at the head of
    its paragraph, before the first figure."""
    own = re.match(r"(?P<name>[^\d,，。;；:：]{3,20}费)(支出|用)?\d", fold(paragraph.text[start:]))
    if own is not None and start:
        return own["name"]
    head = fold(paragraph.text)
    cut = re.search(r"\d[\d,.]*(万元|%|元|亿元)", head)
    name = head[: cut.start()] if cut else head[:40]
    items = re.findall(r"[^()。]+?\(项\)", name) or re.findall(
        r"[^()。]+?\(项\)", fold(paragraph.text[:start])
    )
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
