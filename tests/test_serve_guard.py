"""The door: who comes in, how much, and what every answer carries; over a small application."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from qa.serve.access import COOKIE, Access
from qa.serve.guard import Guard, route_of
from qa.serve.metrics import Metrics
from qa.serve.settings import ServeSettings
from qa.serve.users import Users, new_token, set_password

PDF = b"%PDF-1.7\n" + b"x" * 5000
CALL = "/gradio_api/call/ask"
PASSWORD = "correct horse battery"


async def echo(request: Request) -> JSONResponse:
    """What reached the application."""
    body = await request.body()
    visitor = request.scope.get("state", {}).get("visitor")
    return JSONResponse(
        {
            "size": len(body),
            "user": visitor.user,
            "session": visitor.session,
            "manages": visitor.manages,
        }
    )


async def full(request: Request) -> JSONResponse:
    return JSONResponse({"detail": "Queue is full."}, 503)


async def slow(request: Request) -> JSONResponse:
    await asyncio.sleep(0.1)
    return JSONResponse({})


class Door:
    """A client at the door of the application; `metric` reads a counter."""

    def __init__(self, users: Path | None = None, host: str = "127.0.0.1", **changes: Any) -> None:
        self.metrics = Metrics()

        async def healthy() -> tuple[bool, str]:
            return True, '{"status": "ok"}'

        guard = Middleware(
            Guard,
            settings=ServeSettings(_env_file=None, **changes),
            access=Access(Users(users) if users else None),
            metrics=self.metrics,
            health=healthy,
        )
        routes = [
            Route("/gradio_api/call/full", full, methods=["POST"]),
            Route("/gradio_api/call/slow", slow, methods=["POST"]),
            Route("/gradio_api/queue/join", full, methods=["POST"]),
            Route("/{path:path}", echo, methods=["GET", "POST"]),
        ]
        app = Starlette(routes=routes, middleware=[guard])
        self.client = TestClient(app, client=(host, 1234))

    def metric(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0.0


@pytest.fixture
def users(tmp_path: Path) -> Path:
    path = tmp_path / "users"
    set_password(path, "王科", PASSWORD)
    return path


def upload(door: Door, *files: bytes, chunked: bool = False) -> Any:
    """POST files as the page does; `chunked` without a Content-Length."""
    if not chunked:
        return door.client.post("/gradio_api/upload", files=[("files", f) for f in files])
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'

    def body() -> Iterator[bytes]:
        yield head
        for file in files:
            for start in range(0, len(file), 65_536):
                yield file[start : start + 65_536]
        yield b"\r\n--b--\r\n"

    kind = {"content-type": "multipart/form-data; boundary=b"}
    return door.client.post("/gradio_api/upload", content=body(), headers=kind)


@pytest.mark.parametrize(
    ("files", "chunked", "status", "said"),
    [
        ([PDF], False, 200, ""),
        ([b"\n" * 900 + PDF], False, 200, ""),  # a header within the first 1024 bytes is allowed
        ([b"\n" * 1100 + PDF], False, 415, "不是 PDF"),
        ([b"MZ" + b"x" * 5000], False, 415, "不是 PDF"),
        ([b"MZ"], False, 415, "不是 PDF"),
        ([b""], False, 415, "不是 PDF"),
        ([b"<html><script>%PDF-</script>".replace(b"%PDF-", b"") * 99], False, 415, "不是 PDF"),
        ([PDF, b"MZ"], False, 400, "一次只能上传一份"),
        ([PDF + b"x" * 1_100_000], False, 413, "1 MB"),
        ([PDF + b"x" * 1_100_000], True, 413, "1 MB"),
        ([PDF], True, 200, ""),
    ],
)
def test_an_upload_is_one_pdf_of_moderate_size(
    files: list[bytes], chunked: bool, status: int, said: str
) -> None:
    answer = upload(Door(upload_mb=1), *files, chunked=chunked)
    assert answer.status_code == status
    assert said in answer.json().get("detail", "")


@pytest.mark.parametrize(
    "kind", ["application/pdf", "multipart/form-data", "text/plain; boundary=b"]
)
def test_an_upload_of_another_form_is_told(kind: str) -> None:
    answer = Door().client.post("/gradio_api/upload", content=PDF, headers={"content-type": kind})
    assert answer.status_code == 400 and "按钮" in answer.json()["detail"]


def test_a_call_may_not_be_huge() -> None:
    answer = Door().client.post(CALL, content=b"x" * 1_000_001)
    assert answer.status_code == 413
    assert Door().client.post(CALL, content=b"x" * 1000).json()["size"] == 1000


def test_calls_are_limited_for_each_client() -> None:
    door = Door(rate=3)
    assert [door.client.post(CALL).status_code for _ in range(8)] == [200] * 6 + [429] * 2
    answer = door.client.post(CALL)
    assert 1 <= int(answer.headers["retry-after"]) <= 20
    assert f"{answer.headers['retry-after']}秒" in answer.json()["detail"]
    assert door.client.get("/").status_code == 200, "reading the page is no call"
    assert door.metric("reportqa_refused_total", reason="often") == 3
    assert all(Door(rate=0).client.post(CALL).status_code == 200 for _ in range(20))


def test_uploads_have_a_limit_of_their_own() -> None:
    door = Door(uploads_hourly=2)
    assert [upload(door, PDF).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    ("path", "status"), [("/gradio_api/call/full", 503), ("/gradio_api/queue/join", 429)]
)
@pytest.mark.parametrize(("language", "said"), [("zh-CN", "人太多"), ("en", "Too many people")])
def test_a_full_queue_is_politely_told(path: str, status: int, language: str, said: str) -> None:
    door = Door()
    answer = door.client.post(path, headers={"accept-language": language})
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "5")
    assert said in answer.json()["detail"]
    assert door.metric("reportqa_refused_total", reason="busy") == 1


def test_calls_under_way_are_limited_and_reading_goes_on() -> None:
    door = Door(queue=2)

    async def crowd() -> list[int]:
        transport = httpx.ASGITransport(door.client.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            slow = [client.post("/gradio_api/call/slow") for _ in range(5)]
            answers = await asyncio.gather(*slow, client.get("/"))
            return sorted(a.status_code for a in [*answers, await client.post(CALL)])

    with ThreadPoolExecutor(1) as own:  # the browser's tests have a loop in this thread
        statuses = own.submit(asyncio.run, crowd()).result()
    assert statuses == [200, 200, 200, 200, 503, 503, 503]
    assert door.metric("reportqa_refused_total", reason="busy") == 3


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://169.254.169.254/latest",
        "/gradio_api/file=HTTPS://example.com",
        "/gradio_api/proxy=https://example.com",
        "/gradio_api/run-history/records",
        "/gradio_api/vibe-code/",
        "/monitoring/summary",
    ],
)
def test_what_this_page_does_not_need_is_not_served(path: str) -> None:
    assert Door().client.get(path).status_code == 404


def test_every_answer_carries_the_security_headers() -> None:
    door = Door()
    for answer in (door.client.get("/"), door.client.get("/monitoring"), upload(door, b"MZ")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
        assert "http:" not in policy and "*" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert len(answer.headers["x-request-id"]) == 16
    given = door.client.get("/", headers={"x-request-id": "abc-12345"})
    assert given.headers["x-request-id"] == "abc-12345"
    forged = door.client.get("/", headers={"x-request-id": "<script>alert(1)</script>"})
    assert "<" not in forged.headers["x-request-id"]


def test_another_site_cannot_post_in_a_visitors_name() -> None:
    answer = Door().client.post(CALL, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_a_browser_keeps_its_session_and_its_cookie_says_nothing() -> None:
    door = Door()
    first = door.client.get("/")
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    second = door.client.get("/")
    assert "set-cookie" not in second.headers
    assert first.json()["session"] == second.json()["session"] not in cookie
    made_up = TestClient(door.client.app, cookies={COOKIE: "../../etc"}).get("/").json()
    assert made_up["session"] not in {"", first.json()["session"]}


def test_only_who_sits_at_the_machine_manages_without_users() -> None:
    assert Door().client.get("/").json()["manages"]
    assert not Door(host="10.0.0.7").client.get("/").json()["manages"]
    forwarded = Door().client.get("/", headers={"x-forwarded-for": "10.0.0.7"})
    assert not forwarded.json()["manages"]


def test_with_users_only_they_come_in(users: Path) -> None:
    token = new_token(users, "程序")
    door = Door(users, host="10.0.0.7")
    file = "/gradio_api/file=/etc/passwd"
    for path in ("/", CALL, "/config", "/gradio_api/info", "/metrics", file):
        answer = door.client.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"].startswith("Basic")
    assert door.client.get("/health").status_code == 200
    named = door.client.get("/", auth=("王科".encode(), PASSWORD.encode())).json()
    assert (named["user"], named["manages"]) == ("王科", True)
    program = door.client.post(CALL, headers={"authorization": f"Bearer {token}"}).json()
    assert program["user"] == "程序"


@pytest.mark.parametrize(
    "proof",
    ["Basic", "Basic !!", "Basic OjE=", "Bearer x", "Bearer ", "Digest a", "Basic 546L56eROng="],
)
def test_a_wrong_proof_is_refused(users: Path, proof: str) -> None:
    answer = Door(users).client.get("/", headers={"authorization": proof})
    assert answer.status_code == 401


def test_passwords_cannot_be_tried_at_will(users: Path) -> None:
    door = Door(users)
    wrong = [door.client.get("/", headers={"authorization": "Bearer no"}) for _ in range(12)]
    assert [a.status_code for a in wrong[9:]] == [401, 429, 429]
    right = door.client.get("/", auth=("王科".encode(), PASSWORD.encode()))
    assert right.status_code == 429, "not even a right one tells, until the minute is over"


def test_metrics_count_routes_and_not_what_visitors_type() -> None:
    door = Door()
    for path in ("/gradio_api/call/ask", "/a/b", "/a/c", "/gradio_api/zzz", "/assets/x.js"):
        door.client.get(path)
    text = door.client.get("/metrics").text
    assert 'reportqa_requests_total{method="GET",route="other",status="200"} 2.0' in text
    assert "zzz" not in text
    assert Door(host="10.0.0.7").client.get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/gradio_api/call/ask/123", "call"),
        ("/gradio_api/file=/a/b", "file"),
        ("/gradio_api/upload", "upload"),
        ("/gradio_api/%0a", "gradio"),
        ("/svelte/x", "assets"),
        ("/login", "other"),
    ],
)
def test_route_of(path: str, route: str) -> None:
    assert route_of(path) == route


def test_a_request_is_logged_with_its_id_and_without_its_secrets(
    users: Path, caplog: pytest.LogCaptureFixture
) -> None:
    door = Door(users)
    with caplog.at_level(logging.INFO, "qa.serve"):
        answer = door.client.post(
            CALL + "?token=SECRET",
            json={"data": ["张三的电话"]},
            auth=("王科".encode(), PASSWORD.encode()),
        )
    record = next(r for r in caplog.records if r.name == "qa.serve.guard")
    assert record.request == answer.headers["x-request-id"]  # type: ignore[attr-defined]
    whole = json.dumps(record.__dict__, default=str, ensure_ascii=False)
    assert "王科" in whole and "200" in whole
    assert not any(word in whole for word in ("SECRET", PASSWORD, "张三", "Basic "))
