"""Files to take away and feedback left behind, over a real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.settings import Settings
from index.store import Store
from qa.api import endpoints
from qa.browse import Query
from qa.desk import Desk, State
from qa.files import Files
from qa.talk import Talk
from qa.views import Views

QUESTION = "公务接待费花了多少钱"


@pytest.fixture(scope="module")
def open_desk(sample_settings: Settings, sample_store: Store) -> Desk:
    desk = Desk(sample_settings)
    (info,) = sample_store.reports()
    desk.state = State(report=info.id)
    return desk


@pytest.fixture
def files(open_desk: Desk, tmp_path: Path) -> Iterator[Files]:
    files = Files(open_desk)
    files.feedback.path = tmp_path / "feedback.db"  # the shared store is left as it is
    yield files


@pytest.fixture
def talk(open_desk: Desk) -> Talk:
    return Talk(open_desk.sample).asked(QUESTION).answered(open_desk.ask(QUESTION))


def test_a_file_is_named_after_report_and_content(files: Files, talk: Talk) -> None:
    path = Path(files.dialogue(talk))
    assert path.name == "云海市数据资源管理局2024年度部门决算-问答.md"
    assert f"## {QUESTION}" in path.read_text("utf-8")
    table = Path(files.figures(talk, Query("30217"), "csv"))
    assert table.name.endswith("-全部数字.csv")
    assert len(table.read_text("utf-8-sig").splitlines()) == 2
    assert Path(files.figures(talk, Query("30217"), "xlsx")).stat().st_size > 1000


def test_two_visitors_do_not_get_each_other_s_file(files: Files, talk: Talk) -> None:
    mine = files.dialogue(talk)
    theirs = files.dialogue(talk.asked("别人的问题").failed("没有"))
    assert "别人的问题" not in Path(mine).read_text("utf-8")
    assert "别人的问题" in Path(theirs).read_text("utf-8")


def test_a_verdict_is_kept_with_what_went_before(files: Files, talk: Talk, open_desk: Desk) -> None:
    assert files.opinions() is None
    follow = "那预算呢"
    talk = talk.asked(follow).answered(open_desk.ask(follow, history=talk.history))
    files.keep(talk.judged(1, "right"), 1)
    (opinion,) = files.feedback.all()
    assert (opinion.question, opinion.history) == (follow, (QUESTION,))
    assert opinion.answer["values"][0]["value"] == "4.20"
    path = files.opinions()
    assert path
    assert json.loads(Path(path).read_text("utf-8"))["history"] == [QUESTION]
    with pytest.raises(ValueError, match="no answer that was judged"):
        files.keep(talk, 0)


def test_the_pane_shows_citation_figure_or_why_not(open_desk: Desk, talk: Talk) -> None:
    views = Views(open_desk)
    assert "PDF第18页" in views.pane(talk)
    figure = next(f for f in open_desk.report(talk.report).figures if f.code == "30226" and f.value)
    assert "PDF第15页" in views.pane(talk.picked(figure.id))
    assert "编号为 f0" in views.pane(talk.picked("f0"))
    assert "没有可引的页面" in views.pane(talk.asked("问").failed("没有报告"))
    assert "提问之后" in views.pane(Talk(talk.report))


def test_answers_stay_readable_when_the_report_is_gone(open_desk: Desk, talk: Talk) -> None:
    views, turn = Views(open_desk), talk.turns[0]
    assert turn.answer
    elsewhere = tuple(replace(c, report="abc123") for c in turn.answer.citations)
    turn = replace(turn, answer=replace(turn.answer, citations=elsewhere))
    gone = replace(talk, report="abc123", turns=(turn,))
    assert ">3.36<" in views.reply(gone, 0)
    assert views.chart(gone, gone.turns[0]) is None
    assert "没有报告 abc123" in views.pane(gone)


def test_what_to_ask_next_is_never_nothing(open_desk: Desk, talk: Talk) -> None:
    views = Views(open_desk)
    words = "什么是机关运行经费"
    wordy = talk.asked(words).answered(open_desk.ask(words))
    for turns in (talk, wordy):
        answer = turns.turns[-1].answer
        assert answer
        found = views.follows(turns, answer)
        assert found
        assert not {t.question for t in turns.turns} & set(found)


def test_endpoints(open_desk: Desk) -> None:
    ask, _, figures, reports = endpoints(open_desk)
    answer, same = ask(QUESTION), open_desk.ask(QUESTION).as_dict()
    assert {**answer, "elapsed_ms": 0} == {**same, "elapsed_ms": 0}
    assert [f["value"] for f in figures(words="30217")] == ["2.85"]
    assert reports()[0]["report"] == open_desk.sample
