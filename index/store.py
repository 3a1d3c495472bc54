"""The store: reports as read, their vectors in Chroma, their keyword index, a copy of the PDF.

A report lies in `reports/<id>/`, its vectors in the Chroma collection `report_<id>`, which records
the model and its dimension. Nothing is visible before it is complete: a build that fails leaves the
store as it was.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llama_index.core import VectorStoreIndex
from llama_index.core.schema import TextNode
from pydantic import TypeAdapter, ValidationError

from index.build import report_id
from index.embedding import SentenceEmbedding, load_embedding
from index.errors import ModelError, StoreError
from index.guard import read_guarded
from index.keywords import KeywordIndex
from index.pages import Progress, check_file
from index.settings import Settings
from index.values import Passage, Report

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

logger = logging.getLogger(__name__)

_REPORT = TypeAdapter(Report)
_FORMAT = 5  # of report.json; raise it when `Report` changes
_BATCH = 32
# Chroma's graph as dense as makes its search all but exact over one report (recall@30 >= 0.996).
_GRAPH = {"hnsw:M": 64, "hnsw:construction_ef": 400, "hnsw:search_ef": 400}


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
    warnings: tuple[str, ...] = ()


class Store:
    """One folder of indexed reports. Safe to open from several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = Path(settings.store)
        self.embedding: SentenceEmbedding = load_embedding(settings.model, settings.query_threads)
        self._client: ClientAPI | None = None
        self._lock = threading.Lock()

    # -- reports -------------------------------------------------------------------------------

    def build(self, pdf: Path, progress: Progress | None = None) -> BuildResult:
        """Index one PDF; an unchanged file indexed with the same model and reader is skipped.

        Raises PdfError, NotAReportError, ModelError or StoreError; the store is then as before.
        """
        started = time.perf_counter()
        pdf = Path(pdf)
        check_file(pdf)
        known = self._info(report_id(pdf))
        if known and known.model == self.settings.model and known.reader == reader_version():
            return BuildResult(
                known.id,
                known.pages,
                known.tables,
                known.figures,
                known.passages,
                round(time.perf_counter() - started, 3),
                skipped=True,
                warnings=known.warnings,
            )
        warm = threading.Thread(target=self._warm, daemon=True)
        warm.start()  # PyTorch loads while other processes read the pages
        report = read_guarded(pdf, self.settings, progress)
        warm.join()
        vectors = self._embed(report, progress)
        self._save(report, pdf, vectors)
        return BuildResult(
            report.id,
            len(report.pages),
            len(report.tables),
            _count(report),
            len(report.passages),
            round(time.perf_counter() - started, 3),
            warnings=report.warnings,
        )

    def reports(self) -> list[ReportInfo]:
        """The reports of the store, oldest first."""
        root = self.folder / "reports"
        if not root.exists():
            return []
        found = [(p.stat().st_mtime, self._info(p.parent.name)) for p in root.glob("*/info.json")]
        return [info for _, info in sorted(found, key=lambda f: f[0]) if info]

    def load(self, report: str) -> Report:
        """The report as it was read. Raises StoreError when it is unknown or damaged."""
        self.info(report)
        path = self._path(report) / "report.json"
        try:
            return _REPORT.validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise StoreError(
                f"索引中的报告 {report} 已损坏：请用 python -m index build 重新建立索引。"
            ) from error

    def info(self, report: str) -> ReportInfo:
        """Raises StoreError for an unknown id, naming the known ones."""
        found = self._info(report)
        if found is None:
            known = "、".join(f"{r.id}（{r.title}）" for r in self.reports()) or "（空）"
            raise StoreError(
                f"索引中没有报告 {report}：可用的有 {known}。用 python -m index list 查看。"
            )
        return found

    def remove(self, report: str) -> None:
        """Take a report out. Raises StoreError for an unknown id."""
        self.info(report)
        client = self._chroma()
        if _collection_name(report) in {c.name for c in client.list_collections()}:
            client.delete_collection(_collection_name(report))
        shutil.rmtree(self._path(report))

    def pdf_path(self, report: str) -> Path:
        return self.info(report).pdf

    # -- search --------------------------------------------------------------------------------

    def keywords(self, report: Report) -> KeywordIndex:
        return KeywordIndex.load(self._path(report.id) / "keywords", len(report.passages))

    def vectors(self, report: str) -> VectorStoreIndex:
        """The report's passages as a LlamaIndex index over Chroma.

        Raises StoreError when the vectors were made with another model than the one set.
        """
        from llama_index.vector_stores.chroma import ChromaVectorStore

        self.check_model(report)
        collection = self._collection(report)
        return VectorStoreIndex.from_vector_store(
            ChromaVectorStore(chroma_collection=collection), embed_model=self.embedding
        )

    def check_model(self, report: str) -> None:
        """Raises StoreError, with the command that mends it, when the models differ."""
        info = self.info(report)
        if info.model != self.settings.model:
            raise StoreError(
                f"报告 {report} 的索引是用向量模型 {info.model} 建立的，当前设置为 "
                f"{self.settings.model}：请运行 python -m index build {info.pdf} 重新建立，"
                f"或设置 REPORTQA_MODEL={info.model}。"
            )

    # -- inside --------------------------------------------------------------------------------

    def _path(self, report: str) -> Path:
        return self.folder / "reports" / report

    def _info(self, report: str) -> ReportInfo | None:
        path = self._path(report) / "info.json"
        if not report.isalnum() or not path.exists():
            return None
        try:
            raw = json.loads(path.read_text("utf-8"))
            if raw.pop("format", 0) != _FORMAT:
                return None
            raw["warnings"] = tuple(raw.get("warnings", ()))
            return ReportInfo(**raw, pdf=path.parent / "source.pdf")
        except (OSError, ValueError, TypeError) as error:
            raise StoreError(
                f"索引 {path} 已损坏：请删除文件夹 {path.parent} 后用 python -m index build 重建。"
            ) from error

    def _warm(self) -> None:
        with suppress(ModelError):  # raised again where the first text is embedded
            _ = self.embedding.model

    def _embed(self, report: Report, progress: Progress | None) -> list[list[float]]:
        """Vectors of a report's passages; those that an older index of it holds are taken over."""
        known = self._known_vectors(report.id)
        missing = [p for p in report.passages if p.id not in known]
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            texts = [_embedded_text(p) for p in batch]
            vectors = self.embedding.get_text_embedding_batch(texts)
            known.update((p.id, v) for p, v in zip(batch, vectors, strict=True))
            if progress:
                progress("计算向量", min(1.0, (start + _BATCH) / len(missing)))
        return [known[p.id] for p in report.passages]

    def _known_vectors(self, report: str) -> dict[str, list[float]]:
        """Vectors by passage id (a hash of the content) of an older index with the same model."""
        if not (self.folder / "chroma").exists() and not self.settings.chroma_url:
            return {}
        client = self._chroma()
        name = _collection_name(report)
        if name not in {c.name for c in client.list_collections()}:
            return {}
        collection = client.get_collection(name, embedding_function=None)
        if (collection.metadata or {}).get("model") != self.settings.model:
            return {}
        found = collection.get(include=["embeddings"])
        vectors = found["embeddings"]
        if vectors is None:
            return {}
        return {i: [float(x) for x in v] for i, v in zip(found["ids"], vectors, strict=True)}

    def _save(self, report: Report, pdf: Path, vectors: Sequence[Sequence[float]]) -> None:
        from llama_index.vector_stores.chroma import ChromaVectorStore

        root = self.folder / "reports"
        try:
            root.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=self.folder))
        except OSError as error:
            raise StoreError(
                f"无法写入索引目录 {self.folder}：请检查权限和磁盘空间，或用 --store 换一个目录。"
            ) from error
        try:
            shutil.copyfile(pdf, draft / "source.pdf")
            (draft / "report.json").write_bytes(_REPORT.dump_json(report))
            KeywordIndex.of([_embedded_text(p) for p in report.passages]).save(draft / "keywords")
            info = {
                "format": _FORMAT,
                "id": report.id,
                "file": report.file,
                "title": report.title,
                "body": report.body,
                "year": report.year,
                "kind": report.kind,
                "pages": len(report.pages),
                "tables": len(report.tables),
                "figures": _count(report),
                "passages": len(report.passages),
                "model": self.settings.model,
                "reader": reader_version(),
                "warnings": report.warnings,
            }
            (draft / "info.json").write_text(json.dumps(info, ensure_ascii=False), "utf-8")
            name = _collection_name(report.id)
            client = self._chroma()
            with self._lock:
                if name in {c.name for c in client.list_collections()}:
                    client.delete_collection(name)
                collection = client.create_collection(
                    name,
                    metadata={
                        "model": self.settings.model,
                        "dimension": len(vectors[0]) if vectors else 0,
                        "hnsw:space": "cosine",
                        **_GRAPH,
                    },
                    embedding_function=None,
                )
                ChromaVectorStore(chroma_collection=collection).add(
                    [_node(p, v, report.id) for p, v in zip(report.passages, vectors, strict=True)]
                )
                target = self._path(report.id)
                if target.exists():
                    shutil.rmtree(target)
                os.replace(draft, target)
        except OSError as error:
            raise StoreError(
                f"写入索引 {self.folder} 失败（{error.strerror}）：请检查磁盘空间后重试。"
            ) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _chroma(self) -> ClientAPI:
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> ClientAPI:
        import chromadb
        from chromadb.config import Settings as ChromaSettings
        from chromadb.errors import ChromaError

        quiet = ChromaSettings(anonymized_telemetry=False)
        address = self.settings.chroma_url
        try:
            if address:
                scheme, rest = address.split("://", 1)
                host, _, port = rest.partition(":")
                client: Any = chromadb.HttpClient(
                    host=host,
                    port=int(port or (443 if scheme == "https" else 80)),
                    ssl=scheme == "https",
                    settings=quiet,
                )
            else:
                self.folder.mkdir(parents=True, exist_ok=True)
                client = chromadb.PersistentClient(path=str(self.folder / "chroma"), settings=quiet)
            client.list_collections()
            return client  # type: ignore[no-any-return]
        except (ChromaError, ValueError, OSError, sqlite3.Error, RuntimeError) as error:
            logger.warning("cannot open chroma: %r", error)
            where = address or str(self.folder / "chroma")
            raise StoreError(
                f"无法打开向量库 {where}（可能已损坏或未启动）：请检查地址，"
                "或删除该目录后用 python -m index build 重建。"
            ) from error

    def _collection(self, report: str) -> Any:
        from chromadb.errors import ChromaError

        try:
            return self._chroma().get_collection(_collection_name(report), embedding_function=None)
        except (ChromaError, ValueError) as error:
            raise StoreError(
                f"报告 {report} 的向量不在库中：请用 python -m index build 重新建立索引。"
            ) from error


@lru_cache(maxsize=1)
def reader_version() -> str:
    """A hash of the reader: its code and data files. Reports read by another one are read anew."""
    digest = hashlib.sha1()
    folder = Path(__file__).parent
    for path in sorted([*folder.glob("*.py"), *folder.glob("data/*")]):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def _collection_name(report: str) -> str:
    return f"report_{report}"


def _count(report: Report) -> int:
    return sum(1 for f in report.figures if f.value is not None)


def _embedded_text(passage: Passage) -> str:
    if passage.kind == "paragraph" and passage.section:
        return f"{passage.section[-1]}：{passage.text}"
    return passage.text


def _node(passage: Passage, vector: Sequence[float], report: str) -> TextNode:
    """A passage as a LlamaIndex node: flat metadata, kept out of the embedded text."""
    metadata = {
        "report": report,
        "page": passage.page,
        "page_label": passage.page_label or "",
        "kind": passage.kind,
        "source": passage.source,
    }
    return TextNode(
        id_=passage.id,
        text=passage.text,
        metadata=metadata,
        embedding=list(vector),
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=list(metadata),
    )
