"""Numbers of the prose to figures: what is measured, against what base, in which sentence.

The words in front of a number say its measure (年初预算为, 完成年初预算的, 占, 比上年增加); what is
measured stands there too or is carried over from before. 5.2% is never 5.2个百分点: the unit is
read as printed. Decreases are kept as printed, with the sign in the value.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index import data
from index.figures import strip_number
from index.text import fold, numbers_in, squeeze
from index.values import Figure, Page, Paragraph

_UNIT = re.compile(
    r"\s*(?P<about>余|多|以上)?(?P<unit>亿元|万元|千元|元|万(?!人|个|次|条|台|平)|个百分点|%|‰|万?人次|批次|"
    r"批|人(?!民|员|大)|辆|台\(套\)|台/套|台|套|(?:家|个|项|条|次|件|处|户|场|期|份|座|公里|平方米|亩|吨|小时|"
    r"天|分(?!别|钟|类|局)|分钟|团组|[万亿](?:个|条|次|人|台))(?:团组)?)"
)
_MONEY = {"元": "元", "千元": "千元", "万元": "万元", "亿元": "亿元", "万": "万元"}
_SKIP_AFTER = re.compile(r"^\s*(年|月|日|号|时许|级(?!以)|GB?|G\b|[A-Za-z]|、?\d|\.\d)")
_THRESHOLD = re.compile(r"^(\(含\))?(以上|以下|\(含\)以上|及以上)")
_TRIM = re.compile(
    r"^(其中|截至|今年|本年度(?!收入|支出|财政)|本年(?!度?收入|度?支出|度)|全年(?!预算)|当年|20\d\d年度?(?:12月31日|底|末)?|本(?:部门|单位|局)|我(?:单位|局|部门)|[:：,，。、;；]|的|共计|"
    r"具体(?:情况)?(?:如下)?[:：]?|\d{1,2}[、.])+"
)
_TAIL = re.compile(r"(为|是|共|达|达到|有|约|合计为|总额为|金额为|共计|累计|各|:|：|\()+$")
_PATH = re.compile(
    r"(?P<class>[^()。，,“”]+?)\(类\)(?:支出)?(?:(?P<group>[^()，,]*?(?:\([^()]{1,3}\)[^()，,]*?)*)\(款\))?(?:(?P<item>.+?)\(项\))?"
)
_PROJECT = re.compile(
    r"^(?:\d+[.、]|\(\d+\))?[“\"]?(?P<name>[^，。：:]{3,40}?)[”\"]?(?:项目)?(?:支出)?绩效(?:自评|评价)?(?:自评)?(?:综述|情况|结果)"
)


@dataclass
class _Context:
    """What the sentence so far is about."""

    subject: str = ""
    item: tuple[str, ...] = ()
    base: str = ""
    project: str = ""


def read_claims(
    paragraphs: Sequence[Paragraph], year: int | None, pages: Sequence[Page]
) -> tuple[Figure, ...]:
    """Every number of the prose that carries a unit, as a figure with its sentence."""
    labels = {page.number: page.label for page in pages}
    figures: list[Figure] = []
    context = _Context()
    section: tuple[str, ...] = ()
    for number, paragraph in enumerate(paragraphs):
        if paragraph.heading:
            continue
        if paragraph.section != section:
            context, section = _Context(), paragraph.section
        figures.extend(_read_paragraph(paragraph, number, year, labels, context))
    return tuple(figures)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence; a decimal point ends none."""
    start = 0
    for match in re.finditer(r"[。！？]|；", text):
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _read_paragraph(
    paragraph: Paragraph,
    number: int,
    year: int | None,
    labels: dict[int, str | None],
    context: _Context,
) -> Iterator[Figure]:
    text = paragraph.text
    folded = fold(text)
    lead = _PROJECT.match(folded)
    context.project = strip_number(text[lead.start("name") : lead.end("name")]) if lead else ""
    if context.project:
        context.subject, context.item = context.project, (context.project,)
    scope = data.layout().default_scope
    for name in paragraph.section:
        scope = data.scope_of(squeeze(name), scope)
    for start, end in sentences(text):
        yield from _read_sentence(
            paragraph, number, (start, end), folded[start:end], year, labels, context, scope
        )


def _read_sentence(
    paragraph: Paragraph,
    number: int,
    span: tuple[int, int],
    folded: str,
    year: int | None,
    labels: dict[int, str | None],
    context: _Context,
    scope: str,
) -> Iterator[Figure]:
    start, end = span
    found = list(numbers_in(folded))
    path = _item_path(folded)
    if path and not any(_unit_after(folded, e) for _, e, _ in found):
        context.subject, context.item = path[-1], path
        return
    context.base = ""
    boundary = 0
    for s, e, value in found:
        unit = _unit_after(folded, e)
        if unit is None or _is_name(folded, s, e):
            continue
        if _THRESHOLD.match(folded[e + unit[1] :]) and unit[0] in _MONEY:
            continue
        clause = _clause(folded, boundary, s)
        boundary = e + unit[1]
        aside = replace(context) if _in_brackets(folded, s) else None
        made = _make(
            clause, folded[:s], unit[0], value, aside or context, _behind(folded[boundary:])
        )
        if made is None:
            continue
        measure, base, subject, item, amount = made
        page, box = paragraph.place(start + s, start + boundary)
        key = f"p{number}:{start + s}"
        yield Figure(
            id="f" + hashlib.sha1(key.encode()).hexdigest()[:10],
            item=item,
            code="",
            column=(data.measure_label(measure) or measure,),
            measure=measure,
            base=base,
            year=_year_of(clause, measure, year),
            scope=data.scope_of(squeeze(subject), scope),
            value=amount,
            unit=_MONEY.get(unit[0], unit[0]),
            printed=paragraph.text[start + s : start + e],
            state="value",
            page=page,
            page_label=labels.get(page),
            box=box,
            table="",
            table_id=f"p{number}",
            row=start,
            sentence=paragraph.text[start:end],
            project=context.project,
            subject=subject,
        )


def _unit_after(folded: str, end: int) -> tuple[str, int] | None:
    """The unit behind a number and how many characters it takes; None where there is none."""
    match = _UNIT.match(folded[end:])
    return (match["unit"], match.end()) if match else None


def _is_name(folded: str, start: int, end: int) -> bool:
    """Digits that belong to a name, a date or an ordinal and not to an amount."""
    before, after = folded[:start], folded[end:]
    if re.search(r"第$", before) or _SKIP_AFTER.match(after):
        return True
    return bool(re.search(r"[A-Za-z]$", before))


def _clause(folded: str, boundary: int, start: int) -> str:
    """The words in front of a number, back to the last number or full stop."""
    text = folded[boundary:start]
    cut = max(text.rfind(mark) for mark in "。;")
    text = text[cut + 1 :] if cut >= 0 else text
    opening = text.rfind("(")
    if opening >= 0 and ")" not in text[opening:]:
        text = text[opening + 1 :]
    text = re.sub(r"^(\))+", "", text)
    return text.strip("，,、:： ")


def _in_brackets(folded: str, start: int) -> bool:
    """Whether the number stands in brackets: an aside, which leaves the subject as it was."""
    before = folded[:start]
    return before.count("(") > before.count(")")


def _behind(text: str) -> str:
    """The counted thing where it stands behind the number: 内设|6个|职能处室."""
    match = re.match(r"[\u4e00-\u9fffA-Za-z“”]{2,16}", text)
    return match.group() if match else ""


def _kind(unit: str) -> str:
    if unit in _MONEY:
        return "money"
    return "percent" if unit in {"%", "‰", "个百分点"} else "count"


def _make(
    clause: str, before: str, unit: str, value: Decimal, context: _Context, behind: str
) -> tuple[str, str, str, tuple[str, ...], Decimal] | None:
    kind = _kind(unit)
    pieces = [p for p in re.split(r"[，,:：]", clause) if p]
    last = pieces[-1] if pieces else ""
    for candidate in dict.fromkeys((last, "，".join(pieces[-2:]))):
        for rule, pattern in data.claim_rules():
            if rule.unit not in {"any", kind}:
                continue
            match = pattern.match(candidate)
            if not match:
                continue
            groups = match.groupdict()
            measure = rule.measure
            noun = _noun(groups.get("noun2") or "") or _noun(groups.get("noun") or "")
            base = (groups.get("base") or "").strip("，,、")
            if measure == "change":
                if candidate == last and not base and len(pieces) > 1 and _BASE.search(clause):
                    base = _BASE.findall(clause)[-1]
                base = _base(base) or context.base or _base(_last_base(before))
                context.base = base
                measure = "change_rate" if kind == "percent" else "change"
                if groups.get("direction") in {"减少", "下降", "降低", "降幅", "少", "减"}:
                    value = -value
            elif measure in {"share", "completion"}:
                base = base or ""
            subject, item = _remember(noun, context, keep=measure in {"share"})
            return measure, base, subject, item, value
    noun = _noun(last) or _noun("".join(pieces[-2:-1]))
    measure = "final" if kind == "money" else ("share" if kind == "percent" else "count")
    if kind == "count":
        noun = _noun(last)
        if behind and (len(noun) <= 8 or not noun):
            noun += behind
        carried = context.subject
        if not noun:
            return measure, "", carried, context.item, value
        item = (*context.item[-1:], noun) if carried and carried != noun else (noun,)
        return measure, "", noun, item, value
    subject, item = _remember(noun, context)
    return measure, "", subject, item, value


_BASE = re.compile(
    r"(?:与|和|同|比|较)(?:上一?年度?|20\d\d年度?|去年|年初预算|全年预算|预算)(?:决算)?数?|同比"
)


def _last_base(before: str) -> str:
    found = _BASE.findall(before)
    return str(found[-1]) if found else ""


def _base(text: str) -> str:
    """The base of a comparison in standard words: 上年 / a year / 年初预算 / 预算."""
    if not text:
        return ""
    if match := re.search(r"20\d\d", text):
        return f"{match.group()}年度"
    if "年初预算" in text or text.endswith("年初预算数"):
        return "年初预算"
    if "上" in text or "去年" in text or "同比" in text:
        return "上年"
    return "预算"


def _noun(text: str) -> str:
    """The name of what is measured, without time, connectives and verbs around it."""
    noun = text.strip()
    for _ in range(4):
        shorter = _TAIL.sub("", _TRIM.sub("", noun)).strip("，,、:：。 ")
        if shorter == noun:
            break
        noun = shorter
    noun = re.sub(r"^(?:.{2,20}?(?:局|委员会|委|办公室|厅|中心|部门))?20\d\d年度?", "", noun)
    noun = re.sub(r"(?<=.)决算数?$", "", noun)
    return (
        noun
        if re.search(r"[\u4e00-\u9fff]{2}", noun) and noun not in {"支出", "收入", "万元"}
        else ""
    )


def _remember(noun: str, context: _Context, keep: bool = False) -> tuple[str, tuple[str, ...]]:
    if not noun:
        return context.subject, context.item
    path = _item_path(noun) or (re.sub(r"\([类款项]\)", "", noun),)
    if not keep:
        context.subject, context.item = path[-1], path
    return path[-1], path


def _item_path(folded: str) -> tuple[str, ...]:
    """`A支出（类）B（款）C（项）` as a label path; empty where the words are not such a path."""
    match = _PATH.search(re.sub(r"^\d{1,2}[.、]", "", folded).strip('“”"'))
    if not match:
        return ()
    name = match["class"].strip()
    if "(类)支出" in match.group() and not name.endswith("支出"):
        name += "支出"
    return (name, *(p.strip() for p in (match["group"], match["item"]) if p))


def _year_of(clause: str, measure: str, year: int | None) -> int | None:
    if measure in {"change", "change_rate"}:
        return year
    match = re.match(r"^(20\d\d)年", clause)
    return int(match[1]) if match else year
