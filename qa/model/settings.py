"""Settings of the language model and the reranker: environment > `.env` > default."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.errors import DataError

Planner = Literal["unsure", "always", "off"]


class ModelSettings(BaseSettings):
    """What connects a language model; without an address and a model there is none.

    llm_base_url  OpenAI-compatible address, e.g. `http://127.0.0.1:11434/v1`
    llm_api_key   key; never in a log or a repr
    llm_model     name of the model at that address
    llm_timeout   seconds that all calls for one question may take together
    llm_planner   `unsure`: where no answer was found; `always`: found ones are compared and stay;
                  `off`
    llm_writer    whether quoted prose is phrased by the model
    llm_stream    whether replies are streamed
    llm_max_tokens  most tokens of a reply
    reranker      sentence-transformers CrossEncoder by name or path, "" for none
    """

    model_config = SettingsConfigDict(
        env_prefix="REPORTQA_", env_file=".env", extra="ignore", frozen=True
    )

    llm_base_url: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_model: str = ""
    llm_timeout: float = Field(20.0, gt=0, le=600)
    llm_planner: Planner = "unsure"
    llm_writer: bool = True
    llm_stream: bool = True
    llm_max_tokens: int = Field(1024, ge=64, le=32768)
    reranker: str = ""

    @field_validator("llm_base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("地址须以 http:// 或 https:// 开头，例如 http://127.0.0.1:11434/v1")
        if "@" in parts.netloc:  # it would stand in logs
            raise ValueError("地址里不能带用户名或密钥：密钥请放在 REPORTQA_LLM_API_KEY")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _together(self) -> ModelSettings:
        if bool(self.llm_base_url) != bool(self.llm_model):
            raise ValueError("REPORTQA_LLM_BASE_URL 和 REPORTQA_LLM_MODEL 须一起设置")
        return self

    @property
    def enabled(self) -> bool:
        return bool(self.llm_base_url)

    @property
    def host(self) -> str:
        """The address without its path, as it may be logged."""
        parts = urlsplit(self.llm_base_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def load_model_settings(**flags: object) -> ModelSettings:
    """The settings, `flags` winning. Raises DataError naming the field; never shows the key."""
    try:
        return ModelSettings(**flags)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        names = [f"设置 REPORTQA_{str(part).upper()}：" for part in first["loc"][:1]]
        raise DataError(f"{''.join(names)}{first['msg']}。请改正后重试。") from None


@lru_cache(maxsize=1)
def shared_settings() -> ModelSettings:
    """The settings of this process, read once."""
    return load_model_settings()
