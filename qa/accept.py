"""Whether a figure may answer a question: its kind of number must be the kind that was asked for.

The look-up finds the figure that fits best; here it is refused when it is the wrong kind: an amount
where a count was asked, the whole where a share was asked, an adjusted budget where the initial one
was. A wrong figure is worse than a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from difflib import SequenceMatcher

from index.values import Figure
from qa import data
from qa.ask import Ask, unexplained, weighty
from qa.names import MONEY, SUMS, core, key, pairs, same_family, topic
from qa.reading import Reading, content_of, numeral
from qa.units import compatible

_PERCENT = {"share", "rate", "completion", "change_rate"}
_CHANGES = {"change", "change_rate", "difference"}
_GENERIC = frozenset("家条套处座件类台所")  # counters for which 个 is printed as well
_PROJECT = 4  # characters that a project is named by at least
_UNKNOWN_PART = 2  # characters of a part's name that the figure does not hold
_ALIKE = data.word("alike_counters").split("|")  # one count, two counters: 12次, 12场
_QUOTED = re.compile('[“"]([^“”"]{1,4})[”"]')
_ALSO = {  # measure asked -> measures that answer it besides its family
    "actual": {"final", "executed", "count"},
    "final": {"actual", "count", "prior"},
    "executed": {"actual"},
    "share": {"rate", "completion"},
    "rate": {"share", "actual"},
    "completion": {"share", "actual"},
}


def acceptable(ask: Ask, figure: Figure) -> bool:
    """Whether the figure is the kind of number that the question asks for."""
    reading = ask.reading
    if figure.measure == "reason_amount" or reading.negated:
        return False
    if figure.project and re.fullmatch(data.word("no_project"), key(reading.content)):
        return False  # 专项资金 names none of the projects
    if re.search(data.word("compared_amounts"), ask.text) and figure.measure not in _CHANGES:
        return False  # 服务比货物多多少: no amount of the one
    counts = reading.op == "count" or re.search(data.word("counts_things"), reading.text)
    if counts and not reading.units and figure.unit in MONEY:
        return False  # 高于预算的有几类: no amount
    if figure.project and core(figure.subject) in SUMS:
        return figure.project[:_PROJECT] in reading.text  # 合计 of which project
    if re.search(data.word("asks_a_rate"), ask.text) and figure.unit not in {"%", "", "‰"}:
        return False  # 签约率达到多少: no number of minutes
    of_budget = re.search(data.word("of_the_budget"), ask.text)
    if of_budget and figure.measure == "share" and not ask.reading.has("share"):
        return False  # 完成年初预算的多少: no share of the expenditure
    names = f"{data.word('names_wanted')}|{data.word('asks_receivers')}"
    if not reading.numeric and re.search(names, ask.text):
        return False  # 6家机构叫什么, 分给了哪些村: how many, how much is known
    if _part_of_body_s_name(ask, figure):
        return False
    if "新增" in figure.subject and re.search(data.word("all_there_are"), ask.text):
        return False  # 全区一共会有多少家: what is added is not all
    if reading.counter and figure.unit == "%" and figure.value is not None:
        return False  # 出动了多少起: a rate is no count
    if reading.counter and figure.unit.endswith(f"/{reading.counter}"):
        return False  # 2860元/户 is no number of 户
    if figure.value is None and reading.counter and figure.measure in {"final", "budget"}:
        return False  # a blank amount is no count
    if (
        not of_kind_asked(ask.text, figure)
        or not _receiver_named(ask, figure)
        or _wider(ask, figure)
        or of_heading(ask, figure)
        or not _age_fits(ask.text, figure)
        or _of_unnamed_project(ask, figure)
        or not _part_named(ask, figure)
        or not _head_named(ask, figure)
        or not _share_of_part(ask, figure)
        or not ordinal_fits(reading, figure)
    ):
        return False
    fields = ask.catalogue.fields_of(figure)
    if not figure.project and any(_substituted(s, figure, fields) for s in reading.content.split()):
        return False
    if figure.measure == "count" and _asks_money(reading, figure):
        return False
    return (
        not _opposed(reading.content, figure)
        and _unit_fits(reading, figure)
        and _measure_fits(ask, figure)
        and all(fits(figure, reading) for op, fits in _BY_INTENT.items() if reading.has(op))
    )


def of_kind_asked(text: str, figure: Figure) -> bool:
    """服务合同授予中小企业 is no answer where the question names no kind of procurement."""
    if _of_all_kinds(text, figure):
        return False
    kind = re.match(f"(政府采购)?(?P<kind>{data.word('procurement_kind')})", figure.subject)
    asked = re.search(data.word("kind_of_contract"), text)
    if asked and "企业" in figure.subject and asked[1] not in figure.subject:
        return False  # and 服务类采购里给中小企业的 asks for a kind
    return not (kind and re.search("采购|合同", figure.subject)) or kind["kind"] in text


def _part_of_body_s_name(ask: Ask, figure: Figure) -> bool:
    """Whether the question names a body (少年儿童图书馆) whose name ends as the account's does."""
    name = core(figure.subject)
    if not figure.code.startswith("2") or not re.search(data.word("body_name_end"), name):
        return False
    fields = ask.catalogue.fields_of(figure)
    return any(
        len(weighty(unexplained(segment.split(name)[0], fields))) >= _UNKNOWN_PART
        for segment in ask.reading.content.split()
        if name in segment
    )


def _of_all_kinds(text: str, figure: Figure) -> bool:
    """Whether a figure is of procurement of every kind, where the question names one kind."""
    named = {"".join(g) for g in re.findall(data.word("one_kind"), text)}
    told = re.findall(data.word("procurement_kind"), "".join((*figure.item, figure.subject)))
    return len(named) == 1 and "采购" in figure.subject and named.isdisjoint(told)


def _of_unnamed_project(ask: Ask, figure: Figure) -> bool:
    """Whether the money is a row of a project's form (上年结转资金), and no project is named."""
    table = ask.catalogue.tables.get(figure.table_id)
    if table is None or table.kind != "form" or figure.unit not in MONEY:
        return False
    if figure.measure not in _STAGES | {"actual", "target"} or not figure.project:
        return False
    own = ask.catalogue.named(figure, ask.reading.content.split())
    if figure.measure in {"actual", "target"} and (own >= _OF_INDICATOR or ask.reading.has("per")):
        return False  # 单条短信费用 names itself
    names = pairs(core(figure.project)) - pairs(core(figure.subject))
    return not names & pairs(key(ask.text))


_OF_INDICATOR = 0.5  # share of an indicator's name that names it without its project
_STAGES = {"budget", "budget_initial", "budget_adjusted", "executed"}


def _age_fits(text: str, figure: Figure) -> bool:
    """Whether an amount told for an age (80至89周岁每人每月50元) is that of the age asked for."""
    told = re.search(data.word("age_told"), figure.subject)
    if told is None:
        return True
    asked = re.search(data.word("age_asked"), text)
    if asked is None or told.group() in text:
        return asked is not None
    age, low = numeral(asked["age"]), int(told["low"])
    return age is not None and low <= age <= int(told["high"] or _OLDEST)


_OLDEST = 999


def of_heading(ask: Ask, figure: Figure) -> bool:
    """Whether the question names the heading that the figure stands under, and not the figure.

    The budget of 文化和旅游 is not that of 群众文化 under it.
    """
    if figure.project or len(figure.item) < 2 or (figure.code and figure.code in ask.reading.codes):
        return False
    asked = key(ask.reading.content)
    above = [n for label in figure.item[:-1] if (n := core(label)) != core(figure.subject)]
    own = pairs(core(figure.subject)) - {p for name in above for p in pairs(name)}
    return (
        figure.measure in _AMOUNTS | {"completion"}
        and any(len(name) > 3 and name in asked for name in above)
        and bool(own)
        and not own & pairs(asked)
        # The heading's only account is the heading.
        and not (figure.measure == "completion" and _alone_under(ask, figure))
    )


def _alone_under(ask: Ask, figure: Figure) -> bool:
    """Whether no other completion is told under the figure's heading (类)."""
    heads = {f.item for f in ask.report.figures if f.measure == "completion" and not f.project}
    return len([i for i in heads if i[:1] == figure.item[:1]]) == 1


_AMOUNTS = {"budget", "budget_initial", "budget_adjusted", "final", "executed"}


def _wider(ask: Ask, figure: Figure) -> bool:
    """Whether a count is of more than is asked for: 离退休人员 where 退休人员 are asked for."""
    return figure.measure == "count" and any(
        narrow in ask.text and wide not in ask.text and wide in figure.subject
        for narrow, wide in data.lexicon().wider
    )


def _receiver_named(ask: Ask, figure: Figure) -> bool:
    """What goes to small enterprises is not the amount of all: who receives it must be named."""
    asked = re.search(data.word("receivers"), ask.text)
    if asked is None:
        return True
    told = "".join((*figure.item, *figure.column, figure.subject, figure.project))
    return re.search(data.word("receivers"), told) is not None


def _part_named(ask: Ask, figure: Figure) -> bool:
    """机关运行经费里水费 asks for 水费: a part named by the report must be the figure."""
    for segment in ask.reading.content.split():
        match = re.search(data.word("part_said"), segment)
        if match is None or not (part := re.sub("(合计|总计|小计)$", "", key(match["part"]))):
            continue
        if part not in ask.catalogue.subjects:
            if len(unexplained(part, ask.catalogue.fields_of(figure))) >= _UNKNOWN_PART:
                return False
        elif part not in key(figure.subject):
            lead, own = key(segment[: match.start("part")]), core(figure.subject)
            if part not in key(figure.facet) or not (own in lead or lead.startswith(own[:4])):
                return False
    return True


def _share_of_part(ask: Ask, figure: Figure) -> bool:
    """Whether a share is that of the part: 购房补贴占住房保障支出 is no share of 住房保障支出."""
    match = re.search(data.word("part_of_share"), ask.text)
    if match is None or figure.measure != "share" or not ask.reading.has("share"):
        return True
    fields = ask.catalogue.fields_of(figure)
    part = content_of(match["part"])
    if part and unexplained(part, fields) == key(part):
        return False
    lead = content_of(ask.text[: match.end("part")])  # …的那个科目，支出占…: named in the lead
    return len(unexplained(lead, fields)) < _MOST_OF * max(len(key(lead)), 1)


_MOST_OF = 0.6  # share of the words before 占 that a share must explain some of


def _head_named(ask: Ask, figure: Figure) -> bool:
    """Whether the figure explains the last name of the question at all.

    In Chinese the head of a phrase comes last: 政务云项目的碳排放率 asks for a rate, which a figure
    of that project need not be.
    """
    segments = [s for s in ask.reading.content.split() if weighty(key(s))]
    if not segments or (figure.code and figure.code in ask.reading.codes):
        return True
    fields = ask.catalogue.fields_of(figure)
    if len(unexplained(ask.reading.content, fields)) <= 1:
        return True
    last = key(segments[-1])
    if len(last) < 3:
        return True
    covered = [pair in fields for pair in (last[i : i + 2] for i in range(len(last) - 1))]
    share = sum(covered) / len(covered)
    return share >= 0.5 or (any(covered[-3:]) and ask.catalogue.named(figure, segments) >= 0.6)


def _substituted(segment: str, figure: Figure, fields: Container[str]) -> bool:
    """Whether the question names a sibling of the figure: 事业单位离退休 for 行政单位离退休.

    Both names end alike, and where they differ each has words that the other has not; words of
    the figure's surroundings (公务接待 over 国内接待) name no sibling.
    """
    asked, own = key(segment), core(figure.subject)
    blocks = SequenceMatcher(None, asked, own, autojunk=False).get_opcodes()
    for i, (tag, a0, a1, b0, b1) in enumerate(blocks[:-1]):
        follows = blocks[i + 1]
        if tag != "replace" or follows[0] != "equal" or follows[2] - follows[1] < 2:
            continue
        theirs, ours = asked[a0:a1], own[b0:b1]
        tail = ours[-2:]
        if (
            min(len(theirs), len(ours)) >= 2
            and not set(theirs[-2:]) & set(own)
            and (not set(tail) & set(asked))
            and theirs[-2:] not in fields
            and weighty(theirs)
        ):
            return True
    return False


def _asks_money(reading: Reading, figure: Figure) -> bool:
    """Whether the question names income or expenditure, and the count's own name does not."""
    if re.search(data.word("how_much_money"), reading.text):
        return True
    asked = re.search("支出|收入|经费|拨款", reading.content)
    return bool(asked) and not re.search(
        "支出|收入|经费|拨款|项目", "".join((*figure.item, figure.subject))
    )


def _opposed(content: str, figure: Figure) -> bool:
    """年初 is not 年末, income is not expenditure: the question says one, the figure the other."""
    name = key("".join((*figure.item[-1:], *figure.column, figure.subject)))
    asked = key(content)
    for pair in data.lexicon().opposites:
        for one, other in (pair, pair[::-1]):
            said = one in asked and other not in asked
            if said and other in name and one not in name:
                return True
    return False


def ordinal_fits(reading: Reading, figure: Figure) -> bool:
    """Whether the ranks agree: 二等奖 is not 一等奖, and “良”的 is not “优”的."""
    asked = {m.group() for m in data.compiled(data.word("ordinal")).finditer(reading.text)}
    names = "".join((*figure.item, *figure.column, figure.project, figure.sentence))
    quoted = set(_QUOTED.findall(reading.original))
    graded = set(_QUOTED.findall(figure.subject))
    if quoted and graded and not quoted & graded:
        return False  # “良”的项目 are not “优”的
    return all(word in names for word in asked)


def _unit_fits(reading: Reading, figure: Figure) -> bool:
    if figure.value is None:
        return True
    if reading.counter and f"每{reading.counter}" in key(figure.subject):
        return f"每{reading.counter}" in reading.text
    if reading.counter:
        in_name = figure.unit in {"个", "人"} and reading.counter in figure.subject
        return in_name or counted_in(figure.unit, reading.counter)
    if set(reading.units) & MONEY:
        return figure.unit in MONEY or "元" in figure.unit
    if "%" in reading.units:
        return figure.unit == "%" or figure.measure in _PERCENT
    return True


def counted_in(unit: str, counter: str) -> bool:
    """Whether a unit is the counter asked for; 个 stands for any counter."""
    if unit in MONEY or unit in {"%", "分"}:
        return False
    if counter in {"个", "项"}:
        return unit not in {"人次", "批次"}
    if unit == "" or (unit == "个" and counter in _GENERIC):
        return True
    if any(counter in group and unit[:1] in group for group in _ALIKE if unit):
        return True
    return counter in unit or (counter == "人" and "人" in unit) or compatible(unit, counter)


def _measure_fits(ask: Ask, figure: Figure) -> bool:
    asked = ask.reading.measure
    measure = figure.measure
    if not asked or measure in {"", "grade"} or figure.state == "text":
        return True
    if asked == "budget_initial" and measure != "budget_initial":
        return measure == "budget" and not _is_adjusted(ask, figure)
    return same_family(asked, measure) or measure in _ALSO.get(asked, set())


def _is_adjusted(ask: Ask, figure: Figure) -> bool:
    """Whether a plain 预算数 is the adjusted one: the report calls the same amount so."""
    return any(
        e.figure.measure == "budget_adjusted"
        and e.figure.value == figure.value
        and topic(e.figure) == topic(figure)
        for e in ask.catalogue.entries
    )


def _named_so(figure: Figure, op: str) -> bool:
    """Whether the figure's own name has the wording of the intent (最大并发量, 单位成本)."""
    patterns = next((i.patterns for i in data.intents() if i.op == op), ())
    return data.first_match(patterns, key(figure.subject)) is not None


def _moves(figure: Figure, reading: Reading) -> bool:
    """Whether an indicator is itself of a rise or fall that the question names: 年减少流失量."""
    if figure.measure not in {"actual", "target"} or "比" in reading.text:
        return False
    said = {m.group() for m in re.finditer(data.word("moving"), reading.text)}
    return any(word in figure.subject for word in said)


def _never(op: str) -> Callable[[Figure, Reading], bool]:
    return lambda figure, reading: _named_so(figure, op)


_BY_INTENT: dict[str, Callable[[Figure, Reading], bool]] = {
    "share": lambda f, r: (
        f.measure in _PERCENT
        or (f.unit == "%" and ("占" not in r.text or bool(re.search("占|比", f.subject))))
    ),
    "change": lambda f, r: f.measure in _CHANGES or "prior" in f.measure or _moves(f, r),
    "difference": lambda f, r: _named_so(f, "difference") or _moves(f, r),
    "times": _never("times"),
    "unspent": lambda f, r: "结转" in f.subject or _named_so(f, "unspent"),
    "rank": _never("rank"),
    "last_year": lambda f, r: f.measure == "prior" or (bool(r.years) and f.year == min(r.years)),
    "per": lambda f, r: "/" in f.unit or any(w in f.subject for w in ("均", "每", "单")),
    "count": lambda f, r: f.unit not in MONEY and f.unit != "%",
}
