"""The rules as data: they load, their schema is strict, they speak of tables that exist."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from index.check import rules as module
from index.check.rules import Rules, role_of, rules
from index.errors import DataError
from index.text import squeeze


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("收入支出决算总表", "total"),
        ("2025年部门财务收支预算总表", "total"),
        ("收入决算表", "income"),
        ("2025年部门收入预算总表", "income"),
        ("支出决算表", "outlay"),
        ("2025年部门支出预算总表", "outlay"),
        ("财政拨款收入支出决算总表", "fiscal"),
        ("财政拨款收入支出决算表", "fiscal"),
        ("收入支出决算表", "total"),
        ("一般公共预算财政拨款收入支出决算表", "general"),
        ("2025年部门财政拨款收支预算总表", "fiscal"),
        ("一般公共预算财政拨款支出决算表", "general"),
        ("2025年部门一般公共预算支出功能分类预算表", "general"),
        ("一般公共预算财政拨款基本支出决算明细表", "basic"),
        ("2025年部门一般公共预算基本支出部门预算经济分类预算表", "basic"),
        ("政府性基金预算财政拨款收入支出决算表", "fund"),
        ("国有资本经营预算财政拨款支出决算表", "state"),
        ("一般公共预算和政府性基金“三公”经费支出决算表", "three"),
        ("财政拨款支出决算明细表", ""),
        ("一般公共预算财政拨款项目支出决算表", ""),
        ("项目支出绩效自评表", ""),
        ("部门决算单位构成", ""),
    ],
)
def test_roles_of_tables(title: str, role: str) -> None:
    assert role_of(squeeze(title)) == role


def test_rules_name_only_tables_that_have_a_role() -> None:
    roles = {table.role for table in rules().tables}
    used = [s.table for i in rules().identities for s in (i.left, *i.right) if not s.prose]
    used += [role for row in (*rules().rows, *rules().rollups) for role in row.tables]
    used += [select.table for whole in rules().wholes for select in whole.of]
    assert set(used) <= roles


def test_keys_are_unique() -> None:
    r = rules()
    keys = [x.key for x in (*r.identities, *r.rows, *r.rollups, *r.prose, *r.texts)]
    assert len(keys) == len(set(keys))


@pytest.fixture
def raw() -> Iterator[dict[str, object]]:
    """The file as plain data; the cached rules are put back behind the test."""
    rules.cache_clear()
    loaded = module.load_yaml("identities.yaml")
    assert isinstance(loaded, dict)
    yield yaml.safe_load(yaml.safe_dump(loaded))
    rules.cache_clear()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tolerance", "0.1"),  # no such field
        ("direction", "(unclosed"),
        ("tables", [{"role": "total", "name": "表"}]),
        ("nearly", "some"),
    ],
)
def test_the_schema_is_strict(
    raw: dict[str, object], field: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    Rules.model_validate(raw)
    monkeypatch.setattr(module, "load_yaml", lambda name: {**raw, field: value})
    with pytest.raises(DataError, match=r"identities\.yaml"):
        rules()
