"""The app in headless Chromium: ask, see figure, page and picture, and no request leaves the host.

Without Chromium these tests are skipped with the reason; with REPORTQA_REQUIRE_BROWSER=1 that is a
failure. Nothing may leave the machine: the browser resolves no name, and the server runs under an
audit hook that notes every address it connects to and every name it looks up.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.store import Store

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
QUESTION = "公务接待费花了多少钱"
FIGURE, UNIT, PAGE, LABEL = "3.36", "万元", 18, "15"

# Put in front of the server's modules: notes every connection and look-up that is not local.
WATCH = """
import os, sys
LOCAL = ("127.", "::1", "localhost", "0.0.0.0")
def watch(event, args):
    if event == "socket.connect":
        address = args[1]
        if not isinstance(address, tuple):
            return
        host = str(address[0])
    elif event == "socket.getaddrinfo":
        host = args[0].decode() if isinstance(args[0], bytes) else str(args[0])
    else:
        return
    if host and host != "None" and not host.startswith(LOCAL):
        with open(os.environ["REPORTQA_TEST_WATCH"], "a") as log:
            log.write(f"{event} {host}\\n")
sys.addaudithook(watch)
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        reason = f"浏览器测试没有运行：找不到 {CHROMIUM}，请 apt-get install chromium"
        if os.environ.get("REPORTQA_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Server:
    """app.py in a process of its own, with a store in which the sample is still to be read."""

    def __init__(self, folder: Path, store: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.watch = folder / "outside.log"
        self.log = folder / "server.log"
        shutil.copytree(store, folder / "store")
        shutil.rmtree(folder / "store" / "reports")
        (folder / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
        self.env = {
            **os.environ,
            "REPORTQA_STORE": str(folder / "store"),
            "REPORTQA_TEST_WATCH": str(self.watch),
            "GRADIO_SERVER_NAME": "127.0.0.1",
            "GRADIO_SERVER_PORT": str(self.port),
            "GRADIO_TEMP_DIR": str(folder / "gradio"),
            "PYTHONPATH": str(folder),
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "app.py")],
                cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def wait(self, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text("utf-8", "replace")
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)
        pytest.fail(f"the app does not answer: {self.log.read_text('utf-8', 'replace')}")

    def outside(self) -> list[str]:
        return self.watch.read_text().splitlines() if self.watch.exists() else []

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def server(
    chromium: Any, sample_store: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("app"), sample_store.folder)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


class Tab:
    """A page of the app, with the requests it made and the errors it met."""

    def __init__(self, browser: Any, server: Server, width: int, height: int, phone: bool) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            is_mobile=phone,
            has_touch=phone,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(90_000)
        self.outside: list[str] = []
        self.errors: list[str] = []
        local = (server.url, "data:", "blob:", f"ws://127.0.0.1:{server.port}")
        self.page.on(
            "request",
            lambda r: None if r.url.startswith(local) else self.outside.append(r.url),
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(server.url)

    def ask(self, question: str) -> None:
        """Ask and wait for the answer."""
        answers = self.page.locator("#rq-chat .rq-answer, #rq-chat .rq-error")
        before = answers.count()
        self.page.fill("#rq-question textarea", question)
        self.page.keyboard.press("Enter")
        answers.nth(before).wait_for()

    def close(self) -> None:
        self.context.close()
        assert self.outside == [], "a request left the machine"
        assert self.errors == []


@pytest.fixture
def desk(chromium: Any, server: Server) -> Iterator[Tab]:
    tab = Tab(chromium, server, 1400, 900, phone=False)
    yield tab
    tab.close()


@pytest.fixture
def phone(chromium: Any, server: Server) -> Iterator[Tab]:
    tab = Tab(chromium, server, 390, 844, phone=True)
    yield tab
    tab.close()


def ready(tab: Tab) -> None:
    tab.page.locator(".rq-facts span", has_text="张表").wait_for()


def picture_width(tab: Tab) -> int:
    tab.page.wait_for_function("document.querySelector('.rq-sheet img')?.naturalWidth > 0")
    return int(tab.page.evaluate("document.querySelector('.rq-sheet img').naturalWidth"))


def test_opens_at_once_and_answers_a_question_asked_too_early(desk: Tab) -> None:
    """The first question is asked while the sample is still being read."""
    desk.ask(QUESTION)
    assert desk.page.locator(".rq-number").first.inner_text() == FIGURE
    ready(desk)
    assert "2024" in desk.page.locator(".rq-facts").inner_text()


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
