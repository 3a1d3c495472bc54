"""The file of users: hashes only, changes count at once, every fault in one line."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.serve.__main__ import app
from qa.serve.limits import Rate
from qa.serve.users import (
    AccessError,
    Users,
    new_token,
    read_entries,
    remove_user,
    set_password,
)

PASSWORD = "correct horse battery"


def test_the_file_holds_hashes_only_and_is_the_owners(tmp_path: Path) -> None:
    path = tmp_path / "users"
    set_password(path, "王科", PASSWORD)
    set_password(path, "李会计", PASSWORD)
    token = new_token(path, "王科")
    text = path.read_text("utf-8")
    assert PASSWORD not in text and token not in text
    first, second, _ = read_entries(path)
    assert first.hashed != second.hashed, "salted"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["users"]


def test_passwords_and_tokens(tmp_path: Path) -> None:
    path = tmp_path / "users"
    set_password(path, "a", PASSWORD)
    token = new_token(path, "a")
    users = Users(path)
    for _ in range(2):  # the second time it is remembered
        assert users.password("a", PASSWORD)
    assert not users.password("a", PASSWORD + "x")
    assert not users.password("b", PASSWORD)
    assert not users.password("", "")
    assert users.token(token) == "a"
    assert users.token("") is None and users.token(token[:-1]) is None


def test_a_change_counts_at_once(tmp_path: Path) -> None:
    path = tmp_path / "users"
    set_password(path, "a", PASSWORD)
    old = new_token(path, "a")
    users = Users(path)
    assert users.password("a", PASSWORD) and users.token(old) == "a"
    set_password(path, "a", "another password")
    fresh = new_token(path, "a")
    assert not users.password("a", PASSWORD), "what was remembered is of the old hash"
    assert users.token(old) is None and users.token(fresh) == "a"
    remove_user(path, "a")
    assert not users.password("a", "another password")
    assert users.token(fresh) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [("a:b", "第 1 行"), ("a:key:x", "第 1 行"), ("a b:token:x", "第 1 行"), ("::", "第 1 行")],
)
def test_a_line_of_another_form_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "users"
    path.write_text(line)
    with pytest.raises(AccessError, match=said):
        Users(path)


@pytest.mark.parametrize("name", ["", "a:b", "a b", "a\nb", "x" * 65])
def test_names_that_will_not_do(tmp_path: Path, name: str) -> None:
    with pytest.raises(AccessError, match="用户名"):
        set_password(tmp_path / "users", name, PASSWORD)


def test_a_missing_file_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match=r"python -m qa\.serve user"):
        Users(tmp_path / "none")


def test_the_commands(tmp_path: Path) -> None:
    file = ["--file", str(tmp_path / "users")]
    run = CliRunner().invoke
    assert run(app, ["user", "a", *file], input=f"{PASSWORD}\n").exit_code == 0
    token = run(app, ["token", "a", *file]).stdout.strip()
    assert Users(tmp_path / "users").token(token) == "a"
    assert run(app, ["users", *file]).stdout == "a\tpassword\na\ttoken\n"
    short = run(app, ["user", "b", *file], input="short\n")
    assert short.exit_code == 1 and "至少" in short.output
    assert run(app, ["remove", "a", *file]).exit_code == 0
    assert run(app, ["remove", "a", *file]).exit_code == 1
    assert "REPORTQA_USERS" in run(app, ["users"]).output


def test_a_rate_refills_with_time() -> None:
    now = [0.0]
    rate = Rate(2, 60.0, clock=lambda: now[0])
    assert [rate.wait("a") for _ in range(3)] == [0, 0, 30]
    assert rate.wait("b") == 0, "clients do not share"
    now[0] = 30.0
    assert rate.empty("a") == 0
    assert [rate.wait("a") for _ in range(2)] == [0, 30]
