"""A dialogue as Markdown, whole and without markup from outside."""

from __future__ import annotations

from datetime import datetime

from index.values import Report
from qa.engine import Engine
from qa.places import Places
from qa.talk import Talk
from qa.transcript import as_markdown
from qa.values import Answer
from qa.words import Words

NOW = datetime(2025, 3, 1, 9, 30)


def test_question_figure_calculation_and_sources(
    sample_report: Report, sample_engine: Engine
) -> None:
    question = "公务接待费决算比预算少了多少"
    talk = Talk(sample_report.id).asked(question).answered(sample_engine.ask(question))
    text = as_markdown(
        talk.asked("再问").failed("没有报告"), sample_report, Places(sample_report), NOW
    )
    for piece in (
        "# 《云海市数据资源管理局2024年度部门决算》问答记录",
        "2025-03-01 09:30",
        f"## {question}",
        "**0.84万元**",
        "4.2万元 - 3.36万元 = 0.84万元",
        "- 第15页（PDF第18页） 公开09表",
        "## 再问\n\n没有报告",
    ):
        assert piece in text
    assert text.index("**0.84万元**") < text.index("怎样算出来的") < text.index("- 第15页")


def test_markup_of_a_question_is_taken_literally(sample_report: Report) -> None:
    talk = (
        Talk("r")
        .asked("<script>alert(1)</script>\n# 标题")
        .answered(Answer("answered", "[点我](http://x)"))
    )
    text = as_markdown(talk, sample_report, Places(sample_report), NOW)
    assert "## \\<script\\>alert(1)\\</script\\> \\# 标题" in text
    assert "\\[点我\\](http://x)" in text


def test_in_english(sample_report: Report) -> None:
    talk = Talk("r", Words("en")).asked("问")
    assert as_markdown(talk, sample_report, Places(sample_report), NOW).startswith("# Conversation")
