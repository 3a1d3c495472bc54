"""Many files into one store: folders, what is skipped, what fails, the summary."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.crash import open_store
from index.__main__ import app
from index.batch import build_all, find_pdfs
from index.errors import PdfError
from index.settings import load_settings
from index.store import Store
from tests.pdfs import Leaf, write_pdf
from tests.test_store import LINES

RUNNER = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three reports, one of them broken, one below a folder; what is no PDF, and what is hidden."""
    root = tmp_path / "reports"
    (root / "2024").mkdir(parents=True)
    (root / ".old").mkdir()
    write_pdf(root / "a.pdf", Leaf(text=LINES))
    write_pdf(root / "2024" / "b.PDF", Leaf(text=(*LINES, "公务接待费1.20万元。")))
    (root / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    (root / "note.txt").write_text("no report")
    shutil.copy(root / "a.pdf", root / ".old" / "a.pdf")
    return root


def test_folders_are_searched(folder: Path) -> None:
    found = find_pdfs([folder / "note.txt", folder])
    assert [p.name for p in found] == ["note.txt", "b.PDF", "a.pdf", "broken.pdf"]
    with pytest.raises(PdfError, match="没有 PDF"):
        find_pdfs([folder / ".old" / "..", folder / "2024", _empty(folder)])


def _empty(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


def test_one_bad_file_does_not_stop_the_rest_and_a_second_run_goes_on(
    folder: Path, tmp_path: Path
) -> None:
    settings = load_settings(store=tmp_path / "store", model="characters")
    store: Store = open_store(settings)
    pdfs = find_pdfs([folder])
    first = next(outcome for outcome in build_all(store, pdfs, 2) if outcome.result)
    assert [info.id for info in store.reports()] == [first.result.report]  # type: ignore[union-attr]
    outcomes = {o.pdf.name: o for o in build_all(store, pdfs, 2)}
    assert set(outcomes) == {"a.pdf", "b.PDF", "broken.pdf"}
    assert outcomes["broken.pdf"].result is None and "broken.pdf" in outcomes["broken.pdf"].error
    assert outcomes[first.pdf.name].result.skipped  # type: ignore[union-attr]
    other = ({"a.pdf", "b.PDF"} - {first.pdf.name}).pop()
    assert not outcomes[other].result.skipped  # type: ignore[union-attr]
    assert len(store.reports()) == 2
    assert all(store.whole(info) for info in store.reports())


def test_the_command_sums_up(folder: Path, tmp_path: Path) -> None:
    arguments = ["build", str(folder), "--store", str(tmp_path / "store"), "--workers", "2"]
    result = RUNNER.invoke(app, arguments)
    assert result.exit_code == 1, "one of them failed"
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert len({row["report"] for row in rows}) == len(rows) == 2
    assert {"pages", "tables", "figures", "passages", "seconds", "skipped"} <= set(rows[0])
    assert "broken.pdf" in result.stderr
    assert "共 3 份：新建 2（2 页），未变 0，失败 1" in result.stderr.splitlines()[-1]
    (folder / "broken.pdf").unlink()
    again = RUNNER.invoke(app, arguments)
    assert again.exit_code == 0
    assert "共 2 份：新建 0（0 页），未变 2，失败 0" in again.stderr.splitlines()[-1]
