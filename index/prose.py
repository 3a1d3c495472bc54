"""Lines outside the tables to paragraphs, rebuilt over line and page breaks, with sections.

A paragraph begins where a line is indented, where a numbered heading begins, or after a line that
ends early. A heading is a short numbered line that is not a sentence; headings nest as
第一部分 > 一、 > （一）.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from index.text import fold, squeeze
from index.values import Line, Page, Paragraph, Span

_LEVELS = (
    re.compile(r"^第[一二三四五六七八九十]+部分"),
    re.compile(r"^[一二三四五六七八九十]{1,3}、"),
    re.compile(r"^\([一二三四五六七八九十]{1,3}\)"),
    re.compile(r"^\d{1,2}[.、](?!\d)"),
)
_FURNITURE = re.compile(
    r"^(公开\d+表|附(件|表)\d*|单位[:：].*|金额单位[:：].*|\(?20\d\d年度?\)?|元|编制(单位|部门)[:：].*|"
    r"部门名称[:：].*|.{0,30}金额单位[:：].*|.{0,30}单位[:：](万|千|百|亿)?元?)$"
)
# The title of a project's own explanation in a budget: 商业创新专项（政策资金）经费情况说明.
PROJECT_TITLE = re.compile(r"^(?P<name>[^、。；:]{3,45}?)(?:项目)?经费(?:支出)?情况说明$")
_TITLE = re.compile(r"^[^。；]{2,45}表(\(续\))?$")
# What goes on with the line before, which could not be broken later: （项）。年初预算131万元
_TORN = re.compile(r"^(\([类款项]\)|[。，、；：:,;])")


def build_paragraphs(pages: Sequence[Page]) -> tuple[Paragraph, ...]:
    """All paragraphs of the report in reading order, headings included, contents pages left out."""
    open_: list[tuple[int, Line]] = []
    done: list[list[tuple[int, Line]]] = []
    previous: Line | None = None
    right = 0.0
    for page in pages:
        if _is_contents(page):
            continue
        lines = list(_prose_lines(page))
        if not lines:
            continue
        left = min(line.box.x0 for line in lines)
        right_here = max(line.box.x1 for line in lines)
        for line in lines:
            if open_ and _begins(line, left, previous, right):
                done.append(open_)
                open_ = []
            open_.append((page.number, line))
            previous, right = line, right_here
        right = right_here
    if open_:
        done.append(open_)
    return tuple(_with_sections(done))


def level_of(text: str) -> int | None:
    """Depth of a heading (0 for 第一部分), None for running text."""
    plain = fold(text).strip()
    for level, pattern in enumerate(_LEVELS):
        if pattern.match(plain):
            body = pattern.sub("", plain)
            if level == 0:
                return 0 if len(plain) <= 45 else None
            inner = body.rstrip("。.")
            sentence = re.search(r"[。;,:]|\d[\d,.]*(万?元|%)", inner)
            if sentence or len(plain) > 40 or not inner or (level == 3 and body.endswith("。")):
                return None
            return level
    return None


def _is_contents(page: Page) -> bool:
    folded = [squeeze(line.text) for line in page.lines]
    if any(t in {"目录", "目次"} for t in folded[:4]):
        return True
    dotted = sum(1 for t in folded if re.search(r"(\.{3,}|…+|·{3,}|\u3000)\s*\d+$", t))
    return len(folded) > 4 and dotted > len(folded) / 2


def _prose_lines(page: Page) -> Iterable[Line]:
    lowest = max((g.box.bottom for g in page.grids), default=None)
    in_note = False
    for line in page.lines:
        plain = squeeze(line.text)
        if page.grids:
            if _FURNITURE.match(plain) or _TITLE.match(plain):
                continue
            if lowest is not None and line.box.top >= lowest - 2:
                if re.match(r"^(注|说明|备注):", plain):
                    in_note = True
                if in_note:
                    continue
        yield line


def _begins(line: Line, left: float, previous: Line | None, right: float) -> bool:
    if previous is None:
        return True
    plain = fold(line.text)
    if _TORN.match(plain) and not _LEVELS[3].match(plain):
        return False
    if previous.text[-1] in ")）" and plain[:1].isdigit() and not _LEVELS[3].match(plain):
        return False  # 农林水支出（类） | 83.46万元
    indented = line.box.x0 - left > 1.2 * line.size
    short = previous.box.x1 < right - 2.5 * previous.size
    ended = previous.text[-1:] in "。；：;:！？”）)" or level_of(previous.text) is not None
    if _LEVELS[0].match(plain) or (indented and (ended or short)):
        return True
    if any(p.match(plain) for p in _LEVELS[:3]) and (ended or short):
        return True
    if _LEVELS[3].match(plain) and ended:
        return True
    if abs(line.size - previous.size) > 1.5:
        return True
    return short and (ended or level_of(previous.text) is not None)


@dataclass
class _Sections:
    names: dict[int, str] = field(default_factory=dict)

    def enter(self, level: int, text: str) -> None:
        self.names = {k: v for k, v in self.names.items() if k < level}
        self.names[level] = text

    def path(self) -> tuple[str, ...]:
        return tuple(self.names[k] for k in sorted(self.names))


def _body_size(groups: Sequence[Sequence[tuple[int, Line]]]) -> float:
    """The size of print that most characters of the running text have."""
    sizes: Counter[float] = Counter()
    for group in groups:
        for _, line in group:
            sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=lambda s: sizes[s], default=0.0)


def _is_title(group: Sequence[tuple[int, Line]], text: str, body: float) -> bool:
    """Whether a line stands alone in clearly larger print: 主要职能, 名词解释 of a budget."""
    plain = fold(text).strip()
    large = all(line.size >= _LARGER * body for _, line in group)
    return len(group) == 1 and large and 4 <= len(plain) <= 40 and not re.search("[。;,:]", plain)


_LARGER = 1.3


def _with_sections(groups: Sequence[Sequence[tuple[int, Line]]]) -> Iterable[Paragraph]:
    sections = _Sections()
    part_open = False
    numbered = any(_LEVELS[0].match(fold(line.text)) for group in groups for _, line in group)
    body = _body_size(groups)
    for group in groups:
        text = ""
        spans: list[Span] = []
        for page, line in group:
            words = line.text
            edges = line.edges
            if "\u3000" in words:
                keep = [i for i, c in enumerate(words) if c != "\u3000"]
                edges = (*(edges[i] for i in keep), edges[-1])
                words = words.replace("\u3000", "")
            spans.append(Span(len(text), len(text) + len(words), page, line.box, edges))
            text += words
        level = level_of(text)
        if level is None and PROJECT_TITLE.match(fold(text).strip()):
            level = 0
        if level is None and not numbered and _is_title(group, text, body):
            level = 0  # a report without 第一部分 has its parts named in large print
        if level is not None and level < 3:
            sections.enter(level, text.rstrip("。"))
            part_open = level == 0 and len(re.sub(_LEVELS[0], "", text)) < 2
            yield Paragraph(text, sections.path()[:-1], tuple(spans), True)
        elif part_open and len(text) <= 30 and "。" not in text:
            sections.enter(0, sections.names.get(0, "") + text)
            part_open = False
            yield Paragraph(text, sections.path()[:-1], tuple(spans), True)
        else:
            part_open = False
            yield Paragraph(text, sections.path(), tuple(spans), False)
