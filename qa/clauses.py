"""Questions of several clauses, each asking something of its own: 花了多少会议费，一共多少人参会.

What an answer leaves open (it gives an amount, and a later clause asks for the percentage) is asked
by itself, after what the earlier clauses named, and told along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce

from prompts import say
from qa import data
from qa.names import MONEY, content_pairs, key, pairs
from qa.reading import content_of, read_question
from qa.values import Answer

Asked = Callable[[str, Sequence[str]], Answer | None]
_SHORTEST = 3  # characters of a clause that asks something


def asking(text: str) -> list[str]:
    """The clauses that ask something, each with the clauses before it that only lead to it."""
    found: list[str] = []
    lead = ""
    for clause in re.split(r"[,;。?!]", text):
        if not clause:
            continue
        if len(clause) >= _SHORTEST and kinds_asked(clause):
            found.append(f"{lead},{clause}" if lead else clause)
            lead = ""
        else:
            lead = f"{lead},{clause}" if lead else clause
    return found


def kinds_asked(clause: str) -> set[str]:
    """What kinds of things a clause asks for: money, percent, change, score, grade, count."""
    clause = re.sub("[那这]几", "", clause)  # 出国那几个人 asks nothing
    kinds = {k for k, said in data.names("asked_kinds").items() if re.search(said, clause)}
    for kind in ("reason", "purpose", "fund", "change"):
        if kind in kinds:
            return {kind}
    if not kinds and "多少" in clause:
        return {"money"}
    return kinds - {"money"} if len(kinds) > 1 else kinds


def kinds_told(answer: Answer) -> set[str]:
    """The kinds of things that an answer gives."""
    told = {"which"}  # the first clause's, which the answer is about
    for value in answer.values:
        unit = value.unit.split("/")[0]
        if re.search(data.word("changed_told"), value.label):
            told.add("change")
        elif unit in MONEY:
            told.add("budget" if re.search("预算数$", value.label) else "money")
        elif unit in {"%", "个百分点"}:
            told.add("percent")
        elif unit == "分":
            told.add("score")
        else:
            told.add("count")
    if re.search(data.word("gives_reason"), answer.text):
        told.add("reason")
    if "资金" in answer.text and not answer.values:
        told.add("fund")
    if "用于" in answer.text:
        told.add("purpose")
    if re.search(data.word("grade_told"), answer.text):
        told.add("grade")
    return told


def parted(text: str) -> bool:
    """Whether the clauses are questions of their own: 最多的是哪个，花了多少; 多少，为什么."""
    kinds = [kinds_asked(c) for c in asking(text)]
    if _by_sides(text):
        return True
    if len(kinds) < 2 or re.search(data.word("both_ends"), text):
        return False  # 哪个最高，哪个最低: one ranking tells both
    return (
        len(kinds) > 2
        or "which" in kinds[0]
        or any({k} in kinds[1:] and {k} != kinds[0] for k in ("reason", "purpose", "fund"))
    )


def _by_sides(text: str) -> list[str]:
    """收了多少，花了多少，剩多少: the question of each side of the accounts; [] for any other."""
    clauses = asking(text)
    sides = [data.first_side(c) for c in clauses]
    if len(clauses) < 2 or not all(sides) or len(set(sides)) < len(sides):
        return []
    scope = read_question(clauses[0]).scope
    return [f"{scope}{data.names('side_questions')[side]}" for side in sides]


def _each_side(questions: Sequence[str], ask: Asked) -> Answer | None:
    """Each side of the accounts, and which of them the report does not have."""
    told = {q: answer for q in questions if (answer := ask(q, ())) is not None}
    found = [a for a in told.values() if a.status == "answered"]
    if not found:
        return None
    missing = [q for q in questions if q not in told or told[q].status != "answered"]
    whole = reduce(joined, found)
    text = whole.text + (say("part_open", rest="；".join(missing)) if missing else "")
    return replace(whole, text=text)


def completed(text: str, answer: Answer, ask: Asked) -> Answer:
    """The answer with what it leaves open of the clauses, as far as that can be found."""
    clauses = asking(text)
    if len(clauses) < 2 or answer.status != "answered":
        return answer
    told = kinds_told(answer)
    amount = any(re.fullmatch(data.word("bare_amount"), c) for c in clauses[1:])
    named_one = re.search(data.word("names_one_asked"), clauses[0])
    if told == {"which"} and not named_one and not amount:
        return answer
    for i, clause in enumerate(clauses):
        wanted = kinds_asked(clause)
        named = _names(clause)
        total = i and re.match(data.word("the_total_asked"), clause)
        if wanted <= told and not total and not (i and named and not _holds(answer, named)):
            continue
        more = ask(clause, clauses[:i])
        if more is None or more.status != "answered" or not fits(wanted, more):
            continue
        if wanted <= told and not total and not _holds(more, named):
            more = ask(clause, ())  # by itself: 编制多少，在职的有多少人
            if more is None or not fits(wanted, more) or not _holds(more, named):
                continue  # no answer to this clause of its own
        answer = joined(more, answer) if i == 0 else joined(answer, more)
        told |= wanted
    return answer


def one_by_one(text: str, ask: Asked) -> Answer | None:
    """The clauses answered one after the other; None where one of them has no answer."""
    if sides := _by_sides(text):
        return _each_side(sides, ask)
    clauses = asking(text)
    if len(clauses) < 2:
        return None
    answers: list[Answer] = []
    for i, clause in enumerate(clauses):
        if i == 1 and _told_with_name(clause, answers[0]):
            continue
        answer = ask(clause, clauses[:i])
        if answer is None or answer.status != "answered":
            return None
        if not fits(kinds_asked(clause), answer):
            return None
        answers.append(answer)
    whole = reduce(joined, answers)
    if not kinds_asked(clauses[0]) <= {"which"}:
        return whole
    # The first was asked for a name alone: the numbers asked for are those of the others.
    lead = len(answers[0].values)
    return replace(whole, values=(*whole.values[lead:], *whole.values[:lead]))


def _told_with_name(clause: str, first: Answer) -> bool:
    """Whether a clause asks for no more than the number told with the name before it.

    最大的是哪个单位，多少钱; 增幅最大的是哪个，增长百分之几.
    """
    if not re.fullmatch(data.word("asks_its_number"), clause):
        return False
    told = kinds_told(first)
    return kinds_asked(clause) <= told | ({"money"} if "budget" in told else set())


def first_of_them(text: str, ask: Asked) -> Answer | None:
    """The first clause answered, where nothing answers the others: said so, not refused whole."""
    clauses = asking(text)
    if len(clauses) < 2 or any(re.match(data.word("of_what_is_before"), c) for c in clauses[1:]):
        return None  # 加起来，占总额的百分之几: the first alone answers nothing
    answer = ask(clauses[0], ())
    if answer is None or answer.status != "answered" or not answer.values:
        return None
    if not fits(kinds_asked(clauses[0]), answer):
        return None
    rest = "；".join(clauses[1:])
    return replace(answer, text=answer.text + say("part_open", rest=rest))


def _names(clause: str) -> frozenset[str]:
    """The pairs of characters of what a clause names, without how it asks."""
    return content_pairs(content_of(read_question(clause).rest))


def _holds(answer: Answer, named: frozenset[str]) -> bool:
    """Whether an answer tells a value of what a clause names."""
    told = frozenset(p for v in answer.values for p in pairs(key(v.label)))
    return bool(named & told)


def fits(wanted: set[str], answer: Answer) -> bool:
    """Whether an answer is of the kind asked for; a reason or a name is told in whatever words."""
    if wanted <= {"reason", "purpose", "fund", "which", "way"} and not answer.values:
        return True
    told = kinds_told(answer)
    return wanted <= told | ({"money"} if "budget" in told else set())


def joined(first: Answer, second: Answer) -> Answer:
    """Two answers as one: the second's citations stand behind the first's."""
    told = {(v.value, v.unit, v.label) for v in first.values}
    if second.values and {(v.value, v.unit, v.label) for v in second.values} <= told:
        return first  # 得分最低的是哪个，得了多少分: told with the name
    shift = len(first.citations)
    values = tuple(
        replace(v, citations=tuple(c + shift for c in v.citations)) for v in second.values
    )
    conflicts = tuple(
        replace(c, citations=tuple(n + shift for n in c.citations)) for c in second.conflicts
    )
    return replace(
        first,
        text=first.text + second.text,
        values=(*first.values, *values),
        citations=(*first.citations, *second.citations),
        conflicts=(*first.conflicts, *conflicts),
        calculation=first.calculation or second.calculation,
        polarity=first.polarity or second.polarity,
    )
