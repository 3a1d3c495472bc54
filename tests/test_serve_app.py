"""The door of the running app: another browser, forged paths, users; the page under its policy."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.serve.users import new_token, set_password
from tests.browser import DESK, Server, Tab, ready
from tests.pdfs import Leaf, write_pdf

pytestmark = pytest.mark.browser

SMALL = (
    "松原县档案馆2024年度部门决算",
    "一、收入支出决算情况说明",
    "本年收入合计812.40万元，其中：财政拨款收入812.40万元，占100%。",
    "一般公共预算财政拨款支出812.40万元。联系人：张小明 电话：0532-85912345。",
)


def get(url: str, data: dict[str, Any] | None = None, **headers: str) -> tuple[int, str, Any]:
    """Status, text and headers of an answer; a POST where there is `data`."""
    body = json.dumps(data).encode() if data is not None else None
    request = urllib.request.Request(url, body, {"content-type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode("utf-8", "replace"), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace"), error.headers


def ask(url: str, question: str, report: str = "", **headers: str) -> Any:
    """The API's answer, None for an error."""
    path = f"{url}/gradio_api/call/ask"
    status, text, _ = get(path, {"data": [question, report]}, **headers)
    assert status == 200, text
    _, text, _ = get(f"{path}/{json.loads(text)['event_id']}", **headers)
    event, data = text.strip().split("\n")[-2:]
    return json.loads(data.removeprefix("data: "))[0] if event == "event: complete" else None


def test_an_upload_is_seen_in_its_browser_only(
    desk: Tab, chromium: Any, server: Server, tmp_path: Path
) -> None:
    ready(desk)
    pdf = write_pdf(tmp_path / "own.pdf", Leaf(text=SMALL))
    desk.page.set_input_files("input[type=file]", pdf)
    desk.page.locator(".rq-head h1", has_text="松原县").wait_for()
    desk.page.get_by_role("tab", name="报告", exact=True).click()
    card = desk.page.locator(".rq-card", has_text="松原县")
    card.wait_for()
    assert "仅自己可见" in card.inner_text()
    report = str(card.locator("[data-remove]").get_attribute("data-remove"))
    other = Tab(chromium, server, DESK)
    ready(other)
    other.page.get_by_role("tab", name="报告", exact=True).click()
    other.page.locator(".rq-card").first.wait_for()
    assert "松原县" not in other.page.content()
    other.close()
    assert ask(server.url, "本年收入合计多少", report) is None
    desk.page.reload()
    ready(desk)
    desk.page.get_by_role("tab", name="报告", exact=True).click()
    card.wait_for()
    card.locator("[data-publish]").click()
    desk.page.locator(".rq-card .rq-on").wait_for()
    desk.page.wait_for_function("!document.body.innerText.includes('仅自己可见')")
    answer = ask(server.url, "本年收入合计多少", report)
    assert answer["values"][0]["value"] == "812.40"
    remove = card.locator("[data-remove]")
    remove.click()
    remove.click()
    card.wait_for(state="detached")


@pytest.mark.parametrize(
    "path",
    [
        "file=/etc/passwd",
        "file=../../../../etc/passwd",
        "file=%2e%2e/%2e%2e/etc/passwd",
        "file={store}/feedback.db",
        "file={store}/reports",
        "file={store}/private/owners.db",
        "file=http://127.0.0.1:1/",
        "file=file:///etc/passwd",
        "proxy=http://127.0.0.1:1/",
    ],
)
def test_no_path_leads_to_another_file(server: Server, path: str) -> None:
    store = server.env["REPORTQA_STORE"]
    status, text, _ = get(f"{server.url}/gradio_api/{path.format(store=store)}")
    assert status in {403, 404} and "root:" not in text


@pytest.mark.parametrize("report", ["../../etc", "%2e%2e", "' OR 1=1", "<script>", "a" * 5000])
def test_an_id_of_no_report_is_only_an_error(server: Server, report: str) -> None:
    assert ask(server.url, "收入合计多少", report) is None


def test_the_page_lives_under_its_policy(desk: Tab, server: Server) -> None:
    refused: list[str] = []
    desk.page.on("console", lambda m: refused.append(m.text) if "Security Policy" in m.text else 0)
    desk.page.reload()
    ready(desk)
    desk.ask("公务接待费花了多少钱")
    desk.page.locator(".rq-cut").wait_for()
    assert refused == []
    status, _, headers = get(server.url)
    assert status == 200 and "frame-ancestors 'none'" in headers["content-security-policy"]


def test_no_pdf_is_refused_in_the_page(desk: Tab, tmp_path: Path) -> None:
    ready(desk)
    fake = tmp_path / "fake.pdf"
    fake.write_bytes(b"MZ" + b"\0" * 4000)
    desk.page.set_input_files("input[type=file]", fake)
    desk.page.get_by_text("不是 PDF").first.wait_for()


@pytest.fixture(scope="module")
def guarded(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The app with users: its address, its log and a token."""
    folder = tmp_path_factory.mktemp("guarded")
    users = folder / "users"
    set_password(users, "wang", "correct horse battery")
    token = new_token(users, "program")
    shutil.copytree(server.env["REPORTQA_STORE"], folder / "store")
    port = server.port + 1
    env = server.env | {
        "REPORTQA_STORE": str(folder / "store"),
        "REPORTQA_USERS": str(users),
        "REPORTQA_LOG": "json",
        "REPORTQA_RATE": "5",
        "GRADIO_SERVER_PORT": str(port),
    }
    root = Path(__file__).resolve().parent.parent
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, str(root / "app.py")], cwd=root, env=env, stderr=file
        )
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            with contextlib.suppress(urllib.error.URLError):
                if get(f"{url}/health")[0] == 200:
                    break
            time.sleep(0.5)
        yield url, log, token
    finally:
        process.terminate()
        process.wait(20)


def test_users_tokens_limits_and_the_log(guarded: Any) -> None:
    url, log, token = guarded
    assert get(url)[0] == 401
    assert get(f"{url}/gradio_api/info")[0] == 401
    bearer = {"authorization": f"Bearer {token}"}
    assert get(url, **bearer)[0] == 200
    answer = ask(url, "公务接待费花了多少钱", **bearer)
    assert answer["values"][0]["value"] == "3.36"
    assert "reportqa_question_seconds_count" in get(f"{url}/metrics")[1]
    path = f"{url}/gradio_api/call/ask"
    answers = [get(path, {"data": ["收入合计多少", ""]}, **bearer) for _ in range(12)]
    assert answers[-1][0] == 429 and int(answers[-1][2]["Retry-After"]) > 0
    lines = [json.loads(x) for x in log.read_text("utf-8").splitlines() if x.startswith("{")]
    calls = [x for x in lines if x.get("path") == "/gradio_api/call/ask"]
    assert {x["user"] for x in calls} == {"program"} and all(x["request"] for x in calls)
    text = log.read_text("utf-8")
    assert token not in text and "公务接待费" not in text


def test_a_browser_logs_in_and_is_told_when_it_calls_too_often(
    guarded: Any, chromium: Any, server: Server
) -> None:
    url, _, _ = guarded
    login = {"username": "wang", "password": "correct horse battery"}
    context = chromium.new_context(http_credentials=login, locale="zh-CN")
    page = context.new_page()
    page.goto(url)
    page.locator("#rq-header .rq-facts span").nth(4).wait_for(timeout=60_000)
    for _ in range(8):  # more calls than a minute allows here
        for tab in ("全部数字", "问答"):
            page.get_by_role("tab", name=tab, exact=True).click()
    page.get_by_text("请求太频繁").first.wait_for()
    context.close()
