"""Text that a PDF holds and nobody sees: in the colour of what is under it, tiny, in the invisible
render mode, outside the page.

Such text is no part of the report: it is not read, and it is reported when the file is indexed. An
invisible layer of words over a scanned page (OCR) is not hidden, since the picture shows the words.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import pypdfium2
import pypdfium2.raw as pdfium

from index.pictures import PDFIUM
from index.text import fold
from index.values import Box

logger = logging.getLogger(__name__)

Why = Literal["colour", "tiny", "invisible", "outside"]

_TINY = 2.0  # points; the smallest print of the genre is above 4
_RULE = 4.0  # points; what is thinner is a ruled line and hides nothing
_NEAR = 12  # of 255, between two colours that nobody tells apart
_UNSEEN_MODES = {3, 7}  # neither filled nor stroked (PDF 32000-1, table 106)
_STROKED_MODES = {1, 2, 5, 6}
_DEEPEST = 12  # forms within forms
_WHITE = (255, 255, 255)
_SLACK = 1.0  # points around the box of hidden text

Colour = tuple[int, int, int]
_Edges = tuple[float, float, float, float]  # left, bottom, right, top, in PDF coordinates


@dataclass(frozen=True, slots=True)
class Hidden:
    """A run of text that is not seen; the boxes of its pieces in points, origin top left."""

    page: int
    why: Why
    text: str
    boxes: tuple[Box, ...]

    def holds(self, char: Mapping[str, Any]) -> bool:
        """Whether a character as pdfplumber gives it (text, x0, x1, top, bottom) is part of it."""
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        inside = any(box.holds(x, y, _SLACK) for box in self.boxes)
        return inside and fold(char["text"]) in fold(self.text)


@dataclass(frozen=True, slots=True)
class _Under:
    """Something that was drawn earlier; no colour where it is a picture or a shading."""

    edges: _Edges
    colour: Colour | None


def find_hidden(pdf: Path, numbers: Sequence[int]) -> dict[int, tuple[Hidden, ...]]:
    """The hidden text of these pages, by page number; pages without any are left out.

    A file that PDFium cannot read is taken to hide nothing; its readers tell what is wrong with it.
    """
    found: dict[int, tuple[Hidden, ...]] = {}
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            logger.info("%s is not searched for hidden text: %s", pdf, error)
            return found
        try:
            for number in numbers:
                if runs := tuple(_joined(_of_page(document[number - 1], number))):
                    found[number] = runs
        except (pypdfium2.PdfiumError, IndexError) as error:
            logger.info("%s is not searched further for hidden text: %s", pdf, error)
        finally:
            document.close()
    return found


def _of_page(page: pypdfium2.PdfPage, number: int) -> Iterator[Hidden]:
    shown = page.get_bbox()
    left, _, _, top = page.get_mediabox()
    words: pypdfium2.PdfTextPage | None = None
    under: list[_Under] = []
    for item in _objects(page.raw, ()):
        kind = pdfium.FPDFPageObj_GetType(item.raw)
        if kind in {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING}:
            under.append(_Under(item.edges(), None))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and item.filled():
            edges = item.edges()
            if min(edges[2] - edges[0], edges[3] - edges[1]) > _RULE:
                under.append(_Under(edges, item.colour()))
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT and (why := _why(item, shown, under)):
            words = words or page.get_textpage()
            text = pypdfium2.PdfTextObj(item.raw, textpage=words).extract().strip()
            if text:
                edges = item.edges()
                # The bounds are those of the ink; a character's box is an em wide.
                x, y = 0.6 * item.size(), 0.3 * item.size()
                box = Box(
                    edges[0] - left - x, top - edges[3] - y, edges[2] - left + x, top - edges[1] + y
                )
                yield Hidden(number, why, text, (box,))


def _why(item: _Item, page: _Edges, under: Sequence[_Under]) -> Why | None:
    left, bottom, right, top = item.edges()
    if right <= page[0] or left >= page[2] or top <= page[1] or bottom >= page[3]:
        return "outside"
    if item.size() < _TINY:
        return "tiny"
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item.raw)
    own = item.colour()
    if mode not in _UNSEEN_MODES and own is not None:
        if mode in _STROKED_MODES:
            return None
        if not (_alike(own, _WHITE) or any(u.colour and _alike(own, u.colour) for u in under)):
            return None
    middle = (left + right) / 2, (bottom + top) / 2
    below = next((u for u in reversed(under) if _covers(u.edges, middle)), None)
    if below is not None and below.colour is None:
        return None  # on a picture
    if mode in _UNSEEN_MODES:
        return "invisible"
    ground = below.colour if below is not None and below.colour else _WHITE
    return "colour" if own is None or _alike(own, ground) else None


def _joined(runs: Iterator[Hidden]) -> Iterator[Hidden]:
    """Runs that follow each other and are hidden alike, as one."""
    for why, group in groupby(runs, key=lambda run: run.why):
        these = list(group)
        boxes = tuple(box for run in these for box in run.boxes)
        yield Hidden(these[0].page, why, "".join(r.text for r in these), boxes)


@dataclass(frozen=True, slots=True)
class _Item:
    """A page object with the transformations of the forms around it, innermost first.

    PDFium is called directly: pages of the genre have a thousand objects each.
    """

    raw: Any
    forms: tuple[pypdfium2.PdfMatrix, ...]

    def edges(self) -> _Edges:
        """The bounds on the page."""
        a, b, c, d = (ctypes.c_float() for _ in range(4))
        pdfium.FPDFPageObj_GetBounds(self.raw, a, b, c, d)
        if not self.forms:
            return a.value, b.value, c.value, d.value
        corners = [(x.value, y.value) for x in (a, c) for y in (b, d)]
        for matrix in self.forms:
            corners = [matrix.on_point(x, y) for x, y in corners]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def size(self) -> float:
        """The height of the font as it is shown, in points."""
        size, matrix = ctypes.c_float(), pdfium.FS_MATRIX()
        pdfium.FPDFTextObj_GetFontSize(self.raw, size)
        pdfium.FPDFPageObj_GetMatrix(self.raw, matrix)
        height = float(size.value) * (matrix.c**2 + matrix.d**2) ** 0.5
        for form in self.forms:
            height *= (form.c**2 + form.d**2) ** 0.5
        return float(abs(height))

    def filled(self) -> bool:
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(self.raw, mode, stroke)
        return mode.value != 0

    def colour(self) -> Colour | None:
        """The fill colour, None where it is transparent."""
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        pdfium.FPDFPageObj_GetFillColor(self.raw, red, green, blue, alpha)
        return (red.value, green.value, blue.value) if alpha.value > _NEAR else None


def _objects(parent: Any, forms: tuple[pypdfium2.PdfMatrix, ...]) -> Iterator[_Item]:
    """All objects in the order they are drawn, those inside forms in the place of the form."""
    inside = bool(forms)
    count = pdfium.FPDFFormObj_CountObjects if inside else pdfium.FPDFPage_CountObjects
    get = pdfium.FPDFFormObj_GetObject if inside else pdfium.FPDFPage_GetObject
    for position in range(count(parent)):
        raw = get(parent, position)
        if pdfium.FPDFPageObj_GetType(raw) != pdfium.FPDF_PAGEOBJ_FORM:
            yield _Item(raw, forms)
        elif len(forms) < _DEEPEST:
            matrix = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(raw, matrix)
            yield from _objects(raw, (pypdfium2.PdfMatrix.from_raw(matrix), *forms))


def _alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def _covers(edges: _Edges, point: tuple[float, float]) -> bool:
    return edges[0] <= point[0] <= edges[2] and edges[1] <= point[1] <= edges[3]
