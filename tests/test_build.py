"""Title, body, year and kind of a report, read from its cover."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import read_report
from index.errors import NotAReportError
from tests.pdfs import Leaf, write_pdf

TABLE = Leaf(
    ("收入支出决算总表", "2024年度　单位：万元"),
    [
        ["收入", "<", "支出", "<"],
        ["项目", "金额", "项目", "金额"],
        ["财政拨款收入", "80.00", "文化旅游体育与传媒支出", "80.00"],
        ["本年收入合计", "80.00", "本年支出合计", "80.00"],
    ],
)


@pytest.mark.parametrize(
    ("cover", "title", "body", "year"),
    [
        (
            ("云溪区文化局", "2024年度部门决算"),
            "云溪区文化局2024年度部门决算",
            "云溪区文化局",
            2024,
        ),
        (
            ("监督索引号53099900373401000", "云溪区文化局", "2024年度部门决算"),
            "云溪区文化局2024年度部门决算",
            "云溪区文化局",
            2024,
        ),
        (
            ("附件1：", "2024年度云溪区文化局部门决算"),
            "2024年度云溪区文化局部门决算",
            "云溪区文化局",
            2024,
        ),
    ],
)
def test_the_cover(
    tmp_path: Path, cover: tuple[str, ...], title: str, body: str, year: int
) -> None:
    found = read_report(write_pdf(tmp_path / "a.pdf", Leaf(text=cover), TABLE))
    assert (found.title, found.body, found.year, found.kind) == (title, body, year, "accounts")


def test_another_document_is_no_report(tmp_path: Path) -> None:
    pdf = write_pdf(
        tmp_path / "a.pdf", Leaf(text=("会议纪要", "2024年第三次局务会讨论了值班安排。"))
    )
    with pytest.raises(NotAReportError, match="部门决算公开"):
        read_report(pdf)
