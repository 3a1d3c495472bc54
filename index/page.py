"""One page of a PDF: its lines and its ruled grids, from pdfplumber's characters and edges.

Characters belong to one line when they overlap vertically, not when their baselines agree: in files
of the genre the digits stand about five points below the ideographs of their own line.

Run as `python -m index.page PDF FIRST COUNT STEP` it writes the pages FIRST, FIRST + STEP, ... as a
pickle to stdout; `index.pages` starts it to read a report on several cores.
"""

from __future__ import annotations

import logging
import pickle
import struct
import sys
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import MethodType
from typing import Any

import pdfplumber
from pdfminer.layout import LTChar
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from index.errors import PdfError
from index.hidden import Hidden, find_hidden
from index.values import Box, Cell, Grid, Line, Page

logger = logging.getLogger(__name__)

# What pdfminer and pdfplumber let escape from damaged cross-reference tables, objects and streams.
_DAMAGE = (
    PSException,
    MalformedPDFException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_FEW_CHARS = 30  # a page number and a stamp, laid over a scan
_MOST_CHARS, _MOST_EDGES = 60_000, 20_000  # of one page: an A3 table has some 8,000 and 2,000
_LONGEST_SIDE = 100_000.0  # points; the PDF standard stops at 14,400
_EDGE = 2.0  # points within which two ruled edges are one


def guarded(pdf: Path, work: Callable[[Any], Any]) -> Any:
    """What `work` makes of the open document; every way that a file is bad is a PdfError."""
    try:
        with pdfplumber.open(pdf) as document:
            return work(document)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise PdfError(f"{pdf.name} 已加密：请先去除密码后再试。") from error
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], MemoryError):
            raise MemoryError from error
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect | PDFEncryptionError):
            raise PdfError(f"{pdf.name} 已加密：请先去除密码后再试。") from error
        raise PdfError(f"{pdf.name} 已损坏或不完整：请重新下载后再试。") from error
    except _DAMAGE as error:
        logger.warning("cannot read %s: %r", pdf, error)
        raise PdfError(f"{pdf.name} 已损坏或不完整：请重新下载后再试。") from error


def read_some(
    pdf: Path, numbers: Iterable[int], seen: Callable[[], None] | None = None
) -> list[Page]:
    """The pages with these numbers, no labels yet; `seen` is called after each. Raises PdfError."""

    wanted = list(numbers)
    hidden = find_hidden(pdf, wanted)

    def work(document: Any) -> list[Page]:
        pages = []
        for number in wanted:
            page = document.pages[number - 1]
            pages.append(_read_page(page, number, hidden.get(number, ())))
            page.close()
            if seen:
                seen()
        return pages

    return list(guarded(pdf, work))


def _light(page: Any, obj: Any) -> dict[str, Any]:
    """pdfplumber's `Page.process_object`, for characters only what is used here, to be faster."""
    if obj.__class__ is not LTChar:
        return dict(type(page).process_object(page, obj))
    left, top = page.mediabox[:2]
    ceiling = page.height + top
    return {
        "object_type": "char",
        "text": obj.get_text(),
        "x0": obj.x0 + left,
        "x1": obj.x1 + left,
        "top": ceiling - obj.y1,
        "bottom": ceiling - obj.y0,
        "size": obj.size,
        "upright": obj.upright,
    }


def _read_page(page: Any, number: int, hidden: Sequence[Hidden] = ()) -> Page:
    page.process_object = MethodType(_light, page)
    chars = [c for c in page.chars if c["text"] and c["upright"]]
    if hidden:
        chars = [c for c in chars if not any(run.holds(c) for run in hidden)]
    if len(chars) > _MOST_CHARS or len(page.edges) > _MOST_EDGES:
        raise PdfError(
            f"第 {number} 页的文字或线条多得不像报告（{len(chars)} 个字、{len(page.edges)} 条线）："
            "请确认文件无误，或另存为 PDF 后再试。"
        )
    width, height = float(page.width), float(page.height)
    if not (0 < width < _LONGEST_SIDE and 0 < height < _LONGEST_SIDE):
        raise PdfError(f"第 {number} 页的尺寸不合理：文件可能已损坏，请另存为 PDF 后再试。")
    tables = [table.cells for table in page.find_tables()]
    read = assemble(number, width, height, chars, tables)
    return replace(
        read,
        scan=len(chars) < _FEW_CHARS and _is_picture(page),
        hidden=tuple((run.why, run.text) for run in hidden),
    )


def assemble(
    number: int,
    width: float,
    height: float,
    chars: Sequence[dict[str, Any]],
    tables: Iterable[Sequence[tuple[float, float, float, float]]],
) -> Page:
    """A page from its characters and the ruled cells (x0, top, x1, bottom) of its tables."""
    grids = []
    inside: set[int] = set()
    for cells in tables:
        grid, used = _read_grid(cells, chars, number)
        if grid is None:
            continue
        grids.append(grid)
        inside.update(used)
    rest = [c for i, c in enumerate(chars) if i not in inside]
    return Page(
        number=number,
        label=None,
        width=width,
        height=height,
        lines=tuple(make_lines(rest)),
        grids=tuple(sorted(grids, key=lambda g: g.box.top)),
    )


def _is_picture(page: Any) -> bool:
    """Whether pictures cover at least half of the page."""
    covered = sum(
        max(0.0, min(i["x1"], page.width) - max(i["x0"], 0.0))
        * max(0.0, min(i["bottom"], page.height) - max(i["top"], 0.0))
        for i in page.images
    )
    return bool(covered >= 0.5 * page.width * page.height)


def make_lines(chars: Sequence[dict[str, Any]]) -> list[Line]:
    """pdfplumber characters to lines, top to bottom.

    A character joins the line that covers at least 40% of the smaller of both heights; white
    space survives only between two Latin words, and as U+3000 where the gap is wider than 2.5
    characters (two things printed side by side).
    """
    rows: list[list[dict[str, Any]]] = []
    spans: list[tuple[float, float]] = []
    for char in sorted(
        (c for c in chars if not c["text"].isspace()), key=lambda c: (c["top"], c["x0"])
    ):
        top, bottom = char["top"], char["bottom"]
        best, best_share = -1, 0.4
        for i in range(len(rows) - 1, max(-1, len(rows) - 6), -1):
            low, high = spans[i]
            share = (min(bottom, high) - max(top, low)) / max(min(bottom - top, high - low), 0.1)
            if share > best_share:
                best, best_share = i, share
        if best < 0:
            rows.append([char])
            spans.append((top, bottom))
        else:
            rows[best].append(char)
    spaces = [c for c in chars if c["text"].isspace()]
    lines = [_make_line(row, spaces) for row in rows]
    return sorted(lines, key=lambda line: line.box.top + line.box.bottom)


def _make_line(row: list[dict[str, Any]], spaces: list[dict[str, Any]]) -> Line:
    row.sort(key=lambda c: c["x0"])
    text: list[str] = []
    edges: list[float] = []
    last: dict[str, Any] | None = None
    for char in row:
        if last is not None:
            gap = char["x0"] - last["x1"]
            size = max(char["size"], last["size"])
            if gap > 2.5 * size:
                text.append("\u3000")
                edges.append(last["x1"])
            elif (
                gap > 0.15 * size
                and last["text"][-1].isascii()
                and last["text"][-1].isalnum()
                and char["text"][0].isascii()
                and char["text"][0].isalpha()
            ):
                text.append(" ")
                edges.append(last["x1"])
            elif gap < -0.7 * (last["x1"] - last["x0"]) and char["text"] == last["text"]:
                continue  # the same glyph printed twice to look bold
        for i, letter in enumerate(char["text"]):
            text.append(letter)
            edges.append(char["x0"] + (char["x1"] - char["x0"]) * i / len(char["text"]))
        last = char
    box = Box(
        row[0]["x0"],
        min(c["top"] for c in row),
        max(c["x1"] for c in row),
        max(c["bottom"] for c in row),
    )
    sizes = sorted(c["size"] for c in row)
    return Line("".join(text), box, (*edges, box.x1), sizes[len(sizes) // 2])


def _merge_edges(values: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _EDGE:
            edges.append(value)
    return edges


def _nearest(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))


def _read_grid(
    rectangles: Sequence[tuple[float, float, float, float]],
    chars: Sequence[dict[str, Any]],
    page: int,
) -> tuple[Grid | None, set[int]]:
    """One ruled table as a full grid, and the positions of the characters that it holds."""
    xs = _merge_edges(x for r in rectangles for x in (r[0], r[2]))
    ys = _merge_edges(y for r in rectangles for y in (r[1], r[3]))
    if len(xs) < 3 or len(ys) < 2:
        return None, set()
    outer = Box(xs[0], ys[0], xs[-1], ys[-1])
    places: list[list[int | None]] = [[None] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    spans: list[tuple[int, int, int, int]] = []
    for x0, top, x1, bottom in sorted(rectangles, key=lambda r: (r[1], r[0])):
        left, right = _nearest(xs, x0), _nearest(xs, x1)
        above, below = _nearest(ys, top), _nearest(ys, bottom)
        if left >= right or above >= below:
            continue
        for r in range(above, below):
            for c in range(left, right):
                if places[r][c] is None:
                    places[r][c] = len(spans)
        spans.append((above, left, below, right))
    for r, row in enumerate(places):  # positions without a ruled cell are blank cells of their own
        for c, place in enumerate(row):
            if place is None:
                row[c] = len(spans)
                spans.append((r, c, r + 1, c + 1))
    held: list[list[dict[str, Any]]] = [[] for _ in spans]
    used: set[int] = set()
    for i, char in enumerate(chars):
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if not outer.holds(x, y):
            continue
        r = next((k for k in range(len(ys) - 1) if y <= ys[k + 1]), len(ys) - 2)
        c = next((k for k in range(len(xs) - 1) if x <= xs[k + 1]), len(xs) - 2)
        index = places[r][c]
        assert index is not None
        held[index].append(char)
        used.add(i)
    cells = []
    for (above, left, below, right), inner in zip(spans, held, strict=True):
        text = "".join(line.text for line in make_lines(inner)).replace("\u3000", "")
        box = Box(xs[left], ys[above], xs[right], ys[below])
        cells.append(Cell(text, box, page, above, left, below - above, right - left))
    rows = tuple(tuple(cells[p] for p in row if p is not None) for row in places)
    return Grid(page, outer, rows), used


def _main(arguments: Sequence[str]) -> None:
    """The worker: a list of pages, or the PdfError that stopped it, on stdout."""
    pdf, first, count, step = arguments
    answer: list[Page] | PdfError
    try:
        answer = read_some(Path(pdf), range(int(first), int(count) + 1, int(step)))
    except PdfError as error:
        answer = error
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _main(sys.argv[1:])
