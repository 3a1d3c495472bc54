"""What an evaluation found: problems, advice and measures, experience, as the report words them.

They stand in a section of their own of an evaluation report (五、存在的主要问题及原因分析), or in
the summary of a project after 发现的主要问题：, 下一步改进措施：.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.claims import sentences
from index.text import squeeze
from index.values import Paragraph
from prompts import say
from qa import data
from qa.ask import Ask
from qa.names import content_pairs, key, pairs
from qa.reading import content_of
from qa.sets import projects
from qa.textual import Quote, cite_quote
from qa.values import Answer

_NAMED = 0.6  # share of what the question names, by weight, that a finding's owner must hold
_LIKE = 0.1  # owners within that of the best are meant as well
_OWNER = 60  # characters at a paragraph's start that say whose summary it is
_TITLE = 40  # characters of the longest line of a title
_MOST = 6  # findings told in one answer


@dataclass(frozen=True)
class Finding:
    """What a place of the report says was found, and what evaluation or project it is of."""

    owner: str
    quotes: tuple[Quote, ...]


def kind_asked(text: str) -> str:
    """problems, advice or experience, as a question asks for them; "" for none."""
    asked = data.names("findings_asked").items()
    return next((kind for kind, said in asked if re.search(said, text)), "")


def found(ask: Ask) -> Answer | None:
    """The findings of the kind asked for, of the project or evaluation that the question names."""
    kind = kind_asked(ask.text)
    if not kind or ask.reading.has("yes_no", "rank", "share", "difference", "per"):
        return None
    findings = _of_question(ask, kind, list(_findings(ask, kind)))
    if not findings:
        return None
    told = []
    for finding in findings[:_MOST]:
        for quote in finding.quotes:
            cite_quote(ask, quote)
        text = "".join(quote.text.strip() for quote in finding.quotes)
        name = _project_in(ask, finding.owner) if len(findings) > 1 else ""
        told.append(
            say("quote_about", label=name, quote=text) if name else say("quote", quote=text)
        )
    if more := len(findings) - len(told):
        ask.evidence.count(more)
        told.append(say("more_findings", count=more))
    return ask.evidence.answer("".join(told))


def _of_question(ask: Ask, kind: str, findings: list[Finding]) -> list[Finding]:
    """The findings that belong to what the question names; all where it names nothing."""
    asked = re.sub(data.names("findings_asked")[kind], " ", ask.text)
    for sort in data.names("evaluations").values():
        if re.search(sort, asked):
            findings = [f for f in findings if re.search(sort, f.owner)]
    wanted = content_pairs(content_of(re.sub(data.word("findings_frame"), " ", asked)))
    if not wanted:
        return findings
    rated = [(ask.catalogue.explained(wanted, (pairs(key(f.owner)), 1.0)), f) for f in findings]
    best = max((share for share, _ in rated), default=0.0)
    return [f for share, f in rated if share >= max(_NAMED, best - _LIKE)]


def _findings(ask: Ask, kind: str) -> Iterator[Finding]:
    """Every finding of the kind in reading order."""
    head, lead = data.names("findings_heads")[kind], data.names("findings_leads")[kind]
    leads = "|".join(f"(?:{x})" for x in data.names("findings_leads").values())
    paragraphs = ask.report.paragraphs
    block: list[Quote] = []
    owner = ""
    for i, paragraph in enumerate(paragraphs):
        inside = not paragraph.heading and bool(
            re.search(head, squeeze("".join(paragraph.section[-1:])))
        )
        if not inside and block:
            yield Finding(owner, tuple(block))
            block = []
        if inside:
            owner = owner if block else _title_before(paragraphs, i)
            block.append(Quote(paragraph, 0, len(paragraph.text)))
            continue
        for match in re.finditer(lead, paragraph.text):
            about = "".join((*paragraph.section[-1:], paragraph.text[:_OWNER]))
            yield Finding(squeeze(about), (_told(paragraph, match, leads),))
    if block:
        yield Finding(owner, tuple(block))


def _told(paragraph: Paragraph, match: re.Match[str], leads: str) -> Quote:
    """From a lead to the next one; the whole sentence where the words are inside one."""
    if not match.group().endswith((":", "：", "是")):
        inside = (s for s in sentences(paragraph.text) if s[0] <= match.start() < s[1])
        start, end = next(inside, match.span())
        return Quote(paragraph, start, end)
    after = re.search(leads, paragraph.text[match.end() :])
    end = match.end() + after.start() if after else len(paragraph.text)
    return Quote(paragraph, match.start(), end)


def _title_before(paragraphs: tuple[Paragraph, ...], i: int) -> str:
    """The title of the report whose section the paragraph stands in, with its sections' names.

    It is the run of short lines before the first numbered heading, 一、.
    """
    names = "".join(paragraphs[i].section)
    first = next(
        (k for k in range(i, -1, -1) if re.match("一、", squeeze(paragraphs[k].text))), None
    )
    title: list[str] = []
    for k in range((first or 0) - 1, max((first or 0) - 4, -1), -1):
        line = squeeze(paragraphs[k].text)
        if len(line) > _TITLE or line.endswith("。"):
            break
        title.insert(0, line)
    return squeeze("".join(title) + names)


def _project_in(ask: Ask, owner: str) -> str:
    """The project that an owner names, "" for none."""
    return next(
        (
            m.name
            for m in projects(ask)
            for name in ask.catalogue.names_of_project(m.name)
            if key(name) in key(owner)
        ),
        "",
    )


def rectified(ask: Ask) -> Answer | None:
    """发现的问题都整改了吗: the problems put right against those found, of one sentence."""
    if not re.search(data.word("asks_rectified"), ask.text):
        return None
    told = [f for f in ask.report.figures if f.measure == "count" and f.value is not None]
    for found_ones in told:
        if not re.search(data.word("problems_found"), found_ones.subject):
            continue
        done = next(
            (
                f
                for f in told
                if f.sentence == found_ones.sentence
                and re.search(data.word("problems_rectified"), f.subject)
            ),
            None,
        )
        if done is None or done.value is None or not found_ones.value:
            continue
        for figure in (found_ones, done):
            ask.evidence.value(figure)
        yes = done.value >= found_ones.value
        text = say("quote", quote=found_ones.sentence.strip())
        return ask.evidence.decided(yes, text)
    return None
