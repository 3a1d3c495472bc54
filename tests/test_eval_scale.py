"""What a growing store costs: every size is measured, by id, by name and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.gold import EvalError
from eval.scale import copies, measure, standing
from index.build import read_report
from index.settings import load_settings
from index.store import Store
from tests.pdfs import Leaf, write_pdf
from tests.test_store import LINES


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return write_pdf(tmp_path / "small.pdf", Leaf(text=LINES))


def test_a_store_grows_to_each_size(pdf: Path, tmp_path: Path) -> None:
    settings = load_settings(store=tmp_path / "store", model="characters")
    told = measure(settings, [pdf], (1, 3))
    assert [row["reports"] for row in told["sizes"]] == [1, 3]
    assert told["read"] == told["pages"] == 1 and told["read_s"] > 0
    for row in told["sizes"]:
        assert row["add_s"] > 0 and row["mb_per_report"] > 0 and row["memory_mb"] > 0
        for kind in ("first", "question", "worded", "first_worded", "unnamed", "list"):
            assert row[f"{kind}_ms"] > 0, kind
    assert len(Store(settings).reports()) == 3


def test_a_standing_store_is_measured_and_left_as_it_is(pdf: Path, tmp_path: Path) -> None:
    settings = load_settings(store=tmp_path / "store", model="characters")
    measure(settings, [pdf], (2,))
    before = [info.edition for info in Store(settings).reports()]
    assert standing(settings)["reports"] == 2
    assert [info.edition for info in Store(settings).reports()] == before


def test_an_empty_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="index build"):
        standing(load_settings(store=tmp_path / "none", model="characters"))


def test_copies_are_reports_of_other_bodies(pdf: Path) -> None:
    report = read_report(pdf)
    supply = copies([(report, pdf)])
    found = [next(supply)[0] for _ in range(4)]
    assert found[0] == report
    assert len({r.id for r in found}) == len({r.body for r in found}) == 4
    assert all(r.body in r.title for r in found)
