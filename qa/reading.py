"""A question as words: normalised, colloquial names replaced, intent, measure, unit, scope, years.

Nothing here knows a report. The words of the question that could name something of a report are
left in `Reading.content`; the scaffolding around them (我想问一下, 一共是多少) is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from index.text import fold
from qa import data

_TOTALS = {"本年收入合计", "本年支出合计", "收入合计", "支出合计"}
LONGEST = 2000  # characters of a question; longer ones are refused with a remedy

_CHINESE_AMOUNT = re.compile(
    r"([一二三四五六七八九十百千]{1,6})(万(?=元|以上))"
    r"|(?<![第其个])([一二三四五六七八九十百千]{2,6})(?=台|人次|批次|家|套|辆|公里|万人|万户|亿)"
)
_SPACE = re.compile(r"[\s\u200b]+")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年|-|\)|）)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)年(?!底|末|来|\d*月|一遇|以[上下内]|期|限|龄|左右|之久)")
_NUMERIC = re.compile(data.word("numeric"))
_CODE = re.compile(
    r"(?<![\dA-Za-z.])(?<!\d,)(?<![国省县乡]道)(\d{3}|\d{5}|\d{7})"
    r"(?![\d.A-Za-z]|,\d|年(?!初|末)|多?万|多?亿|多?元|个|分|%|次|条|台|辆|项(?!目)|人|毫|秒|家|余"
    r"|[张床吨米亩户所座名位处起件份期场线页栋套天岁艘架册株头]|公里|公斤|平方|小时)"
)
_OUT = re.compile(data.word("unit_wanted"))
_SPENDING = re.compile(data.word("whole_spending"))
_INCOME = re.compile(data.word("whole_income"))
_PUNCTUATION = re.compile(r"[^\w%]+")
_QUOTES = re.compile(r"[\"'“”‘’「」『』《》〈〉]")
_BRACKETS = re.compile(r"\(([\u4e00-\u9fff])\)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words of a question say.

    text      normalised, colloquial names replaced by the report's
    original  normalised only
    ops       intents whose wording is found, most specific first (`lookup` always last)
    measure   key of the measure asked for, "" when none is named
    units     units that the answer's figure may have, () when none is named
    unit_out  unit that the answer is wanted in (元 / 万元 / 亿元), "" when none is named
    content   what is left of the question: the names, in segments split by spaces
    full      like content, with the words that name the measure left in
    rest      the question without the words that name the measure
    counter   the counter asked for (多少人次, 几辆), "" when none is named
    negated   whether the question asks for what is not so (没有给…的, 不是…的)
    """

    text: str
    original: str
    ops: tuple[str, ...]
    measure: str
    units: tuple[str, ...]
    unit_out: str
    scope: str
    years: tuple[int, ...]
    codes: tuple[str, ...]
    content: str
    rest: str
    full: str = ""
    counter: str = ""
    negated: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the question asks for a number and not for words."""
        return bool(self.measure) or bool(_NUMERIC.search(self.original))

    @property
    def op(self) -> str:
        return self.ops[0]

    def has(self, *ops: str) -> bool:
        return any(op in self.ops for op in ops)


@lru_cache(maxsize=1)
def _converter() -> object:
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=512)
def normalise(question: str) -> str:
    """Half-width, simplified, without white space, the written words for colloquial ones."""
    text = str(_converter().convert(_SPACE.sub("", fold(question))))  # type: ignore[attr-defined]
    text = re.sub(r"(合计|总计|小计)数(?![额量目据])", r"\1", text)
    text = _place_named(text)
    for word in data.lexicon().plain:
        text = data.compiled(word.say).sub(word.mean, text)
    return _CHINESE_AMOUNT.sub(_in_digits, text)


def _place_named(text: str) -> str:
    """我是青石县的养殖户，…我们县: the place that the asker comes from, where they point to it."""
    match = re.search(data.word("asker_from"), text)
    if match is None:
        return text
    ours = f"(我们|咱们?|俺们?|本)(这个?)?{match['kind']}"
    rest, count = re.subn(ours, match["place"], text[match.end() :])
    return rest if count else text


def _in_digits(match: re.Match[str]) -> str:
    number = numeral(match[1] or match[3])
    return match.group() if number is None else f"{number}{match[2] or ''}"


def numeral(word: str) -> int | None:
    """The whole number that digits or Chinese numerals write, None for no number. 百 is 一百."""
    if word.isdigit():
        return int(word)
    word = re.sub("^(?=[百千])", "一", word.replace("两", "二"))
    try:
        import cn2an  # 0.3 s, and few questions spell a number

        return int(cn2an.cn2an(word, "smart"))
    except ValueError:  # 千百
        return None


def places_asked(text: str) -> int | None:
    """How many decimal places a question wants: 保留两位小数 is 2, 取整 0; None for no wish."""
    match = re.search(data.word("places_asked"), text)
    if match is None:
        return None
    if match["sample"]:  # 精确到0.01
        return len(match["sample"]) - 2
    number = numeral(match["number"]) if match["number"] else 0
    return number if number is not None and number <= _PLACES else None


_PLACES = 8


def how_many(text: str) -> tuple[int, int]:
    """(how many from the top, which single place): 前三 is (3, 0), 第二 is (0, 2)."""
    many = re.search(r"前([一二两三四五六七八九十]|\d+)", text) or re.search(
        data.word("top_many"), text
    )
    if many:
        return next(numeral(g) or 0 for g in many.groups() if g), 0
    many = re.search(data.word("which_many"), text)
    if many:
        return numeral(many[1] or many[2]) or 0, 0
    single = re.search(data.word("nth_place"), text)
    if single:
        return 0, numeral(single[1]) or 0
    return 0, 0


def replace_synonyms(text: str) -> str:
    """Colloquial wordings replaced by the report's names, as `lexicon.yaml` says."""
    for synonym in data.lexicon().synonyms:
        if synonym.unless and data.compiled(synonym.unless).search(text):
            continue
        if synonym.mean in text:
            continue
        for pattern in synonym.say:
            if match := data.compiled(pattern).search(text):
                text = _put(synonym.mean, text, match)
                break
    return text


def _put(name: str, text: str, match: re.Match[str]) -> str:
    """`name` in place of the match; what stands beside it of the name is not said twice."""
    before, behind = text[: match.start()], text[match.end() :]
    for size in range(len(name) - 1, 0, -1):
        if before.endswith(name[:size]):
            before = before[:-size]
            break
    for size in range(len(name) - 1, 1, -1):
        if behind.startswith(name[-size:]):
            behind = behind[size:]
            break
    return f"{before}{name}{behind}"


@lru_cache(maxsize=512)
def read_question(question: str) -> Reading:
    """The words of a question. Pure; a few milliseconds at most."""
    original = normalise(question)
    text = replace_synonyms(original)
    ops = tuple(
        dict.fromkeys(
            [
                i.op
                for i in data.intents()
                if data.first_match(i.patterns, text) or data.first_match(i.patterns, original)
            ]
            + ["lookup"]
        )
    )
    untabled = data.compiled(data.lexicon().tables).sub(" ", text)
    measure, rest = _measure(untabled)
    units: tuple[str, ...] = ()
    for entry in data.lexicon().units:
        if data.compiled(entry.pattern).search(original):
            units = entry.units
            break
    out = _OUT.search(original)
    unit_out = next((g for g in out.groups() if g), "") if out else ""
    scope = next(
        (s.scope for s in data.lexicon().scopes if data.compiled(s.pattern).search(text)), ""
    )
    years = [int(y) for y in _YEAR.findall(original)]
    years += [2000 + int(y) for y in _SHORT_YEAR.findall(original)]
    return Reading(
        text=text,
        original=original,
        ops=ops,
        measure=measure,
        units=units,
        unit_out={"亿": "亿元"}.get(unit_out, unit_out),
        scope=scope,
        years=tuple(dict.fromkeys(years)),
        codes=() if _names_inside(text, rest, ops) else tuple(_CODE.findall(text)),
        content=content_of(rest),
        rest=rest,
        full=content_of(untabled),
        counter=_counter(text),
        negated=bool(data.compiled(data.lexicon().negations).search(original))
        and not {"yes_no", "reason"} & set(ops),
    )


def _measure(text: str) -> tuple[str, str]:
    """The measure a question names, and the question without the words that name it."""
    for entry in data.lexicon().measures:
        match = data.first_match(entry.patterns, text)
        if not match:
            continue
        word = match.group()
        if entry.key == "goal" and re.search(data.word("indicators_listed"), text):
            continue  # 绩效目标表里，数量指标都有哪些; 哪些指标没达到年度目标
        if _NUMERIC.search(text) and (
            entry.key == "goal"
            or (entry.key == "target" and text[: match.start()].endswith("绩效"))
        ):
            continue  # 编报绩效目标的项目涉及多少资金 asks for a number
        # 一般公共预算 and 政府性基金预算 name a scope, not a budget figure.
        if entry.key == "budget" and re.search(
            data.word("scope_before_budget"), text[: match.start()]
        ):
            others = [m for m in re.finditer(data.word("plain_budget"), text)]
            if not others or "面向" in text:
                continue
            match, word = others[0], "预算"
        return entry.key, text[: match.start()] + " " + text[match.start() + len(word) :]
    return "", text


def _names_inside(text: str, rest: str, ops: Iterable[str]) -> bool:
    """Whether a code says only where the account named stands: 220类里的事业运行."""
    inside = re.search(r"(?<!\d)(\d{3}|\d{5})[类款](里|中|下)", text)
    if inside is None or {"rank", "list", "count"} & set(ops):
        return False
    return bool(content_of(rest))


def _counter(text: str) -> str:
    match = data.compiled(data.lexicon().counters).search(text)
    return match["counter"] if match else ""


def content_of(text: str) -> str:
    """`text` without question scaffolding and punctuation, in segments split by single spaces."""
    text = _QUOTES.sub("", re.sub('(?<=[中里])[“"]', " ", text))
    whole = text
    for pattern in data.lexicon().stops:
        text = data.compiled(pattern).sub(" ", text)
    text = _CODE.sub(" ", text)
    pieces = [_trim(p) for p in _PUNCTUATION.sub(" ", _BRACKETS.sub(r"\1", text)).split()]
    pieces = [p for p in pieces if len(p) > 1 and not (p.isdigit())]
    pieces = [
        re.sub(data.word("redundant_total"), "", p) if p not in _TOTALS else p for p in pieces
    ]
    joined = "".join(pieces)
    if not joined and (total := re.search("合计|总计", whole)):
        return total.group()
    for name, whole_of in (("本年支出合计", _SPENDING), ("本年收入合计", _INCOME)):
        if whole_of.fullmatch(joined):
            return name
    return " ".join(pieces)


def _trim(piece: str) -> str:
    """A segment without the particles at its ends, two at most a side."""
    words = data.lexicon()
    for _ in range(2):
        if piece[:1] in words.lead and len(piece) > 2:
            piece = piece[1:]
        if piece[-1:] in words.tail and len(piece) > 2 and not piece.endswith("涉及"):
            piece = piece[:-1]
    return piece
