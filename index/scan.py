"""Scanned pages: words by OCR (RapidOCR, the extra `ocr`) and ruled lines from the picture.

Both go through the table reader of `index.page` as the characters and edges of a text PDF do. Boxes
are in points like everywhere, of the page as it is shown. Nothing that OCR is unsure of is kept.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells

from index.errors import PdfError
from index.page import assemble
from index.pictures import render_page
from index.source import READ_SCANS
from index.values import Page

logger = logging.getLogger(__name__)

_SCALE = 2.5  # pixels a point: 180 dpi; a digit of 9 points is 22 pixels high
_SURE = 0.6  # confidence below which words are no words
_SHORTEST_RULE = 14.0  # points; the longest stroke of a 12 point ideograph is shorter
_NARROWEST_TABLE, _LOWEST_CELL = 90.0, 9.0  # points
_SNAP = 3.0  # points within which the edges of two rules are one, and rules meet
_BRIGHT = 10  # how much darker than its surroundings ink is, of 255

Rule = dict[str, Any]


def available() -> bool:
    """Whether the extra `ocr` is installed and OpenCV finds the system's libraries (libGL)."""
    if importlib.util.find_spec("rapidocr_onnxruntime") is None:
        return False
    try:
        import cv2  # noqa: F401
    except ImportError as error:
        logger.warning("OCR is installed but OpenCV cannot be loaded: %s", error)
        return False
    return True


def read_scans(
    pdf: Path, pages: Sequence[Page], progress: Callable[[str, float], None] | None = None
) -> list[Page]:
    """`pages` with those that are pictures read by OCR; as they are where the extra is absent.

    Raises PdfError where a page cannot be shown.
    """
    scans = [page for page in pages if page.scan]
    if not scans:
        return list(pages)
    if not available():
        logger.warning(
            "%d of %d pages of %s are scans; OCR is not installed", len(scans), len(pages), pdf.name
        )
        return [replace(page, scan=False) for page in pages]
    found: dict[int, Page] = {}
    for done, page in enumerate(scans, 1):
        found[page.number] = _guarded(pdf, page)
        if progress:
            progress(READ_SCANS, done / len(scans))
    return [found.get(page.number, page) for page in pages]


def _guarded(pdf: Path, page: Page) -> Page:
    """`read_scan`, what its libraries raise being a PdfError or a MemoryError."""
    import cv2
    from rapidocr_onnxruntime.utils.infer_engine import ONNXRuntimeError

    try:
        return read_scan(pdf, page)
    except (ONNXRuntimeError, cv2.error, ValueError, ArithmeticError) as error:
        if re.search(r"bad_alloc|nsufficient memory|allocate", str(error)):
            raise MemoryError from error
        logger.warning("cannot recognise page %d of %s: %r", page.number, pdf.name, error)
        raise PdfError(
            f"{pdf.name} 第 {page.number} 页是扫描页，但图片无法识别：请换用可复制文字的版本。"
        ) from error


def read_scan(pdf: Path, page: Page) -> Page:
    """The page with the lines and grids that are seen on its picture. Raises PdfError."""
    import numpy as np

    picture = render_page(pdf, page.number, scale=_SCALE)
    pixels = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
    scale = picture.width / page.width
    ink = _ink(pixels)
    rules = find_rules(ink, scale)
    crossings = edges_to_intersections(rules, _SNAP, _SNAP)
    tables = [t for t in cells_to_tables(intersections_to_cells(crossings)) if _is_table(t)]
    corners = [c for cells in tables for c in cells]
    chars = list(_read_words(pixels, corners, scale))
    return replace(assemble(page.number, page.width, page.height, chars, tables), scan=True)


def _is_table(cells: Sequence[tuple[float, float, float, float]]) -> bool:
    """Whether ruled cells are large enough for words: bold letters have strokes like rules."""
    width = max(c[2] for c in cells) - min(c[0] for c in cells)
    return width >= _NARROWEST_TABLE and max(c[3] - c[1] for c in cells) >= _LOWEST_CELL


# -- ruled lines -----------------------------------------------------------------------------------


def _ink(pixels: Any) -> Any:
    """255 where the page is dark, 0 elsewhere, also on paper that is unevenly lit."""
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    return cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, _BRIGHT
    )


def find_rules(ink: Any, scale: float) -> list[Rule]:
    """The ruled lines of a picture (`scale` pixels a point) as pdfplumber edges, in points."""
    import cv2

    rules: list[Rule] = []
    length = max(3, round(_SHORTEST_RULE * scale))
    for across in (True, False):
        size = (length, 1) if across else (1, length)
        # A scan is never quite straight: a rule may wander by a pixel, but not along itself.
        bolder = cv2.dilate(
            ink, cv2.getStructuringElement(cv2.MORPH_RECT, (1, 3) if across else (3, 1))
        )
        kept = cv2.morphologyEx(
            bolder, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size)
        )
        _, _, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
        for left, top, width, height, _ in stats[1:].tolist():
            thickness = height if across else width
            if thickness > 6 * scale:  # a filled area, no line
                continue
            x, y = (left + width / 2) / scale, (top + height / 2) / scale
            x0, x1 = (left / scale, (left + width) / scale) if across else (x, x)
            y0, y1 = (y, y) if across else (top / scale, (top + height) / scale)
            rules.append(_rule(x0, y0, x1, y1, across))
    return list(_snapped(rules))


def _rule(x0: float, top: float, x1: float, bottom: float, across: bool) -> Rule:
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": "h" if across else "v",
    }


def _snapped(rules: Sequence[Rule]) -> Iterator[Rule]:
    """Rules on one line (pieces of a border, both edges of a thick one) put on the same place."""
    for across, place in ((True, "top"), (False, "x0")):
        group: list[Rule] = []
        chosen = [r for r in rules if (r["orientation"] == "h") is across]
        for rule in sorted(chosen, key=lambda r: r[place]):
            if group and rule[place] - group[-1][place] > _SNAP:
                yield from _level(group, across)
                group = []
            group.append(rule)
        yield from _level(group, across)


def _level(group: Sequence[Rule], across: bool) -> Iterator[Rule]:
    place = "top" if across else "x0"
    middle = sum(r[place] for r in group) / max(len(group), 1)
    for r in group:
        if across:
            yield _rule(r["x0"], middle, r["x1"], middle, True)
        else:
            yield _rule(middle, r["top"], middle, r["bottom"], False)


# -- words -----------------------------------------------------------------------------------------


def _read_words(
    pixels: Any, cells: Sequence[tuple[float, float, float, float]], scale: float
) -> Iterator[dict[str, Any]]:
    """The characters of the page: those of each ruled cell by itself, then all others.

    A cell is read by itself since words of neighbouring cells stand too close to be told apart.
    """
    import numpy as np

    engine, lock = _engine()
    rest = pixels.copy()
    pieces: list[tuple[tuple[float, float, float, float], Any]] = []
    for x0, top, x1, bottom in sorted(set(cells), key=lambda c: (c[1], c[0])):
        left, right = round(x0 * scale), round(x1 * scale)
        above, below = round(top * scale), round(bottom * scale)
        inner = pixels[above + 3 : below - 3, left + 3 : right - 3]
        rest[above : below + 3, left : right + 3] = 255
        for a, b, c, d in text_lines(inner):
            box = (left + 3 + c, above + 3 + a, left + 3 + d, above + 3 + b)
            if _is_dash((a, b, c, d)):
                yield from _spread("-", box, scale)
                continue
            pad = 4
            cut = inner[max(0, a - pad) : b + pad, max(0, c - pad) : d + pad]
            cut = np.pad(cut, ((2, 2), (6, 6), (0, 0)), mode="edge")
            pieces.append((box, cut))
    with lock:
        if pieces:
            found, _ = engine.text_rec([cut for _, cut in pieces])
            for (place, _), (text, sure, *_) in zip(pieces, found, strict=True):
                if sure >= _SURE:
                    yield from _spread(text, place, scale)
        words, _ = engine(rest, use_cls=False)
    for corners, text, sure in words or ():
        if float(sure) >= _SURE:
            xs, ys = [c[0] for c in corners], [c[1] for c in corners]
            yield from _spread(text, (min(xs), min(ys), max(xs), max(ys)), scale)


def text_lines(cell: Any) -> list[tuple[int, int, int, int]]:
    """The lines of words in the picture of one cell: top, bottom, left, right in its pixels."""
    import numpy as np

    if min(cell.shape[:2]) < 6:
        return []
    grey = cell.min(axis=2).astype(int)
    paper = float(np.percentile(grey, 90))
    dark = grey < paper - max(40.0, 0.25 * paper)
    lines = []
    rows = np.flatnonzero(dark.any(axis=1))
    # White between two strokes of an ideograph (三) is mended by `_joined`.
    for run in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if rows.size else ():
        columns = np.flatnonzero(dark[run[0] : run[-1] + 1].any(axis=0))
        lines.append((int(run[0]), int(run[-1]) + 1, int(columns[0]), int(columns[-1]) + 1))
    return [line for line in _joined(lines) if line[1] - line[0] > 3 or _is_dash(line)]


def _is_dash(line: tuple[int, int, int, int]) -> bool:
    """Whether what is dark is flat and short: a dash, which recognition does not know."""
    top, bottom, left, right = line
    return bottom - top <= 5 and 5 <= right - left <= 60 and right - left >= 2 * (bottom - top)


def _joined(lines: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Strokes of one line (三, 二, a low comma) joined: what is flat goes to its near neighbour."""
    result: list[tuple[int, int, int, int]] = []
    tallest = max((b - a for a, b, _, _ in lines), default=0)
    for a, b, c, d in lines:
        if result:
            p, q, r, s = result[-1]
            if min(q - p, b - a) < 0.6 * tallest and b - p <= 1.25 * tallest:
                result[-1] = (p, b, min(r, c), max(s, d))
                continue
        result.append((a, b, c, d))
    return result


def _spread(
    text: str, box: tuple[float, float, float, float], scale: float
) -> Iterator[dict[str, Any]]:
    """The characters of a line of words, over its box by their usual widths."""
    x0, top, x1, bottom = (v / scale for v in box)
    widths = [0.5 if letter.isascii() else 1.0 for letter in text]
    each = (x1 - x0) / max(sum(widths), 0.5)
    x = x0
    for letter, width in zip(text, widths, strict=True):
        yield {
            "text": letter,
            "x0": x,
            "x1": x + width * each,
            "top": top,
            "bottom": bottom,
            "size": each,
            "upright": True,
        }
        x += width * each


@lru_cache(maxsize=1)
def _engine() -> tuple[Any, threading.Lock]:
    """RapidOCR with the models of its wheel, and the lock of those who use it."""
    from rapidocr_onnxruntime import RapidOCR

    threads = min(os.cpu_count() or 1, 4)
    # The width to which short words are padded stays: less is faster, and drops decimal points.
    return RapidOCR(intra_op_num_threads=threads, inter_op_num_threads=1), threading.Lock()
