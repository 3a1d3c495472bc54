"""Bodies of requests on their way in: not larger than allowed, and an upload is one PDF.

A chunk is looked at before the application gets it, so that what is refused is never stored.
"""

from __future__ import annotations

from typing import Any

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from qa.serve.reply import Receive, Refusal

_MAGIC = b"%PDF-"
_WITHIN = 1024  # bytes; readers accept a PDF whose header begins no later
_FRAME = 20_000  # bytes of a multipart body that are not the file
MEGABYTE = 10**6


class Body:
    """The body of one request; what is wrong with it is in `refusal`."""

    def __init__(self, receive: Receive, limit: int, refusal: Refusal) -> None:
        """`limit` in bytes; `refusal` is the answer to a larger body."""
        self._receive = receive
        self._limit = limit
        self._too_large = refusal
        self._size = 0
        self.refusal: Refusal | None = None

    def announced(self, length: str) -> Refusal | None:
        """The refusal of a body whose Content-Length is already too much."""
        return self._too_large if length.isdigit() and int(length) > self._limit else None

    async def __call__(self) -> Any:
        """What the application gets: once something is wrong, a client that has gone."""
        if self.refusal is None:
            message = await self._receive()
            if message["type"] != "http.request":
                return message
            chunk = message.get("body", b"")
            self._size += len(chunk)
            self.refusal = self._too_large if self._size > self._limit else self.wrong(chunk)
            if self.refusal is None:
                return message
        return {"type": "http.disconnect"}

    def wrong(self, chunk: bytes) -> Refusal | None:
        """What is wrong with the body as far as it is known."""
        return None


class Upload(Body):
    """A body that must be one PDF as multipart/form-data."""

    def __init__(self, receive: Receive, megabytes: int, content_type: bytes) -> None:
        large = Refusal(413, "large", "door_large", {"limit": megabytes})
        super().__init__(receive, megabytes * MEGABYTE + _FRAME, large)
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        self._parts = 0
        self._head = b""
        self._found = False
        self._fault: Refusal | None = None
        self._parser: MultipartParser | None = None
        if kind == b"multipart/form-data" and boundary:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_part_data": self._data,
                    "on_part_end": self._end,
                },
            )

    def wrong(self, chunk: bytes) -> Refusal | None:
        if self._parser is None:
            return Refusal(400, "form", "door_form")
        try:
            self._parser.write(chunk)
        except MultipartParseError:
            return Refusal(400, "form", "door_form")
        return self._fault

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > 1:
            self._fault = self._fault or Refusal(400, "form", "door_one_file")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._found or self._fault:
            return
        self._head += data[start : min(end, start + _WITHIN + len(_MAGIC))]
        self._found = _MAGIC in self._head[: _WITHIN + len(_MAGIC)]
        if not self._found and len(self._head) >= _WITHIN + len(_MAGIC):
            self._fault = Refusal(415, "type", "door_not_pdf")

    def _end(self) -> None:
        if not self._found:
            self._fault = self._fault or Refusal(415, "type", "door_not_pdf")
