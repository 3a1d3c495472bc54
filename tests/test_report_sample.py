"""The sample report as a whole: every cell's paths, the identities (勾稽), counts, contradictions.

`data/sample_paths.jsonl` holds the paths of all numeric cells of ten tables and two forms. It was
made once from pdfplumber's own grids with column paths written by hand, and looked over; nothing of
`index` had a part in it.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from index.links import link_facts
from index.values import Figure, Report

DATA = Path(__file__).parent / "data" / "sample_paths.jsonl"
Place = tuple[int, tuple[str, ...], str, tuple[str, ...], str]


def expected_cells() -> Counter[Place]:
    rows = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    return Counter(
        (r["page"], tuple(r["item"]), r["code"], tuple(r["column"]), r["printed"]) for r in rows
    )


PAGES = sorted({place[0] for place in expected_cells()})


@pytest.mark.parametrize("page", PAGES)
def test_every_cell_has_its_paths(sample_report: Report, page: int) -> None:
    wanted = Counter({k: n for k, n in expected_cells().items() if k[0] == page})
    found = Counter(
        (f.page, f.item, f.code, f.column, f.printed)
        for f in sample_report.figures
        if f.page == page and f.table and f.value is not None
    )
    assert wanted, "no expectation for this page"
    assert found == wanted


def test_counts(sample_report: Report) -> None:
    r = sample_report
    assert (r.title, r.body, r.year, r.kind) == (
        "云海市数据资源管理局2024年度部门决算",
        "云海市数据资源管理局",
        2024,
        "accounts",
    )
    assert len(r.pages) == 40
    assert [t.title for t in r.tables[1:10]] == [
        "收入支出决算总表",
        "收入决算表",
        "支出决算表",
        "财政拨款收入支出决算总表",
        "一般公共预算财政拨款支出决算表",
        "一般公共预算财政拨款基本支出决算明细表",
        "政府性基金预算财政拨款收入支出决算表",
        "国有资本经营预算财政拨款支出决算表",
        "财政拨款“三公”经费支出决算表",
    ]
    assert [t.kind for t in r.tables].count("form") == 7
    assert [t.title for t in r.tables if t.empty and t.form_code] == [
        "国有资本经营预算财政拨款支出决算表"
    ]
    assert [t.pages for t in r.tables if len(t.pages) > 1] == [(11, 12), (14, 15)]
    assert len({f.id for f in r.figures}) == len(r.figures)


def amount(
    report: Report, subject: str, table: str, scope: str = "", facet: str = "", measure: str = ""
) -> Decimal:
    found = {
        f.value or Decimal(0)
        for f in report.figures
        if f.table == table
        and f.subject == subject
        and f.facet == facet
        and (not scope or f.scope == scope)
        and (not measure or f.measure == measure)
        and f.state != "text"
    }
    assert len(found) == 1, f"{subject} in {table}: {found}"
    return found.pop()


T1, T2, T3 = "收入支出决算总表", "收入决算表", "支出决算表"
T4, T5 = "财政拨款收入支出决算总表", "一般公共预算财政拨款支出决算表"
T6, T9 = "一般公共预算财政拨款基本支出决算明细表", "财政拨款“三公”经费支出决算表"
GENERAL, FISCAL = "一般公共预算财政拨款", "财政拨款"


def test_totals_agree(sample_report: Report) -> None:
    def get(subject: str, table: str, **more: str) -> Decimal:
        return amount(sample_report, subject, table, **more)

    assert get("收入总计", T1) == get("支出总计", T1) == Decimal("11067.80")
    assert get("收入总计", T1) == sum(
        get(s, T1) for s in ("本年收入合计", "使用非财政拨款结余（含专用结余）", "年初结转和结余")
    )
    assert get("支出总计", T1) == sum(
        get(s, T1) for s in ("本年支出合计", "结余分配", "年末结转和结余")
    )
    assert get("本年收入合计", T2) == get("本年收入合计", T1)
    assert get("本年支出合计", T3) == get("本年支出合计", T1)
    assert get("本年支出合计", T3) == get("基本支出", T3) + get("项目支出", T3)
    assert get("本年支出合计", T4, scope=FISCAL) == sum(
        get("本年支出合计", T4, scope=s)
        for s in (GENERAL, "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
    )
    assert get("本年支出合计", T5) == get("本年支出合计", T4, scope=GENERAL)
    assert get("人员经费", T6) + get("公用经费", T6) == get("基本支出", T5)
    for measure in ("budget", "final"):
        assert get("财政拨款“三公”经费", T9, measure=measure) == sum(
            get(s, T9, measure=measure)
            for s in ("因公出国（境）费", "公务用车购置及运行维护费", "公务接待费")
        )


@pytest.mark.parametrize("title", [T2, T3, T5, T6])
def test_codes_roll_up(sample_report: Report, title: str) -> None:
    by_column: dict[tuple[str, ...], dict[str, Decimal]] = {}
    for f in sample_report.figures:
        if f.table == title and f.code:
            column = f.column[-1:] if title == T6 else f.column
            by_column.setdefault(column, {})[f.code] = f.value or Decimal(0)
    checked = 0
    for column, values in by_column.items():
        for code, value in values.items():
            parts = [v for c, v in values.items() if c[:-2] == code]
            if parts:
                assert sum(parts) == value, (title, column, code)
                checked += 1
    assert checked >= 5


def test_contradictions_are_the_three_on_purpose(sample_report: Report) -> None:
    by_id = {f.id: f for f in sample_report.figures}
    broken = [fact for fact in link_facts(sample_report.figures) if not fact.agree]
    printed = [sorted({by_id[i].printed for i in fact.figures}) for fact in broken]
    assert sorted(printed) == [["117.23", "117.32"], ["86.39", "86.93%"], ["96.46", "96.64"]]


def test_facts_told_in_table_and_prose_are_linked(sample_report: Report) -> None:
    by_id = {f.id: f for f in sample_report.figures}
    facts = link_facts(sample_report.figures)
    pages = {
        frozenset(by_id[i].page for i in fact.figures): fact
        for fact in facts
        if "公务接待费|" in fact.key and "final" in fact.key
    }
    assert any({18, 25, 26} <= set(p) for p in pages), "table 09 and both paragraphs"
    assert len(facts) > 90


def prose(report: Report, page: int, subject: str, measure: str, base: str = "") -> list[Figure]:
    return [
        f
        for f in report.figures
        if f.sentence
        and f.page == page
        and (f.subject, f.measure, f.base) == (subject, measure, base)
    ]


@pytest.mark.parametrize(
    ("page", "subject", "measure", "base", "value", "unit"),
    [
        (20, "收入总计和支出总计", "change", "上年", "-1236.56", "万元"),
        (20, "一般公共预算财政拨款收入", "reason_amount", "", "-1310.40", "万元"),
        (21, "一般公共预算财政拨款支出", "change_rate", "2023年度", "-10.58", "%"),
        (22, "一般行政管理事务", "change", "年初预算", "-23.28", "万元"),
        (22, "事业运行", "budget_initial", "", "735.60", "万元"),
        (22, "事业运行", "completion", "年初预算", "100.92", "%"),
        (25, "财政拨款“三公”经费", "change", "上年", "14.24", "万元"),
        (25, "公务用车购置及运行维护费", "share", "", "72.68", "%"),
        (26, "公务接待费", "count", "", "26", "批次"),
        (26, "服务类", "share", "", "92.45", "%"),
        (27, "政务云资源服务项目", "executed", "", "3120.50", "万元"),
        (28, "覆盖居民", "count", "", "5.9", "万户"),
    ],
)
def test_prose(
    sample_report: Report,
    page: int,
    subject: str,
    measure: str,
    base: str,
    value: str,
    unit: str,
) -> None:
    found = prose(sample_report, page, subject, measure, base)
    assert (Decimal(value), unit) in {(f.value, f.unit) for f in found}


def test_figures_stand_where_they_are_printed(sample_report: Report) -> None:
    for figure in sample_report.figures:
        page = sample_report.pages[figure.page - 1]
        box = figure.box
        assert 0 <= box.x0 <= box.x1 <= page.width
        assert 0 <= box.top <= box.bottom <= page.height
        assert figure.page_label == page.label
        if figure.sentence:
            assert figure.printed in figure.sentence
            assert box.height < 30, "one printed line"
