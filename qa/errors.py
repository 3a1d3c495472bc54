"""What can go wrong with a question. Every message is one line for the user, in Chinese."""

from __future__ import annotations


class QaError(Exception):
    """Base of the errors of `qa`."""


class QuestionError(QaError):
    """The question is empty or too long."""


class PlanError(QaError):
    """A plan that cannot be run: unknown operand, units that do not fit, a zero base."""


class AnswerError(QaError):
    """An answer that holds a number which is neither a figure's nor a calculation's."""
