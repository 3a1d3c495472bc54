"""`python -m eval.load`: many users ask the running app's API at once, over the loopback.

First `--users` users with a pause of 1 to 3 seconds between questions, as people have; then, no
pause, more users than the queue takes. A question counts from the call to its whole answer. Only an
answer is a success: "busy" is counted apart and must carry Retry-After, anything else is an error.
The app is a process of its own with its own store; the limit of calls per client is off, since
here all users have one address. `--memory N` asks N questions and tells how the app's memory grows.
Needs the extra `dev` (locust).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

# Locust patches the standard library, and so comes before whatever opens connections.
# isort: off
from locust import HttpUser, between, constant, task
from locust.env import Environment
# isort: on

import gevent
import psutil
import requests
import typer

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "eval" / "gold" / "sample.jsonl"
ASK = "/gradio_api/call/ask"
OPENINGS = ("", "请问", "麻烦问一下，", "想了解一下，", "你好，", "请告诉我，")
START = 300  # seconds that the app may take to be ready, the sample's index included
_FEW = 8  # users who fill the memory
PAST_LIMIT = 2  # times as many users as the queue takes


def questions() -> list[str]:
    """Every question of the sample's gold set with several openings, in a fixed order."""
    lines = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines() if line.strip()]
    found = [opening + line["question"] for line in lines for opening in OPENINGS]
    random.Random(1).shuffle(found)
    return found


class Asker(HttpUser):
    """Asks one question after the other; subclasses say how long to pause."""

    abstract = True
    asked = questions()

    @task
    def ask(self) -> None:
        started = time.perf_counter()
        name, error = "question", None
        try:
            busy = self._answer(random.choice(self.asked))
            if busy:
                name = "busy"
        except (ValueError, KeyError, OSError) as failure:
            error = failure
        self.environment.events.request.fire(
            request_type="ask",
            name=name,
            response_time=(time.perf_counter() - started) * 1000,
            response_length=0,
            exception=error,
            context={},
        )

    def _answer(self, question: str) -> bool:
        """Whether the app was busy; ValueError for whatever is neither that nor an answer."""
        called = self.client.post(ASK, json={"data": [question, ""]}, name="call")
        if called.status_code == 503 and int(called.headers["Retry-After"]) > 0:
            return True
        if called.status_code != 200:
            raise ValueError(f"call: {called.status_code} {called.text[:100]}")
        result = self.client.get(f"{ASK}/{called.json()['event_id']}", name="result")
        event, _, data = result.text.strip().rpartition("event: complete\ndata: ")
        if event or json.loads(data)[0]["status"] not in {"answered", "refused", "clarify"}:
            raise ValueError(f"result: {result.text[:200]}")
        return False


class Person(Asker):
    wait_time = between(1, 3)


class Impatient(Asker):
    wait_time = constant(0)


def attack(
    url: str, kind: type[Asker], users: int, seconds: float, app: psutil.Process
) -> dict[str, Any]:
    """Counts and milliseconds of one phase; and the app's processor time for a question, which
    other work on the machine does not change."""
    environment = Environment(user_classes=[kind], host=url)
    # A busy answer is no failure here: every kind is counted by `Asker` itself.
    runner = environment.create_local_runner()
    runner.start(users, spawn_rate=min(users, 25))
    gevent.sleep(users / min(users, 25))
    environment.stats.reset_all()
    started, spent = time.perf_counter(), _processor(app)
    gevent.sleep(seconds)
    spent = _processor(app) - spent
    elapsed = time.perf_counter() - started
    answered = environment.stats.get("question", "ask")
    busy = environment.stats.get("busy", "ask")
    found = {
        "users": users,
        "seconds": round(elapsed, 1),
        "answered": answered.num_requests - answered.num_failures,
        "errors": answered.num_failures,
        "busy": busy.num_requests,
        "answered_per_second": round(answered.num_requests / elapsed, 1),
        "app_cpu_ms_per_answer": round(1000 * spent / max(1, answered.num_requests)),
        "app_memory_mb": round(app.memory_info().rss / 1e6),
        "p50_ms": answered.median_response_time,
        "p95_ms": answered.get_response_time_percentile(0.95),
        "max_ms": round(answered.max_response_time or 0),
        "said": sorted(
            {str(e.error)[:200] for e in environment.stats.errors.values() if e.method == "ask"}
        )[:5],
    }
    runner.quit()
    return found


def grow(url: str, count: int, app: psutil.Process) -> dict[str, Any]:
    """The app's memory in MB after each thousand of `count` answers, asked by a few without pause.

    What is kept for the next question is full long before: growth beyond is a leak.
    """
    environment = Environment(user_classes=[Impatient], host=url)
    runner = environment.create_local_runner()
    started = time.perf_counter()
    runner.start(_FEW, spawn_rate=_FEW)
    memory = {0: round(app.memory_info().rss / 1e6)}
    answered = environment.stats.get("question", "ask")
    while answered.num_requests < count:
        gevent.sleep(0.2)
        answered = environment.stats.get("question", "ask")  # starting replaces what it counts in
        if answered.num_requests >= len(memory) * 1000:
            memory[len(memory) * 1000] = round(app.memory_info().rss / 1e6)
            typer.echo(f"{memory}", err=True)
    runner.quit()
    return {
        "answered": answered.num_requests - answered.num_failures,
        "errors": answered.num_failures,
        "seconds": round(time.perf_counter() - started, 1),
        "app_memory_mb": memory,
    }


def _processor(app: psutil.Process) -> float:
    """Seconds of processor time so far."""
    times = app.cpu_times()
    return float(times.user + times.system)


def start(folder: Path, queue: int) -> tuple[subprocess.Popen[bytes], str]:
    """The app on a free port and its address, once `/health` says that it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "REPORTQA_STORE": str(folder / "store"),
        "REPORTQA_RATE": "0",
        "REPORTQA_QUEUE": str(queue),
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
    }
    log = (folder / "app.log").open("wb")
    app = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stderr=log)
    url = f"http://127.0.0.1:{port}"
    end = time.monotonic() + START
    while time.monotonic() < end and app.poll() is None:
        try:
            if requests.get(f"{url}/health", timeout=5).status_code == 200:
                return app, url
        except requests.RequestException:
            pass
        time.sleep(0.5)
    app.kill()
    raise RuntimeError((folder / "app.log").read_text("utf-8", "replace")[-2000:])


def main(
    users: Annotated[int, typer.Option(help="同时提问的人数")] = 50,
    minutes: Annotated[float, typer.Option(help="持续几分钟")] = 5.0,
    queue: Annotated[int, typer.Option(help="队列上限（REPORTQA_QUEUE）")] = 100,
    beyond: Annotated[float, typer.Option(help="超过上限的阶段持续几秒，0 为不做")] = 30.0,
    memory: Annotated[int, typer.Option(help="改为只看内存：问多少次，每千次记一回进程的内存")] = 0,
    store: Annotated[Path | None, typer.Option(help="复制这个索引来用，省去建立")] = None,
) -> None:
    """压测：先按人的节奏提问，再超过队列上限；输出 JSON，有错误时退出码为 1。"""
    with tempfile.TemporaryDirectory(prefix="report-qa-load-") as name:
        folder = Path(name)
        if store is not None:
            shutil.copytree(store, folder / "store")
        try:
            app, url = start(folder, queue)
        except RuntimeError as error:
            typer.echo(f"页面没有起来，日志末尾：{error}", err=True)
            raise typer.Exit(1) from error
        try:
            process = psutil.Process(app.pid)
            if memory:
                phases = {"memory": grow(url, memory, process)}
            else:
                phases = {"steady": attack(url, Person, users, minutes * 60, process)}
            if beyond and not memory:
                phases["beyond"] = attack(url, Impatient, PAST_LIMIT * queue, beyond, process)
        finally:
            app.terminate()
            app.wait(20)
    typer.echo(json.dumps(phases, ensure_ascii=False, indent=1))
    if any(phase["errors"] for phase in phases.values()):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
