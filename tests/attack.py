"""Every plan that a lying model could make, tried on a gold set as if no question had an answer.

`python -m tests.attack [GOLD.jsonl PDF] [--store DIR]` prints how many plans the gate let through,
and each whose answer is scored as a wrong figure. Plans: each figure offered, each pair under each
operation, each pair added and then divided by, taken from, or set against a third.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from eval.gold import GoldItem, load_gold
from eval.score import score_answer
from index.settings import load_settings
from index.values import Figure
from qa.dialogue import resolve
from qa.engine import Engine, open_engine
from qa.model import gate
from qa.model.assistant import carried_out
from qa.model.planner import Picked, candidates
from qa.plan import Plan, Step
from qa.refuse import without_own_body
from qa.spelling import correct

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_GOLD = ROOT / "eval" / "gold" / "sample.jsonl"
_PAIRED = ("add", "subtract", "divide", "percent", "mean")
_THIRD = 8  # candidates that take part in plans of three figures


def plans(offered: list[Figure]) -> Iterator[Picked]:
    """Every plan of one, two or three figures."""
    for figure in offered:
        yield Picked((figure,))
    for a, b in permutations(offered, 2):
        for operation in _PAIRED:
            yield Picked((a, b), Plan((Step(operation, (a.id, b.id)),)))  # type: ignore[arg-type]
    for a, b, c in permutations(offered[:_THIRD], 3):
        added = Step("add", (a.id, b.id))
        for operation in ("subtract", "divide", "percent"):
            for operands in (("#0", c.id), (c.id, "#0")):
                yield Picked((a, b, c), Plan((added, Step(operation, operands))))  # type: ignore[arg-type]


def attack(engine: Engine, item: GoldItem) -> tuple[int, int, list[str]]:
    """Plans tried, plans let through, and what is wrong with the answers of these."""
    resolved = resolve(item.question, list(item.history), engine.catalogue)
    text = without_own_body(resolved.text, engine.report.body)
    reading, _ = correct(text, engine.catalogue)
    tried, passed, wrong = 0, 0, []
    ask = engine.new_ask(reading, item.question)
    plainly = gate.asks_plainly(ask)  # the gate's first rule, asked once
    for picked in plans(list(candidates(ask).values())):
        tried += 1
        if not plainly:
            continue
        sound = gate.borne_out(ask, picked)
        answer = carried_out(engine.new_ask(reading, item.question), sound) if sound else None
        if answer is None:
            continue
        passed += 1
        if score_answer(item, answer.as_dict()).wrong_figure:
            wrong.append(f"{item.id} {item.question} -> {answer.text}")
    return tried, passed, wrong


def main(arguments: list[str]) -> int:
    store = None
    if "--store" in arguments:
        at = arguments.index("--store")
        store = Path(arguments[at + 1])
        arguments = arguments[:at] + arguments[at + 2 :]
    gold, pdf = arguments or [
        str(SAMPLE_GOLD),
        str(ROOT / "samples/yunhai-data-2024.pdf"),
    ]
    engine = open_engine(load_settings(store=store), pdf=Path(pdf))
    results = [attack(engine, item) for item in load_gold(Path(gold))]
    wrong = [line for _, _, lines in results for line in dict.fromkeys(lines)]
    print("\n".join(wrong))
    tried, passed = sum(r[0] for r in results), sum(r[1] for r in results)
    print(f"{tried} plans tried, {passed} let through, {len(wrong)} wrong figures")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
