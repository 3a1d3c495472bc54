"""Answers that are given at the door: one line in the visitor's language, as JSON."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from qa.words import words_for

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer instead of what was asked for: HTTP status, reason for the metrics, the text's
    name in `prompts/page.yaml` with its variables, seconds after which to try again.
    """

    status: int
    reason: str
    text: str
    variables: dict[str, object] = field(default_factory=dict)
    wait: int = 0
    login: bool = False


def waiting(status: int, reason: str, text: str, seconds: int) -> Refusal:
    """A refusal that ends after `seconds`."""
    return Refusal(status, reason, text, {"seconds": seconds}, seconds)


async def refuse(scope: Scope, send: Send, refusal: Refusal) -> None:
    """Send a refusal; `detail` is where Gradio's page and clients look for the text."""
    words = words_for(header(scope, b"accept-language"))
    extra: list[tuple[bytes, bytes]] = []
    if refusal.wait:
        extra.append((b"retry-after", str(refusal.wait).encode()))
    if refusal.login:
        extra.append((b"www-authenticate", b'Basic realm="report-qa", charset="UTF-8"'))
    body = {"detail": words(refusal.text, **refusal.variables)}
    await reply(
        send, refusal.status, json.dumps(body, ensure_ascii=False), "application/json", extra
    )


async def reply(
    send: Send,
    status: int,
    text: str,
    kind: str,
    extra: list[tuple[bytes, bytes]] | None = None,
) -> None:
    """A whole answer that is never stored."""
    body = text.encode()
    head = [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *(extra or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


def header(scope: Scope, name: bytes) -> str:
    """A header of the request, "" without it."""
    found = next((value for key, value in scope["headers"] if key == name), b"")
    return str(found.decode("latin-1"))
