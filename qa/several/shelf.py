"""Engines of the reports that were asked last, and who the reports of the store are.

The listing is read again only when the store's folder has changed; an engine is opened when its
report is first asked and put away when others are asked. Safe to use from several threads.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from index.settings import Settings
from index.store import Store
from qa.engine import Engine, open_engine
from qa.several.identity import Identity, identity_of

OpenEngine = Callable[[str], Engine]


class Shelf:
    """At most `room` engines at a time; the one asked longest ago makes place for a new one."""

    def __init__(self, store: Store, opener: OpenEngine, room: int) -> None:
        self._store = store
        self._opener = opener
        self._room = max(1, room)
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._editions: dict[str, str] = {}
        self._lock = threading.Lock()
        self._opening: dict[str, threading.Lock] = {}
        self._listed: tuple[float, tuple[Identity, ...]] = (-1.0, ())

    def engine(self, report: str) -> Engine:
        """Raises ReportIndexError for a report that cannot be opened."""
        with self._lock:
            edition = self._store.edition(report)
            if report in self._engines and self._editions.get(report) == edition:
                self._engines.move_to_end(report)
                return self._engines[report]
            self._engines.pop(report, None)  # another process has indexed it anew
            opening = self._opening.setdefault(report, threading.Lock())
        with opening:  # one thread opens, the others wait for it; other reports do not
            with self._lock:
                if report in self._engines:
                    return self._engines[report]
            engine = self._opener(report)
            with self._lock:
                self._engines[report] = engine
                self._editions[report] = edition
                while len(self._engines) > self._room:
                    self._editions.pop(self._engines.popitem(last=False)[0], None)
                self._opening.pop(report, None)
        return engine

    def forget(self, report: str) -> None:
        with self._lock:
            self._engines.pop(report, None)
            self._listed = (-1.0, ())

    def identities(self) -> tuple[Identity, ...]:
        """Who the reports are, oldest first, as the store lists them."""
        folder = self._store.folder / "reports"
        changed = folder.stat().st_mtime if folder.exists() else 0.0
        if self._listed[0] != changed:
            listed = tuple(identity_of(info) for info in self._store.reports())
            self._listed = (changed, listed)
        return self._listed[1]


def open_shelf(settings: Settings, store: Store, room: int) -> Shelf:
    """A shelf over a store, its engines opened without warming them up."""
    return Shelf(store, lambda report: open_engine(settings, report=report, store=store), room)
