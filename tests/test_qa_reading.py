"""A question as words: what is normalised, replaced, recognised and left over."""

from __future__ import annotations

import pytest

from qa.reading import (
    content_of,
    normalise,
    numeral,
    places_asked,
    read_question,
    replace_synonyms,
)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("公务接待费是多少？", "公务接待费是多少?"),
        ("請問機關運行經費是多少", "请问机关运行经费是多少"),
        ("三公　经费 １２３", "三公经费123"),
        (" 公 务\t接待\n费 ", "公务接待费"),
        ("３０２１７，决算", "30217,决算"),
        ("（一）ＡＢＣ：％", "(一)ABC:%"),
        ("決算\u200b數", "决算数"),
        ("超过五十万元的", "超过50万元的"),
        ("单项过百万元的科目", "单项过100万元的科目"),
        ("千百万元", "千百万元"),
        ("", ""),
    ],
)
def test_normalise(printed: str, expected: str) -> None:
    assert normalise(printed) == expected
    assert normalise(expected) == expected


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("7", 7),
        ("05", 5),
        ("两", 2),
        ("九", 9),
        ("十", 10),
        ("十二", 12),
        ("三十", 30),
        ("百", 100),
        ("两千五百", 2500),
        ("千百", None),
        ("若干", None),
    ],
)
def test_a_numeral_is_read_or_left(word: str, number: int | None) -> None:
    assert numeral(word) == number


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("一年请客吃饭用了多少钱", "公务接待费"),
        ("招待费花了多少", "公务接待费"),
        ("吃喝花了多少", "公务接待费"),
        ("买新车掏了多少", "公务用车购置费"),
        ("养车费用", "公务用车运行维护费"),
        ("公车加油修车多少钱", "公务用车运行维护费"),
        ("公车费用是多少", "公务用车购置及运行维护费"),
        ("出国费用是多少", "因公出国(境)费"),
        ("出去了几个团", "因公出国(境)团组几个"),
        ("三公消费一共多少", "三公经费"),
        ("养人的钱是多少", "人员经费"),
        ("办公的钱是多少", "公用经费"),
        ("发工资一共多少", "工资福利支出"),
        ("公积金交了多少", "住房公积金"),
        ("总支出是多少", "本年支出合计"),
        ("总收入是多少", "本年收入合计"),
        ("收支的总盘子", "收入支出总计"),
        ("政采一共多少", "政府采购支出总额"),
    ],
)
def test_colloquial_names_become_the_reports(said: str, name: str) -> None:
    assert name in replace_synonyms(normalise(said))


@pytest.mark.parametrize(
    "formal",
    [
        "公务接待费决算数是多少",
        "公务用车购置费是多少",
        "公务用车运行维护费是多少",
        "公务用车购置及运行维护费是多少",
        "因公出国(境)费是多少",
        "住房公积金是多少",
        "基本工资是多少",
        "本年支出合计是多少",
    ],
)
def test_formal_names_are_left_alone(formal: str) -> None:
    assert replace_synonyms(formal) == formal


@pytest.mark.parametrize(
    ("question", "op"),
    [
        ("公务接待费是多少", "lookup"),
        ("2010401基本支出", "lookup"),
        ("公务接待费在第几页", "where"),
        ("三公经费为什么增加", "reason"),
        ("机关运行经费下降的原因", "reason"),
        ("什么是三公经费", "definition"),
        ("年末结转和结余是指什么", "definition"),
        ("卫生健康支出表和文字一致吗", "conflict"),
        ("倒推2023年三公经费", "last_year"),
        ("执行率最低的项目是哪个", "rank"),
        ("工资福利支出前三名是哪几项", "rank"),
        ("得分倒数第一的项目", "rank"),
        ("人员经费是公用经费的多少倍", "times"),
        ("预算没花完的有多少", "unspent"),
        ("电费占公用经费的比例", "share"),
        ("电费比水费多多少", "difference"),
        ("物业管理费和取暖费相差多少", "difference"),
        ("平均每人次接待费多少元", "per"),
        ("接待费人均多少", "per"),
        ("买车了吗", "yes_no"),
        ("是否超过预算", "yes_no"),
        ("有没有出国", "yes_no"),
        ("三公经费比上年怎么变", "change"),
        ("接待费同比变动", "change"),
        ("自评的项目有几个", "count"),
        ("水费和电费加起来", "sum"),
        ("内设机构有哪些", "list"),
    ],
)
def test_first_intent(question: str, op: str) -> None:
    reading = read_question(question)
    assert reading.op == op
    assert reading.ops[-1] == "lookup"
    assert len(set(reading.ops)) == len(reading.ops)


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("三公经费决算数", "final"),
        ("三公经费决算表里的接待费", ""),
        ("行政运行年初预算数", "budget_initial"),
        ("三公经费全年预算数", "budget_adjusted"),
        ("调整后预算是多少", "budget_adjusted"),
        ("公务接待费预算安排", "budget"),
        ("政务云项目执行数", "executed"),
        ("政务云项目预算执行率", "rate"),
        ("完成年初预算的百分之多少", "completion"),
        ("数据安全项目得了几分", "score"),
        ("自评等级", "grade"),
        ("网络畅通率的分值", "weight"),
        ("接口数量的目标值", "target"),
        ("接口数量实际完成值", "actual"),
        ("公务接待费", ""),
        ("一般公共预算财政拨款支出", ""),
        ("政府性基金预算财政拨款支出", ""),
        ("一般公共预算财政拨款支出预算是多少", "budget"),
    ],
)
def test_measure(question: str, measure: str) -> None:
    assert read_question(question).measure == measure


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("接待了多少人次", "人次"),
        ("接待了几批次", "批次"),
        ("有几辆车", "辆"),
        ("占多少比例", "%"),
        ("接待费多少钱", "万元"),
        ("每秒几毫秒", "ms"),
    ],
)
def test_units_asked_for(question: str, unit: str) -> None:
    assert unit in read_question(question).units


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("公务接待费用元来表示", "元"),
        ("把机关运行经费换成元", "元"),
        ("把机关运行经费换算成万元", "万元"),
        ("全年支出合计是几个亿", "亿元"),
        ("支出合计是多少亿元", "亿元"),
        ("物业管理费多少元", "元"),
        ("物业管理费多少万元", "万元"),
        ("公务接待费是多少", ""),
        ("网络畅通率是多少", ""),
    ],
)
def test_unit_of_the_answer(question: str, unit: str) -> None:
    assert read_question(question).unit_out == unit


@pytest.mark.parametrize(
    ("question", "scope"),
    [
        ("全口径的本年支出", "全口径"),
        ("政府性基金本年支出", "政府性基金预算财政拨款"),
        ("国有资本经营预算支出", "国有资本经营预算财政拨款"),
        ("一般公共预算财政拨款支出", "一般公共预算财政拨款"),
        ("财政拨款收入总计，不是全口径的", "财政拨款"),
        ("公务接待费", ""),
    ],
)
def test_scope(question: str, scope: str) -> None:
    assert read_question(question).scope == scope


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2023年三公经费", (2023,)),
        ("23年三公经费", (2023,)),
        ("２０２３年三公经费", (2023,)),
        ("2024年比2023年", (2024, 2023)),
        ("2023年2023年", (2023,)),
        ("12月才验收", ()),
        ("3.36万元", ()),
        ("2010401", ()),
        ("三公经费", ()),
        ("能防50年一遇的洪水吗", ()),
        ("24年比23年多花了多少", (2024, 2023)),
    ],
)
def test_years(question: str, years: tuple[int, ...]) -> None:
    assert read_question(question).years == years


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("2010401基本支出", ("2010401",)),
        ("公开06表里30217这一行", ("30217",)),
        ("302商品和服务支出", ("302",)),
        ("30217和30211哪个多", ("30217", "30211")),
        ("支出10954.78是哪来的", ()),
        ("1,234,567", ()),
        ("100分", ()),
        ("比上年多了150多万", ()),
        ("201类里的行政运行", ()),
        ("201类里哪个科目最多", ("201",)),
        ("12345万元", ()),
        ("214人次", ()),
        ("2023年三公经费", ()),
        ("S218省道改建", ()),
    ],
)
def test_codes(question: str, codes: tuple[str, ...]) -> None:
    assert read_question(question).codes == codes


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("请问公务接待费决算数是多少？", "公务接待费"),
        ("麻烦帮我查一下水费是多少钱，谢谢", "水费"),
        ("我想了解一下机关运行经费花了多少", "机关运行经费"),
        ("作为一名普通市民，想知道取暖费一共多少", "取暖费"),
        ("“取暖费”", "取暖费"),
        ("30217这一行的金额", ""),
        ("是多少？", ""),
        ("住房公积金合计", "住房公积金"),
    ],
)
def test_content_is_the_names_alone(question: str, content: str) -> None:
    assert read_question(question).content == content


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("共享平台的接口每秒能扛多少次并发", "共享平台"),
        ("公用经费是多少", "公用经费"),
        ("在职人员有多少人", "在职人员"),
        ("还本付息支出是多少", "还本付息"),
        ("被装购置费是多少", "被装购置费"),
        ("中小企业拿到多少合同", "中小企业"),
        ("会议费与培训费", "会议费"),
    ],
)
def test_content_keeps_whole_names(question: str, name: str) -> None:
    assert name in read_question(question).content


@pytest.mark.parametrize(
    ("question", "numeric"),
    [
        ("接待费多少", True),
        ("接待费决算数", True),
        ("有几个项目", True),
        ("三公经费为什么增加", False),
        ("内设机构有哪些", False),
    ],
)
def test_numeric(question: str, numeric: bool) -> None:
    assert read_question(question).numeric is numeric


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("占比多少？保留两位小数", 2),
        ("占比多少，请保留1位小数", 1),
        ("平均每人次多少元，精确到整数", 0),
        ("折合多少亿元，取整", 0),
        ("折合多少亿元，精确到0.001", 3),
        ("四舍五入到小数点后四位", 4),
        ("占比多少", None),
        ("整体支出绩效得分是多少", None),
    ],
)
def test_decimal_places_wished_for(question: str, places: int | None) -> None:
    assert places_asked(question) == places


def test_content_of_nothing_is_nothing() -> None:
    assert content_of("") == ""
    assert content_of("？！……") == ""
