"""From a citation to its figure and back, and from an operand to its citation."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.errors import StoreError
from index.values import Report
from qa.engine import Engine
from qa.places import Places


@pytest.fixture(scope="module")
def places(sample_report: Report) -> Places:
    return Places(sample_report)


def test_there_and_back(places: Places, sample_report: Report) -> None:
    figure = next(f for f in sample_report.figures if f.code == "30217" and f.value)
    citation = places.citation(figure.id)
    assert (citation.page, citation.box) == (figure.page, figure.box)
    assert places.figure(citation) == figure
    assert places.form(citation) == "公开06表"


def test_an_unknown_figure_is_told(places: Places) -> None:
    with pytest.raises(StoreError, match="编号为 f0"):
        places.citation("f0")


def test_every_operand_leads_to_its_own_cell(places: Places, sample_engine: Engine) -> None:
    answer = sample_engine.ask("公务接待费决算比预算少了多少")
    assert answer.calculation is not None
    positions = places.operands(answer)
    assert len(set(positions)) == 2
    for operand, position in zip(answer.calculation.operands, positions, strict=True):
        assert position is not None
        figure = places.figure(answer.citations[position])
        assert figure is not None
        assert figure.value == Decimal(operand["value"])
        assert figure.page == operand["page"]


def test_an_answer_without_calculation_has_no_operands(
    places: Places, sample_engine: Engine
) -> None:
    assert places.operands(sample_engine.ask("公务接待费花了多少钱")) == ()
