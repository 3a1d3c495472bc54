"""Tables by what their title is about: 市对下转移支付一共多少钱 asks for the total of one."""

from __future__ import annotations

import re

from index.labels import UNIT
from index.text import squeeze
from index.values import Figure
from qa import data
from qa.catalogue import Catalogue
from qa.names import MONEY, SUMS, key

_NAME = 4  # characters of what a title is about


def total(catalogue: Catalogue, words: str) -> Figure | None:
    """The amount in the total row of the one table that the words name, of all its columns."""
    asked = _bare(words)
    if len(asked) < _NAME:
        return None
    named = [
        t.id for t in catalogue.tables.values() if t.kind != "form" and _bare(t.title) == asked
    ]
    if len(named) != 1:
        return None
    rows = [
        e.figure
        for e in catalogue.entries
        if e.figure.table_id == named[0] and e.figure.total and e.figure.unit in MONEY
    ]
    rows = [f for f in rows if f.value is not None]
    whole = [f for f in rows if squeeze(UNIT.sub("", "".join(f.column[-1:]))) in SUMS] or rows
    return whole[0] if len(whole) == 1 else None


def _bare(words: str) -> str:
    return re.sub(data.word("totals_of_title"), "", key(words))
