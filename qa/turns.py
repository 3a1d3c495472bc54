"""Turns that name a part: of what the dialogue is about, beside it, or a column of its project."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa import data
from qa.catalogue import Catalogue, Wanted
from qa.names import content_pairs, core, key, pairs
from qa.reading import Reading, content_of, normalise

_HEAD = 3  # characters that a whole and its parts begin with
_OWN = 0.6  # share of a project's name in the topic, and of the words in the column
_WORD = 6  # characters of the longest name of a part by itself


@dataclass(frozen=True, slots=True)
class Resolved:
    """The question as it stands alone, and the words carried over ("" when none)."""

    text: str
    carried: str


def parallel(question: str, standing: str) -> Resolved | None:
    """工程呢, after a question on 服务采购: the same question of the part beside it."""
    bare = re.fullmatch(data.word("only_a_part"), normalise(question))
    if bare is None:
        return None
    for group in data.lexicon().parallels:
        short = [p for p in group if re.fullmatch(f"{bare['part']}(支出|经费|预算)?", p)]
        told = [p for p in group if p in standing]
        if len(short) == 1 and len(told) == 1 and short != told and standing.count(told[0]) == 1:
            return Resolved(standing.replace(told[0], short[0]), standing.rstrip("?？。"))
    return None


def put_for_it(question: str, topic: str, measure: str) -> Resolved | None:
    """购房补贴比它多多少: what the dialogue is about in the place of 它."""
    text = normalise(question)
    match = re.search(data.word("compared_with_it"), text)
    if match is None or not topic or not content_of(text[: match.start()]):
        return None
    name = f"{topic}{_STAGES.get(measure, '')}"
    return Resolved(f"{text[: match.start('it')]}{name}{text[match.end('it') :]}", name)


_STAGES = data.names("measure_words")


def part_of_topic(
    question: str, reading: Reading, topic: str, catalogue: Catalogue
) -> Resolved | None:
    """其中运行费, of 公务用车购置及运行费: the part that begins as the topic and ends so."""
    within = re.match(data.word("turn_within"), normalise(question))
    head = key(topic)[:_HEAD]
    if within is None or len(head) < _HEAD or reading.has("share", "rank"):
        return None
    rest = normalise(question)[within.end() :]
    for length in range(_WORD, 1, -1):
        word = rest[:length]
        parts = {
            s
            for s in catalogue.subjects
            if s.startswith(head) and s.endswith(word) and s not in {core(topic), key(topic)}
        }
        if len(parts) == 1:
            return Resolved(parts.pop() + rest[length:], topic)
    return None


def column_of_project(
    question: str, reading: Reading, topic: str, catalogue: Catalogue
) -> Resolved | None:
    """其中其他资金多少: a column of the project that the dialogue is about."""
    within = re.match(data.word("turn_within"), normalise(question))
    if within is None or not topic or not reading.content:
        return None
    fund = re.search(data.word("project_funds"), normalise(question))
    content = fund["fund"] if fund else reading.content  # 上年结转 is a row of the form here
    hits = catalogue.find(Wanted(f"{topic} {content}", reading.measure), 12)
    alone = content_pairs(content)
    for hit in hits:
        figure = hit.figure
        project = pairs(key(figure.project))
        column = pairs(key("".join((*figure.column[-1:], figure.subject))))
        if (
            project
            and len(project & pairs(key(topic))) >= _OWN * len(project)
            and len(column & alone) >= _OWN * len(alone)
        ):
            return Resolved(
                f"{figure.project}{normalise(question)[within.end() :]}", figure.project
            )
    return None
