"""`python -m index`: build, list, remove, backup, restore, figures, check, show.

Results to stdout, notices to stderr.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from index.errors import PdfError, ReportIndexError
from index.settings import load_settings

if TYPE_CHECKING:
    from index.batch import Outcome
    from index.store import Store
    from index.values import Figure, Report

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
StoreOption = Annotated[Path | None, typer.Option("--store", help="索引目录")]


@contextmanager
def failures() -> Iterator[None]:
    """An error of ours is one line on stderr and exit 1; Ctrl-C is exit 130."""
    try:
        yield
    except ReportIndexError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


class ProgressLines:
    """Progress on stderr: one line rewritten in place on a terminal, else a line a stage.

    A stage's line is held back until the next one ends, so that a failure stands alone.
    """

    def __init__(self) -> None:
        self._held = ""

    def __call__(self, stage: str, share: float) -> None:
        show_progress(stage, share)
        if share == 1.0 and not sys.stderr.isatty():
            self.close()
            self._held = f"{stage} {share:.0%}"

    def close(self) -> None:
        if self._held:
            typer.echo(self._held, err=True)
        self._held = ""


def show_progress(stage: str, share: float) -> None:
    """One line on stderr, rewritten in place; nothing where stderr is no terminal."""
    if sys.stderr.isatty():
        typer.echo(f"\r{stage} {share:4.0%}   ", err=True, nl=False)


@app.command()
def build(
    pdfs: Annotated[list[Path], typer.Argument(help="PDF 文件，或装有 PDF 的文件夹（含子文件夹）")],
    store: StoreOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=0, max=64, help="同时读几份；0 为核数")
    ] = None,
) -> None:
    """建立索引；未变的报告跳过。每份报告输出一行 JSON，多份时最后在 stderr 汇总。"""
    from index.batch import Tally, build_all, find_pdfs
    from index.store import Store

    with failures():
        opened = Store(load_settings(store=store, workers=workers))
        found = find_pdfs(pdfs)
        tally = Tally()
        outcomes = (
            build_all(opened, found, opened.settings.workers)
            if len(found) > 1
            else _build_one(opened, found[0])
        )
        for outcome in outcomes:
            tally.add(outcome)
            if outcome.result is None:
                typer.echo(outcome.error, err=True)
            else:
                for warning in outcome.result.warnings:
                    typer.echo(f"{outcome.pdf.name}：{warning}", err=True)
                typer.echo(json.dumps(asdict(outcome.result), ensure_ascii=False))
            if len(found) > 1:
                show_progress("建立索引", tally.done / len(found))
        total = tally.summary()
        if len(found) > 1:
            typer.echo(
                f"共 {len(found)} 份：新建 {total.built}（{total.pages} 页），"
                f"未变 {total.skipped}，失败 {total.failed}；用时 {total.seconds} 秒",
                err=True,
            )
    if total.failed:
        raise typer.Exit(1)


def _build_one(store: Store, pdf: Path) -> Iterator[Outcome]:
    """One report, its pages shared among the cores, with progress."""
    from index.batch import Outcome

    progress = ProgressLines()
    try:
        result = store.build(pdf, progress, verify=True)
    except ReportIndexError as error:
        yield Outcome(pdf, error=str(error))
        return
    progress.close()
    yield Outcome(pdf, result)


@app.command("list")
def list_(store: StoreOption = None) -> None:
    """列出索引中的报告，每份一行 JSON。"""
    from index.store import Store

    with failures():
        for info in Store(load_settings(store=store)).reports():
            row: dict[str, Any] = {
                "report": info.id,
                "title": info.title,
                "body": info.body,
                "year": info.year,
                "file": info.file,
                "pages": info.pages,
                "tables": info.tables,
                "figures": info.figures,
                "passages": info.passages,
                "model": info.model,
                "warnings": list(info.warnings),
            }
            typer.echo(json.dumps(row, ensure_ascii=False))


@app.command()
def remove(report: str, store: StoreOption = None) -> None:
    """从索引中移除一份报告。"""
    from index.store import Store

    with failures():
        Store(load_settings(store=store)).remove(report)
        typer.echo(f"已移除 {report}", err=True)


@app.command()
def backup(file: Path, store: StoreOption = None) -> None:
    """把整个索引备份成一个文件；运行中的页面不用停。"""
    from index.backup import backup as copy

    with failures():
        done = copy(load_settings(store=store), file)
        typer.echo(f"已备份 {done.reports} 份报告到 {file}（{done.size / 1e6:.1f} MB）", err=True)


@app.command()
def restore(file: Path, store: StoreOption = None) -> None:
    """从备份恢复索引；目录里已有内容时不覆盖。"""
    from index.backup import restore as copy

    with failures():
        done = copy(load_settings(store=store), file)
        typer.echo(f"已恢复 {done.reports} 份报告，每个文件都与清单核对过", err=True)


@app.command()
def figures(pdf: Path, store: StoreOption = None) -> None:
    """逐行输出 PDF 中的每个数字（JSONL）；索引里有这份报告时不用再读一遍。"""
    with failures():
        report = _read(pdf, store)
        for figure in report.figures:
            if figure.value is not None:
                row = figure_as_dict(figure)
                if report.scanned(figure.page):
                    row["ocr"] = True
                typer.echo(json.dumps(row, ensure_ascii=False))


@app.command()
def show(
    pdf: Path,
    page: int,
    out: Annotated[Path | None, typer.Option("--out", help="写入的 PNG 文件")] = None,
) -> None:
    """在页面图上画出读到的单元格、数字和表头路径；图例输出到 stdout。"""
    from index.show import show_page

    with failures():
        picture, lines = show_page(pdf, page, workers=load_settings().workers)
        target = out or Path(f"{pdf.stem}-p{page}.png")
        try:
            picture.save(target, "PNG")
        except OSError as error:
            raise PdfError(
                f"无法写入 {target}：请检查目录和权限，或用 --out 换一个位置。"
            ) from error
        for line in lines:
            typer.echo(line)
        typer.echo(f"已写入 {target}", err=True)


@app.command()
def check(
    pdf: Path,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON 数组")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="写入的网页文件")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="写入的 Excel 文件")] = None,
    store: StoreOption = None,
) -> None:
    """核对报告自己的数字：勾稽关系、正文与表、比率、绩效自评；不必先建索引。"""
    from index.check import check_report
    from index.check.export import write_html, write_xlsx
    from index.check.listing import finding_as_dict, listing

    with failures():
        report = _read(pdf, store)
        findings = check_report(report)
        if html is not None:
            write_html(report, findings, html)
            typer.echo(f"已写入 {html}", err=True)
        if xlsx is not None:
            write_xlsx(report, findings, xlsx)
            typer.echo(f"已写入 {xlsx}", err=True)
        if as_json:
            rows = [finding_as_dict(finding) for finding in findings]
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            typer.echo("\n".join(listing(report, findings)))


def _read(pdf: Path, store: Path | None) -> Report:
    """What is read of `pdf`, from the store where the same was read already."""
    from index.guard import read_guarded
    from index.store import Store

    settings = load_settings(store=store)
    return Store(settings).stored(pdf) or read_guarded(pdf, settings, draw=False)


def figure_as_dict(figure: Figure) -> dict[str, Any]:
    """A figure as the interface names its fields; paths are joined with ` > `."""
    return {
        "item": " > ".join(figure.item),
        "code": figure.code or None,
        "column": " > ".join(figure.column),
        "year": figure.year,
        "scope": figure.scope,
        "value": format(figure.value, "f") if figure.value is not None else None,
        "unit": figure.unit,
        "printed": figure.printed,
        "page": figure.page,
        "page_label": figure.page_label,
        "bbox": figure.box.as_list(),
        "table": figure.table or None,
        "project": figure.project or None,
        "sentence": figure.sentence or None,
    }


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app()
