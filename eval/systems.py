"""What is evaluated: our chain, the same chain with a part taken out, and the baselines' shape.

The ablations share our index and differ in one thing each:

- without structured look-up: the dialogue, the refusals and the hybrid retrieval are ours, the
  answer is the first passage and its first amount;
- without dense vectors, without keywords: our chain over one half of the retrieval.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever

from eval.gold import EvalError
from eval.passage import top_passage_answer
from eval.predict import Ask, Progress, asker
from index.errors import ReportIndexError
from index.settings import load_settings
from index.store import Store
from qa.ask import Ask as Question
from qa.dialogue import resolve
from qa.engine import Engine, open_engine
from qa.errors import QaError
from qa.evidence import Evidence
from qa.reading import normalise, read_question
from qa.refuse import refusal, without_own_body
from qa.search import PassageSearch

OURS = "本系统"
NO_LOOKUP = "去掉结构化查找"
NO_DENSE = "去掉向量"
NO_KEYWORDS = "去掉关键词"
_FAILURES = (QaError, ReportIndexError)


@dataclass(frozen=True, slots=True)
class System:
    """Something that answers: name to show, name for files ("" for ours), its retrieval if any."""

    name: str
    file: str
    ask: Ask
    retriever: BaseRetriever | None = None


def open_ours(
    pdf: Path, store: Path | None, progress: Progress, ablation: bool = False
) -> tuple[System, ...]:
    """Our chain over one report, indexed first if needed, and its ablations if wanted.

    Raises EvalError or ReportIndexError.
    """
    shelf = Store(load_settings(store=store))
    try:
        engine = open_engine(shelf.settings, pdf=pdf, progress=progress, store=shelf)
    except QaError as error:
        raise EvalError(str(error)) from error
    ours = System(OURS, "", asker(engine, _FAILURES), engine.retriever.as_retriever())
    return (ours, *ablations(engine, shelf)) if ablation else (ours,)


def ablations(engine: Engine, store: Store) -> tuple[System, ...]:
    """Our chain with one part taken out, three times."""
    report = engine.report
    halves = (
        (NO_DENSE, "no-dense", PassageSearch(store, report, dense=False)),
        (NO_KEYWORDS, "no-keywords", PassageSearch(store, report, keywords=False)),
    )
    return (
        System(NO_LOOKUP, "no-lookup", without_lookup(engine)),
        *(
            System(name, file, asker(Engine(report, half), _FAILURES), half.as_retriever())
            for name, file, half in halves
        ),
    )


def without_lookup(engine: Engine) -> Ask:
    """Our chain up to the look-up, then the first passage retrieved in the place of an answer."""
    report = engine.report

    def ask(question: str, history: Sequence[str]) -> dict[str, Any]:
        started = time.perf_counter()
        resolved = resolve(question, list(history), engine.catalogue)
        reading = read_question(without_own_body(resolved.text, report.body))
        evidence = Evidence(report, normalise(question) + reading.text)
        denied = refusal(Question(engine.catalogue, reading, engine.retriever.search, evidence))
        if denied is not None:
            answer = denied.as_dict()
        else:
            found = engine.retriever.as_retriever().retrieve(reading.text)
            answer = top_passage_answer(found[0].node if found else None, report.id)
        return {**answer, "elapsed_ms": round((time.perf_counter() - started) * 1000, 1)}

    return ask
