"""What an answer adds about its sources: figures of scanned pages were recognised, not written."""

from __future__ import annotations

from dataclasses import replace

from index.values import Report
from prompts import say
from qa.values import Answer


def of_scans(answer: Answer, report: Report) -> Answer:
    """The answer with its citations of scanned pages marked, and a caution if there are any."""
    scans = sorted({c.page for c in answer.citations if report.scanned(c.page)})
    if not scans:
        return answer
    cited = tuple(replace(c, ocr=c.page in scans) for c in answer.citations)
    text = answer.text
    if answer.status == "answered":
        text += say("scanned", pages="、".join(map(str, scans)))
    return replace(answer, text=text, citations=cited)
