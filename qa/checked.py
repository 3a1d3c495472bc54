"""The consistency checks as the page shows them: what differs, with buttons that open the cells."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from index.check import Finding, Term
from index.check.listing import sort_findings
from qa.words import CHINESE, Words

_SEVERITY = {"error": "check_error", "warning": "check_warning", "note": "check_note"}
_MOST = 12  # places shown of one finding


def checks_html(findings: Sequence[Finding], words: Words = CHINESE) -> str:
    """Counts, then the differences, then those that are no mistake and what cannot be checked."""
    found = sort_findings(findings)
    counts = words(
        "check_counts",
        total=found.total,
        differs=len(found.differs),
        ok=found.ok,
        open=found.total - found.ok - len(found.differs),
    )
    parts = [f'<p class="rq-check-counts">{escape(counts)}</p>']
    if found.differs:
        parts.append(f"<ol>{''.join(_item(f, words) for f in found.differs)}</ol>")
    for name, some in (("check_explained", found.explained), ("check_open", found.open)):
        if some:
            items = "".join(_item(f, words, mark=False) for f in some)
            title = escape(words(name, count=len(some)))
            parts.append(f"<details><summary>{title}</summary><ul>{items}</ul></details>")
    name = escape(words("tab_checks"))
    return f'<section class="rq-checks" aria-label="{name}">{"".join(parts)}</section>'


def _item(finding: Finding, words: Words, mark: bool = True) -> str:
    severity = escape(words(_SEVERITY[finding.severity]))
    badge = f'<b class="rq-check rq-check-{finding.severity}">{severity}</b> ' if mark else ""
    places = "".join(_place(term, words) for term in finding.terms[:_MOST])
    shown = f'<div class="rq-chips">{places}</div>' if places else ""
    return f"<li>{badge}{escape(finding.text)}{shown}</li>"


def _place(term: Term, words: Words) -> str:
    """A value with its page; a button where the figure can be opened."""
    page = words("page_plain", page=term.page)  # the pages that the sentence names
    text = escape(f"{page} {term.printed}".strip())
    hint = escape(term.label)
    if not term.figure:
        return f'<span class="rq-place" title="{hint}">{text}</span>'
    return (
        f'<button type="button" class="rq-place" data-figure="{escape(term.figure)}"'
        f' title="{hint}">{text}</button>'
    )
