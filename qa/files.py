"""What visitors take away or leave behind: dialogues, figures, feedback, as files of one folder.

Files to hand out lie in a temporary folder that goes with the process; feedback is kept in the
store.
"""

from __future__ import annotations

import re
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Literal

from index.values import Report
from qa import browse
from qa.desk import Desk
from qa.feedback import Feedback, Opinion, candidates, feedback_path
from qa.talk import Talk
from qa.transcript import as_markdown

_UNSAFE = re.compile(r"[^\w（）()“”-]+")


class Files:
    """Files over one desk. Raises ReportIndexError or QaError, one line each."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.feedback = Feedback(feedback_path(desk.settings))
        self._folder = tempfile.TemporaryDirectory(prefix="report-qa-")

    def dialogue(self, talk: Talk) -> str:
        """The dialogue as Markdown; the file's path."""
        report = self.desk.report(talk.report or self.desk.sample)
        text = as_markdown(talk, report, self.desk.places(report.id), datetime.now())
        path = self._path(report, talk.words("tab_chat"), "md")
        path.write_text(text, encoding="utf-8")
        return str(path)

    def figures(self, talk: Talk, query: browse.Query, kind: Literal["csv", "xlsx"]) -> str:
        """The figures that `query` finds, as they are listed; the file's path."""
        report = self.desk.report(talk.report or self.desk.sample)
        found = browse.find(report, query)
        write = browse.write_csv if kind == "csv" else browse.write_xlsx
        return str(write(found, self._path(report, talk.words("tab_figures"), kind), talk.words))

    def opinions(self) -> str | None:
        """All feedback as candidates for a gold set; the file's path, None without any.

        It is everybody's, hence only for who may manage. Raises StoreError for others.
        """
        self.desk.check_manages()
        lines = list(candidates(self.feedback.all()))
        if not lines:
            return None
        path = self._place("feedback.jsonl")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(path)

    def keep(self, talk: Talk, turn: int) -> int:
        """Keep the verdict on a turn's answer; its number, for a note."""
        judged = talk.turns[turn]
        if judged.answer is None or not judged.verdict:
            raise ValueError(f"turn {turn} has no answer that was judged")
        history = tuple(t.question for t in talk.turns[:turn] if t.answer)
        answer = judged.answer.as_dict()
        return self.feedback.add(
            Opinion(talk.report, judged.question, history, answer, judged.verdict)
        )

    def _path(self, report: Report, what: str, kind: str) -> Path:
        name = _UNSAFE.sub("", report.title or Path(report.file).stem)[:60]
        return self._place(f"{name}-{what}.{kind}")

    def _place(self, name: str) -> Path:
        """A folder for each file: two visitors may save under one name at the same time."""
        return Path(tempfile.mkdtemp(dir=self._folder.name)) / name
