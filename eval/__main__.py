"""`python -m eval`: predict, run, gate, check, table, bench, readme, crash, scale, fast-model.

Results to stdout, notices to stderr. Exit 0; 1 for a failure named in one line; 2 for usage.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from eval import operation
from eval.gold import EvalError
from eval.predict import predict, read_questions, write_jsonl
from index.errors import ReportIndexError

if TYPE_CHECKING:
    from eval.run import Evaluation

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_GOLD = ROOT / "eval" / "gold" / "sample.jsonl"
SAMPLE_PDF = ROOT / "samples" / "yunhai-data-2024.pdf"
GATE = ROOT / "eval" / "gate.json"
GATE_OUT = ROOT / "eval" / "out" / "gate"
TABLE_OUT = ROOT / "eval" / "out" / "table"
LATEST = ROOT / "eval" / "out" / "latest"
README = ROOT / "README.md"

app = typer.Typer(
    help="评测：作答、评分、校验题集、测速。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(operation.app)

Gold = Annotated[Path, typer.Argument(metavar="GOLD.jsonl", help="题集，每行一题。")]
Store = Annotated[Path | None, typer.Option(help="索引所在的文件夹。")]
Result = TypeVar("Result")


def _attempt(work: Callable[[], Result]) -> Result:
    """The result of `work`; a failure that was foreseen becomes one line on stderr and exit 1."""
    try:
        return work()
    except (EvalError, ReportIndexError) as error:
        typer.echo(f"错误：{error}", err=True)
        raise typer.Exit(1) from error


class _Progress:
    """Progress on stderr: a line that is rewritten on a terminal, one line a stage elsewhere."""

    def __init__(self) -> None:
        self._label = ""

    def __call__(self, label: str, part: float) -> None:
        if sys.stderr.isatty():
            typer.echo(f"\r\x1b[K{label} {part * 100:.0f}%", err=True, nl=part >= 1)
        elif label != self._label:
            typer.echo(f"{label}……", err=True)
        self._label = label


@app.command("predict")
def predict_command(
    gold: Gold,
    pdf: Annotated[Path, typer.Option(help="题目所问的报告。")],
    out: Annotated[Path, typer.Option(help="答案写到哪里，每行一题。")],
    store: Store = None,
) -> None:
    """回答一个题集，不评分；只读每题的 id、question、history。"""

    def work() -> int:
        from eval.systems import open_ours

        questions, progress = read_questions(gold), _Progress()
        (ours,) = open_ours(pdf, store, progress)
        rows = write_jsonl(out, predict(questions, ours.ask, progress))
        return sum("error" in row for row in rows)

    if failed := _attempt(work):
        typer.echo(f"错误：{failed} 题作答时出错，见 {out} 中带 error 的行。", err=True)
        raise typer.Exit(1)


@app.command("run")
def run_command(
    gold: Annotated[
        Path | None, typer.Argument(metavar="[GOLD.jsonl]", help="题集；不给则用自带样本。")
    ] = None,
    pdf: Annotated[
        list[Path] | None, typer.Option(help="题目所问的报告；可多次，几份一起问。")
    ] = None,
    out: Annotated[Path, typer.Option(help="结果所在的文件夹。")] = LATEST,
    store: Store = None,
    baseline: Annotated[bool, typer.Option(help="同时评测两个基线。")] = True,
    ablation: Annotated[bool, typer.Option(help="同时评测去掉一部分的本系统。")] = False,
    against: Annotated[Path | None, typer.Option(help="与这个文件夹里的上次评测比较。")] = None,
) -> None:
    """作答、评分、写评测报告；列出每道没答对的题。"""
    if (gold is None) != (not pdf):
        raise typer.BadParameter("题集和 --pdf 须一起给出，或都不给（用自带样本）。")
    if gold and pdf and len(pdf) > 1:
        several, reports = gold, pdf
        _attempt(lambda: _evaluate_several(several, reports, out, store))
        return
    source, report = gold or SAMPLE_GOLD, pdf[0] if pdf else SAMPLE_PDF
    _attempt(lambda: _evaluate(source, report, out, store, baseline, ablation, against))


def _evaluate_several(gold: Path, pdfs: list[Path], out: Path, store: Path | None) -> None:
    from eval.several import evaluate_several

    result = evaluate_several(gold, pdfs, out, store, _Progress())
    _show(result)


def _evaluate(
    gold: Path,
    pdf: Path,
    out: Path,
    store: Path | None,
    baseline: bool = True,
    ablation: bool = False,
    against: Path | None = None,
) -> None:
    """Evaluate and show the result: what went wrong, then the tables."""
    from eval.gold import load_gold
    from eval.run import evaluate
    from eval.systems import open_ours

    load_gold(gold)  # a faulty line is told before anything is indexed
    progress = _Progress()
    ours, *without = open_ours(pdf, store, progress, ablation)
    others = []
    if baseline:
        from eval.baseline import baselines

        others = list(baselines(pdf))
    result = evaluate(gold, pdf, [ours, *others, *without], out, against, progress)
    _show(result)


def _show(result: Evaluation) -> None:
    for block in result.failures:
        typer.echo(block + "\n")
    typer.echo(result.console)
    typer.echo(f"评测报告写在 {result.folder}", err=True)


@app.command("gate")
def gate_command(
    store: Store = None,
    out: Annotated[Path, typer.Option(help="结果所在的文件夹。")] = GATE_OUT,
    file: Annotated[Path, typer.Option(help="记录所在的文件。")] = GATE,
    record: Annotated[bool, typer.Option("--record", help="把这次的结果记下来。")] = False,
    lower: Annotated[str | None, typer.Option(help="确要降低记录的理由，会留在记录里。")] = None,
) -> None:
    """关口：自带样本的正确率低于记录，或出现新的错误数字，退出码为 1。"""

    def work() -> bool:
        from eval.gate import GateError, judge, read_record, record_of, renewed, write_record
        from eval.run import evaluate
        from eval.systems import OURS, open_ours

        known = read_record(file)
        if known is None and not record:
            raise GateError(f"没有记录 {file}，请先用 python -m eval gate --record 记下一次结果。")
        progress = _Progress()
        systems = open_ours(SAMPLE_PDF, store, progress)
        result = evaluate(SAMPLE_GOLD, SAMPLE_PDF, systems, out, progress=progress)
        now = record_of(SAMPLE_GOLD, result.scores[OURS])
        if known is None or record:
            kept = renewed(known, now, lower, date.today())
            write_record(file, kept)
            typer.echo(f"已记录 {kept.right}/{kept.questions}：{file}", err=True)
            return True
        verdict = judge(known, now)
        for failure in verdict.failures:
            typer.echo(failure)
        for note in verdict.notes:
            typer.echo(note, err=True)
        typer.echo(f"{now.right}/{now.questions}，评测报告写在 {result.folder}", err=True)
        return not verdict.failures

    if not _attempt(work):
        raise typer.Exit(1)


@app.command("check")
def check_command(
    gold: Gold,
    pdf: Annotated[Path | None, typer.Option(help="同时核对页码和数字是否在这份报告里。")] = None,
) -> None:
    """校验题集：格式、算式与数值、页码；有错退出码为 1。"""

    def work() -> int:
        from eval.check import check_gold

        findings = check_gold(gold, pdf)
        for finding in findings:
            typer.echo(str(finding))
        errors = sum(finding.error for finding in findings)
        noted = len(findings) - errors
        typer.echo(f"{gold}：{errors} 处错误，{noted} 处提示", err=True)
        return errors

    if _attempt(work):
        raise typer.Exit(1)


@app.command("table")
def table_command(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="CSV、TSV、XLSX 或 HTML 表格。")],
    questions: Annotated[Path, typer.Option(help="题集，或每行只有 question 和 answer。")],
    title: Annotated[str, typer.Option(help="表的标题；不给则用文件名。")] = "",
    unit: Annotated[str, typer.Option(help="表里数字的单位，如 万元。")] = "",
    heads: Annotated[int, typer.Option(help="表头有几行。")] = 1,
    out: Annotated[Path, typer.Option(help="结果所在的文件夹。")] = TABLE_OUT,
    store: Store = None,
    baseline: Annotated[bool, typer.Option(help="同时评测两个基线。")] = False,
) -> None:
    """把一张别处的表格印成一份只有一张表的 PDF，再用它的题来评测。"""

    def work() -> None:
        from eval.tables import gold_from, print_table, read_table

        gold = gold_from(questions, out / "gold.jsonl")
        pdf = print_table(
            read_table(table), out / f"{table.stem}.pdf", title or table.stem, unit, heads
        )
        _evaluate(gold, pdf, out, store, baseline=baseline)

    _attempt(work)


@app.command("bench")
def bench_command(
    pdf: Annotated[Path, typer.Option(help="用哪份报告测。")] = SAMPLE_PDF,
    gold: Annotated[Path | None, typer.Option(help="用哪个题集测问答用时。")] = None,
) -> None:
    """测速：与裸 pdfplumber、LlamaIndex 向量检索相比；问答、冷启动用时和内存；打印 JSON。"""

    def work() -> None:
        from eval.bench import bench
        from eval.startup import cold_starts, plain_vector

        questions = gold or (SAMPLE_GOLD if pdf.resolve() == SAMPLE_PDF else None)
        asked = read_questions(questions) if questions else ()
        result = bench(pdf, asked) | plain_vector(pdf, asked) | cold_starts(pdf)
        typer.echo(json.dumps(result, ensure_ascii=False, indent=2))

    _attempt(work)


@app.command("startup")
def startup_command(
    pdf: Annotated[Path, typer.Option(help="用哪份报告测。")] = SAMPLE_PDF,
    times: Annotated[int, typer.Option(min=1, help="每条命令几次，取最短的。")] = 3,
) -> None:
    """不用向量的命令冷启动要几秒（另起一个进程，从启动到结束）；打印 JSON。"""

    def work() -> None:
        from eval.startup import cold_starts

        typer.echo(json.dumps(cold_starts(pdf, times), ensure_ascii=False, indent=2))

    _attempt(work)


@app.command("readme")
def readme_command(
    summary: Annotated[Path, typer.Option(help="哪次评测的结果。")] = LATEST / "summary.md",
    readme: Annotated[Path, typer.Option(help="写进哪个文件。")] = README,
) -> None:
    """把最近一次评测的表写进 README 的标记之间。"""

    def work() -> None:
        from eval.readme import put_summary

        put_summary(summary, readme)
        typer.echo(f"已写入 {readme}", err=True)

    _attempt(work)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app()
