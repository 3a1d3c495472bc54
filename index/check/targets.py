"""Whether an actual value meets its target: `≤1000元` and `605元`, `10月30日前` and `12月31日`.

None is said where the two cannot be compared: other units, words, a range in place of a value.
"""

from __future__ import annotations

import calendar
import re

from index.text import fold, read_cell
from index.values import Figure

_LEAST = {"≥", ">", "≧", "＞", "不低于", "不少于", "大于等于", "大于", "达到"}
_MOST = {"≤", "<", "≦", "＜", "不超过", "不高于", "小于等于", "小于"}
_STRICT = {">", "<", "＞", "＜", "大于", "小于"}
_DATE = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?(?P<end>底|末)?"
)
_BEFORE = re.compile(r"前|以前|之前|内")


def judge(target: Figure, actual: Figure) -> bool | None:
    """Whether the target is met; None where nobody can tell from the two cells."""
    if target.value is not None and actual.value is not None:
        return _numbers(target, actual)
    if target.value is None and actual.value is None:
        return _dates(fold(target.printed), fold(actual.printed))
    return None


def _numbers(target: Figure, actual: Figure) -> bool | None:
    wanted, got = read_cell(target.printed), read_cell(actual.printed)
    if wanted is None or got is None or target.unit != actual.unit or got.sign:
        return None
    assert target.value is not None and actual.value is not None
    if wanted.sign in _LEAST:
        met = actual.value >= target.value
    elif wanted.sign in _MOST:
        met = actual.value <= target.value
    else:
        return True if actual.value == target.value else None
    if wanted.sign in _STRICT and actual.value == target.value:
        return None  # `<2` met by `2` is a matter of rounding
    return met


def _dates(target: str, actual: str) -> bool | None:
    """A deadline against the day of completion; a month without a day ends with its last."""
    wanted, got = _DATE.search(target), _DATE.search(actual)
    if wanted is None or got is None or not _BEFORE.search(target[wanted.end() :]):
        return None
    if _BEFORE.match(actual[got.end() :]):
        return None
    years = wanted["year"], got["year"]
    if all(years) and years[0] != years[1]:
        return str(years[1]) < str(years[0])
    limit = _day(wanted)
    day = _day(got)
    if got["day"] is None and wanted["day"] is not None and limit[0] == day[0]:
        return None  # 10月 against 10月15日前
    return day <= limit


def _day(match: re.Match[str]) -> tuple[int, int]:
    month = int(match["month"])
    if match["day"]:
        return month, int(match["day"])
    return month, calendar.monthrange(2024, month)[1] if 1 <= month <= 12 else 31
