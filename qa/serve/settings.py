"""Settings of the server, with the same prefix and order as those of `index.settings`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.settings import read_settings


class ServeSettings(BaseSettings):
    """How the page is served.

    users           file of users with hashed passwords and tokens (`python -m qa.serve`); empty:
                    everybody may ask
    uploads         `private`: an upload is seen in the browser that sent it only, until a named
                    user publishes it; `shared`: it is published at once
    upload_mb       largest upload, in MB (10**6 bytes)
    upload_hours    how long a private upload is kept after it was last opened
    rate            calls a minute for each client, 0 for no limit; twice as many at once
    uploads_hourly  uploads an hour for each client, 0 for no limit
    queue           calls that may be under way at once; beyond, the answer is "busy"
    sessions        pages whose dialogue is remembered at once; beyond, the one unused for longest
                    begins anew
    log             `text` or `json` (one object a line, with the id of the request)
    """

    model_config = SettingsConfigDict(env_prefix="REPORTQA_", env_file=".env", extra="ignore")

    users: Path | None = None
    uploads: Literal["private", "shared"] = "private"
    upload_mb: int = Field(100, ge=1, le=2000)
    upload_hours: float = Field(24, gt=0)
    rate: int = Field(300, ge=0)
    uploads_hourly: int = Field(60, ge=0)
    queue: int = Field(100, ge=1)
    sessions: int = Field(1000, ge=10)
    log: Literal["text", "json"] = "text"


def load_serve_settings() -> ServeSettings:
    """Raises DataError naming the variable."""
    return read_settings(ServeSettings)
