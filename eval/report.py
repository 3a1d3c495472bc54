"""The evaluation report: totals over scores, and the Markdown page that shows them.

Accuracy is right answers over all questions of the set; what cannot be scored is not right, and is
counted on its own. The interval is the 95% percentile bootstrap over questions with a fixed seed,
so that the same scores give the same report. Latencies are milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.answers import AnswerFile, parse_answer
from eval.gold import CATEGORIES, GoldError, GoldItem, Problem, join_pages, parse_object, read_lines
from eval.score import Score, score_answer

SEED = 20240
RESAMPLES = 10_000
CUT = 160

CATEGORY_NAMES = {
    "lookup": "查数",
    "derived": "推算",
    "compare": "比较",
    "rank": "排序",
    "list": "列举",
    "count": "计数",
    "trend": "增减",
    "reason": "原因",
    "definition": "名词",
    "yes_no": "是否",
    "unit": "换算",
    "multi_hop": "多步",
    "follow_up": "追问",
    "conflict": "矛盾",
    "unanswerable": "报告没有",
    "out_of_scope": "与报告无关",
}


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over a set of scores. Rates are fractions; None where nothing is counted."""

    questions: int
    right: int
    unscorable: int
    wrong_figures: int
    refused_answerable: int
    pages_asked: int
    pages_sufficient: int
    pages_cited: float | None
    latency_median: float | None
    latency_p95: float | None

    @property
    def accuracy(self) -> float:
        return self.right / self.questions if self.questions else 0.0


def total(scores: Sequence[Score]) -> Totals:
    """The totals of some scores.

    Page sufficiency is over answered questions that ask for pages; `pages_cited` is the mean
    number of pages that an answer with citations points to.
    """
    asked = [score.pages_ok for score in scores if score.pages_ok is not None]
    cited = [len(score.cited) for score in scores if score.cited]
    times = [score.elapsed_ms for score in scores if score.elapsed_ms is not None]
    return Totals(
        questions=len(scores),
        right=sum(score.ok for score in scores),
        unscorable=sum(score.state == "unscorable" for score in scores),
        wrong_figures=sum(score.wrong_figure for score in scores),
        refused_answerable=sum(
            score.status in ("refused", "clarify") and not score.status_ok for score in scores
        ),
        pages_asked=len(asked),
        pages_sufficient=sum(asked),
        pages_cited=float(np.mean(cited)) if cited else None,
        latency_median=float(np.median(times)) if times else None,
        latency_p95=float(np.percentile(times, 95)) if times else None,
    )


def by_category(scores: Sequence[Score]) -> dict[str, Totals]:
    """Totals by category, in the order of the gold schema, absent categories left out."""
    groups = {name: [s for s in scores if s.category == name] for name in CATEGORIES}
    return {name: total(group) for name, group in groups.items() if group}


def interval(scores: Sequence[Score], seed: int = SEED) -> tuple[float, float]:
    """The 95% bootstrap interval of accuracy, as fractions; (0, 0) without scores."""
    if not scores:
        return 0.0, 0.0
    right = np.array([score.ok for score in scores], dtype=float)
    draws = np.random.default_rng(seed).integers(0, len(right), (RESAMPLES, len(right)))
    low, high = np.percentile(right[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed against an earlier run of the same questions, by id."""

    fixed: tuple[str, ...]
    broken: tuple[str, ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]


def compare(before: Mapping[str, bool], scores: Sequence[Score]) -> Difference:
    """The difference to an earlier run, given as id -> whether it was right."""
    now = {score.id: score.ok for score in scores}
    return Difference(
        fixed=tuple(name for name, ok in now.items() if ok and before.get(name) is False),
        broken=tuple(name for name, ok in now.items() if not ok and before.get(name) is True),
        added=tuple(name for name in now if name not in before),
        gone=tuple(name for name in before if name not in now),
    )


def score_all(items: Sequence[GoldItem], answers: AnswerFile) -> tuple[Score, ...]:
    """The score of every item, in their order."""
    return tuple(score_answer(item, answers.answers.get(item.id)) for item in items)


def score_rows(
    items: Sequence[GoldItem], answers: AnswerFile, scores: Sequence[Score]
) -> list[dict[str, Any]]:
    """The scores as JSON-ready rows, with the question and the answer beside them."""
    rows = []
    for item, score in zip(items, scores, strict=True):
        answer = parse_answer(answers.answers.get(item.id))
        row = asdict(score)
        row |= {"reasons": list(score.reasons), "cited": list(score.cited)}
        text = getattr(answer, "text", "")
        rows.append(row | {"question": item.question, "gold": expected(item), "answer": text})
    return rows


def read_before(folder: Path) -> dict[str, bool]:
    """Which questions an earlier run got right. Raises GoldError when it left no scores there."""
    path = folder / "scores.jsonl"
    found: dict[str, bool] = {}
    for number, line in read_lines(path):
        try:
            row = parse_object(line)
        except ValueError as error:
            raise GoldError(str(Problem(path, number, str(error)))) from error
        if not isinstance(row.get("id"), str) or not isinstance(row.get("state"), str):
            raise GoldError(str(Problem(path, number, "不是评测结果（缺少 id 或 state）")))
        found[str(row["id"])] = row["state"] == "right"
    return found


def expected(item: GoldItem) -> str:
    """The gold answer in one line, as shown beside a wrong one."""
    if item.answer_type == "refusal":
        return "应拒答"
    parts = []
    if item.value is not None:
        within = f" ±{item.tolerance}" if item.tolerance else ""
        parts.append(f"{item.value}{item.unit}{within}")
        parts += [f"或 {other.value}{other.unit}" for other in item.also_accept]
    if item.polarity:
        parts.append(item.polarity)
    parts += [f"含 {entry}" for entry in item.must_include]
    return "；".join(parts)


def failure_block(item: GoldItem, score: Score, answer: str) -> str:
    """One wrong or unscorable question, to work through."""
    words = " ".join(answer.split())
    short = words if len(words) <= CUT else words[: CUT - 1] + "…"
    turns = f"（前文：{' / '.join(item.history)}）" if item.history else ""
    mark = "  【错误数字】" if score.wrong_figure else ""
    return "\n".join(
        [
            f"{score.id} [{score.category}]{mark} {item.question}{turns}",
            f"  标准：{expected(item)}",
            f"  回答：{score.status or '—'}｜{short}",
            f"  引页：{join_pages(score.cited) or '无'}",
            f"  原因：{'；'.join(score.reasons)}",
        ]
    )


def _percent(part: float) -> str:
    return f"{part * 100:.1f}%"


def _milliseconds(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def _pages(sums: Totals) -> str:
    if not sums.pages_asked:
        return "—"
    rate = _percent(sums.pages_sufficient / sums.pages_asked)
    return f"{sums.pages_sufficient}/{sums.pages_asked}（{rate}）"


def headline_table(systems: Mapping[str, Sequence[Score]]) -> str:
    """One row a system."""
    rows = [
        "| 系统 | 正确率（95% 区间） | 正确 | 错误数字 | 误拒或反问 | 不能评分 "
        "| 页码充分 | 平均引页 | 中位用时 ms | p95 用时 ms |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, scores in systems.items():
        sums = total(scores)
        low, high = interval(scores)
        cited = "—" if sums.pages_cited is None else f"{sums.pages_cited:.1f}"
        rows.append(
            f"| {name} | {_percent(sums.accuracy)}（{_percent(low)}–{_percent(high)}）"
            f" | {sums.right}/{sums.questions} | {sums.wrong_figures} | {sums.refused_answerable}"
            f" | {sums.unscorable} | {_pages(sums)} | {cited}"
            f" | {_milliseconds(sums.latency_median)} | {_milliseconds(sums.latency_p95)} |"
        )
    return "\n".join(rows)


def category_table(systems: Mapping[str, Sequence[Score]]) -> str:
    """One row a category: the first system in full, the others with their right answers."""
    (_, scores), *others = systems.items()
    rest = [(name, by_category(theirs)) for name, theirs in others]
    head = ["类别", "题数", "正确", "正确率", "错误数字", "页码充分", *(name for name, _ in rest)]
    rows = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for category, sums in by_category(scores).items():
        cells = [
            f"{CATEGORY_NAMES[category]} `{category}`",
            str(sums.questions),
            str(sums.right),
            _percent(sums.accuracy),
            str(sums.wrong_figures),
            f"{sums.pages_sufficient}/{sums.pages_asked}" if sums.pages_asked else "—",
            *(str(theirs[category].right) for _, theirs in rest),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def difference_text(difference: Difference) -> str:
    """Fixed and broken questions as a list."""
    lines = [
        f"- 变对 {len(difference.fixed)} 题：{'、'.join(difference.fixed) or '无'}",
        f"- 变错 {len(difference.broken)} 题：{'、'.join(difference.broken) or '无'}",
    ]
    if difference.added:
        lines.append(f"- 新增 {len(difference.added)} 题")
    if difference.gone:
        lines.append(f"- 不再有 {len(difference.gone)} 题")
    return "\n".join(lines)


def summary(
    gold: str,
    pdf: str,
    systems: Mapping[str, Sequence[Score]],
    difference: Difference | None = None,
) -> str:
    """The report as Markdown. The first system is the one evaluated, the others are baselines."""
    questions = len(next(iter(systems.values())))
    parts = [f"题集 `{gold}`（{questions} 题），报告 `{pdf}`。", headline_table(systems)]
    parts.append(category_table(systems))
    if difference is not None:
        parts.append("与上次评测相比：\n\n" + difference_text(difference))
    parts.append(
        "“错误数字”是答了数而数不对，或该拒答却答了数；“页码充分”是引用的页足以证明答案；"
        "区间为对题目自助抽样的 95% 百分位区间（固定种子）。"
    )
    return "\n\n".join(parts) + "\n"
