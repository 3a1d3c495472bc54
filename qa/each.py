"""Questions about several things at once: 分别是多少, 各占百分之几, 几批次多少人次, 其中…多少.

Each thing is asked for by itself with the rest of the question; all of them have to be found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from index.values import Figure
from prompts import say
from qa import data, lookup, ratios, shares, trend
from qa.ask import Ask, first_sure
from qa.names import core, key
from qa.reading import content_of, read_question
from qa.values import Answer, Polarity
from qa.wordpairs import split_pieces

Handler = Callable[[Ask], Answer | None]


def each(ask: Ask) -> Answer | None:
    """A和B分别多少, A和B各占C多少: one answer a piece."""
    match = re.search(data.word("each_asked"), ask.text)
    if match is None or ask.reading.has("rank", "per", "conflict", "reason"):
        return None
    if re.search(data.word("which_is_more"), ask.text[: match.start()]):
        return None  # 哪个执行率高？分别是多少: the comparison tells both
    names = ask.text[: match.start()]
    tail = ask.text[match.end() :] if match["ask"] is None else ask.text[match.start("ask") :]
    lead, names = _lead(names)
    pieces = split_pieces(ask, names, data.word("each_joined"))
    if len(pieces) < 2 or len(pieces) > 6:
        return None
    if any(re.fullmatch(data.word("only_a_year"), p) for p in pieces):
        return None  # 2024年 by itself would be asked of everything
    return _all(ask, [_variants(lead, pieces, i, tail) for i in range(len(pieces))])


def _lead(names: str) -> tuple[str, str]:
    """(what stands before the names, the names): 基本支出里，|人员经费和公用经费."""
    match = re.match(
        r"^(?P<lead>.{2,24}?(?:里头|里面|里|中|当中|项目))[,]?(?P<names>.{4,})$", names
    )
    if match and re.search(data.word("each_joined"), match["names"]):
        return match["lead"], match["names"]
    return "", names


def _variants(lead: str, pieces: Sequence[str], i: int, tail: str) -> list[str]:
    """The questions that a piece may stand for, the fullest first."""
    piece = pieces[i]
    texts = [f"{lead}{piece}{tail}"] if lead else []
    if i and "的" in pieces[0]:  # 公务接待的批次和人次: the head is said once
        texts.append(f"{pieces[0][: pieces[0].rindex('的')]}的{piece}{tail}")
    if i == 0 and "的" in pieces[-1] and "的" not in piece:  # A项目和B项目的得分
        texts.append(f"{piece}{pieces[-1][pieces[-1].rindex('的') :]}{tail}")
    return [*texts, f"{piece}{tail}"]


def _all(ask: Ask, questions: Sequence[Sequence[str]]) -> Answer | None:
    """The answers to all questions in one; None where one of them has none."""
    texts: list[str] = []
    seen: set[tuple[str, ...]] = set()
    before = 0  # values of the answers so far, which share their evidence
    for options in questions:
        answer = next((a for q in options if (a := _one(ask, q)) is not None), None)
        if answer is None:
            return None
        told = tuple(str(v.value) + v.label for v in answer.values[before:])
        before = len(answer.values)
        if told in seen:
            return None  # two names of one figure are not two things
        seen.add(told)
        texts.append(answer.text)
    return ask.evidence.answer("".join(texts))


def _one(ask: Ask, text: str) -> Answer | None:
    reading = read_question(text)
    inner = replace(ask, reading=reading)
    if reading.has("share"):
        return shares.share(inner)
    if reading.has("change"):
        return trend.change(inner)
    if reading.measure in {"completion", "rate"}:
        return ratios.completion(inner)
    return lookup.lookup(inner)


def years(ask: Ask) -> Answer | None:
    """2023年和2024年X分别是多少: last year's amount, printed or worked back, and this year's."""
    this = ask.report.year
    match = re.search(data.word("two_years_each"), ask.text)
    if match is None or this is None:
        return None
    named = {re.sub(r"\D", "", match[g]) for g in ("one", "other")} - {""}
    if not named <= {str(this), str(this - 1)}:
        return None
    item = f"{match['before'] or ''}{match['behind'] or ''}".strip(",")
    item = re.sub(data.word("course_of_years"), "", item)
    if not content_of(item):
        return None
    last = trend.last_year(replace(ask, reading=read_question(f"{this - 1}年{item}是多少")))
    if last is not None and last.values:  # worked back of 收、支总计, where that alone moved
        item = last.values[-1].label.removesuffix(trend.WORKED_BACK)
    now = lookup.lookup(replace(ask, reading=read_question(f"{item}是多少")))
    if now is None:
        return None
    missing = say("refuse_last_year", year=this, asked=this - 1)
    return ask.evidence.answer((last.text if last is not None else missing) + now.text)


def counters(ask: Ask) -> Answer | None:
    """公务接待几批次、多少人次: one matter, two counts."""
    found = list(re.finditer(data.word("count_asked"), ask.text))
    if len(found) < 2 or len({m["counter"] for m in found}) < 2:
        return None
    if ask.reading.has("per", "rank", "difference", "share"):
        return None
    name = re.sub("费?用?支出(?=的|共|总|一)", "", ask.text[: found[0].start()])
    if not content_of(name):
        return None
    questions = []
    for i, m in enumerate(found):
        own = ask.text[found[i - 1].end() : m.start()] if i else name
        own = own if content_of(own) else ""
        head = own if i and len(key(content_of(own))) > 3 else f"{name}{own if i else ''}"
        questions.append([f"{head}{m.group()}"])
    return _all(ask, questions)


def whole_and_part(ask: Ask) -> Answer | None:
    """X多少，其中Y多少: the whole, and the part that stands under it."""
    match = re.search(data.word("whole_and_part"), ask.text)
    if match is None or ask.reading.has("rank", "per", "conflict", "reason"):
        return None
    whole = read_question(match["whole"])
    if whole.ops not in {("lookup",), ("sum", "lookup")} or not whole.content:
        return None
    first = first_sure(replace(ask, reading=whole).find())
    if first is None:
        return None
    part = read_question(match["part"])
    hits = [
        h
        for words in (f"{part.content}{_side(first.figure)}", part.content)
        for h in ask.find(content=words, measure=part.measure or first.figure.measure, units=())
        if h.figure.project == first.figure.project and h.figure.value is not None
    ]
    names = {core(part.content), core(f"{part.content}{_side(first.figure)}")}
    exact = [h for h in hits if core(h.figure.subject) in names] or hits
    beside = [h for h in exact if h.figure.table_id == first.figure.table_id] or exact
    second = first_sure(beside)
    if second is None or second.figure.id == first.figure.id:
        return None
    return ask.evidence.answer("".join(lookup.told(ask, h.figure) for h in (first, second)))


def _side(figure: Figure) -> str:
    """收入 or 支出, as the whole's name says; "" where it says neither."""
    return next((side for side in ("收入", "支出") if side in figure.subject), "")


def any_of(ask: Ask) -> Answer | None:
    """会议费、培训费这两项花过钱没有: whether any of the items named has an amount."""
    if not ask.reading.has("yes_no") or ask.reading.has("change", "conflict", "difference"):
        return None
    match = re.search(data.word("any_asked"), ask.text)
    if match is None:
        return None
    lead, names = _lead(match["names"])
    pieces = split_pieces(ask, names, data.word("each_joined"))
    if len(pieces) < 2:
        return None
    figures = []
    for piece in pieces:
        hit = ask.link(f"{lead}{piece}") or ask.link(piece)
        if hit is None or hit.figure.value is None:
            return None
        if key(core(hit.figure.subject)) not in key(piece) and hit.named < 0.8:
            return None
        figures.append(hit.figure)
    if len({f.id for f in figures}) < len(pieces):
        return None
    spent = any(f.value for f in figures)
    text = "".join(lookup.told(ask, f) for f in figures)
    return ask.evidence.decided(spent, text, have=True)


def changes(ask: Ask) -> Answer | None:
    """A和B比上年有变化吗, 变动方向一样吗: each one's change, and whether the directions agree."""
    if not re.search(data.word("time_base"), ask.text) or not ask.reading.has("change"):
        return None
    names = re.split(data.word("changes_frame"), ask.text)[0]
    pieces = split_pieces(ask, names, data.word("each_joined"))
    if len(pieces) < 2 or len(pieces) > 4:
        return None
    signs: list[int] = []
    texts: list[str] = []
    for piece in pieces:
        inner = replace(ask, reading=read_question(f"{piece}比上年增减多少"))
        if not content_of(read_question(piece).rest):
            return None
        amount, rate = trend.changes(inner, trend.compared_content(inner))
        moved = amount or rate
        answer = trend.change(inner)
        if moved is None or answer is None or moved.value is None:
            told = trend.level(inner, piece)
            if told is None:
                return None
            signs.append(0)
            texts.append(told)
            continue
        signs.append((moved.value > 0) - (moved.value < 0))
        texts.append(answer.text)
    polarity: Polarity | None = None
    if ask.reading.has("yes_no") or ask.reading.has("conflict"):
        if re.search(data.word("same_direction"), ask.text):
            polarity = "yes" if len(set(signs)) == 1 else "no"
        else:
            polarity = "yes" if any(signs) else "no"
    text = "".join(texts)
    if polarity is None:
        return ask.evidence.answer(text)
    return ask.evidence.decided(polarity == "yes", text)
