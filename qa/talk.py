"""A visitor's dialogue over one report, as values: what was asked and answered, what is shown.

Nothing here renders and nothing here asks; every change gives a new `Talk`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from qa.values import Answer, Citation
from qa.words import CHINESE, Words

Verdict = Literal["", "right", "wrong"]
ALL = "*"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer, or the failure in one line; neither while it is waiting."""

    question: str
    answer: Answer | None = None
    error: str = ""
    more: tuple[str, ...] = ()
    verdict: Verdict = ""

    @property
    def cited(self) -> tuple[Citation, ...]:
        return self.answer.citations if self.answer else ()

    @property
    def waiting(self) -> bool:
        return self.answer is None and not self.error


@dataclass(frozen=True, slots=True)
class Talk:
    """The report, the turns, and the citation that is shown: `position` of `turn`.

    `several` are the reports that are asked together, `ALL` for whatever the store has; () for
    the open one alone.

    `figure` is the id of a figure that was picked elsewhere and is shown instead, "" for none.
    """

    report: str = ""
    words: Words = CHINESE
    turns: tuple[Turn, ...] = ()
    turn: int = 0
    position: int = 0
    figure: str = ""
    several: tuple[str, ...] = ()

    @property
    def history(self) -> tuple[str, ...]:
        """The earlier questions, oldest first; not those that failed or had to be asked back."""
        return tuple(t.question for t in self.turns if t.answer and t.answer.status != "clarify")

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the reports asked together, () for all of the store."""
        return () if ALL in self.several else self.several

    @property
    def waiting(self) -> bool:
        return any(t.waiting for t in self.turns)

    @property
    def cited(self) -> tuple[Citation, ...]:
        """The citations of the turn that is shown."""
        return self.turns[self.turn].cited if self.turn < len(self.turns) else ()

    def asked(self, question: str) -> Talk:
        """With a new question that waits for its answer."""
        turns = (*self.turns, Turn(question))
        return replace(self, turns=turns, turn=len(turns) - 1, position=0, figure="")

    def answered(self, answer: Answer) -> Talk:
        """With the answer, showing where its large figure stands, else its first citation."""
        first = answer.values[0].citations[:1] if answer.values else ()
        talk = self._last(replace(self.turns[-1], answer=answer))
        return talk.at(len(self.turns) - 1, *(first or (0,)))

    def failed(self, error: str) -> Talk:
        return self._last(replace(self.turns[-1], error=error))

    def followed(self, more: tuple[str, ...]) -> Talk:
        """With questions to ask next under the last answer."""
        return self._last(replace(self.turns[-1], more=more))

    def judged(self, turn: int, verdict: Verdict) -> Talk:
        """With the visitor's verdict on an answer; unchanged where there is none."""
        if not 0 <= turn < len(self.turns) or self.turns[turn].answer is None:
            return self
        turns = list(self.turns)
        turns[turn] = replace(turns[turn], verdict=verdict)
        return replace(self, turns=tuple(turns))

    def at(self, turn: int, position: int) -> Talk:
        """Showing another citation; unchanged where there is none."""
        if not (0 <= turn < len(self.turns) and 0 <= position < len(self.turns[turn].cited)):
            return self
        return replace(self, turn=turn, position=position, figure="")

    def stepped(self, step: int) -> Talk:
        """Showing the citation before or after, round at the ends."""
        count = len(self.cited)
        return self.at(self.turn, (self.position + step) % count) if count else self

    def picked(self, figure: str) -> Talk:
        """Showing a figure of the report's list."""
        return replace(self, figure=figure)

    def together(self, reports: tuple[str, ...]) -> Talk:
        """Asking several reports at once; one or none means the open one alone."""
        if ALL in reports:
            return replace(self, several=(ALL,))
        return replace(self, several=reports if len(reports) > 1 else ())

    def _last(self, turn: Turn) -> Talk:
        return replace(self, turns=(*self.turns[:-1], turn))
