"""Pages: lines whose digits stand low, printed labels, bad files, reading on several cores."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

import index.pages
from index.errors import PdfError
from index.page import make_lines
from index.pages import count_pages, read_pages
from index.values import Page
from tests.pdfs import FONT, Leaf, write_pdf


def char(text: str, x0: float, top: float, size: float = 12.0) -> dict[str, object]:
    width = size * (0.5 if text.isascii() else 1.0)
    return {
        "text": text,
        "x0": x0,
        "x1": x0 + width,
        "top": top,
        "bottom": top + size,
        "size": size,
    }


def run_of(text: str, x: float, top: float, size: float = 12.0) -> list[dict[str, object]]:
    chars = []
    for letter in text:
        chars.append(char(letter, x, top, size))
        x += size * (0.5 if letter.isascii() else 1.0)
    return chars


def test_digits_five_points_lower_stay_in_their_line() -> None:
    chars = [*run_of("收入总计", 50, 100), *run_of("812.40", 98, 105), *run_of("万元。", 134, 100)]
    chars += run_of("下一行", 50, 122)
    assert [line.text for line in make_lines(chars)] == ["收入总计812.40万元。", "下一行"]


def test_edges_stand_at_the_characters() -> None:
    (line,) = make_lines(run_of("支出9.5", 50, 100))
    assert line.edges == (50.0, 62.0, 74.0, 80.0, 86.0, 92.0)


def test_two_things_side_by_side_are_kept_apart() -> None:
    (line,) = make_lines([*run_of("公开01表", 50, 100), *run_of("单位：万元", 400, 100)])
    assert line.text == "公开01表\u3000单位：万元"


def test_bold_by_printing_twice_is_read_once() -> None:
    chars = [*run_of("决算", 50, 100), char("算", 62.4, 100)]
    assert [line.text for line in make_lines(chars)] == ["决算"]


def test_latin_words_keep_their_space() -> None:
    chars = [*run_of("Big", 50, 100), *run_of("Data", 74, 100)]
    assert [line.text for line in make_lines(chars)] == ["Big Data"]


def test_labels_need_a_steady_distance(tmp_path: Path) -> None:
    leaves = [
        Leaf(text=("封面决算",)),
        *(Leaf(text=("正文",), label=f"- {n} -") for n in (1, 2, 3)),
    ]
    pages = read_pages(write_pdf(tmp_path / "a.pdf", *leaves))
    assert [p.label for p in pages] == [None, "1", "2", "3"]
    assert all("- 1 -" not in p.text for p in pages)
    lone = read_pages(write_pdf(tmp_path / "b.pdf", Leaf(text=("正文",), label="7")))
    assert [p.label for p in lone] == [None], "a lone number is no page label"


def test_sample_labels(sample_pages: tuple[Page, ...]) -> None:
    assert [p.label for p in sample_pages[:3]] == [None, None, None]
    assert [p.label for p in sample_pages[3:]] == [str(n) for n in range(1, 38)]


def test_one_core_and_two_read_the_same(sample_pdf: Path, sample_pages: tuple[Page, ...]) -> None:
    assert read_pages(sample_pdf, 1) == read_pages(sample_pdf, 2) == sample_pages


def test_characters_are_those_of_pdfplumber(
    sample_pdf: Path, sample_pages: tuple[Page, ...]
) -> None:
    with pdfplumber.open(sample_pdf) as document:
        page = document.pages[19]
        wanted = sorted(c["text"] for c in page.chars if not c["text"].isspace())
        boxes = {(round(c["x0"], 2), round(c["top"], 2)) for c in page.chars}
    label = [*(sample_pages[19].label or ""), "-", "-"]
    letters = [c for line in sample_pages[19].lines for c in line.text if c not in "\u3000 "]
    assert sorted([*letters, *label]) == wanted
    line = sample_pages[19].lines[0]
    assert (round(line.box.x0, 2), round(line.box.top, 2)) in boxes


def test_progress_reaches_one(sample_pdf: Path) -> None:
    shares: list[float] = []
    read_pages(sample_pdf, 2, lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_helper_that_fails_is_replaced(
    sample_pdf: Path,
    sample_pages: tuple[Page, ...],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(index.pages.sys, "executable", "/bin/false")
    with caplog.at_level(logging.WARNING, "index.pages"):
        assert read_pages(sample_pdf, 2) == sample_pages
    assert "reading here" in caplog.text
    caplog.clear()
    monkeypatch.setattr(index.pages.sys, "executable", "/nowhere/python")
    with caplog.at_level(logging.WARNING, "index.pages"):
        assert read_pages(sample_pdf, 2) == sample_pages
    assert "cannot start" in caplog.text


def test_a_script_without_main_guard(tmp_path: Path, sample_pdf: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from index.pages import read_pages\n"
        f"print(len(read_pages(Path({str(sample_pdf)!r}), 2)))\n"
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        cwd=root,
        env={"PYTHONPATH": str(root)},
    )
    assert (done.stdout, done.stderr) == ("40\n", "")


def damaged(folder: Path, kind: str, sample: Path) -> Path:
    path = folder / f"{kind}.pdf"
    if kind == "missing":
        return path
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("这不是 PDF")
    elif kind == "truncated":
        path.write_bytes(sample.read_bytes()[:60_000])
    elif kind == "empty":
        pypdfium2.PdfDocument.new().save(path)
    elif kind == "encrypted":
        canvas = Canvas(str(path), encrypt=StandardEncryption("secret"))
        canvas.drawString(50, 50, "3.59")
        canvas.save()
    elif kind == "pictures":
        canvas = Canvas(str(path))
        canvas.rect(50, 50, 300, 300, fill=1)
        canvas.save()
    return path


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", "找不到文件"),
        ("folder", "是文件夹"),
        ("text", "不是 PDF"),
        ("truncated", "已损坏或不完整"),
        ("empty", "没有任何页面"),
        ("encrypted", "已加密"),
        ("pictures", "没有文字层"),
    ],
)
def test_bad_files(tmp_path: Path, sample_pdf: Path, kind: str, words: str) -> None:
    with pytest.raises(PdfError, match=words) as raised:
        read_pages(damaged(tmp_path, kind, sample_pdf))
    assert "\n" not in str(raised.value)
    assert "请" in str(raised.value), "the message must say what to do"


def test_count_pages(sample_pdf: Path) -> None:
    assert count_pages(sample_pdf) == 40


def test_font_of_the_fixtures_is_read(tmp_path: Path) -> None:
    (page,) = read_pages(write_pdf(tmp_path / "a.pdf", Leaf(text=("公务接待费3.36万元",))))
    assert page.text == "公务接待费3.36万元", f"pdfminer must know {FONT}"
