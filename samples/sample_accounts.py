"""The invented accounts behind the sample report, in 万元.

Everything is a Decimal that is exact to the cent printed; totals are derived, never typed twice.
`check_identities` asserts the 勾稽 relations that hold between the nine tables, so a figure that is
edited here either keeps the report consistent or stops the build.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")

BODY = "云海市数据资源管理局"
YEAR = 2024


def d(text: str) -> Decimal:
    """A figure as typed in the data; blank is zero."""
    return Decimal(text or "0.00")


def money(value: Decimal) -> str:
    """Two decimals with thousands separators, as the tables print it."""
    return f"{value:,.2f}"


def percent(part: Decimal, whole: Decimal) -> str:
    """part / whole as a percentage with two decimals, without the sign."""
    return str((part / whole * 100).quantize(Decimal("0.01"), ROUND_HALF_UP))


@dataclass(frozen=True)
class Item:
    """One 项 (seven digits) of the function classification."""

    code: str
    name: str
    budget: Decimal  # 年初预算, 一般公共预算财政拨款
    fiscal_income: Decimal
    business_income: Decimal
    other_income: Decimal
    general_basic: Decimal
    general_project: Decimal
    fund_project: Decimal
    other_basic: Decimal  # paid from 事业收入, 其他收入 and the like
    other_project: Decimal

    @property
    def general(self) -> Decimal:
        return self.general_basic + self.general_project

    @property
    def basic(self) -> Decimal:
        return self.general_basic + self.other_basic

    @property
    def project(self) -> Decimal:
        return self.general_project + self.fund_project + self.other_project

    @property
    def spent(self) -> Decimal:
        return self.basic + self.project

    @property
    def income(self) -> Decimal:
        return self.fiscal_income + self.business_income + self.other_income


HEADINGS = {
    "201": "一般公共服务支出",
    "20104": "发展与改革事务",
    "206": "科学技术支出",
    "20604": "技术研究与开发",
    "208": "社会保障和就业支出",
    "20805": "行政事业单位养老支出",
    "210": "卫生健康支出",
    "21011": "行政事业单位医疗",
    "212": "城乡社区支出",
    "21208": "国有土地使用权出让收入安排的支出",
    "215": "资源勘探工业信息等支出",
    "21508": "支持中小企业发展和管理支出",
    "221": "住房保障支出",
    "22102": "住房改革支出",
}

# code | name | 年初预算 | fiscal, business, other income | general basic, general project, fund
# project | other basic, other project
_ITEMS = """
2010401|行政运行|1248.00|1286.45|||1286.45|||
2010402|一般行政管理事务|380.00|356.72||||356.72|||
2010450|事业运行|735.60|742.38|33.00|2.60|742.38|||38.60|
2010499|其他发展与改革事务支出|6580.00|6127.76|29.00|128.90||6218.54|||165.40
2060499|其他技术研究与开发支出||420.00||||420.00|||
2080501|行政单位离退休|29.50|31.26|||31.26||||
2080505|机关事业单位基本养老保险缴费支出|170.20|168.92|||168.92||||
2080506|机关事业单位职业年金缴费支出|85.10|84.46|||84.46||||
2101101|行政单位医疗|52.37|52.37|||52.37||||
2101102|事业单位医疗|38.40|38.15|||38.15||||
2101103|公务员医疗补助|26.80|26.80|||26.80||||
2120899|其他国有土地使用权出让收入安排的支出||880.00|||||880.00||
2150899|其他支持中小企业发展和管理支出|300.00|260.00||||260.00|||
2210201|住房公积金|140.30|143.68|||143.68||||
2210203|购房补贴|43.00|41.05|||41.05||||
"""


def _read_item(line: str) -> Item:
    code, name, *figures = line.split("|")
    return Item(code, name, *[d(text) for text in (figures + [""] * 9)[:9]])


ITEMS = [_read_item(line) for line in _ITEMS.strip().splitlines()]
BY_CODE = {item.code: item for item in ITEMS}


def total(column: str, code: str = "") -> Decimal:
    """Sum of a column of Item over all items whose code starts with `code`."""
    return sum((getattr(i, column) for i in ITEMS if i.code.startswith(code)), ZERO)


def code_rows(column: str | None = None) -> list[tuple[str, str]]:
    """Codes with names in printing order (类, 款, 项), only those where `column` is not zero."""
    rows: dict[str, str] = {}
    for item in ITEMS:
        if column and not getattr(item, column):
            continue
        for length in (3, 5):
            rows[item.code[:length]] = HEADINGS[item.code[:length]]
        rows[item.code] = item.name
    return list(rows.items())


# 结转 and 结余
OPENING_FISCAL = d("186.30")
OPENING_OTHER = d("20.00")
CLOSING_FISCAL = d("95.52")
CLOSING_OTHER = d("12.50")
USED_SURPLUS = d("8.00")
DISTRIBUTED = d("5.00")

FUND_INCOME = total("fund_project")
GENERAL_INCOME = total("fiscal_income") - FUND_INCOME
INCOME = total("income")
SPENT = total("spent")
GENERAL = total("general")
FISCAL_SPENT = GENERAL + FUND_INCOME
OPENING = OPENING_FISCAL + OPENING_OTHER
CLOSING = CLOSING_FISCAL + CLOSING_OTHER
GRAND = INCOME + USED_SURPLUS + OPENING
FISCAL_GRAND = GENERAL_INCOME + FUND_INCOME + OPENING_FISCAL
GENERAL_BUDGET = total("budget")

# Last year's figures, only used by the explanation.
LAST = {
    "总计": d("12304.36"),
    "财政拨款总计": d("12105.10"),
    "一般公共预算支出": d("11038.80"),
    "三公": d("21.48"),
    "出国": d("9.15"),
    "购置": d("0.00"),
    "运行": d("8.64"),
    "接待": d("3.69"),
    "机关运行": d("274.90"),
    "政府性基金": d("880.00"),
}

# 06: economic classification, the three groups of columns; "-" is a cell left blank.
_PERSONNEL = """
301|工资福利支出
30101|基本工资|468.35
30102|津贴补贴|412.60
30103|奖金|486.92
30106|伙食补助费|0.00
30107|绩效工资|214.75
30108|机关事业单位基本养老保险缴费|168.92
30109|职业年金缴费|84.46
30110|职工基本医疗保险缴费|90.52
30111|公务员医疗补助缴费|26.80
30112|其他社会保障缴费|9.83
30113|住房公积金|143.68
30114|医疗费|-
30199|其他工资福利支出|57.24
303|对个人和家庭的补助
30301|离休费|0.00
30302|退休费|31.26
30303|退职（役）费|-
30304|抚恤金|18.60
30305|生活补助|3.12
30306|救济费|-
30307|医疗费补助|4.35
30308|助学金|-
30309|奖励金|0.48
30310|个人农业生产补贴|-
30311|代缴社会保险费|-
30399|其他对个人和家庭的补助|0.00
"""
_SUPPLIES = """
302|商品和服务支出
30201|办公费|28.46
30202|印刷费|4.85
30203|咨询费|0.00
30204|手续费|0.12
30205|水费|2.36
30206|电费|15.74
30207|邮电费|12.30
30208|取暖费|18.92
30209|物业管理费|36.50
30211|差旅费|41.27
30212|因公出国（境）费用|6.40
30213|维修（护）费|8.75
30214|租赁费|0.00
30215|会议费|3.68
30216|培训费|9.52
30217|公务接待费|2.85
30218|专用材料费|0.00
30224|被装购置费|-
30225|专用燃料费|-
30226|劳务费|11.40
30227|委托业务费|14.20
30228|工会经费|32.18
30229|福利费|21.64
30231|公务用车运行维护费|7.20
30239|其他交通费用|78.36
30240|税金及附加费用|0.00
30299|其他商品和服务支出|19.44
"""
_CAPITAL = """
307|债务利息及费用支出
30701|国内债务付息|-
30702|国外债务付息|-
30703|国内债务发行费用|-
30704|国外债务发行费用|-
310|资本性支出
31001|房屋建筑物购建|0.00
31002|办公设备购置|11.30
31003|专用设备购置|0.00
31005|基础设施建设|-
31006|大型修缮|-
31007|信息网络及软件购置更新|6.20
31008|物资储备|-
31009|土地补偿|-
31010|安置补助|-
31011|地上附着物和青苗补偿|-
31012|拆迁补偿|-
31013|公务用车购置|0.00
31019|其他交通工具购置|-
31021|文物和陈列品购置|-
31022|无形资产购置|0.00
31099|其他资本性支出|0.00
399|其他支出
39907|国家赔偿费用支出|-
39908|对民间非营利组织和群众性自治组织补贴|-
39999|其他支出|-
"""


@dataclass(frozen=True)
class EconomicRow:
    code: str
    name: str
    value: Decimal | None  # None is a blank cell


def _read_group(text: str) -> list[EconomicRow]:
    lines = [line.split("|") for line in text.strip().splitlines()]
    rows = []
    for code, name, *printed in lines:
        if printed:
            value = None if printed[0] == "-" else d(printed[0])
        else:
            value = sum(
                (d(n[2]) for n in lines if len(n) == 3 and n[0][:3] == code and n[2] != "-"), ZERO
            )
        rows.append(EconomicRow(code, name, value))
    return rows


PERSONNEL_ROWS = _read_group(_PERSONNEL)
SUPPLIES_ROWS = _read_group(_SUPPLIES)
CAPITAL_ROWS = _read_group(_CAPITAL)
ECONOMIC = {row.code: row for row in PERSONNEL_ROWS + SUPPLIES_ROWS + CAPITAL_ROWS}


def economic(code: str) -> Decimal:
    return ECONOMIC[code].value or ZERO


PERSONNEL = economic("301") + economic("303")
OFFICE = economic("302") + economic("307") + economic("310") + economic("399")

# 09: 全年预算数 and 决算数
CAR_BUDGET = {"出国": d("8.00"), "购置": d("18.00"), "运行": d("8.50"), "接待": d("4.20")}
CAR_SPENT = {"出国": d("6.40"), "购置": d("17.86"), "运行": d("8.10"), "接待": d("3.36")}


def three_public(figures: dict[str, Decimal]) -> list[Decimal]:
    """The six columns of one half of table 09."""
    cars = figures["购置"] + figures["运行"]
    whole = figures["出国"] + cars + figures["接待"]
    return [whole, figures["出国"], cars, figures["购置"], figures["运行"], figures["接待"]]


AGENCY_RUNNING = d("262.83")  # 机关运行经费: the bureau itself, without its two 事业单位
PURCHASES = {"货物": d("312.45"), "工程": d("96.80"), "服务": d("5011.35")}
PURCHASES_SMALL = d("4865.90")  # 中小企业
PURCHASES_MICRO = d("1723.46")  # 小微企业


def check_identities() -> None:
    """Assert the relations between the tables (收支平衡, 上下级科目, 表间)."""
    assert GRAND == SPENT + DISTRIBUTED + CLOSING == d("11067.80")
    assert total("basic") + total("project") == SPENT
    assert FISCAL_GRAND == FISCAL_SPENT + CLOSING_FISCAL
    assert GENERAL_INCOME + OPENING_FISCAL == GENERAL + CLOSING_FISCAL
    assert total("general_basic") + total("general_project") == GENERAL
    assert total("general_basic") == PERSONNEL + OFFICE
    assert economic("30113") == BY_CODE["2210201"].general
    assert economic("30108") == BY_CODE["2080505"].general
    assert economic("30109") == BY_CODE["2080506"].general
    assert economic("30302") == BY_CODE["2080501"].general
    assert economic("30110") == BY_CODE["2101101"].general + BY_CODE["2101102"].general
    for economic_code, kind in (("30212", "出国"), ("30231", "运行"), ("30217", "接待")):
        assert economic(economic_code) <= CAR_SPENT[kind]
    assert all(CAR_SPENT[kind] <= CAR_BUDGET[kind] for kind in CAR_BUDGET)
    assert LAST["财政拨款总计"] == LAST["一般公共预算支出"] + LAST["政府性基金"] + OPENING_FISCAL
    assert LAST["三公"] == LAST["出国"] + LAST["购置"] + LAST["运行"] + LAST["接待"]
    assert sum(PURCHASES.values()) == d("5420.60") > PURCHASES_SMALL > PURCHASES_MICRO
    assert AGENCY_RUNNING < OFFICE and FISCAL_SPENT < SPENT
