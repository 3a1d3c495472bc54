"""What is counted next in a list of the prose, and names that a table prints without codes."""

from __future__ import annotations

import pytest

from index.data import economic_code
from index.headers import YEAR_HEAD
from index.subjects import next_counted
from index.wording import noun_of


@pytest.mark.parametrize(
    ("words", "before", "counted"),
    [
        ("“良”的", "等级为“优”的", "等级为“良”的"),
        ("“合格”", "评为“优秀”的项目", "评为“合格”的项目"),
        ("实际", "事业编制", "事业编制实有人数"),
        ("年末实有", "行政编制", "行政编制实有人数"),
        ("另有", "事业编制", "事业编制"),
        ("", "公务接待", "公务接待"),
    ],
)
def testnext_counted(words: str, before: str, counted: str) -> None:
    assert next_counted(words, before) == counted


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("基本工资", "30101"),
        ("维修（护）费", "30213"),
        ("商品和服务支出", "302"),
        ("其他支出", ""),
        ("行政运行", ""),
    ],
)
def test_economic_code(name: str, code: str) -> None:
    assert economic_code(name) == code


@pytest.mark.parametrize(
    ("text", "head"),
    [("2024年", True), ("2025年预算数", True), ("2024年12月", False), ("3", False)],
)
def test_years_head_columns(text: str, head: bool) -> None:
    assert bool(YEAR_HEAD.fullmatch(text)) == head


def test_a_year_behind_the_name_is_not_part_of_it() -> None:
    assert noun_of("公务用车运行维护费2024年") == "公务用车运行维护费"


@pytest.mark.parametrize(
    ("words", "noun"),
    [
        ("2025年，某某市水利局部门政府采购预算总额", "政府采购预算总额"),
        ("某某县档案局及所属方志中心机关运行经费", "机关运行经费"),
        ("某某市民政局“三公”经费", "“三公”经费"),
        ("办公室设备购置费", "办公室设备购置费"),
    ],
)
def test_the_body_is_no_part_of_what_is_measured(words: str, noun: str) -> None:
    assert noun_of(words) == noun
