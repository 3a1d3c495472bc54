"""Who a request comes from: the proof it carries, and the browser's session.

Without a file of users everybody may ask, and whoever sits at the machine itself may manage. With
one, every request needs a name and password (HTTP Basic, which browsers ask for by themselves) or a
token (`Authorization: Bearer`); whoever is let in may manage.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

import anyio.to_thread

from qa.serve.limits import Rate
from qa.serve.reply import Refusal, Scope, header, waiting
from qa.serve.users import Users
from qa.visitor import Visitor

COOKIE = "reportqa_session"
_SESSION = re.compile(r"[\w-]{32,64}")
_TRIES = 10  # wrong passwords a minute from one client


@dataclass(frozen=True, slots=True)
class Entrance:
    """Who came; `cookie` is the session to be given to the browser, empty when it has one."""

    visitor: Visitor
    cookie: str = ""


class Access:
    """Lets requests in. Safe for several threads."""

    def __init__(self, users: Users | None) -> None:
        self.users = users
        self._wrong = Rate(_TRIES, 60.0)

    async def enter(self, scope: Scope, request: str) -> Entrance | Refusal:
        """The visitor, or why there is none."""
        user = ""
        if self.users is not None:
            found = await self._user(scope, self.users)
            if isinstance(found, Refusal):
                return found
            user = found
        session, cookie = _session(scope)
        manages = bool(user) if self.users is not None else is_here(scope)
        return Entrance(Visitor(session, user, manages, request), cookie)

    async def _user(self, scope: Scope, users: Users) -> str | Refusal:
        client = client_of(scope)
        if seconds := self._wrong.empty(client):
            return waiting(429, "tries", "door_tries", seconds)
        scheme, _, proof = header(scope, b"authorization").partition(" ")
        if not proof:
            return Refusal(401, "login", "door_who", login=True)
        user: str | None = None
        if scheme.lower() == "bearer":
            user = users.token(proof.strip())
        elif scheme.lower() == "basic" and (pair := _pair(proof)) is not None:
            right = await anyio.to_thread.run_sync(users.password, *pair)  # takes its time
            user = pair[0] if right else None
        if user is None:
            self._wrong.wait(client)
            return Refusal(401, "login", "door_who", login=True)
        return user


def client_of(scope: Scope) -> str:
    """The client's address; behind a proxy on this machine the one that it forwards (uvicorn)."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def is_here(scope: Scope) -> bool:
    """Whether the client is this machine, and no proxy stands between."""
    forwarded = any(header(scope, n) for n in (b"x-forwarded-for", b"forwarded", b"x-real-ip"))
    try:
        return ipaddress.ip_address(client_of(scope)).is_loopback and not forwarded
    except ValueError:
        return False


def _pair(proof: str) -> tuple[str, str] | None:
    try:
        name, colon, password = base64.b64decode(proof, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (name, password) if colon else None


def _session(scope: Scope) -> tuple[str, str]:
    """The session's id, which is a hash of the cookie; and the cookie where it is new."""
    try:
        cookies = SimpleCookie(header(scope, b"cookie"))
    except CookieError:
        cookies = SimpleCookie()
    known = cookies[COOKIE].value if COOKIE in cookies else ""
    if _SESSION.fullmatch(known):
        return _hashed(known), ""
    fresh = secrets.token_urlsafe(32)
    return _hashed(fresh), fresh


def _hashed(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()[:32]
