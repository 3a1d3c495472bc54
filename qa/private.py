"""Uploads that only the browser which sent them can see: a store of their own, and who owns what.

They lie in `private/` beside the published reports and are gone some time after they were last
opened. A visitor's session is a hash; the file says nothing of who that was.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from index.errors import StoreError
from index.settings import Settings
from index.source import Progress
from index.store import BuildResult, ReportInfo, Store

logger = logging.getLogger(__name__)

_TABLE = """
CREATE TABLE IF NOT EXISTS owner (
    report TEXT NOT NULL, session TEXT NOT NULL, opened REAL NOT NULL,
    PRIMARY KEY (report, session)
)
"""


class PrivateReports:
    """The private uploads of a store. Safe for several threads and processes."""

    def __init__(
        self, settings: Settings, hours: float, clock: Callable[[], float] = time.time
    ) -> None:
        """`hours`: how long an upload stays after it was last opened."""
        self.folder = Path(settings.store) / "private"
        self.store = Store(settings.model_copy(update={"store": self.folder, "chroma_url": ""}))
        self._kept = hours * 3600
        self._clock = clock
        self._building = threading.Lock()

    def add(self, pdf: Path, session: str, progress: Progress | None = None) -> BuildResult:
        """Index an upload for one session. Raises as `Store.build`."""
        with self._building:
            result = self.store.build(pdf, progress)
            self._run(
                "INSERT OR REPLACE INTO owner VALUES (?, ?, ?)",
                (result.report, session, self._clock()),
            )
        return result

    def owns(self, report: str, session: str) -> bool:
        """Whether the session may see the report."""
        if not session or not self._file.exists():
            return False
        where = "report = ? AND session = ?"
        return bool(self._run(f"SELECT 1 FROM owner WHERE {where}", (report, session)))

    def touch(self, report: str, session: str) -> None:
        """The report was opened just now."""
        sql = "UPDATE owner SET opened = ? WHERE report = ? AND session = ?"
        self._run(sql, (self._clock(), report, session))

    def reports(self, session: str) -> list[ReportInfo]:
        """What the session uploaded, oldest first."""
        if not session or not self._file.exists():
            return []
        found = self._run("SELECT report FROM owner WHERE session = ?", (session,))
        owned = {report for (report,) in found}
        return [info for info in self.store.reports() if info.id in owned]

    def drop(self, report: str, session: str) -> bool:
        """Take the report from the session; True when it is gone, since nobody else has it."""
        with self._building:
            self._run("DELETE FROM owner WHERE report = ? AND session = ?", (report, session))
            return report in self._clear()

    def expire(self) -> list[str]:
        """Take out what was not opened for too long; the ids of the reports that are gone."""
        if not self._file.exists():
            return []
        with self._building:
            self._run("DELETE FROM owner WHERE opened < ?", (self._clock() - self._kept,))
            return self._clear()

    @property
    def _file(self) -> Path:
        return self.folder / "owners.db"

    def _clear(self) -> list[str]:
        owned = {report for (report,) in self._run("SELECT DISTINCT report FROM owner")}
        gone = [info.id for info in self.store.reports() if info.id not in owned]
        for report in gone:
            self.store.remove(report)
        return gone

    def _run(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self._file, timeout=10)) as connection, connection:
                connection.execute(_TABLE)
                return connection.execute(sql, values).fetchall()
        except (OSError, sqlite3.Error) as error:
            logger.warning("cannot use %s: %r", self._file, error)
            raise StoreError(
                f"无法读写 {self.folder}：请检查权限和磁盘空间，或用 REPORTQA_STORE 换一个目录。"
            ) from error
