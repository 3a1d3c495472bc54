"""`python -m qa ask`: one answer on stdout, as text or as JSON. Notices go to stderr."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Annotated

import typer

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from index.__main__ import StoreOption, failures, show_progress
from index.settings import load_settings
from qa.engine import check_question
from qa.errors import QaError
from qa.evidence import place_of
from qa.feedback import Feedback, candidates, feedback_path
from qa.several.library import open_asker
from qa.values import Answer

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """向部门决算报告提问。"""


@app.command()
def ask(
    question: str,
    pdf: Annotated[
        list[Path] | None, typer.Option("--pdf", help="报告 PDF，需要时先建立索引；可多次")
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option("--report", help="索引中的报告编号；可多次，都不给则问索引里的全部报告"),
    ] = None,
    history: Annotated[
        list[str] | None, typer.Option("--history", help="此前的提问，由早到晚，可多次")
    ] = None,
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """回答一个问题。"""
    with failures():
        try:
            check_question(question)
            asker = open_asker(
                load_settings(store=store), report or [], pdf or [], progress=show_progress
            )
            answer = asker(question, history or [])
        except QaError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
        if answer.notice:
            typer.echo(answer.notice, err=True)
        if as_json:
            typer.echo(json.dumps(answer.as_dict(), ensure_ascii=False))
        else:
            typer.echo(as_text(answer))


@app.command()
def feedback(store: StoreOption = None) -> None:
    """网页上收到的反馈，逐行输出为标准题候选（JSONL），供评测人员核对。"""
    with failures():
        path = feedback_path(load_settings(store=store))
        for line in candidates(Feedback(path).all()):
            typer.echo(line)


def as_text(answer: Answer) -> str:
    """An answer for a terminal: the text, then its sources."""
    lines = [answer.text]
    titles = {c.report: f"《{c.title}》" for c in answer.compared}
    for citation in answer.citations:
        place = titles.get(citation.report, "") + place_of(citation.page, citation.page_label)
        lines.append(f"  [{place}] {citation.source}：{citation.quote}")
    return "\n".join(lines)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app()
