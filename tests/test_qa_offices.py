"""The offices inside a department, in the wordings of several provinces. All are invented."""

from __future__ import annotations

import pytest

from index.values import Report
from qa.offices import offices
from tests.test_qa_helpers import ask_of, report, told

SIX = (
    "本部门内设办公室、人事财务股、综合规划股、建设管理股、运输安全股、"
    "政策法规股（行政审批股）6个职能股室。"
)
NINE = "根据编委核定，我局内设股室3个，分别是：办公室、人事股、计划财务股。"
PLAIN = "局机关内设机构包括：办公室、宣教科、征管处和信息中心。"
NONE = "本部门内设机构按照县委文件设置。"


def made(text: str) -> Report:
    figures = []
    if "股室3个" in text:
        figures.append(told("股室", "3", text, "个", measure="count"))
    return report(*figures, paragraphs=(text,))


@pytest.mark.parametrize(
    ("text", "question", "words"),
    [
        (SIX, "局机关设了哪些股室", "人事财务股"),
        (SIX, "内设机构有几个", "共6个内设机构"),
        (NINE, "机关一共设了几个股室", "3个。"),
        (PLAIN, "都有哪些科室", "征管处"),
        (PLAIN, "内设机构有多少", "共4个内设机构"),
    ],
)
def test_offices(text: str, question: str, words: str) -> None:
    answer = offices(ask_of(made(text), question))
    assert answer is not None and words in answer.text


@pytest.mark.parametrize(
    ("text", "question"),
    [(NONE, "内设机构有哪些"), (SIX, "公务接待费是多少"), (SIX, "下属单位有哪些")],
)
def test_no_list_or_another_question(text: str, question: str) -> None:
    assert offices(ask_of(made(text), question)) is None
