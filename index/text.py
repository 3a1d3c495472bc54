"""Characters as they are compared, and numbers as they are printed.

`fold` keeps the length of its input, so that offsets found in folded text hold in the printed
text. Nothing here rounds.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

# CJK Radicals Supplement characters without a compatibility decomposition (Unicode 15, U+2E80..).
_RADICALS = str.maketrans(
    "⺁⺇⺋⺌⺏⺐⺑⺒⺓⺔⺕⺗⺙⺛⺝⺞⺟⺠⺡⺣⺤⺥⺦⺨⺩⺪⺬⺮⺰⺱⺲⺳⺴⺶⺷⺹⺼⺽⺾⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻏⻐⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "厂几㔾小尢尢尢巳幺彑彐心攵旡月歺母民水灬爫爫丬犬王疋示竹纟罒罒罒罒羊羊老肉臼艹艹虎衤西西见角讠贝车辶阝钅长门阝阝雨青韦页风飞食饣食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)
_DASHES = str.maketrans({c: "-" for c in "‐‑‒–—―−─－"})


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    wide = unicodedata.normalize("NFKC", char)
    return wide if len(wide) == 1 else char


def fold(text: str) -> str:
    """`text` with full-width forms and Kangxi radicals replaced, of the same length."""
    return "".join(map(_fold_char, text)).translate(_RADICALS)


_DROP = re.compile(r"[\s\u200b\ufeff]+")
_QUOTES = re.compile(r"[\"'“”‘’「」『』《》〈〉]")


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """`text` folded, without white space and quotation marks: the form for comparing names."""
    return _QUOTES.sub("", _DROP.sub("", fold(text))).lower()


# A comma groups three digits or lists two amounts: `1,055.4`, but `4125.49,4143.91` and `3,12`.
_NUMBER = re.compile(r"[-+]?(?<![\d.])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?!\.?\d)")
_BLANKS = {"", "-", "--", "---", "/", "无", "—"}


class Printed(NamedTuple):
    """A number as printed in a cell: comparison sign, exact value, unit behind it."""

    sign: str
    value: Decimal
    unit: str


_UNIT = (
    r"(?:亿元|万元|千元|百元|元|亿|万|%+|‰)?(?:个百分点|人次|批次|万人次|人|次|辆|台(?:\(套\))?|套|个|项|条|件|家|"
    r"处|份|户|场|期|批|座|栋|间|米|公里|千米|km|平方米|㎡|m2|亩|吨|小时|分钟|天|日|月|年|周|秒|毫秒|ms|分|"
    r"GB|TB|MB|G|M|T|kw|KW|千瓦|类|款|篇|册|只|株|所|名|位|组|团组|种|节|门|课时|路|端|点|棵|头|幅|张|块|片|段|"
    r"亿条|万条|亿次|万次|万个|亿个|万人|人日|人天|度|级|星级|倍)?"
    r"(?:(?:/[\u4e00-\u9fffA-Za-z]{1,4}(?:\([\u4e00-\u9fff]\))?){1,2}|每[\u4e00-\u9fff]{1,2})?"
)
_CELL = re.compile(
    r"^(?P<sign>[≤≥<>=＜＞≦≧]|不超过|不低于|不少于|不高于|大于等于|小于等于|大于|小于|达到)?"
    r"(?P<number>\(?[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?\)?)"
    rf"(?P<unit>{_UNIT}|[\u4e00-\u9fff]{{1,3}})$"
)


def decimal_of(printed: str) -> Decimal:
    """The exact value of one printed number, `(1,234.56)` being negative.

    Raises ValueError for anything else. `1,23` is not a number: a comma groups three digits.
    """
    text = fold(printed).translate(_DASHES).strip()
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1]
    if not re.fullmatch(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+", text):
        raise ValueError(f"not a printed number: {printed!r}")
    value = Decimal(text.replace(",", ""))
    return -value if negative else value


def read_cell(printed: str) -> Printed | None:
    """The number of a cell that holds one number and at most a sign and a unit; None otherwise."""
    text = _DROP.sub("", fold(printed).translate(_DASHES))
    match = _CELL.match(text)
    if not match or not any(c.isdigit() for c in match["number"]):
        return None
    try:
        value = decimal_of(match["number"])
    except ValueError:
        return None
    unit = re.sub(r"%+", "%", match["unit"] or "")
    return Printed(match["sign"] or "", value, unit)


def is_blank(printed: str) -> bool:
    """Whether the cell is empty or holds a placeholder (`XXX` of a template counts as blank)."""
    text = _DROP.sub("", fold(printed).translate(_DASHES))
    return text in _BLANKS or bool(re.fullmatch(r"[Xx×*]{1,6}(?:%|万元|元)?", text))


def is_dash(printed: str) -> bool:
    text = _DROP.sub("", fold(printed).translate(_DASHES))
    return bool(text) and set(text) <= {"-", "/"}


def numbers_in(text: str) -> list[tuple[int, int, Decimal]]:
    """Every number in running text: start, end, exact value. `4125.49,4143.91` are two numbers."""
    folded = fold(text)
    found = []
    for match in _NUMBER.finditer(folded):
        raw = match.group()
        start, end = match.span()
        if raw[0] in "+-" and start and (folded[start - 1].isalnum()):
            start, raw = start + 1, raw[1:]
        found.append((start, end, Decimal(raw.replace(",", ""))))
    return found
