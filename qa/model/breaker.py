"""A circuit breaker: after failures in a row an address is left alone for a while.

closed     calls pass; a success forgets the failures
open       no call passes until the pause is over
half-open  one call passes; its success closes, its failure opens for another pause
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_FAILURES = 3
_PAUSE = 60.0


class Breaker:
    """Thread-safe. `clock` gives seconds; only differences count."""

    def __init__(
        self,
        failures: int = _FAILURES,
        pause: float = _PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._until: float | None = None  # when the pause is over, None while closed
        self._trying = False

    def admit(self) -> bool:
        """Whether a call may be made now. Each call admitted must end in `passed` or `failed`."""
        with self._lock:
            if self._until is None:
                return True
            if self._trying or self._clock() < self._until:
                return False
            self._trying = True
            return True

    def passed(self) -> None:
        with self._lock:
            self._failed, self._until, self._trying = 0, None, False

    def failed(self, at_once: bool = False, pause: float | None = None) -> None:
        """A call failed; `at_once` opens without waiting for more, for `pause` seconds if given."""
        with self._lock:
            self._failed += 1
            if at_once or self._trying or self._failed >= self._most:
                self._until = self._clock() + (self._pause if pause is None else pause)
            self._trying = False

    @property
    def state(self) -> str:
        with self._lock:
            if self._until is None:
                return "closed"
            return "open" if self._clock() < self._until else "half-open"
