"""Hostile files end in a report or one of our errors, in time; what fuzzing found stays mended.

`make fuzz` runs thousands; here are the quick ones made by hand, some mutants, and odd tables.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from index.errors import LimitError, PdfError
from index.figures import FigureMaker, read_table
from index.forms import read_form
from index.guard import read_guarded
from index.page import assemble, read_some
from index.passages import make_passages
from index.settings import load_settings
from index.tables import find_tables
from index.values import Figure
from tests.fuzz import inputs, run
from tests.hostile import by_hand, one_page, rules

# Those that only a limit of time or memory ends are left to `make fuzz`.
_SLOW = {
    "bomb",
    "bomb-twice",
    "bomb-runs",
    "bomb-object-stream",
    "boxes-300000",
    "deep-states",
    "form-of-itself",
    "forms-in-forms",
    "letters-2000000",
    "letters-50000",
    "many-pages",
    "map-huge-range",
    "one-path",
    "picture-broken",
    "picture-huge",
    "root-is-itself",
    "rules-4000000",
}


def test_hostile_files_by_hand(tmp_path: Path) -> None:
    files = []
    for name, make in by_hand().items():
        if name not in _SLOW:
            files.append(tmp_path / f"{name}.pdf")
            files[-1].write_bytes(make())
    assert len(files) > 40
    outcomes = run(files)
    assert not [o for o in outcomes if o.finding or "time" in o.kind]
    kinds = {o.name.removesuffix(".pdf"): o.kind for o in outcomes}
    assert kinds["encrypted"] == kinds["no-pages"] == kinds["only-a-head"] == "PdfError"
    assert kinds["javascript"] == kinds["embedded-file"] == "NotAReportError", "nothing is run"


def test_a_form_of_itself_ends_its_child_alone(tmp_path: Path) -> None:
    pdf = tmp_path / "form-of-itself.pdf"
    pdf.write_bytes(by_hand()["form-of-itself"]())
    with pytest.raises(LimitError) as told:
        read_guarded(pdf, load_settings(read_seconds=30), None)
    assert "\n" not in str(told.value)


def test_mutants_of_the_sample(tmp_path: Path) -> None:
    outcomes = run(list(inputs(tmp_path, 24, seed=7, hand=False)))
    assert not [o for o in outcomes if o.finding or "time" in o.kind]
    kinds = {o.kind for o in outcomes}
    assert "report" in kinds and len(kinds) > 1, "the mutations reach the reader"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (one_page(box="0 0 0 0"), "第 1 页的尺寸"),
        (one_page(box="0 0 1000000 1000000"), "第 1 页的尺寸"),
        (one_page(rules(10_500**2)), "第 1 页的文字或线条"),
    ],
)
def test_pages_that_are_none(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(PdfError, match=words):
        read_some(path, [1])


NUMBERS = [
    "0.00",
    "1,234.56",
    "-3.1",
    "-",
    "—",
    "",
    "XXX",
    "12%",
    "（3.5）",
    "99999999999999",
    "1.2.3",
]
WORDS = [
    "项目",
    "决算数",
    "预算数",
    "合计",
    "科目编码",
    "2050299",
    "科目名称",
    "类",
    "款",
    "项",
    "其中：",
    "公务接待费",
]
CELLS = st.one_of(st.sampled_from(NUMBERS), st.sampled_from(WORDS), st.text(max_size=6))
EDGES = st.lists(st.floats(40, 550, width=16), min_size=2, max_size=8, unique=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EDGES, EDGES, st.lists(CELLS, min_size=1, max_size=60), st.data())
def test_tables_of_any_shape(
    xs: list[float], ys: list[float], texts: list[str], data: st.DataObject
) -> None:
    """Cells of any size, some missing and some merged, with any words: figures can be stored."""
    xs, ys = sorted(xs), sorted(ys)
    cells = []
    chars = []
    for r in range(len(ys) - 1):
        for c in range(len(xs) - 1):
            if data.draw(st.integers(0, 9)) == 0:
                continue
            wide = min(len(xs) - 1, c + 1 + data.draw(st.sampled_from((0, 0, 0, 1, 2))))
            cells.append((xs[c], ys[r], xs[wide], ys[r + 1]))
            for i, letter in enumerate(texts[(r * 7 + c) % len(texts)]):
                x = xs[c] + 1 + 3 * i
                chars.append(
                    {"text": letter, "x0": x, "x1": x + 3, "top": ys[r] + 1, "bottom": ys[r] + 4}
                    | {"size": 3.0, "upright": True}
                )
    pages = [assemble(1, 595.0, 842.0, chars, [cells] if cells else [])]
    figures: list[Figure] = []
    sheets = find_tables(pages)
    tables = []
    for number, sheet in enumerate(sheets):
        maker = FigureMaker(sheet, number, 2024, "accounts", pages)
        tables.append(read_form(maker) if sheet.kind == "form" else read_table(maker))
        figures += maker.figures
    passages = make_passages((), tables, sheets, figures, pages)
    kinds = TypeAdapter(tuple[Figure, ...])
    assert kinds.validate_json(kinds.dump_json(tuple(figures))) == tuple(figures)
    for figure in figures:
        assert (figure.value is not None) is (figure.state == "value")
    assert len({p.id for p in passages}) == len(passages)
