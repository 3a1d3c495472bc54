"""What app.py needs to put the door in front of its page."""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware

from index.errors import ReportIndexError
from qa.desk import Desk
from qa.errors import QaError
from qa.private import PrivateReports
from qa.serve import logs
from qa.serve.access import Access
from qa.serve.guard import Guard
from qa.serve.metrics import Metrics
from qa.serve.settings import ServeSettings, load_serve_settings
from qa.serve.users import Users
from qa.visitor import NOBODY, current_visitor

logger = logging.getLogger(__name__)

_TIDY = 600.0  # seconds between two rounds
_STALE = 3600.0  # age in seconds of what an upload that was broken off has left
_FRESH = 2.0  # seconds that a look at the store holds


def set_up_logs() -> ServeSettings:
    """The settings of the server, with the log as they want it. Raises DataError."""
    settings = load_serve_settings()
    logs.set_up(settings.log)
    return settings


def open_doors(desk: Desk, settings: ServeSettings) -> dict[str, Any]:
    """Arguments of Gradio's `launch`; `desk` then tells visitors apart.

    To be called before the page is built. Raises AccessError for a file of users that is no use.
    """
    metrics = Metrics()
    folder = own_temporary_folder()
    desk.visitor = current_visitor
    if settings.uploads == "private":
        desk.private = PrivateReports(desk.settings, settings.upload_hours)
    threading.Thread(target=tidy, args=[desk, folder], daemon=True).start()
    access = Access(Users(settings.users) if settings.users else None)
    desk.watch = lambda answer, seconds: metrics.questions.labels(answer.status).observe(seconds)
    guard = Middleware(
        Guard,
        settings=settings,
        access=access,
        metrics=metrics,
        health=health_of(desk, metrics),
    )
    options: dict[str, Any] = {
        "app_kwargs": {"middleware": [guard]},
        "max_file_size": settings.upload_mb * 10**6,
        "strict_cors": True,
        "state_session_capacity": settings.sessions,
    }
    if access.users is not None:
        options["auth_dependency"] = _user_of
    return options


def own_temporary_folder() -> Path:
    """Where Gradio keeps uploads and downloads: a folder of this process that nobody else reads."""
    given = os.environ.get("GRADIO_TEMP_DIR")
    if given:
        return Path(given)
    folder = Path(tempfile.mkdtemp(prefix="report-qa-gradio-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    return folder


def tidy(desk: Desk, folder: Path, rounds: int | None = None, pause: float = _TIDY) -> None:
    """Every so often take out private uploads that have expired, and broken-off transfers."""
    while rounds is None or rounds > 0:
        rounds = rounds - 1 if rounds is not None else None
        try:
            desk.expire()
            for path in folder.glob("*"):
                if path.is_file() and time.time() - path.stat().st_mtime > _STALE:
                    path.unlink(missing_ok=True)
        except (ReportIndexError, OSError) as error:
            logger.warning("tidying failed: %r", error)
        time.sleep(pause if rounds is None or rounds else 0)


def _user_of(request: Any) -> str | None:
    """For Gradio: the user whom the door let in."""
    visitor = request.scope.get("state", {}).get("visitor", NOBODY)
    return visitor.user or None


def health_of(desk: Desk, metrics: Metrics) -> Callable[[], Awaitable[tuple[bool, str]]]:
    """Whether the store answers, as a look that is at most two seconds old."""
    last: tuple[float, tuple[bool, str]] = (-_FRESH, (False, ""))
    lock = asyncio.Lock()

    async def look() -> tuple[bool, str]:
        nonlocal last
        async with lock:
            if time.monotonic() - last[0] > _FRESH:
                last = (time.monotonic(), await asyncio.to_thread(_look, desk, metrics))
            return last[1]

    return look


def _look(desk: Desk, metrics: Metrics) -> tuple[bool, str]:
    if not desk.state.done:
        return False, json.dumps({"status": "starting"})
    try:
        count = desk.probe()
    except (ReportIndexError, QaError) as error:
        logger.warning("not healthy: %s", error)
        return False, json.dumps({"status": "failing"})
    metrics.reports.set(count)
    return True, json.dumps({"status": "ok", "reports": count})
