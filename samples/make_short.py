"""Write the three short sample reports: the year before, another body, a budget.

    python samples/make_short.py [folder]

Same page templates, grids and fonts as the long report; the figures stand in short_reports.yaml.
`check` stops the build where an identity (勾稽) is broken or where the report of 2023 is not what
the long report of 2024 tells of it, but for the restatements listed in README.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import make_sample as full
import sample_accounts as acc
import yaml
from reportlab import rl_config
from reportlab.platypus import BaseDocTemplate, Flowable, Spacer
from sample_accounts import HEADINGS, ZERO, d, money, percent, three_public
from sample_fonts import register_fonts
from sample_layout import Cell, Prose, grid, left, right
from sample_prose import Block, change
from sample_tables import SUMMARY_COLUMNS

DATA = Path(__file__).with_name("short_reports.yaml")
NAMES = {**HEADINGS, "20126": "档案事务"}
KINDS = ("出国", "购置", "运行", "接待")
HUNDRED = Decimal(10000)
Row = list[Cell | None]


@dataclass(frozen=True)
class Line:
    """One 项 with its amounts by column name."""

    code: str
    name: str
    amounts: dict[str, Decimal]


ACCOUNTS = ("budget", "basic", "project", "fund", "other_basic", "other_project")
BUDGET = ("basic", "project")


class Short:
    """One report: its figures, derived totals, tables and words."""

    def __init__(self, name: str, raw: dict[str, Any]) -> None:
        self.name, self.raw = name, raw
        self.body, self.year, self.budget = raw["body"], raw["year"], raw["kind"] == "budget"
        self.title = f"{self.body}{self.year}年" + ("部门预算" if self.budget else "度部门决算")
        self.unit: str = raw["unit"]
        columns = BUDGET if self.budget else ACCOUNTS
        self.lines = []
        for row in raw["items"].strip().splitlines():
            code, item, *amounts = row.split("|")
            filled = (amounts + [""] * len(columns))[: len(columns)]
            self.lines.append(Line(code, item, dict(zip(columns, map(d, filled), strict=True))))

    def total(self, code: str, *columns: str) -> Decimal:
        found = [li for li in self.lines if li.code.startswith(code)]
        return sum((li.amounts[c] for li in found for c in columns), ZERO)

    def codes(self, *columns: str) -> list[tuple[str, str]]:
        """Codes with names in printing order, only those with an amount in `columns`."""
        rows: dict[str, str] = {}
        for li in self.lines:
            if any(li.amounts[c] for c in columns):
                for length in (3, 5):
                    rows[li.code[:length]] = NAMES[li.code[:length]]
                rows[li.code] = li.name
        return list(rows.items())

    def parts(self, name: str, key: str) -> Decimal:
        return d(self.raw[name][key])

    def public(self, half: str) -> dict[str, Decimal]:
        return {kind: d(self.raw["three_public"][half][kind]) for kind in KINDS}

    @property
    def general(self) -> Decimal:
        return self.total("", "basic", "project")

    @property
    def spent(self) -> Decimal:
        return self.total("", *ACCOUNTS[1:])

    @property
    def income(self) -> Decimal:
        return sum(map(d, self.raw["income"].values()), ZERO)

    @property
    def opening(self) -> Decimal:
        return self.parts("opening", "fiscal") + self.parts("opening", "other")

    @property
    def closing(self) -> Decimal:
        return self.parts("closing", "fiscal") + self.parts("closing", "other")

    @property
    def grand(self) -> Decimal:
        return self.income + d(self.raw["used"]) + self.opening

    @property
    def fiscal_grand(self) -> Decimal:
        fiscal = self.parts("income", "general") + self.parts("income", "fund")
        return fiscal + self.parts("opening", "fiscal")

    @property
    def economic(self) -> list[tuple[str, str, Decimal]]:
        """Rows of the economic classification; a heading is the sum of its items."""
        rows = [row.split("|") for row in self.raw["economic"].strip().splitlines()]
        found = []
        for code, name, *printed in rows:
            items = [d(r[2]) for r in rows if len(r) == 3 and r[0].startswith(code)]
            found.append((code, name, d(printed[0]) if printed else sum(items, ZERO)))
        return found

    def heading(self, *codes: str) -> Decimal:
        return sum((value for code, _, value in self.economic if code in codes), ZERO)

    @property
    def projects(self) -> list[tuple[str, str, Decimal, Decimal, Decimal, Decimal]]:
        rows = [row.split("|") for row in self.raw["projects"].strip().splitlines()]
        return [(r[0], r[1], d(r[2]), d(r[3]), d(r[4]), d(r[5])) for r in rows]

    def cell(self, value: Decimal) -> Cell:
        """An amount in the unit of the tables."""
        return right(money(value * HUNDRED if self.unit == "元" else value))

    # -- identities ------------------------------------------------------------------------------

    def check(self) -> None:
        assert all(self.public("budget")[k] >= ZERO for k in KINDS)
        if self.budget:
            assert self.general == acc.GENERAL_BUDGET
            return
        assert self.grand == self.spent + d(self.raw["distributed"]) + self.closing
        fiscal = self.general + self.total("", "fund")
        assert self.fiscal_grand == fiscal + self.parts("closing", "fiscal")
        basic = self.heading("301", "303", "302", "310")
        assert self.total("", "basic") == basic, (self.name, basic)
        spent = self.public("spent")
        for code, kind in (("30212", "出国"), ("30231", "运行"), ("30217", "接待")):
            assert self.heading(code) <= spent[kind] <= self.public("budget")[kind]

    # -- tables ----------------------------------------------------------------------------------

    def by_code(self, columns: Sequence[tuple[str, tuple[str, ...]]]) -> list[Flowable]:
        """合计 and one row per code; a column is a name and the columns of Line that it adds."""
        head: list[Row] = [
            [Cell("项目", span=(2, 1)), None, *[Cell(n, span=(1, 2)) for n, _ in columns]],
            [Cell("科目代码"), Cell("科目名称"), *[None] * len(columns)],
        ]
        whole = [self.cell(self.total("", *parts)) for _, parts in columns]
        rows: list[Row] = [*head, [Cell("合计", span=(2, 1)), None, *whole]]
        everything = tuple(dict.fromkeys(p for _, parts in columns for p in parts))
        for code, name in self.codes(*everything):
            amounts = [self.cell(self.total(code, *parts)) for _, parts in columns]
            rows.append([left(code), left(name), *amounts])
        return [grid(rows, [62, 214, *[240 / len(columns)] * len(columns)], size=8.5)]

    def totals(self) -> list[Flowable]:
        """01: income and expenditure side by side."""
        incomes = [
            ("一、一般公共预算财政拨款收入", self.parts("income", "general")),
            ("二、政府性基金预算财政拨款收入", self.parts("income", "fund")),
            ("三、国有资本经营预算财政拨款收入", ZERO),
            ("四、上级补助收入", ZERO),
            ("五、事业收入", self.parts("income", "business")),
            ("六、其他收入", self.parts("income", "other")),
        ]
        classes = [(c, n) for c, n in self.codes(*ACCOUNTS[1:]) if len(c) == 3]
        numerals = "一二三四五六七八九十"
        paid = [
            (f"{numerals[i]}、{name}", self.total(code, *ACCOUNTS[1:]))
            for i, (code, name) in enumerate(classes)
        ]
        rows: list[Row] = [
            [Cell("收入", span=(2, 1)), None, Cell("支出", span=(2, 1)), None],
            [Cell("项目"), Cell("金额"), Cell("项目"), Cell("金额")],
        ]
        for i in range(max(len(incomes), len(paid))):
            row: Row = []
            for side in (incomes, paid):
                row += [left(side[i][0]), self.cell(side[i][1])] if i < len(side) else [Cell()] * 2
            rows.append(row)
        for income, got, spending, spent in (
            ("本年收入合计", self.income, "本年支出合计", self.spent),
            (
                "使用非财政拨款结余（含专用结余）", d(self.raw["used"]),
                "结余分配", d(self.raw["distributed"]),
            ),
            ("年初结转和结余", self.opening, "年末结转和结余", self.closing),
            ("总计", self.grand, "总计", self.grand),
        ):  # fmt: skip
            rows.append([Cell(income), self.cell(got), Cell(spending), self.cell(spent)])
        return [grid(rows, [178, 80, 178, 80], height=19.0)]

    def by_economic_code(self) -> list[Flowable]:
        """06: personnel at the left, supplies and capital at the right."""
        people = [r for r in self.economic if r[0][:3] in {"301", "303"}]
        office = [r for r in self.economic if r[0][:3] in {"302", "310"}]
        names = ["科目代码", "科目名称", "金额"]
        rows: list[Row] = [
            [Cell("人员经费", span=(3, 1)), None, None, Cell("公用经费", span=(3, 1)), None, None],
            [Cell(text) for text in names * 2],
        ]
        for i in range(max(len(people), len(office))):
            row: Row = []
            for side in (people, office):
                if i < len(side):
                    code, name, value = side[i]
                    row += [left(code), left(name), self.cell(value)]
                else:
                    row += [Cell()] * 3
            rows.append(row)
        rows.append([
            Cell("人员经费合计", span=(2, 1)), None, self.cell(self.heading("301", "303")),
            Cell("公用经费合计", span=(2, 1)), None, self.cell(self.heading("302", "310")),
        ])  # fmt: skip
        return [grid(rows, [44, 144, 70] * 2, height=18.0)]

    def public_table(self) -> list[Flowable]:
        """09: twelve columns; six in a budget."""
        cars = Cell("公务用车购置及运行维护费", span=(3, 1))
        half: Row = [
            Cell("合计", span=(1, 2)), Cell("因公出国（境）费", span=(1, 2)), cars, None, None,
            Cell("公务接待费", span=(1, 2)),
        ]  # fmt: skip
        names = [Cell(n) for n in ("小计", "公务用车购置费", "公务用车运行维护费")]
        low: Row = [None, None, *names, None]
        widths = [62, 66, 58, 66, 80, 58]
        sides = ["budget"] if self.budget else ["budget", "spent"]
        amounts = [self.cell(v) for side in sides for v in three_public(self.public(side))]
        top: Row = [Cell("预算数", span=(6, 1)), *[None] * 5]
        if not self.budget:
            top += [Cell("决算数", span=(6, 1)), *[None] * 5]
        count = len(sides)
        return [grid([top, half * count, low * count, list(amounts)], widths * count, height=28.0)]

    def project_table(self) -> list[Flowable]:
        rows: list[Row] = [[Cell(text) for text in SUMMARY_COLUMNS]]
        for number, (name, fund, budget, adjusted, spent, score) in enumerate(self.projects, 1):
            rows.append([
                Cell(str(number)), left(name), left(fund), self.cell(budget), self.cell(adjusted),
                self.cell(spent), right(f"{percent(spent, adjusted)}%"), Cell(f"{score:.2f}"),
                Cell("优" if score >= 90 else "良"),
            ])  # fmt: skip
        return [grid(rows, [36, 186, 132, 78, 80, 78, 64, 56, 48], size=9.5, height=27.0, pad=4)]

    # -- words -----------------------------------------------------------------------------------

    def explanation(self) -> list[Block]:
        return self._budget_words() if self.budget else self._accounts_words()

    def _accounts_words(self) -> list[Block]:
        year, last, why = self.year, self.raw["last"], self.raw["reasons"]
        basic, project = (self.total("", c, f"other_{c}") for c in ("basic", "project"))
        project += self.total("", "fund")
        budget = self.total("", "budget")
        bought = sum((d(v) for v in self.raw["purchases"].values()), ZERO)
        goods = "、".join(f"{k}类{money(d(v))}万元" for k, v in self.raw["purchases"].items())
        people, office = self.heading("301", "303"), self.heading("302", "310")
        blocks: list[Block] = [
            ("h2", "一、收入支出决算总体情况说明"),
            ("p", (
                f"{year}年度，本部门收入总计和支出总计均为{money(self.grand)}万元，比上年各"
                f"{change(self.grand, d(last['总计']))}，主要原因是{why['总计']}。"
            )),
            ("h2", "二、支出决算情况说明"),
            ("p", (
                f"本年支出合计{money(self.spent)}万元，其中基本支出{money(basic)}万元，占"
                f"{percent(basic, self.spent)}%；项目支出{money(project)}万元，占"
                f"{percent(project, self.spent)}%。"
            )),
            ("h2", "三、一般公共预算财政拨款支出决算情况说明"),
            ("p", (
                f"{year}年度一般公共预算财政拨款支出{money(self.general)}万元，与上年相比，"
                f"{change(self.general, d(last['一般']))}。年初预算数为{money(budget)}万元，"
                f"完成年初预算的{percent(self.general, budget)}%。"
            )),
            ("h2", "四、一般公共预算财政拨款基本支出情况说明"),
            ("p", (
                f"{year}年度一般公共预算财政拨款基本支出{money(people + office)}万元，其中人员"
                f"经费{money(people)}万元，公用经费{money(office)}万元。"
            )),
        ]  # fmt: skip
        blocks += self._public_words()
        if d(self.raw["running"]):
            running = d(self.raw["running"])
            blocks += [
                ("h2", "六、机关运行经费支出情况说明"),
                ("p", (
                    f"{year}年度机关运行经费支出{money(running)}万元，比上年"
                    f"{change(running, d(last['机关运行']))}，主要原因是{why['机关运行']}。"
                )),
            ]  # fmt: skip
        blocks += [
            ("h2", ("七" if d(self.raw["running"]) else "六") + "、政府采购支出情况说明"),
            ("p", f"{year}年度政府采购支出合计{money(bought)}万元，其中{goods}。"),
        ]
        return blocks

    def _public_words(self) -> list[Block]:
        budget, spent, last = (self.public(h) for h in ("budget", "spent", "last"))
        all_budget, all_spent, all_last = map(three_public, (budget, spent, last))
        counts = self.raw["three_public"]
        groups, receptions = counts["groups"], counts["receptions"]
        why = self.raw["reasons"]
        abroad = (
            f"，比上年{change(spent['出国'], last['出国'])}，组织因公出国（境）团组{groups[0]}个、"
            f"累计{groups[1]}人次"
            if groups[0]
            else "，没有安排因公出国（境）"
        )
        return [
            ("h2", "五、财政拨款“三公”经费支出决算情况说明"),
            ("p", (
                f"{self.year}年度财政拨款“三公”经费全年预算数{money(all_budget[0])}万元，支出决"
                f"算数{money(all_spent[0])}万元，完成全年预算的"
                f"{percent(all_spent[0], all_budget[0])}%；决算数比上年"
                f"{change(all_spent[0], all_last[0])}，主要原因是{why['三公']}。"
            )),
            ("p", f"1.因公出国（境）费决算{money(spent['出国'])}万元{abroad}。"),
            ("p", (
                f"2.公务用车购置及运行维护费决算{money(all_spent[2])}万元，比上年"
                f"{change(all_spent[2], all_last[2])}。其中公务用车运行维护费"
                f"{money(spent['运行'])}万元。年末公务用车保有量"
                f"{counts['cars']}辆。"
            )),
            ("p", (
                f"3.公务接待费决算{money(spent['接待'])}万元，完成全年预算的"
                f"{percent(spent['接待'], budget['接待'])}%，比上年"
                f"{change(spent['接待'], last['接待'])}，主要原因是{why['接待']}。国内公务接待共"
                f"{receptions[0]}批次、{receptions[1]}人次。"
            )),
        ]  # fmt: skip

    def _budget_words(self) -> list[Block]:
        budget, last = (three_public(self.public(h)) for h in ("budget", "last"))
        names = (
            "因公出国（境）费", "公务用车购置及运行维护费", "公务用车购置费",
            "公务用车运行维护费", "公务接待费",
        )  # fmt: skip
        lines = "；".join(f"{n}{money(v)}万元" for n, v in zip(names, budget[1:], strict=True))
        return [
            ("h2", "一、部门预算收支情况说明"),
            ("p", (
                f"{self.year}年部门预算收入总计{money(self.general)}万元，全部为一般公共预算财政拨款"
                f"；支出总计{money(self.general)}万元，其中基本支出"
                f"{money(self.total('', 'basic'))}万元，项目支出"
                f"{money(self.total('', 'project'))}万元。"
            )),
            ("h2", "二、“三公”经费预算情况说明"),
            ("p", (
                f"{self.year}年“三公”经费预算数为{money(budget[0])}万元，比上年预算"
                f"{change(budget[0], last[0])}。其中：{lines}。"
            )),
            ("h2", "三、机关运行经费预算情况说明"),
            ("p", f"{self.year}年机关运行经费预算为{money(d(self.raw['running']))}万元。"),
        ]  # fmt: skip

    # -- the report ------------------------------------------------------------------------------

    def story(self) -> list[Flowable]:
        report = full.Report({})
        fiscal = ("basic", "project")
        everything = [
            ("本年支出合计", ACCOUNTS[1:]),
            ("基本支出", ("basic", "other_basic")),
            ("项目支出", ("project", "fund", "other_project")),
        ]
        split = [("小计", fiscal), ("基本支出", ("basic",)), ("项目支出", ("project",))]
        if self.budget:
            tables = [
                ("tall", "一般公共预算支出预算表", self.by_code([("合计", fiscal), *split[1:]])),
                ("wide", "一般公共预算“三公”经费支出预算表", self.public_table()),
            ]
        else:
            tables = [
                ("tall", "收入支出决算总表", self.totals()),
                ("tall", "支出决算表", self.by_code(everything)),
                ("tall", "一般公共预算财政拨款支出决算表", self.by_code(split)),
                ("tall", "一般公共预算财政拨款基本支出决算明细表", self.by_economic_code()),
                ("wide", "财政拨款“三公”经费支出决算表", self.public_table()),
                ("wide", "项目支出绩效自评情况汇总表", self.project_table()),
            ]
        word = "预算" if self.budget else "决算"
        self.part(report, "第一部分　部门概况", [("p", self.raw["duty"])])
        report.mark(f"第二部分　{self.year}年部门{word}表", 0)
        for number, (template, title, grids) in enumerate(tables, 1):
            report.new_page(template)
            report.story.append(
                full.Lines(
                    (title, "Hei", 16, 30, "C"),
                    (f"\t公开{number:02d}表", "Song", 9, 14, "BOTH"),
                    (f"编制单位：{self.body}\t金额单位：{self.unit}", "Song", 9, 15, "BOTH"),
                )
            )
            report.story += grids
        self.part(report, f"第三部分　{self.year}年部门{word}情况说明", self.explanation())
        return [*self.cover(), *report.story]

    @staticmethod
    def part(report: full.Report, title: str, blocks: list[Block]) -> None:
        report.new_page("text")
        report.mark(title, 0)
        report.story.append(Prose(title, font="Hei"))
        report.blocks(blocks)

    def cover(self) -> list[Flowable]:
        name = self.title.removeprefix(self.body)
        return [
            Spacer(0, 190),
            full.Lines((self.body, "Hei", 30, 54, "C"), (name, "Hei", 30, 54, "C")),
            Spacer(0, 270),
            full.Lines(
                (self.raw["issued"], "Song", 16, 30, "C"),
                (f"（{full.INVENTED}）", "Song", 11, 24, "C"),
            ),
        ]


def check_told(before: Short) -> None:
    """What the long report tells of the year before is what that year's report prints."""
    last = acc.LAST
    assert before.grand == last["总计"]
    assert before.fiscal_grand == last["财政拨款总计"]
    assert before.general == last["一般公共预算支出"]
    assert before.total("", "fund") == last["政府性基金"]
    spent = before.public("spent")
    assert all(spent[kind] == last[kind] for kind in KINDS)
    assert before.parts("closing", "fiscal") == acc.OPENING_FISCAL
    assert before.parts("closing", "other") == acc.OPENING_OTHER
    assert acc.OPENING - before.opening == -d("2.16")
    assert d(before.raw["running"]) - last["机关运行"] == d("2.00")  # restated on purpose


def characters(texts: Sequence[str]) -> set[str]:
    """Every character that the short reports may print; ASCII as a whole."""
    found = {c for c in "".join(texts) if c.isprintable() or c == "\u3000"}
    return found | set(map(chr, range(32, 127)))


def main(folder: Path) -> None:
    raw = yaml.safe_load(DATA.read_text("utf-8"))
    reports = {name: Short(name, data) for name, data in raw.items()}
    for report in reports.values():
        report.check()
    check_told(reports["yunhai-data-2023"])
    rl_config.invariant = 1
    here = Path(__file__).parent
    scripts = ("make_short.py", "sample_prose.py", "sample_tables.py", "short_reports.yaml")
    texts = [(here / name).read_text("utf-8") for name in scripts] + [*NAMES.values()]
    texts += [full.INVENTED]
    with tempfile.TemporaryDirectory() as fonts:
        register_fonts(characters(texts), Path(fonts))
        for name, report in reports.items():
            target = folder / f"{name}.pdf"
            document = BaseDocTemplate(
                str(target), pageTemplates=short_templates(), title=report.title,
                author=report.body, subject=f"{report.title}（虚构示例）",
                creator="samples/make_short.py", lang="zh-CN",
            )  # fmt: skip
            document.build(report.story())
            sys.stderr.write(f"{target}: {target.stat().st_size / 1024:.0f} KiB\n")


def short_templates() -> list[full.PageTemplate]:
    """The long report's pages, numbered from the one after the cover."""
    templates = full.page_templates()
    for template in templates[1:]:
        template.onPage = number_page
    return templates


def number_page(canvas: full.Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont("Song", 10.5)
    canvas.drawCentredString(canvas._pagesize[0] / 2, 36, f"- {canvas.getPageNumber() - 1} -")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the short sample reports.")
    parser.add_argument("folder", nargs="?", type=Path, default=DATA.parent)
    main(parser.parse_args().folder)
