"""The store under bad luck: killed writers, a full disk, no rights, two writers, a server gone."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from eval.crash import SharedSystemClient, crash, left_over, open_store
from index.build import read_report
from index.errors import StoreError
from index.settings import Settings, load_settings
from index.shelf import Shelf, some_names
from index.values import Report
from qa.engine import open_engine
from tests.pdfs import Leaf, write_pdf
from tests.test_panes import info as made_info
from tests.test_store import LINES, listing

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
OLD = SAMPLES / "yunhai-archive-2024.pdf"


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report(OLD)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    pdf = write_pdf(tmp_path_factory.mktemp("small") / "small.pdf", Leaf(text=LINES))
    return pdf, read_report(pdf)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(store=tmp_path / "store", model="characters")


def test_killed_writers_leave_whole_reports(settings: Settings, small: tuple[Path, Report]) -> None:
    result = crash(settings, OLD, SAMPLES / "yunhai-data-2023.pdf", times=6)
    assert result["kills"] == 6
    assert sum(result["left"].values()) == 6
    assert result["left"].get("again: absent", 0) == 0


def test_what_a_killed_writer_left_is_cleared_away(
    settings: Settings, small: tuple[Path, Report]
) -> None:
    pdf, read = small
    store = open_store(settings)
    with pytest.raises(KeyboardInterrupt), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shelf, "commit", _interrupt)
        patch.setattr(Shelf, "_settle", lambda *_: None)  # a killed process settles nothing
        store.add(read, pdf)
    assert store.reports() == []
    assert left_over(settings), "an edition, its collection and the record of both"
    open_store(settings).add(read, pdf)
    assert left_over(settings) == []
    assert [i.id for i in open_store(settings).reports()] == [read.id]


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_another_edition_replaces_the_old_one(
    settings: Settings, small: tuple[Path, Report]
) -> None:
    pdf, read = small
    store = open_store(settings)
    store.add(read, pdf)
    (first,) = store.reports()
    reader = open_store(settings)
    store.add(read, pdf)
    (second,) = store.reports()
    assert first.edition != second.edition
    assert left_over(settings) == []
    assert reader.load(read.id) == read, "another process goes on with the new edition"
    assert reader.whole(second) and not reader.whole(first)


def test_a_damaged_report_is_built_again(settings: Settings, small: tuple[Path, Report]) -> None:
    pdf, read = small
    store = open_store(settings)
    store.add(read, pdf)
    (info,) = store.reports()
    assert store.known(pdf, verify=True)
    store._vectors.drop(info.id, info.edition)
    assert store.known(pdf) and not store.known(pdf, verify=True)


# -- a full disk ---------------------------------------------------------------------------------


def _add_with_little_space(settings: Settings, pdf: Path, report: Report, limit: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = open_store(settings)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        store.add(report, pdf)
    except StoreError as error:
        os._exit(3 if "空间" in str(error) and "\n" not in str(error) else 4)
    os._exit(0)


@pytest.mark.parametrize("limit", [200, 40_000, 100_000, 250_000])
def test_a_full_disk_is_named_and_nothing_is_lost(
    settings: Settings, report: Report, small: tuple[Path, Report], limit: int
) -> None:
    """Files may not grow beyond `limit` bytes: another one fails at each."""
    pdf, read = small
    open_store(settings).add(read, pdf)
    SharedSystemClient.clear_system_cache()
    context = multiprocessing.get_context("forkserver")
    child = context.Process(target=_add_with_little_space, args=(settings, OLD, report, limit))
    child.start()
    child.join(120)
    assert child.exitcode == 3
    store = open_store(settings)
    assert [info.id for info in store.reports()] == [read.id]
    assert store.whole(store.reports()[0])
    store.add(report, OLD)
    assert left_over(settings) == []


# -- no rights -----------------------------------------------------------------------------------


def _as_nobody(settings: Settings, pdf: Path, report: Report, known: str) -> None:
    load_all = settings.model_copy(update={"store": settings.store.parent / "other"})
    open_store(load_all).add(report, pdf)  # what is imported late may not be readable later
    open_engine(load_all, report=report.id).ask("三公经费支出决算是多少")
    os.setgid(65534)
    os.setuid(65534)
    store = open_store(settings)
    answer = open_engine(settings, report=known, store=store).ask("三公经费支出决算是多少")
    try:
        store.add(report, pdf)
    except StoreError as error:
        named = "权限" in str(error) and "\n" not in str(error)
        os._exit(3 if named and answer.status == "answered" else 4)
    os._exit(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")
def test_a_store_without_rights_still_answers(
    settings: Settings, report: Report, small: tuple[Path, Report], tmp_path: Path
) -> None:
    pdf, read = small
    open_store(settings).add(read, pdf)
    before = listing(settings.store)
    for path in [tmp_path, *tmp_path.parents[:2], *tmp_path.rglob("*")]:
        path.chmod(0o755)
    context = multiprocessing.get_context("forkserver")
    child = context.Process(target=_as_nobody, args=(settings, OLD, report, read.id))
    child.start()
    child.join(120)
    assert child.exitcode == 3
    assert listing(settings.store) == before


# -- two writers ---------------------------------------------------------------------------------


def _add(settings: Settings, pdf: Path, report: Report) -> None:
    open_store(settings).add(report, pdf)


def test_two_processes_write_one_after_the_other(
    settings: Settings, report: Report, small: tuple[Path, Report]
) -> None:
    pdf, read = small
    context = multiprocessing.get_context("forkserver")
    jobs = [(OLD, report), (pdf, read), (OLD, report), (pdf, read)]
    children = [context.Process(target=_add, args=(settings, *job)) for job in jobs]
    for child in children:
        child.start()
    for child in children:
        child.join(120)
    assert [child.exitcode for child in children] == [0] * 4
    store = open_store(settings)
    assert {info.id for info in store.reports()} == {report.id, read.id}
    assert all(store.whole(info) for info in store.reports())
    assert left_over(settings) == []


def test_a_writer_does_not_wait_for_ever(tmp_path: Path) -> None:
    held, asked = Shelf(tmp_path), Shelf(tmp_path, wait=0.1)
    with held.locked(), pytest.raises(StoreError, match="另一个程序"), asked.locked():
        pass
    with asked.locked():
        pass


# -- a Chroma server -----------------------------------------------------------------------------


class Server:
    """`chroma run` on a free port of this machine, its data in `folder`."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        chroma = Path(sys.executable).with_name("chroma")
        command = [chroma, "run", "--path", self.folder, "--host", "127.0.0.1"]
        self.process = subprocess.Popen(
            [*map(str, command), "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"ANONYMIZED_TELEMETRY": "False"},
        )
        for _ in range(600):
            try:
                if httpx.get(f"{self.address}/api/v2/heartbeat").is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("the Chroma server does not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "chroma-server")
    yield started
    started.stop()


def test_processes_share_a_server_that_goes_and_comes_back(
    server: Server, tmp_path: Path, report: Report, small: tuple[Path, Report]
) -> None:
    settings = load_settings(
        store=tmp_path / "store", model="characters", chroma_url=server.address
    )
    pdf, read = small
    app = open_store(settings)  # a running program, opened before anything is indexed
    assert app.reports() == []
    context = multiprocessing.get_context("forkserver")
    child = context.Process(target=_add, args=(settings, OLD, report))
    child.start()
    child.join(120)
    assert child.exitcode == 0
    engine = open_engine(settings, report=report.id, store=app)
    assert engine.ask("公务接待费决算数是多少").status == "answered"
    assert engine.retriever.search("公务接待费", 3)

    server.stop()
    with pytest.raises(StoreError, match="确认 Chroma 服务已启动"):
        engine.retriever.search("公务接待费", 3)
    assert engine.ask("公务接待费决算数是多少").status == "answered", "needs no vectors"
    with pytest.raises(StoreError, match="确认 Chroma 服务已启动"):
        app.add(read, pdf)
    assert [info.id for info in app.reports()] == [report.id]

    server.start()
    assert engine.retriever.search("公务接待费", 3)
    app.add(read, pdf)
    assert all(app.whole(info) for info in app.reports())
    assert len(app.collections()) == 2, "nothing is left of the failed attempt"


# -- naming reports ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "names", "end"), [(0, 0, "（空）"), (3, 3, "）"), (12, 10, "等共 12 份")]
)
def test_errors_name_ten_reports_at_most(count: int, names: int, end: str) -> None:
    text = some_names([made_info() for _ in range(count)])
    assert text.count("某局2024年度部门决算") == names
    assert text.endswith(end)


def test_two_threads_take_turns(tmp_path: Path) -> None:
    shelf, inside, most = Shelf(tmp_path), [0], [0]

    def write() -> None:
        with shelf.locked():
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.01)
            inside[0] -= 1

    threads = [threading.Thread(target=write) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
