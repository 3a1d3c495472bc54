"""Reading in a process of its own: the same report, limits kept, nothing left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
import zlib
from pathlib import Path

import pytest

import index.guard
from index.build import read_report
from index.errors import LimitError, NotAReportError, PdfError
from index.guard import read_guarded
from index.settings import Settings, load_settings
from qa.desk import Desk
from tests.pdfs import Leaf, write_pdf

ROOT = Path(__file__).resolve().parent.parent


def report_pdf(path: Path) -> Path:
    return write_pdf(
        path,
        Leaf(text=("云海市数据局2024年度部门决算", "收入支出决算 财政拨款 一般公共预算 三公经费")),
        Leaf(
            above=("收入支出决算总表", "单位：万元"),
            grid=(("项目", "决算数"), ("财政拨款收入", "12.30"), ("本年收入合计", "12.30")),
        ),
    )


def raw_pdf(path: Path, contents: bytes, pages: int = 1, box: str = "0 0 595 842") -> Path:
    """A PDF of `pages` pages that share one compressed content stream."""
    kids = " ".join(f"{n} 0 R" for n in range(5, 5 + pages))
    stream = zlib.compress(contents, 9)
    parts = [
        b"1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n",
        f"2 0 obj <</Type /Pages /Kids [{kids}] /Count {pages}>> endobj\n".encode(),
        b"3 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj\n",
        f"4 0 obj <</Filter /FlateDecode /Length {len(stream)}>> stream\n".encode()
        + stream
        + b"\nendstream endobj\n",
    ]
    parts += [
        f"{n} 0 obj <</Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R "
        "/Resources <</Font <</F1 3 0 R>>>>>> endobj\n".encode()
        for n in range(5, 5 + pages)
    ]
    body, offsets = b"%PDF-1.5\n", []
    for part in parts:
        offsets.append(len(body))
        body += part
    table = "".join(f"{o:010d} 00000 n \n" for o in offsets)
    size = len(offsets) + 1
    body += (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer <</Size {size} /Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF"
    ).encode()
    path.write_bytes(body)
    return path


def left_running(words: str) -> list[str]:
    """Processes of `words` that are not dead and waiting for their parent."""
    listed = subprocess.run(["ps", "-eo", "stat,pid,args"], capture_output=True, text=True).stdout
    return [line for line in listed.splitlines() if words in line and line[0] != "Z"]


def test_the_report_is_that_of_the_reader(sample_pdf: Path) -> None:
    stages: list[str] = []
    guarded = read_guarded(sample_pdf, Settings(), lambda stage, _: stages.append(stage))
    assert guarded == read_report(sample_pdf)
    assert set(stages) == {"读取页面", "识别表格"}


def test_errors_come_through(tmp_path: Path) -> None:
    other = write_pdf(tmp_path / "other.pdf", Leaf(text=("会议通知",)))
    with pytest.raises(NotAReportError, match=r"other\.pdf 不像部门"):
        read_guarded(other, Settings())
    with pytest.raises(PdfError, match=r"没有文字层|没有认出文字"):
        read_guarded(raw_pdf(tmp_path / "empty.pdf", b"0 0 9 9 re f"), Settings())
    with pytest.raises(PdfError, match="找不到文件"):
        read_guarded(tmp_path / "none.pdf", Settings())


def test_too_many_pages(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match=r"有 40 页，超过上限 20 页.*REPORTQA_READ_PAGES"):
        read_guarded(raw_pdf(tmp_path / "a.pdf", b"", 40), load_settings(read_pages=20))


def test_too_much_memory(tmp_path: Path) -> None:
    bomb = raw_pdf(tmp_path / "bomb.pdf", b" " * (600 << 20))
    assert bomb.stat().st_size < 2 << 20
    with pytest.raises(LimitError, match=r"内存超过 256 MB.*REPORTQA_READ_MEMORY"):
        read_guarded(bomb, load_settings(read_memory=256, workers=1))


def test_too_long_and_nothing_is_left_running(tmp_path: Path) -> None:
    slow = raw_pdf(tmp_path / "slow-to-read.pdf", b"0 0 m 9 9 l " * 3_000_000 + b"S")
    started = time.monotonic()
    with pytest.raises(LimitError, match=r"超过 2 秒.*REPORTQA_READ_SECONDS"):
        read_guarded(slow, load_settings(read_seconds=2))
    assert time.monotonic() - started < 6
    assert not left_running("slow-to-read.pdf")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os; os.kill(os.getpid(), 11)", "意外中断"),
        ("import os; os.abort()", "内存超过"),  # what PDFium does without memory
        ("import sys; sys.exit(3)", "意外中断"),
        ("print('{\"report\":{}}')", "意外中断"),
        ("print('no json}')", "意外中断"),
        ("import os; os.kill(os.getpid(), 9)", "内存超过"),
    ],
)
def test_a_process_that_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, words: str
) -> None:
    fake = tmp_path / "python"
    fake.write_text(f"#!{sys.executable}\n{code}\n")
    fake.chmod(0o755)
    monkeypatch.setattr(index.guard.sys, "executable", str(fake))
    with pytest.raises(PdfError, match=words):
        read_guarded(report_pdf(tmp_path / "a.pdf"), Settings())


def test_a_picture_that_hangs_does_so_there(tmp_path: Path) -> None:
    """What only the pictures of pages stumble over is found while reading, not by the page."""
    sitecustomize = tmp_path / "sitecustomize.py"
    sitecustomize.write_text(
        "import sys, time\n"
        "if 'index.reader' in sys.orig_argv:\n"
        "    import pypdfium2\n"
        "    pypdfium2.PdfPage.render = lambda *a, **k: time.sleep(60)\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path))
        with pytest.raises(LimitError, match="超过 4 秒"):
            read_guarded(report_pdf(tmp_path / "a.pdf"), load_settings(read_seconds=4))


def test_no_process_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.guard.sys, "executable", "/nowhere/python")
    with pytest.raises(PdfError, match="无法启动读取"):
        read_guarded(report_pdf(tmp_path / "a.pdf"), Settings())


def test_it_ends_with_a_caller_that_is_killed(tmp_path: Path) -> None:
    slow = raw_pdf(tmp_path / "orphan.pdf", b"0 0 m 9 9 l " * 3_000_000 + b"S")
    script = textwrap.dedent(f"""
        from pathlib import Path
        from index.guard import read_guarded
        from index.settings import Settings
        read_guarded(Path({str(slow)!r}), Settings(read_seconds=120))
    """)
    caller = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    children: list[str] = []
    deadline = time.monotonic() + 30
    while not children and time.monotonic() < deadline:
        time.sleep(0.2)
        listed = subprocess.run(
            ["ps", "--ppid", str(caller.pid), "-o", "pid="], capture_output=True, text=True
        )
        children = listed.stdout.split()
    time.sleep(1.5)  # it has been told its caller
    assert children, "the process that reads did not start"
    os.kill(caller.pid, signal.SIGKILL)
    caller.wait()
    while Path(f"/proc/{children[0]}").exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not Path(f"/proc/{children[0]}").exists()


def test_no_model_is_imported() -> None:
    heavy = "{'torch', 'chromadb', 'llama_index'}"
    code = f"import sys, index.guard; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "[]\n", done.stderr


def test_the_desk_goes_on_after_a_hostile_upload(tmp_path: Path) -> None:
    """What the page shows: one line with the remedy; the desk then takes the next file."""
    desk = Desk(Settings(store=tmp_path / "store", read_memory=256, workers=1))
    bomb = raw_pdf(tmp_path / "bomb.pdf", b" " * (600 << 20))
    *_, last = desk.add_watched(bomb)
    assert "REPORTQA_READ_MEMORY" in last.error and "\n" not in last.error
    *_, last = desk.add_watched(report_pdf(tmp_path / "good.pdf"))
    assert last.report and not last.error
