"""The words of the sample report: description of the body, explanation, glossary.

A block is (style, text): `h2` a section, `h3` a subsection, `p` a paragraph. Figures come from the
accounts and projects, so they agree with the tables, but for the contradictions that are listed in
sample_projects. Words without computed figures stand in text.yaml.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import sample_accounts as acc
import yaml
from sample_accounts import CAR_BUDGET, CAR_SPENT, LAST, money, percent, total
from sample_projects import EVALUATED, EVALUATED_BUDGET, HEALTH_IN_PROSE, PROJECTS, prose_rate

Block = tuple[str, str]


def change(now: Decimal, before: Decimal, more: str = "增长", less: str = "下降") -> str:
    """增加1.00万元，增长2.00% / 减少...; without a rate where the base is zero."""
    by = abs(now - before)
    word, rate = ("增加", more) if now > before else ("减少", less)
    if not before:
        return f"{word}{money(by)}万元，上年基数为0，不可比"
    return f"{word}{money(by)}万元，{rate}{percent(by, before)}%"


TEXT = yaml.safe_load(Path(__file__).with_name("text.yaml").read_text("utf-8"))
OVERVIEW: list[Block] = [(style, text) for style, text in TEXT["overview"]]
UNITS: list[list[str]] = TEXT["units"]
GLOSSARY: list[list[str]] = TEXT["glossary"]
REASONS: dict[str, str] = TEXT["reasons"]


def _item_paragraph(number: int, item: acc.Item) -> Block:
    """Budget against actual of one 项, as section 五（三）tells it."""
    path = (
        f"{acc.HEADINGS[item.code[:3]]}（类）{acc.HEADINGS[item.code[:5]]}（款）{item.name}（项）"
    )
    spent, budget = money(item.general), money(item.budget)
    head = f"{number}.{path}。"
    if not item.budget:
        return (
            "p",
            (
                f"{head}年初未安排预算，全年支出{spent}万元，因年初预算基数为0，完成率不可"
                "比。该支出来自省级数字经济发展资金，在年度执行中下达。"
            ),
        )
    rate = percent(item.general, item.budget)
    if item.general == item.budget:
        return ("p", f"{head}支出决算数{spent}万元，完成年初预算的100%，与年初预算持平。")
    word = "高于" if item.general > item.budget else "低于"
    gap = money(abs(item.general - item.budget))
    if number % 3 == 1:
        return (
            "p",
            (
                f"{head}年初预算{budget}万元，决算{spent}万元，完成年初预算的{rate}%。决算"
                f"{word}预算，主要原因是{REASONS[item.code]}。"
            ),
        )
    if number % 3 == 2:
        return (
            "p",
            (
                f"{head}年初预算安排{budget}万元，实际支出{spent}万元，完成率{rate}%，"
                f"{word}年初预算{gap}万元，原因是{REASONS[item.code]}。"
            ),
        )
    return (
        "p",
        (
            f"{head}本年支出{spent}万元，为年初预算{budget}万元的{rate}%，差额{gap}万元，"
            f"主要是因为{REASONS[item.code]}。"
        ),
    )


def explanation() -> list[Block]:
    """Part three, eleven sections."""
    general_items = [item for item in acc.ITEMS if item.general]
    return [*_totals(), *_general(general_items), *_basic_and_funds(), *_three_public(), *_other()]


def _totals() -> list[Block]:
    business, other = total("business_income"), total("other_income")
    fiscal = total("fiscal_income")
    return [
        ("h2", "一、收入支出决算总体情况说明"),
        (
            "p",
            (
                f"2024年度，本部门收入总计和支出总计均为{money(acc.GRAND)}万元，比上年各"
                f"{change(acc.GRAND, LAST['总计'])}。变动的主要原因：一是政务云租用价格下"
                "调、部分信息化项目在上年完工，一般公共预算财政拨款收入减少1,310.40万元；"
                "二是年初结转和结余减少2.16万元；三是承接省级数据治理试点，其他收入等增加"
                "76.00万元。"
            ),
        ),
        (
            "p",
            (
                f"收入总计由本年收入{money(acc.INCOME)}万元、使用非财政拨款结余"
                f"{money(acc.USED_SURPLUS)}万元和年初结转和结余{money(acc.OPENING)}万元组"
                f"成；支出总计由本年支出{money(acc.SPENT)}万元、结余分配"
                f"{money(acc.DISTRIBUTED)}万元和年末结转和结余{money(acc.CLOSING)}万元组成。"
            ),
        ),
        ("h2", "二、收入决算情况说明"),
        (
            "p",
            (
                f"本年收入合计{money(acc.INCOME)}万元。按来源划分，财政拨款收入"
                f"{money(fiscal)}万元，占{percent(fiscal, acc.INCOME)}%；事业收入"
                f"{money(business)}万元，占{percent(business, acc.INCOME)}%；其他收入"
                f"{money(other)}万元，占{percent(other, acc.INCOME)}%。没有上级补助收入、经"
                "营收入和附属单位上缴收入。"
            ),
        ),
        (
            "p",
            (
                "事业收入是政务信息服务中心向社会机构提供电子认证服务取得的收入；其他收入"
                "主要是省数据主管部门拨付的试点经费和存款利息。"
            ),
        ),
        ("h2", "三、支出决算情况说明"),
        (
            "p",
            (
                f"本年支出合计{money(acc.SPENT)}万元，其中基本支出{money(total('basic'))}"
                f"万元，占{percent(total('basic'), acc.SPENT)}%；项目支出"
                f"{money(total('project'))}万元，占{percent(total('project'), acc.SPENT)}%；"
                "未发生上缴上级支出、经营支出和对附属单位补助支出。"
            ),
        ),
        (
            "p",
            (
                f"本年支出中由财政拨款以外的资金负担{money(acc.SPENT - acc.FISCAL_SPENT)}"
                f"万元，包括基本支出{money(total('other_basic'))}万元、项目支出"
                f"{money(total('other_project'))}万元，因此本表合计大于财政拨款支出合计。"
            ),
        ),
        ("h2", "四、财政拨款收入支出决算总体情况说明"),
        (
            "p",
            (
                f"2024年度财政拨款收入总计、支出总计均为{money(acc.FISCAL_GRAND)}万元，较"
                f"上年{change(acc.FISCAL_GRAND, LAST['财政拨款总计'], '上升', '降低')}，主"
                "要原因是政务云服务重新招标后单价降低，同时上年实施的机房搬迁工程不再安排"
                "资金。"
            ),
        ),
        (
            "p",
            (
                f"财政拨款支出合计{money(acc.FISCAL_SPENT)}万元，占全部支出的"
                f"{percent(acc.FISCAL_SPENT, acc.SPENT)}%；年末财政拨款结转和结余"
                f"{money(acc.CLOSING_FISCAL)}万元，全部为公共数据治理与共享平台项目尾款，"
                f"比年初减少{money(acc.OPENING_FISCAL - acc.CLOSING_FISCAL)}万元。"
            ),
        ),
    ]


def _general(items: list[acc.Item]) -> list[Block]:
    parts = []
    for code in ("201", "206", "208", "210", "215", "221"):
        value = total("general", code)
        printed = HEALTH_IN_PROSE if code == "210" else money(value)
        name = acc.HEADINGS[code].removesuffix("支出")
        parts.append(f"{name}（类）支出{printed}万元，占{percent(value, acc.GENERAL)}%")
    general, last = acc.GENERAL, LAST["一般公共预算支出"]
    return [
        ("h2", "五、一般公共预算财政拨款支出决算情况说明"),
        ("h3", "（一）总体情况"),
        (
            "p",
            (
                f"2024年度一般公共预算财政拨款支出为{money(general)}万元，占本年支出合计的"
                f"{percent(general, acc.SPENT)}%。同2023年度决算数相比，"
                f"{change(general, last)}，主要是政务云服务费和机房改造支出减少。"
            ),
        ),
        ("h3", "（二）结构情况"),
        ("p", "按支出功能分类，上述支出用在六个方面：" + "；".join(parts) + "。"),
        ("h3", "（三）具体情况"),
        (
            "p",
            (
                f"2024年度一般公共预算财政拨款支出年初预算数为{money(acc.GENERAL_BUDGET)}"
                f"万元，决算数为{money(general)}万元，完成年初预算的"
                f"{percent(general, acc.GENERAL_BUDGET)}%，超出年初预算"
                f"{money(general - acc.GENERAL_BUDGET)}万元，主要原因是年中收到省级数字经"
                "济发展资金。分科目看："
            ),
        ),
        *[_item_paragraph(number, item) for number, item in enumerate(items, 1)],
    ]


def _named(rows: list[acc.EconomicRow]) -> str:
    """Detailed items by falling amount, the first three with their amounts."""
    items = [(row.value, row.name) for row in rows if row.value and len(row.code) == 5]
    items.sort(reverse=True)
    first = [f"{name}{money(value)}万元" for value, name in items[:3]]
    return "、".join(first + [name for _, name in items[3:]])


def _basic_and_funds() -> list[Block]:
    basic, fund = total("general_basic"), acc.FUND_INCOME
    return [
        ("h2", "六、一般公共预算财政拨款基本支出情况说明"),
        (
            "p",
            (
                f"2024年度一般公共预算财政拨款基本支出{money(basic)}万元。其中：人员经费"
                f"{money(acc.PERSONNEL)}万元，占{percent(acc.PERSONNEL, basic)}%，用于"
                f"{_named(acc.PERSONNEL_ROWS)}；公用经费{money(acc.OFFICE)}万元，占"
                f"{percent(acc.OFFICE, basic)}%，用于"
                f"{_named(acc.SUPPLIES_ROWS + acc.CAPITAL_ROWS)}。"
            ),
        ),
        ("h2", "七、政府性基金预算财政拨款收支决算情况说明"),
        (
            "p",
            (
                f"2024年度政府性基金预算财政拨款年初结转和结余0万元，本年收入{fund}万元，"
                f"本年支出{fund}万元，年末结转和结余0万元，收支均与上年持平。支出全部列入"
                "城乡社区支出（类）国有土地使用权出让收入安排的支出（款）其他国有土地使用"
                "权出让收入安排的支出（项），用于20个智慧社区试点的设备采购和安装。"
            ),
        ),
        ("h2", "八、国有资本经营预算支出决算情况说明"),
        ("p", "本部门2024年度未使用国有资本经营预算财政拨款，无相关支出。"),
    ]


def _three_public() -> list[Block]:
    budget, spent = acc.three_public(CAR_BUDGET), acc.three_public(CAR_SPENT)
    b, s = CAR_BUDGET, CAR_SPENT
    whole, cars = spent[0], spent[2]
    return [
        ("h2", "九、财政拨款“三公”经费支出决算情况说明"),
        ("h3", "（一）总体情况"),
        (
            "p",
            (
                f"2024年度财政拨款“三公”经费全年预算数{budget[0]}万元，支出决算数{whole}"
                f"万元，完成全年预算的{percent(whole, budget[0])}%；决算数比上年"
                f"{change(whole, LAST['三公'])}，主要原因是一辆应急通信车报废后更新，新增"
                "购置费。"
            ),
        ),
        (
            "p",
            (
                f"从结构看，因公出国（境）费{s['出国']}万元，占{percent(s['出国'], whole)}"
                f"%；公务用车购置及运行维护费{cars}万元，占{percent(cars, whole)}%；公务接"
                f"待费{s['接待']}万元，占{percent(s['接待'], whole)}%。"
            ),
        ),
        ("h3", "（二）分项情况"),
        (
            "p",
            (
                f"1.因公出国（境）费。全年预算{money(b['出国'])}万元，决算"
                f"{money(s['出国'])}万元，完成全年预算的{percent(s['出国'], b['出国'])}%，"
                f"比上年{change(s['出国'], LAST['出国'])}，原因是压减了出访批次。全年组织"
                "因公出国（境）团组2个、累计3人次，参加国际会议和业务培训。"
            ),
        ),
        (
            "p",
            (
                f"2.公务用车购置及运行维护费。全年预算{money(budget[2])}万元，决算"
                f"{money(cars)}万元，完成全年预算的{percent(cars, budget[2])}%，比上年"
                f"{change(cars, LAST['购置'] + LAST['运行'])}。其中，公务用车购置费"
                f"{money(s['购置'])}万元，购置新能源应急通信车1辆，"
                f"{change(s['购置'], LAST['购置'])}；公务用车运行维护费{money(s['运行'])}"
                f"万元，比上年{change(s['运行'], LAST['运行'], '上升', '下降')}，用于燃料、"
                "充电、保险、维修和过路过桥。年末由财政拨款负担运行维护费的公务用车4辆。"
            ),
        ),
        (
            "p",
            (
                f"3.公务接待费。全年预算{money(b['接待'])}万元，决算{money(s['接待'])}万元，"
                f"完成全年预算的{percent(s['接待'], b['接待'])}%，比上年"
                f"{change(s['接待'], LAST['接待'], '增长', '降低')}，原因是来访单位食宿改"
                "为自理的情况增多。接待对象均为国内来访人员，共26批次、214人次（不含陪同"
                "人员），未接待国（境）外来宾，即外事接待0批次、0人次。"
            ),
        ),
    ]


def _other() -> list[Block]:
    bought, goods = sum(acc.PURCHASES.values(), acc.ZERO), acc.PURCHASES
    small, micro = acc.PURCHASES_SMALL, acc.PURCHASES_MICRO
    return [
        ("h2", "十、其他重要事项情况说明"),
        ("h3", "（一）机关运行经费"),
        (
            "p",
            (
                f"2024年度局机关的机关运行经费支出{money(acc.AGENCY_RUNNING)}万元，比2023"
                f"年度{change(acc.AGENCY_RUNNING, LAST['机关运行'])}，主要原因是推行无纸化"
                "办公、集中采购办公用品，印刷和差旅开支缩减。两家事业单位的公用经费不计入"
                "机关运行经费，所以该数小于公开06表中的公用经费合计。"
            ),
        ),
        ("h3", "（二）政府采购支出"),
        (
            "p",
            (
                f"2024年度政府采购支出合计{money(bought)}万元，包括货物类"
                f"{money(goods['货物'])}万元、工程类{money(goods['工程'])}万元、服务类"
                f"{money(goods['服务'])}万元，分别占{percent(goods['货物'], bought)}%、"
                f"{percent(goods['工程'], bought)}%和{percent(goods['服务'], bought)}%。中"
                f"小企业获得的合同金额为{money(small)}万元，占采购支出合计的"
                f"{percent(small, bought)}%，其中小微企业{money(micro)}万元，占采购支出合"
                f"计的{percent(micro, bought)}%。货物、工程合同全部授予中小企业，服务合同"
                "授予中小企业的比例为"
                f"{percent(small - goods['货物'] - goods['工程'], goods['服务'])}%。"
            ),
        ),
        ("h3", "（三）国有资产占用"),
        (
            "p",
            (
                "2024年末，本部门实有车辆6辆：机要通信用车1辆、应急保障用车2辆、特种专业"
                "技术用车1辆、其他用车2辆，无副部（省）级以上领导用车、主要负责人用车、执"
                "法执勤用车和离退休干部服务用车。其他用车2辆已停驶待处置，不再安排运行维"
                "护费。单价100万元以上的设备（不含车辆）7台（套）。"
            ),
        ),
        *_performance(),
    ]


_OPENINGS = ("自评得分{s}分", "评价得分为{s}分", "经自评得{s}分")


def _performance() -> list[Block]:
    lines: list[Block] = []
    for p in PROJECTS:
        score = _OPENINGS[p.number % 3].format(s=f"{p.score:.2f}")
        name = p.name if p.name.endswith(("项目", "费")) else f"{p.name}项目"
        lines.append(
            (
                "p",
                (
                    f"{p.number}.{name}：全年预算{money(p.adjusted)}万元，实际执行"
                    f"{money(p.spent)}万元，预算执行率{prose_rate(p)}%，{score}，等级为“"
                    f"{p.grade}”。{p.result}"
                ),
            )
        )
    best = sum(p.grade == "优" for p in PROJECTS)
    return [
        ("h2", "十一、预算绩效情况说明"),
        ("h3", "（一）绩效管理开展情况"),
        (
            "p",
            (
                f"本部门对2024年度财政拨款安排的{len(PROJECTS)}个项目全部开展了绩效自评，"
                f"涉及全年预算资金{money(EVALUATED_BUDGET)}万元，实际执行"
                f"{money(EVALUATED)}万元，执行金额占财政拨款项目支出的"
                f"{percent(EVALUATED, total('general_project') + total('fund_project'))}%，"
                f"总体执行率为{percent(EVALUATED, EVALUATED_BUDGET)}%。本年没有开展部门评"
                "价和重点绩效评价。"
            ),
        ),
        ("h3", "（二）项目自评结果"),
        (
            "p",
            (
                f"{len(PROJECTS)}个项目中，等级为“优”的{best}个，“良”的"
                f"{len(PROJECTS) - best}个，没有“中”和“差”。主要问题是个别指标值设定偏"
                "高、部分项目付款集中在第四季度。各项目情况如下："
            ),
        ),
        *lines,
        ("p", "汇总表和其中7个项目的自评表附在第五部分。"),
    ]
