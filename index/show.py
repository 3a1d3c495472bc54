"""What was read from a page, drawn on its picture: cells, figures, header and label paths.

For people who look into a wrong reading. Cells are outlined in blue, figures of tables in orange,
words in grey, figures of the prose in green; each box bears its number in the legend. The paths are
written into the picture too where a Chinese font is installed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from index.build import read_report
from index.errors import PdfError
from index.page import read_some
from index.pages import count_pages
from index.pictures import render_page
from index.values import Box, Figure, Page, distinct

_CELL = (92, 140, 220)
_VALUE = (214, 74, 16)
_WORDS = (140, 140, 140)
_PROSE = (24, 140, 70)
_FONTS = (
    "NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "msyh.ttc",
    "simsun.ttc",
)


def show_page(
    pdf: Path, number: int, scale: float = 2.0, workers: int = 0
) -> tuple[Image.Image, list[str]]:
    """Page `number` (from 1) as a picture with everything that was read on it, and the legend.

    Raises PdfError for a bad file or a page that it does not have, NotAReportError.
    """
    count = count_pages(pdf)
    if not 1 <= number <= count:
        raise PdfError(f"{pdf.name} 没有第 {number} 页：请给出 1 到 {count} 之间的页码。")
    figures = [f for f in read_report(pdf, workers).figures if f.page == number]
    (page,) = read_some(pdf, [number])
    picture = render_page(pdf, number, scale=scale)
    draw_reading(picture, page, figures, picture.width / page.width)
    return picture, list(legend(figures))


def draw_reading(picture: Image.Image, page: Page, figures: Sequence[Figure], scale: float) -> None:
    """Outline the page's cells and figures on `picture`, `scale` pixels a point."""
    draw = ImageDraw.Draw(picture)
    for grid in page.grids:
        for cell in distinct(c for row in grid.cells for c in row):
            draw.rectangle([v * scale for v in _corners(cell.box)], outline=_CELL)
    font = _font(round(4.2 * scale))
    for number, figure in enumerate(figures, 1):
        if figure.state in {"blank", "dash"}:
            continue
        colour = _PROSE if figure.sentence else _VALUE if figure.state == "value" else _WORDS
        x0, top, x1, bottom = (v * scale for v in _corners(figure.box))
        inset = 1.5 if not figure.sentence else 0
        draw.rectangle((x0 + inset, top + inset, x1 - inset, bottom - inset), outline=colour)
        label = str(number)
        if font and not figure.sentence:
            path = figure.column[-1] if figure.column else ""
            label = _fitted(f"{number} {figure.name}/{path}", font, x1 - x0 - 4)
        draw.text((x0 + 2, top + 1), label, fill=colour, font=font or ImageFont.load_default())


def legend(figures: Sequence[Figure]) -> Iterator[str]:
    """One line for each figure: number, label path, header path, value, unit, measure."""
    for number, f in enumerate(figures, 1):
        printed = f.printed if f.state != "blank" else "（空）"
        yield " | ".join(
            (
                str(number),
                " > ".join(f.item) or "—",
                " > ".join(f.column) or "—",
                f"{printed} {f.unit}".strip(),
                " ".join(t for t in (f.measure, f.base, f.scope, f.project) if t),
            )
        )


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.top, box.x1, box.bottom


def _fitted(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    while len(text) > 1 and font.getlength(text) > width:
        text = text[:-1]
    return text


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont | None:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None
