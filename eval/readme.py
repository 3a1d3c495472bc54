"""The last evaluation's table, put between two markers of the README.

Nothing outside the markers is touched.
"""

from __future__ import annotations

from pathlib import Path

from eval.gold import EvalError
from eval.predict import write_text

START = "<!-- accuracy:start -->"
END = "<!-- accuracy:end -->"


def put_summary(summary: Path, readme: Path) -> None:
    """Replace what stands between the markers of `readme`. Raises EvalError saying what to do."""
    table = _read(summary, "请先运行 python -m eval run。")
    page = _read(readme, "请检查路径。")
    head, start, rest = page.partition(START)
    _, end, tail = rest.partition(END)
    if not start or not end:
        raise EvalError(f"{readme} 里没有标记 {START} 和 {END}，请先加上。")
    write_text(readme, f"{head}{START}\n{table.strip()}\n{END}{tail}")


def _read(path: Path, remedy: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise EvalError(f"读不到文件 {path}：{error.strerror}。{remedy}") from error
