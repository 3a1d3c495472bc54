"""The log: one line of text or one JSON object a record, with the request's id, without secrets.

Phone numbers are masked, and so are tokens and passwords where a library logs a header or an
address. Questions are never logged.
"""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

from qa.privacy import mask_phones
from qa.visitor import current_visitor

REQUEST: ContextVar[str] = ContextVar("request", default="")

_SECRET = re.compile(
    r"(?i)(\b(?:bearer|basic)\s+)[\w.~+/=-]+|((?:password|passwd|token|secret)[\"']?\s*[=:]\s*[\"']?)"
    r"[^\s\"'&,;}]+"
)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Fields of a record that go into the JSON object as they are.
FIELDS = ("method", "path", "status", "ms", "client", "user", "refused")


class Quiet(logging.Formatter):
    """Text with secrets and phone numbers masked; a record stays on one line but for tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        first, *rest = (
            super().format(record).split("\n")
            if record.exc_info
            else [_CONTROL.sub(_visible, super().format(record))]
        )
        return "\n".join([cleaned(_CONTROL.sub(_visible, first)), *map(cleaned, rest)])


class AsJson(logging.Formatter):
    """One JSON object a record: time, level, logger, message, request, fields of the request."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": cleaned(record.getMessage()),
            "request": getattr(record, "request", ""),
        }
        for name in FIELDS:
            value = getattr(record, name, None)
            if value is not None:
                entry[name] = cleaned(value) if isinstance(value, str) else value
        if record.exc_info:
            entry["error"] = cleaned(self.formatException(record.exc_info))
        return _CONTROL.sub(_visible, json.dumps(entry, ensure_ascii=False))


class _Request(logging.Filter):
    """Puts the id of the request into a record, from wherever the record was made."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request"):
            record.request = REQUEST.get() or current_visitor().request
        return True


def set_up(kind: Literal["text", "json"]) -> None:
    """Log to stderr; in JSON every request is a record, in text only what needs attention."""
    handler = logging.StreamHandler()
    handler.addFilter(_Request())
    if kind == "json":
        handler.setFormatter(AsJson())
    else:
        handler.setFormatter(Quiet("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    if kind == "json":
        logging.getLogger("qa.serve").setLevel(logging.INFO)


def cleaned(text: str) -> str:
    """`text` without secrets and with phone numbers masked."""
    return mask_phones(_SECRET.sub(lambda m: f"{m[1] or m[2]}***", text))


def _visible(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()
