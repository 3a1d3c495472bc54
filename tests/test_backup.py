"""Backup and restore: the restored store answers; damage and existing stores are told."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

import index.backup
from index.backup import backup, restore
from index.errors import StoreError
from index.settings import Settings, load_settings
from index.shelf import PENDING
from index.store import Store
from qa.engine import open_engine
from tests.pdfs import Leaf, write_pdf
from tests.test_store import LINES


@pytest.fixture
def saved(sample_settings: Settings, sample_store: Store, tmp_path: Path) -> Path:
    file = tmp_path / "store.tgz"
    assert backup(sample_settings, file).reports == 1
    return file


def test_a_restored_store_answers_as_before(saved: Path, tmp_path: Path) -> None:
    settings = load_settings(store=tmp_path / "new")
    done = restore(settings, saved)
    assert done.reports == 1 and done.files > 5
    engine = open_engine(settings)
    assert "3.36" in engine.ask("公务接待费花了多少钱").text
    assert engine.retriever.search("公务接待费", 3), "the vectors are there"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_what_a_change_broken_off_left_is_cleared_away_after_restoring(tmp_path: Path) -> None:
    """A writer was killed between writing an edition and putting it in force."""
    pdf = write_pdf(tmp_path / "small.pdf", Leaf(text=LINES))
    old = Store(load_settings(store=tmp_path / "old"))
    report = old.build(pdf).report
    shelf = old.folder / "reports" / report
    (shelf / "deadbeef").mkdir()
    (shelf / "deadbeef" / "report.json").write_text("{}")
    record = {"report": report, "editions": [old.edition(report), "deadbeef"]}
    (old.folder / PENDING).mkdir(exist_ok=True)
    (old.folder / PENDING / "deadbeef").write_text(json.dumps(record))
    (old.folder / PENDING / ".draft").write_text("{")
    backup(old.settings, tmp_path / "store.tgz")

    new = Store(load_settings(store=tmp_path / "new"))
    restore(new.settings, tmp_path / "store.tgz")
    assert [p.name for p in (new.folder / PENDING).iterdir()] == ["deadbeef"]
    new.build(write_pdf(tmp_path / "other.pdf", Leaf(text=(*LINES, "另一份"))))
    assert list((new.folder / PENDING).iterdir()) == []
    assert not (new.folder / "reports" / report / "deadbeef").exists()
    assert new.whole(new.info(report)), "the edition in force stays"


def test_nothing_is_overwritten(saved: Path, sample_settings: Settings) -> None:
    before = saved.read_bytes()
    with pytest.raises(StoreError, match="已经存在"):
        backup(sample_settings, saved)
    with pytest.raises(StoreError, match="不会覆盖"):
        restore(sample_settings, saved)
    assert saved.read_bytes() == before
    assert Store(sample_settings).reports()


@pytest.mark.parametrize("fault", ["cut", "changed", "more", "outside", "no archive"])
def test_a_damaged_backup_restores_nothing(saved: Path, tmp_path: Path, fault: str) -> None:
    bad = tmp_path / "bad.tgz"
    if fault == "cut":
        bad.write_bytes(saved.read_bytes()[:-20_000])
    elif fault == "no archive":
        bad.write_text("hello")
    else:
        with tarfile.open(saved) as old, tarfile.open(bad, "w:gz") as new:
            for member in old.getmembers():
                body = (old.extractfile(member) or io.BytesIO()).read()
                if fault == "changed" and member.name.endswith("report.json"):
                    body = body.replace(b"3.36", b"3.37")
                new.addfile(member, io.BytesIO(body))
            if fault in {"more", "outside"}:
                name = "reports/more.txt" if fault == "more" else "../outside.txt"
                extra = tarfile.TarInfo(name)
                new.addfile(extra, io.BytesIO())
    settings = load_settings(store=tmp_path / "new")
    with pytest.raises(StoreError, match=r"备份|损坏"):
        restore(settings, bad)
    assert not settings.store.exists()
    assert not (tmp_path / "outside.txt").exists()


def test_what_a_write_ahead_log_holds_is_saved_and_private_uploads_are_not(
    tmp_path: Path,
) -> None:
    store = tmp_path / "store"
    for name in ("reports/a/info.json", "private/reports/b/info.json", ".lock", "reports/.draft"):
        (store / name).parent.mkdir(parents=True, exist_ok=True)
        (store / name).write_text("{}")
    with closing(sqlite3.connect(store / "feedback.db", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE said (it TEXT)")
        database.execute("INSERT INTO said VALUES ('对')")
        backup(load_settings(store=store), tmp_path / "b.tgz")  # while the log is not yet merged
    restore(load_settings(store=tmp_path / "new"), tmp_path / "b.tgz")
    with closing(sqlite3.connect(tmp_path / "new" / "feedback.db")) as database:
        assert database.execute("SELECT it FROM said").fetchall() == [("对",)]
    found = {str(p.relative_to(tmp_path / "new")) for p in (tmp_path / "new").rglob("*")}
    assert found == {"reports", "reports/a", "reports/a/info.json", "feedback.db"}


def test_a_backup_waits_for_the_writer(
    sample_settings: Settings,
    sample_store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index.backup, "_WAIT", 0.1)
    with FileLock(sample_store.folder / ".lock"), pytest.raises(StoreError, match="正在写入"):
        backup(sample_settings, tmp_path / "store.tgz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("act", [backup, restore])
def test_vectors_elsewhere_are_told(act: object, tmp_path: Path) -> None:
    settings = load_settings(store=tmp_path, chroma_url="http://127.0.0.1:1")
    with pytest.raises(StoreError, match="Chroma"):
        act(settings, tmp_path / "b.tgz")  # type: ignore[operator]


def test_an_empty_store_and_a_missing_backup(tmp_path: Path) -> None:
    settings = load_settings(store=tmp_path / "none")
    with pytest.raises(StoreError, match="没有索引"):
        backup(settings, tmp_path / "b.tgz")
    with pytest.raises(StoreError, match="找不到备份"):
        restore(settings, tmp_path / "b.tgz")
