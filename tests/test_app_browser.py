"""The app in headless Chromium: ask, see figure, page and picture, and no request leaves the host.

See `tests/browser.py` for the server and the tab.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser import (
    DESK,
    FIGURE,
    LABEL,
    PAGE,
    QUESTION,
    ROOT,
    UNIT,
    Server,
    Tab,
    picture_width,
    ready,
)

pytestmark = pytest.mark.browser


def test_opens_at_once_and_answers_a_question_asked_too_early(
    desk: Tab, chromium: Any, server: Server, tmp_path: Path
) -> None:
    """The first question is asked while the sample is still being read.

    So is the first upload, in another tab: why it was refused stays to be read.
    """
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7\n1 0 obj\n<<")
    other = Tab(chromium, server, DESK)
    other.page.set_input_files("input[type=file]", bad)
    desk.ask(QUESTION)
    assert desk.page.locator(".rq-number").first.inner_text() == FIGURE
    ready(desk)
    assert "2024" in desk.page.locator(".rq-facts").inner_text()
    ready(other)
    assert "bad.pdf" in other.page.locator("#rq-status .rq-error").inner_text()
    assert other.page.locator("#rq-starting .rq-progress").count() == 0
    other.close()


def test_figure_page_label_and_picture(desk: Tab) -> None:
    ready(desk)
    desk.ask(QUESTION)
    assert desk.page.locator(".rq-number").inner_text() == FIGURE
    assert desk.page.locator(".rq-unit").first.inner_text() == UNIT
    assert f"第{LABEL}页（PDF第{PAGE}页）" in desk.page.locator(".rq-place").inner_text()
    assert picture_width(desk) > 800
    assert desk.page.locator(".rq-cut").is_visible()


def test_next_citation_and_a_click_on_a_chip(desk: Tab) -> None:
    ready(desk)
    desk.ask("公务接待费决算比预算少了多少")
    counter = desk.page.locator(".rq-count")
    match = re.fullmatch(r"1/(\d+)", counter.inner_text())
    assert match, "a difference has at least two operands"
    count = match[1]
    desk.page.click("[data-step='1']")
    desk.page.locator(".rq-count", has_text=f"2/{count}").wait_for()
    desk.page.locator(".rq-chips a.rq-chip").first.click()
    desk.page.locator(".rq-count", has_text=f"1/{count}").wait_for()
    desk.page.locator(".rq-calculation summary").click()
    assert FIGURE in desk.page.locator(".rq-formula").inner_text()


def test_follow_up_keeps_the_subject(desk: Tab) -> None:
    ready(desk)
    desk.ask(QUESTION)
    desk.ask("那预算是多少")
    assert desk.page.locator(".rq-number").nth(1).inner_text() == "4.20"


def test_new_dialogue_and_an_example(desk: Tab) -> None:
    ready(desk)
    desk.ask(QUESTION)
    desk.page.click("#rq-fresh")
    example = desk.page.locator("#rq-chat button", has_text="公务接待费")
    example.first.click()
    desk.page.locator("#rq-chat .rq-answer").wait_for()
    assert desk.page.locator(".rq-number").inner_text() == FIGURE


def test_refusal_is_marked(desk: Tab) -> None:
    ready(desk)
    desk.ask("2031年的公务接待费是多少")
    assert desk.page.locator(".rq-refused .rq-badge").is_visible()
    assert desk.page.locator(".rq-number").count() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [("不是报告.pdf", b"hello"), ("半截.pdf", b"%PDF-1.7\n1 0 obj\n<<")],
)
def test_bad_upload_is_told_in_one_line(
    desk: Tab, server: Server, tmp_path: Path, name: str, content: bytes
) -> None:
    ready(desk)
    path = tmp_path / name
    path.write_bytes(content)
    desk.page.set_input_files("input[type=file]", path)
    error = desk.page.locator("#rq-status .rq-error")
    error.wait_for()
    text = error.inner_text()
    assert re.search("[\u4e00-\u9fff]", text)
    assert "\n" not in text
    assert "Traceback" not in server.log.read_text("utf-8", "replace")
    assert "张表" in desk.page.locator(".rq-facts").inner_text(), "the open report stays open"


def test_upload_of_a_known_report_opens_it(desk: Tab) -> None:
    ready(desk)
    desk.ask(QUESTION)
    desk.page.set_input_files("input[type=file]", ROOT / "samples" / "yunhai-data-2024.pdf")
    desk.page.locator("#rq-chat .rq-answer").wait_for(state="detached")
    ready(desk)


def test_phone(phone: Tab) -> None:
    ready(phone)
    phone.ask(QUESTION)
    width = phone.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, "nothing may stand out to the right"
    assert phone.page.locator(".rq-number").inner_text() == FIGURE
    assert picture_width(phone) > 800
    phone.page.locator(".rq-chips a.rq-chip").first.tap()
    phone.page.wait_for_function(
        "document.querySelector('#rq-evidence').getBoundingClientRect().top < 400"
    )


def test_chart_on_a_phone_fits(phone: Tab) -> None:
    ready(phone)
    phone.ask("公务接待费决算比预算少了多少")
    phone.page.wait_for_function("""() => {
      const plot = document.querySelector('#rq-chat .js-plotly-plot');
      const drawn = plot?.querySelector('.main-svg')?.getBoundingClientRect();
      return drawn && drawn.width > 100 && Math.abs(drawn.width - plot.offsetWidth) <= 2;
    }""")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_endpoint_ask(server: Server, desk: Tab) -> None:
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    ready(desk)
    client = Client(server.url, verbose=False)
    answer = client.predict(QUESTION, api_name="/ask")
    assert answer["status"] == "answered"
    assert answer["values"][0]["value"] == FIGURE
    assert answer["citations"][0]["page"] == PAGE
    assert answer["citations"][0]["page_label"] == LABEL
    with pytest.raises(AppError, match="没有报告"):
        client.predict(QUESTION, "abc", api_name="/ask")
    assert "Traceback" not in server.log.read_text("utf-8", "replace")


def test_every_example_is_answered(server: Server, desk: Tab) -> None:
    from gradio_client import Client

    ready(desk)
    examples = desk.page.locator("#rq-chat .example").all_inner_texts()
    assert len(examples) == 6
    client = Client(server.url, verbose=False)
    for question in examples:
        answer = client.predict(question, api_name="/ask")
        assert answer["status"] == "answered", question
        assert answer["citations"], question


def test_server_connected_to_nothing_outside(server: Server, desk: Tab, tmp_path: Path) -> None:
    ready(desk)
    desk.ask(QUESTION)
    assert server.outside() == []
    control = tmp_path / "control.log"
    subprocess.run(
        [sys.executable, "-c", "import socket; socket.getaddrinfo('name.invalid', 80)"],
        env={**server.env, "REPORTQA_TEST_WATCH": str(control)},
        capture_output=True,
        check=False,
    )
    assert "name.invalid" in control.read_text(), "the watch must see what it is there to see"
