"""What the numbers of a paragraph are told of: names tidied, carried over and counted on."""

from __future__ import annotations

import re
from collections.abc import Collection

from index.labels import strip_number
from index.text import fold, squeeze
from index.wording import noun_of

_ARRANGED = re.compile(r"^.{0,12}?(?:财政|预算)拨款安排的(?=.{3})")
_BUDGETED = re.compile(r"(?<=费|置)预算(?=支出$)")
_QUOTED = r"[“\"][^“”\"]{1,8}[”\"]"
_NAME = 7  # characters of a project's name that is no common word


def plain_name(name: str) -> str:
    """一般公共预算拨款安排的会议费预算支出 is 会议费支出; the fund is the figure's scope."""
    return _ARRANGED.sub("", _BUDGETED.sub("", name))


def named_first(folded: str, known: Collection[str]) -> str:
    """The known project that a paragraph begins with, "" for none."""
    plain = squeeze(strip_number(folded))
    named = [n for n in known if len(n) >= _NAME and plain.startswith(n.removesuffix("项目"))]
    return max(named, key=len, default="")


def next_counted(words: str, before: str) -> str:
    """What is counted next in a list: “优”的29个，“良”的6个; 编制158人，实际141人."""
    grade, known = re.search(_QUOTED + "的?$", words), re.search(_QUOTED, before)
    if grade and known:
        return before[: known.start()] + grade[0].removesuffix("的") + before[known.end() :]
    held = re.fullmatch("(年末)?(实际|实有|现有|在编|在岗)(有|人数)?", words)
    if held and re.sub(r"\([^()]*\)$", "", before).endswith("编制"):
        return f"{before}实有人数"
    return before


def section_subject(section: tuple[str, ...]) -> str:
    """What a section is about where its heading names one expense: （二）公务接待费支出情况."""
    name = strip_number(section[-1]) if section else ""
    if not re.search(r"三公|接待费|用车|因公出国|机关运行经费", name) or len(name) > 40:
        return ""
    name = re.sub(r"(?:支出)?(?:决算|预算)?(?:总体|具体)?(?:支出)?(?:情况)?(?:说明)?$", "", name)
    return noun_of(fold(name))
