"""What a question describes instead of naming it: 一分钱没花的那个项目, 退休人员最多的那个单位.

The description is asked as a question of its own; where its answer names one project, body or
account and no other, the rest of the question is asked of that one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.text import squeeze
from index.values import Figure
from qa import accounts, branches, data
from qa.ask import Ask
from qa.catalogue import Catalogue
from qa.names import key
from qa.sets import project_called, project_named
from qa.values import Answer


@dataclass(frozen=True, slots=True)
class Described:
    """The question that finds the thing, what kind of thing it is, and what is asked of it."""

    which: str
    kind: str
    rest: str


def described(text: str) -> Described | None:
    """The parts of a question that begins with a description of one thing."""
    match = re.search(data.word("described_one"), text)
    if match is None or re.search("[、且又]", match["description"]):
        return None  # two conditions at once, of which one might be overlooked
    kind = _kind(match["kind"])
    which = f"{match['description']}的{match['kind']}是{'哪家' if kind == 'body' else '哪个'}"
    return Described(which, kind, match["rest"])


def kind_asked(clause: str) -> str:
    """The kind of thing whose name a clause asks for (是哪个项目, 哪家单位), "" for none."""
    match = re.search(data.word("which_thing"), clause)
    return _kind(match["kind"] or match["kind2"]) if match else ""


def pointed_at(clause: str) -> tuple[str, str]:
    """(kind, rest) of a clause that points back to one thing: 这家单位全年支出多少; or "", ""."""
    match = re.match(data.word("that_thing"), clause)
    return (_kind(match["kind"]), match["rest"]) if match else ("", "")


def behind(rest: str) -> tuple[str, str]:
    """(kind, rest) of what is asked of the body, account or project behind a thing: 它的实施单位
    有多少人, 对应的科目年初预算多少; or "", ""."""
    if (match := re.match(data.word("body_behind"), rest)) is not None:
        return "body", match["rest"]
    match = re.match(data.word("account_or_project_behind"), rest)
    return (_kind(match["kind"]), match["rest"]) if match else ("", "")


@dataclass(frozen=True, slots=True)
class Behind:
    """The name of what stands behind a thing, the cell that tells it, and whether the one was
    inferred from the other by equal amounts."""

    name: str
    figure: Figure
    inferred: bool = False


def named_in(ask: Ask) -> str:
    """The project or the account that a clause is about, "" where it names none."""
    hit = ask.link(accounts.without_account_word(ask.text))
    if hit is not None and hit.figure.code.startswith("2"):
        return hit.figure.subject
    member = project_named(ask, least=_PROJECT_NAMED)
    return member.name if member is not None else ""


def thing_behind(ask: Ask, name: str, kind: str) -> Behind | None:
    """The one body or account behind a project, or project behind an account; None for none."""
    if kind == "body":
        member = project_called(ask, name)
        facts = member.facts if member is not None else {}
        body = next((f for c, f in facts.items() if _names_body(c)), None)
        return Behind(body.printed, body) if body is not None else None
    if kind == "account":
        found = accounts.account_behind(ask, name)
        return Behind(found[1].subject, found[1], found[2]) if found is not None else None
    codes = {e.figure.code for e in ask.catalogue.entries if e.figure.subject == name}
    links = accounts.projects_behind(ask, {c for c in codes if c.startswith("2")})
    if len(links) != 1:
        return None
    project, (own, _, inferred) = next(iter(links.items()))
    return Behind(project, own, inferred)


def only_one(catalogue: Catalogue, answer: Answer | None, kind: str) -> str:
    """The one thing of the kind that an answer names, "" where it names none or several."""
    if answer is None or answer.status != "answered":
        return ""
    text = squeeze(answer.text)
    names = {n for n in _names(catalogue, kind) if squeeze(n) in text}
    names = {n for n in names if not any(n != m and squeeze(n) in squeeze(m) for m in names)}
    one = {catalogue.project_of(n) for n in names} if kind == "project" else names
    return one.pop() if len(one) == 1 else ""


def _names(catalogue: Catalogue, kind: str) -> set[str]:
    if kind == "project":
        return {n for n in catalogue.projects if len(key(n)) >= _SHORTEST}
    if kind == "body":
        listed = {n for column in branches.columns(catalogue) for n in column.cells}
        return listed | {e.figure.printed for e in catalogue.facts if _names_body(e.figure.subject)}
    return {
        e.figure.subject
        for e in catalogue.entries
        if e.figure.code.startswith("2") and len(key(e.figure.subject)) >= _SHORTEST
    }


_PROJECT_NAMED = 0.4  # share of a project's name, by weight, that a clause must hold
_SHORTEST = 3  # characters of a name


def _names_body(subject: str) -> bool:
    return re.search(data.word("body_column"), squeeze(subject)) is not None


def _kind(word: str) -> str:
    if "单位" in word or "家" in word:
        return "body"
    if "科目" in word or re.match("[项款类](?!目)", word):
        return "account"
    return "project"
