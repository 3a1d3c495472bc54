"""A whole evaluation: predict, score, write the report.

Writes into one folder: `answers.jsonl`, `scores.jsonl`, `summary.md`, and for each baseline its
`answers-NAME.jsonl` and `scores-NAME.jsonl`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.answers import AnswerFile, parse_answer, read_answers
from eval.gold import GoldItem, load_gold
from eval.predict import Ask, Progress, predict, read_questions, write_jsonl, write_text
from eval.report import (
    category_table,
    compare,
    difference_text,
    failure_block,
    headline_table,
    read_before,
    score_all,
    score_rows,
    summary,
)
from eval.score import Score

OURS = "本系统"


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
    systems: Mapping[str, tuple[str, Ask]],
    out: Path,
    before: Path | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Put a gold set to every system and write the report into `out`.

    `systems` maps a name to show to a name for files (empty for ours) and the function that
    answers; the first is the one evaluated. Raises EvalError.
    """
    items = load_gold(gold)
    questions = read_questions(gold)
    earlier = read_before(before) if before else None
    scores: dict[str, Sequence[Score]] = {}
    blocks: tuple[str, ...] = ()
    for name, (suffix, ask) in systems.items():
        tail = f"-{suffix}" if suffix else ""
        path = out / f"answers{tail}.jsonl"
        write_jsonl(path, predict(questions, ask, progress))
        answers = read_answers(path)
        scores[name] = score_all(items, answers)
        write_jsonl(out / f"scores{tail}.jsonl", score_rows(items, answers, scores[name]))
        if not suffix:
            blocks = _blocks(items, answers, scores[name])
    difference = compare(earlier, next(iter(scores.values()))) if earlier is not None else None
    write_text(out / "summary.md", summary(gold.name, pdf.name, scores, difference))
    parts = [headline_table(scores)]
    if difference is not None:
        parts.append(difference_text(difference))
    parts.append(category_table(scores))
    return Evaluation(scores, blocks, "\n\n".join(parts), out)


def _blocks(
    items: Sequence[GoldItem], answers: AnswerFile, scores: Sequence[Score]
) -> tuple[str, ...]:
    found = []
    for item, score in zip(items, scores, strict=True):
        if not score.ok:
            answer = parse_answer(answers.answers.get(item.id))
            found.append(failure_block(item, score, getattr(answer, "text", "")))
    return tuple(found)
