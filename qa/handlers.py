"""Which operations answer which intent, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable

from qa import (
    between,
    bodies,
    checks,
    compare,
    conflicts,
    duties,
    each,
    explain,
    facts,
    filters,
    gaps,
    indicators,
    kinds,
    movers,
    notes,
    parts,
    portion,
    purpose,
    ranking,
    ratios,
    rows,
    shares,
    stated,
    sums,
    textual,
    trend,
    verify,
    wholly,
    yesno,
)
from qa.ask import Ask
from qa.values import Answer

Handler = Callable[[Ask], Answer | None]


# What is tried whatever the intent: each looks for a wording of its own.
FIRST: tuple[Handler, ...] = (
    portion.divided,
    portion.monthly,
    portion.per_body,
    each.each,
    each.whole_and_part,
    each.counters,
    each.any_of,
    each.changes,
    parts.listed,
    duties.held,
    bodies.nature,
    textual.which_entry,
    notes.project_note,
    conflicts.all_found,
    facts.date_met,
    facts.grade,
    facts.date_told,
    facts.of_project,
    yesno.same_as_last_year,
    indicators.lost,
    indicators.all_met,
    ratios.mean_of_projects,
    verify.either,
    verify.rate_checked,
    stated.converted,
    between.beyond_basic,
    wholly.wholly,
)


# Which operations answer an intent, in order; the look-up and the words of the report come last.
HANDLERS: dict[str, tuple[Handler, ...]] = {
    "where": (textual.where,),
    "definition": (explain.definition,),
    "reason": (explain.reason,),
    "conflict": (
        verify.listed_but_blank,
        conflicts.alike_names,
        between.tables_agree,
        checks.signed_parts,
        checks.parts_against_whole,
        facts.conflicting_text,
        verify.two_told,
        conflicts.conflict_question,
        conflicts.found_wrong,
    ),
    "last_year": (trend.last_year,),
    "rank": (movers.ranked, gaps.ranked, indicators.ranked, kinds.ranked, ranking.rank),
    "times": (ratios.times,),
    "unspent": (compare.unspent,),
    "difference": (
        between.two_scopes,
        checks.signed_parts,
        between.two_tables,
        compare.difference,
        between.two_projects,
    ),
    "per": (ratios.per_given, ratios.project_mean, ratios.counts_ratio, ratios.per),
    "sum": (sums.summed, compare.sum_of),
    "share": (shares.share,),
    "yes_no": (
        bodies.separate,
        verify.listed_but_blank,
        checks.signed_parts,
        checks.parts_told,
        yesno.yes_no,
    ),
    "change": (trend.change,),
    "count": (
        explain.counted_terms,
        textual.counted_entries,
        kinds.counted,
        bodies.counted,
        indicators.counted,
        rows.counted,
        filters.counted,
        textual.counted_in_words,
    ),
    "list": (
        kinds.listed,
        bodies.listed,
        indicators.listed,
        textual.named_behind,
        rows.listed,
        filters.listed,
        textual.list_answer,
    ),
    "text": (
        purpose.told,
        kinds.listed,
        bodies.listed,
        indicators.listed,
        textual.named_behind,
        textual.numbered_item,
        facts.text_fact,
        explain.definition,
    ),
    "matching": (filters.matching,),
}
