"""What a question takes for granted in its lead: 某项目没有付款，那自评表里支付及时率填的是多少.

The answer tells what the report says of it: what the project executed, be that nothing or not.
"""

from __future__ import annotations

import re

from prompts import say
from qa import data
from qa.ask import Ask
from qa.clauses import joined
from qa.evidence import amount
from qa.plan import label_of
from qa.sets import project_named
from qa.values import Answer


def with_premise(ask: Ask, answer: Answer) -> Answer:
    """The answer with what was executed of the project that the lead says was not paid."""
    lead = re.match(data.word("said_unpaid"), ask.text)
    if lead is None or answer.status != "answered" or not answer.values:
        return answer
    member = project_named(ask, lead["what"])
    executed = member.figures.get("executed") if member is not None else None
    if executed is None or executed.value is None:
        return answer
    ask.evidence.value(executed)
    told = say("reported", label=label_of(executed), value=amount(executed))
    return joined(answer, ask.evidence.answer(told))
