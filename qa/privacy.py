"""Officials' names and phone numbers: told only where literally a contact is asked for.

Reports print them beside their projects and at their end. Digits are a phone number where they have
the form of one (mobile: 11 digits from 13 to 19; fixed line: area code from 0 and 7 or 8 digits)
and no more digits, point or comma beside them, so that an amount is none.
"""

from __future__ import annotations

import re
from dataclasses import replace

from qa import data
from qa.values import Answer

_PHONE = re.compile(
    r"(?<![\d.,，])(?:(?:\+?86[-\s]?)?1[3-9]\d(?:[-\s]?\d{4}){2}"
    r"|(?:[（(]0\d{2,3}[)）][-－—–\s]?|0\d{2,3}[-－—–\s]\s?)\d{7,8}(?:[-－—转]\d{1,5})?"
    r"|0(?:10|2\d|[3-9]\d{2})\d{7,8}"
    r"|(?<=话)(?P<bare>[：:\s]*\d{7,8}))"
    r"(?![\d.,]|\s*(?:万|亿)?元)"
)
_PERSON = re.compile(
    r"((?:联系人|经办人|填表人|填报人|制表人|审核人|单位负责人|财务负责人)(?:姓名)?\s*[：:]\s*)"
    r"[\u4e00-\u9fff·]{2,4}(?=[\s，。；;,、（(]|$|联系|电话)"
)


def mask_phones(text: str) -> str:
    """`text` with the last digits but three of every phone number as stars."""
    return _PHONE.sub(_stars, text)


def without_contacts(answer: Answer, question: str) -> Answer:
    """The answer without names and phone numbers, unless the question asks for a contact."""
    if re.search(data.word("asks_contact"), question):
        return answer
    citations = tuple(replace(c, quote=_covered(c.quote)) for c in answer.citations)
    conflicts = tuple(replace(c, text=_covered(c.text)) for c in answer.conflicts)
    return replace(answer, text=_covered(answer.text), citations=citations, conflicts=conflicts)


def _covered(text: str) -> str:
    return mask_phones(_PERSON.sub(r"\1**", text))


def _stars(match: re.Match[str]) -> str:
    digits = [i for i, char in enumerate(match[0]) if char.isdigit()]
    hidden = set(digits[3:])
    return "".join("*" if i in hidden else char for i, char in enumerate(match[0]))
