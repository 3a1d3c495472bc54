"""Numbers of the prose to figures: what is measured, against what base, in which sentence.

The words in front of a number say its measure (年初预算为, 完成年初预算的, 占, 比上年增加); what is
measured stands there too or is carried over from before. 5.2% is never 5.2个百分点: the unit is
read as printed. Decreases are kept as printed, with the sign in the value. 差值 says no direction:
such a figure has the measure `difference` and the sign as printed.

A number behind 原因是 or 主要是 belongs to the reason: it has the reason's own words as subject and
the measure `reason_amount`, so that it is never taken for the amount of the sentence's subject.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from index import data
from index.labels import strip_number
from index.prose import PROJECT_TITLE
from index.settle import settled
from index.subjects import named_first, next_counted, plain_name, section_subject
from index.text import fold, squeeze
from index.values import Figure, Page, Paragraph
from index.wording import (
    BUDGETS,
    MONEY,
    Amount,
    amounts,
    budget_name,
    clause_before,
    counted_behind,
    in_brackets,
    is_account,
    is_topical,
    item_path,
    last_base,
    last_budget,
    names_in,
    noun_of,
    other_years_budget,
    prior_year,
    reason_spans,
    said,
    whole_of,
)

_PROJECT = re.compile(
    r"^(?:\d+[.、]|\(\d+\))?[“\"]?(?P<name>[^，。：:]{3,40}?)[”\"]?(?:项目)?(?:支出)?(?:绩效(?:自评|评价)?(?:自评)?(?:综述|情况|结果)|自评综述)"
)
_PROJECT_COLON = re.compile(
    r"^(?:\d+[.、]|\(\d+\))(?P<name>[^，。：:;；]{3,40})[:：](?=.*(?:预算|执行|得分|评分|自评得))"
)
_TOPIC = re.compile(
    r"^(?:\d{1,2}[.、]|\(\d{1,2}\)|[一二三四五六七八九]、|\([一二三四五六七八九]\))(?P<name>[^。，,:：\d]{3,30})[。]"
)
_ACCOUNT = re.compile(r'[“"](?P<name>[^“”"]{2,40})[”"]\((?P<level>[类款项])\)')
_PARTS = re.compile(r"(?:其中|包括|分别(?:为|是)|由(?=.*组成)|用于)")
_USED_FOR = re.compile("(?P<whole>项目支出)(?:主要)?用于")
_YEARS_SIDE = re.compile(r"(?:\([一二三]\)|\d[.、])?20\d\d年度?(收入|支出)(?:为|共|共计|是)?")
_EVENT = re.compile("^(?:[；;])?(?:举办|召开|举行|开展|组织)了?(?P<what>.{3,24})$")
_HEAD = re.compile(r"。|(?<=[类款项]\)):")  # what ends the account that a paragraph begins with
_LEVEL = re.compile(r"(?:支出)?(?:决算|预算)?数?(?:与|和|同|较)[^，。]{2,8}持平$")
_RUN = re.compile(r"[\u4e00-\u9fff]{3,12}")  # what is said of the things just counted
_HAVING = ("设", "有", "设立", "设置", "下设", "含", "包括")  # verbs in front of a count
_VISITS = {"批次", "批", "人次"}
_COUNTED = ("用车", "车辆", "设备", "人数", "批次", "团组", "接待", "车", "保有量", "项目")


@dataclass
class _Topic:
    """What the text is about at this point."""

    subject: str = ""
    item: tuple[str, ...] = ()
    base: str = ""
    project: str = ""
    fixed: tuple[str, ...] = ()  # subject of the paragraph, from its lead
    parent: tuple[str, tuple[str, ...]] | None = None  # what 其中 takes apart
    counted: str = ""
    persons: str = ""  # the count of persons that 其中 takes apart
    listed: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    facet: str = ""  # 项目支出 where the text takes it apart by accounts
    account: tuple[str, ...] = ()  # “X”(类) “Y”(款) “Z”(项), as far as named last


@dataclass(frozen=True, slots=True)
class _Claim:
    measure: str
    base: str
    subject: str
    item: tuple[str, ...]
    value: Decimal
    year: int | None


def read_claims(
    paragraphs: Sequence[Paragraph],
    year: int | None,
    pages: Sequence[Page],
    projects: Collection[str] = (),
    plain: str = "final",
) -> tuple[Figure, ...]:
    """Every number of the prose that carries a unit, as a figure with its sentence.

    `projects`: names of projects known from the tables, which names of the prose are snapped to.
    `plain`: measure of an amount that no word tells about, `budget` in a budget report.
    """
    labels = {page.number: page.label for page in pages}
    known = {squeeze(name): name for name in projects}
    figures: list[Figure] = []
    topic = _Topic()
    section: tuple[str, ...] = ()
    for number, paragraph in enumerate(paragraphs):
        if paragraph.heading:
            continue
        if paragraph.section != section:
            topic, section = _Topic(subject=section_subject(paragraph.section)), paragraph.section
            topic.item = (topic.subject,) if topic.subject else ()
        reader = _Reader(paragraph, number, year, labels, topic, plain)
        figures.extend(reader.read(known))
    return tuple(figures)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence; a decimal point ends none."""
    start = 0
    for match in re.finditer(r"[。！？]|；", text):
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


class _Reader:
    """Reads the numbers of one paragraph in order; `topic` lives on into the next paragraph."""

    def __init__(
        self,
        paragraph: Paragraph,
        number: int,
        year: int | None,
        labels: dict[int, str | None],
        topic: _Topic,
        plain: str,
    ) -> None:
        self.plain = plain
        self.paragraph = paragraph
        self.number = number
        self.year = year
        self.labels = labels
        self.topic = topic
        self.folded = fold(paragraph.text)
        self.reasons = list(reason_spans(self.folded))
        self.scope = data.layout().default_scope
        for name in paragraph.section:
            inner = data.scope_of(squeeze(name), self.scope)
            if not (inner == "财政拨款" and self.scope.endswith("预算财政拨款")):
                self.scope = inner  # 五、一般公共预算财政拨款… > （二）财政拨款支出决算结构情况

    def read(self, known: dict[str, str]) -> Iterator[Figure]:
        self._lead(known)
        for start, end in sentences(self.paragraph.text):
            yield from settled(list(self._sentence(start, end)))
            self.topic.persons = ""
            if self.paragraph.text[end - 1] != "；" and self.topic.parent:
                self.topic.subject, self.topic.item = self.topic.parent
                self.topic.parent, self.topic.facet = None, ""

    def _lead(self, known: dict[str, str]) -> None:
        """Subject or project that the first words of the paragraph settle."""
        topic, folded = self.topic, self.folded
        topic.fixed, topic.parent, topic.listed, topic.counted = (), None, [], ""
        topic.facet = ""
        match = _PROJECT.match(folded) or _PROJECT_COLON.match(folded)
        if match and data.matches(data.claims().no_projects, match["name"]):
            match = None  # 我部门将绩效自评结果作为…
        if match and re.search(r"\([类款项]\)", match["name"]):
            match = None  # an account, not a project
        topic.project = ""
        if not match and (name := named_first(folded, known)):
            topic.project = known[name]
            topic.fixed = topic.item = (topic.project,)
            topic.subject = topic.project
            return
        title = (
            PROJECT_TITLE.match(fold(self.paragraph.section[0])) if self.paragraph.section else None
        )
        if title and not match:
            plain = squeeze(title["name"])
            topic.project = known.get(plain) or known.get(plain + "项目") or title["name"]
            topic.subject, topic.item = topic.project, (topic.project,)
            topic.fixed = topic.item
            return
        if match:
            name = strip_number(self.paragraph.text[match.start("name") : match.end("name")])
            plain = squeeze(name)
            topic.project = known.get(plain) or known.get(plain + "项目") or name
            topic.fixed = (topic.project,)
        elif path := item_path(head := _HEAD.split(folded, maxsplit=1)[0]):
            topic.fixed = () if amounts(head) else path
        elif match := _TOPIC.match(folded):
            topic.fixed = (noun_of(match["name"]) or match["name"],)
        if topic.fixed:
            topic.subject, topic.item = topic.fixed[-1], topic.fixed

    def _sentence(self, start: int, end: int) -> Iterator[Figure]:
        folded = self.folded[start:end]
        found = amounts(folded)
        if not found:
            self._account(folded)  # “图书馆”（项）主要用于…。年初预算265万元
        self.topic.base = ""
        self.topic.listed = [] if not folded.startswith("分别") else self.topic.listed
        aside: _Topic | None = None
        boundary = 0
        last: _Claim | None = None
        listing: list[tuple[str, tuple[str, ...]]] = []
        for position, amount in enumerate(found):
            clause = self._account(clause_before(folded, boundary, amount.start))
            group = [a for a in found if a.group == amount.group]
            behind = folded[amount.end :]
            boundary = amount.end
            inside = in_brackets(folded, amount.start)
            aside = (aside or replace(self.topic)) if inside else None
            topic = aside or self.topic
            reason = any(
                s <= start + amount.start < e and not self._visits(s, amount)
                for s, e in self.reasons
            )
            if reason:
                claim = self._reason(clause, amount, behind)
            elif len(group) > 1 and amount is not group[0]:
                place = group.index(amount)
                if place >= len(listing):
                    continue
                subject, item = listing[place]
                assert last is not None
                value = -amount.value if last.value < 0 else amount.value
                claim = replace(last, subject=subject, item=item, value=value)
            else:
                before = self.folded[: start + amount.start]
                claim = self._claim(clause, before, amount, topic, last, behind)
                listing = self._listing(clause, claim, len(group), topic)
                if len(group) > 1:
                    claim = replace(claim, subject=listing[0][0], item=listing[0][1])
            yield self._figure(claim, amount, start, end, position)
            if not reason:
                last = claim

    def _visits(self, start: int, amount: Amount) -> bool:
        """Whether a count of visits stands behind 主要是, which tells the use and no reason."""
        told = self.folded[start : start + 4]
        return amount.unit in _VISITS and "原因" not in told and "接待" in self.folded

    def _account(self, clause: str) -> str:
        """The clause without the account in quotes that it names, which the text is then about.

        “教育支出”（类）决算…；“行政运行”（项）年初预算…: how Beijing's reports explain each level.
        """
        named = list(_ACCOUNT.finditer(clause))
        for match in named:
            level = "类款项".index(match["level"])
            path = (*self.topic.account[:level], match["name"])
            self.topic.account = path
            self.topic.subject, self.topic.item, self.topic.fixed = path[-1], path, path
            self.topic.parent = None
        return clause[named[-1].end() :] if named else clause

    def _claim(
        self,
        clause: str,
        before: str,
        amount: Amount,
        topic: _Topic,
        last: _Claim | None,
        behind: str,
    ) -> _Claim:
        kind = amount.kind
        if kind == "percent" and last is not None and clause in {"", "的"}:
            follow = self._follow(clause, amount, topic, last)
            if follow:
                return follow
        told = said(clause, kind, self.year)
        if told is None or (kind == "count" and told.measure not in _COUNT_MEASURES):
            return self._plain(clause, amount, topic, behind)
        value, base, measure, year = amount.value, told.base, told.measure, self.year
        if measure in {"change", "change_rate"}:
            spoken = before[before.rfind("。") + 1 :]
            base = base or topic.base or last_base(spoken, self.year)
            topic.base = base
            value = -value if told.falls else value
        elif measure == "difference":
            base = base or last_budget(before)
        elif measure == "completion":
            base = last_budget(before) or "预算" if base in {"", "预算"} else base
        elif measure in BUDGETS and (named := other_years_budget(clause, self.year)):
            year, measure = named, "prior" if named < (self.year or 0) else measure
        elif measure == "prior":
            year, base = prior_year(base, self.year), ""
        elif measure == "score" and not topic.project and amount.unit != "分":
            return self._plain(clause, amount, topic, behind)
        if match := re.match(r"^(20\d\d)年", clause):
            year = int(match[1]) if measure in {"final", "budget"} else year
        keep = measure in {"share", "prior"} and "占" in clause
        noun = told.noun
        if measure == "budget" and self.plain == "budget" and not noun:
            noun = whole_of(clause)
        if measure == "score" and not noun and not topic.project and "平均" in clause:
            noun, keep = "项目平均", True
        subject, item = self._subject(noun, clause, topic, keep)
        return _Claim(measure, base, subject, item, value, year)

    def _follow(self, clause: str, amount: Amount, topic: _Topic, last: _Claim) -> _Claim | None:
        """A percentage right behind an amount: `（42.86%）`, `完成全年预算84.82万元的73.2%`."""
        if clause == "的":
            if base := budget_name(last.measure):
                return replace(last, measure="completion", base=base, value=amount.value)
            if last.measure == "whole":
                return _Claim(
                    "share", last.subject, topic.subject, topic.item, amount.value, self.year
                )
            return None
        if last.measure in {"change", "difference"}:
            value = -amount.value if last.value < 0 else amount.value
            return replace(last, measure="change_rate", value=value)
        if amount.value < 0:
            return replace(last, measure="change_rate", value=amount.value)  # 1204万元（-3.9%）
        if last.measure in {"final", "budget", "budget_initial", "budget_adjusted"}:
            return replace(last, measure="share", base="", value=amount.value)
        return None

    def _plain(self, clause: str, amount: Amount, topic: _Topic, behind: str) -> _Claim:
        """A number that no rule speaks of: an amount, a share or a count of its own noun."""
        pieces = [p for p in re.split(r"[，,:：]", clause) if p]
        last = pieces[-1] if pieces else ""
        year = int(m[1]) if (m := re.match(r"^(20\d\d)年", clause)) else self.year
        if amount.kind == "count":
            if amount.unit in _PERSONS and _PARTS.search(clause) and topic.counted:
                topic.persons = topic.counted
            claim = self._count(last, amount, topic, behind)
            if topic.persons and amount.unit in _PERSONS and claim.subject != topic.persons:
                claim = replace(claim, item=(topic.persons, claim.subject))
            return claim
        if amount.kind == "money" and (match := re.match(r"^占(?P<whole>.{2,})$", last)):
            whole = noun_of(match["whole"])
            return _Claim("whole", "", whole, (whole,), amount.value, year)
        noun = noun_of(last)
        if side := _YEARS_SIDE.fullmatch(last):  # （一）2024年收入1521.62万元
            noun = f"本年{side[1]}合计"
        if noun and len(pieces) > 1 and pieces[-2].endswith("的"):
            noun = noun_of(pieces[-2] + last)  # 由中小企业中标的，采购金额
        if not noun and len(pieces) > 1:
            whose = noun_of(_LEVEL.sub("", pieces[-2]))  # 接待费支出决算与上年持平，均为0.00元
            event = _EVENT.match(pieces[-2])  # 举办沅川半程马拉松赛，开支98.50万元
            noun = event["what"] if event else whose if is_account(whose) else ""
        if noun in _SUMS and topic.subject == section_subject(self.paragraph.section):
            noun = ""  # 机关运行经费…，合计412万元 under a heading of that name
        if noun in {"支出合计", "合计"} and (matter := self._matter()):
            noun = matter  # 政府购买服务项目6个，支出合计218.60万元
        measure = self.plain if amount.kind == "money" else "share"
        subject, item = self._subject(noun, clause, topic)
        return _Claim(measure, "", subject, item, amount.value, year)

    def _matter(self) -> str:
        """What a section is about that is not on income and expenditure as a whole; "" else."""
        name = strip_number(self.paragraph.section[-1]) if self.paragraph.section else ""
        name = re.sub(r"(支出)?(的)?(情况|说明)*$", "", fold(name))
        told = data.matches(data.claims().own_matters, name)
        return name if told and len(name) <= 16 else ""

    def _count(self, last: str, amount: Amount, topic: _Topic, behind: str) -> _Claim:
        noun = noun_of(last)
        words = counted_behind(behind)
        if re.search(data.claims().further, last) and (rest := re.match(_RUN, behind)):
            noun = rest.group()  # 另有4家未通过验收 counts others than 补助企业26家
            return _Claim("count", "", noun, (*topic.item[-1:], noun), amount.value, self.year)
        if words and len(noun) <= 8 and not noun.endswith(_COUNTED):
            noun += words
        elif words and noun.endswith(_HAVING):  # 某某局机关设 9个 内设机构
            noun = words
        carried = topic.subject
        if noun == "接待" and "接待" in carried:
            noun = re.sub(r"费?用?(支出)?$", "", carried)  # 国内接待费支出 ... 共接待23批次
        if not noun and not topic.counted:
            return _Claim("count", "", carried, topic.item, amount.value, self.year)
        if noun in data.claims().bare_counts and re.search("费(支出)?$", carried):
            # 开支会议费…，人数412人: whose count it is, the expense says
            noun = re.sub("费(支出)?$", "", noun_of(carried).removeprefix("开支")) + noun
        following = next_counted(last, topic.counted)
        noun = following if following != topic.counted else noun or topic.counted
        topic.counted = noun
        item = (*topic.item[-1:], noun) if carried and carried != noun else (noun,)
        return _Claim("count", "", noun, item, amount.value, self.year)

    def _reason(self, clause: str, amount: Amount, behind: str) -> _Claim:
        clause = re.sub(rf"^.*(?:{data.claims().reasons})[是为:：]*", "", clause)
        told = said(clause, amount.kind, self.year)
        noun = told.noun if told else ""
        for piece in reversed([p for p in re.split(r"[，,:：]", clause) if p]):
            words = re.sub(r"(?:有所|相应)?(?:增加|减少|增长|下降|上升)了?$", "", piece)
            noun = noun or noun_of(words)
        value = -amount.value if told and told.falls else amount.value
        if amount.kind == "count" and not noun:
            noun = counted_behind(behind)
        subject = noun or "原因中提到的数额"
        return _Claim("reason_amount", "", subject, (subject,), value, self.year)

    def _listing(
        self, clause: str, claim: _Claim, size: int, topic: _Topic
    ) -> list[tuple[str, tuple[str, ...]]]:
        """Subjects of the amounts listed under one clause, and memory of those told before."""
        if size == 1:
            if claim.measure in {"final", "budget", "count"}:
                topic.listed.append((claim.subject, claim.item))
            return []
        names = names_in(claim.subject)
        if len(names) == size:
            subjects = [(name, (*claim.item[:-1], name)) for name in names]
            topic.listed = subjects
            return subjects
        if len(topic.listed) >= size:
            return topic.listed[-size:]
        return [(claim.subject, claim.item)] * size

    def _subject(
        self, noun: str, clause: str, topic: _Topic, keep: bool = False
    ) -> tuple[str, tuple[str, ...]]:
        """Subject and item path of a clause's noun; the carried ones where it has none."""
        if topic.fixed and is_topical(noun):
            noun = ""
        if not noun:
            if topic.fixed and topic.parent is None and topic.subject == "":
                return topic.fixed[-1], topic.fixed
            return topic.subject, topic.item
        path = item_path(noun) or (re.sub(r"\([类款项]\)", "", noun),)
        if topic.project and topic.fixed and squeeze(path[-1]) == squeeze(topic.project):
            path = topic.fixed
        if not keep:
            if used := _USED_FOR.match(clause):  # 项目支出主要用于：水利工程建设1865万元，…
                topic.parent, topic.facet = (used["whole"], (used["whole"],)), used["whole"]
            if _PARTS.search(clause) and topic.subject and topic.parent is None:
                topic.parent = (topic.subject, topic.item)
            if topic.parent and len(path) == 1 and path[0] != topic.parent[0]:
                path = (*topic.parent[1], path[0])
            topic.subject, topic.item = path[-1], path
        return path[-1], path

    def _figure(self, claim: _Claim, amount: Amount, start: int, end: int, place: int) -> Figure:
        at = start + amount.start
        page, box = self.paragraph.place(at, start + amount.digits)
        whole = self.paragraph.place(at, start + max(amount.end, amount.digits))
        if whole[1].height < 1.5 * box.height:  # the unit stands on the same line
            box = whole[1]
        key = f"p{self.number}:{at}"
        measure = "final" if claim.measure == "whole" else claim.measure
        shown = plain_name(claim.subject)
        item = tuple(map(plain_name, claim.item))
        subject = squeeze(claim.subject)
        scope = self.scope if subject == "财政拨款收入" else data.scope_of(subject, self.scope)
        return Figure(
            id="f" + hashlib.sha1(key.encode()).hexdigest()[:10],
            item=item,
            code="",
            column=(data.measure_label(measure) or measure,),
            measure=measure,
            base=claim.base,
            year=claim.year,
            scope=scope,
            value=claim.value,
            unit=MONEY.get(amount.unit, amount.unit),
            printed=self.paragraph.text[at : start + amount.digits],
            state="value",
            page=page,
            page_label=self.labels.get(page),
            box=box,
            table="",
            table_id=f"p{self.number}",
            row=start,
            sentence=self.paragraph.text[start:end],
            project=self.topic.project,
            subject=shown,
            facet=self.topic.facet if claim.item[:-1] == (self.topic.facet,) else "",
        )


_SUMS = {"合计", "总计", "共计"}
_PERSONS = {"人", "名"}
_COUNT_MEASURES = {"change", "score", "prior", "difference"}
