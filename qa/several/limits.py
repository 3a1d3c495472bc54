"""How many reports are kept open and how many one question may open; prefix `REPORTQA_`."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.settings import read_settings


class Limits(BaseSettings):
    """Limits of questions over several reports.

    open_reports  reports kept open with their figures; the one asked longest ago is put away
    compared      reports that one question may open; more are refused with the remedy
    few           reports that are answered one by one when none is named; of more one is asked back
    samples       whether the page indexes the short samples too, after it has opened
    """

    model_config = SettingsConfigDict(env_prefix="REPORTQA_", env_file=".env", extra="ignore")

    open_reports: int = Field(16, ge=1, le=1000)
    compared: int = Field(60, ge=2, le=1000)
    few: int = Field(4, ge=1, le=20)
    samples: bool = True


def load_limits() -> Limits:
    """Raises DataError naming the setting."""
    return read_settings(Limits)
