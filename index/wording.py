"""Words around a number of the prose: what they say it measures, of what, against what.

Knowledge of wordings is in `data/claims.yaml`; here are the rules that cannot be one expression.
All text is folded (`text.fold`). Nothing here looks at more than one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from index import data
from index.text import numbers_in

_UNIT = re.compile(
    r"\s*(?P<about>余|多)?(?P<unit>亿元|万元|千元|元|[万亿](?:个|条|次|人次|人|台|户|家|件|项|份|辆|平方米|平方公里|立方米|株|吨|亩|只|册|公里)"
    r"|[万亿](?![\u4e00-\u9fff])|个百分点|%+|‰|人次|批次|批|人(?!民|员|大|口|均|才)|名(?!称|单|义|额|录|誉|词)|辆|台\(套\)|台/套|台|套"
    r"|(?:家|个|项|条|次|件|处|户|场|期|份|座|起(?!来|点|草|始|诉)|张(?!表)|平方公里|公里|平方米|公顷|立方米|亩|吨|株|棵|盏|艘|例(?!如|行|外)|间(?!接|隔|距|断)|课时|学时|小时|天|分钟|团组|栋|幢|册"
    r"|分(?!别|钟|类|局|管|析))(?:团组)?)"
)
MONEY = {"元": "元", "千元": "千元", "万元": "万元", "亿元": "亿元", "万": "万元", "亿": "亿元"}
_SKIP_AFTER = re.compile(r"^\s*(年|月|日|号|时许|级(?!以)|GB?|G\b|[A-Za-z]|、?\d|\.\d)")
_THRESHOLD = re.compile(r"^(\(含\))?(以上|以下|\(含\)以上|及以上|及以下|以内)")
_LISTED = re.compile(r"\s*(?:[、,，]|与|和|及)\s*")

_LEAD = re.compile(
    r"^(其中|截至|今年|本年度(?!收入|支出|财政)|本年(?!度?收入|度?支出|度)|全年(?!预算)|当年|"
    r"20\d\d年度?(?:12月31日|底|末)?|本(?:部门|单位|局)(?!级)|我(?:单位|局|部门)|[:：,，。、;；(]|的|共计|"
    r"具体(?:情况)?(?:如下)?[:：]?|\d{1,2}[、.](?!\d)|\(?[一二三四五六七八九]\)|[一二三四五六七八九]是|[一二三四五六七八九]、|"
    r"含|即|包括|分别|以及|和|及|用于(?=.{2})|由(?=.{2})|共有|实有(?!人数)|实际(?=.{2})|总体(?=.{2})|"
    r"(?:开支|列支|发生)(?=[\u4e00-\u9fff]{2,8}费)|按[^,，]{2,6}(?:划分|分类|看)|从[^,，]{2,6}看|变动的|相应(?:的)?)+"
)
_TAIL = re.compile(
    r"(为|是|共|达|达到|有|约|合计为|总额为|金额为|共计|累计|各|按?同口径|(?<!平)均|分别|各是|超|仅|近|完成|实际|:|：|\()+$"
)
_PATH = re.compile(
    r"(?P<class>[^()。，,“”]+?)\(类\)(?:支出)?(?:(?P<group>[^()，,]*?(?:\([^()]{1,3}\)[^()，,]*?)*)"
    r"\(款\))?(?:(?P<item>.+?)\(项\))?"
)
_LOWER_PATH = re.compile(
    r"^(?P<group>[^()。，,“”]{2,24})\(款\)(?P<item>[^()。，,]{2,30}?(?:\([^()]{1,4}\)[^()，,]*?)?)\(项\)"
)
_BASE = re.compile(
    r"(?:与|和|同|比|较)(?:上一?年度?|20\d\d年度?|去年|年初预算|全年预算|调整后?预算|预算|年初)"
    r"(?:年初预算|决算|预算)?(?:执行)?数?|同比"
)
_BODY = (
    r"局|委员会|委|办公室|办|厅|中心|部门|馆|院|所|站|队|处|会|镇|乡|街道|政府|单位|本级|"
    r"学校|中学|小学|园|大学|\)"
)
_OF_BODY = "政府采购|机关运行经费|“?三公”?经费|财政拨款“?三公”?经费"
_YEARS_BUDGET = re.compile(r"(20\d\d)年度?(?:年初|全年|调整后?)?预算(?:数|安排)?(?:为|是|:)?$")
_DOWN = {"减少", "下降", "降低", "降幅", "下降率", "少", "减", "降", "低于", "小于", "少于"}
BUDGETS = {"budget_initial": "年初预算", "budget_adjusted": "全年预算", "budget": "预算"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a sentence with its unit; `end` is behind the unit, `digits` behind the digits.

    `group` numbers the amounts that are listed under one unit and one clause: `A与B万元`.
    """

    start: int
    digits: int
    end: int
    value: Decimal
    unit: str
    group: int

    @property
    def kind(self) -> str:
        if self.unit in MONEY:
            return "money"
        return "percent" if self.unit in {"%", "‰", "个百分点"} else "count"


@dataclass(frozen=True, slots=True)
class Said:
    """What the clause before a number says: measure key, noun ("" for none), base, sign."""

    measure: str
    noun: str
    base: str = ""
    falls: bool = False


_BARE_CHANGE = re.compile(r"[值数率比度量](?:平均)?(?:下降|降低|上升|提高|减少|增加)了?$")
_CLAUSE_END = re.compile(r"[,，。；;、]|$")


def amounts(folded: str) -> list[Amount]:
    """The numbers of a sentence that carry a unit, dates, ordinals and thresholds left out."""
    found = numbers_in(folded)
    units: list[tuple[str, int] | None] = [_unit_after(folded, e) for _, e, _ in found]
    joined = [bool(_LISTED.fullmatch(folded[a[1] : b[0]])) for a, b in pairwise(found)]
    for i in range(len(found) - 2, -1, -1):  # `4125.49与4143.91万元`
        later = units[i + 1]
        if units[i] is None and joined[i] and later is not None:
            units[i] = (later[0], 0)
    result: list[Amount] = []
    previous = -2
    group = -1
    for i, (s, e, value) in enumerate(found):
        unit = units[i]
        if unit is None and _BARE_CHANGE.search(folded[:s]) and _CLAUSE_END.match(folded[e:]):
            unit = ("", 0)  # 平均PUE值下降0.02，
        if unit is None or _is_name(folded, s, e):
            continue
        behind = folded[e + unit[1] :]
        if _THRESHOLD.match(behind) and (unit[0] in MONEY or unit[0] in {"分", "%"}):
            continue
        last = result[-1] if result else None
        listed = last is not None and bool(_LISTED.fullmatch(folded[last.end : s]))
        if not (listed and previous == i - 1 and last and last.unit == unit[0]):
            group += 1
        result.append(Amount(s, e, e + unit[1], value, unit[0], group))
        previous = i
    return result


def _unit_after(folded: str, end: int) -> tuple[str, int] | None:
    match = _UNIT.match(folded[end:])
    if not match:
        return None
    unit = "%" if match["unit"].startswith("%") else match["unit"]
    return unit, match.end()


def _is_name(folded: str, start: int, end: int) -> bool:
    """Digits that belong to a name, a date or an ordinal and not to an amount."""
    before, after = folded[:start], folded[end:]
    if re.search(r"第$", before) or _SKIP_AFTER.match(after):
        return not _LISTED.match(after)
    return bool(re.search(r"[A-Za-z]$", before))


def clause_before(folded: str, boundary: int, start: int) -> str:
    """The words in front of a number, back to the last number or full stop."""
    text = folded[boundary:start]
    cut = max(text.rfind(mark) for mark in "。;")
    text = text[cut + 1 :] if cut >= 0 else text
    opening = text.rfind("(")
    if opening >= 0 and ")" not in text[opening:]:
        text = text[opening + 1 :]
    elif (closing := text.find(")")) >= 0 and "(" not in text[:closing]:
        text = text[closing + 1 :]  # the bracket that held the last number
    return text.strip("，,、:： ")


def in_brackets(folded: str, start: int) -> bool:
    """Whether the number stands in brackets: an aside, which leaves the subject as it was."""
    before = folded[:start]
    return before.count("(") > before.count(")")


def counted_behind(text: str) -> str:
    """The counted thing where it stands behind the number: 内设|6个|职能处室."""
    match = re.match(r"(?!已|均|未|全部|以上|左右|中[，,])[\u4e00-\u9fffA-Za-z“”]{2,16}", text)
    return match.group() if match else ""


def said(clause: str, kind: str, year: int | None) -> Said | None:
    """What the clause says by one of the rules of `data/claims.yaml`; None where none fits."""
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
            direction = groups.get("direction") or ""
            if direction in {"增", "减", "降", "多", "少"} and kind == "count":
                continue  # 减 and 少 end words of their own before a count
            noun = noun_of(groups.get("noun2") or "") or noun_of(groups.get("noun") or "")
            base = (groups.get("base") or groups.get("base2") or "").strip("，,、")
            measure = rule.measure
            if measure == "change":
                if not base and len(pieces) > 1 and (named := _BASE.search(pieces[-2])):
                    base = named.group()
                    noun = noun or noun_of(pieces[-2][: named.start()])
                base = base_of(base, year)
                measure = "change_rate" if kind == "percent" else "change"
            elif measure in {"difference", "prior"}:
                base = base_of(base, year)
            elif measure == "completion":
                base = {"完成率": ""}.get(base, base)
            elif measure in BUDGETS:
                base = ""
            return Said(measure, noun, base, direction in _DOWN)
    return None


def last_base(before: str, year: int | None) -> str:
    """The base of comparison that was named last in front of a number."""
    found = _BASE.findall(before)
    return base_of(str(found[-1]), year) if found else ""


def last_budget(before: str) -> str:
    found = re.findall(r"年初预算|全年预算|调整后?预算", before)
    return str(found[-1]) if found else ""


def budget_name(measure: str) -> str:
    """The base that a budget's measure is called by: 年初预算, 全年预算, 预算."""
    return BUDGETS.get(measure, "")


def base_of(text: str, year: int | None) -> str:
    """The base of a comparison in standard words: 上年, 2019年度, 年初预算, 上年预算, 预算 ..."""
    if not text:
        return ""
    if "预算执行" in text:
        return "上年执行"
    budget = "预算" in text
    if match := re.search(r"20\d\d", text):
        named = int(match.group())
        if budget:
            return "预算" if named == year else "上年预算"
        return f"{named}年度"
    if "上" in text or "去年" in text or "同比" in text:
        return "上年预算" if budget else "上年"
    for word in ("年初预算", "全年预算"):
        if word in text:
            return word
    if "调整" in text:
        return "全年预算"
    return "预算" if budget else "年初"


def whole_of(clause: str) -> str:
    """收入总计 or 支出总计 where a budget report speaks of 收入预算 or 支出预算 alone; else ""."""
    match = re.search(
        r"(?:^|[，,局委会办厅心门室院所队站馆处部校学园镇乡道府位年度])(收入|支出)预算(?:数|安排)?(?:为|是)?$",
        clause,
    )
    return match[1] + "总计" if match else ""


@lru_cache(maxsize=4096)
def noun_of(text: str) -> str:
    """The name of what is measured, without time, connectives and verbs around it; "" for none."""
    noun = re.sub(r"^\(?\d{1,2}\)(?=[\u4e00-\u9fff\d])", "", text.strip())  # (2)公务用车运行费
    noun = re.sub(r"^(?:\d{3}|\d{5}|\d{7})(?=[\u4e00-\u9fff]{2})", "", noun)  # 2070205博物馆
    noun = re.sub(r"^.*(?:总计|合计|总额)由(?=.{2})", "", noun)
    for _ in range(4):
        shorter = _TAIL.sub("", _LEAD.sub("", noun)).strip("，,、:：。 ")
        if shorter == noun:
            break
        noun = shorter
    noun = re.sub(
        r"(?<=[费出入款)])20\d\d年度?$", "", noun
    )  # 公务接待费2024年决算数, X(项)2025年预算
    noun = re.sub(rf"^(?:.{{2,24}}?(?:{_BODY}))?20\d\d年度?", "", noun)
    noun = re.sub(r"^.*(?:共有|实有(?!人数))(?=.{2})", "", noun)
    noun = re.sub(rf"^[^()]{{3,30}}?(?:{_BODY})(?=(?:收入|支出)(?:支出)?(?:总计|合计)?$)", "", noun)
    noun = re.sub(rf"^[^()]{{3,30}}?(?:{_BODY})(?={_OF_BODY})", "", noun)  # 某某局政府采购预算
    noun = re.sub(r"(?<=.)决算数?$", "", noun)
    noun = re.sub(r"^(?:比|较|与|和|同).*$", "", noun)
    if noun in data.claims().generic or not re.search(r"[\u4e00-\u9fff]{2}", noun):
        return ""
    return noun


def is_topical(noun: str) -> bool:
    """Whether the noun means the subject of its paragraph: 本年支出 under a 类款项 heading."""
    return noun in data.claims().topical


def names_in(noun: str) -> list[str]:
    """The names of a list: `收入总计和支出总计`, `收、支总计` (the tail is shared)."""
    parts = [p for p in re.split(r"[、和与及]", noun) if p]
    if len(parts) < 2:
        return [noun] if noun else []
    tail = re.sub(r"^[收支]", "", parts[-1])
    if all(p in {"收", "支", "收入", "支出"} for p in parts[:-1]) and tail != parts[-1]:
        tail = re.sub(r"^[入出]", "", tail)
        return [{"收": "收入", "支": "支出"}[p[0]] + tail for p in parts]
    return parts if all(len(p) >= 2 for p in parts) else [noun]


def item_path(folded: str) -> tuple[str, ...]:
    """`A支出（类）B（款）C（项）` as a label path; empty where the words are not such a path."""
    named = re.match(r'^(?:\d{1,2}[.、])?[“"]([^“”"]+-[^“”"]+)[”"]科目', folded)
    if named:  # “一般公共服务支出-政府办公厅(室)及相关机构事务-行政运行”科目
        return tuple(part for part in named[1].split("-") if part)
    bare = re.sub(r"^\d{1,2}[.、]", "", folded)
    match = _PATH.search(bare.strip('“”"'))
    if not match:
        lower = _LOWER_PATH.match(bare)
        return (lower["group"], lower["item"]) if lower else ()  # the 类 stands in the heading
    name = match["class"].strip()
    if "(类)支出" in match.group() and not name.endswith("支出"):
        name += "支出"
    return (name, *(p.strip() for p in (match["group"], match["item"]) if p))


def reason_spans(folded: str) -> Iterator[tuple[int, int]]:
    """Stretches of a full sentence that give reasons; an enumeration goes on behind `；`."""
    start = None
    for match in re.finditer(rf"(?P<why>{data.claims().reasons})|(?P<stop>[。;；])", folded):
        if match["why"]:
            start = match.start() if start is None else start
        elif start is not None:
            rest = folded[match.end() :]
            goes_on = match["stop"] != "。" and re.match(
                r"^(?:[一二三四五六七八九]是|其[次二三]|另|同时|\(?[1-9][).、]|此外)", rest
            )
            if not goes_on:
                yield start, match.end()
                start = None
    if start is not None:
        yield start, len(folded)


def is_account(noun: str) -> bool:
    """Whether a noun ends like the name of an account or of a sum."""
    return bool(re.search(r"(费|支出|收入|经费|总计|合计|结余|资金|金额|总额|项目)$", noun))


def other_years_budget(clause: str, year: int | None) -> int | None:
    """The year of a budget that a report of `year` compares with: 比2024年年初预算数41.76万元."""
    found = _YEARS_BUDGET.search(clause)
    named = int(found[1]) if found else None
    return named if year is not None and named != year else None


def prior_year(base: str, year: int | None) -> int | None:
    """The year that 上年 or 2023年度 means in a report of `year`."""
    if match := re.search(r"20\d\d", base):
        return int(match.group())
    return year - 1 if year else None
