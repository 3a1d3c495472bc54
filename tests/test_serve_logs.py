"""The log and the answers: no phone number, no secret, one line a record."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import replace

import pytest

from index.values import Box
from qa.privacy import mask_phones, without_contacts
from qa.serve.logs import REQUEST, AsJson, Quiet, _Request, cleaned
from qa.values import Answer, Citation


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("联系人手机13812345678。", "联系人手机138********。"),
        ("手机：138 1234 5678", "手机：138 **** ****"),
        ("电话：0532-85912345", "电话：053*-********"),
        ("电话：（010）66012345转123", "电话：（010）********转***"),
        ("电话02166012345", "电话021********"),
        ("咨询电话：66012345", "咨询电话：660*****"),
        # amounts, codes, dates and years are none
        ("支出13812345678.00元", "支出13812345678.00元"),
        ("支出13812345678元", "支出13812345678元"),
        ("支出1,381,234.56万元", "支出1,381,234.56万元"),
        ("科目2010350，2024-12-31", "科目2010350，2024-12-31"),
        ("共66012345元", "共66012345元"),
        ("统一社会信用代码113702000000012345", "统一社会信用代码113702000000012345"),
    ],
)
def test_phone_numbers_are_masked_and_amounts_are_not(text: str, masked: str) -> None:
    assert mask_phones(text) == masked


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("决算公开在哪里可以查", False),
        ("这个项目由谁负责实施", False),
        ("联系电话是多少", True),
        ("公开的联系人是谁，电话多少", True),
    ],
)
def test_a_contact_is_told_only_where_one_is_asked_for(question: str, told: bool) -> None:
    text = "决算信息反馈和联系方式：联系人：张小明 电话：0532-85912345。支出3.36万元。"
    answer = Answer("answered", text)
    cited = Citation("r", 1, None, Box(0, 0, 1, 1), "", text)
    found = without_contacts(replace(answer, citations=(cited,)), question)
    for said in (found.text, found.citations[0].quote):
        assert ("张小明" in said, "85912345" in said) == (told, told)
        assert "3.36万元" in said


@pytest.mark.parametrize(
    "text",
    [
        "authorization: Bearer abc.DEF-123",
        "Authorization: Basic YWJjLkRFRi0xMjM=",
        "GET /x?token=abc.DEF-123&a=1",
        "{'password': 'abc.DEF-123'}",
    ],
)
def test_secrets_do_not_reach_the_log(text: str) -> None:
    assert "abc.DEF-123" not in cleaned(text) and "YWJj" not in cleaned(text)
    assert "***" in cleaned(text)


def record(message: str, error: bool = False) -> logging.LogRecord:
    info = None
    if error:
        try:
            raise ValueError("打 13812345678\nsecond line")
        except ValueError:
            info = sys.exc_info()
    made = logging.LogRecord("qa", logging.WARNING, "f.py", 1, message, (), info)
    _Request().filter(made)
    return made


def test_a_report_cannot_forge_a_line_of_the_log() -> None:
    forged = "标题\n2026 ERROR root: fake\r\x1b[31m\u2028\u202e"
    assert len(Quiet("%(levelname)s: %(message)s").format(record(forged)).splitlines()) == 1
    line = AsJson().format(record(forged))
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"].startswith("标题")


def test_a_json_record_has_its_request_and_its_error() -> None:
    mark = REQUEST.set("0123456789abcdef")
    try:
        entry = json.loads(AsJson().format(record("读取失败", error=True)))
    finally:
        REQUEST.reset(mark)
    assert (entry["request"], entry["level"]) == ("0123456789abcdef", "WARNING")
    assert "ValueError" in entry["error"] and "13812345678" not in entry["error"]
