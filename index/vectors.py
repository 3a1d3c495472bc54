"""Vectors of passages in Chroma: a collection for each edition of a report.

Collections are reached by name, never listed: what a report costs does not grow with their number.
Chroma's own errors become StoreError, with the remedy. Files in the store by default, a server by
`REPORTQA_CHROMA_URL`.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import StoreError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from llama_index.core import VectorStoreIndex

    from index.embedding import SentenceEmbedding
    from index.values import Passage

logger = logging.getLogger(__name__)

# Chroma's graph as dense as makes its search all but exact over one report (recall@30 >= 0.996).
_GRAPH = {"hnsw:M": 64, "hnsw:construction_ef": 400, "hnsw:search_ef": 400}
# Graphs that Chroma keeps in memory (about 3 MB each); the one not used for longest goes first.
_GRAPHS_IN_MEMORY = 64


def collection_name(report: str, edition: str) -> str:
    return f"report_{report}_{edition}" if edition else f"report_{report}"


class Vectors:
    """One Chroma database. Safe for several threads."""

    def __init__(self, folder: Path, address: str, model: str) -> None:
        """`folder`: of Chroma's files; `address`: of a server instead, empty for none."""
        self.folder = folder
        self.address = address
        self.model = model
        self._client: ClientAPI | None = None
        self._lock = threading.Lock()

    def index(self, report: str, edition: str, embedding: SentenceEmbedding) -> VectorStoreIndex:
        """A report's passages as a LlamaIndex index. Raises StoreError where there are none."""
        from llama_index.core import VectorStoreIndex
        from llama_index.vector_stores.chroma import ChromaVectorStore

        collection = self._collection(report, edition)
        return VectorStoreIndex.from_vector_store(
            ChromaVectorStore(chroma_collection=collection), embed_model=embedding
        )

    def add(
        self,
        report: str,
        edition: str,
        passages: Sequence[Passage],
        vectors: Sequence[Sequence[float]],
    ) -> None:
        """A new collection with all of `passages`, written to Chroma's files when this returns."""
        from llama_index.vector_stores.chroma import ChromaVectorStore

        nodes = [_node(p, v, report) for p, v in zip(passages, vectors, strict=True)]
        # The graph goes to the disk with the last vector, so that no reader has to build it.
        synchronised = max(2, len(nodes))
        with self._failures("写入"):
            client = self._connected()
            collection = client.create_collection(
                collection_name(report, edition),
                metadata={
                    "model": self.model,
                    "dimension": len(vectors[0]) if vectors else 0,
                    "hnsw:space": "cosine",
                    "hnsw:sync_threshold": synchronised,
                    "hnsw:batch_size": synchronised,
                    **_GRAPH,
                },
                embedding_function=None,
            )
            store = ChromaVectorStore(chroma_collection=collection)
            step = client.get_max_batch_size()
            for start in range(0, len(nodes), step):
                store.add(nodes[start : start + step])

    def drop(self, report: str, edition: str) -> None:
        """Take a collection out, if it is there."""
        from chromadb.errors import NotFoundError

        if not self.address and not (self.folder / "chroma.sqlite3").exists():
            return
        with self._failures("写入"):
            try:
                self._connected().delete_collection(collection_name(report, edition))
            except (NotFoundError, ValueError):
                logger.debug("no collection of %s %s", report, edition)

    def names(self) -> list[str]:
        """All collections: slow where there are thousands, for checks only."""
        with self._failures("读取"):
            return [collection.name for collection in self._connected().list_collections()]

    def count(self, report: str, edition: str) -> int:
        """Number of vectors. Raises StoreError where there is no collection."""
        collection = self._collection(report, edition)
        with self._failures("读取"):
            return int(collection.count())

    def known(self, report: str, edition: str) -> dict[str, list[float]]:
        """Vectors by passage id (a hash of the content), if they were made with this model."""
        try:
            collection = self._collection(report, edition)
            if (collection.metadata or {}).get("model") != self.model:
                return {}
            with self._failures("读取"):
                found = collection.get(include=["embeddings"])
        except StoreError as error:
            logger.warning("vectors of %s are computed anew: %s", report, error)
            return {}
        vectors = found["embeddings"]
        if vectors is None:
            return {}
        return {i: [float(x) for x in v] for i, v in zip(found["ids"], vectors, strict=True)}

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Around a search in an index that this gave out: errors as StoreError."""
        with self._failures("读取"):
            yield

    # -- inside --------------------------------------------------------------------------------

    def _collection(self, report: str, edition: str) -> Any:
        from chromadb.errors import NotFoundError

        with self._failures("读取"):
            try:
                return self._connected().get_collection(
                    collection_name(report, edition), embedding_function=None
                )
            except (NotFoundError, ValueError) as error:
                raise StoreError(
                    f"报告 {report} 的向量不在库中：请用 python -m index build 重新建立索引。"
                ) from error

    def _connected(self) -> ClientAPI:
        with self._lock:
            if self._client is None:
                self._client = self._server() if self.address else self._files()
            return self._client

    def _server(self) -> ClientAPI:
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        scheme, rest = self.address.split("://", 1)
        host, _, port = rest.partition(":")
        return chromadb.HttpClient(
            host=host,
            port=int(port or (443 if scheme == "https" else 80)),
            ssl=scheme == "https",
            settings=ChromaSettings(anonymized_telemetry=False),
        )

    def _files(self) -> ClientAPI:
        import chromadb
        from chromadb.api.rust import RustBindingsAPI
        from chromadb.config import Settings as ChromaSettings

        self.folder.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(
            path=str(self.folder), settings=ChromaSettings(anonymized_telemetry=False)
        )
        server = client._server  # type: ignore[attr-defined]
        if isinstance(server, RustBindingsAPI) and server.hnsw_cache_size > _GRAPHS_IN_MEMORY:
            # Chroma takes the limit from the number of files a process may open: thousands of
            # graphs, gigabytes. There is no setting; the attribute counts when the server starts.
            server.hnsw_cache_size = _GRAPHS_IN_MEMORY
            server.start()
        return client

    @contextmanager
    def _failures(self, doing: str) -> Iterator[None]:
        import httpx
        from chromadb.errors import ChromaError, NotFoundError

        try:
            yield
        except NotFoundError as error:
            raise StoreError(
                "报告的向量不在库中，可能刚被更新或移除：请重试；"
                "仍然如此时用 python -m index build 重新建立索引。"
            ) from error
        except (
            ChromaError, httpx.HTTPError, sqlite3.Error, OSError, RuntimeError, ValueError,
        ) as error:  # fmt: skip
            logger.warning("chroma (%s): %r", self.address or self.folder, error)
            raise StoreError(self._remedy(doing, str(error))) from error

    def _remedy(self, doing: str, told: str) -> str:
        if self.address:
            return (
                f"无法打开向量库 {self.address}：请确认 Chroma 服务已启动、地址无误后重试；"
                "已建立的索引不受影响。"
            )
        if any(word in told for word in ("full", "No space", "File too large", "disk I/O")):
            return (
                f"{doing}向量库 {self.folder} 失败（磁盘空间不足或磁盘出错）："
                "请腾出空间、检查磁盘后重试。"
            )
        if "readonly" in told or "read-only" in told or "ermission denied" in told:
            return f"{doing}向量库 {self.folder} 失败（只读或没有权限）：请检查该目录的权限。"
        return (
            f"无法打开向量库 {self.folder}（可能已损坏）：请检查磁盘和权限，"
            "或删除该目录后用 python -m index build 重建。"
        )


def embedded_text(passage: Passage) -> str:
    if passage.kind == "paragraph" and passage.section:
        return f"{passage.section[-1]}：{passage.text}"
    return passage.text


def _node(passage: Passage, vector: Sequence[float], report: str) -> Any:
    """A passage as a LlamaIndex node: flat metadata, kept out of the embedded text."""
    from llama_index.core.schema import TextNode

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
