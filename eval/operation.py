"""Commands of `python -m eval` that try a store, not answers."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.gold import EvalError
from index.errors import ReportIndexError
from index.settings import load_settings
from qa.errors import QaError

SAMPLES = Path(__file__).resolve().parent.parent / "samples"

app = typer.Typer(add_completion=False)


@app.command()
def crash(
    times: Annotated[int, typer.Option(min=1, help="中止多少次。")] = 50,
    seed: Annotated[int, typer.Option(help="随机数种子。")] = 0,
) -> None:
    """在随机时刻中止（kill -9）建立索引的进程，每次都检查索引：原有的能答，新的完整或没有。"""
    from eval.crash import crash as kill

    with tempfile.TemporaryDirectory(prefix="report-qa-crash-") as folder:
        settings = load_settings(store=Path(folder) / "store", model="characters", chroma_url="")
        old, new = (SAMPLES / f"yunhai-{name}.pdf" for name in ("archive-2024", "data-2023"))
        _tell(lambda: kill(settings, old, new, times, seed))


@app.command()
def scale(
    pdfs: Annotated[list[Path], typer.Argument(help="报告，或装有报告的文件夹。")],
    sizes: Annotated[str, typer.Option(help="在多少份时测，逗号分开。")] = "1,100,1000",
    most: Annotated[
        int, typer.Option(help="最多读多少份；不够的用同样的内容、别的编号补足。")
    ] = 20,
) -> None:
    """索引随报告数增长的开销：磁盘、内存、每份用时、每问用时；不用向量模型。"""
    from eval.scale import measure
    from index.batch import find_pdfs

    with tempfile.TemporaryDirectory(prefix="report-qa-scale-") as folder:
        settings = load_settings(store=Path(folder) / "store", model="characters", chroma_url="")
        counts = [int(size) for size in sizes.split(",")]
        _tell(lambda: measure(settings, find_pdfs(pdfs)[:most], counts))


@app.command()
def standing(store: Annotated[Path, typer.Argument(help="索引目录。")]) -> None:
    """一个已经建好的索引：每份磁盘、列出、点名与不点名的每问用时；模型用 REPORTQA_MODEL 所设的。"""
    from eval.scale import standing as measure

    _tell(lambda: measure(load_settings(store=store, chroma_url="")))


@app.command("fast-model")
def fast_model(folder: Annotated[Path, typer.Argument(help="写入的文件夹。")]) -> None:
    """写一个几乎不费时的向量模型，只用来测速：REPORTQA_MODEL=文件夹。"""
    from eval.fast_model import save_fast_model

    typer.echo(save_fast_model(folder))


def _tell(work: Callable[[], dict[str, Any]]) -> None:
    try:
        typer.echo(json.dumps(work(), ensure_ascii=False, indent=1))
    except (EvalError, ReportIndexError, QaError) as error:
        typer.echo(f"错误：{error}", err=True)
        raise typer.Exit(1) from error
