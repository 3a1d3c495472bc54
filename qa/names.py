"""How figures are named and compared: squeezed names, topics, families of measures."""

from __future__ import annotations

import re

from index.keywords import bigrams
from index.text import squeeze
from index.values import Figure

_PUNCTUATION = re.compile(r"[^\w%]+")


FAMILIES = (
    frozenset({"budget", "budget_initial", "budget_adjusted"}),
    frozenset({"final", "executed"}),
    frozenset({"rate", "completion"}),
    frozenset({"score", "part_score"}),
)


AMOUNTS = FAMILIES[0] | FAMILIES[1]  # measures of money: budgets, and what was spent


SUMS = frozenset({"合计", "小计", "总计"})  # names of rows and columns that are sums


MONEY = frozenset({"元", "千元", "万元", "亿元"})


def key(text: str) -> str:
    """A name as it is compared: folded, without punctuation and the marks 类 / 款 / 项."""
    return _PUNCTUATION.sub("", re.sub(r"\((类|款|项)\)", "", squeeze(text)))


_SCOPED = re.compile(
    r"^(一般公共预算|政府性基金预算|国有资本经营预算)(财政拨款)?|^财政拨款(?!收入$)"
)


_SIDES = {
    **dict.fromkeys(("支出", "支出合计", "本年支出", "本年支出合计"), "本年支出"),
    **dict.fromkeys(("收入", "收入合计", "本年收入", "本年收入合计"), "本年收入"),
    **dict.fromkeys(("收支", "收支总计", "收入支出总计", "收入总计", "支出总计", "总计"), "总计"),
}


def of_two_worlds(a: Figure, b: Figure) -> bool:
    """Whether one is an account of the function table and the other an amount of procurement.

    支持中小企业发展支出 is no part of what was bought from 中小企业.
    """
    return any(
        x.code.startswith("2") and not y.code and "采购" in y.subject for x, y in ((a, b), (b, a))
    )


def topic(figure: Figure) -> str:
    """A figure's subject without its scope.

    一般公共预算财政拨款支出 and the total of that table are one topic, 本年支出; 收、支总计 and
    收入总计 are 总计.
    """
    name = key(figure.subject)
    scoped = _SCOPED.match(name)
    own = scoped is not None and figure.scope.startswith(scoped[1] or "")
    # 国有资本经营预算支出 is an account where it stands in the column of another fund.
    bare = _SCOPED.sub("", name) if own and figure.scope != "全口径" else name
    side = _SIDES.get(bare)
    if side and (figure.scope != "全口径" or bare not in {"支出", "收入"}):
        return side
    yearly = figure.measure in {"final", "budget"}
    if figure.total and yearly and bare in {"合计", ""} and "支出" in figure.table:
        return "本年支出"
    return core(bare) if len(bare) >= 2 else core(name)


def core(text: str) -> str:
    """A subject without the endings that come and go: 支出, 费用, 合计 ..."""
    name = key(text)
    name = re.sub(r"^(含|其中|当年|本年|财政拨款(?=三公))", "", name)
    short = re.sub(r"(财政拨款)?(支出|费用|金额|总额|资金|情况|项目|决算)$", "", name)
    short = re.sub(r"支$", "", short)
    return short if len(short) >= 2 else name


def shortens(short: str, name: str) -> bool:
    """Whether `short` could be a short name of `name`: its characters, in their order."""
    rest = iter(name)
    return len(short) >= 2 and all(char in rest for char in short)


def pairs(text: str) -> frozenset[str]:
    return frozenset(bigrams(_PUNCTUATION.sub("", squeeze(text)))) if text else frozenset()


def content_pairs(content: str) -> frozenset[str]:
    """The pairs of the segments of a question's content, none across two segments."""
    return frozenset(p for segment in content.split() for p in pairs(segment))


def same_family(a: str, b: str) -> bool:
    return a == b or any(a in family and b in family for family in FAMILIES)


def both_money(a: Figure, b: Figure) -> bool:
    """Whether both figures are amounts of money."""
    return a.unit in MONEY and b.unit in MONEY
