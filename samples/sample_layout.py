"""Setting Chinese text and ruled tables with reportlab.

reportlab breaks Chinese lines between any two characters, also inside a number. Here a run of Latin
letters and digits (with its sign, unit and separators) is one piece that is never torn, closing
marks never begin a line, and a justified line is spread between Chinese characters only.
Lengths are in points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from reportlab.lib import colors
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.textobject import PDFTextObject
from reportlab.platypus import Flowable, Table, TableStyle

PIECE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,]*[0-9A-Za-z%]|[0-9A-Za-z]%?|.", re.DOTALL)
CLOSING = set("，。；：、！？）》”％%／/")
OPENING = set("（《“≥≤")

width_of = cache(stringWidth)


def pieces(text: str) -> list[str]:
    """Unbreakable pieces: numbers and words whole, every other character alone."""
    return PIECE.findall(text)


def break_lines(
    text: str, font: str, size: float, width: float, indent: float = 0
) -> list[list[str]]:
    """Lines of pieces; the first is shorter by `indent`."""
    lines: list[list[str]] = []
    line: list[str] = []
    room = width - indent
    for piece in pieces(text):
        need = width_of(piece, font, size)
        if line and need > room + 0.01:
            carried: list[str] = []
            # A closing mark takes the piece before it along, an opening mark what follows.
            while len(line) > 1 and ((carried or [piece])[0] in CLOSING or line[-1] in OPENING):
                carried.insert(0, line.pop())
            lines.append(line)
            line = carried
            room = width - sum(width_of(p, font, size) for p in line)
        line.append(piece)
        room -= need
    return [*lines, line]


def wrap(text: str, font: str, size: float, width: float, even: bool = False) -> str:
    """`text` with newlines so that it fits a cell of `width`; given newlines are kept.

    `even` makes the lines of a part about equally long, so that no single character is left over.
    """
    return "\n".join(
        "".join(line)
        for part in text.split("\n")
        for line in _cell_lines(part, font, size, width, even)
    )


def _cell_lines(text: str, font: str, size: float, width: float, even: bool) -> list[list[str]]:
    if not text:
        return [[]]
    lines = break_lines(text, font, size, width)
    while even and len(lines) > 1:
        width -= size / 4
        tighter = break_lines(text, font, size, width)
        if len(tighter) > len(lines) or width < size * 2:
            break
        lines = tighter
    return lines


class Prose(Flowable):
    """A justified paragraph that may run over a page break; its height is whole lines."""

    def __init__(
        self,
        text: str = "",
        *,
        font: str = "Song",
        size: float = 16.0,
        leading: float = 28.0,
        indent: float = 32.0,
        lines: list[list[str]] | None = None,
    ) -> None:
        super().__init__()
        self.text, self.font, self.size, self.leading = text, font, size, leading
        self.indent = indent
        self.given = lines  # what split() leaves over
        self.last_is_full = False

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        self.width = avail_width
        self.lines = self.given or break_lines(
            self.text, self.font, self.size, avail_width, self.indent
        )
        return avail_width, len(self.lines) * self.leading

    def split(self, avail_width: float, avail_height: float) -> list[Prose]:
        count = int(avail_height / self.leading + 0.001)
        self.wrap(avail_width, avail_height)
        if not 0 < count < len(self.lines):
            return []
        head, rest = self._part(self.lines[:count]), self._part(self.lines[count:])
        head.last_is_full = True
        rest.indent = 0
        return [head, rest]

    def _part(self, lines: list[list[str]]) -> Prose:
        return Prose(
            font=self.font, size=self.size, leading=self.leading, indent=self.indent, lines=lines
        )

    def draw(self) -> None:
        text = self.canv.beginText()
        text.setFont(self.font, self.size)
        y = len(self.lines) * self.leading - self.leading + (self.leading - self.size) / 2 + 2
        for number, line in enumerate(self.lines):
            x = self.indent if number == 0 else 0
            spread = number < len(self.lines) - 1 or self.last_is_full
            self._set_line(text, line, x, y, self.width - x if spread else None)
            y -= self.leading
        self.canv.drawText(text)

    def _set_line(
        self, text: PDFTextObject, line: list[str], x: float, y: float, width: float | None
    ) -> None:
        """Each number is set on its own, the Chinese between as runs with even extra space."""
        natural = sum(width_of(piece, self.font, self.size) for piece in line)
        extra = (width - natural) / max(len(line) - 1, 1) if width else 0
        if extra > self.size / 2:  # a line that is short for a reason is left as it is
            extra = 0
        run = ""
        start = x
        for piece in [*line, ""]:  # the empty piece at the end flushes the last run
            if len(piece) == 1:
                run += piece
                x += width_of(piece, self.font, self.size) + extra
                continue
            if run:
                self._set_run(text, run, start, y, extra)
            run = ""
            if piece:
                self._set_run(text, piece, x, y, 0)
                x += width_of(piece, self.font, self.size) + extra
            start = x

    @staticmethod
    def _set_run(text: PDFTextObject, run: str, x: float, y: float, space: float) -> None:
        text.setTextOrigin(x, y)
        text.setCharSpace(space)
        text.textOut(run)


@dataclass(frozen=True)
class Cell:
    """One cell of a grid; `span` is (columns, rows)."""

    text: str = ""
    align: str = "CENTER"
    span: tuple[int, int] = (1, 1)
    upright: bool = False  # one character a line


def left(text: str, span: tuple[int, int] = (1, 1)) -> Cell:
    return Cell(text, "LEFT", span)


def right(text: str) -> Cell:
    return Cell(text, "RIGHT")


def grid(
    rows: list[list[Cell | None]],
    widths: Sequence[float],
    *,
    size: float = 9.0,
    height: float = 18.0,
    pad: float = 2.5,
    font: str = "Song",
) -> Table:
    """A ruled table. Every row lists one Cell or None per column; None is covered by a span.

    Rows are at least `height` high and grow with wrapped text; a cell over several rows stretches
    the last of them if its text needs more.
    """
    leading = size * 1.25
    text = [["" for _ in widths] for _ in rows]
    heights = [height] * len(rows)
    tall = []
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), font, size, leading),
        ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), pad),
        ("RIGHTPADDING", (0, 0), (-1, -1), pad),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    for r, row in enumerate(rows):
        assert len(row) == len(widths), (r, len(row), len(widths))
        for c, cell in enumerate(row):
            if cell is None:
                continue
            columns, down = cell.span
            room = sum(widths[c : c + columns]) - 2 * pad
            even = cell.align == "CENTER"
            upright = "\n".join(cell.text)
            set_text = upright if cell.upright else wrap(cell.text, font, size, room, even)
            text[r][c] = set_text
            style.append(("ALIGN", (c, r), (c, r), cell.align))
            if cell.span != (1, 1):
                style.append(("SPAN", (c, r), (c + columns - 1, r + down - 1)))
            need = (set_text.count("\n") + 1) * leading + 5
            if down == 1:
                heights[r] = max(heights[r], need)
            else:
                tall.append((r, down, need))
    for r, down, need in tall:
        heights[r + down - 1] += max(0, need - sum(heights[r : r + down]))
    return Table(text, widths, heights, style=TableStyle(style))
