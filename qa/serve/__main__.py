"""`python -m qa.serve`: the users of the page. Passwords are typed or piped, never arguments."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from index.errors import ReportIndexError
from qa.errors import QaError
from qa.serve.settings import load_serve_settings
from qa.serve.users import AccessError, new_token, read_entries, remove_user, set_password

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
FileOption = Annotated[Path | None, typer.Option("--file", help="用户文件，默认 REPORTQA_USERS")]


@contextmanager
def failures() -> Iterator[None]:
    try:
        yield
    except (QaError, ReportIndexError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _file(given: Path | None) -> Path:
    found = given or load_serve_settings().users
    if found is None:
        raise AccessError("没有指定用户文件：请设置 REPORTQA_USERS，或用 --file 给出。")
    return found


@app.command()
def user(name: str, file: FileOption = None) -> None:
    """添加用户或修改密码；密码从键盘或标准输入读取。"""
    with failures():
        path = _file(file)
        if sys.stdin.isatty():
            password = typer.prompt("密码", hide_input=True, confirmation_prompt="再输一次")
        else:
            password = sys.stdin.readline().rstrip("\r\n")
        set_password(path, name, password)
        typer.echo(f"已保存用户 {name}", err=True)


@app.command()
def token(name: str, file: FileOption = None) -> None:
    """为程序生成访问令牌；只显示这一次，旧令牌随即失效。"""
    with failures():
        typer.echo(new_token(_file(file), name))


@app.command()
def users(file: FileOption = None) -> None:
    """列出用户，每行一个：名称和登录方式。"""
    with failures():
        for entry in read_entries(_file(file)):
            typer.echo(f"{entry.name}\t{entry.kind}")


@app.command()
def remove(name: str, file: FileOption = None) -> None:
    """删除用户和他的令牌。"""
    with failures():
        remove_user(_file(file), name)
        typer.echo(f"已删除用户 {name}", err=True)


if __name__ == "__main__":
    app()
