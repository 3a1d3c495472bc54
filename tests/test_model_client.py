"""The client over real HTTP: what goes well, every way it can go wrong, and that nothing hangs."""

from __future__ import annotations

import logging
import socket
import time

import pytest

from index.errors import DataError
from qa.model.breaker import Breaker
from qa.model.client import Client, Deadline, ModelFailure, Prompt
from qa.model.settings import ModelSettings, load_model_settings
from tests.model_server import ModelServer, Reply, model_server

PROMPT = Prompt("系统", "数据")
KEY = "sk-geheim-0123456789"


def client(url: str, stream: bool = True, breaker: Breaker | None = None) -> Client:
    settings = ModelSettings(
        llm_base_url=url, llm_model="m", llm_api_key=KEY, llm_stream=stream, _env_file=None
    )
    made = Client(settings, breaker)
    made.warm()
    return made


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize("stream", [True, False])
def test_a_reply(stream: bool) -> None:
    with model_server(lambda _: Reply("  好的，云海。 ")) as server:
        assert client(server.url, stream).reply(PROMPT, Deadline(10)) == "好的，云海。"
    (request,) = server.requests
    assert [m["content"] for m in request["messages"]] == ["系统", "数据"]
    assert [m["role"] for m in request["messages"]] == ["system", "user"]
    assert request["model"] == "m" and request["temperature"] == 0.0
    assert bool(request.get("stream")) == stream
    assert server.keys == [f"Bearer {KEY}"]


FAULTS = [
    (Reply(status=401), "key"),
    (Reply(status=403), "key"),
    (Reply(status=404), "server"),
    (Reply(status=429), "busy"),
    (Reply(status=500), "server"),
    (Reply("早" * 400, wait=9.0), "timeout"),
    (Reply("早" * 400, drip=0.2), "timeout"),
    (Reply("写到一半就断了的话", cut=True), "cut"),
    (Reply("没有写完", finish="length"), "invalid"),
    (Reply(""), "invalid"),
    (Reply("   "), "invalid"),
]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(("reply", "fault"), FAULTS)
def test_misbehaviour(reply: Reply, fault: str, stream: bool) -> None:
    with model_server(lambda _: reply) as server:
        started = time.monotonic()
        with pytest.raises(ModelFailure) as failure:
            client(server.url, stream).reply(PROMPT, Deadline(1.0))
        assert time.monotonic() - started < 3.0
    assert failure.value.fault == fault
    assert len(server.requests) == 1  # nothing is retried here


@pytest.mark.parametrize("body", [b"<html>proxy</html>", b"{", b"[]", b'{"choices": []}', b"null"])
@pytest.mark.parametrize("stream", [True, False])
def test_a_body_that_is_no_reply(body: bytes, stream: bool) -> None:
    with model_server(lambda _: Reply(body=body)) as server, pytest.raises(ModelFailure) as failure:
        client(server.url, stream).reply(PROMPT, Deadline(5))
    assert failure.value.fault in {"invalid", "server", "cut"}


def test_connection_refused() -> None:
    with pytest.raises(ModelFailure) as failure:
        client(f"http://127.0.0.1:{free_port()}/v1").reply(PROMPT, Deadline(5))
    assert failure.value.fault == "unreachable"


def test_no_time_left() -> None:
    with model_server(lambda _: Reply("好")) as server, pytest.raises(ModelFailure) as failure:
        client(server.url).reply(PROMPT, Deadline(0))
    assert failure.value.fault == "timeout" and server.requests == []


def test_the_key_is_in_no_log_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with model_server(lambda _: Reply(status=401)) as server:
        asking = client(server.url)
        with pytest.raises(ModelFailure):
            asking.reply(PROMPT, Deadline(5))
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("qa.")]
    assert ours and not any(KEY in message for message in ours)
    headers = [r.getMessage() for r in caplog.records if r.name.startswith(("openai", "httpcore"))]
    assert not any(f"Bearer {KEY}" in message for message in headers)
    assert KEY not in repr(asking) and KEY not in repr(asking.settings)


def test_a_dead_address_is_left_alone_and_tried_again() -> None:
    now = [0.0]
    breaker = Breaker(failures=3, pause=60, clock=lambda: now[0])
    state: dict[str, Reply] = {"reply": Reply(status=500)}

    def faults(server: ModelServer, count: int) -> list[str]:
        asking, found = client(server.url, breaker=breaker), []
        for _ in range(count):
            try:
                found.append(asking.reply(PROMPT, Deadline(5)))
            except ModelFailure as failure:
                found.append(failure.fault)
        return found

    with model_server(lambda _: state["reply"]) as server:
        assert faults(server, 5) == ["server", "server", "server", "open", "open"]
        assert len(server.requests) == 3
        now[0] = 61.0
        assert faults(server, 2) == ["server", "open"]  # one try, then another pause
        now[0] = 122.0
        state["reply"] = Reply("好")
        assert faults(server, 2) == ["好", "好"]


@pytest.mark.parametrize(
    ("status", "pause"), [(401, 60.0), (429, 30.0)], ids=["a refused key", "too many requests"]
)
def test_some_failures_open_at_once(status: int, pause: float) -> None:
    now = [0.0]
    breaker = Breaker(clock=lambda: now[0])
    with model_server(lambda _: Reply(status=status)) as server:
        asking = client(server.url, breaker=breaker)
        for _ in range(3):
            with pytest.raises(ModelFailure):
                asking.reply(PROMPT, Deadline(5))
        assert len(server.requests) == 1
        now[0] = pause + 1
        assert breaker.state == "half-open"


def test_half_open_lets_one_pass() -> None:
    now = [0.0]
    breaker = Breaker(failures=1, pause=10, clock=lambda: now[0])
    assert breaker.admit()
    breaker.failed()
    assert breaker.state == "open" and not breaker.admit()
    now[0] = 11.0
    assert breaker.admit() and not breaker.admit()
    breaker.passed()
    assert breaker.state == "closed" and breaker.admit() and breaker.admit()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"llm_base_url": "localhost:11434", "llm_model": "m"}, "REPORTQA_LLM_BASE_URL"),
        ({"llm_base_url": "http://", "llm_model": "m"}, "REPORTQA_LLM_BASE_URL"),
        ({"llm_base_url": f"http://me:{KEY}@a/v1", "llm_model": "m"}, "REPORTQA_LLM_API_KEY"),
        ({"llm_base_url": "http://a/v1"}, "REPORTQA_LLM_MODEL"),
        ({"llm_model": "m"}, "REPORTQA_LLM_BASE_URL"),
        ({"llm_timeout": 0}, "REPORTQA_LLM_TIMEOUT"),
        ({"llm_planner": "sometimes"}, "REPORTQA_LLM_PLANNER"),
    ],
)
def test_faulty_settings_name_the_field(given: dict[str, object], said: str) -> None:
    with pytest.raises(DataError, match=said) as error:
        load_model_settings(**given, llm_api_key=KEY, _env_file=None)
    assert KEY not in str(error.value)


def test_settings_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load_model_settings(_env_file=None).enabled
    monkeypatch.setenv("REPORTQA_LLM_BASE_URL", "https://api.example.com/v1/")
    monkeypatch.setenv("REPORTQA_LLM_MODEL", "qwen")
    settings = load_model_settings(_env_file=None)
    assert settings.enabled and settings.host == "api.example.com"
    assert settings.llm_base_url.endswith("/v1")
