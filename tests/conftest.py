"""Shared by all tests: the sample report, read once, and one store with it, built once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from index.build import read_report
from index.pages import read_pages
from index.settings import Settings, load_settings
from index.store import Store
from index.values import Page, Report
from qa.engine import Engine, open_engine
from tests.browser import chromium, desk, phone, server  # noqa: F401  (fixtures)

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "yunhai-data-2024.pdf"


@pytest.fixture(scope="session")
def sample_pdf() -> Path:
    return SAMPLE


@pytest.fixture(scope="session")
def sample_pages() -> tuple[Page, ...]:
    return read_pages(SAMPLE)


@pytest.fixture(scope="session")
def sample_report() -> Report:
    return read_report(SAMPLE)


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(store=tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def sample_store(sample_settings: Settings) -> Store:
    """A store that holds the sample report. Tests must leave it as it is."""
    store = Store(sample_settings)
    store.build(SAMPLE)
    return store


@pytest.fixture(scope="session")
def sample_engine(sample_settings: Settings, sample_store: Store) -> Engine:
    """Answers over the sample report; one engine for all tests."""
    return open_engine(sample_settings, store=sample_store)
