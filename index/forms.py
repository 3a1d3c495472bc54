"""The self-evaluation form 项目支出绩效自评表: a dense grid of merged cells, one project each.

Layout after the Ministry of Finance's 项目支出绩效自评表 (财预〔2020〕10号): head of key and value,
money block, yearly goal, indicators with target, actual, weight, score and reason, sub-totals.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace
from itertools import pairwise

from index import data
from index.figures import FigureMaker
from index.labels import strip_number
from index.leads import GOAL, LEVELS, lead_of, project_of_row, read_lead
from index.meaning import unit_in
from index.text import fold, is_blank, read_cell, squeeze
from index.values import Cell, Figure, Table, distinct
from index.wording import MONEY


def read_form(maker: FigureMaker) -> Table:
    """All figures and text facts of one form, each with its project."""
    rows = maker.sheet.rows
    project = _value_beside(rows, data.layout().project_labels)
    if data.matches(data.layout().whole_forms, squeeze(maker.sheet.title)):
        project = ""  # of the department as a whole
    mode = "head"
    header: dict[int, str] = {}
    lead: dict[int, str] = {}  # the heads in front of the indicators, in a list of forms
    told: set[str] = set()  # projects of a list of forms whose budget and goal have been read
    above: dict[int, str] = {}  # labels of the indicator rows above, which blank cells inherit
    for index, row in enumerate(rows):
        cells = distinct(row)
        words = [squeeze(c.text) for c in cells]
        if any("三级指标" in w or w == "指标名称" for w in words):
            mode, header = "indicators", {c: row[c].text for c in range(len(row))}
            lead = lead_of(header)
            continue
        if words and re.fullmatch(r"(小计|总分|合计|总计)", words[0]):
            _read_total(maker, index, row, cells, project, header)
            continue
        if _heads_money(words):
            mode, header = "money", {c: row[c].text for c in range(len(row))}
            continue
        if any(re.search("预期目标|实际完成情况|^(年初|全年.{0,4})绩效目标", w) for w in words):
            mode, header = "goals", {c: row[c].text for c in range(len(row))}
            continue
        if len(cells) == 2 and data.matches(data.layout().reason_rows, words[0]):
            _read_words(maker, index, cells, project)
            continue
        if mode == "head":
            _read_head(maker, index, cells, project)
        elif mode == "money":
            _read_money(maker, index, row, project, header)
        elif mode == "goals":
            _read_goals(maker, index, row, project, header)
        elif mode == "indicators":
            own = project_of_row(row, lead, above) or project
            if own != project and own not in told:
                told.add(own)
                read_lead(maker, index, row, own, lead)
            _read_indicator(maker, index, row, own, header, lead, above)
    return maker.table(project)


_ALL_MONEY = re.compile("(年度|项目)?(年度)?(财政)?资金(总额|总量|合计)|年度总金额")
_WEIGHT = re.compile(r"^(?P<name>.{2,}?)\((?P<points>\d+(\.\d+)?)分\)$")


def _heads_money(words: Sequence[str]) -> bool:
    """Whether a row heads the money block: 年初预算数 | 全年执行数, or 预算数（A）| 执行数（B）."""
    if any(read_cell(w) for w in words):
        return False
    budget, done = (any(re.search(p, w) for w in words) for p in ("预算数", "执行数"))
    return any("年初预算" in w for w in words) or (budget and done)


def _read_words(maker: FigureMaker, index: int, cells: Sequence[Cell], project: str) -> None:
    """A row of one label and its words below the indicators: why targets were missed."""
    label, words = cells
    made = _add_words(maker, index, label, words, label.text, "reason", project)
    maker.close_row((label.text,), "", cells, [made], False)


def _add_words(
    maker: FigureMaker,
    index: int,
    label: Cell,
    words: Cell,
    subject: str,
    measure: str,
    project: str,
) -> Figure:
    return maker.add(
        words,
        index,
        (label.text,),
        "",
        (),
        subject=subject,
        measure=measure,
        project=project,
        unit="",
        words=True,
    )


def _value_beside(rows: Sequence[Sequence[Cell]], labels: tuple[str, ...]) -> str:
    for row in rows[:6]:
        cells = distinct(row)
        if any(LEVELS.search(squeeze(c.text)) for c in cells):
            return ""  # the heads of a list of forms
        for a, b in pairwise(cells):
            if data.matches(labels, squeeze(a.text)):
                return b.text
    return ""


def _read_head(maker: FigureMaker, index: int, cells: Sequence[Cell], project: str) -> None:
    made = []
    if len(cells) == 3 and cells[0].row_span > 1 and (money := unit_in(cells[0].text)):
        label = cells[1].text  # 项目资金（万元） | 年度资金总额 | 1,280.00
        item = (cells[0].text, label)
        made.append(_add_money(maker, index, item, cells[2], strip_number(label), project, money))
        maker.close_row(item, "", cells, made, False)
        return
    layout = data.layout()
    heads = list(cells[::2])
    if len(cells) % 2 and cells[0].row_span > 1:
        cells = cells[1:]  # 项目资金（元） | 年度资金申请总额 | 6,248 | 上年预算数 | 6,415
        heads = [*cells[::2], heads[0]]
    money_unit = next((u for c in heads if (u := unit_in(c.text))), None)
    for key, value in zip(cells[::2], cells[1::2], strict=False):
        label = squeeze(key.text)
        number = read_cell(value.text)
        if money_unit and number:  # 项目金额（万元）| 8,045.30 | 其中：财政拨款 | …
            whole = data.matches(layout.project_money, label)
            path = (key.text,) if key is cells[0] else (cells[0].text, key.text)
            subject = _YEAR_S_MONEY if whole else strip_number(key.text)
            made.append(_add_money(maker, index, path, value, subject, project, money_unit))
        elif (
            number
            and maker.sheet.unit in MONEY.values()
            and data.matches(layout.head_amounts, label)
        ):  # 单位：万元 above the form, 当年预算 | 2,860.00 | 上级补助 | 1,716.00
            whole = data.matches(layout.project_budget, label)
            subject = _YEAR_S_MONEY if whole else strip_number(key.text)
            made.append(_add_money(maker, index, (key.text,), value, subject, project, None))
        elif number and _measure(label)[1] == "score":  # 自评总分（分）| 95.6
            made.append(_add_score(maker, index, key, value, project))
        elif data.matches(layout.goal_labels, label) and len(value.text) > GOAL:
            made.append(_add_words(maker, index, key, value, "年度总体目标", "goal", project))
        elif key.text:
            made.append(_add_words(maker, index, key, value, key.text, "attribute", project))
    maker.close_row((), "", cells, made, False)


_YEAR_S_MONEY = "年度资金总额"


def _add_money(
    maker: FigureMaker,
    index: int,
    item: tuple[str, ...],
    value: Cell,
    subject: str,
    project: str,
    unit: str | None,
) -> Figure:
    """An amount in the head of a form; `unit` None: the table's."""
    return maker.add(
        value,
        index,
        item,
        "",
        (),
        subject=subject,
        measure="budget" if maker.report_kind == "budget" else "budget_initial",
        project=project,
        unit=unit,
    )


def _add_score(maker: FigureMaker, index: int, label: Cell, value: Cell, project: str) -> Figure:
    return maker.add(
        value,
        index,
        (label.text,),
        "",
        (),
        subject="总分",
        measure="score",
        project=project,
        unit="分",
        total=True,
    )


def _measure(head: str) -> tuple[data.Measure | None, str]:
    """The measure that a column of a form is headed by, and its key; "" for none."""
    found = data.measure_of(squeeze(head))
    key = found.key if found else ""
    # 金额 beside a budget is what was spent; 指标得分 heads the scores of the indicators
    return found, {"amount": "final", "part_score": "score"}.get(key, key)


def _read_money(
    maker: FigureMaker, index: int, row: Sequence[Cell], project: str, header: dict[int, str]
) -> None:
    amounts = [c for c, head in header.items() if data.measure_of(squeeze(head))]
    if not amounts:
        return
    first = next((c for c in amounts if "年初" in header[c]), amounts[0])
    label = row[first - 1].text if first else ""
    total = next((r.item for r in maker.rows if r.item and r.item[0] == row[0].text), None)
    above = total or ((row[0].text,) if first > 1 and row[0].text != label else ())
    item = (*above, label)  # the rows below the first are its parts: 其中：当年财政拨款 ...
    made = []
    for c, head in header.items():
        if c < first or any(row[c] is row[k] for k in range(c)):
            continue
        measure, key = _measure(head)
        if measure is None:
            continue
        if key == "budget":  # 预算数（A）of a form that has no initial one: the year's
            key = "budget_adjusted"
        unit = None if key not in {"rate", "score", "weight"} else measure.unit
        if unit is None:  # 项目资金（万元） > 年度资金总额
            unit = next((u for p in item if (u := unit_in(p))), None)
        unit = unit_in(head) or unit
        made.append(
            maker.add(
                row[c],
                index,
                item,
                "",
                (head,),
                subject=_ALL_MONEY.sub("年度资金总额", strip_number(label)),
                measure=key,
                project=project,
                unit=unit,
            )
        )
    maker.close_row(item, "", row, made, False)


def _read_goals(
    maker: FigureMaker, index: int, row: Sequence[Cell], project: str, header: dict[int, str]
) -> None:
    made = []
    item = "年度总体目标"
    for cell in distinct(row):
        head = header.get(cell.column, "")
        if ("目标" in head or "完成情况" in head) and cell is not row[0] and cell.text != head:
            key = "result" if "完成情况" in head else "goal"
            made.append(
                maker.add(
                    cell,
                    index,
                    (item,),
                    "",
                    (head,),
                    subject=item,
                    measure=key,
                    project=project,
                    unit="",
                    words=True,
                )
            )
    maker.close_row((item,), "", row, made, False)


def _read_indicator(
    maker: FigureMaker,
    index: int,
    row: Sequence[Cell],
    project: str,
    header: dict[int, str],
    lead: Container[int],
    above: dict[int, str],
) -> None:
    names = [c for c, head in header.items() if LEVELS.search(squeeze(head))]
    if not names:
        return
    if not any(row[c].text for c in names):
        return
    path: list[str] = []
    for cell in distinct(row[: max(names) + 1]):
        if cell.text and above.get(cell.column) != cell.text:
            for c in [c for c in above if c >= cell.column]:
                del above[c]
            above[cell.column] = cell.text
        text = cell.text or (above.get(cell.column, "") if cell.column < max(names) else "")
        if text and cell.column not in lead:
            path.append(text)
    made: list[Figure] = []
    weighed = _WEIGHT.match(fold(path[-1])) if path else None
    subject = weighed["name"] if weighed else path[-1]
    units = [c for c, head in header.items() if data.matches(data.layout().unit_columns, head)]
    row_unit = "" if not units or is_blank(row[units[0]].text) else squeeze(row[units[0]].text)
    signs = [c for c, head in header.items() if re.fullmatch("(指标)?(性质|符号)", squeeze(head))]
    sign = "".join(re.findall("[≥≤<>]", fold(row[signs[0]].text))) if signs else ""
    for c in range(max(names) + 1, len(row)):
        if c in (*units, *signs) or any(row[c] is row[k] for k in range(c)):
            continue
        measure, key = _measure(header[c])
        unit = measure.unit if measure and key in {"score", "weight"} else row_unit
        cell = row[c]
        if sign and key == "target" and read_cell(cell.text):
            cell = replace(cell, text=sign + cell.text)  # ≥ | 12
        made.append(
            maker.add(
                cell,
                index,
                tuple(path),
                "",
                (header[c],),
                subject=subject,
                measure=key,
                project=project,
                unit=unit,
            )
        )
    measures = {f.measure for f in made}
    if weighed and "weight" not in measures and measures & {"actual", "target"}:  # 巡查次数（10分）
        label = row[max(names)]
        made.append(
            maker.add(
                replace(label, text=weighed["points"]),
                index,
                tuple(path),
                "",
                (label.text,),
                subject=subject,
                measure="weight",
                project=project,
                unit="分",
            )
        )
    _share_units(maker, made)
    maker.close_row(tuple(path), "", row, made, False)


def _share_units(maker: FigureMaker, made: list[Figure]) -> None:
    """An actual value without a unit of its own has its target's (`≤3秒` | `2.7`), and back."""
    target = next((f for f in made if f.measure == "target" and f.value is not None), None)
    actual = next((f for f in made if f.measure == "actual" and f.value is not None), None)
    if target is None or actual is None:
        return
    for one, other in ((actual, target), (target, actual)):
        if not other.unit or one.unit == other.unit:
            continue
        unit = one.unit
        if unit.startswith("/") and other.unit.endswith(unit):
            unit = other.unit  # ≤1000元/人/天 | 605/人/天
        elif not unit:
            big = re.match(r"[万亿](?!元)", other.unit)
            large = one.value is not None and big and one.value >= 1000
            unit = other.unit[1:] if large else other.unit
        elif unit in {"万", "亿"}:
            unit = unit + re.sub(r"^[万亿]", "", other.unit)
        if unit != one.unit:
            better = replace(one, unit=unit)
            maker.figures[maker.figures.index(one)] = better
            made[made.index(one)] = better


def _read_total(
    maker: FigureMaker,
    index: int,
    row: Sequence[Cell],
    cells: Sequence[Cell],
    project: str,
    header: dict[int, str],
) -> None:
    made = []
    for cell in cells[1:]:
        if is_blank(cell.text):
            continue
        heads = [header.get(c, "") for c in range(cell.column, cell.column + cell.column_span)]
        head = next((h for h in reversed(heads) if "得分" in h), heads[-1] if heads else "")
        key = _measure(head)[1] or "score"
        made.append(
            maker.add(
                cell,
                index,
                (cells[0].text,),
                "",
                (head,),
                subject=cells[0].text,
                measure=key,
                project=project,
                unit="分" if key in {"score", "weight"} else "",
                total=True,
            )
        )
    maker.close_row((cells[0].text,), "", row, made, True)
