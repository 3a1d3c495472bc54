"""The gold validator: format, sums against values, pages and figures against the report.

An error means that the item cannot be right as it stands (a page that does not exist, an `expr`
that gives another value). A note is for a person to look at: a figure need not be printed in the
digits of the gold value on the page that proves it.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation
from pathlib import Path
from typing import Any

import pypdfium2

from eval.gold import GoldError, GoldItem, Problem, join_pages, read_gold
from eval.measures import convert
from index.text import numbers_in


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found wrong, or to look at when it is no error."""

    problem: Problem
    error: bool

    def __str__(self) -> str:
        return f"{'错误' if self.error else '提示'}：{self.problem}"


def check_gold(gold: Path, pdf: Path | None = None) -> tuple[Finding, ...]:
    """Everything found in a gold set, by line. Raises GoldError when a file cannot be read."""
    found = read_gold(gold)
    texts = page_texts(pdf) if pdf else None
    findings = [Finding(problem, True) for problem in found.problems]
    for item, line in zip(found.items, found.lines, strict=True):
        for error, text in _faults(item, texts):
            findings.append(Finding(Problem(gold, line, f"{item.id}：{text}"), error))
    return tuple(sorted(findings, key=lambda finding: finding.problem.line))


def page_texts(pdf: Path) -> list[str]:
    """The text of each page as pdfium reads it. Raises GoldError when the file is no PDF."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except (OSError, pypdfium2.PdfiumError) as error:
        raise GoldError(f"{pdf} 不能作为 PDF 打开：{error}。请检查文件。") from error
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def _faults(item: GoldItem, texts: list[str] | None) -> Iterator[tuple[bool, str]]:
    if item.expr is not None:
        yield from _sum_faults(item, item.expr)
    if texts is None:
        return
    pages = frozenset[int]().union(*item.page_sets)
    missing = frozenset(page for page in pages if page > len(texts))
    if missing:
        yield True, f"第 {join_pages(missing)} 页不存在，报告共 {len(texts)} 页"
    elif pages:
        printed = {abs(value) for page in pages for _, _, value in numbers_in(texts[page - 1])}
        yield from _not_printed(item, printed, join_pages(pages))


def _not_printed(item: GoldItem, printed: set[Decimal], where: str) -> Iterator[tuple[bool, str]]:
    """Figures of the item that its pages do not show: value, operands, figures in must_include."""
    if item.value and item.expr is None and not printed & {abs(v) for v in _printed_forms(item)}:
        yield False, f"第 {where} 页上没有印着 {item.value}"
    if item.expr is not None:
        for operand in _operands(item.expr) - printed - _CONSTANTS:
            yield False, f"第 {where} 页上没有印着算式中的 {operand}"
    computed = _result(item.expr) | ({abs(item.value)} if item.value else set())
    for entry in item.must_include:
        figures = {value for part in entry.split("|") if (value := _figure(part)) is not None}
        if figures and not figures & (printed | computed):
            yield False, f"第 {where} 页上没有印着 must_include 中的 {entry}"


_CONSTANTS = {Decimal(text) for text in ("1", "100", "10000", "100000000")}


def _operands(expr: str) -> set[Decimal]:
    """The numbers of an expression, but for those that it is compared with."""
    try:
        tree = ast.parse(expr.strip(), mode="eval")
    except SyntaxError:
        return set()  # told by `_sum_faults`
    limits = {id(side) for node in ast.walk(tree) if isinstance(node, ast.Compare)
              for side in node.comparators}  # fmt: skip
    return {
        Decimal(ast.get_source_segment(expr.strip(), node) or "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and id(node) not in limits
    }


def _result(expr: str | None) -> set[Decimal]:
    """What an expression gives, as it may be shown with two decimals; empty without one."""
    if expr is None:
        return set()
    try:
        return {abs(calculate(expr)), abs(round(calculate(expr), 2))}
    except ValueError:
        return set()  # told by `_sum_faults`


def _figure(text: str) -> Decimal | None:
    plain = text.replace(",", "")
    return Decimal(plain) if re.fullmatch(r"\d+\.\d+", plain) else None


def _sum_faults(item: GoldItem, expr: str) -> Iterator[tuple[bool, str]]:
    try:
        result = calculate(expr)
    except ValueError as error:
        yield True, f"expr 不能计算：{error}"
        return
    if item.value is None:
        return
    last_digit = Decimal(1).scaleb(int(item.value.as_tuple().exponent))
    if abs(result - item.value) > max(item.tolerance, last_digit / 2):
        yield True, f"expr 的结果 {result:.10g} 与 value {item.value} 不符"


def _printed_forms(item: GoldItem) -> Iterator[Decimal]:
    """The gold value as it may be printed: in its unit and the other units of money."""
    targets = [(item.value, item.unit)] + [(other.value, other.unit) for other in item.also_accept]
    for value, unit in targets:
        if value is None or unit is None:
            continue
        yield value
        for other in ("元", "万元", "亿元"):
            shown = convert(value, unit, other)
            if shown is not None:
                yield shown


_OPERATORS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_CALLS: Mapping[str, Callable[[Any], Any]] = {
    "len": len,
    "sum": sum,
    "min": min,
    "max": max,
    "abs": abs,
}


def calculate(expr: str) -> Decimal:
    """The exact value of a sum as gold sets write it; nothing else of Python is understood.

    Numbers, `+ - * /`, brackets, lists, `len sum min max abs`, and
    `sum(x < 98 for x in [...])`. Raises ValueError saying what it does not understand.
    """
    try:
        tree = ast.parse(expr.strip(), mode="eval")
    except SyntaxError as error:
        raise ValueError(f"{expr!r} 不是算式") from error
    try:
        result = _value(tree.body, expr.strip(), {})
    except (DivisionByZero, InvalidOperation) as error:
        raise ValueError(f"{expr!r} 除以零") from error
    except TypeError as error:
        raise ValueError(f"{expr!r} 对不是数的东西作了计算") from error
    if not isinstance(result, Decimal | int):
        raise ValueError(f"{expr!r} 的结果不是一个数")
    return Decimal(result)


def _value(node: ast.expr, source: str, names: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return node.value
        return Decimal(ast.get_source_segment(source, node) or "")
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, source, names)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = (_value(side, source, names) for side in (node.left, node.right))
        return _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS:
        left, right = (_value(side, source, names) for side in (node.left, node.comparators[0]))
        return _COMPARISONS[type(node.ops[0])](left, right)
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(entry, source, names) for entry in node.elts]
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        return _each(node, source, names)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _CALLS
        and len(node.args) == 1
        and not node.keywords
    ):
        return _CALLS[node.func.id](_value(node.args[0], source, names))
    raise ValueError(f"不认识 {ast.get_source_segment(source, node)!r}")


def _each(
    node: ast.GeneratorExp | ast.ListComp, source: str, names: Mapping[str, Any]
) -> list[Any]:
    loop = node.generators[0]
    if len(node.generators) > 1 or not isinstance(loop.target, ast.Name):
        raise ValueError(f"不认识 {ast.get_source_segment(source, node)!r}")
    found = []
    for entry in _value(loop.iter, source, names):
        inner = {**names, loop.target.id: entry}
        if all(_value(test, source, inner) for test in loop.ifs):
            found.append(_value(node.elt, source, inner))
    return found
