"""A whole evaluation: predict, score, write the report.

Writes into one folder: `answers.jsonl`, `scores.jsonl`, `retrieval.jsonl`, `summary.md`,
`report.html`, `difference.md` where there is a run to compare with, and for each other system its
`answers-NAME.jsonl` and `scores-NAME.jsonl`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.answers import AnswerFile, AnswerRecord, parse_answer, read_answers
from eval.gold import GoldItem, load_gold
from eval.page import Wrong, html_page
from eval.predict import Progress, predict, read_questions, write_jsonl, write_text
from eval.report import (
    category_table,
    difference_text,
    failure_block,
    headline_table,
    markdown,
    summary,
)
from eval.retrieval import Found, evaluate_retrieval, mean, rows
from eval.score import Score
from eval.systems import System
from eval.totals import compare, read_before, score_all, score_rows


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of a run: scores by system (ours first), and the texts to show."""

    scores: Mapping[str, Sequence[Score]]
    failures: tuple[str, ...]
    console: str
    folder: Path


def evaluate(
    gold: Path,
    pdf: Path,
    systems: Sequence[System],
    out: Path,
    against: Path | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Put a gold set to every system, the one evaluated first, and write the report into `out`.

    `against` is the folder of an earlier run to compare with, which may be `out` itself.
    Raises EvalError.
    """
    items = load_gold(gold)
    questions = read_questions(gold)
    earlier = read_before(against) if against else None
    scores: dict[str, Sequence[Score]] = {}
    found: dict[str, Sequence[Found]] = {}
    wrong: tuple[Wrong, ...] = ()
    for system in systems:
        tail = f"-{system.file}" if system.file else ""
        path = out / f"answers{tail}.jsonl"
        write_jsonl(path, predict(questions, system.ask, progress))
        answers = read_answers(path)
        scores[system.name] = score_all(items, answers)
        write_jsonl(out / f"scores{tail}.jsonl", score_rows(items, answers, scores[system.name]))
        if system.retriever is not None:
            found[system.name] = evaluate_retrieval(system.retriever, items)
        if system is systems[0]:
            wrong = _wrong(items, answers, scores[system.name], found.get(system.name, ()))
    write_jsonl(out / "retrieval.jsonl", rows(found))
    retrieval = {name: mean(these) for name, these in found.items()}
    difference = compare(earlier, scores[systems[0].name]) if earlier is not None else None
    table = summary(gold.name, pdf.name, scores, retrieval)
    write_text(out / "summary.md", table)
    page = html_page(gold.name, pdf, scores, retrieval, wrong, difference)
    write_text(out / "report.html", page)
    parts = [markdown(headline_table(scores))]
    if difference is not None:
        parts.append(difference_text(difference))
        write_text(out / "difference.md", difference_text(difference) + "\n")
    parts.append(markdown(category_table(scores)))
    blocks = tuple(failure_block(one.item, one.score, one.text) for one in wrong)
    return Evaluation(scores, blocks, "\n\n".join(parts), out)


def _wrong(
    items: Sequence[GoldItem],
    answers: AnswerFile,
    scores: Sequence[Score],
    retrieved: Sequence[Found],
) -> tuple[Wrong, ...]:
    by_id = {one.id: one for one in retrieved}
    wrong = []
    for item, score in zip(items, scores, strict=True):
        if not score.ok:
            answer = parse_answer(answers.answers.get(item.id))
            record = answer if isinstance(answer, AnswerRecord) else None
            wrong.append(Wrong(item, score, record, by_id.get(item.id)))
    return tuple(wrong)
