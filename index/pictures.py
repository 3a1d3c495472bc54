"""Pictures of pages with the cited cells marked.

Boxes are in points, origin top left, as everywhere in `index`; page numbers start at 1. Pictures
show the page's whole media box, since boxes are measured from its corner. A mark darkens the
paper, never the print: it is multiplied into the picture, so that the digits stay as they are.
"""

from __future__ import annotations

import base64
import io
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from index.errors import PdfError
from index.values import Box

MARK = (255, 226, 104)
OUTLINE = (214, 74, 16)
_PAD = 2.0  # points around a box, so that the outline does not touch the digits
_TRIED = 0.25  # pixels a point of a page that is only tried
_MAX_PIXELS = 40_000_000
_SHEETS = 64  # encoded pages kept: about 0.2 MB each
_KEPT = 8  # pictures kept: about 6 MB each for A4 at scale 2

# pdfium must not be entered by two threads at once, not even for two documents.
PDFIUM = threading.Lock()


class Sheet(NamedTuple):
    """A page without marks as a `data:` address, with its width and height in points."""

    uri: str
    width: float
    height: float


def page_sheet(pdf: Path, page: int, scale: float = 2.0) -> Sheet:
    """Page `page` of `pdf` to lay marks over; kept, so that the next citation on it is quick.

    Raises PdfError.
    """
    stat = _stat(pdf)
    return _sheet(str(pdf), stat.st_mtime_ns, stat.st_size, page, scale)


def render_page(pdf: Path, page: int, boxes: Sequence[Box] = (), scale: float = 2.0) -> Image.Image:
    """Page `page` of `pdf` at `scale` pixels a point (fewer for a poster), `boxes` marked.

    Raises PdfError when the file cannot be opened or has no such page.
    """
    picture, scale = _bare_page(pdf, page, scale)
    return mark(picture, boxes, scale)


def render_cutout(
    pdf: Path, page: int, box: Box, size: tuple[float, float], scale: float = 3.0
) -> Image.Image:
    """The part of a page around `box`, `size` points wide and high where the page allows, marked.

    The part grows with the box and is moved, not shrunk, at the edges of the page. Raises PdfError.
    """
    picture, scale = _bare_page(pdf, page, scale)
    part = window(box, size, (picture.width / scale, picture.height / scale))
    edges = [round(v * scale) for v in (part.x0, part.top, part.x1, part.bottom)]
    return mark(picture, [box], scale).crop((edges[0], edges[1], edges[2], edges[3]))


def try_pages(pdf: Path) -> None:
    """Draw every page, small: what hangs or crashes does so here, in the process that reads.

    A page that pdfium refuses is no matter: it is refused again, by PdfError, where it is shown.
    """
    try:
        count = len(document := pypdfium2.PdfDocument(pdf))
        document.close()
    except pypdfium2.PdfiumError:
        return
    for number in range(1, count + 1):
        with suppress(PdfError):
            render_page(pdf, number, scale=_TRIED)


def window(box: Box, size: tuple[float, float], page: tuple[float, float]) -> Box:
    """The part of a page of size `page` to show for `box`: around its middle, inside the page."""
    spans = []
    for low, high, wish, limit in (
        (box.x0, box.x1, size[0], page[0]),
        (box.top, box.bottom, size[1], page[1]),
    ):
        length = min(max(wish, high - low + 8 * _PAD), limit)
        start = min(max((low + high - length) / 2, 0.0), limit - length)
        spans.append((start, start + length))
    return Box(spans[0][0], spans[1][0], spans[0][1], spans[1][1])


def mark(picture: Image.Image, boxes: Sequence[Box], scale: float) -> Image.Image:
    """A copy of `picture` with `boxes` (points) marked. What lies off the page is left out."""
    layer = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(layer)
    line = max(2, round(scale * 0.9))
    for box in boxes:
        x0, top = max(0.0, (box.x0 - _PAD) * scale), max(0.0, (box.top - _PAD) * scale)
        x1 = min(picture.width - 1.0, (box.x1 + _PAD) * scale)
        bottom = min(picture.height - 1.0, (box.bottom + _PAD) * scale)
        if x1 > x0 and bottom > top:
            draw.rectangle((x0, top, x1, bottom), fill=MARK, outline=OUTLINE, width=line)
    return ImageChops.multiply(picture, layer)


def _bare_page(pdf: Path, page: int, scale: float) -> tuple[Image.Image, float]:
    stat = _stat(pdf)
    return _rendered(str(pdf), stat.st_mtime_ns, stat.st_size, page, scale)


def _stat(pdf: Path) -> os.stat_result:
    try:
        return pdf.stat()
    except OSError as error:
        raise PdfError(f"找不到文件 {pdf.name}：请重新建立索引后再试。") from error


@lru_cache(maxsize=_SHEETS)
def _sheet(pdf: str, mtime: int, size: int, page: int, scale: float) -> Sheet:
    picture, scale = _rendered(pdf, mtime, size, page, scale)
    return Sheet(webp_uri(picture), picture.width / scale, picture.height / scale)


@lru_cache(maxsize=_KEPT)
def _rendered(
    pdf: str, _mtime: int, _size: int, page: int, scale: float
) -> tuple[Image.Image, float]:
    name = Path(pdf).name
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise PdfError(f"{name} 无法打开：文件可能已损坏，请重新下载后再试。") from error
        try:
            if not 1 <= page <= len(document):
                raise PdfError(f"{name} 没有第 {page} 页：它共有 {len(document)} 页。")
            _show_media_box(document[page - 1])
            sheet = document[page - 1]
            width, height = sheet.get_size()
            scale = min(scale, (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
            return sheet.render(scale=scale).to_pil().convert("RGB"), scale
        except pypdfium2.PdfiumError as error:
            raise PdfError(f"{name} 第 {page} 页无法显示：文件可能已损坏。") from error
        finally:
            document.close()


def _show_media_box(page: pypdfium2.PdfPage) -> None:
    """Make a crop box as large as the media box; it counts when the page is loaded again."""
    if page.get_cropbox() != page.get_mediabox():
        page.set_cropbox(*page.get_mediabox())
    page.close()


def webp_uri(picture: Image.Image, quality: int = 88) -> str:
    """`picture` as a `data:` address, so that a page can show it without another request."""
    stream = io.BytesIO()
    picture.save(stream, "WEBP", quality=quality, method=2)
    return "data:image/webp;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
