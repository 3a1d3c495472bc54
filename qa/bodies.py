"""The bodies that a report's accounts cover: which, how many, of which kind.

Read from the table of names or the numbered entries under 部门决算单位构成 (机构设置), each with
what stands beside it: 单位性质, 经费形式, 备注.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text import fold, squeeze
from index.values import Paragraph, Passage
from prompts import say
from qa import data
from qa.ask import Ask, weighty
from qa.entries import entry_number
from qa.names import content_pairs, key, pairs, shortens
from qa.reading import content_of
from qa.textual import Quote, cite_quote
from qa.values import Answer

_REMARK = re.compile(  # 婚姻（收养）登记中心（下属事业单位）
    r"^(?P<name>[^（()）\s]+?(?:[（(](?:本级|本部|机关|[^（()）\s]{1,4}(?=[)）][^\s（(]{2,}))[)）]"
    r"[^（()）\s]*)?)[\s（(]+(?P<fact>[^（）]+?)[)）]?$"
)
_INLINE = re.compile(r"(?:包括|分别是|分别为|为)[:：]?(?P<list>[^。；:：]{6,})[。；]?$")
_NAME = 40  # characters of the longest name of a body
_FEW = 2  # characters that may be left of a question about bodies
_BODY = re.compile(data.word("body_name_end"))


@dataclass(frozen=True)
class Body:
    """One body: its name, what the report says beside it, and where it stands."""

    name: str
    fact: str
    place: Passage | Quote

    @property
    def own(self) -> bool:
        """Whether it is the department itself (本级)."""
        return bool(re.search(data.word("own_level"), self.name))


def bodies(ask: Ask) -> list[Body]:
    """The bodies in reading order, [] where the report does not list them."""
    sections = [p for p in ask.report.paragraphs if _about_bodies(p)]
    covered = [p for p in sections if re.search(data.word("body_range_head"), p.section[-1])]
    sections = covered or sections  # 决算单位构成, where 机构设置 lists them as well
    titles = {p.section[-1] for p in sections if p.section}
    return _of_table(ask, titles) or _numbered(sections) or _inline(sections)


def _about_bodies(paragraph: Paragraph) -> bool:
    words = squeeze("".join(paragraph.section[-1:]))
    return not paragraph.heading and bool(re.search(data.word("body_sections"), words))


def _of_table(ask: Ask, titles: set[str]) -> list[Body]:
    for table in ask.report.tables:
        named = any("单位名称" in squeeze("".join(c)) for c in table.columns)
        if table.title not in titles and not (named and not table.unit):
            continue
        rows = [p for p in ask.report.passages if p.kind == "row" and p.source == table.title]
        found: list[Body] = []
        for row in rows:
            text = row.text.removeprefix(f"{table.title}：")
            if row.figures:
                name, _, fact = text.partition("：")
                found.append(Body(name.split(" > ")[-1], fact, row))
                continue
            for piece in text.split("；"):
                plain = re.sub(r"^\d+\s*", "", piece).strip()
                match = _REMARK.match(plain)
                if match and re.fullmatch("本级|本部|机关", match["fact"]):
                    match = None
                name, fact = (match["name"], match["fact"]) if match else (plain, "")
                found.append(Body(name, fact, row))
        found = [b for b in found if _BODY.search(re.sub(r"[（(].*", "", b.name))]
        if found:
            return found
    return []


def _numbered(sections: Sequence[Paragraph]) -> list[Body]:
    found = []
    for paragraph in sections:
        text = fold(paragraph.text).rstrip("。;")
        if entry_number(text) is None:
            continue
        plain = re.sub(r"^(?:\d{1,2}[.、]|\([^()]*\)|第.{1,3}[条项])\s*", "", text)
        name, _, fact = plain.partition(",")
        if len(name) <= _NAME and _BODY.search(re.sub(r"\(.*", "", name)):
            found.append(Body(name, fact, Quote(paragraph, 0, len(paragraph.text))))
    return found if len(found) > 1 else []


def _inline(sections: Sequence[Paragraph]) -> list[Body]:
    for paragraph in sections:
        for start, end in _sentences(paragraph.text):
            sentence = paragraph.text[start:end]
            match = _INLINE.search(sentence)
            if not match or not re.search(data.word("body_range"), squeeze(sentence)):
                continue
            names = re.split("[、，]|和(?=[^和]*$)", match["list"])
            if len(names) > 1 and all(_BODY.search(re.sub(r"[（(].*", "", n)) for n in names):
                return [Body(n, "", Quote(paragraph, start, end)) for n in names]
    return []


def _sentences(text: str) -> list[tuple[int, int]]:
    return [(m.start(), m.end()) for m in re.finditer(r"[^。]+。?", text)]


def _asked(ask: Ask) -> bool:
    """Whether the question is about the bodies and nothing else of the report."""
    text = squeeze(ask.reading.original)
    if not re.search(data.word("bodies_asked"), text):
        return bool(re.search(data.word("how_many_of"), text)) and len(_ending(ask, text)) > 1
    return len(weighty(_besides(ask, text)).replace(" ", "")) < _FEW or bool(_ending(ask, text))


def _besides(ask: Ask, text: str) -> str:
    """What a question names besides the bodies as such and the department itself."""
    own = squeeze(ask.report.body)
    called = next((own[i:] for i in range(len(own) - _OWN + 1) if own[i:] in text), "")
    rest = text.replace(called, " ") if called else text
    return re.sub(data.word("bodies_frame"), " ", content_of(rest))


_OWN = 3  # characters of the end of the department's name that call it: 民政局


def _ending(ask: Ask, text: str) -> list[Body]:
    """The bodies whose names end with all that the question names: 社区卫生服务中心有几家."""
    ends = [key(s) for s in _besides(ask, text).split() if weighty(s)]
    if len(ends) != 1 or len(ends[0]) < _END:
        return []
    return [b for b in bodies(ask) if not b.own and key(b.name).endswith(ends[0])]


_END = 3  # characters of the end of a name that tells a kind of bodies


def _chosen(ask: Ask, known: Sequence[Body]) -> list[Body]:
    """The bodies of the kind that the question names, the department itself where it is meant."""
    text = squeeze(ask.reading.original)
    kept = list(known)
    if re.search(data.word("without_own"), text):
        kept = [b for b in kept if not b.own and squeeze(b.name) != squeeze(ask.report.body)]
    if left_out := re.search(data.word("bodies_left_out"), text):
        kept = [b for b in kept if not shortens(key(left_out["name"]), key(b.name))]
        text = text.replace(left_out.group(), "")
    elif ending := _ending(ask, text):
        return ending
    quoted = re.search(r"[“\"「]([^”\"」]{2,16})[”\"」]", ask.reading.original)
    if quoted and any(squeeze(b.fact) == quoted[1] for b in kept):
        return [b for b in kept if squeeze(b.fact) == quoted[1]]
    for kind, said in data.names("body_kinds").items():
        if (match := re.search(_of_kind(kind), text)) is None:
            continue
        fits = [b for b in kept if re.search(said, f"{b.name}{b.fact}")]
        if not fits and kind.endswith("事业单位"):
            fits = _by_number(ask, kept)
        apart = match["not"] or match["apart"] or kind == "普通事业单位"
        # None of the kind told: no count of all.
        kept = [b for b in kept if b not in fits] if apart else fits
    return kept


def _of_kind(kind: str) -> str:
    """A pattern for a kind of bodies, and for the words that leave it out: 参公的不算."""
    apart = "不算|不含|不是|除了?|非"
    return rf"(?P<not>{apart})?({kind})(?P<apart>的?(单位)?(不算|除外|不包括|不含|以外))?"


def _by_number(ask: Ask, known: Sequence[Body]) -> list[Body]:
    """The bodies besides the department itself, where as many are said to be 事业单位."""
    others = [b for b in known if not b.own]
    told = {
        f.value
        for f in ask.report.figures
        if f.measure == "count" and f.subject.endswith("事业单位") and f.unit in {"家", "个"}
    }
    return others if told == {len(others)} else []


def nature(ask: Ask) -> Answer | None:
    """土地发展中心是什么性质的单位: what stands beside the body that the question names."""
    if not re.search(data.word("asks_nature"), ask.text):
        return None
    asked = pairs(key(ask.text))
    named = [b for b in bodies(ask) if b.fact and _named_so(b, asked)]
    if len(named) != 1:
        return None
    cite(ask, named[0])
    return ask.evidence.answer(say("text_fact", label=named[0].name, printed=named[0].fact))


def is_kind(ask: Ask) -> Answer | None:
    """执法大队是参公单位吗: whether what stands beside the one body named is of that kind."""
    text = squeeze(ask.reading.original)
    match = re.search(data.word("asks_kind_of_body"), text)
    if match is None:
        return None
    asked = next(
        (s for k, s in data.names("body_kinds").items() if re.fullmatch(k, match["kind"])), ""
    )
    name = key(match["name"])
    named = [b for b in bodies(ask) if b.fact and _called(b, name)]
    if not asked or len(named) != 1:
        return None
    body = named[0]
    cite(ask, body)
    yes = bool(re.search(asked, body.fact))
    return ask.evidence.decided(yes, say("text_fact", label=body.name, printed=body.fact))


def _called(body: Body, name: str) -> bool:
    """Whether a body is called so for short: 规资局执法大队, of which the end is its name's."""
    whole = key(re.sub(r"[（(].*", "", body.name))
    return shortens(name, whole) and whole.endswith(name[-_END:])


def _named_so(body: Body, asked: frozenset[str]) -> bool:
    own = pairs(key(body.name))
    return len(own & asked) >= _NAMED * len(own)


_NAMED = 0.45  # share of a body's name that names it: 土地发展中心 without the district


def listed(ask: Ask) -> Answer | None:
    """纳入编制范围的单位有哪些, of the kind asked for."""
    found = _found(ask)
    if found is None:
        return None
    return ask.evidence.answer(
        say("list", count=len(found), items="；".join(_shown(b) for b in found))
    )


def counted(ask: Ask) -> Answer | None:
    """有几家下属单位: their number and names."""
    found = _found(ask)
    if found is None:
        return None
    cited = range(len(ask.evidence.citations))
    ask.evidence.count_value(len(found), "个", "单位个数", cited)
    items = "、".join(b.name for b in found)
    return ask.evidence.answer(say("count", count=len(found), unit="个单位", items=items))


def _found(ask: Ask) -> list[Body] | None:
    if not _asked(ask):
        return None
    known = bodies(ask)
    chosen = _chosen(ask, known)
    if not chosen:
        return None
    alone = not any(b.own for b in known)  # the subordinate ones, without the department itself
    if len(chosen) == len(known) and all(
        _told_otherwise(ask, len(known) + own) for own in ((0, 1) if alone else (0,))
    ):
        return None
    for body in chosen:
        cite(ask, body)
        ask.evidence.quote(_shown(body))
    ask.evidence.count(len(chosen))
    return chosen


def _told_otherwise(ask: Ask, count: int) -> bool:
    """Whether the prose gives another number of bodies: then the list was not read whole."""
    told = [
        f.value + own
        for own in (0, 1)  # 所属单位4个, and the department itself
        for f in ask.report.figures
        if f.measure == "count"
        and f.value is not None
        and f.unit in {"个", "家"}
        and f.sentence
        and re.search(data.word("body_range"), squeeze(f.sentence))
        and f.subject.endswith("单位")
        and not re.search("行政单位|事业单位", f.subject)
        and (not own or re.search("[下所直]属|二级", f.subject))
    ]
    return bool(told) and count not in told


def cite(ask: Ask, body: Body) -> None:
    """Cite the place that names a body."""
    if isinstance(body.place, Quote):
        cite_quote(ask, body.place)
    else:
        ask.evidence.cite_passage(body.place, body.place.text)


def _shown(body: Body) -> str:
    return f"{body.name}（{body.fact}）" if body.fact and len(body.fact) <= 20 else body.name


def _told_separate(ask: Ask, text: str) -> Answer | None:
    """The same of a body that one line under the bodies' heading tells: …不单列预算，并入本部."""
    wanted = content_pairs(content_of(re.sub(data.word("asks_separate"), " ", text)))
    for paragraph in ask.report.paragraphs:
        line = squeeze(paragraph.text)
        told_so = re.search(data.word("asks_separate"), line)
        if told_so is None or not wanted or not _about_bodies(paragraph):
            continue
        if len(wanted & pairs(key(line))) < _TOLD_OF * len(wanted):
            continue
        apart = not re.search(data.word("not_separate"), line)
        yes = apart == (not re.search(data.word("not_separate"), text))
        quote = Quote(paragraph, 0, len(paragraph.text))
        cite_quote(ask, quote)
        said = say("quote", quote=quote.text.strip())
        return ask.evidence.decided(yes, said)
    return None


_TOLD_OF = 0.7  # share of the words on a body that the line on it must hold


def separate(ask: Ask) -> Answer | None:
    """财政所的预算是单独列示的吗: what the report says beside the body that the question names."""
    text = squeeze(ask.reading.original)
    if not re.search(data.word("asks_separate"), text):
        return None
    wanted = content_pairs(ask.reading.content)
    best: tuple[float, Body] | None = None
    for body in bodies(ask):
        if not body.fact or body.own:
            continue
        short = key(body.name)[-6:]
        share = len(pairs(short) & wanted) / max(len(wanted), 1)
        if any(key(body.name).endswith(s) for s in key(text).split("的")[:1]):
            share = 1.0
        if share > 0 and (best is None or share > best[0]):
            best = (share, body)
    if best is None:
        return _told_separate(ask, text)
    body = best[1]
    apart = not re.search(data.word("not_separate"), body.fact)
    asked_apart = not re.search(data.word("not_separate"), text)
    cite(ask, body)
    quote = f"{body.name}：{body.fact}"
    ask.evidence.quote(quote)
    yes = apart == asked_apart
    return ask.evidence.decided(yes, say("quote", quote=quote))
