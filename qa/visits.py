"""How many visits were received: 接待了几批、多少人次, however the report words it.

Reports count batches as 批次, 批 or 来访团组N个, persons as 人次 or 人, under 国内公务接待,
国内接待, 来宾 and other names; a question that names nothing but the reception means
all that is not foreign.
"""

from __future__ import annotations

import re

from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, split_same, weighty
from qa.evidence import amount
from qa.names import key
from qa.plan import label_of
from qa.values import Answer


def counted(ask: Ask) -> Answer | None:
    """The batches, the persons or both that were received, as far as the question asks."""
    text = ask.text
    kinds = [k for k, said in data.names("visits_asked").items() if re.search(said, text)]
    if not kinds or not re.search(data.word("receives"), text):
        return None
    if ask.reading.has("per", "difference", "share", "change", "yes_no", "reason", "conflict"):
        return None
    if len(weighty(key(re.sub(data.word("visits_frame"), " ", ask.reading.content)))) > 1:
        return None  # of something else as well: 接待观众
    found = [f for kind in kinds if (f := received(ask, kind)) is not None]
    if len(found) < len(kinds):
        return None
    told = ""
    for figure in found:
        ask.evidence.value(figure, split_same(ask, figure)[0][:2])
        told += say("reported", label=label_of(figure), value=amount(figure))
    return ask.evidence.answer(told)


def received(ask: Ask, kind: str) -> Figure | None:
    """The count of that kind which is the whole: domestic before foreign, then the greatest."""
    units = data.word_or("visit_units", kind, kind).split("|")
    foreign = bool(re.search(data.word("foreign_visits"), ask.text))
    counts = [
        f
        for f in ask.report.figures
        if f.measure == "count"
        and f.value is not None
        and f.unit in units
        and f.year == (ask.report.year or f.year)
        and re.search(data.word("receives"), key("".join((*f.item, f.subject))))
        and not re.search(data.word("no_visits"), f.subject)
        and bool(re.search(data.word("foreign_visits"), key("".join((*f.item[-1:], f.subject)))))
        == foreign
        and (f.unit != "个" or re.search(data.word("visiting_groups"), f.subject))
    ]
    return max(counts, key=lambda f: ("国内" in f.subject, f.value or 0), default=None)
