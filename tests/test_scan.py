"""Scans: rules found on pictures, tables equal to those of the text, answers with a caution."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pypdfium2
import pytest

import index.pages
import index.scan
from index.build import read_report
from index.errors import PdfError
from index.page import read_some
from index.text import read_cell
from index.values import Page
from tests.pdfs import Leaf, read_tables, write_pdf

needs_ocr = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr_onnxruntime") is None,
    reason="NOT TESTED: scans; install the extra: pip install -e '.[ocr]'",
)

TABLE = Leaf(
    above=("财政拨款三公经费支出决算表", "公开09表　　　　　　　　　　　　　　　　金额单位：万元"),
    grid=(
        ("项目", "预算数", "<", "决算数", "<"),
        ("^", "合计", "基本支出", "合计", "基本支出"),
        ("因公出国（境）费", "8.53", "0.00", "7.41", "-"),
        ("公务接待费", "1,203.59", "3.10", "1,188.06", "2.98"),
        ("本年支出合计", "1,212.12", "3.10", "1,195.47", "2.98"),
    ),
    label="- 3 -",
)
COVER = Leaf(text=("云海市数据局2024年度部门决算", "收入支出决算 财政拨款 一般公共预算 三公经费"))


def as_pictures(pdf: Path, out: Path, pages: tuple[int, ...], dpi: int = 150) -> Path:
    """The pages as JPEGs at `dpi`, as a scanner saves them."""
    document = pypdfium2.PdfDocument(pdf)
    pictures = [document[n - 1].render(scale=dpi / 72).to_pil().convert("RGB") for n in pages]
    pictures[0].save(
        out, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi, quality=80
    )
    return out


def mixed(folder: Path) -> Path:
    """A cover that is text and a table that is a picture."""
    text = write_pdf(folder / "text.pdf", COVER, TABLE)
    scan = as_pictures(text, folder / "scan.pdf", (2,))
    document = pypdfium2.PdfDocument(text)
    del document[1]
    document.import_pages(pypdfium2.PdfDocument(scan))
    out = folder / "mixed.pdf"
    document.save(str(out))
    return out


def test_only_pictures_are_scans(tmp_path: Path, sample_pages: tuple[Page, ...]) -> None:
    assert [p.scan for p in read_some(mixed(tmp_path), (1, 2))] == [False, True]
    assert not any(p.scan for p in sample_pages)


def test_without_the_extra_the_text_pages_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (index.pages, index.scan):
        monkeypatch.setattr(module, "available", lambda: False)
    report = read_report(mixed(tmp_path))
    assert [report.scanned(n) for n in (1, 2)] == [False, False]
    assert not report.tables
    whole = as_pictures(tmp_path / "text.pdf", tmp_path / "whole.pdf", (1, 2))
    with pytest.raises(PdfError, match=r"没有文字层.*\.\[ocr\]"):
        read_report(whole)


@needs_ocr
def test_a_scanned_table_is_that_of_the_text(tmp_path: Path) -> None:
    pdf = mixed(tmp_path)
    ((_, wanted),) = read_tables(tmp_path / "text.pdf")
    ((table, found),) = read_tables(pdf)
    assert table.title == "财政拨款三公经费支出决算表"
    assert table.unit == "万元"
    assert len(wanted) == 12
    for a, b in zip(wanted, found, strict=True):
        assert (a.item, a.column, a.printed, a.value) == (b.item, b.column, b.printed, b.value)
        assert abs(a.box.x0 - b.box.x0) < 2 and abs(a.box.bottom - b.box.bottom) < 2
    report = read_report(pdf)
    assert [report.scanned(n) for n in (1, 2)] == [False, True]


@needs_ocr
def test_a_page_of_the_sample(sample_pdf: Path, tmp_path: Path) -> None:
    """Numbers of a dense table of the sample, printed to 130 dpi: every one is read right."""
    (text,) = read_some(sample_pdf, (9,))
    scan = as_pictures(sample_pdf, tmp_path / "scan.pdf", (9,), 130)
    (page,) = index.scan.read_scans(scan, read_some(scan, (1,)))
    wanted, found = ([r for g in p.grids for r in g.texts()] for p in (text, page))
    assert [[read_cell(c) for c in row] for row in wanted] == [
        [read_cell(c) for c in row] for row in found
    ]
    assert sum(read_cell(c) is not None for row in wanted for c in row) > 20


@needs_ocr
def test_bold_letters_are_no_table(tmp_path: Path) -> None:
    pdf = write_pdf(tmp_path / "a.pdf", COVER)
    scan = as_pictures(pdf, tmp_path / "scan.pdf", (1,), 300)
    (page,) = index.scan.read_scans(scan, read_some(scan, (1,)))
    assert not page.grids
    assert page.text.startswith("云海市数据局2024年度")
