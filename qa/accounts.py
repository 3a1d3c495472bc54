"""Which account of the function classification a project's money stands under, and back.

Read from the code in the project's own row; else from the account of which the report says that it
is spent on the project; else from the one account with the same amount of project expenditure,
which is said to be inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.text import squeeze
from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask, agree
from qa.evidence import amount
from qa.names import MONEY, core, key, same_family
from qa.plan import label_of
from qa.reading import read_question
from qa.sets import Member, project_called, project_named, projects
from qa.values import Answer

# A project's figure, its account's, and whether the one was inferred from the other.
_Link = tuple[Figure, Figure, bool]

_NAMED = 0.4  # share of the project's name, by weight, that the question must hold
_AMOUNTS = ("executed", "final", "budget", "budget_adjusted", "budget_initial")


def of_project(ask: Ask) -> Answer | None:
    """某项目列在哪个科目: the code and the name of the account."""
    if not re.search(data.word("asks_account"), ask.text):
        return None
    member = project_named(ask, least=_NAMED)
    if member is None:
        return None
    found = next(_accounts_of(ask, member, _accounts(ask)), None)
    if found is None:
        return None
    own, account, inferred = found
    ask.evidence.cite(own)
    ask.evidence.cite(account)
    name = f"{account.code} {account.subject}".strip()
    ask.evidence.quote(name)
    if not inferred:
        return ask.evidence.answer(say("account_of_project", project=member.name, account=name))
    return ask.evidence.answer(
        say(
            "account_inferred",
            project=member.name,
            account=name,
            label=label_of(account),
            value=amount(own),
        )
    )


def project_of(ask: Ask) -> Answer | None:
    """某科目下的钱是哪个项目: the project whose row has the code, or whose amount it is."""
    if not re.search(data.word("asks_project_of_account"), ask.text):
        return None
    lead = re.split(data.word("asks_project_of_account"), ask.text)[0]
    codes = read_question(lead).codes
    lead = re.sub(data.word("amount_before_account"), " ", lead)
    hit = ask.link(without_account_word(lead))
    account = hit.figure if hit is not None else None
    code = codes[0] if codes else account.code if account is not None else ""
    if not code.startswith("2") or (account is not None and account.project):
        return None
    found = projects_behind(ask, {code})
    if not found:
        return None
    for own, other, _ in found.values():
        ask.evidence.cite(own)
        ask.evidence.cite(other)
        ask.evidence.value(own)
    ask.evidence.count(len(found))
    items = "；".join(f"{name}（{amount(own)}）" for name, (own, _, _) in found.items())
    text = say("list", count=len(found), items=items)
    if all(inferred for _, _, inferred in found.values()):
        text += say("inferred_by_amount")
    return ask.evidence.answer(text)


def without_account_word(lead: str) -> str:
    """防汛这个科目的钱 as the account is named: 防汛."""
    return re.sub(data.word("account_word"), "", lead)


def account_behind(ask: Ask, project: str) -> _Link | None:
    """The account that a project's money stands under, None where the report does not tell."""
    member = project_called(ask, project)
    return next(_accounts_of(ask, member, _accounts(ask)), None) if member is not None else None


def projects_behind(ask: Ask, codes: set[str]) -> dict[str, _Link]:
    """The projects whose money stands under one of the accounts; where some are told, those."""
    found: dict[str, _Link] = {}
    accounts = _accounts(ask)
    for member in projects(ask, every=True):
        for link in _accounts_of(ask, member, accounts):
            if link[1].code in codes:
                found.setdefault(member.name, link)
    if any(not inferred for _, _, inferred in found.values()):
        return {n: f for n, f in found.items() if not f[2]}
    return found


def _accounts(ask: Ask) -> list[Figure]:
    """The amounts of the accounts of the function classification."""
    return [
        e.figure
        for e in ask.catalogue.entries
        if e.figure.code.startswith("2")
        and not e.figure.project
        and e.figure.value
        and e.figure.unit in MONEY
    ]


def _accounts_of(ask: Ask, member: Member, accounts: Sequence[Figure]) -> Iterator[_Link]:
    """The accounts of a project, the surest first."""
    own = [f for measure in _AMOUNTS for f in member.others.get(measure, ()) if f.value]
    names = {key(n) for n in ask.catalogue.names_of_project(member.name)}
    for figure in own:
        if figure.code.startswith("2") and key(figure.subject) in names:
            same = [a for a in accounts if a.code == figure.code]
            if same:
                yield figure, same[0], False
    for account in accounts:
        if own and not account.table and _spent_on(ask, account, names):
            yield own[0], account, False
    for figure in own:
        alike = {
            a.code: a
            for a in accounts
            if len(a.code) == _ITEM
            and core(a.facet) in {"", core("项目支出")}
            and same_family(a.measure, figure.measure if figure.measure != "executed" else "final")
            and agree(a, figure)
        }
        if len(alike) == 1:
            yield figure, next(iter(alike.values())), True


_ITEM = 7  # digits of an account of the third level


def _spent_on(ask: Ask, account: Figure, names: set[str]) -> bool:
    """Whether the report says that the account's money goes to the project."""
    paragraph = ask.catalogue.paragraph_of(account)
    use = re.search(data.word("purpose_told"), squeeze(paragraph.text)) if paragraph else None
    return use is not None and any(len(n) >= _NAME and n in key(use.group()) for n in names)


_NAME = 5  # characters of a project's name in the words on an account's use
