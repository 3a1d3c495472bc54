"""The store as one file and back again: `python -m index backup FILE`, `restore FILE`.

A backup is taken while nobody writes (the store's own lock): databases are copied by SQLite itself,
everything else byte by byte, and a manifest holds a SHA-256 of each file. It is complete or not
there. Private uploads, locks and drafts are left out. The records of changes that were broken off
are in it: what such a change has left is copied too, and is cleared away by the first change of the
restored store, as it would have been here. Restoring checks every byte before anything
takes its place, and never replaces a store.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ValidationError

from index.errors import StoreError
from index.settings import Settings
from index.shelf import LOCK, PENDING, Shelf

_FORMAT = 1
_MANIFEST = "manifest.json"
_LEFT_OUT = {"private"}
_DATABASE = (".db", ".sqlite3")
_DATABASE_EXTRA = ("-wal", "-shm", "-journal")
_WAIT = 600.0  # seconds for another writer


class Manifest(BaseModel):
    """What a backup holds: files with their SHA-256, by their path in the store."""

    format: int
    made: str
    model: str
    reports: int
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Copied:
    """What was put into a file or taken from one; `size` in bytes of the backup."""

    reports: int
    files: int
    size: int


def backup(settings: Settings, target: Path) -> Copied:
    """The whole store in `target`, a gzipped tar. Raises StoreError; `target` is then not there."""
    folder = Path(settings.store)
    _check_here(settings)
    if not (folder / "reports").is_dir():
        raise StoreError(
            f"{folder} 里没有索引：请用 --store 指明，或先运行 python -m index build。"
        )
    if target.exists():
        raise StoreError(f"{target} 已经存在：请换一个文件名，或先移走它。")
    draft = target.with_name(f".{target.name}.draft")
    try:
        with (
            Shelf(folder, _WAIT).locked(),
            tempfile.TemporaryDirectory(prefix="report-qa-backup-") as room,
            tarfile.open(draft, "w:gz", compresslevel=3) as archive,
        ):
            manifest = _write(folder, archive, Path(room), settings.model)
        os.link(draft, target)  # unlike a rename, never over a file that came meanwhile
    except FileExistsError as error:
        raise StoreError(f"{target} 已经存在：请换一个文件名，或先移走它。") from error
    except (OSError, sqlite3.Error, tarfile.TarError) as error:
        raise StoreError(f"备份没有完成（{error}）：请检查磁盘空间和权限后重试。") from error
    finally:
        draft.unlink(missing_ok=True)
    return Copied(manifest.reports, len(manifest.files), target.stat().st_size)


def restore(settings: Settings, source: Path) -> Copied:
    """The store from a backup. Raises StoreError, also where there is a store already."""
    folder = Path(settings.store)
    _check_here(settings)
    if folder.exists() and any(p.name != LOCK for p in folder.iterdir()):
        raise StoreError(f"{folder} 里已有内容，不会覆盖：请先移走它，或用 --store 换一个目录。")
    draft = folder.with_name(f".{folder.name}.restore")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
        try:
            with tarfile.open(source, "r:gz") as archive:
                manifest = _read(archive, draft, source)
            if folder.exists():
                (folder / LOCK).unlink(missing_ok=True)
                folder.rmdir()
            draft.replace(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except FileNotFoundError as error:
        raise StoreError(f"找不到备份 {source}：请检查路径。") from error
    except (tarfile.TarError, EOFError) as error:
        raise StoreError(f"{source} 不是完整的备份：请换一份备份。") from error
    except OSError as error:
        raise StoreError(f"恢复没有完成（{error}）：请检查磁盘空间和权限后重试。") from error
    return Copied(manifest.reports, len(manifest.files), source.stat().st_size)


def _check_here(settings: Settings) -> None:
    if settings.chroma_url:
        raise StoreError(
            f"向量在 Chroma 服务 {settings.chroma_url} 上，这里备份不到：请备份该服务的数据目录，"
            "或清空 REPORTQA_CHROMA_URL 后备份本机的索引。"
        )


def _write(folder: Path, archive: tarfile.TarFile, room: Path, model: str) -> Manifest:
    sums: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or path.is_symlink() or not _is_kept(inside):
            continue
        copied = _copy_database(path, room / "copy.db") if path.suffix in _DATABASE else path
        archive.add(copied, inside.as_posix(), recursive=False)
        sums[inside.as_posix()] = _sum(copied)
    manifest = Manifest(
        format=_FORMAT,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        model=model,
        reports=sum(1 for name in sums if PurePosixPath(name).match("reports/*/info.json")),
        files=sums,
    )
    body = manifest.model_dump_json().encode()
    entry = tarfile.TarInfo(_MANIFEST)
    entry.size = len(body)
    archive.addfile(entry, io.BytesIO(body))
    return manifest


def _is_kept(inside: Path) -> bool:
    first, name = inside.parts[0], inside.name
    return not (
        first in _LEFT_OUT
        or any(part.startswith(".") and part != PENDING for part in inside.parts)
        or any(name.endswith(f"{kind}{extra}") for kind in _DATABASE for extra in _DATABASE_EXTRA)
    )


def _copy_database(path: Path, copy: Path) -> Path:
    """A database as of one moment, with what its write-ahead log holds."""
    copy.unlink(missing_ok=True)
    address = f"{path.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    return copy


def _read(archive: tarfile.TarFile, draft: Path, source: Path) -> Manifest:
    """Everything under `draft`, each file compared with the manifest."""
    broken = StoreError(f"{source} 的内容与它的清单不符：文件已损坏，请换一份备份。")
    for member in archive:
        # Debian's Python 3.11.2 has no filter="data": no path, link or device may lead out.
        target = draft / member.name
        inside = target.resolve().is_relative_to(draft.resolve())
        if not inside or not (member.isfile() or member.isdir()):
            raise broken
        archive.extract(member, draft, set_attrs=False)
    try:
        path = draft / _MANIFEST
        manifest = Manifest.model_validate_json(path.read_bytes())
        path.unlink()
    except (OSError, ValidationError) as error:
        raise broken from error
    if manifest.format != _FORMAT:
        raise StoreError(f"{source} 的格式 {manifest.format} 与本版本不符：请用当时的版本恢复。")
    found = {p.relative_to(draft).as_posix() for p in draft.rglob("*") if not p.is_dir()}
    if found != set(manifest.files):
        raise broken
    for name, digest in manifest.files.items():
        if _sum(draft / name) != digest:
            raise broken
    return manifest


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
