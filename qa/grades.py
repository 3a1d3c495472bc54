"""Yes or no about the grades of projects: 全部是“优”吗, 有没有评为“良”的, 它的等级是“优”吗."""

from __future__ import annotations

import re

from index.values import Figure
from prompts import say
from qa import data
from qa.ask import Ask
from qa.evidence import amount
from qa.plan import label_of
from qa.sets import filter_projects, project_named, projects, told_of_grade
from qa.textual import Quote, best_sentence, cite_quote
from qa.values import Answer


def all_of_grade(ask: Ask) -> Answer | None:
    """全部是“优”吗: every project's grade, and the sentence that says so."""
    match = re.search(data.word("grades"), ask.text)
    if not match or not re.search(r"都|全部|均|全是|所有|是不是", ask.text):
        return None
    if not re.search(data.word("graded") + '|[“"]', ask.text):
        return None  # 中小企业 is no grade
    grade = match[1]
    graded = [m for m in filter_projects(ask, projects(ask)) if "grade" in m.figures]
    evidence = ask.evidence
    others = [m for m in graded if m.figures["grade"].printed != grade]
    if others:
        for m in others:
            evidence.cite(m.figures["grade"])
        text = "；".join(f"{m.name}为“{m.figures['grade'].printed}”" for m in others) + "。"
        return ask.evidence.decided(False, text)
    found = best_sentence(ask, 0.3, re.compile(rf"[“\"]?{grade}[”\"]?"))
    if isinstance(found, Quote):
        cite_quote(ask, found)
        for m in {m.figures["grade"].page: m for m in graded}.values():
            evidence.cite(m.figures["grade"])
        text = say("quote", quote=found.text.strip())
        whole = re.search(rf"(全部|均|都)(为|是|评为)?[“\"]?{grade}", found.text)
        rest = re.findall(data.word("grade_counts"), found.text)
        if whole or (rest and all(n == "0" for _, n in rest)) or graded:
            return ask.evidence.decided(True, text)
        if rest:
            return ask.evidence.decided(False, text)
    if graded:
        for m in graded:
            evidence.cite(m.figures["grade"])
        evidence.count(len(graded))
        return ask.evidence.decided(True, f"{len(graded)}个项目的等级都是“{grade}”。")
    return None


def counted_each(ask: Ask) -> Answer | None:
    """各个等级分别有多少个项目: as the prose counts them, otherwise by the projects' own grades."""
    if not re.search(data.word("each_grade_asked"), ask.text):
        return None
    told = [f[0] for grade in _GRADES if (f := told_of_grade(ask, grade))]
    if len(told) > 1:
        for figure in told:
            ask.evidence.value(figure)
        pieces = (say("reported", label=label_of(f), value=amount(f)) for f in told)
        return ask.evidence.answer("".join(pieces))
    graded = [m for m in filter_projects(ask, projects(ask)) if "grade" in m.figures]
    found: dict[str, list[Figure]] = {}
    for member in graded:
        figure = member.figures["grade"]
        found.setdefault(figure.printed.strip("“”"), []).append(figure)
    if not found:
        return None
    for grade, figures in found.items():
        cited = [ask.evidence.cite(f) for f in figures]
        ask.evidence.count_value(len(figures), "个", f"“{grade}”的项目", cited)
    ask.evidence.count(len(found))
    items = "；".join(f"“{grade}”{len(figures)}个" for grade, figures in found.items())
    return ask.evidence.answer(say("list", count=len(found), items=items))


_GRADES = ("优", "良", "中", "合格", "差", "不合格")


def _told_of_grade(ask: Ask, grade: str) -> Answer | None:
    """Whether there are any of a grade by the number that the prose gives for all projects."""
    told = told_of_grade(ask, grade)
    if not told:
        return None
    ask.evidence.value(told[0])
    text = say("reported", label=label_of(told[0]), value=amount(told[0]))
    return ask.evidence.decided(bool(told[0].value), text, have=True)


def any_of_grade(ask: Ask) -> Answer | None:
    """有没有评为“良”的项目: the projects of that grade, or the grades of all where none is."""
    match = re.search(data.word("any_of_grade"), ask.text)
    if match is None:
        return None
    graded = [m for m in filter_projects(ask, projects(ask)) if "grade" in m.figures]
    if not graded:
        return _told_of_grade(ask, match["grade"])
    of_it = [m for m in graded if m.figures["grade"].printed.strip("“”") == match["grade"]]
    for member in of_it or graded:
        ask.evidence.cite(member.figures["grade"])
    ask.evidence.count(len(of_it or graded))
    if of_it:
        names = "、".join(m.name for m in of_it)
        return ask.evidence.decided(True, f"共{len(of_it)}个：{names}。", have=True)
    grades = "、".join(dict.fromkeys(f"“{m.figures['grade'].printed}”" for m in graded))
    return ask.evidence.decided(False, f"{len(graded)}个项目的等级都是{grades}。", have=True)


def grade_of_one(ask: Ask) -> Answer | None:
    """骨干节点项目的自评等级是“优”吗: the grade of the project that the question names."""
    match = re.search(data.word("grades"), ask.text)
    if not match or not re.search(data.word("asks_grade"), ask.text):
        return None
    if re.search(r"都|全部|均|全是|所有", ask.text):
        return None
    member = project_named(ask)
    if member is None or "grade" not in member.figures:
        return None
    grade = member.figures["grade"]
    for figure in member.figures.values():
        if figure.measure in {"executed", "rate"}:
            ask.evidence.cite(figure)
    ask.evidence.cite(grade)
    text = say("text_fact", label=f"{member.name}的等级", printed=grade.printed)
    return ask.evidence.decided(grade.printed == match[1], text)
