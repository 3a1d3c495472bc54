"""The tables of the sample report as ruled grids: nine standard tables, summary and forms.

Each function returns the grids of one table, one for every page it runs over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import groupby

import sample_accounts as acc
from reportlab.platypus import Table
from sample_accounts import BODY, ZERO, money, total
from sample_layout import Cell, grid, left, right
from sample_projects import EVALUATED, EVALUATED_BUDGET, FIRST, PROJECTS, Project, summary_score
from sample_prose import UNITS

Row = list[Cell | None]
Amounts = Sequence[Decimal | None]
Column = Callable[[str], Decimal | None]

NUMERALS = "一二三四五六七八九十"
INCOME_COLUMNS = [
    "本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入",
    "其他收入",
]  # fmt: skip
SPENDING_COLUMNS = [
    "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出",
]  # fmt: skip
SUMMARY_COLUMNS = [
    "序号", "项目名称", "资金名称", "年初预算数", "调整后预算数", "执行数", "执行率", "得分",
    "等级",
]  # fmt: skip
MONEY_COLUMNS = [
    "", "年初预算数", "全年预算数（A）", "全年执行数（B）", "分值", "执行率（B/A）", "得分",
]  # fmt: skip
INDICATOR_COLUMNS = [
    "一级指标", "二级指标", "三级指标", "年度指标值（A）", "实际完成值（B）", "分值", "得分",
    "偏差原因分析及改进措施",
]  # fmt: skip
FUNCTIONS = [
    ("201", "一般公共服务支出"), ("202", "外交支出"), ("203", "国防支出"),
    ("204", "公共安全支出"), ("205", "教育支出"), ("206", "科学技术支出"),
    ("207", "文化旅游体育与传媒支出"), ("208", "社会保障和就业支出"), ("210", "卫生健康支出"),
    ("211", "节能环保支出"), ("212", "城乡社区支出"), ("213", "农林水支出"),
    ("214", "交通运输支出"), ("215", "资源勘探工业信息等支出"), ("216", "商业服务业等支出"),
    ("217", "金融支出"), ("219", "援助其他地区支出"), ("220", "自然资源海洋气象等支出"),
    ("221", "住房保障支出"), ("222", "粮油物资储备支出"), ("223", "国有资本经营预算支出"),
    ("224", "灾害防治及应急管理支出"), ("229", "其他支出"), ("231", "债务还本支出"),
    ("232", "债务付息支出"), ("234", "抗疫特别国债安排的支出"),
]  # fmt: skip


def ordinal(number: int) -> str:
    """1 -> 一, 12 -> 十二, 26 -> 二十六"""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else NUMERALS[tens - 1]) + "十" if tens else ""
    return head + (NUMERALS[ones - 1] if ones else "")


def amount(value: Decimal | None) -> Cell:
    return right("" if value is None else money(value))


def headers(*texts: str) -> Row:
    return [Cell(text) for text in texts]


def units_table() -> list[Table]:
    rows = [headers("序号", "单位名称", "单位性质", "经费保障方式")]
    rows += [[Cell(n), left(name), Cell(kind), Cell(paid)] for n, name, kind, paid in UNITS]
    return [grid(rows, [40, 180, 110, 106], size=10.5, height=24)]


def income_and_spending() -> list[Table]:
    """公开01表: two halves with their own 行次; lines without a value are blank, not 0.00."""
    incomes: list[tuple[str, Decimal | None]] = [
        ("一、一般公共预算财政拨款收入", acc.GENERAL_INCOME),
        ("二、政府性基金预算财政拨款收入", acc.FUND_INCOME),
        ("三、国有资本经营预算财政拨款收入", ZERO),
        ("四、上级补助收入", ZERO),
        ("五、事业收入", total("business_income")),
        ("六、经营收入", ZERO),
        ("七、附属单位上缴收入", ZERO),
        ("八、其他收入", total("other_income")),
    ]
    incomes += [("", None)] * (len(FUNCTIONS) - len(incomes))
    spendings = [
        (f"{ordinal(n)}、{name}", total("spent", code) or None)
        for n, (code, name) in enumerate(FUNCTIONS, 1)
    ]
    closing = [
        ("本年收入合计", acc.INCOME, "本年支出合计", acc.SPENT),
        ("使用非财政拨款结余（含专用结余）", acc.USED_SURPLUS, "结余分配", acc.DISTRIBUTED),
        ("年初结转和结余", acc.OPENING, "年末结转和结余", acc.CLOSING),
        ("", None, "", None),
        ("总计", acc.GRAND, "总计", acc.GRAND),
    ]
    rows: list[Row] = [
        [Cell("收入", span=(3, 1)), None, None, Cell("支出", span=(3, 1)), None, None],
        headers("项目", "行次", "金额", "项目", "行次", "金额"),
        headers("栏次", "", "1", "栏次", "", "2"),
    ]
    lines = [(*i, *s) for i, s in zip(incomes, spendings, strict=True)] + closing
    for number, (income, got, spending, paid) in enumerate(lines, 1):
        make = Cell if "计" in income else left
        rows.append([
            make(income), Cell(str(number)), amount(got),
            make(spending), Cell(str(number + len(lines))), amount(paid),
        ])  # fmt: skip
    return [grid(rows, [160, 28, 70, 160, 28, 70], height=17.6)]


def _by_code(
    columns: Sequence[Column],
    codes: list[tuple[str, str]],
    head: list[Row],
    widths: Sequence[float],
    height: float,
) -> Table:
    """合计 row and one row per code; a column is a function of the code, "" for the whole."""
    rows = list(head)
    numbers = [Cell(str(n)) for n in range(1, len(columns) + 1)]
    rows.append([Cell("栏次", span=(2, 1)), None, *numbers])
    rows.append([Cell("合计", span=(2, 1)), None, *[amount(column("")) for column in columns]])
    for code, name in codes:
        rows.append([left(code), left(name), *[amount(column(code)) for column in columns]])
    return grid(rows, widths, size=8.5, height=height)


def _column(name: str) -> Column:
    return lambda code: total(name, code)


def _nothing(code: str) -> Decimal | None:
    """A column that is blank below its 合计."""
    return None if code else ZERO


def _zero(code: str) -> Decimal:
    return ZERO


def _blank(code: str) -> None:
    return None


def income_by_code() -> list[Table]:
    """公开02表"""
    head: list[Row] = [
        [Cell("项目", span=(2, 1)), None, *[Cell(name, span=(1, 2)) for name in INCOME_COLUMNS]],
        [Cell("科目代码"), Cell("科目名称"), *[None] * 7],
    ]
    columns = [
        _column("income"), _column("fiscal_income"), _nothing, _column("business_income"),
        _nothing, _nothing, _column("other_income"),
    ]  # fmt: skip
    widths = [44, 126, 55, 55, 46, 48, 46, 48, 48]
    return [_by_code(columns, acc.code_rows(), head, widths, 17.0)]


def spending_by_code() -> list[Table]:
    """公开03表"""
    head: list[Row] = [
        [Cell("项目", span=(2, 1)), None, *[Cell(name, span=(1, 2)) for name in SPENDING_COLUMNS]],
        [Cell("科目代码"), Cell("科目名称"), *[None] * 6],
    ]
    columns = [_column("spent"), _column("basic"), _column("project"), _nothing, _nothing, _nothing]
    return [_by_code(columns, acc.code_rows(), head, [46, 150, 62, 62, 62, 44, 44, 46], 17.0)]


def fiscal_totals() -> list[Table]:
    """公开04表: two pages, the header stands on both."""
    incomes: list[tuple[str, Decimal | None]] = [
        ("一、一般公共预算财政拨款", acc.GENERAL_INCOME),
        ("二、政府性基金预算财政拨款", acc.FUND_INCOME),
        ("三、国有资本经营预算财政拨款", ZERO),
    ]
    incomes += [("", None)] * (len(FUNCTIONS) - len(incomes))
    lines: list[tuple[str, Decimal | None, str, Amounts]] = []
    for number, (code, name) in enumerate(FUNCTIONS, 1):
        general, fund = total("general", code), total("fund_project", code)
        paid: Amounts = [general + fund, general, fund, ZERO] if general + fund else [None] * 4
        lines.append((*incomes[number - 1], f"{ordinal(number)}、{name}", paid))
    fund = acc.FUND_INCOME
    spent = [acc.FISCAL_SPENT, acc.GENERAL, fund, ZERO]
    kept = [acc.CLOSING_FISCAL, acc.CLOSING_FISCAL, ZERO, ZERO]
    whole = [acc.FISCAL_GRAND, acc.FISCAL_GRAND - fund, fund, ZERO]
    none: Amounts = [None] * 4
    lines += [
        ("本年收入合计", acc.GENERAL_INCOME + fund, "本年支出合计", spent),
        ("年初财政拨款结转和结余", acc.OPENING_FISCAL, "年末财政拨款结转和结余", kept),
        ("　　一般公共预算财政拨款", acc.OPENING_FISCAL, "", none),
        ("　　政府性基金预算财政拨款", ZERO, "", none),
        ("　　国有资本经营预算财政拨款", ZERO, "", none),
        ("总计", acc.FISCAL_GRAND, "总计", whole),
    ]
    head: list[Row] = [
        [Cell("收入", span=(3, 1)), None, None, Cell("支出", span=(6, 1)), *[None] * 5],
        headers(
            "项目", "行次", "金额", "项目", "行次", "合计", "一般公共预算财政拨款",
            "政府性基金预算财政拨款", "国有资本经营预算财政拨款",
        ),
        headers("栏次", "", "1", "栏次", "", "2", "3", "4", "5"),
    ]  # fmt: skip
    rows: list[Row] = []
    for number, (income, got, spending, paid) in enumerate(lines, 1):
        make = Cell if income.endswith("计") else left
        rows.append([
            make(income), Cell(str(number)), amount(got), make(spending),
            Cell(str(number + len(lines))), *map(amount, paid),
        ])  # fmt: skip
    widths = [146, 28, 68, 152, 28, 72, 88, 88, 88]
    return [grid(head + part, widths, height=18.0) for part in (rows[:19], rows[19:])]


def general_by_code() -> list[Table]:
    """公开05表"""
    head: list[Row] = [
        [Cell("项目", span=(2, 1)), None, Cell("本年支出", span=(3, 1)), None, None],
        headers("科目代码", "科目名称", "小计", "基本支出", "项目支出"),
    ]
    columns = [_column("general"), _column("general_basic"), _column("general_project")]
    codes = acc.code_rows("general")
    return [_by_code(columns, codes, head, [62, 214, 80, 80, 80], 18.0)]


def basic_by_economic_code() -> list[Table]:
    """公开06表: three groups side by side, two pages, the header only on the first."""
    groups = [acc.PERSONNEL_ROWS, acc.SUPPLIES_ROWS, acc.CAPITAL_ROWS]
    rows: list[Row] = []
    for number in range(max(map(len, groups))):
        row: Row = []
        for group in groups:
            if number < len(group):
                line = group[number]
                row += [left(line.code), left(line.name), amount(line.value)]
            else:
                row += [Cell(), Cell(), Cell()]
        rows.append(row)
    rows.append([
        Cell("人员经费合计", span=(2, 1)), None, amount(acc.PERSONNEL),
        Cell("公用经费合计", span=(5, 1)), *[None] * 4, amount(acc.OFFICE),
    ])  # fmt: skip
    head: list[Row] = [
        [Cell("人员经费", span=(3, 1)), None, None, Cell("公用经费", span=(6, 1)), *[None] * 5],
        headers(*["科目代码", "科目名称", "金额"] * 3),
    ]
    widths = [46, 140.6, 66] * 3
    return [grid(part, widths, height=19.0) for part in (head + rows[:19], rows[19:])]


def government_funds() -> list[Table]:
    """公开07表"""
    head: list[Row] = [
        [
            Cell("项目", span=(2, 1)), None, Cell("年初结转和结余", span=(1, 2)),
            Cell("本年收入", span=(1, 2)), Cell("本年支出", span=(3, 1)), None, None,
            Cell("年末结转和结余", span=(1, 2)),
        ],
        [
            Cell("科目代码"), Cell("科目名称"), None, None,
            Cell("小计"), Cell("基本支出"), Cell("项目支出"), None,
        ],
    ]  # fmt: skip
    fund = _column("fund_project")
    codes = acc.code_rows("fund_project")
    columns = [_zero, fund, fund, _zero, fund, _zero]
    return [_by_code(columns, codes, head, [70, 230, *[76] * 6], 24.0)]


def state_capital() -> list[Table]:
    """公开08表: empty."""
    head: list[Row] = [
        [Cell("项目", span=(2, 1)), None, Cell("本年支出", span=(3, 1)), None, None],
        headers("科目代码", "科目名称", "小计", "基本支出", "项目支出"),
    ]
    codes = [("", "")] * 2
    return [_by_code([_blank] * 3, codes, head, [90, 290, 126, 126, 126], 24.0)]


def three_public() -> list[Table]:
    """公开09表: twelve columns under three levels of header."""
    cars = Cell("公务用车购置及运行维护费", span=(3, 1))
    half: Row = [
        Cell("合计", span=(1, 2)), Cell("因公出国（境）费", span=(1, 2)), cars, None, None,
        Cell("公务接待费", span=(1, 2)),
    ]  # fmt: skip
    low: Row = [None, None, *headers("小计", "公务用车购置费", "公务用车运行维护费"), None]
    figures = acc.three_public(acc.CAR_BUDGET) + acc.three_public(acc.CAR_SPENT)
    rows: list[Row] = [
        [Cell("预算数", span=(6, 1)), *[None] * 5, Cell("决算数", span=(6, 1)), *[None] * 5],
        half * 2,
        low * 2,
        headers(*map(str, range(1, 13))),
        [amount(value) for value in figures],
    ]
    return [grid(rows, [56, 66, 54, 66, 80, 57] * 2, height=28.0)]


def project_summary() -> list[Table]:
    """项目支出绩效自评情况汇总表; scores as `summary_score` prints them."""
    rows = [headers(*SUMMARY_COLUMNS)]
    for p in PROJECTS:
        rows.append([
            Cell(str(p.number)), left(p.name), left(p.fund), amount(p.budget), amount(p.adjusted),
            amount(p.spent), right(f"{p.rate}%"), Cell(summary_score(p)), Cell(p.grade),
        ])  # fmt: skip
    budget = sum((p.budget for p in PROJECTS), ZERO)
    rate = f"{acc.percent(EVALUATED, EVALUATED_BUDGET)}%"
    rows.append([
        Cell("合计", span=(3, 1)), None, None, amount(budget), amount(EVALUATED_BUDGET),
        amount(EVALUATED), right(rate), Cell("—"), Cell("—"),
    ])  # fmt: skip
    return [grid(rows, [36, 186, 132, 78, 80, 78, 64, 56, 48], size=9.5, height=27.0, pad=4)]


def _money_block(p: Project) -> list[Row]:
    this_year = (p.adjusted - p.carried, p.spent - p.carried)
    carried = (Cell("—"), amount(p.carried), amount(p.carried)) if p.carried else (right(""),) * 3
    dash = [Cell("—")] * 3
    head = Cell("项目预算执行情况（10分）", span=(2, 5))
    score = Cell(str(p.execution_score))
    whole = [amount(p.budget), amount(p.adjusted), amount(p.spent), Cell("10")]
    return [
        [head, None, *headers(*MONEY_COLUMNS)],
        [None, None, Cell("年度资金总额"), *whole, Cell(f"{p.rate}%"), score],
        [None, None, Cell("其中：当年财政拨款"), amount(p.budget), *map(amount, this_year), *dash],
        [None, None, Cell("上年结转资金"), *carried, *dash],
        [None, None, Cell("其他资金"), right(""), right(""), right(""), *dash],
    ]


def _indicator_rows(p: Project) -> list[Row]:
    """Header and indicators; 一级 and 二级 merged downwards, some set one character a line."""
    vertical = Cell("年度绩效指标", span=(1, len(p.indicators) + 1), upright=True)
    rows: list[Row] = [[vertical, *headers(*INDICATOR_COLUMNS)]]
    for first, first_rows in groupby(p.indicators, lambda i: i.first):
        same_first = list(first_rows)
        name = f"{first}指标"
        label = ("\n".join(name) if len(same_first) > 1 else name) + f"\n（{FIRST[first]}分）"
        top: Cell | None = Cell(label, span=(1, len(same_first)))
        for second, second_rows in groupby(same_first, lambda i: i.second):
            same = list(second_rows)
            middle: Cell | None = Cell(second, span=(1, len(same)))
            for i in same:
                weight, score = str(i.weight), f"{i.score:f}".removesuffix(".00")
                cells = headers(i.name, i.target, i.actual, weight, score)
                reason = Cell("无") if i.reason == "无" else left(i.reason)
                rows.append([None, top, middle, *cells, reason])
                top = middle = None
    return rows


def project_form(p: Project) -> list[Table]:
    """项目支出绩效自评表 of one project."""
    rows: list[Row] = [
        [
            Cell("项目名称", span=(2, 1)), None, Cell(p.name, span=(2, 1)), None,
            Cell("主管部门", span=(2, 1)), None, Cell(BODY, span=(3, 1)), None, None,
        ],
        [
            Cell("项目实施单位", span=(2, 1)), None, Cell(p.unit, span=(2, 1)), None,
            Cell("资金名称", span=(2, 1)), None, Cell(p.fund, span=(3, 1)), None, None,
        ],
        *_money_block(p),
        [
            Cell("年度总体目标", span=(2, 2)), None, Cell("预期目标", span=(3, 1)), None, None,
            Cell("实际完成情况", span=(4, 1)), None, None, None,
        ],
        [
            None, None, left(p.goal, span=(3, 1)), None, None, left(p.result, span=(4, 1)),
            None, None, None,
        ],
        *_indicator_rows(p),
    ]  # fmt: skip
    for name, weight, score in (("小计", "90", p.subtotal), ("总分", "100", p.score)):
        row: Row = [Cell(name, span=(6, 1)), *[None] * 5]
        rows.append([*row, Cell(weight), Cell(f"{score:.2f}"), Cell("")])
    return [grid(rows, [24, 54, 70, 90, 74, 70, 30, 44, 80], height=22.0)]
