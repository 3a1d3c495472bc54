"""Whether a text says no more than the passages that it cites.

`faults` names what is wrong, in Chinese, so that the model can be asked once more. Nothing here
trusts the text: each sentence must cite a passage that exists; each number, date and percentage
must stand there with its unit and behind the same words; what is quoted must stand there literally;
rises, falls and negations must be those of the passage; most of the words must be the passage's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text import fold, squeeze
from prompts import instruct
from qa import data
from qa.ask import weighty
from qa.model.amounts import Amount, amounts_of, odd_digits, single_numerals, vague_words
from qa.names import key, pairs

_LONGEST = 800
_OWN_WORDS = 0.6  # least share of a sentence's character pairs that its passages hold
_BEFORE = 4  # characters before a rise or fall that must be the passage's
_MARK = re.compile(r"\[(\d+)\]")
_MARKS_LAST = re.compile(r"([。！!？?])((?:\s*\[\d+\])+)")
_SENTENCES = re.compile(r"[^。！!？?\n]+[。！!？?]?")
_QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"]+)[”」』\"]")
_MARKUP = re.compile(r"https?:|www\.|<|>|\]\(|`|\*\*|^#", re.MULTILINE)


def tidy(text: str) -> str:
    """The text with its citation marks in one form, before the full stop."""
    text = re.sub(r"[\[［【〔](\d+)[\]］】〕]", r"[\1]", text.strip())
    text = re.sub(r"\[(\d+(?:\s*[,，、]\s*\d+)+)\]", _apart, text)
    return _MARKS_LAST.sub(lambda m: re.sub(r"\s", "", m[2]) + m[1], text)


def faults(text: str, passages: Sequence[str], question: str, year: int | None) -> list[str]:
    """What is wrong with a tidied text; nothing when it may be shown.

    Of the question only words may be repeated, no numbers; `year` is the report's.
    """
    if not text:
        return [instruct("fault_empty")]
    if len(text) > _LONGEST:
        return [instruct("fault_long", most=_LONGEST)]
    found = [instruct("fault_markup")] if _MARKUP.search(text) else []
    found += [instruct("fault_number", written=c) for c in odd_digits(text)]
    for sentence in _SENTENCES.findall(text):
        if len(key(_MARK.sub("", sentence))) > 1:
            found += _sentence_faults(sentence.strip(), passages, question, year)
    return list(dict.fromkeys(found))


def _sentence_faults(
    sentence: str, passages: Sequence[str], question: str, year: int | None
) -> list[str]:
    marks = [int(n) for n in _MARK.findall(sentence)]
    bare = _MARK.sub("", sentence)
    if not marks:
        return [instruct("fault_uncited", sentence=bare)]
    outside = [n for n in marks if not 1 <= n <= len(passages)]
    if outside:
        return [instruct("fault_range", mark=n, most=len(passages)) for n in outside]
    cited = [passages[n - 1] for n in dict.fromkeys(marks)]
    return [
        *_number_faults(bare, cited, year),
        *_quote_faults(bare, cited),
        *_direction_faults(bare, cited),
        *_negation_faults(bare, cited),
        *_word_faults(bare, cited, question),
    ]


def _number_faults(sentence: str, cited: Sequence[str], year: int | None) -> list[str]:
    known = [amount for passage in cited for amount in amounts_of(passage)]
    whole = squeeze("|".join(cited))
    found = []
    for amount in amounts_of(sentence):
        if not _stands(amount, known, year):
            found.append(instruct("fault_number", written=amount.written))
    for _, around in single_numerals(sentence):
        if squeeze(around) not in whole and not re.search("一", around):
            found.append(instruct("fault_number", written=around))
    for words in vague_words(sentence):
        if squeeze(words) not in whole:
            found.append(instruct("fault_number", written=words))
    return found


def _stands(amount: Amount, known: Sequence[Amount], year: int | None) -> bool:
    alike = [k for k in known if k.same(amount)]
    if amount.is_date:
        return bool(alike) or (amount.unit == "年" and amount.value == year)
    return any(k.lead == amount.lead for k in alike)


def _quote_faults(sentence: str, cited: Sequence[str]) -> list[str]:
    whole = squeeze("|".join(cited))
    return [
        instruct("fault_quote", quote=quote)
        for quote in _QUOTED.findall(sentence)
        if squeeze(quote) not in whole
    ]


def _direction_faults(sentence: str, cited: Sequence[str]) -> list[str]:
    """Rises and falls that the passages do not tell.

    Where they tell of both, the words before must be theirs too, unless a number follows, which is
    checked with what leads to it.
    """
    folded, sources = fold(sentence), [fold(p) for p in cited]
    patterns = [data.compiled(p) for p in data.model_words().directions.values()]
    told = [p for p in patterns if any(p.search(source) for source in sources)]
    whole = squeeze("|".join(sources))
    numbers = {amount.start for amount in amounts_of(folded)}
    found = []
    for pattern in patterns:
        for match in pattern.finditer(folded):
            clause = re.split(r"[，,；;：:]", folded[: match.start()])[-1][-_BEFORE:]
            followed = any(0 <= n - match.end() <= 1 for n in numbers)
            if pattern not in told or (
                len(told) > 1 and not followed and squeeze(clause + match.group()) not in whole
            ):
                found.append(instruct("fault_direction", word=match.group()))
    return found


def _negation_faults(sentence: str, cited: Sequence[str]) -> list[str]:
    """A negation added to words of the passage, or taken from them."""
    here, there = _negations(sentence), [_negations(p) for p in cited]
    denied = {word for negated, _ in there for word in negated}
    affirmed = {word for _, plain in there for word in plain}
    found = [instruct("fault_negation", word=w) for w in sorted(here[0] - denied)]
    return found + [
        instruct("fault_negation", word=w) for w in sorted((here[1] & denied) - affirmed)
    ]


def _negations(text: str) -> tuple[set[str], set[str]]:
    """The pairs of characters right behind a negation, and all the other pairs."""
    words = data.model_words()
    plain = key(data.compiled(words.plain_negation).sub("", fold(text)))
    negated, places = set(), set()
    for match in data.compiled(words.negation).finditer(plain):
        pair = plain[match.end() : match.end() + 2]
        if len(pair) == 2:
            negated.add(pair)
            places.add(match.end())
    others = {plain[i : i + 2] for i in range(len(plain) - 1) if i not in places}
    return negated, others


def _word_faults(sentence: str, cited: Sequence[str], question: str) -> list[str]:
    words = fold(sentence)
    for amount in reversed(amounts_of(words)):  # these are checked by themselves
        words = words[: amount.start] + "|" + words[amount.end :]
    own = {p for part in words.split("|") for p in pairs(key(weighty(part)))}
    held = pairs(key("".join(cited))) | pairs(key(weighty("".join(cited)))) | pairs(key(question))
    if own and len(own & held) < _OWN_WORDS * len(own):
        return [instruct("fault_words", sentence=sentence)]
    return []


def _apart(match: re.Match[str]) -> str:
    return "".join(f"[{n}]" for n in re.findall(r"\d+", match[1]))
