"""An OpenAI-compatible server over real HTTP that answers, lies or misbehaves as it is told.

`python -m tests.model_server -- CMD ...` runs a command with the lying model connected.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Messages = list[dict[str, Any]]


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    text    the model's words
    status  HTTP status; other than 200 gives an error body
    wait    seconds before anything is sent
    drip    seconds between two characters of a stream, or two bytes of a body
    cut     the connection ends in the middle
    body    sent as it is in place of a proper answer
    finish  the finish reason
    """

    text: str = ""
    status: int = 200
    wait: float = 0.0
    drip: float = 0.0
    cut: bool = False
    body: bytes | None = None
    finish: str | None = "stop"


Behave = Callable[[Messages], Reply]


@dataclass
class ModelServer:
    """The running server: its address, what it was sent, and how it behaves from now on."""

    behave: Behave
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextlib.contextmanager
def model_server(behave: Behave) -> Iterator[ModelServer]:
    state = ModelServer(behave)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.requests.append(request)
            state.keys.append(self.headers.get("Authorization", ""))
            assert self.path.endswith("/chat/completions"), self.path
            reply = state.behave(request["messages"])
            time.sleep(reply.wait)
            with contextlib.suppress(OSError):  # the asker has gone
                _send(self, reply, bool(request.get("stream")))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def _send(handler: BaseHTTPRequestHandler, reply: Reply, stream: bool) -> None:
    if reply.status != 200:
        error = {"error": {"message": "no", "type": "error", "code": str(reply.status)}}
        _body(handler, reply, json.dumps(error).encode(), reply.status)
    elif reply.body is not None:
        _body(handler, reply, reply.body)
    elif stream:
        _stream(handler, reply)
    else:
        message = {"role": "assistant", "content": reply.text}
        choice = {"index": 0, "message": message, "finish_reason": reply.finish}
        _body(handler, reply, json.dumps(_envelope("chat.completion", choice)).encode())


def _envelope(kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    return {"id": "x", "object": kind, "created": 0, "model": "m", "choices": [choice]}


def _body(handler: BaseHTTPRequestHandler, reply: Reply, body: bytes, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if reply.cut:
        handler.wfile.write(body[: len(body) // 2])
        handler.close_connection = True
    elif reply.drip:
        for byte in body:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(reply.drip)
    else:
        handler.wfile.write(body)


def _stream(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    pieces = list(reply.text) if reply.drip else re.findall(r"(?s).{1,7}", reply.text)
    if reply.cut:
        pieces = pieces[: len(pieces) // 2]
    events: list[tuple[dict[str, Any], str | None]] = [({"content": p}, None) for p in pieces]
    if not reply.cut:
        events.append(({}, reply.finish))
    for delta, finish in events:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        line = json.dumps(_envelope("chat.completion.chunk", choice))
        handler.wfile.write(f"data: {line}\n\n".encode())
        handler.wfile.flush()
        time.sleep(reply.drip)
    if not reply.cut:
        handler.wfile.write(b"data: [DONE]\n\n")


# -- lies ------------------------------------------------------------------------------------------


def given(messages: Messages) -> dict[str, Any]:
    """The data that a prompt holds."""
    return dict(json.loads(messages[-1]["content"].split("\n")[0]))


def lie(messages: Messages, seed: int = 0) -> Reply:
    """Another lie for every question and attempt, the same in every run."""
    data = given(messages)
    again = len(messages[-1]["content"].split("\n"))
    chance = random.Random(f"{data['question']}|{again}|{seed}")
    if "figures" in data:
        return Reply(json.dumps(lying_plan(data["figures"], chance)))
    return Reply(lying_text([p["text"] for p in data["passages"]], chance))


def lying_plan(figures: Sequence[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    """A wrong plan that is well formed, of figures as near to the question as can be."""
    near = [f["id"] for f in figures[:8]]
    one, other = (chance.sample(near, 2) * 2)[:2] if len(near) > 1 else (near[0], near[0])
    operation = chance.choice(["subtract", "divide", "percent", "add", "mean"])
    if chance.random() < 0.5:
        return {"figure": one}
    if chance.random() < 0.2:
        return {"figure": "f999"}
    return {"steps": [{"operation": operation, "operands": [one, other]}]}


def lying_text(passages: Sequence[str], chance: random.Random) -> str:
    """The passage with one thing made untrue."""
    text = re.split(r"(?<=[。；])", passages[0])[0][:200].rstrip("。；")
    digits = list(re.finditer(r"\d", text))
    lies = [
        "本年公务接待费为98765.43万元[1]。",
        text + "[9]。",
        text + "，另有一半资金被挪用[1]。",
        f"报告写道“本单位存在违规支出{text[:6]}”[1]。",
        text + "。",
        "没有" + text + "[1]。",
        "因管理混乱，资金去向不明，有关人员已被处理[1]。",
        re.sub("万元", "亿元", text) + "，合计三千二百一十万元[1]。",
    ]
    if digits:
        at = chance.choice(digits).start()
        changed = text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
        lies += [changed + "[1]。"] * 4
    for a, b in (("增加", "减少"), ("减少", "增加"), ("增长", "下降"), ("下降", "增长")):
        if a in text and b not in passages[0]:
            lies += [text.replace(a, b) + "[1]。"] * 2
    return chance.choice(lies)


def main(command: Sequence[str]) -> int:
    """Run a command with the lying model in its environment."""
    with model_server(lie) as server:
        told = {"REPORTQA_LLM_BASE_URL": server.url, "REPORTQA_LLM_MODEL": "liar"}
        code = subprocess.run(command, env=os.environ | told, check=False).returncode
        print(f"{len(server.requests)} requests to the lying model", file=sys.stderr)
        return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[sys.argv.index("--") + 1 :]))
