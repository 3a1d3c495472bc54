"""The figures of a report by what they can be called, and the look-up over them.

A question and a figure are compared by the character pairs that they share, weighted by how rare a
pair is among the report's figures; then by measure, unit, scope, year, code, table and part. The
look-up says how much of the question a figure explains, so that a caller can refuse.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from index.check import Finding, check_report
from index.labels import strip_number
from index.text import squeeze
from index.values import FUND_SCOPES, Figure, Paragraph, Report, Table
from qa import data
from qa.grouping import (
    base_named,
    cluster_projects,
    codes_by_path,
    measure_fit,
    part_of_sum,
    unit_named,
    unit_words,
    words_behind,
)
from qa.names import FAMILIES, MONEY, content_pairs, core, key, pairs, topic
from qa.reading import Reading, numeral
from qa.units import convert

_OF_SCOPE = re.compile("一般公共预算(财政拨款)?的?(?=(基本支出|项目支出|人员经费|公用经费)( |$))")
_SPECIAL = "外事|外宾|境外|国外"  # the lesser part of a count: asked for by name or not at all
_REMARK = re.compile(r"[（(][^（）()]{3,}[）)]")  # 政府采购金额（以合同签订为准）
_LEAST_COVER = 0.12  # a figure that explains less, and is hardly named, is not looked at
_KEPT = 60
_REMEMBERED = 256  # look-ups kept for the next step of the same question
_UNKNOWN = 0.6  # weight of a pair of characters that no figure's name has
_WEIGHTS = {"subject": 1.0, "project": 1.0, "item": 0.7, "column": 0.8, "table": 0.5, "words": 0.7}


@dataclass(frozen=True)
class Entry:
    """A figure with its character pairs by field, ready to be compared."""

    figure: Figure
    subject: str
    project: str
    subject_pairs: frozenset[str]
    facet_pairs: frozenset[str]
    fields: dict[str, float]
    own_weight: float = 1.0
    own_words: str = ""


@dataclass(frozen=True)
class Hit:
    """A figure found: its score, the share of the question that it explains (`cover`), and the
    share of its own name that the question holds (`named`)."""

    entry: Entry
    score: float
    cover: float
    named: float
    content: str = ""

    @property
    def figure(self) -> Figure:
        return self.entry.figure


@dataclass(frozen=True)
class Wanted:
    """What to look for: words, and what the figure must or should be."""

    content: str
    measure: str = ""
    units: tuple[str, ...] = ()
    scope: str = ""
    year: int | None = None
    codes: tuple[str, ...] = ()
    tables: frozenset[str] = frozenset()
    base: str = ""


class Catalogue:
    """Look-up over the figures of one report. Immutable after construction."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.tables: dict[str, Table] = {t.id: t for t in report.tables}
        self.projects = cluster_projects(report)
        self._codes = codes_by_path(report)
        # A budget only has targets: there they answer as an actual value does elsewhere.
        self._aims = not any(f.measure == "actual" for f in report.figures)
        self.entries = [self._entry(f) for f in report.figures if f.measure != "attribute"]
        self.facts = [self._entry(f) for f in report.figures if f.measure == "attribute"]
        frequency: Counter[str] = Counter()
        names = {(e.subject, e.project) for e in self.entries}
        for subject, project in names:
            frequency.update(pairs(subject) | pairs(project))
        total = max(len(names), 1)
        self._weights = {p: math.log(1 + total / (1 + n)) for p, n in frequency.items()}
        self._unknown = _UNKNOWN * math.log(1 + total)
        self._holding: dict[str, list[tuple[int, float, bool]]] = defaultdict(list)
        self._coded: dict[str, list[int]] = defaultdict(list)
        self._found: dict[Wanted, list[Hit]] = {}
        for position, entry in enumerate(self.entries):
            for pair in entry.fields:
                self._holding[pair].append(
                    (position, entry.fields[pair], pair in entry.subject_pairs)
                )
            if code := self.code_of(entry.figure):
                self._coded[code].append(position)
        self.entries = [
            replace(e, own_weight=self._together(e.subject_pairs) or 1.0) for e in self.entries
        ]
        self._expenses = frozenset(
            name
            for e in self.entries
            if "三公" in e.figure.table and e.figure.value is not None
            for name in (e.subject, e.subject.removesuffix("费"))  # core: 出国费用 is 出国
        )
        self._by_id = {e.figure.id: e for e in self.entries}
        self._alike: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
        for entry in self.entries:
            if entry.figure.value is not None:
                self._alike[self.identity(entry.figure)].append(entry.figure)
        self.text = key(
            "".join(p.text for p in report.paragraphs)
            + "".join(f.table + "".join(f.item) + f.printed for f in report.figures)
            + report.title
        )

        # Names with 和 in them, as printed: they are not two names.
        self.joined = {
            name
            for e in self.entries
            for name in (strip_number(e.figure.subject), core(e.figure.subject))
            if re.search("[和与及、]", name) and 4 <= len(name) <= 24
        }
        self.subjects = frozenset(e.subject for e in self.entries if len(e.subject) > 1)
        known = {e.subject for e in self.entries} | {core(p) for p in self.projects}
        known |= {n[:-1] for n in known if n.endswith("费") and len(n) >= 5}
        self.names: tuple[str, ...] = tuple(sorted(n for n in known if len(n) >= 4))

    @cached_property
    def unfilled(self) -> bool:
        """Whether no table of the report has an amount: a blank form (模板)."""
        return bool(self.tables) and not any(
            e.figure.value is not None and e.figure.table and e.figure.unit in MONEY
            for e in self.entries
        )

    @cached_property
    def carried_over(self) -> frozenset[Decimal]:
        """What was carried over from the year before (上年结转), of all funds or of one item, in
        元."""
        return frozenset(
            convert(f.value, f.unit, "元")
            for f in self.report.figures
            if f.value
            and f.unit in MONEY
            and f.table
            and "上年" in f"{f.subject}{f.facet}"
            and re.search("结转|结余", f"{f.subject}{f.facet}")
        )

    @cached_property
    def checked(self) -> tuple[Finding, ...]:
        """What the consistency checks say of the report."""
        return tuple(check_report(self.report))

    @cached_property
    def findings(self) -> dict[str, list[Finding]]:
        """What the consistency checks found wrong, by the id of each figure that takes part."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.checked:
            if finding.verdict == "differs" and not finding.explained:
                for term in finding.terms:
                    if term.figure and finding not in found[term.figure]:
                        found[term.figure].append(finding)
        return found

    # -- look-up -------------------------------------------------------------------------------

    def weight(self, pair: str) -> float:
        """How telling a pair of characters is among the names of this report."""
        return self._weights.get(pair, self._unknown)

    def explained(self, wanted: Iterable[str], *places: tuple[Container[str], float]) -> float:
        """The share of the weight of `wanted` pairs that the places hold.

        A pair counts with the factor of the first place that holds it.
        """
        wanted = tuple(wanted)
        held = math.fsum(
            self.weight(p) * next((factor for place, factor in places if p in place), 0.0)
            for p in wanted
        )
        return held / (self._together(wanted) or 1.0)

    def _together(self, wanted: Iterable[str]) -> float:
        return math.fsum(map(self.weight, wanted))  # the same in whatever order a set gives them

    def find(self, wanted: Wanted, limit: int = 40) -> list[Hit]:
        """The figures that fit, best first."""
        known = self._found.get(wanted)
        if known is None:
            known = self._search(wanted)
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[wanted] = known
        return known[:limit]

    def _search(self, wanted: Wanted) -> list[Hit]:
        if wanted.scope:  # 一般公共预算基本支出 is no 一般公共服务支出: the scope names it
            wanted = replace(wanted, content=_OF_SCOPE.sub("", wanted.content))
        asked = content_pairs(wanted.content)
        weights = {p: self.weight(p) for p in sorted(asked)}  # one order, one rounding
        total = self._together(asked) or 1.0
        matched: dict[int, float] = {}
        named: dict[int, float] = {}
        if asked:
            for pair, weight in weights.items():
                for position, share, own in self._holding.get(pair, ()):
                    matched[position] = matched.get(position, 0.0) + weight * share
                    if own:
                        named[position] = named.get(position, 0.0) + weight
        coded = {i for code in wanted.codes for i in self._coded.get(code, ())}
        hits = []
        for position in coded or matched:
            entry = self.entries[position]
            cover = min(1.0, matched.get(position, 0.0) / total)
            if position in coded:
                cover = max(cover, 0.6)
            elif cover < _LEAST_COVER and named.get(position, 0.0) < 0.3 * entry.own_weight:
                continue
            name = named.get(position, 0.0) / entry.own_weight
            score = cover + 0.5 * name + self._fit(entry, wanted, asked)
            hits.append(Hit(entry, score, cover, name, wanted.content))
        hits.sort(key=lambda h: (-h.score, h.figure.page, h.figure.row))
        return hits[:_KEPT]

    def _fit(self, entry: Entry, wanted: Wanted, asked: frozenset[str]) -> float:
        figure = entry.figure
        asked_measure = wanted.measure
        if self._aims and asked_measure in {"", "actual"}:
            asked_measure = "target" if figure.measure == "target" else asked_measure
        fit = measure_fit(asked_measure, figure) - (0.35 if asked_measure != wanted.measure else 0)
        if entry.facet_pairs:
            share = len(entry.facet_pairs & asked) / len(entry.facet_pairs)
            # An economic item's part (基本支出) is the table's whole; another part was asked for.
            fit += 0.1 if share > 0.6 else (-0.08 if figure.code.startswith("3") else -0.3)
        if (
            figure.code.startswith("3")
            and entry.subject in self._expenses
            and not (set(wanted.codes) or wanted.tables or "基本" in wanted.content)
        ):
            fit -= 0.12  # 会议费 as a whole stands in the 三公 table, its basic part in another
        if entry.subject.startswith("其他") and "其他" not in wanted.content:
            fit -= 0.3  # the rest of an account is not the account
        for part in data.lexicon().parts:
            if part in wanted.content and part not in entry.own_words:
                fit -= 0.3  # the part of the item was asked for, not the whole
        if data.compiled(_SPECIAL).search(entry.subject) and not data.compiled(_SPECIAL).search(
            wanted.content
        ):
            fit -= 0.25
        if wanted.units:
            fit += 0.3 if figure.unit in wanted.units else -0.5
        if wanted.scope:
            own = figure.scope == wanted.scope or _says_fund(figure, wanted.scope)
            fit += 0.2 if own else -0.25
            table = self.tables.get(figure.table_id)
            if table is not None and table.scope == wanted.scope != "全口径":
                fit += 0.15  # the table that is about nothing else
        elif figure.scope in FUND_SCOPES:
            fit -= 0.2
        if wanted.codes:
            fit += 1.0 if self.code_of(figure) in wanted.codes else -0.6
        if wanted.tables:
            fit += 0.35 if figure.table_id in wanted.tables else -0.2
        if wanted.year is not None and figure.year not in {None, wanted.year}:
            fit -= 0.8
        if wanted.base and figure.base:
            fit += 0.15 if wanted.base in figure.base else -0.15
        if figure.state == "text" and wanted.measure not in {
            "grade",
            "reason",
            "target",
            "actual",
            "goal",
        }:
            fit -= 0.6
        if figure.state in {"blank", "dash"}:
            fit -= 0.06
        if not figure.table:
            fit -= 0.03
        return fit

    def mentioned_tables(self, reading: Reading) -> frozenset[str]:
        """Ids of the tables that a question names by title, form code or annex number."""
        text = squeeze(reading.original)
        phrases = [
            _both_sides(re.sub(r"(里面|里|中|上|的)$", "", squeeze(m.group())))
            for m in data.compiled(data.lexicon().tables).finditer(reading.original)
        ]
        phrases = [re.sub(r"^(部门|单位)(?=\S{3})", "", p) for p in phrases if len(p) >= 4]
        found: dict[str, float] = {}
        codes = re.findall(r"(?:公开)?0?(\d{1,2})(?:号)?表(?!述|示|现)", text)
        for table in self.tables.values():
            digits = re.sub(r"\D", "", table.form_code)
            if digits and codes and int(digits) in {int(c) for c in codes}:
                found[table.id] = 30.0
                continue
            annex = re.findall(r"附(?:件|表)\d+", text)
            if annex and table.form_code in annex:
                found[table.id] = 30.0
                continue
            title = pairs(_both_sides(re.sub(r"^\d{4}年度?(部门|单位)?", "", squeeze(table.title))))
            for phrase in phrases:
                words = pairs(phrase)
                shared = len(title & words)
                # F1 of the two names, whole titles first
                enough = shared >= 0.4 * len(title) or len(words) >= _LONG_NAME
                if enough and shared >= 0.7 * len(words):
                    score = 2 * shared / (len(title) + len(words))
                    found[table.id] = max(found.get(table.id, 0.0), score)
        if not found and (scoped := self._of_scope(reading)):
            return scoped
        if not found and (ordinal := self._by_order(text)):
            return frozenset({ordinal})
        if not found and re.search(r"自评表", text):
            found = {t.id: 1.0 for t in self.tables.values() if t.kind == "form"}
        if not found and re.search(r"三公[”\"]?(经费)?表", text):
            found = {t.id: 1.0 for t in self.tables.values() if "三公" in squeeze(t.title)}
        if not found:
            return frozenset()
        best = max(found.values())
        chosen = frozenset(i for i, score in found.items() if score >= best - 0.05)
        named = {i for i in chosen if squeeze(self.tables[i].title) in text}
        return frozenset(named) or chosen  # 市级使用资金绩效自评情况汇总表, not every 汇总表

    def _of_scope(self, reading: Reading) -> frozenset[str]:
        """The tables of the special fund that the question names one of: 政府性基金那张表."""
        match = re.search(data.word("table_of_fund"), squeeze(reading.original))
        if match is None:
            return frozenset()
        scope = data.word_or("scope_called", match["fund"], match["fund"])
        return frozenset(t.id for t in self.tables.values() if t.scope == scope)

    def _by_order(self, text: str) -> str:
        """The id of the nth standard table (05表, 表五), where the tables bear no numbers."""
        match = re.search(
            r"(?<!\d)0?(\d{1,2})表|(?<![\u4e00-\u9fff])表([一二三四五六七八九十]|\d{1,2})(?!\d)",
            text,
        )
        if not match or any(t.form_code.startswith("公开") for t in self.tables.values()):
            return ""
        number = numeral(match[1] or match[2]) or 0
        standard = [t for t in self.tables.values() if t.kind == "table" and t.unit]
        return standard[number - 1].id if 0 < number <= len(standard) else ""

    # -- figures that say the same ---------------------------------------------------------------

    def same_fact(self, figure: Figure) -> list[Figure]:
        """All figures that say what `figure` says (itself first): the same name, part, measure,
        base, year, scope and project, with a number."""
        others = [
            f
            for f in self._alike.get(self.identity(figure), ())
            if f.id != figure.id and self._same_code(f, figure)
        ]
        return [figure, *others]

    def identity(self, figure: Figure) -> tuple[object, ...]:
        """What makes two figures the same fact. Projects count under every name they bear."""
        project = self.project_of(figure.project)
        subject = "" if project and self.is_project_level(figure) else topic(figure)
        family = next((i for i, f in enumerate(FAMILIES) if figure.measure in f), figure.measure)
        if family == 0:  # the stages of a budget differ; only 预算数 and 全年预算数 may be one
            family = "initial" if figure.measure == "budget_initial" else "budget"
        money = figure.unit in MONEY
        return (
            part_of_sum(figure),
            project,
            subject,
            ""
            if (project and not _OF_FUND.search(figure.facet))
            or figure.code.startswith("3")
            or core(figure.facet) == subject
            else core(figure.facet),
            family,
            "" if project else base_named(figure.base),
            figure.year,
            "" if project or subject == "财政拨款收入" else figure.scope,
            "money" if money else unit_named(figure),
        )

    def entry(self, figure: Figure) -> Entry:
        """A figure with what it can be called. Raises KeyError for a figure of another report."""
        return self._by_id[figure.id]

    def figure(self, figure: str) -> Figure | None:
        """The figure with this id, None where there is none."""
        entry = self._by_id.get(figure)
        return entry.figure if entry else None

    def fields_of(self, figure: Figure) -> dict[str, float]:
        """The character pairs that a figure can be called by, with their weights."""
        entry = self._by_id.get(figure.id)
        return entry.fields if entry else {}

    def named(self, figure: Figure, segments: Sequence[str]) -> float:
        """The share of a figure's own name that the segments of a question hold."""
        entry = self._by_id.get(figure.id)
        asked = {p for s in segments for p in pairs(key(s))}
        return self.explained(entry.subject_pairs if entry else (), (asked, 1.0))

    def has_code(self, code: str) -> bool:
        return code in self._coded

    def _same_code(self, a: Figure, b: Figure) -> bool:
        """Codes that do not contradict: equal as far as both go, or one is not printed."""
        one, other = self.code_of(a), self.code_of(b)
        return not one or not other or one == other

    def code_of(self, figure: Figure) -> str:
        """The account code of a figure; the prose names items by path, the tables by code."""
        return figure.code or self._codes.get(tuple(core(i) for i in figure.item[-2:]), "")

    def is_project_level(self, figure: Figure) -> bool:
        """Whether the figure is about the project as a whole and not one of its indicators."""
        if not figure.project:
            return False
        subject = key(figure.subject)
        if figure.table and self.tables[figure.table_id].kind == "form":
            if figure.measure in {"score"}:
                return subject == "总分"
            return subject == "年度资金总额" and figure.measure != "weight"
        if figure.table and figure.item and not figure.facet:  # 项目名称 | 功能科目 | 金额
            return any(self.project_of(i) == self.project_of(figure.project) for i in figure.item)
        return self.project_of(figure.subject) == self.project_of(figure.project)

    def project_of(self, name: str) -> str:
        """The name that a project goes by, for any name that it bears in the report."""
        return self.projects.get(name, name)

    def names_of_project(self, name: str) -> list[str]:
        """All names that a project bears, given any of them."""
        canonical = self.project_of(name)
        return [n for n, c in self.projects.items() if c == canonical]

    # -- inside --------------------------------------------------------------------------------

    def _entry(self, figure: Figure) -> Entry:
        project_names = self.names_of_project(figure.project) if figure.project else []
        level = self.is_project_level(figure)
        subject = figure.project if level else figure.subject
        side = topic(figure)
        if side in {"本年支出", "本年收入"} and figure.scope not in {"全口径", "财政拨款"}:
            subject = figure.scope + side[2:]  # 一般公共预算财政拨款支出
        table = self.tables.get(figure.table_id)
        before = ""
        if figure.sentence:
            before = figure.sentence[: max(0, figure.sentence.find(figure.printed))]
        fields: dict[str, float] = {}

        def add(field: str, texts: Iterable[str]) -> None:
            for text in texts:
                for pair in pairs(key(text)):
                    fields[pair] = max(fields.get(pair, 0.0), _WEIGHTS[field])

        add("subject", [subject, core(subject), side] if not level else [subject, core(subject)])
        if side in {"本年支出", "本年收入", "总计"}:
            add(
                "subject", [figure.subject, f"{side}合计", "收入支出总计" if side == "总计" else ""]
            )
        add("project", project_names)
        add("item", figure.item)
        add("column", [*figure.column, figure.facet])
        add("table", [figure.table, table.form_code if table else "", figure.scope])
        add("words", [before, *self.section_of(figure), *unit_words(figure), words_behind(figure)])
        subject_pairs = pairs(key(subject))
        bare = core(_REMARK.sub("", subject)) or core(subject)
        if len(bare) >= 3:
            subject_pairs = pairs(bare)
        if level:
            subject_pairs = min(
                (pairs(core(n)) for n in project_names), key=len, default=subject_pairs
            )
        return Entry(
            figure,
            core(subject),
            self.project_of(figure.project),
            subject_pairs,
            pairs(key(figure.facet)),
            fields,
            own_words=key("".join((*figure.item, *figure.column, figure.subject, figure.facet))),
        )

    def section_of(self, figure: Figure) -> Sequence[str]:
        """The innermost heading above a figure of the prose."""
        paragraph = self.paragraph_of(figure)
        return paragraph.section[-1:] if paragraph is not None else ()

    def paragraph_of(self, figure: Figure) -> Paragraph | None:
        """The paragraph that a figure of the prose stands in, None for a figure of a table."""
        if figure.table or not figure.table_id.startswith("p"):
            return None
        return self.report.paragraphs[int(figure.table_id[1:])]


def _says_fund(figure: Figure, scope: str) -> bool:
    """Whether the row of a table of all funds names the fund: 一般公共预算财政拨款收入."""
    fund = _FUND.match(scope)
    return fund is not None and key(figure.subject).startswith(fund.group())


_FUND = re.compile("一般公共预算|政府性基金|国有资本经营")
_OF_FUND = re.compile(data.word("fund_facets"))  # a column of one fund is no whole
_LONG_NAME = 7  # pairs of characters of a name that says enough of a longer title


def _both_sides(title: str) -> str:
    """收支总表 and 收入支出总表 are one title."""
    return title.replace("收支", "收入支出")
