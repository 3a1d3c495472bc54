"""Who may come in: a file of users, passwords as scrypt hashes, tokens as SHA-256.

A line is `name:password:HASH` or `name:token:HASH`; neither password nor token can be had from it.
scrypt with N=2**14, r=8, p=1 (OWASP Password Storage Cheat Sheet) takes about 50 ms; a password
that was right is remembered for a while under a key of this process.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from qa.errors import QaError

_N, _R, _P = 2**14, 8, 1
_NAME = re.compile(r"[\w.@-]{1,64}")
_REMEMBERED = 600.0  # seconds
_SHORTEST = 10


class AccessError(QaError):
    """The file of users cannot be read or written, or a name or password will not do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `kind` is `password` or `token`."""

    name: str
    kind: str
    hashed: str

    def line(self) -> str:
        return f"{self.name}:{self.kind}:{self.hashed}"


class Users:
    """The users of one file; a change of the file counts at once. Safe for several threads."""

    def __init__(self, path: Path) -> None:
        """Raises AccessError when the file cannot be read."""
        self.path = path
        self._lock = threading.Lock()
        self._key = secrets.token_bytes(32)
        self._right: dict[bytes, float] = {}
        self._state: tuple[int, int] = (0, 0)
        self._entries: list[Entry] = []
        self._refresh()

    def password(self, name: str, password: str) -> bool:
        """Whether that is the user's password. A wrong name takes as long as a wrong password."""
        hashed = self._hashed(name, "password")
        mark = hmac.digest(self._key, f"{name}\0{hashed}\0{password}".encode(), "sha256")
        with self._lock:
            if self._right.get(mark, 0.0) > time.monotonic():
                return True
        right = _is_password(password, hashed or _NOBODY) and bool(hashed)
        if right:
            with self._lock:
                self._right = {m: t for m, t in self._right.items() if t > time.monotonic()}
                self._right[mark] = time.monotonic() + _REMEMBERED
        return right

    def token(self, token: str) -> str | None:
        """The name of the token's user."""
        digest = _digest(token)
        self._refresh()
        found = [e.name for e in self._entries if e.kind == "token" and _same(e.hashed, digest)]
        return found[0] if found else None

    def _hashed(self, name: str, kind: str) -> str:
        self._refresh()
        return next((e.hashed for e in self._entries if (e.name, e.kind) == (name, kind)), "")

    def _refresh(self) -> None:
        try:
            found = self.path.stat()
        except OSError as error:
            raise AccessError(
                f"用户文件 {self.path} 不能读取：请用 python -m qa.serve user 建立，或检查权限。"
            ) from error
        state = (found.st_mtime_ns, found.st_size)
        if state != self._state:
            self._entries, self._state = read_entries(self.path), state


def read_entries(path: Path) -> list[Entry]:
    """Every line of the file. Raises AccessError for a line of another form."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AccessError(f"用户文件 {path} 不能读取：请检查权限。") from error
    entries = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.strip().split(":")
        if (
            len(parts) != 3
            or parts[1] not in {"password", "token"}
            or not _NAME.fullmatch(parts[0])
        ):
            raise AccessError(f"用户文件 {path} 第 {number} 行不合格式：请删去后重新添加该用户。")
        entries.append(Entry(*parts))
    return entries


def set_password(path: Path, name: str, password: str) -> None:
    """Add a user or change the password. Raises AccessError."""
    _check_name(name)
    if len(password) < _SHORTEST:
        raise AccessError(f"密码太短：请至少用 {_SHORTEST} 个字符。")
    salt = secrets.token_bytes(16)
    hashed = f"scrypt${_N}${_R}${_P}${_text(salt)}${_text(_scrypt(password, salt, _N, _R, _P))}"
    kept = [e for e in _known(path) if (e.name, e.kind) != (name, "password")]
    _write(path, [*kept, Entry(name, "password", hashed)])


def new_token(path: Path, name: str) -> str:
    """A new token for the API, shown this once; an older one of the user goes."""
    _check_name(name)
    token = secrets.token_urlsafe(32)
    kept = [e for e in _known(path) if (e.name, e.kind) != (name, "token")]
    _write(path, [*kept, Entry(name, "token", _digest(token))])
    return token


def remove_user(path: Path, name: str) -> None:
    """Raises AccessError for an unknown name."""
    entries = _known(path)
    kept = [e for e in entries if e.name != name]
    if len(kept) == len(entries):
        raise AccessError(f"没有用户 {name}：用 python -m qa.serve users 查看。")
    _write(path, kept)


def _known(path: Path) -> list[Entry]:
    return read_entries(path) if path.exists() else []


def _write(path: Path, entries: list[Entry]) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("".join(f"{entry.line()}\n" for entry in entries))
        os.replace(draft, path)
    except OSError as error:
        raise AccessError(f"用户文件 {path} 不能写入（{error.strerror}）：请检查权限。") from error


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise AccessError("用户名只能用字母、汉字、数字和 . _ @ -，不超过 64 个字符。")


def _is_password(password: str, hashed: str) -> bool:
    try:
        _, n, r, p, salt, digest = hashed.split("$")
        found = _scrypt(password, base64.b64decode(salt), int(n), int(r), int(p))
    except ValueError:
        return False
    return hmac.compare_digest(found, base64.b64decode(digest))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, dklen=32)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


_NOBODY = f"scrypt${_N}${_R}${_P}${_text(bytes(16))}${_text(bytes(32))}"
