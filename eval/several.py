"""A gold set over several reports: predict, score, and the tables; one system, no page pictures.

Each citation of an answer gets the `file` of its report, which the gold set's `places` name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.answers import read_answers
from eval.gold import EvalError, load_gold
from eval.predict import Ask, Progress, asker, predict, read_questions, write_jsonl, write_text
from eval.report import category_table, failure_block, headline_table, markdown
from eval.run import Evaluation
from eval.systems import OURS
from eval.totals import score_all, score_rows
from index.errors import ReportIndexError
from index.settings import load_settings
from index.source import report_id
from index.store import Store
from qa.errors import QaError
from qa.several.library import open_asker


def ask_several(pdfs: Sequence[Path], store: Path | None, progress: Progress) -> Ask:
    """Our chain over several reports, indexed first if needed. Raises EvalError."""
    shelf = Store(load_settings(store=store))
    try:
        ask = open_asker(shelf.settings, (), pdfs, progress, shelf)
    except QaError as error:
        raise EvalError(str(error)) from error
    files = {report_id(pdf): pdf.stem for pdf in pdfs}
    plain = asker(_Asker(ask), (QaError, ReportIndexError))

    def named(question: str, history: Sequence[str]) -> dict[str, Any]:
        answer = plain(question, history)
        for citation in answer["citations"]:
            citation["file"] = files.get(citation["report"], "")
        return answer

    return named


class _Asker:
    """A function from question to answer as `eval.predict` wants an engine."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    def ask(self, question: str, history: Sequence[str] = ()) -> Any:
        return self._ask(question, history)


def evaluate_several(
    gold: Path, pdfs: Sequence[Path], out: Path, store: Path | None, progress: Progress
) -> Evaluation:
    """Put a gold set to several reports and write answers, scores and summary into `out`.

    Raises EvalError, ReportIndexError.
    """
    items = load_gold(gold)
    path = out / "answers.jsonl"
    ask = ask_several(pdfs, store, progress)
    write_jsonl(path, predict(read_questions(gold), ask, progress))
    answers = read_answers(path)
    scores = {OURS: score_all(items, answers)}
    write_jsonl(out / "scores.jsonl", score_rows(items, answers, scores[OURS]))
    tables = f"{markdown(headline_table(scores))}\n\n{markdown(category_table(scores))}"
    names = "、".join(f"`{pdf.name}`" for pdf in pdfs)
    write_text(out / "summary.md", f"题集 `{gold.name}`，报告 {names}。\n\n{tables}\n")
    blocks = tuple(
        failure_block(item, score, str(answer.get("text", "")) if isinstance(answer, dict) else "")
        for item, score in zip(items, scores[OURS], strict=True)
        for answer in [answers.answers.get(item.id)]
        if not score.ok
    )
    return Evaluation(scores, blocks, tables, out)
