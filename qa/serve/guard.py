"""The door: an ASGI middleware in front of the page and its API.

In this order: an id for the request, addresses that are not served, health, who it is, sites that
forge requests, how often, what is sent; on the way back security headers and, for a full queue, a
polite answer. Every refusal is one line that says what to do.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect

from qa.serve.access import COOKIE, Access, client_of, is_here
from qa.serve.limits import Rate
from qa.serve.logs import REQUEST
from qa.serve.metrics import Metrics
from qa.serve.reply import (
    Application,
    Message,
    Receive,
    Refusal,
    Scope,
    Send,
    header,
    refuse,
    reply,
    waiting,
)
from qa.serve.settings import ServeSettings
from qa.serve.uploads import MEGABYTE, Body, Upload

logger = logging.getLogger(__name__)

Health = Callable[[], Awaitable[tuple[bool, str]]]

# Gradio compiles what its page needs at run time, hence eval and inline scripts; nothing may come
# from another site, and nothing go to one.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "media-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
# What Gradio would also serve and this page has no use for; the first two fetch other sites.
_ABSENT = re.compile(
    r"/gradio_api/(?:file=\s*https?:|proxy=|runs|run-history|stream|component_server"
    r"|process_recording|vibe-|undo-vibe|deep_link|dev/|profiling|custom_component)|/monitoring",
    re.I,
)
_CALLS = re.compile(r"/gradio_api/(?:queue/join|call/|run/|api/|mcp)")
_UNDERWAY = re.compile(r"/gradio_api/(?:queue/|call/|run/|api/)")  # a call or its result
_UPLOAD = re.compile(r"/gradio_api/upload/?$")
_OPEN = {"/health", "/gradio_api/startup-events"}  # the second is Gradio's call to itself
_ID = re.compile(r"[\w-]{8,64}")
_ROUTES = {"call", "run", "api", "queue", "upload", "upload_progress", "info", "heartbeat", "mcp"}
_BODY = MEGABYTE  # largest body of a call
_AGAIN = 5  # seconds after which to try again when the queue is full


@dataclass
class _Exchange:
    """One request on its way."""

    scope: Scope
    id: str
    started: float = field(default_factory=time.perf_counter)
    status: int = 0
    cookie: str = ""
    user: str | None = None
    refused: str | None = None


class Guard:
    """Put around the page's application with the limits of `settings`."""

    def __init__(
        self,
        app: Application,
        *,
        settings: ServeSettings,
        access: Access,
        metrics: Metrics,
        health: Health,
    ) -> None:
        self._app = app
        self._settings = settings
        self._access = access
        self._metrics = metrics
        self._health = health
        self._calls = Rate(settings.rate, 60.0, 2 * settings.rate)
        self._uploads = Rate(settings.uploads_hourly, 3600.0)
        self._underway = 0  # of the event loop alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = header(scope, b"x-request-id")
        exchange = _Exchange(scope, given if _ID.fullmatch(given) else secrets.token_hex(8))
        mark = REQUEST.set(exchange.id)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                message["headers"] = [*message.get("headers", []), *_headers(exchange)]
                self._metrics.seconds.labels(route_of(scope["path"])).observe(
                    time.perf_counter() - exchange.started
                )
            await send(message)

        self._metrics.open.inc()
        try:
            refusal = await self._serve(exchange, receive, sent)
            if refusal is not None:
                exchange.refused = refusal.reason
                self._metrics.refused.labels(refusal.reason).inc()
                await refuse(scope, sent, refusal)
        finally:
            self._metrics.open.dec()
            self._note(exchange)
            REQUEST.reset(mark)

    async def _serve(self, exchange: _Exchange, receive: Receive, send: Send) -> Refusal | None:
        """Serve the request; or why it is refused, before anything was sent."""
        scope = exchange.scope
        path, method = scope["path"], scope["method"]
        if _ABSENT.match(path):
            return Refusal(404, "absent", "door_absent")
        if path == "/health":
            ready, text = await self._health()
            await reply(send, 200 if ready else 503, text, "application/json")
            return None
        if path not in _OPEN and not (path == "/metrics" and is_here(scope)):
            entrance = await self._access.enter(scope, exchange.id)
            if isinstance(entrance, Refusal):
                return entrance
            exchange.user = entrance.visitor.user or None
            if path == "/" and method == "GET":
                exchange.cookie = entrance.cookie
            scope["state"] = {**scope.get("state", {}), "visitor": entrance.visitor}
            if path == "/metrics" and not entrance.visitor.manages:
                return Refusal(404, "absent", "door_absent")
        if path == "/metrics":
            await reply(send, 200, self._metrics.text(), "text/plain; version=0.0.4")
            return None
        if method == "POST" and header(scope, b"sec-fetch-site") == "cross-site":
            return Refusal(403, "elsewhere", "door_elsewhere")
        refusal = self._too_often(exchange) if method == "POST" else None
        if refusal is not None or not _UNDERWAY.match(path):
            return refusal or await self._pass(exchange, receive, send)
        if method == "POST" and self._underway >= self._settings.queue:
            return _busy(path)
        self._underway += 1
        try:
            return await self._pass(exchange, receive, send)
        finally:
            self._underway -= 1

    def _too_often(self, exchange: _Exchange) -> Refusal | None:
        path = exchange.scope["path"]
        client = exchange.user or client_of(exchange.scope)
        if _UPLOAD.match(path):
            if seconds := self._uploads.wait(client):
                return waiting(429, "uploads", "door_uploads", seconds)
        elif _CALLS.match(path) and (seconds := self._calls.wait(client)):
            return waiting(429, "often", "door_often", seconds)
        return None

    async def _pass(self, exchange: _Exchange, receive: Receive, send: Send) -> Refusal | None:
        """Hand a request on with its body watched; a full queue is answered politely."""
        scope, path = exchange.scope, exchange.scope["path"]
        if scope["method"] != "POST":
            await self._app(scope, receive, send)
            return None
        limit = self._settings.upload_mb
        if _UPLOAD.match(path):
            kind = header(scope, b"content-type").encode("latin-1")
            body: Body = Upload(receive, limit, kind)
        else:
            body = Body(receive, _BODY, Refusal(413, "large", "door_body"))
        if (early := body.announced(header(scope, b"content-length"))) is not None:
            return early
        held: list[Refusal] = []
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            if held:
                return
            full = message.get("status") == 503 and _UNDERWAY.match(path) is not None
            if not begun and (body.refusal or full):
                held.append(body.refusal or _busy(path))
                return
            begun = True
            await send(message)

        try:
            await self._app(scope, body, watched)
        except ClientDisconnect:  # what the application makes of a body that was cut short
            if body.refusal is None or begun:
                raise
        return held[0] if held else body.refusal if not begun else None

    def _note(self, exchange: _Exchange) -> None:
        scope = exchange.scope
        status = exchange.status or 499  # the client went before there was an answer
        method = scope["method"] if scope["method"] in {"GET", "POST", "HEAD"} else "other"
        self._metrics.requests.labels(route_of(scope["path"]), method, str(status)).inc()
        logger.info(
            "request",
            extra={
                "method": scope["method"],
                "path": scope["path"][:200],
                "status": status,
                "ms": round((time.perf_counter() - exchange.started) * 1000, 1),
                "client": client_of(scope),
                "user": exchange.user,
                "refused": exchange.refused,
                "request": exchange.id,
            },
        )


def route_of(path: str) -> str:
    """What a path is counted under: few names, whatever a visitor types."""
    if path in {"/", "/health", "/metrics", "/config"}:
        return path
    first, _, rest = path.strip("/").partition("/")
    if first == "gradio_api":
        name = re.split(r"[/=]", rest, maxsplit=1)[0]
        return name if name in _ROUTES else "file" if name == "file" else "gradio"
    return "assets" if first in {"assets", "static", "svelte"} else "other"


def _busy(path: str) -> Refusal:
    """Gradio's page shows the text of a 429, but not of a 503."""
    return waiting(429 if "/queue/" in path else 503, "busy", "door_busy", _AGAIN)


def _headers(exchange: _Exchange) -> list[tuple[bytes, bytes]]:
    found = [*HEADERS, (b"x-request-id", exchange.id.encode())]
    if exchange.cookie:
        secure = "; Secure" if exchange.scope.get("scheme") == "https" else ""
        cookie = f"{COOKIE}={exchange.cookie}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"
        found.append((b"set-cookie", (cookie + secure).encode()))
    return found
