"""Whether a question is about the year before the report's."""

from __future__ import annotations

import re

from index.values import Report
from qa import data
from qa.reading import Reading


def named(report: Report, reading: Reading) -> bool:
    """Whether last year is named, and not only compared with."""
    compares = reading.has("change", "reason", "conflict", "yes_no") and not re.search(
        data.word("then_last_year"), reading.text
    )
    if compares or report.year in reading.years:
        return False
    said = re.search(data.word("names_last_year"), reading.original)
    return said is not None or _by_number(report, reading)


def meant(report: Report, reading: Reading) -> bool:
    """Whether last year's figure is surely meant: 去年 may be the report's own year."""
    if not named(report, reading):
        return False
    surely = re.search(data.word("surely_last_year"), reading.original)
    return _by_number(report, reading) or bool(surely) or report.kind == "budget"


def _by_number(report: Report, reading: Reading) -> bool:
    """Whether the question names the year before the report's by its number."""
    return report.year is not None and report.year - 1 in reading.years
