"""Dates, names, grades, purposes and budgets worked back, over small reports made here."""

from __future__ import annotations

from decimal import Decimal

import pytest

from index.settings import Settings
from index.store import Store
from qa.engine import Engine, open_engine
from tests.pdfs import Leaf, write_pdf

# A report in the order and wording of Beijing: each level of an account in quotes, gaps to the
# budget, no budget printed.
LEAVES = (
    Leaf(text=("云溪区文化局2024年度部门决算公开报告",)),
    Leaf(
        ("收入支出决算总表", "2024年度　单位：万元"),
        [
            ["收入", "<", "支出", "<"],
            ["项目", "金额", "项目", "金额"],
            ["财政拨款收入", "1580.00", "文化旅游体育与传媒支出", "1400.00"],
            ["事业收入", "20.00", "社会保障和就业支出", "180.00"],
            ["本年收入合计", "1600.00", "本年支出合计", "1580.00"],
            ["年初结转和结余", "10.00", "年末结转和结余", "30.00"],
            ["总计", "1610.00", "总计", "1610.00"],
        ],
    ),
    Leaf(
        text=(
            "第三部分 2024年度部门决算情况说明",
            "一、人员构成情况",
            "行政编制62人，年末实有58人；事业编制134人，年末实有121人。离退休人员97人，其中：离休2人，退休95人。",
            "二、一般公共预算财政拨款支出决算具体情况",
            "1.“文化旅游体育与传媒支出”（类）2024年度决算1400.00万元，比2024年年初预算增加52.10万元，增长3.87%。其中：",
            "“文化和旅游”（款）2024年度决算1200.00万元，比2024年年初预算增加40.30万元，增长3.47%。主要原因：年中追加演出经费。",
            "“图书馆”（项）主要用于购买图书和延长夜间开放时间。年初预算265.00万元，决算271.30万元，完成年初预算的102.38%。",
            "“群众文化”（项）主要用于组织广场舞展演和文艺下乡。年初预算248.00万元，决算283.80万元，完成年初预算的114.44%。",
        )
    ),
)


@pytest.fixture(scope="module")
def beijing(tmp_path_factory: pytest.TempPathFactory, sample_settings: Settings) -> Engine:
    folder = tmp_path_factory.mktemp("told")
    pdf = write_pdf(folder / "a.pdf", *LEAVES)
    settings = sample_settings.model_copy(update={"store": folder / "store"})
    return open_engine(settings, pdf=pdf, store=Store(settings))


# question, first value, unit
NUMBERS = [
    ("文化旅游体育与传媒支出的年初预算是多少", "1347.90", "万元"),
    ("退休人员有多少人？离休的不算", "95", "人"),
    ("事业编制还空着多少个", "13", "人"),
    ("行政编制还空着几个", "4", "人"),
    ("买图书和夜间开放花了多少钱", "271.30", "万元"),
    ("组织广场舞展演花了多少钱", "283.80", "万元"),
    ("文化和旅游比年初预算增加了多少", "40.30", "万元"),
    ("支出多少", "1580.00", "万元"),
    ("收入多少", "1600.00", "万元"),
]


@pytest.mark.parametrize(("question", "value", "unit"), NUMBERS)
def test_numbers(beijing: Engine, question: str, value: str, unit: str) -> None:
    answer = beijing.ask(question)
    assert answer.status == "answered", answer.text
    assert (answer.values[0].value, answer.values[0].unit) == (Decimal(value), unit), answer.text


def test_the_account_that_came_nearest_to_its_budget(beijing: Engine) -> None:
    answer = beijing.ask("“文化和旅游”下面的项级科目，哪个完成年初预算的比例最高")
    assert "群众文化" in answer.text and "114.44" in answer.text


def test_chat_is_refused(beijing: Engine) -> None:
    assert beijing.ask("今天天气怎么样").status == "refused"
