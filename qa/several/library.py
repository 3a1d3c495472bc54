"""Questions to several reports: which are meant, what each says, and what that gives together.

One report is answered by its own engine, unchanged. Choosing reads identities only; the reports
addressed are opened one after the other and kept on a shelf.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from index.errors import StoreError
from index.settings import Settings
from index.shelf import some_names
from index.source import Progress
from index.store import Store
from prompts import say
from qa import data
from qa.engine import check_question, open_engine
from qa.errors import AnswerError, PlanError
from qa.several import compare, order
from qa.several.asked import Asked, in_dialogue
from qa.several.identity import Bodies, Identity
from qa.several.joint import Joint
from qa.several.limits import Limits, load_limits
from qa.several.round import Round, missing_names, namer
from qa.several.selection import Selection, select
from qa.several.shelf import Shelf, open_shelf
from qa.several.told import Told, align, tell
from qa.several.wording import wording
from qa.values import Answer

logger = logging.getLogger(__name__)

_MOST_CHOICES = 6
_COUNTED = re.compile("(人次|批次)$")
_OPERATIONS: dict[str, Callable[[Round], Answer | None]] = {
    "compare": compare.compared,
    "trend": compare.trend,
    "told": compare.told_twice,
    "rank": order.ranked,
    "sum": order.summed,
    "mean": order.averaged,
    "filter": order.filtered,
}
# 增长最快的部门: what is ranked is each report's change against the year before.
_CHANGE = re.compile("(?:增长|增加|上升|增幅|增速)(?P<r1>率)?|(?:减少|下降|压减|降幅)(?P<r2>率)?")


class Library:
    """The reports of a store as one body of knowledge. Safe to use from several threads."""

    def __init__(self, shelf: Shelf, limits: Limits | None = None) -> None:
        self.shelf = shelf
        self.limits = limits or load_limits()

    def ask(self, question: str, chosen: Sequence[str] = (), history: Sequence[str] = ()) -> Answer:
        """One answer from the reports `chosen`, all of the store when empty.

        Raises QuestionError for an unreadable question, StoreError for an unknown report.
        """
        started = time.perf_counter()
        check_question(question)
        pool = self._pool(chosen)
        if len(pool) == 1:
            return self.shelf.engine(pool[0].id).ask(question, history)
        bodies = Bodies(i.body for i in pool)
        asked = in_dialogue(question, history, bodies)
        answer = self._answer(asked, pool, history)
        return replace(answer, elapsed_ms=(time.perf_counter() - started) * 1000)

    def _pool(self, chosen: Sequence[str]) -> list[Identity]:
        known = {i.id: i for i in self.shelf.identities()}
        if not known:
            raise StoreError("索引中还没有报告：请先用 python -m index build 建立索引。")
        for report in chosen:
            if report not in known:
                names = some_names(list(known.values()))
                raise StoreError(f"索引中没有报告 {report}：可用的有 {names}。")
        return [known[r] for r in dict.fromkeys(chosen)] if chosen else list(known.values())

    def _answer(self, asked: Asked, pool: Sequence[Identity], history: Sequence[str]) -> Answer:
        if asked.unknown and not asked.bodies:
            return _unknown(asked, pool)
        if asked.other and not asked.bodies:
            return _which_body(asked, pool, tuple(dict.fromkeys(i.body for i in pool)))
        selection = select(asked, pool)
        if selection.unclear:
            return _which_body(asked, pool, selection.unclear)
        reports = selection.reports
        if not reports:
            return self._from_next_year(asked, pool, selection) or _no_report(selection, pool)
        if len(reports) == 1 and not selection.missing and not asked.relation:
            return self._single(asked, reports[0], history)
        if len(reports) == 1 and asked.relation in {"compare", "told"}:
            told = self._with_last_year(asked, reports[0], pool, selection, history)
            if told is not None:
                return told
        if not asked.item and asked.relation:
            return _joint(asked, selection, pool).answer(say("several_item"), status="clarify")
        if len(reports) > self.limits.compared:
            return _too_many(asked, selection, pool, self.limits.compared)
        if asked.relation:
            return self._related(asked, selection, pool)
        if selection.open and len(reports) > self.limits.few:
            return _which_report(asked, selection, pool)
        return self._each(asked, selection, pool, history)

    # -- one report ------------------------------------------------------------------------------

    def _single(self, asked: Asked, report: Identity, history: Sequence[str]) -> Answer:
        """The report's own answer, with its name, since others might have been meant."""
        engine = self.shelf.engine(report.id)
        answer = engine.ask(asked.item or asked.text, self._own_history(asked, history, report))
        return replace(answer, text=answer.text + _tail(asked, report))

    def _own_history(
        self, asked: Asked, history: Sequence[str], report: Identity
    ) -> tuple[str, ...]:
        """The earlier questions as the report's own engine may read them, without the names."""
        if asked.carried:
            return ()  # what the question leaves out was put in
        bodies = Bodies([report.body])
        items = (in_dialogue(h, (), bodies).item for h in history if h.strip())
        return tuple(item for item in items if item)

    def _with_last_year(
        self,
        asked: Asked,
        report: Identity,
        pool: Sequence[Identity],
        selection: Selection,
        history: Sequence[str],
    ) -> Answer | None:
        """A year against the one before it where only the later one has a report: it tells both."""
        years = {y for _, y in selection.missing}
        if not report.year or years != {report.year - 1} or len(pool) < 2:
            return None
        engine = self.shelf.engine(report.id)
        text = re.sub(rf"{report.year - 1}年度?", "上年", asked.text)
        for mention in reversed(Bodies([report.body]).mentions(text)):
            text = text[: mention.start] + text[mention.end :]
        answer = engine.ask(text.lstrip("的"), ())
        if answer.status != "answered":
            return None
        missing = say("several_missing", names=missing_names(selection.missing))
        return replace(answer, text=answer.text + missing + _tail(asked, report))

    def _from_next_year(
        self, asked: Asked, pool: Sequence[Identity], selection: Selection
    ) -> Answer | None:
        """A year without a report, as the report of the year after tells it."""
        derived = self._derived(asked, pool, selection)
        if not derived:
            return None
        joint = _joint(asked, selection, pool, [t.identity for t in derived])
        r = Round(asked, selection, list(derived), joint, lambda told: None)
        for told in r.usable:
            joint.value(told)
        return r.finish(say("several_told", label=r.label, items=r.listed(r.usable)))

    # -- several reports -------------------------------------------------------------------------

    def _related(self, asked: Asked, selection: Selection, pool: Sequence[Identity]) -> Answer:
        question = _put(asked)
        told = [self._tell(i, question) for i in selection.reports]
        if asked.relation != "told":
            told += self._derived(asked, pool, selection)
        told.sort(key=lambda t: (_place(t, selection), t.identity.year or 0))
        if all(t.value is None for t in told):
            return self._nothing(asked, selection, pool, told)
        engines = {i.id: self.shelf.engine(i.id) for i in selection.reports}
        plan_beside = len({i.kind for i in selection.reports}) > 1 and bool(asked.kinds)
        told = align(told, engines, measures=not plan_beside)
        joint = _joint(asked, selection, pool, [t.identity for t in told])
        before = self._planned if plan_beside else self._before
        r = Round(asked, selection, told, joint, lambda t: before(t, asked, selection))
        try:
            answer = _OPERATIONS[_operation(asked)](r)
        except PlanError as error:
            logger.info("not combined: %s", error)
            answer = None
        except AnswerError as error:
            logger.warning("%s: %s", asked.relation, error)
            answer = None
        return answer or self._listed(asked, selection, pool, told)

    def _tell(self, identity: Identity, question: str) -> Told:
        return tell(self.shelf.engine(identity.id), identity, question)

    def _before(self, told: Told, asked: Asked, selection: Selection) -> Told | None:
        """What the report of `told` says of the year before."""
        year = told.identity.year
        if year is None:
            return None
        past = tell(
            self.shelf.engine(told.identity.id), told.identity, f"{year - 1}年{_put(asked)}"
        )
        return past if past.value is not None else None

    def _planned(self, told: Told, asked: Asked, selection: Selection) -> Told | None:
        """The budget as the accounts print it, beside the budget report."""
        final = next((i for i in selection.reports if i.kind != "budget"), None)
        if final is None:
            return None
        engine = self.shelf.engine(final.id)
        for stage in ("年初预算数", "预算数"):
            again = tell(engine, final, f"{asked.item}{stage}是多少")
            if again.figure is not None and again.figure.measure.startswith("budget"):
                return again
        return None

    def _derived(self, asked: Asked, pool: Sequence[Identity], selection: Selection) -> list[Told]:
        """Missing years as the report of the year after tells them."""
        found = []
        for body, year in selection.missing:
            later = [i for i in pool if i.body == body and i.year == year + 1]
            later = [i for i in later if i.kind != "budget"]
            if not later or not asked.item:
                continue
            told = tell(self.shelf.engine(later[0].id), later[0], f"{year}年{_put(asked)}")
            if told.value is not None:
                whom = Identity(later[0].id, body, year, later[0].kind, later[0].title)
                found.append(replace(told, identity=whom, derived=True))
        return found

    def _each(
        self,
        asked: Asked,
        selection: Selection,
        pool: Sequence[Identity],
        history: Sequence[str],
    ) -> Answer:
        """Every report's own answer, one after the other."""
        question = asked.item or asked.text
        told = [
            tell(self.shelf.engine(i.id), i, question, self._own_history(asked, history, i))
            for i in selection.reports
        ]
        told += self._derived(asked, pool, selection)
        return self._listed(asked, selection, pool, told)

    def _listed(
        self,
        asked: Asked,
        selection: Selection,
        pool: Sequence[Identity],
        told: Sequence[Told],
    ) -> Answer:
        """Each report's answer under its name, nothing combined."""
        if all(t.answer.status != "answered" for t in told):
            return self._nothing(asked, selection, pool, told)
        told = [replace(t, other="") for t in told]
        joint = _joint(asked, selection, pool, [t.identity for t in told])
        r = Round(asked, selection, list(told), joint, lambda t: None)
        lines = []
        for t in told:
            name = joint.name(t.identity)
            joint.adopt(t.answer, name)
            lines.append(f"【{name}】{t.answer.text}")
            note = "" if t.answer.status == "answered" else "none"
            joint.row(t, "derived" if t.derived else note)
        answer = joint.answer("\n".join([*lines, r.missing() + r.understood()]).strip())
        return replace(answer, each=True)

    def _nothing(
        self,
        asked: Asked,
        selection: Selection,
        pool: Sequence[Identity],
        told: Sequence[Told],
    ) -> Answer:
        joint = _joint(asked, selection, pool, [t.identity for t in told])
        for t in told[:3]:
            joint.adopt(t.answer, joint.name(t.identity))
        joint.count(len(told))
        texts = " ".join(f"【{joint.name(t.identity)}】{t.answer.text}" for t in told[:3])
        return joint.answer(say("several_nothing", count=len(told), texts=texts), status="refused")


def open_asker(
    settings: Settings,
    reports: Sequence[str] = (),
    pdfs: Sequence[Path] = (),
    progress: Progress | None = None,
    store: Store | None = None,
) -> Callable[[str, Sequence[str]], Answer]:
    """Question and earlier turns to answer, over the reports given by id and by PDF.

    One report is asked by itself; none given means all of the store. PDFs are indexed if needed.
    Raises ReportIndexError subclasses and QuestionError.
    """
    store = store or Store(settings)
    given = len(reports) + len(pdfs)
    if given == 1 or (not given and len(store.reports()) < 2):
        return open_engine(
            settings,
            report=next(iter(reports), None),
            pdf=next(iter(pdfs), None),
            progress=progress,
            store=store,
        ).ask
    ids = [*reports, *(store.build(Path(pdf), progress).report for pdf in pdfs)]
    limits = load_limits()
    library = Library(open_shelf(settings, store, limits.open_reports), limits)
    return lambda question, history: library.ask(question, ids, history)


# -- what is asked, and how it is said -------------------------------------------------------------


def _put(asked: Asked) -> str:
    """The question that each report is asked."""
    item = asked.item
    if asked.relation == "rank" and (match := _CHANGE.search(item)):
        name = item[: match.start()].rstrip("的")
        rate = match["r1"] or match["r2"] or "快" in asked.text or "幅" in match.group()
        return f"{name}比上年增长率是多少" if rate else f"{name}比上年增加多少"
    if match := _COUNTED.search(item):
        return f"{item[: match.start()]}多少{match.group()}"
    if data.compiled(wording().asked).search(item):
        return item
    return f"{item}是多少"


def _operation(asked: Asked) -> str:
    """谁更高 asks for an order, though it compares."""
    return "rank" if asked.told("which", "which2") else asked.relation


def _place(told: Told, selection: Selection) -> int:
    """Where the body stands among those selected, so that answers keep the question's order."""
    bodies = [i.body for i in selection.reports] + [b for b, _ in selection.missing]
    return bodies.index(told.identity.body) if told.identity.body in bodies else len(bodies)


def _joint(
    asked: Asked,
    selection: Selection,
    pool: Sequence[Identity],
    told: Sequence[Identity] = (),
) -> Joint:
    reports = list(dict.fromkeys([*selection.reports, *told]))
    joint = Joint(asked.text, reports, namer(selection.by, reports))
    if asked.carried:
        joint.quote(asked.carried)
    return joint


def _tail(asked: Asked, report: Identity) -> str:
    text = say("several_from", title=report.title)
    text += "".join(say("several_assumed", name=name) for name in asked.assumed)
    if asked.carried:
        text += say("several_carried", carried=asked.carried)
    return text


# -- asked back and refused ------------------------------------------------------------------------


def _which_body(asked: Asked, pool: Sequence[Identity], bodies: Sequence[str]) -> Answer:
    years = "".join(f"{y}年" for y in asked.years[:1])
    chosen = bodies[:_MOST_CHOICES]
    choices = tuple(f"{body}{years}的{asked.item or '公务接待费'}" for body in chosen)
    joint = Joint(asked.text, pool, lambda i: i.label)
    joint.quote("".join(choices))
    text = say("several_other_which", choices="、".join(chosen))
    if not asked.other:
        named = next((m for m in asked.bodies if len(m) > 1), ())
        short = _short_of(asked.text, named)
        text = say("several_body", name=short, choices="、".join(chosen))
    return joint.answer(text, status="clarify", choices=choices)


def _short_of(text: str, bodies: Sequence[str]) -> str:
    mention = next(iter(Bodies(bodies).mentions(text)), None)
    return text[mention.start : mention.end] if mention else "、".join(bodies[:1])


def _which_report(asked: Asked, selection: Selection, pool: Sequence[Identity]) -> Answer:
    reports = sorted(selection.reports, key=lambda i: -(i.year or 0))
    choices = tuple(f"{_named(i)}的{asked.item}" for i in reports[:_MOST_CHOICES])
    joint = _joint(asked, selection, pool)
    joint.count(len(reports))
    joint.quote("".join(choices))
    template = "several_which" if len(reports) <= _MOST_CHOICES else "several_which_more"
    names = "、".join(_named(i) for i in reports[:_MOST_CHOICES])
    text = say(template, count=len(reports), choices=names)
    return joint.answer(text, status="clarify", choices=choices)


def _named(report: Identity) -> str:
    """A report as a question may name it."""
    year = f"{report.year}年" if report.year else ""
    return f"{report.body}{year}{report.word}报告"


def _unknown(asked: Asked, pool: Sequence[Identity]) -> Answer:
    joint = Joint(asked.text, pool, lambda i: i.label)
    known = _known_bodies(pool)
    joint.quote(known)
    text = say("several_unknown", names="、".join(asked.unknown), known=known)
    return joint.answer(text, status="refused")


def _no_report(selection: Selection, pool: Sequence[Identity]) -> Answer:
    joint = Joint("", pool, lambda i: i.label)
    bodies = {b for b, _ in selection.missing}
    near = [i.label for i in pool if not bodies or i.body in bodies][:12]
    names = missing_names(selection.missing) or "这样"
    joint.quote(names)
    return joint.answer(
        say("several_no_report", names=names, known="、".join(near)), status="refused"
    )


def _too_many(asked: Asked, selection: Selection, pool: Sequence[Identity], most: int) -> Answer:
    joint = Joint(asked.text, (), lambda i: i.label)
    joint.count(len(selection.reports))
    joint.count(most)
    text = say("several_too_many", count=len(selection.reports), most=most)
    return joint.answer(text, status="refused")


def _known_bodies(pool: Sequence[Identity]) -> str:
    bodies = list(dict.fromkeys(i.body for i in pool))
    more = f"等{len(bodies)}个" if len(bodies) > 12 else ""
    return "、".join(bodies[:12]) + more
