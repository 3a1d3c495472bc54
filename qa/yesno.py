"""Yes/no questions: existence, budget kept, target met, all of a grade, more or less than."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from index.text import fold, numbers_in, squeeze
from index.values import Figure
from prompts import say
from qa import data, explain, grades, refuse, sincelast
from qa.ask import Ask, by_id, first_sure, split_same, variants
from qa.catalogue import Hit
from qa.compare import budget_and_final, target_pair
from qa.evidence import amount, amount_of
from qa.indicators import Indicator, verdict
from qa.lookup import note_of_empty_table, told
from qa.names import MONEY, key
from qa.plan import Plan, Step, label_of, name_of, run
from qa.reading import content_of, numeral, read_question
from qa.sets import project_named
from qa.textual import Quote, best_sentence, cite_quote, prose_clauses
from qa.units import convert, money_said
from qa.values import Answer
from qa.wordpairs import split_pair

_NEGATION = re.compile(data.word("denial"))
_TAG = re.compile("没有?[?。]?$")  # 查出问题没有


def yes_no(ask: Ask) -> Answer | None:
    """The first way of deciding the question that applies."""
    for decide in (
        included,
        purchase_planned,
        grades.grade_of_one,
        grades.all_of_grade,
        grades.any_of_grade,
        over_budget,
        fully_spent,
        target_met,
        sincelast.against_last_year,
        sincelast.told_to_have_moved,
        against_bound,
        more_than_other,
        spent_at_all,
        existence,
    ):
        if decide is spent_at_all and re.search(data.word("against_last_year"), ask.text):
            return None  # that there is some says nothing of last year
        answer = decide(ask)
        if answer is not None:
            return answer
    return None


def purchase_planned(ask: Ask) -> Answer | None:
    """今年要不要买单价50万元以上的设备: the clause that says what is to be bought, or not."""
    asked = re.search(data.word("purchase_planned"), ask.text)
    if asked is None or ask.report.kind != "budget":
        return None
    bounds = _bounds(fold(ask.text))
    for quote, clause in prose_clauses(ask):
        told = re.search(data.word("purchase_told"), clause)
        if (
            told is None
            or asked["thing"] not in clause
            or (bounds and not bounds & _bounds(clause))
        ):
            continue
        cite_quote(ask, quote)
        some = told["not"] is None and not re.search(r"(?<![\d.])0(台|辆|套|件|部)", clause)
        return ask.evidence.decided(some, say("quote", quote=quote.text.strip()), have=True)
    return None


def _bounds(text: str) -> set[str]:
    """The numbers of 万 that a text names: 单价50万元以上."""
    return set(re.findall(r"\d+(?=万)", text))


def included(ask: Ask) -> Answer | None:
    """公务接待费包括外宾接待吗: whether the glossary's words on the one name the other."""
    match = re.search(data.word("asks_if_included"), ask.text)
    if match is None:
        return None
    inner = replace(ask, reading=read_question(f"什么是{match['whole']}"))
    part = content_of(match["part"]).replace(" ", "")
    answer = explain.definition(inner)
    quote = answer.citations[0].quote if answer is not None and answer.citations else ""
    if not quote and (meant := explain.meant_by(ask, match["whole"])) is not None:
        cite_quote(ask, meant)
        quote = meant.text.strip()
    if len(part) < 2 or not any(key(w) in key(quote) for w in variants(part)):
        return None
    return ask.evidence.decided(True, say("definition", quote=quote))


def over_budget(ask: Ask) -> Answer | None:
    """超预算了吗: final against budget."""
    within = bool(re.search(data.word("within_budget"), ask.text))
    if not within and not re.search(data.word("over_budget"), ask.text):
        return None
    pair = budget_and_final(ask)
    if pair is None:
        return None
    sign = _sign(pair)
    verdict = "超过预算" if sign > 0 else "没有超预算" if sign < 0 else "没有超预算，与预算持平"
    return _against_budget(ask, pair, (sign > 0) != within, verdict)


def fully_spent(ask: Ask) -> Answer | None:
    """预算执行完了吗: executed against budget."""
    if not re.search(data.word("spent_to_the_end"), ask.text):
        return None
    pair = budget_and_final(ask, "budget_adjusted")
    if pair is None:
        return None
    whole = _sign(pair) >= 0
    answer = _against_budget(ask, pair, whole, "已全部执行" if whole else "没有全部执行")
    return answer if whole else _with_rest(ask, pair, answer)


def _with_rest(ask: Ask, pair: tuple[Figure, Figure], answer: Answer) -> Answer:
    """The same with what was left: the budget less what was spent."""
    budget, final = pair
    calculation = run(Plan((Step("subtract", (budget.id, final.id)),)), by_id(pair))
    ask.evidence.result(calculation, pair, f"{name_of(final)}未执行数")
    text = say("computed", label="未执行", formula=calculation.formula)
    return ask.evidence.answer(answer.text + text, polarity=answer.polarity)


def _sign(pair: tuple[Figure, Figure]) -> int:
    """1 where the final figure of (budget, final) is above the budget, 0 level, -1 below."""
    budget, final = map(amount_of, pair)
    return (final > budget) - (final < budget)


def _against_budget(ask: Ask, pair: tuple[Figure, Figure], yes: bool, verdict: str) -> Answer:
    budget, final = pair
    for f in (final, budget):
        ask.evidence.value(f, split_same(ask, f)[0][:2])
    text = say(
        "over_budget",
        label=name_of(final),
        value=amount(final),
        budget=amount(budget),
        verdict=verdict,
    )
    return ask.evidence.decided(yes, text)


def target_met(ask: Ask) -> Answer | None:
    """完成指标了吗: actual against target, in the direction that the target's sign says."""
    exceeded = re.search(data.word("asks_exceeded"), ask.text)
    if not exceeded and not re.search(data.word("asks_target"), ask.text):
        return None
    pair = target_pair(ask)
    if pair is None:
        return None
    target, actual = pair
    if target.value is None or actual.value is None:
        return None
    indicator = Indicator(actual, target, None, None)
    if indicator.met is None:
        return None
    return ask.evidence.decided(indicator.met != bool(exceeded), verdict(ask, indicator))


def against_bound(ask: Ask) -> Answer | None:
    """超过八成了吗: a printed figure against the bound in the question."""
    tenth = re.search(r"([一二两三四五六七八九])成(半)?", ask.text)
    number = re.search(data.word("bound_in_question"), ask.reading.original)
    half = re.search(data.word("half"), ask.text)
    if not half and (not (tenth or number) or not re.search(data.word("asks_bound"), ask.text)):
        return None
    if half:
        bound, unit = Decimal(50), "%"
    elif tenth:
        bound = Decimal((numeral(tenth[1]) or 0) * 10 + (5 if tenth[2] else 0))
        unit = "%"
    else:
        assert number is not None
        bound = Decimal(number[1])
        unit = money_said(number[2])
    words = re.sub(
        data.word("half") if half else data.word("bound_words"),
        " ",
        ask.text,
    )
    asked = ask.reading.measure
    measure = (
        "share"
        if half or (unit == "%" and re.search("占|成|采购|合同", ask.text))
        else ("actual" if asked in {"target", "goal"} else asked)
    )
    hits = ask.find(
        content=content_of(words),
        measure=measure,
        units=(unit,) if unit not in MONEY else (*MONEY, "元/人/天", "元/人", "元/天"),
    )
    hit = first_sure(
        [h for h in hits if h.figure.unit.split("/")[0] == unit or h.figure.unit in MONEY]
    )
    if hit is None or hit.figure.value is None:
        return None
    figure = hit.figure
    value = amount_of(figure)
    limit = convert(bound, unit, "元") if unit in MONEY else bound
    below = bool(re.search(r"低于|小于|不到|不足", ask.text))
    within = bool(re.search(r"以内|之内|控制在|不超过?", ask.text))
    yes = value < limit if below else value <= limit if within else value > limit
    ask.evidence.value(figure, split_same(ask, figure)[0][:2])
    return ask.evidence.decided(yes, say("reported", label=label_of(figure), value=amount(figure)))


def more_than_other(ask: Ask) -> Answer | None:
    """A比B多吗: two figures, or an item against its budget."""
    text = ask.text
    if re.search(data.word("more_than_budget"), text):
        pair = budget_and_final(ask)
        if pair is None:
            return None
        sign = _sign(pair)
        said = 0 if "等于" in text else 1 if re.search(r"高|多|大|超", text) else -1
        yes = (sign == said) != bool(re.search(data.word("asks_contradiction"), text))
        verdict = {1: "高于预算", 0: "与预算持平", -1: "低于预算"}[sign]
        return _against_budget(ask, pair, yes, verdict)
    sides = _sides(text)
    if sides is None:
        return None
    one, other, more, measure = sides
    if any(re.fullmatch(data.word("year_alone"), side) for side in (one, other)):
        return None  # 比上年减少了吗: a year is nothing to compare with by itself
    a, b = _linked(ask, one, other, measure), _linked(ask, other, one, measure)
    if a is None or b is None or a.figure.value is None or b.figure.value is None:
        return refuse.refused(ask, say("not_comparable", first=one, second=other))
    if measure and (
        a.figure.id == b.figure.id or {a.figure.measure, b.figure.measure} != {measure}
    ):
        return refuse.refused(ask, say("not_comparable", first=one, second=other))
    first, second = amount_of(a.figure), amount_of(b.figure)
    for f in (a.figure, b.figure):
        ask.evidence.value(f)
    text = say("reported", label=label_of(a.figure), value=amount(a.figure)) + say(
        "reported", label=label_of(b.figure), value=amount(b.figure)
    )
    return ask.evidence.decided(first > second if more else first < second, text)


def _sides(text: str) -> tuple[str, str, bool, str] | None:
    """(A, B, whether A is said to be more, the measure of both where the words say it)."""
    if match := re.search(data.word("compared_changes"), text):
        return match["a"], match["b"], match["word"] in "大高快猛", "change_rate"
    match = re.search(data.word("compared_by_verb"), text)
    if match and not re.search(r"\d", match["b"]):
        return match["a"], match["b"], match["more"] is not None, ""
    pair = split_pair(text) if re.search(r"比.{2,20}(多|高|大|少|低|小)", text) else None
    return (*pair, bool(re.search(r"多|高|大", text)), "") if pair else None


def _linked(ask: Ask, words: str, other: str, measure: str) -> Hit | None:
    """The figure of one side; of two changes, the one without a scope is that of all funds."""
    if not measure:
        return ask.link(words)
    own = read_question(words).scope
    scope = own or ("全口径" if read_question(other).scope else "")
    return ask.link(words, measure=measure, scope=scope)


def spent_at_all(ask: Ask) -> Answer | None:
    """X项目付过款吗: whether what was spent on the project named is above zero."""
    if not re.search(data.word("asks_spent"), ask.text):
        return None
    member = project_named(ask)
    figure = member.figures.get("executed") if member else None
    if figure is None or figure.value is None:
        return None
    return ask.evidence.decided(figure.value > 0, told(ask, figure), have=True)


def existence(ask: Ask) -> Answer | None:
    """有没有X: a figure above zero, or the sentence that says there is none."""
    if re.search(data.word("equality"), ask.text):
        return None  # that a figure is there does not say what it equals
    of_all = re.search(data.word("of_all"), ask.text)
    if of_all and not [n for *_, n in numbers_in(ask.text.replace(of_all.group(), ""))]:
        return None  # nor that it is all, where the whole is not given (45万元全部是项目支出)
    hit = first_sure(ask.find(units=()))
    if hit is not None and hit.named >= 0.45 and hit.figure.state != "text":
        figure = hit.figure
        note = note_of_empty_table(ask, figure)
        if figure.value is None:
            ask.evidence.cite(figure)
            if note:
                return ask.evidence.decided(False, note, have=True)
            denial = _sentence(replace(ask, evidence=ask.evidence.fresh()))
            if denial is not None and denial.polarity == "no":
                return denial
            text = say("blank", label=label_of(figure), table=figure.table)
            return ask.evidence.decided(False, text, have=True)
        same, different = split_same(ask, figure)
        ask.evidence.value(figure, same[:4])
        text = say("reported", label=label_of(figure), value=amount(figure)) + note
        if different:
            text += ask.evidence.conflict([figure, *different[:2]])
        denied = bool(re.search(data.word("asked_to_deny"), ask.text))
        if denied:
            return ask.evidence.decided(figure.value == 0, text)
        return ask.evidence.decided(figure.value > 0, text, have=True)
    return _sentence(ask)


def _sentence(ask: Ask) -> Answer | None:
    content = re.sub(r"有|没|单位|名下", " ", ask.reading.content)
    found = best_sentence(ask, 0.55, content=content)
    if found is None:
        return None
    text = found.text
    if not isinstance(found, Quote):
        return None  # a row of a table says neither yes nor no
    cite_quote(ask, found)
    negative = bool(_NEGATION.search(squeeze(text)))
    asks_negative = (
        bool(re.search(r"(没有|无|未)(?!.*(没有|吗))", _TAG.sub("", ask.text)))
        and "有没有" not in ask.text
    )
    yes = not negative if not asks_negative else negative
    return ask.evidence.decided(yes, say("quote", quote=text.strip()), have=True)
