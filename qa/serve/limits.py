"""How often a client may call: a token bucket for each."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

_CLIENTS = 20_000  # those that called longest ago are forgotten


class Rate:
    """`count` calls in `seconds` for each client, `burst` at once. Safe for several threads."""

    def __init__(
        self,
        count: int,
        seconds: float,
        burst: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._speed = count / seconds
        self._full = float(burst if burst is not None else count)
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> int:
        """Takes one call; the seconds to wait when there is none, else 0."""
        return self._look(client, 1)

    def empty(self, client: str) -> int:
        """The same without taking a call."""
        return self._look(client, 0)

    def _look(self, client: str, taken: int) -> int:
        if not self._speed:
            return 0
        with self._lock:
            now = self._clock()
            left, then = self._left.pop(client, (self._full, now))
            left = min(self._full, left + (now - then) * self._speed)
            allowed = left >= 1
            self._left[client] = (left - taken if allowed else left, now)
            while len(self._left) > _CLIENTS:
                self._left.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) / self._speed)
