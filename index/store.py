"""The store: reports as read, their vectors in Chroma, their keyword index, a copy of the PDF.

Nothing is visible before it is complete: a build that fails or is killed leaves the store as it
was (`index.shelf` says how). LlamaIndex, Chroma and PyTorch are loaded when first needed.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import logging
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from index.errors import ModelError, StoreError
from index.guard import read_guarded
from index.settings import Settings
from index.shelf import ReportInfo, Shelf, some_names
from index.source import Progress, check_file, report_id
from index.values import Report
from index.vectors import Vectors, embedded_text

if TYPE_CHECKING:
    from llama_index.core import VectorStoreIndex

    from index.embedding import SentenceEmbedding
    from index.keywords import KeywordIndex

logger = logging.getLogger(__name__)

__all__ = ["BuildResult", "ReportInfo", "Store", "reader_version"]

_REPORT = TypeAdapter(Report)
_BATCH = 32
# Modules that do not change what is read of a page.
_NOT_READING = {
    *("__main__.py", "backup.py", "batch.py", "keywords.py", "settings.py", "shelf.py"),
    *("guard.py", "reader.py", "show.py", "store.py", "vectors.py"),
}
# Libraries that do; the last one is an extra.
_READ_WITH = ("pdfplumber", "pdfminer.six", "pypdfium2", "rapidocr-onnxruntime")


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did; `skipped` when the same file was already in the store."""

    report: str
    pages: int
    tables: int
    figures: int
    passages: int
    seconds: float
    skipped: bool = False
    warnings: tuple[str, ...] = ()


class Store:
    """One folder of indexed reports. Safe to open from several threads and processes."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = Path(settings.store)
        self.shelf = Shelf(self.folder)
        self._vectors = Vectors(self.folder / "chroma", settings.chroma_url, settings.model)

    @cached_property
    def embedding(self) -> SentenceEmbedding:
        from index.embedding import load_embedding

        return load_embedding(self.settings.model, self.settings.query_threads)

    # -- reports -------------------------------------------------------------------------------

    def build(
        self, pdf: Path, progress: Progress | None = None, *, verify: bool = False
    ) -> BuildResult:
        """Index one PDF; an unchanged file indexed with the same model and reader is skipped.

        `verify`: look whether all of a report to be skipped is there, and read it anew if not.
        Raises PdfError, NotAReportError, ModelError or StoreError; the store is then as before.
        """
        started = time.perf_counter()
        pdf = Path(pdf)
        check_file(pdf)
        if known := self.known(pdf, verify=verify):
            return known
        self.warm()  # PyTorch loads while other processes read the pages
        report = read_guarded(pdf, self.settings, progress)
        return self.add(report, pdf, progress, started)

    def known(self, pdf: Path, *, verify: bool = False) -> BuildResult | None:
        """What `build` gives where `pdf` need not be read; None where it must. See `build`."""
        started = time.perf_counter()
        info = self.shelf.info(report_id(pdf))
        if not info or not self._current(info) or (verify and not self.whole(info)):
            return None
        return _result(info, started, skipped=True)

    def add(
        self,
        report: Report,
        pdf: Path,
        progress: Progress | None = None,
        started: float | None = None,
    ) -> BuildResult:
        """Embed and store what was read of `pdf`; `started`: when its reading began.

        Raises ModelError or StoreError; the store is then as before.
        """
        started = time.perf_counter() if started is None else started
        vectors = self._embed(report, progress)
        return _result(self._save(report, pdf, vectors), started)

    def warm(self) -> None:
        """Load the model in the background."""

        def load() -> None:
            with suppress(ModelError):  # raised again where the first text is embedded
                _ = self.embedding.model

        threading.Thread(target=load, daemon=True).start()

    def reports(self) -> list[ReportInfo]:
        """The reports of the store, oldest first."""
        return self.shelf.reports()

    def load(self, report: str) -> Report:
        """The report as it was read. Raises StoreError when it is unknown or damaged."""
        info = self.info(report)
        try:
            return _REPORT.validate_json((self.shelf.files(info) / "report.json").read_bytes())
        except (OSError, ValidationError) as error:
            if (now := self.info(report)).edition != info.edition:  # replaced while we looked
                return self.load(now.id)
            raise StoreError(
                f"索引中的报告 {report} 已损坏：请用 python -m index build 重新建立索引。"
            ) from error

    def stored(self, pdf: Path) -> Report | None:
        """What reading `pdf` now would give, where the store has it; None where it must be read.

        Raises PdfError for a missing file.
        """
        check_file(pdf)
        try:
            info = self.shelf.info(report_id(pdf))
            # The name too: it stands in the report, and for a body that the cover does not name.
            if info and info.reader == reader_version() and info.file == pdf.name:
                return self.load(info.id)
        except StoreError as error:
            logger.warning("reading %s, since the store cannot give it: %s", pdf.name, error)
        return None

    def info(self, report: str) -> ReportInfo:
        """Raises StoreError for an unknown id, naming known ones."""
        found = self.shelf.info(report)
        if found is None:
            raise StoreError(
                f"索引中没有报告 {report}：可用的有 {some_names(self.reports())}。"
                "用 python -m index list 查看。"
            )
        return found

    def remove(self, report: str) -> None:
        """Take a report out. Raises StoreError for an unknown id."""
        self.info(report)
        self.shelf.remove(report, self._vectors.drop)

    def edition(self, report: str) -> str:
        """Changes whenever the report is indexed anew; empty for an unknown one."""
        info = self.shelf.info(report)
        return info.edition if info else ""

    def pdf_path(self, report: str) -> Path:
        return self.info(report).pdf

    # -- search --------------------------------------------------------------------------------

    def keywords(self, report: Report) -> KeywordIndex:
        from index.keywords import KeywordIndex

        folder = self.shelf.files(self.info(report.id)) / "keywords"
        return KeywordIndex.load(folder, len(report.passages))

    def vectors(self, report: str) -> VectorStoreIndex:
        """The report's passages as a LlamaIndex index over Chroma.

        Raises StoreError when the vectors were made with another model than the one set.
        """
        self.check_model(report)
        return self._vectors.index(report, self.info(report).edition, self.embedding)

    @contextmanager
    def searching(self) -> Iterator[None]:
        """Around a search in `vectors`: what Chroma fails with becomes a StoreError."""
        with self._vectors.failures():
            yield

    def check_model(self, report: str) -> None:
        """Raises StoreError, with the command that mends it, when the models differ."""
        info = self.info(report)
        if info.model != self.settings.model:
            raise StoreError(
                f"报告 {report} 的索引是用向量模型 {info.model} 建立的，当前设置为 "
                f"{self.settings.model}：请运行 python -m index build {info.pdf} 重新建立，"
                f"或设置 REPORTQA_MODEL={info.model}。"
            )

    def whole(self, info: ReportInfo) -> bool:
        """Whether everything of a report can be read: figures, keywords, every vector."""
        try:
            self.keywords(self.load(info.id))
            return self._vectors.count(info.id, info.edition) == info.passages
        except StoreError:
            return False

    def collections(self) -> list[str]:
        """Names of everything in the vector database, which may be another's too."""
        return self._vectors.names()

    # -- inside --------------------------------------------------------------------------------

    def _current(self, info: ReportInfo) -> bool:
        return info.model == self.settings.model and info.reader == reader_version()

    def _embed(self, report: Report, progress: Progress | None) -> list[list[float]]:
        """Vectors of a report's passages; those that an older edition of it has are taken over."""
        old = self.shelf.info(report.id)
        known = self._vectors.known(old.id, old.edition) if old else {}
        missing = [p for p in report.passages if p.id not in known]
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            texts = [embedded_text(p) for p in batch]
            vectors = self.embedding.get_text_embedding_batch(texts)
            known.update((p.id, v) for p, v in zip(batch, vectors, strict=True))
            if progress:
                progress("计算向量", min(1.0, (start + _BATCH) / len(missing)))
        return [known[p.id] for p in report.passages]

    def _save(self, report: Report, pdf: Path, vectors: Sequence[Sequence[float]]) -> ReportInfo:
        from index.keywords import KeywordIndex

        with self.shelf.adding(report.id, self._vectors.drop) as (edition, folder):
            shutil.copyfile(pdf, folder / "source.pdf")
            (folder / "report.json").write_bytes(_REPORT.dump_json(report))
            texts = [embedded_text(p) for p in report.passages]
            KeywordIndex.of(texts).save(folder / "keywords")
            self._vectors.add(report.id, edition, report.passages, vectors)
            info = ReportInfo(
                id=report.id,
                file=report.file,
                title=report.title,
                body=report.body,
                year=report.year,
                kind=report.kind,
                pages=len(report.pages),
                tables=len(report.tables),
                figures=sum(1 for f in report.figures if f.value is not None),
                passages=len(report.passages),
                model=self.settings.model,
                pdf=folder / "source.pdf",
                reader=reader_version(),
                edition=edition,
                warnings=report.warnings,
            )
            self.shelf.commit(info)
            return info


@lru_cache(maxsize=1)
def reader_version() -> str:
    """A hash of the reader: its code, data files and libraries.

    Reports read by another one are read anew.
    """
    digest = hashlib.sha1()
    for library in _READ_WITH:
        with suppress(importlib.metadata.PackageNotFoundError):
            digest.update(f"{library} {importlib.metadata.version(library)} ".encode())
    folder = Path(__file__).parent
    for path in sorted([*folder.glob("*.py"), *folder.glob("data/*")]):
        if path.is_file() and path.name not in _NOT_READING:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def _result(info: ReportInfo, started: float, *, skipped: bool = False) -> BuildResult:
    seconds = round(time.perf_counter() - started, 3)
    return BuildResult(
        info.id,
        info.pages,
        info.tables,
        info.figures,
        info.passages,
        seconds,
        skipped,
        info.warnings,
    )
