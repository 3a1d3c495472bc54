"""The evaluation report in Markdown, and the blocks that list what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.gold import GoldItem, join_pages
from eval.retrieval import LIMIT, Retrieval
from eval.score import Score
from eval.totals import Difference, Totals, by_category, expected, interval, total

CUT = 160
BESIDE = 3  # systems side by side by category; all of them stand in the other tables
NOTE = (
    "“错误数字”是答了数而数不对，或该拒答却答了数；“页码充分”是引用的页足以证明答案；"
    "“引页查全”“引页查准”是依据页被引到的比例、引用的页中属于依据页的比例；"
    "“他题的矛盾提示”是没有问矛盾而答案提示了矛盾的题数，有的提示得对；"
    "括号里是参评题数；区间为对题目自助抽样的 95% 百分位区间（固定种子）。"
)

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
PARTS = {
    "status": "作答",
    "refusal": "该拒则拒",
    "value": "数值",
    "text": "文字要点",
    "polarity": "是否",
    "pages": "页码充分",
    "page_recall": "引页查全",
    "page_precision": "引页查准",
    "conflict": "矛盾提示",
}


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


def percent(part: float) -> str:
    return f"{part * 100:.1f}%"


def milliseconds(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def _pages(sums: Totals) -> str:
    if not sums.pages_asked:
        return "—"
    rate = percent(sums.pages_sufficient / sums.pages_asked)
    return f"{sums.pages_sufficient}/{sums.pages_asked}（{rate}）"


Table = list[list[str]]  # rows of cells, the header first


def markdown(table: Table) -> str:
    """A table in Markdown."""
    head, *rows = table
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def headline_table(systems: Mapping[str, Sequence[Score]]) -> Table:
    """One row a system."""
    table = [["系统", "正确率（95%区间）", "正确", "错误数字", "误拒或反问", "不能评分"]]
    table[0] += ["页码充分", "中位用时 ms", "p95 用时 ms"]
    for name, scores in systems.items():
        sums = total(scores)
        table.append(
            [
                name,
                f"{percent(sums.accuracy)}{_within(scores)}",
                f"{sums.right}/{sums.questions}",
                str(sums.wrong_figures),
                str(sums.refused_answerable),
                str(sums.unscorable),
                _pages(sums),
                milliseconds(sums.latency_median),
                milliseconds(sums.latency_p95),
            ]
        )
    return table


def parts_table(
    systems: Mapping[str, Sequence[Score]], retrieval: Mapping[str, Retrieval | None]
) -> Table:
    """One row a system: the mean of each part over the questions scored on it, and retrieval."""
    head = ["系统", *PARTS.values(), f"检索命中@{LIMIT}", f"检索 MRR@{LIMIT}", "他题的矛盾提示"]
    table = [head]
    for name, scores in systems.items():
        sums, found = total(scores), retrieval.get(name)
        cells = [name]
        for part in PARTS:
            mean = sums.parts.get(part)
            cells.append(f"{percent(mean.value)}（{mean.questions}）" if mean else "—")
        cells.append(f"{percent(found.hit_rate)}（{found.questions}）" if found else "—")
        cells.append(f"{found.mrr:.3f}" if found else "—")
        cells.append(str(sums.conflicts_elsewhere))
        table.append(cells)
    return table


def category_table(systems: Mapping[str, Sequence[Score]]) -> Table:
    """One row a category: the first system in full, the next ones with their right answers."""
    (_, scores), *others = list(systems.items())[:BESIDE]
    rest = [(name, by_category(theirs)) for name, theirs in others]
    table = [["类别", "题数", "正确", "正确率（95%区间）", "错误数字", "页码充分"]]
    table[0] += [name for name, _ in rest]
    for category, sums in by_category(scores).items():
        group = [score for score in scores if score.category == category]
        table.append(
            [
                f"{CATEGORY_NAMES[category]} `{category}`",
                str(sums.questions),
                str(sums.right),
                f"{percent(sums.accuracy)}{_within(group)}",
                str(sums.wrong_figures),
                f"{sums.pages_sufficient}/{sums.pages_asked}" if sums.pages_asked else "—",
                *(str(theirs[category].right) for _, theirs in rest),
            ]
        )
    return table


def _within(scores: Sequence[Score]) -> str:
    low, high = interval(scores)
    return f"（{percent(low)}–{percent(high)}）"


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
    retrieval: Mapping[str, Retrieval | None] | None = None,
) -> str:
    """The report as Markdown. The first system is the one evaluated, the others are baselines."""
    questions = len(next(iter(systems.values())))
    parts = [f"题集 `{gold}`（{questions} 题），报告 `{pdf}`。", markdown(headline_table(systems))]
    parts.append(markdown(parts_table(systems, retrieval or {})))
    parts.append(markdown(category_table(systems)))
    return "\n\n".join([*parts, NOTE]) + "\n"
