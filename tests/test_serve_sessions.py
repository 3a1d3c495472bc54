"""What Gradio remembers has a bound: calls, closed pages, open pages, results nobody fetched."""

from __future__ import annotations

import json
import socket
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import gradio as gr
import pytest

from qa.serve.sessions import Sessions, keep_few_sessions


def say(words: str) -> str:
    return words


@pytest.fixture
def blocks() -> gr.Blocks:
    with gr.Blocks() as made:
        gr.State("talk")
        gr.api(say, api_name="say")
    return made


@pytest.fixture
def server(blocks: gr.Blocks) -> Iterator[tuple[Any, str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    blocks.queue(max_size=20)
    app, address, _ = blocks.launch(
        prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", server_port=port
    )
    yield app, address.rstrip("/")
    blocks.close()


def call(address: str, words: str, fetch: bool = True) -> str:
    url = f"{address}/gradio_api/call/say"
    body = json.dumps({"data": [words]}).encode()
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        event = json.load(answer)["event_id"]
    if not fetch:
        return ""
    with urllib.request.urlopen(f"{url}/{event}", timeout=30) as answer:
        return str(answer.read().decode())


def test_calls_leave_nothing(server: tuple[Any, str]) -> None:
    app, address = server
    keep_few_sessions(app)
    for number in range(30):
        assert f'["{number}"]' in call(address, str(number))
    assert len(app.state_holder.session_data) == len(app.state_holder.time_last_used) <= 1


def test_a_state_lasts_and_what_was_shown_is_not_kept(blocks: gr.Blocks) -> None:
    sessions, _ = clocked(blocks, 10)
    (state,) = (b for b in blocks.blocks.values() if isinstance(b, gr.State))
    session, other = sessions["a"], sessions["b"]
    session[state._id] = "asked"
    assert (sessions["a"][state._id], other[state._id]) == ("asked", "talk")
    shown = gr.HTML("old", render=False)
    session[shown._id] = shown
    session._update_value_in_config(shown._id, "x" * 1_000_000)
    session._update_config(shown._id)
    assert session[shown._id] is shown and not list(session.components)


def test_gradio_itself_keeps_them(server: tuple[Any, str]) -> None:
    """Why this module exists; where this fails it may go."""
    app, address = server
    for number in range(5):
        call(address, str(number))
    assert len(app.state_holder.session_data) == 5


def test_sessions_of_the_first_moment_stay(server: tuple[Any, str]) -> None:
    app, _ = server
    early = app.state_holder["early"]
    keep_few_sessions(app)
    assert app.state_holder["early"] is early


def clocked(blocks: gr.Blocks, capacity: int) -> tuple[Sessions, list[datetime]]:
    blocks.state_session_capacity = capacity
    now = [datetime.now()]
    return Sessions(blocks, clock=lambda: now[0]), now


def test_a_closed_page_goes_after_an_hour(blocks: gr.Blocks) -> None:
    sessions, now = clocked(blocks, 100)
    _ = sessions["open"]
    sessions["closed"].is_closed = True
    now[0] += timedelta(minutes=50)
    _ = sessions["third"]
    assert "closed" in sessions
    now[0] += timedelta(minutes=11)
    _ = sessions["fourth"]
    assert list(sessions.session_data) == ["open", "third", "fourth"]
    assert set(sessions.time_last_used) == set(sessions.session_data)


def test_closed_pages_make_room_first(blocks: gr.Blocks) -> None:
    sessions, _ = clocked(blocks, 5)
    for name in "abcde":
        _ = sessions[name]
    sessions["c"].is_closed = sessions["e"].is_closed = True
    _ = sessions["f"], sessions["g"]
    assert set(sessions.session_data) == set("abdfg")
    _ = sessions["h"]  # all are open: the one unused for longest
    assert set(sessions.session_data) == set("bdfgh")
    for number in range(50):
        _ = sessions[str(number)]
    assert len(sessions.session_data) == 5


def test_calls_under_way_stay(blocks: gr.Blocks) -> None:
    sessions, _ = clocked(blocks, 100)
    underway = blocks._queue.event_ids_to_events
    for number in range(10):
        underway[f"call-{number}"] = None  # type: ignore[assignment]
        _ = sessions[f"call-{number}"]
    del underway["call-3"]
    _ = sessions["page"]
    assert len(sessions.session_data) == 10 and "call-3" not in sessions
    underway.clear()
    _ = sessions["other"]
    assert list(sessions.session_data) == ["page", "other"]


def test_results_that_nobody_fetches_are_forgotten(blocks: gr.Blocks) -> None:
    sessions, _ = clocked(blocks, 100)
    queue = blocks._queue
    most = 2 * queue.pending_messages_per_session.max_size
    _ = sessions["page"]
    queue.pending_event_ids_session["page"] = set()
    for number in range(2 * most):
        queue.pending_event_ids_session[f"call-{number}"] = {"event"} if number % 2 else set()
        queue.pending_messages_per_session[f"call-{number}"] = None  # type: ignore[assignment]
        _ = sessions[f"page-{number}"], sessions["page"]
    assert len(queue.pending_event_ids_session) <= most + 1
    assert "page" in queue.pending_event_ids_session, "an open page goes on"
    assert f"call-{2 * most - 1}" in queue.pending_event_ids_session, "it can still be fetched"
