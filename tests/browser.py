"""A browser on the running app: the server as a process of its own, a tab, and what both watch.

Without Chromium the tests are skipped with the reason; with REPORTQA_REQUIRE_BROWSER=1 that is a
failure. Nothing may leave the machine: the browser resolves no name, and the server runs under an
audit hook that notes every address it connects to and every name it looks up.
"""

from __future__ import annotations

import importlib.util
import os
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

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
DESK, PHONE = (1400, 900), (390, 844)
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


@pytest.fixture(scope="session")
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
            "REPORTQA_SAMPLES": "0",
            "REPORTQA_TEST_WATCH": str(self.watch),
            "REPORTQA_MCP": "1" if importlib.util.find_spec("mcp") else "0",
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


@pytest.fixture(scope="session")
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

    def __init__(
        self,
        browser: Any,
        server: Server,
        size: tuple[int, int],
        *,
        phone: bool = False,
        locale: str = "zh-CN",
        scheme: str = "light",
        watch: str = "",
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=locale,
            color_scheme=scheme,
            is_mobile=phone,
            has_touch=phone,
        )
        if watch:
            self.context.add_init_script(watch)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
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
    tab = Tab(chromium, server, DESK)
    yield tab
    tab.close()


@pytest.fixture
def phone(chromium: Any, server: Server) -> Iterator[Tab]:
    tab = Tab(chromium, server, PHONE, phone=True)
    yield tab
    tab.close()


def ready(tab: Tab) -> None:
    """Wait until the sample is open: body, year, pages, tables, figures."""
    tab.page.locator("#rq-header .rq-facts span").nth(4).wait_for()


def picture_width(tab: Tab) -> int:
    tab.page.wait_for_function("document.querySelector('.rq-sheet img')?.naturalWidth > 0")
    return int(tab.page.evaluate("document.querySelector('.rq-sheet img').naturalWidth"))
