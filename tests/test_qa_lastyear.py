"""Whether a question is about the year before the report's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa import lastyear
from qa.reading import read_question
from tests.test_qa_helpers import report


@pytest.mark.parametrize(
    ("question", "named", "meant"),
    [
        ("2023年公务接待费是多少", True, True),
        ("上年的公务接待费是多少", True, True),
        ("去年公务接待费是多少", True, False),  # of a report of 2024, asked in 2025
        ("公务接待费比2023年多多少", False, False),
        ("2024年和2023年的公务接待费", False, False),
        ("公务接待费是多少", False, False),
    ],
)
def test_last_year(question: str, named: bool, meant: bool) -> None:
    reading = read_question(question)
    assert lastyear.named(report(), reading) == named
    assert lastyear.meant(report(), reading) == meant


def test_a_budget_is_of_this_year_so_that_last_year_is_the_one_before() -> None:
    budget = replace(report(), kind="budget")
    assert lastyear.meant(budget, read_question("去年公务接待费是多少"))
