"""Questions of several parts: clauses that lean on one another, one thing found before another.

A clause is put as it stands alone; what a question ranks first, describes, or names by what stands
behind it is found by a question of its own, and the rest is asked of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from prompts import say
from qa import branches, clauses, data, described, ranking
from qa.ask import Ask
from qa.catalogue import Catalogue, Wanted
from qa.dialogue import resolve
from qa.reading import Reading, content_of, read_question
from qa.refuse import refused
from qa.sets import project_named
from qa.values import Answer, Citation


@dataclass(frozen=True)
class Compound:
    """The parts of questions about one report, answered by `answer`."""

    catalogue: Catalogue
    answer: Callable[[Reading, str], Answer | None]
    new_ask: Callable[[Reading, str], Ask]

    def clause(
        self, text: str, before: Sequence[str], turns: Sequence[str], question: str
    ) -> Answer | None:
        """What a clause asks, after the clauses before it."""
        kind, rest = described.behind(text) if before else ("", "")
        if kind:  # 它对应的项目得了几分
            name = described.named_in(self.new_ask(read_question(before[-1]), question))
            return self.of_behind(name, kind, rest, question) if name else None
        readings = (words for words in self._standing(text, before, turns, question) if words)
        answers = (self.answer(read_question(words), question) for words in readings)
        return next((answer for answer in answers if answer is not None), None)

    def _standing(
        self, text: str, before: Sequence[str], turns: Sequence[str], question: str
    ) -> Iterator[str]:
        """What a clause may ask when it stands alone, the likeliest first."""
        body = branches.named_before(text, before[0], self.catalogue) if before else ""
        yield f"{body}{text}" if body else ""  # 执法大队核了几个编，年底实际有几个人
        which = before and described.kind_asked(before[0])
        pointing = bool(before and (which or described.pointed_at(text)[0]))
        if pointing:
            yield self._of_which(text, before, turns, question)
        whole = self._after(text, before, turns)
        yield whole
        if before and not pointing:
            yield self._of_which(text, before, turns, question)
        if before:
            member = project_named(self.new_ask(read_question(before[0]), question))
            yield f"{member.name}的{text}" if member is not None else ""
        if before and whole == text:
            yield f"{_whole_before(before[0])}{text}"

    def _of_which(
        self, text: str, before: Sequence[str], turns: Sequence[str], question: str
    ) -> str:
        """A clause after one that asks for the one thing it is about: 是哪个项目，为什么没付."""
        kind, rest = described.pointed_at(text)
        earlier = before[-1] if kind else before[0]
        kind = kind or described.kind_asked(earlier)
        if not kind:
            return ""
        whole = self._after(earlier, before[:-1], turns) if len(before) > 1 else earlier
        inner = self.answer(read_question(whole or earlier), question)
        name = described.only_one(self.catalogue, inner, kind)
        return f"{name}的{re.sub(data.word('its'), '', rest or text)}" if name else ""

    def _after(self, text: str, before: Sequence[str], turns: Sequence[str]) -> str:
        """A clause as it stands alone after the clauses before it; "" where it cannot."""
        if before and re.match(r"哪(一)?(个|类|项|块|家|笔).{0,6}最", text):  # 哪类最大，哪类最小
            return f"{re.sub(data.word('rank_behind'), '', before[0])}里{text}"
        bare = bool(re.search(data.word("bare_reason"), text))
        if before and read_question(before[0]).has("rank"):
            text = re.sub(data.word("its"), "", text)
            name = self._first_of(f"{before[0]},它的{text}", text)
            ranked = re.search(data.word("ranked_by"), before[0])
            if name and bare and ranked:
                return f"{name}为什么{ranked['what']}{ranked['how']}"
            return f"{name}的{text}" if name else ""
        if before and (of_them := re.match(data.word("of_them"), text)) is not None:
            they, listed = re.subn(data.word("lists_them"), "", before[0])
            if listed:  # 执行率不到九成的项目有哪些，它们一共执行了多少
                return f"{they},{text[of_them.end() :]}"
        if before and text.startswith("占"):  # 加起来多少，占人员经费的几成
            name = self._first_of(f"{before[0]},它{text}", text)
            return f"{name}{text}" if name else _whole_before(before[-1]) + text
        if before and re.fullmatch(data.word("bare_amount"), text):
            item, moved = re.subn(data.word("asks_moved_at_all"), "", before[-1])
            if moved and item:  # 公务接待费较上年有变化吗，金额多少
                return f"{item}是多少"
        if before and re.match(data.word("part_of_before"), text):
            return f"{_whole_before(before[-1])}里{text}"
        if before and re.match(data.word("the_total_asked"), text):
            return f"{_whole_before(before[-1])}{text}"
        if before and bare:
            why = f"为什么{re.sub(data.word('how_much'), '', before[-1])}"
            return resolve(why, [*turns, *before[:-1]], self.catalogue).text
        return resolve(text, [*turns, *before], self.catalogue).text

    def _first_of(self, text: str, question: str) -> str:
        """The project that a question ranks first before it asks more of it, "" for none."""
        reading = read_question(text)
        if not reading.has("rank") or not ranking.points_to_first(text):
            return ""
        inner = ranking.nested(self.new_ask(reading, question))
        return inner[0] if inner else ""

    def of_first(self, reading: Reading, question: str) -> Answer | None:
        """What the question asks of the project that it ranks first."""
        inner = ranking.nested(self.new_ask(reading, question)) if reading.has("rank") else None
        if inner is None:
            return None
        name, rest, ranked = inner
        text = f"{name}{rest}" if re.match("[中是由]", rest) else f"{name}的{rest}"
        answer = self.about(name, text, question)
        if answer is None:
            return None
        return carried(name, answer, ranked)

    def of_described(self, text: str, question: str) -> Answer | None:
        """What the question asks of the one thing that it describes."""
        found = described.described(text)
        if found is None:
            return None
        inner = self.answer(read_question(found.which), question)
        name = described.only_one(self.catalogue, inner, found.kind)
        return self._of_one(name, found.rest, inner, question) if name and inner else None

    def _of_one(self, name: str, rest: str, found: Answer, question: str) -> Answer | None:
        """What is asked of the one thing that was found."""
        rest = re.sub(data.word("its"), "", rest)
        joint = "" if re.match("[中是由]", rest) else "的"
        answer = self.about(name, f"{name}{joint}{rest}", question)
        if answer is None or answer.status != "answered":
            return None
        return carried(name, answer, found.citations)

    def about(self, name: str, text: str, question: str) -> Answer | None:
        """What the clauses of a text ask of one project, or of what stands behind it."""
        kind, rest = described.behind(text.removeprefix(name).lstrip("的,"))
        if kind:
            return self.of_behind(name, kind, rest, question)

        def clause(words: str, before: Sequence[str]) -> Answer | None:
            whole = words if not before else f"{name}的{re.sub(data.word('its'), '', words)}"
            kind, rest = described.pointed_at(words) if before else ("", "")
            if kind in {"account", "body"}:  # 这个科目, of which the clause before told the name
                told = clause(before[-1], before[:-1])
                other = described.only_one(self.catalogue, told, kind)
                whole = f"{other}的{rest}" if other else whole
            return self.answer(read_question(whole), question + name)

        if clauses.parted(text) and (told := clauses.one_by_one(text, clause)) is not None:
            return told
        answer = self.answer(read_question(text), question + name)
        return clauses.completed(text, answer, clause) if answer is not None else None

    def of_behind(self, name: str, kind: str, rest: str, question: str) -> Answer | None:
        """What is asked of the body, account or project behind a thing."""
        behind = described.thing_behind(self.new_ask(read_question(rest), question), name, kind)
        return self._of_found(behind, rest, question) if behind is not None else None

    def _of_found(self, behind: described.Behind, rest: str, question: str) -> Answer | None:
        """What is asked of the thing that was found behind another, with where that is told."""
        ask = self.new_ask(read_question(rest), question)
        ask.evidence.cite(behind.figure)
        answer = self.about(behind.name, f"{behind.name}的{rest}", question)
        if answer is None or answer.status != "answered":
            return None
        whole = carried(behind.name, answer, ask.evidence.citations)
        inferred = say("inferred_by_amount") if behind.inferred else ""
        return replace(whole, text=whole.text + inferred)

    def of_what_is_behind(self, text: str, question: str) -> Answer | None:
        """某科目对应的项目得了多少分: of what stands behind the thing that the question names."""
        match = re.search(data.word("account_or_project_behind"), text)
        lead = text[: match.start()].rstrip("的,") if match is not None else ""
        if match is None or not lead or len(clauses.asking(text)) > 1:
            return None
        kind, rest = described.behind(match.group())
        ask = self.new_ask(read_question(lead), question)
        if not (name := described.named_in(ask)):
            return None
        if (behind := described.thing_behind(ask, name, kind)) is None:
            what = say("behind_account" if kind == "account" else "behind_project")
            return refused(ask, say("nothing_behind", name=name, what=what))
        return self._of_found(behind, rest, question)

    def without_lead(self, text: str) -> Iterator[str]:
        """The question without its first clauses, as long as these name nothing of the report."""
        parts = [c for c in re.split(r"[,。:;!]", text) if c]
        for i in range(1, len(parts)):
            content = content_of(parts[i - 1])
            hits = self.catalogue.find(Wanted(content), 1) if content else []
            if hits and hits[0].named >= 0.4 and hits[0].cover >= 0.2:
                return
            if re.search(data.word("computing_lead"), parts[i - 1]):
                return
            if re.search(data.word("within_purchases"), parts[i - 1]):
                return  # 服务类采购里，给中小企业的…: it says of what
            if re.search(data.word("describes_one"), parts[i - 1]):
                return  # 年初没安排预算的那个科目，支出占…: it says which is asked about
            if re.match(data.word("of_the_lead"), parts[i]):
                return  # 得分最低的项目，它的…: of what the lead names
            if re.match(data.word("compares_with_lead"), parts[i]):
                return  # 相当于…的百分之几: of what stands before
            yield ",".join(parts[i:])


def carried(name: str, answer: Answer, told: Sequence[Citation]) -> Answer:
    """The answer about one thing, with the words that say which, and where that is told."""
    cited = tuple(dict.fromkeys((*answer.citations, *told)))
    return replace(answer, text=say("carried", carried=name) + answer.text, citations=cited)


def _whole_before(clause: str) -> str:
    """What a clause before asked the amount of: 政府采购总共多少钱."""
    bare = re.sub(data.word("sum_tail"), "", clause)
    return re.sub(data.word("how_many_behind"), "", bare)


def without_asides(text: str) -> list[str]:
    """The question without its remarks in brackets, unless one of them restricts what is asked."""
    plain = re.sub(data.word("explained_aside"), "", text)
    if plain != text:
        return [plain]  # X这个科目，就是…的钱，决算是多少
    shorter = re.sub(r"\([^()]{3,30}\)", "", text)
    asides = re.findall(r"\(([^()]{3,30})\)", text)
    asides = [a for a in asides if not re.match(r"(含|包括|包含)[\u4e00-\u9fff]{2}", a)]
    if shorter == text or any(re.search(data.word("restricts"), a) for a in asides):
        return []
    return [shorter]
