"""Follow-up questions: what an earlier turn named is carried over where the new one leaves it open.

Only the user's own words of earlier turns are used. What was carried over is shown in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.labels import UNIT
from qa import branches, data, findings, turns
from qa.ask import LEAST, NAMED, variants
from qa.catalogue import Catalogue, Wanted
from qa.earlier import over_earlier
from qa.names import MONEY, SUMS, content_pairs, core, key, pairs
from qa.reading import Reading, content_of, normalise, read_question
from qa.siblings import indicator_alike, row_mate, sibling
from qa.turns import Resolved

_POINTER = re.compile(data.word("points_back"))
_SHORT = 6  # characters of a name that leaves out what was said before
_PROJECT = 3  # characters of a project's name that name it
_TAIL = 2  # characters that names of one kind end with
_LONG = 7  # characters of names in a question that needs no earlier turn
_MEASURE_WORDS = data.names("measure_words")


def resolve(question: str, history: Sequence[str], catalogue: Catalogue) -> Resolved:
    """The follow-up made whole. A question that names what it is about is left as it is."""
    if not history:
        return Resolved(question, "")
    told = over_earlier(
        question, history, lambda i: resolve(history[i], history[:i], catalogue).text
    )
    if told is not None:
        return Resolved(*told)
    standing = resolve(history[-1], history[:-1], catalogue).text
    if (moved_to := branches.of_other_body(question, standing, catalogue)) != "":
        return Resolved(moved_to, re.sub("[?？。]$", "", standing))
    if (part := turns.parallel(question, standing)) is not None:
        return part
    if (against := _against_it(question, history, catalogue)) is not None:
        return against
    if (put := turns.put_for_it(question, *_topic(history, catalogue))) is not None:
        return put
    reading = read_question(question)
    pointing = _points_back(question)
    own = _named(reading, catalogue)
    if (  # the project alone: which of its indicators is open
        not pointing
        and own
        and reading.measure in {"actual", "target"}
        and _project_named(reading.content, catalogue)
        and (moved := _of_other_project(reading, history[-1], catalogue)) is not None
    ):
        return moved
    facet = re.match(data.word("facet_alone"), reading.content)
    alone = not pointing and (own or _is_whole(reading))
    if alone and not facet:
        return Resolved(question, "")
    topic, measure = _topic(history, catalogue)
    if facet and len(history) > 1 and re.fullmatch(data.word("facets"), topic):
        topic = _topic(history[:-1], catalogue)[0] or topic  # the item that both are parts of
    bare_share = reading.has("share") and not re.search(data.word("whole_named"), question)
    if facet and bare_share and topic and _is_account(topic, catalogue):
        return Resolved(f"{topic}中{question}", topic)  # 行政运行…？ 基本支出占了多少
    if alone:
        return Resolved(question, "")
    if own and (moved := _of_other_project(reading, history[-1], catalogue)) is not None:
        return moved
    if (part := turns.part_of_topic(question, reading, topic, catalogue)) is not None:
        return part
    if (turned := _turned(question, reading, history[-1], topic, catalogue)) is not None:
        return turned
    if own:
        for words in (topic, *(read_question(h).content for h in reversed(history))):
            if (part := turns.column_of_project(question, reading, words, catalogue)) is not None:
                return part
    if own and _adds_to(question):
        bare = re.sub("^(那|它|那它|其|这)", "", question)
        return Resolved(f"{topic}{bare}", topic) if topic else Resolved(question, "")
    if own:
        # A new item under the old measure: 那公用经费呢, 那数据中心奖补呢.
        bare = re.sub(r"[?？。]$", "", question)
        bare = re.sub(data.word("follow_up_frame"), "", bare)
        bare = re.sub("(这|那)(一)?(块|项|部分|方面|笔)$", "", bare)
        parted = re.search("[,;?].", bare)  # 其中外宾接待花了多少？几批
        carries = measure and not reading.measure and reading.ops == ("lookup",) and not parted
        carries = carries and not re.search(data.word("asks_a_rate"), reading.text)
        word = _MEASURE_WORDS.get(measure, "") if carries else ""
        if not measure and _only_names(reading) and _of_money(standing, history):
            return Resolved(f"{bare}{data.word('money_asked')}", standing.rstrip("?？"))
        scope = next((s for h in reversed(history) if (s := read_question(h).scope)), "")
        if facet:  # the part of the same item: 行政运行的基本支出是多少, 那项目支出呢
            whole = read_question(re.sub(data.word("facets"), " ", standing))
            item = content_of(whole.rest) or "".join(whole.codes)
            again, count = re.subn(data.word("facets"), facet[0], standing)
            if count == 1 and item:
                return Resolved(again, item)
        if scope and not reading.scope and facet:
            return Resolved(f"{scope}{bare}{word}是多少", "、".join(w for w in (scope, word) if w))
        context = _context_for(question, reading, topic, catalogue) or _project_of_dialogue(
            reading, history, catalogue
        )
        return Resolved(
            f"{context}{bare}{word}是多少" if word else f"{context}{bare}",
            "、".join(w for w in (context, word) if w),
        )
    if not topic:
        return Resolved(question, "")
    bare = re.sub(data.word("follow_up_lead"), "", question)
    if re.search(data.word("bare_reason_of_rate"), bare) and measure in {
        "rate",
        "score",
        "completion",
    }:
        return Resolved(f"{topic}的{_MEASURE_WORDS.get(measure, '')}{bare}", topic)
    joint = "" if bare.startswith(("的", "和", "与", "加", "换", "折", "占", "比")) else "的"
    return Resolved(f"{topic}{joint}{bare}", topic)


def _of_money(standing: str, history: Sequence[str]) -> bool:
    """Whether the dialogue asks for amounts of money: 一共多少钱, 其中断面监测多少."""
    last = read_question(standing)
    if last.units or last.counter or not last.numeric:
        return bool(set(last.units) & MONEY)
    asked = (read_question(h) for h in reversed(history))
    return any(set(r.units) & MONEY for r in asked)


def _only_names(reading: Reading) -> bool:
    """Whether a question names something and does not say what it asks of it."""
    nothing = not (reading.units or reading.counter or reading.measure or reading.numeric)
    return nothing and reading.ops == ("lookup",)


def _is_account(topic: str, catalogue: Catalogue) -> bool:
    """Whether the topic is an account of the function classification, which has such parts."""
    if catalogue.has_code(topic):
        return True
    return any(e.figure.code.startswith("2") for e in catalogue.entries if e.subject == core(topic))


def _against_it(question: str, history: Sequence[str], catalogue: Catalogue) -> Resolved | None:
    """那决算比它多了多少: another stage of the item, against the one that was asked for."""
    match = re.match(data.word("stage_against_it"), normalise(question))
    topic, measure = _topic(history, catalogue) if match else ("", "")
    other = _MEASURE_WORDS.get(measure, "")
    if match is None or not topic or not other or other in match["stage"]:
        return None
    return Resolved(f"{topic}的{match['stage']}比{other}{match['rest']}", topic)


def _of_other_project(reading: Reading, last: str, catalogue: Catalogue) -> Resolved | None:
    """The indicator of the last question, asked of another project (那…项目呢)."""
    before = read_question(last)
    if reading.measure not in {"", "actual", "target"} or reading.ops != ("lookup",):
        return None
    if not before.content:
        return None
    own = catalogue.find(Wanted(reading.content, ""), 1)
    told = catalogue.find(Wanted(before.content, before.measure), 1)
    if not own or not told:
        return None
    figure = told[0].figure
    if not figure.project or catalogue.is_project_level(figure):
        return None
    project = _project_named(reading.content, catalogue) or own[0].entry.project
    if not project or project == told[0].entry.project:
        return None
    word = _MEASURE_WORDS.get(reading.measure or before.measure, "")
    name = indicator_alike(catalogue, figure, project)
    return Resolved(f"{project}的{name}{word}是多少", figure.subject)


def _project_named(content: str, catalogue: Catalogue) -> str:
    """The project whose name the words are the most of, "" where they are of none."""
    asked = content_pairs(re.sub("[那这]?个?(自评|专项)?项目$", "", content))
    shares = {
        project: len(asked & pairs(core(name))) / max(len(asked), 1)
        for name, project in catalogue.projects.items()
    }
    best = max(shares, key=lambda p: shares[p], default="")
    return best if best and shares[best] >= _MOST else ""


_MOST = 0.8  # share of the words that a project's name must hold


def _turned(
    question: str, reading: Reading, last: str, topic: str, catalogue: Catalogue
) -> Resolved | None:
    """The last question asked again of another scope, another part, or what stands beside it."""
    words = re.sub(data.word("follow_up_frame"), "", re.sub(r"[?？。]$", "", question))
    words = re.sub(data.word("follow_up_lead"), "", words)
    before = read_question(last)
    scope = re.match(data.word("only_a_scope"), normalise(words))
    if scope is not None and before.scope:
        name = next(v for k, v in scope.groupdict().items() if v)
        text, count = data.compiled(data.word("scope_names")).subn(
            data.word_or("scope_called", name, name), normalise(last), count=1
        )
        if count:
            return Resolved(text, last)
    within = re.match(data.word("turn_within"), normalise(question))
    if within and topic and reading.has("share", "rank"):
        part = normalise(question)[within.end() :]
        return Resolved(f"{topic}中{part}", topic)
    if within and topic and re.match(data.word("facet_alone"), reading.content):
        fund = before.scope if before.scope not in {"", "全口径"} else ""
        return Resolved(f"{fund}{topic}的{reading.content}是多少", topic)
    share = re.search(data.word("share_of"), before.text)
    if share and reading.content and reading.ops == ("lookup",) and share["b"]:
        return Resolved(f"{reading.content.replace(' ', '')}{before.text[share.end('a') :]}", last)
    if not topic or not reading.content or len(key(reading.content)) > _SHORT:
        return None
    hits = catalogue.find(Wanted(topic, before.measure, (), before.scope, catalogue.report.year), 3)
    if not hits or reading.ops != ("lookup",):
        return None
    alone = catalogue.find(Wanted(reading.content, before.measure), 1)
    if alone and alone[0].named >= 0.9 and len(key(reading.content)) > 2:
        return None
    for hit in hits:
        figure = hit.figure
        if hit.named < 0.45:
            continue
        mate = row_mate(catalogue, figure, reading.content)
        if mate is not None:
            column = UNIT.sub("", mate.figure.column[-1])
            if mate.subject != core(figure.subject):  # each column an item: 三公 by columns
                word = _MEASURE_WORDS.get(before.measure, "")
                return Resolved(f"{mate.figure.subject}{word}是多少", word or reading.content)
            return Resolved(f"{figure.subject}的{column}是多少", topic)
        beside = sibling(catalogue, figure, reading.content)
        if beside is not None:
            word = _MEASURE_WORDS.get(reading.measure, "")
            return Resolved(f"{beside.figure.subject}{word}是多少", topic)
    return None


def _points_back(question: str) -> bool:
    """Whether the wording leans on an earlier turn: 那…, 它的…, …呢."""
    if re.match(data.word("turn_within"), normalise(question)):
        return True
    return bool(_POINTER.match(question)) or question.rstrip("?？。").endswith("呢")


def _adds_to(question: str) -> bool:
    """和出国费加起来, 比公用经费多多少: an operation on the old item and a new one."""
    return bool(
        re.match(
            r"^(那|它|那它|其|这)?(再)?(和|与|跟|加上|加|比|占(?!地|用)|(是|相当于)(?=.{2,14}(百分之|几倍|多少倍)))",
            question,
        )
    )


def _is_whole(reading: Reading) -> bool:
    """Whether a question that names no single item is whole all the same: it asks over a set, or
    in more words than a follow-up has."""
    over_set = reading.has("rank", "list", "count", "sum", "definition", "conflict")
    if reading.counter and reading.ops == ("sum", "lookup"):
        over_set = False  # 一共去了几个人次 counts one thing
    of_evaluation = re.search(data.word("names_evaluation"), reading.text)
    over_set = over_set or (of_evaluation is not None and bool(findings.kind_asked(reading.text)))
    return bool(reading.content) and (over_set or len(key(reading.content)) >= _LONG)


def _named(reading: Reading, catalogue: Catalogue) -> bool:
    """Whether the question itself names something that the report measures."""
    if reading.codes:
        return True
    if not reading.content or re.fullmatch(data.word("only_a_year"), reading.content):
        return False
    wanted = Wanted(reading.content, reading.measure, (), reading.scope, catalogue.report.year)
    found = [catalogue.find(replace(wanted, content=w), 3) for w in variants(reading.content)]
    hits = max(found, key=lambda f: f[0].score if f else 0.0)
    own = [s for s in reading.content.split() if len(s) > 1]
    bare = re.sub("(自评)?项目", " ", reading.content)
    if len(key(bare)) >= _PROJECT and _project_named(bare, catalogue):
        return True
    return (
        bool(own)
        and bool(hits)
        and (
            (hits[0].cover >= 0.45 and hits[0].named >= 0.25)
            or (hits[0].cover >= LEAST and hits[0].named >= NAMED)
        )
        and (len(key("".join(own))) >= 3 or hits[0].named >= 0.9)
    )


def _topic(history: Sequence[str], catalogue: Catalogue) -> tuple[str, str]:
    """The item that the dialogue is about, in the words of the turns, and its last measure."""
    topic = ""
    measure = ""
    for turn in history:
        reading = read_question(turn)
        if _named(reading, catalogue) and not (
            topic and re.match(data.word("generic_topic"), reading.content.replace(" ", ""))
        ):
            words = _item_words(turn, reading)
            hits = catalogue.find(
                Wanted(reading.content, reading.measure, (), reading.scope, catalogue.report.year),
                1,
            )
            project = hits[0].entry.project if hits else ""
            mentioned = project and len(pairs(key(project)) & pairs(key(words))) >= 2
            if topic and project and not mentioned and pairs(key(topic)) & pairs(key(project)):
                topic = f"{project}{words}"
            elif (
                topic
                and not project
                and _is_part(words, topic, hits[0].figure.sentence if hits else "")
            ):
                topic = words
            else:
                old_project = next((p for p in catalogue.projects if p and p in topic), "")
                inside = (
                    any(
                        h.entry.project == catalogue.projects.get(old_project)
                        for h in catalogue.find(Wanted(reading.content, reading.measure), 5)
                    )
                    if old_project
                    else False
                )
                topic = f"{old_project}{words}" if inside and old_project not in words else words
            if project and not mentioned and project not in topic and key(words) not in SUMS:
                topic = topic if not _weak(words) else f"{project}{words}"
        measure = reading.measure or measure
    return topic, measure


def _weak(words: str) -> bool:
    return len(key(words)) <= 6


def _is_part(words: str, topic: str, sentence: str) -> bool:
    return bool(sentence) and key(topic)[:4] in key(sentence)


def _item_words(turn: str, reading: Reading) -> str:
    """The names in a turn: its content, or its codes."""
    return "".join(reading.codes) or "".join(reading.content.split())


def _project_of_dialogue(reading: Reading, history: Sequence[str], catalogue: Catalogue) -> str:
    """The project of the indicator that is asked for, where an earlier turn named that project."""
    found = catalogue.find(Wanted(reading.content, reading.measure), 1)
    if not found or not found[0].figure.project or found[0].figure.measure not in _OF_INDICATORS:
        return ""
    project = found[0].figure.project
    said = pairs(key("".join(history)))
    own = pairs(core(project))
    return project if len(own & said) >= _MOST * len(own) else ""


_OF_INDICATORS = {"actual", "target"}


def _context_for(question: str, reading: Reading, topic: str, catalogue: Catalogue) -> str:
    """What a new item needs from the old one: its project, or the matter it is a part of."""
    if not topic or not _POINTER.match(question):
        return ""
    content = content_of(reading.text)
    if len(key(content)) > _TAIL and key(content)[-_TAIL:] == key(topic)[-_TAIL:]:
        return ""  # 工程采购 after 货物采购: another of the kind, no part
    alone = catalogue.find(Wanted(content, reading.measure, year=catalogue.report.year), 1)
    both = catalogue.find(
        Wanted(f"{topic} {content}", reading.measure, year=catalogue.report.year), 1
    )
    if alone and both and alone[0].figure.id != both[0].figure.id:
        shares = pairs(key(both[0].figure.subject)) & content_pairs(content)
        enough = len(shares) >= 0.6 * len(content_pairs(content))
        if enough and alone[0].named < 0.9:
            return topic
    return ""
