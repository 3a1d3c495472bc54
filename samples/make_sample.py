"""Write the sample report `yunhai-data-2024.pdf`, the final accounts of an invented department.

    python samples/make_sample.py [target.pdf]

The same input gives the same bytes. Needs the Debian package fonts-noto-cjk. The report is set
twice: the first time finds out the page numbers for the contents.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import sample_accounts as acc
import sample_prose as prose
import sample_tables as tables
from reportlab import rl_config
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
    Table,
)  # fmt: skip
from sample_accounts import BODY, YEAR
from sample_fonts import register_fonts
from sample_layout import Prose, width_of
from sample_projects import WITH_FORM, check_projects

TARGET = Path(__file__).with_name("yunhai-data-2024.pdf")
TITLE = f"{BODY}{YEAR}年度部门决算"
UNNUMBERED = 3  # cover and two pages of contents come before the printed page 1
INVENTED = "示例文件：城市、机构、项目和数据均为虚构"

Story = list[Flowable]


class Mark(Flowable):
    """Notes on which printed page a heading stands; also its bookmark and outline entry."""

    def __init__(self, title: str, level: int, pages: dict[str, int]):
        super().__init__()
        self.title, self.level, self.pages = title, level, pages

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self.pages[self.title] = self.canv.getPageNumber() - UNNUMBERED
        self.canv.bookmarkPage(self.title)
        self.canv.addOutlineEntry(self.title, self.title, self.level)


class Lines(Flowable):
    """Single lines one under the other: (text, font, size, leading, align)."""

    def __init__(self, *lines: tuple[str, str, float, float, str]):
        super().__init__()
        self.lines = lines

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        self.width = avail_width
        self.height = sum(line[3] for line in self.lines)
        return avail_width, self.height

    def draw(self) -> None:
        y = self.height
        for text, font, size, leading, align in self.lines:
            y -= leading
            self.canv.setFont(font, size)
            base = y + (leading - size) / 2 + size * 0.12
            if align == "BOTH":  # two texts, one at either side
                at_left, at_right = text.split("\t")
                self.canv.drawString(0, base, at_left)
                self.canv.drawRightString(self.width, base, at_right)
            else:
                self.canv.drawCentredString(self.width / 2, base, text)


class Entry(Flowable):
    """A line of the contents with dots up to the page number."""

    def __init__(self, title: str, level: int, page: int):
        super().__init__()
        self.title, self.level, self.page = title, level, page

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        self.width = avail_width
        return avail_width, 25

    def draw(self) -> None:
        font, size = ("Hei", 13) if self.level == 0 else ("Song", 12)
        x = self.level * 24
        self.canv.setFont(font, size)
        self.canv.drawString(x, 8, self.title)
        self.canv.setFont("Song", 12)
        number = str(self.page)
        self.canv.drawRightString(self.width, 8, number)
        start = x + width_of(self.title, font, size) + 5
        room = self.width - width_of(number, "Song", 12) - 5 - start
        dots = "." * int(room / width_of(".", "Song", 12))
        self.canv.drawRightString(start + room, 8, dots)
        self.canv.linkRect("", self.title, (0, 2, self.width, 22), relative=1, thickness=0)


def number_page(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont("Song", 10.5)
    width = canvas._pagesize[0]
    canvas.drawCentredString(width / 2, 36, f"- {canvas.getPageNumber() - UNNUMBERED} -")


def page_templates() -> list[PageTemplate]:
    def template(
        name: str,
        size: tuple[float, float],
        side: float,
        top: float,
        bottom: float,
        numbered: bool = True,
    ) -> PageTemplate:
        frame = Frame(
            side, bottom, size[0] - 2 * side, size[1] - top - bottom,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
        )  # fmt: skip
        after = {"onPage": number_page} if numbered else {}
        return PageTemplate(name, [frame], pagesize=size, **after)

    return [
        template("bare", A4, 70, 90, 80, numbered=False),
        template("text", A4, 73.6, 74, 66),
        template("tall", A4, 39.5, 56, 60),
        template("form", A4, 29.5, 44, 54),
        template("wide", landscape(A4), 42, 48, 56),
    ]


def cover() -> Story:
    return [
        Spacer(0, 190),
        Lines((BODY, "Hei", 30, 54, "C"), (f"{YEAR}年度部门决算", "Hei", 30, 54, "C")),
        Spacer(0, 270),
        Lines(("2025年8月", "Song", 16, 30, "C"), (f"（{INVENTED}）", "Song", 11, 24, "C")),
    ]


def contents(pages: dict[str, int], levels: dict[str, int]) -> Story:
    """Entries in the order of the report; a line with page 0 in the first run."""
    story: Story = [PageBreak(), Lines(("目　　录", "Hei", 22, 56, "C"))]
    for title, page in (pages or dict.fromkeys(levels, 0)).items():
        story.append(Entry(title, levels[title], page))
    return story


class Report:
    """Collects the story; every heading goes into `levels` for the contents."""

    def __init__(self, pages: dict[str, int]):
        self.pages = pages
        self.levels: dict[str, int] = {}
        self.story: Story = []

    def mark(self, title: str, level: int) -> None:
        self.levels[title] = level
        self.story.append(Mark(title, level, self.pages))

    def new_page(self, template: str) -> None:
        self.story += [NextPageTemplate(template), PageBreak()]

    def part(self, number: str, name: str) -> None:
        """A divider page."""
        self.new_page("text")
        self.story.append(Spacer(0, 210))
        self.mark(f"{number}　{name}", 0)
        self.story.append(Lines((number, "Hei", 28, 60, "C"), (name, "Hei", 28, 60, "C")))

    def blocks(self, blocks: Iterable[prose.Block]) -> None:
        for style, text in blocks:
            if style == "p":
                self.story.append(Prose(text))
                continue
            self.story.append(CondPageBreak(28 * 3))
            if style == "h2":
                self.mark(text, 1)
            self.story.append(Prose(text, font="Hei" if style == "h2" else "Song"))

    def table(
        self, template: str, title: str, code: str, grids: list[Table], notes: str = ""
    ) -> None:
        """A table with title, form code and unit; every further grid on a page of its own."""
        self.new_page(template)
        mark = f"{title}（{code}）" if code.startswith("公开") else title
        self.mark(mark, 1)
        self.story.append(
            Lines(
                (title, "Hei", 16, 30, "C"),
                (f"\t{code}", "Song", 9, 14, "BOTH"),
                (f"编制单位：{BODY}\t金额单位：万元", "Song", 9, 15, "BOTH"),
            )
        )
        self.story.append(grids[0])
        for more in grids[1:]:
            self.new_page(template)
            self.story += [Spacer(0, 12), more]
        self.note(notes)

    def note(self, notes: str) -> None:
        self.story.append(Spacer(0, 4))
        for line in filter(None, notes.split("\n")):
            self.story.append(Prose(line, size=9, leading=14, indent=0))


NOTES = {
    "01": "注：本表列示部门全年全部收入、支出以及年末结转结余。空白格表示没有发生。",
    "02": "注：本表按功能分类科目列示部门本年各项收入。",
    "03": "注：本表按功能分类科目列示部门本年各项支出，含财政拨款以外资金安排的支出。",
    "04": "注：本表只列财政拨款，包括一般公共预算、政府性基金预算和国有资本经营预算三类。",
    "05": "注：本表按功能分类科目列示一般公共预算财政拨款的实际支出。",
    "06": "注：本表按经济分类科目列示一般公共预算财政拨款基本支出。",
    "07": "注：本表按功能分类科目列示政府性基金预算财政拨款的收支和结转结余。",
    "08": "注：本部门本年度没有国有资本经营预算财政拨款支出，本表为空表。",
    "09": "注：预算数为全年预算数，包含年度中的调整；决算数包含以前年度结转资金安排的支出。",
    "汇总": "注：等级按得分划分，90分及以上为“优”，80分至90分（不含）为“良”，"
    "60分至80分（不含）为“中”，60分以下为“差”。",
    "自评": "注：1.预算执行得分＝执行率×10分；指标未达到目标值的，按完成比例或偏离程度扣分。\n"
    "2.全年预算数为年初预算数加减年度中的调整数，含上年结转资金。",
}


def compose(pages: dict[str, int]) -> Report:
    """The whole report after the contents, in reading order."""
    report = Report(pages)
    report.part("第一部分", "部门概况")
    report.new_page("text")
    report.blocks(prose.OVERVIEW)
    report.story += [Spacer(0, 8), *tables.units_table()]

    report.part("第二部分", f"{YEAR}年度部门决算表")
    for template, title, number, grids in (
        ("tall", "收入支出决算总表", "01", tables.income_and_spending()),
        ("tall", "收入决算表", "02", tables.income_by_code()),
        ("tall", "支出决算表", "03", tables.spending_by_code()),
        ("wide", "财政拨款收入支出决算总表", "04", tables.fiscal_totals()),
        ("tall", "一般公共预算财政拨款支出决算表", "05", tables.general_by_code()),
        ("wide", "一般公共预算财政拨款基本支出决算明细表", "06", tables.basic_by_economic_code()),
        ("wide", "政府性基金预算财政拨款收入支出决算表", "07", tables.government_funds()),
        ("wide", "国有资本经营预算财政拨款支出决算表", "08", tables.state_capital()),
        ("wide", "财政拨款“三公”经费支出决算表", "09", tables.three_public()),
    ):
        report.table(template, title, f"公开{number}表", grids, NOTES[number])

    report.part("第三部分", f"{YEAR}年度部门决算情况说明")
    report.new_page("text")
    report.blocks(prose.explanation())

    report.part("第四部分", "名词解释")
    report.new_page("text")
    report.blocks(
        ("p", f"{tables.ordinal(number)}、{term}：{meaning}")
        for number, (term, meaning) in enumerate(prose.GLOSSARY, 1)
    )

    report.part("第五部分", "附件")
    title = "项目支出绩效自评情况汇总表"
    report.table("wide", title, f"（{YEAR}年度）", tables.project_summary(), NOTES["汇总"])
    for project in WITH_FORM:
        report.new_page("form")
        if project is WITH_FORM[0]:
            report.mark("项目支出绩效自评表", 1)
        report.mark(f"{project.number}.{project.name}", 2)
        report.story.append(
            Lines(
                ("项目支出绩效自评表", "Hei", 16, 28, "C"),
                (f"（{YEAR}年度）", "Song", 10, 16, "C"),
                ("\t单位：万元", "Song", 9, 14, "BOTH"),
            )
        )
        report.story += tables.project_form(project)
        report.note(NOTES["自评"])
    return report


def write(target: Path, known_pages: dict[str, int]) -> dict[str, int]:
    """Set the report with the page numbers known so far and return those it really has."""
    pages: dict[str, int] = {}
    report = compose(pages)
    document = BaseDocTemplate(
        str(target), pageTemplates=page_templates(), title=TITLE, author=BODY,
        subject=f"{YEAR}年度部门决算公开（虚构示例）", creator="samples/make_sample.py",
        lang="zh-CN",
    )  # fmt: skip
    document.build(cover() + contents(known_pages, report.levels) + report.story)
    return pages


def used_characters() -> set[str]:
    """Every character that stands in the scripts and texts of this folder; ASCII as a whole."""
    folder = Path(__file__).parent
    files = [*folder.glob("*.py"), *folder.glob("*.yaml")]
    own = [path for path in files if "short" not in path.name]  # other reports, other characters
    sources = "".join(path.read_text("utf-8") for path in own)
    return {c for c in sources if c.isprintable() or c == "\u3000"} | set(map(chr, range(32, 127)))


def main(target: Path) -> None:
    acc.check_identities()
    check_projects()
    rl_config.invariant = 1
    with tempfile.TemporaryDirectory() as folder:
        register_fonts(used_characters(), Path(folder))
        pages = write(target, {})
        assert write(target, pages) == pages, "the contents moved the pages"
    sys.stderr.write(f"{target}: {target.stat().st_size / 1024:.0f} KiB\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the sample report.")
    parser.add_argument("target", nargs="?", type=Path, default=TARGET, help="PDF to write")
    main(parser.parse_args().target)
