"""Reports made by seed: different from each other, and right by our own checks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index.build import read_report
from index.check import check_report

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
FONTS = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")


@pytest.mark.skipif(not FONTS.exists(), reason="needs the Debian package fonts-noto-cjk")
def test_reports_by_seed_differ_and_agree_with_themselves(tmp_path: Path) -> None:
    command = [sys.executable, str(SAMPLES / "make_many.py"), str(tmp_path), "--count", "2"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    made = sorted(tmp_path.iterdir())
    assert [path.name for path in made] == ["report-00000.pdf", "report-00001.pdf"]
    reports = [read_report(path) for path in made]
    assert reports[0].title != reports[1].title
    values = [{figure.value for figure in report.figures} for report in reports]
    assert len(values[0] & values[1]) < 0.2 * min(map(len, values))
    for report in reports:
        findings = check_report(report)
        assert sum(finding.verdict == "ok" for finding in findings) > 100
        differing = [f.text for f in findings if f.verdict == "differs"]
        # The short reports leave three tables out; every figure in them agrees.
        assert all("应当有这张表" in text for text in differing), differing
