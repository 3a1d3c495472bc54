"""What the page shows of a dialogue, as HTML: every part of it from the desk and a `Talk`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from html import escape

from index.errors import ReportIndexError
from index.store import ReportInfo
from qa import browse, chart
from qa.browse import Query
from qa.chart import Chart
from qa.checked import checks_html
from qa.desk import Desk
from qa.errors import QaError
from qa.panes import (
    Card,
    Shown,
    cards_html,
    error_html,
    evidence_html,
    header_html,
    no_evidence_html,
)
from qa.places import Located
from qa.several.places import ManyPlaces
from qa.show import answer_html, tools_html
from qa.suggest import Followed
from qa.talk import ALL, Talk, Turn
from qa.values import Answer
from qa.words import Words

logger = logging.getLogger(__name__)

REPORT_CHARTS = 3  # places for charts of a report


class Views:
    """The parts of the page over one desk. A failure is shown in its place, in one line."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def head(self, talk: Talk) -> str:
        """Raises ReportIndexError or QaError when the report cannot be opened."""
        return header_html(self.desk.report(talk.report) if talk.report else None, talk.words)

    def pane(self, talk: Talk) -> str:
        """The evidence pane: the figure picked from the list, else the citation pointed at."""
        try:
            if talk.figure:
                cited = (self.desk.places(talk.report).citation(talk.figure),)
                return self._evidence(talk, Shown(cited))
            if talk.cited:
                return self._evidence(talk, Shown(talk.cited, talk.position))
        except (ReportIndexError, QaError) as error:
            return no_evidence_html(str(error))
        settled = talk.turns and not talk.turns[talk.turn].waiting
        return no_evidence_html(talk.words("nothing_cited" if settled else "no_evidence"))

    def reply(self, talk: Talk, position: int) -> str:
        """What stands under a question: waiting, failure or the bare answer."""
        turn = talk.turns[position]
        if turn.waiting:
            name = "searching" if talk.report else "still_reading"
            return f'<p class="rq-waiting" role="status">{talk.words(name)}</p>'
        if turn.answer is None:
            return error_html(turn.error)
        return answer_html(turn.answer, position, talk.words, self._places(talk, turn.answer))

    def tools(self, talk: Talk, position: int) -> str:
        """What can be done about an answer; empty where there is none."""
        return tools_html(talk.turns[position], position, talk.words)

    def chart(self, talk: Talk, turn: Turn) -> Chart | None:
        """The chart of an answer."""
        places = self._places(talk, turn.answer) if turn.answer else None
        if turn.answer is None or places is None:
            return None
        return chart.of_answer(turn.answer, places, talk.words)

    def follows(self, talk: Talk, answer: Answer) -> tuple[str, ...]:
        """What to ask next; where an answer leads nowhere, some of what the report opened with."""
        if talk.several:  # what fits one report is not known of the others
            return ()
        asked = [turn.question for turn in talk.turns]
        followed = Followed(asked[-1], answer, asked)
        found = self.desk.follows(talk.report, followed)
        starts = [s for s in self.desk.starts(talk.report) if s not in asked]
        return found if len(found) > 1 else (*found, *starts[:2])

    def figures(self, talk: Talk, query: Query) -> str:
        """One screen of the list of figures."""
        if not talk.report:
            return ""
        found = browse.find(self.desk.report(talk.report), query)
        return browse.table_html(found, query, talk.words)

    def tables(self, talk: Talk) -> list[tuple[str, str]]:
        """What the list of figures can be narrowed to."""
        return browse.tables(self.desk.report(talk.report), talk.words) if talk.report else []

    def charts(self, talk: Talk) -> list[Chart]:
        """The charts of the report."""
        if not talk.report:
            return []
        return chart.of_report(self.desk.report(talk.report), talk.words)[:REPORT_CHARTS]

    def no_chart(self, talk: Talk, charts: Sequence[Chart]) -> str:
        """What is said where a report has no chart."""
        return "" if charts else f'<p class="rq-none">{talk.words("chart_none")}</p>'

    def checks(self, talk: Talk) -> str:
        """What the consistency checks found in the report."""
        if not talk.report:
            return ""
        return checks_html(self.desk.checked(talk.report), talk.words)

    def cards(self, talk: Talk) -> str:
        """The reports of the store."""
        return cards_html(self._cards(talk), talk.words)

    def choices(self) -> list[tuple[str, str]]:
        """The reports to choose from, as (title, id), with the body where titles leave it out."""
        try:
            return [(_told_apart(info), info.id) for info in self.desk.reports()]
        except ReportIndexError as error:
            logger.warning("the store cannot be listed: %s", error)
            return []

    def several_choices(self, words: Words) -> list[tuple[str, str]]:
        """The reports that can be asked together, as (title, id), before them all of the store."""
        found = self.choices()
        return [(words("several_all", count=len(found)), ALL), *found] if len(found) > 1 else []

    def scope(self, talk: Talk) -> str:
        """Which reports are asked together; empty where it is the open one."""
        if not talk.several:
            return ""
        known = {info.id: _told_apart(info) for info in self.desk.reports()}
        chosen = [known[r] for r in talk.several if r in known] or list(known.values())
        name = "several_scope" if len(chosen) < 4 else "several_scope_many"
        text = talk.words(name, count=len(chosen), names="、".join(chosen))
        return f'<p class="rq-scope" role="status">{escape(text)}</p>'

    def _places(self, talk: Talk, answer: Answer) -> Located | None:
        """None once another visitor has removed the report; what was answered stays readable."""
        try:
            if any(c.report != talk.report for c in answer.citations):
                for report in {c.report for c in answer.citations}:
                    self.desk.places(report)
                return ManyPlaces(answer, self.desk.places)
            return self.desk.places(talk.report) if talk.report else None
        except (ReportIndexError, QaError) as error:
            logger.info("answers without places: %s", error)
            return None

    def _cards(self, talk: Talk) -> list[Card]:
        cards = []
        for info in self.desk.reports():
            try:
                cover = self.desk.cover(info.id)
            except ReportIndexError as error:
                logger.warning("no cover of %s: %s", info.id, error)
                cover = "data:,"
            is_sample = info.id == self.desk.sample
            private, manages = self.desk.is_private(info.id), self.desk.visitor().manages
            cards.append(Card(info, cover, info.id == talk.report, is_sample, private, manages))
        return cards

    def _evidence(self, talk: Talk, shown: Shown) -> str:
        report = shown.citation.report
        pictures = self.desk.pictures(report, shown.citation)
        form = self.desk.places(report).form(shown.citation)
        several = len({c.report for c in shown.cited}) > 1 or report != talk.report
        title = self.desk.store.info(report).title if several else ""
        shown = Shown(shown.cited, shown.position, form, title)
        return evidence_html(shown, pictures.sheet, pictures.cutout, talk.words)


def _told_apart(info: ReportInfo) -> str:
    title = info.title or info.file
    return title if not info.body or info.body in title else f"{title} · {info.body}"
