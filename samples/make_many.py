"""Make many different short reports: bodies, years, items and figures drawn by seed.

    python samples/make_many.py FOLDER [--count 1000] [--first 0]

The pages are those of make_short.py, and so are the identities, which are asserted for each report.
The same seed gives the same bytes. For measuring at scale; nothing of it is kept in the repository.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import make_short as short
import yaml
from reportlab import rl_config
from reportlab.platypus import BaseDocTemplate
from sample_accounts import ZERO, d
from sample_fonts import register_fonts

WORDS: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("many_words.yaml").read_text("utf-8")
)
FUND = ("2120899", "其他国有土地使用权出让收入安排的支出")
CAPPED = {"30212": "出国", "30217": "接待", "30231": "运行"}  # what table 09 prints is not less


class Draw:
    """Amounts in 万元, exact to the cent, from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def amount(self, low: float, high: float) -> Decimal:
        cents = self.random.randint(round(low * 100), round(high * 100))
        return Decimal(cents) / 100

    def share(self, value: Decimal, low: float, high: float) -> Decimal:
        """A part of `value`, or a little more than it."""
        return (value * Decimal(str(round(self.random.uniform(low, high), 4)))).quantize(d("0.01"))

    def some(self, things: Iterable[Any], least: int) -> list[Any]:
        """At least so many of `things`, in their order."""
        everything = list(things)
        chosen = self.random.sample(
            range(len(everything)), self.random.randint(least, len(everything))
        )
        return [everything[place] for place in sorted(chosen)]


def invent(seed: int) -> dict[str, Any]:
    """One report in the form of short_reports.yaml; every identity holds."""
    draw = Draw(seed)
    pick = draw.random.choice
    body = pick(WORDS["cities"]) + pick(WORDS["areas"]) + pick(WORDS["bodies"])
    year = pick(WORDS["years"])
    public = _three_public(draw)
    economic, basic = _economic(draw, public["spent"])
    lines, sums = _items(draw, basic)
    opening, closing = draw.amount(0, 300), draw.amount(0, 300)
    business, other = draw.amount(0, 60), draw.amount(0, 40)
    own = sums["other_basic"] + sums["other_project"]
    used, distributed = draw.amount(0, 9), draw.amount(0, 5)
    # Besides appropriations: opening + income + used = spent + distributed + closing.
    kept_other = business + other + used - own - distributed
    opening_other = max(ZERO, -kept_other) + draw.amount(0, 20)
    general = sums["basic"] + sums["project"] + closing - opening
    if general < 0:
        closing, general = closing - general, ZERO
    grand = general + sums["fund"] + business + other + used + opening + opening_other
    spent = sum(sums.values(), ZERO) - sums["budget"]
    running = draw.share(basic, 0.05, 0.1)
    reasons = {key: pick(texts) for key, texts in WORDS["reasons"].items()}
    return {
        "body": body, "year": year, "kind": "accounts", "issued": f"{year + 1}年8月",
        "unit": pick(WORDS["units"]), "items": "\n".join(lines),
        "duty": f"{body}是主管本级相关工作的政府部门，负责拟订并落实有关规划、制度和标准，"
        f"组织监督检查，提供公共服务。{year}年度纳入部门决算汇编范围的独立核算单位"
        f"{draw.random.randint(1, 9)}个。",
        "income": _texts(general=general, fund=sums["fund"], business=business, other=other),
        "opening": _texts(fiscal=opening, other=opening_other),
        "closing": _texts(fiscal=closing, other=opening_other + kept_other),
        "used": str(used), "distributed": str(distributed), "economic": economic,
        "three_public": public, "running": str(running), "projects": _projects(draw),
        "purchases": {k: str(draw.amount(1, 900)) for k in ("货物", "工程", "服务")},
        "last": {
            "总计": str(draw.share(grand, 0.8, 1.2)),
            "一般": str(draw.share(spent, 0.7, 1.1)),
            "机关运行": str(draw.share(running, 0.8, 1.2)),
        },
        "reasons": reasons,
    }  # fmt: skip


def _texts(**amounts: Decimal) -> dict[str, str]:
    return {name: str(value) for name, value in amounts.items()}


def _three_public(draw: Draw) -> dict[str, Any]:
    abroad = draw.random.random() < 0.4
    budget = {
        "出国": draw.amount(5, 30) if abroad else ZERO,
        "购置": draw.amount(15, 40) if draw.random.random() < 0.3 else ZERO,
        "运行": draw.amount(4, 40),
        "接待": draw.amount(2, 15),
    }
    spent = {kind: draw.share(value, 0.5, 1.0) for kind, value in budget.items()}
    last = {kind: draw.share(value, 0.6, 1.5) for kind, value in spent.items()}
    receptions = draw.random.randint(5, 90)
    return {
        "budget": _texts(**budget), "spent": _texts(**spent), "last": _texts(**last),
        "groups": [draw.random.randint(1, 4), draw.random.randint(4, 12)] if abroad else [0, 0],
        "receptions": [receptions, receptions * draw.random.randint(4, 12)],
        "cars": draw.random.randint(1, 20),
    }  # fmt: skip


def _economic(draw: Draw, public: dict[str, str]) -> tuple[str, Decimal]:
    """The rows of table 06, and their sum, which is 基本支出."""
    rows, whole = [], ZERO
    size = draw.random.uniform(0.3, 3)
    for heading, low, high, items in WORDS["economic"]:
        rows.append(heading)
        for item in items:
            code = item.split("|")[0]
            value = draw.amount(low * size, high * size)
            if code in CAPPED:
                value = draw.share(d(public[CAPPED[code]]), 0.5, 1.0)
            rows.append(f"{item}|{value}")
            whole += value
    return "\n".join(rows), whole


def _items(draw: Draw, basic: Decimal) -> tuple[list[str], dict[str, Decimal]]:
    """The rows by function code, and the sums of their columns."""
    amounts: dict[tuple[str, str], dict[str, Decimal]] = {}
    rest = basic
    for item in draw.some(WORDS["personal"].items(), 3):
        amounts[item] = {"basic": draw.share(basic, 0.005, 0.06)}
        rest -= amounts[item]["basic"]
    amounts[("2010401", "行政运行")] = {"basic": rest, "other_basic": draw.amount(0, 40)}
    for item in draw.some(WORDS["work"].items(), 1):
        amounts[item] = {"project": draw.amount(20, 6000), "other_project": draw.amount(0, 90)}
    if draw.random.random() < 0.4:
        amounts[FUND] = {"fund": draw.amount(50, 900)}
    sums = dict.fromkeys(short.ACCOUNTS, ZERO)
    lines = []
    for (code, name), row in sorted(amounts.items()):
        general = row.get("basic", ZERO) + row.get("project", ZERO)
        row["budget"] = draw.share(general, 0.85, 1.15)
        lines.append("|".join([code, name, *(str(row.get(c) or "") for c in short.ACCOUNTS)]))
        for column, value in row.items():
            sums[column] += value
    return lines, sums


def _projects(draw: Draw) -> str:
    rows = []
    for name in draw.some(WORDS["projects"], 3):
        adjusted = draw.amount(10, 900)
        budget, spent = draw.share(adjusted, 0.8, 1.1), draw.share(adjusted, 0.6, 1.0)
        rows.append(f"{name}|部门专项|{budget}|{adjusted}|{spent}|{draw.amount(80, 99)}")
    return "\n".join(rows)


def make(folder: Path, seeds: range) -> Iterator[Path]:
    """The reports of `seeds` that are not in `folder` yet, one after the other."""
    rl_config.invariant = 1
    here = Path(__file__).parent
    scripts = [*here.glob("make_*.py"), *here.glob("sample_*.py"), *here.glob("*.yaml")]
    texts = [path.read_text("utf-8") for path in scripts]
    with tempfile.TemporaryDirectory() as fonts:
        register_fonts(short.characters(texts), Path(fonts))
        for seed in seeds:
            target = folder / f"report-{seed:05d}.pdf"
            if target.exists():
                continue
            report = short.Short(target.stem, invent(seed))
            report.check()
            draft = target.with_suffix(".part")
            document = BaseDocTemplate(
                str(draft), pageTemplates=short.short_templates(), title=report.title,
                author=report.body, subject=f"{report.title}（虚构示例）",
                creator="samples/make_many.py", lang="zh-CN",
            )  # fmt: skip
            document.build(report.story())
            draft.replace(target)
            yield target


def main() -> None:
    parser = argparse.ArgumentParser(description="Make many different short reports.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    made = sum(1 for _ in make(given.folder, range(given.first, given.first + given.count)))
    sys.stderr.write(f"{given.folder}: {made} reports made\n")


if __name__ == "__main__":
    main()
