"""Pictures: the mark stands where the box says, for plain, turned and cropped pages."""

from __future__ import annotations

from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from index.errors import PdfError
from index.pictures import MARK, mark, render_cutout, render_page, window
from index.values import Box

WIDTH, HEIGHT = 400.0, 300.0


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """Three pages of the same shown size with one word each: plain, turned by 90 degrees, plain."""
    path = tmp_path / "words.pdf"
    sheet = canvas.Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    for turn in (0, 90, 0):
        sheet.setFont("Helvetica", 12)
        sheet.drawString(250, 60, "3.59")
        sheet.setPageRotation(turn)
        sheet.showPage()
    sheet.save()
    return path


def word_box(pdf: Path, page: int) -> Box:
    """Where pdfplumber, which reads the reports, finds the page's first word."""
    with pdfplumber.open(pdf) as document:
        word = document.pages[page - 1].extract_words()[0]
    return Box(word["x0"], word["top"], word["x1"], word["bottom"])


def is_dark(picture: Image.Image) -> bool:
    return min(picture.convert("L").get_flattened_data()) < 100


@pytest.mark.parametrize("number", [1, 2, 3])
def test_mark_covers_the_word(pdf: Path, number: int) -> None:
    box = word_box(pdf, number)
    picture = render_page(pdf, number, [box], scale=2.0)
    assert picture.size == (800, 600)
    inside = picture.crop((int(box.x0 * 2), int(box.top * 2), int(box.x1 * 2), int(box.bottom * 2)))
    assert is_dark(inside), "the printed digits must stay readable under the mark"
    assert MARK in set(inside.get_flattened_data())
    assert picture.getpixel((3, 3)) == (255, 255, 255)


def test_crop_box_does_not_shift_the_mark(pdf: Path, tmp_path: Path) -> None:
    cropped = tmp_path / "cropped.pdf"
    document = pypdfium2.PdfDocument(pdf)
    document[0].set_cropbox(50, 20, 380, 280)
    document.save(cropped)
    box = word_box(cropped, 1)
    picture = render_page(cropped, 1, [box], scale=1.0)
    assert picture.size == (400, 300)
    assert is_dark(picture.crop((int(box.x0), int(box.top), int(box.x1), int(box.bottom))))


def test_without_boxes_nothing_is_marked(pdf: Path) -> None:
    assert MARK not in set(render_page(pdf, 1).get_flattened_data())


def test_marking_leaves_the_kept_picture_alone(pdf: Path) -> None:
    render_page(pdf, 1, [Box(0, 0, 100, 100)])
    assert MARK not in set(render_page(pdf, 1).get_flattened_data())


def test_changed_file_is_drawn_anew(pdf: Path) -> None:
    assert is_dark(render_page(pdf, 1))
    sheet = canvas.Canvas(str(pdf), pagesize=(WIDTH, HEIGHT))
    sheet.showPage()
    sheet.save()
    assert not is_dark(render_page(pdf, 1))


@pytest.mark.parametrize(
    "box",
    [Box(-50, -50, -10, -10), Box(500, 400, 600, 500), Box(-5, -5, 900, 900), Box(9, 9, 9, 9)],
    ids=["above", "below", "larger than the page", "without extent"],
)
def test_boxes_off_the_page_do_no_harm(box: Box) -> None:
    assert mark(Image.new("RGB", (100, 80), "white"), [box], 1.0).size == (100, 80)


@pytest.mark.parametrize(
    ("box", "size", "expected"),
    [
        (Box(190, 140, 210, 160), (100, 60), Box(150, 120, 250, 180)),
        (Box(0, 0, 20, 10), (100, 60), Box(0, 0, 100, 60)),
        (Box(380, 290, 400, 300), (100, 60), Box(300, 240, 400, 300)),
        (Box(10, 100, 390, 120), (100, 60), Box(2, 80, 398, 140)),
        (Box(190, 140, 210, 160), (900, 900), Box(0, 0, 400, 300)),
    ],
    ids=["middle", "top left", "bottom right", "grows with the box", "whole page"],
)
def test_window(box: Box, size: tuple[float, float], expected: Box) -> None:
    assert window(box, size, (WIDTH, HEIGHT)) == expected


def test_cutout_shows_the_word(pdf: Path) -> None:
    cutout = render_cutout(pdf, 1, word_box(pdf, 1), (120, 60), scale=3.0)
    assert cutout.size == (360, 180)
    assert is_dark(cutout)


def test_poster_stays_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "poster.pdf"
    sheet = canvas.Canvas(str(path), pagesize=(14000, 14000))
    sheet.showPage()
    sheet.save()
    picture = render_page(path, 1, [Box(0, 0, 7000, 7000)], scale=2.0)
    assert picture.width * picture.height <= 41_000_000
    assert picture.getpixel((picture.width // 4, picture.height // 4)) == MARK


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.pdf", None, "找不到文件 missing.pdf"),
        ("broken.pdf", b"%PDF-1.4 nothing else", "broken.pdf 无法打开"),
    ],
)
def test_errors(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PdfError, match=message):
        render_page(path, 1)


def test_page_that_is_not_there(pdf: Path) -> None:
    with pytest.raises(PdfError, match=r"没有第 4 页：它共有 3 页"):
        render_page(pdf, 4)
