"""Follow-ups: what an earlier turn named is carried over, and nothing else."""

from __future__ import annotations

import pytest

from qa.dialogue import resolve
from qa.engine import Engine

MEALS = "公务接待费决算数是多少"
PUBLIC = "三公经费决算总共多少钱？"
CLOUD = "政务云资源服务项目执行了多少钱？"


@pytest.mark.parametrize(
    ("history", "question", "holds"),
    [
        ([PUBLIC], "那全年预算呢", ["三公经费", "全年预算"]),
        ([PUBLIC], "比上年增加了多少", ["三公经费", "比上年"]),
        ([MEALS], "换成元", ["公务接待费", "元"]),
        ([MEALS], "那换成元呢", ["公务接待费", "元"]),
        ([MEALS], "为什么", ["公务接待费", "为什么"]),
        ([MEALS], "同去年比变化多大", ["公务接待费", "同去年比"]),
        ([MEALS], "那公务用车购置费呢", ["公务用车购置费", "决算"]),
        ([CLOUD], "它的得分？", ["政务云资源服务", "得分"]),
        ([CLOUD], "那数据安全监测与防护项目呢", ["数据安全监测与防护", "执行数"]),
        ([CLOUD, "它的得分？"], "那执行率呢", ["政务云资源服务", "执行率"]),
        ([CLOUD, "那数据安全监测与防护项目呢"], "得分是多少", ["数据安全监测与防护", "得分"]),
        ([MEALS, CLOUD], "它的得分？", ["政务云资源服务"]),
        (["2010401的决算数是多少"], "年初预算又是多少", ["2010401", "年初预算"]),
        (["2024年的机关运行经费一共几万？"], "同去年比变化多大", ["机关运行经费"]),
        (["水费是多少"], "那换成元呢", ["水费", "元"]),
        (["水费是多少"], "和电费加起来", ["水费", "电费"]),
        (["行政运行决算多少"], "基本支出占了多少", ["行政运行", "基本支出"]),
        (["行政运行决算多少", "基本支出占了多少"], "里面项目支出是多少", ["行政运行"]),
        ([CLOUD], "两项里面哪一项最多", ["政务云资源服务"]),
        (["水费是多少"], "换成元", ["水费", "元"]),
        (["政府采购总额", "其中服务采购呢？"], "工程呢？", ["工程", "采购"]),
        (["人员经费是多少"], "公用的呢？", ["公用经费"]),
        (["基本支出决算数是多少"], "项目的呢", ["项目支出决算数"]),
    ],
)
def test_what_is_carried(
    sample_engine: Engine, history: list[str], question: str, holds: list[str]
) -> None:
    resolved = resolve(question, history, sample_engine.catalogue)
    assert [words for words in holds if words not in resolved.text] == []
    assert resolved.carried


@pytest.mark.parametrize(
    ("history", "question"),
    [
        ([], "公务接待费是多少"),
        ([], "它的得分"),
        ([MEALS], "机关运行经费是多少"),
        ([MEALS], "水费是多少"),
        ([MEALS], "电费多少钱"),
        ([MEALS], "30205是多少"),
        ([MEALS], "参加自评的项目有多少个"),
        ([MEALS], "执行率最低的项目是哪个"),
        ([PUBLIC], "什么是年末结转和结余"),
        ([CLOUD], "公务用车购置费决算数是多少"),
        ([CLOUD], "卫生健康支出表和文字一致吗"),
        (["今天天气怎么样"], "那它呢"),
        (["谢谢", "你好"], "公务接待费是多少"),
        (["财政拨款收入占总收入多少"], "自评存在什么问题"),
    ],
)
def test_what_stands_alone(sample_engine: Engine, history: list[str], question: str) -> None:
    resolved = resolve(question, history, sample_engine.catalogue)
    assert resolved.text == question
    assert resolved.carried == ""


def test_only_the_latest_item_is_carried(sample_engine: Engine) -> None:
    turns = ["机关运行经费是多少", "公务用车购置费是多少"]
    resolved = resolve("换成元", turns, sample_engine.catalogue)
    assert "公务用车购置费" in resolved.text
    assert "机关运行经费" not in resolved.text


def test_a_long_history_is_read_quickly(sample_engine: Engine) -> None:
    turns = [f"{MEALS}（第{'一二三四五六七八九'[i % 9]}次）" for i in range(60)]
    answer = sample_engine.ask("换成元", turns)
    assert answer.values[0].value == 33600
    assert answer.elapsed_ms < 5000
