"""The files of the store: what is visible, and the single moment at which that changes.

A report is what `reports/<id>/info.json` says; its files lie in the edition that this names,
`reports/<id>/<edition>/` (in `reports/<id>/` itself where a report was stored before there were
editions). Replacing info.json is the commit: whoever is killed before it leaves the old edition in
force, whoever is killed after it the new one. What is left over stands in `.pending/` and is
cleared away by the next writer. One process writes at a time; readers wait for nobody.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout

from index.errors import StoreError

logger = logging.getLogger(__name__)

LOCK = ".lock"  # of those who write
PENDING = ".pending"  # folder of the records of changes under way
FORMAT = 5  # of report.json; raise it when `Report` changes
_NAMED = 10  # reports that an error names
_FILES = ("report.json", "source.pdf", "keywords")
_DERIVED = ("pdf",)

Drop = Callable[[str, str], None]  # takes the vectors of a report's edition out, if there are any


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """A report of the store."""

    id: str
    file: str
    title: str
    body: str
    year: int | None
    kind: str
    pages: int
    tables: int
    figures: int
    passages: int
    model: str
    pdf: Path
    reader: str = ""
    edition: str = ""
    warnings: tuple[str, ...] = ()


class Shelf:
    """The reports of one folder. Safe for several threads and processes."""

    def __init__(self, folder: Path, wait: float = 600.0) -> None:
        """`wait`: seconds that a writer waits for another one."""
        self.folder = folder
        self._root = folder / "reports"
        self._pending = folder / PENDING
        self._wait = wait
        self._known: dict[str, tuple[tuple[int, int, int], ReportInfo | None]] = {}

    # -- reading -------------------------------------------------------------------------------

    def info(self, report: str) -> ReportInfo | None:
        """None for an unknown id and for one of an older format. Raises StoreError for damage."""
        if not report.isalnum():
            return None
        path = self._root / report / "info.json"
        try:
            state = path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(path, error) from error
        mark = (state.st_mtime_ns, state.st_size, state.st_ino)
        kept = self._known.get(report)
        if kept is None or kept[0] != mark:
            kept = self._known[report] = (mark, self._read(path))
        return kept[1]

    def reports(self) -> list[ReportInfo]:
        """Oldest first."""
        try:
            names = [entry.name for entry in os.scandir(self._root)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unreadable(self._root, error) from error
        found = [info for info in map(self.info, names) if info]
        return sorted(found, key=lambda info: self._known[info.id][0][0])

    def files(self, info: ReportInfo) -> Path:
        """The folder of the report's files."""
        return self._root / info.id / info.edition

    def _read(self, path: Path) -> ReportInfo | None:
        try:
            raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
            if raw.pop("format", 0) != FORMAT:
                return None
            raw["warnings"] = tuple(raw.get("warnings", ()))
            return ReportInfo(**raw, pdf=path.parent / raw.get("edition", "") / "source.pdf")
        except FileNotFoundError:  # taken out since
            return None
        except PermissionError as error:
            raise _unreadable(path, error) from error
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise StoreError(
                f"索引 {path} 已损坏：请删除文件夹 {path.parent} 后用 python -m index build 重建。"
            ) from error

    def _edition(self, report: str) -> str:
        """The edition on the disk, whatever its format."""
        try:
            raw = json.loads((self._root / report / "info.json").read_text("utf-8"))
            return str(raw.get("edition", ""))
        except (OSError, ValueError, AttributeError):
            return ""

    # -- writing -------------------------------------------------------------------------------

    @contextmanager
    def locked(self) -> Iterator[None]:
        """No other process writes meanwhile. Raises StoreError when that takes too long."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / LOCK, timeout=self._wait)
            lock.acquire()
        except Timeout as error:
            raise StoreError(
                f"另一个程序正在写入索引 {self.folder}，已等待 {self._wait:.0f} 秒："
                "请等它结束后重试。"
            ) from error
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def adding(self, report: str, drop: Drop) -> Iterator[tuple[str, Path]]:
        """A new edition and its empty folder; it counts once `commit` was called.

        Raises StoreError when the folder cannot be written; the store is then as before.
        """
        edition = secrets.token_hex(4)
        with self._changing(report, edition, drop):
            folder = self._root / report / edition
            try:
                folder.mkdir(parents=True)
            except OSError as error:
                raise _unwritable(self.folder, error) from error
            try:
                yield edition, folder
            except OSError as error:
                raise StoreError(
                    f"写入索引 {self.folder} 失败（{error.strerror or error}）："
                    "请检查磁盘空间后重试。"
                ) from error

    def commit(self, info: ReportInfo) -> None:
        """From here on the report is the edition that `info` names. Its files are on the disk."""
        folder = self._root / info.id
        for path in [*self.files(info).rglob("*"), self.files(info), folder]:
            _flush(path)
        raw = {k: v for k, v in asdict(info).items() if k not in _DERIVED}
        draft = folder / f".info-{info.edition}"
        draft.write_text(json.dumps({"format": FORMAT} | raw, ensure_ascii=False), "utf-8")
        _flush(draft)
        os.replace(draft, folder / "info.json")
        _flush(folder)
        os.utime(self._root)  # whoever keeps a listing sees that it has changed

    def remove(self, report: str, drop: Drop) -> None:
        """Take a report out; unknown ones are none."""
        with self._changing(report, "", drop):
            try:
                (self._root / report / "info.json").unlink(missing_ok=True)
                os.utime(self._root)
            except OSError as error:
                raise _unwritable(self.folder, error) from error

    @contextmanager
    def _changing(self, report: str, edition: str, drop: Drop) -> Iterator[None]:
        """The lock, with the change on record; afterwards only the edition in force is left."""
        with self.locked():
            self._settle_all(drop)
            entry = self._pending / (edition or f"{report}-out")
            record = {"report": report, "editions": sorted({self._edition(report), edition})}
            try:
                self._pending.mkdir(exist_ok=True)
                draft = self._pending / f".{entry.name}"
                draft.write_text(json.dumps(record), "utf-8")
                os.replace(draft, entry)
            except OSError as error:
                raise _unwritable(self.folder, error) from error
            try:
                yield
            finally:
                self._settle(entry, drop)

    def _settle_all(self, drop: Drop) -> None:
        if not self._pending.is_dir():
            return
        for entry in sorted(self._pending.iterdir()):
            if entry.name.startswith("."):  # its writer was killed before it changed anything
                entry.unlink(missing_ok=True)
            else:
                logger.warning("clearing away what an interrupted change left: %s", entry.name)
                self._settle(entry, drop)

    def _settle(self, entry: Path, drop: Drop) -> None:
        """Take out every edition on record but the one in force; kept on record if that fails."""
        try:
            record = json.loads(entry.read_text("utf-8"))
            report, editions = str(record["report"]), list(record["editions"])
            current = self.info(report)
            folder = self._root / report
            for edition in editions:
                if current is None or edition != current.edition:
                    drop(report, edition)
                    _erase(folder, edition)
            for draft in folder.glob(".info-*"):
                draft.unlink(missing_ok=True)
            if current is None and folder.exists() and not (folder / "info.json").exists():
                shutil.rmtree(folder)
            entry.unlink()
        except (OSError, ValueError, KeyError, TypeError, StoreError) as error:
            logger.warning("%s is cleared away by the next change: %r", entry, error)


class Titled(Protocol):
    """Whatever has a report's id and title."""

    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...


def some_names(infos: Sequence[Titled]) -> str:
    """The first reports with their ids, and how many there are."""
    named = "、".join(f"{info.id}（{info.title}）" for info in infos[:_NAMED])
    more = f"等共 {len(infos)} 份" if len(infos) > _NAMED else ""
    return named + more or "（空）"


def _erase(folder: Path, edition: str) -> None:
    if edition:
        if (folder / edition).exists():
            shutil.rmtree(folder / edition)
        return
    for name in _FILES:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """What was written to `path` survives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(folder: Path, error: OSError) -> StoreError:
    logger.warning("cannot write %s: %r", folder, error)
    return StoreError(f"无法写入索引目录 {folder}：请检查权限和磁盘空间，或用 --store 换一个目录。")


def _unreadable(path: Path, error: OSError) -> StoreError:
    logger.warning("cannot read %s: %r", path, error)
    return StoreError(f"无法读取索引 {path}：请检查权限，或用 --store 换一个目录。")
