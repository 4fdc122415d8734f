"""A server on loopback that speaks `/v1/chat/completions`, and misbehaves where it is told to.

As a program of its own, for benchmarks: `llm_server.py LATENCY` prints its port and serves until
standard input ends.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CALL_MARK = "Each is a function"
ASKED = re.compile(r"Write (\d+) different programs in (\w+) .*?variation (\w+)", re.DOTALL)


def write_programs(prompt: str) -> list[dict[str, Any]]:
    """Good Python programs, as many as the prompt asks for, different for each prompt."""
    number, language, variation = ASKED.search(prompt).groups()
    base = int(variation, 16) % 100_000
    programs = []
    for at in range(int(number)):
        value = base * 10 + at
        if CALL_MARK in prompt:
            source = f"def f(x):\n    y = x * {value}\n    return [y, x + {at}]"
            inputs = [str(value % 97), "2", "3"]
            programs.append({"source": source, "entry": "f", "arguments": inputs})
        else:
            source = f"a = {value}\nb = a * {at + 2}\nprint(a + b, b % 7)"
            programs.append({"source": source, "entry": "", "arguments": []})
        programs[-1]["language"] = language
    return programs


def good_text(prompt: str) -> str:
    return json.dumps({"programs": write_programs(prompt)})


@dataclass
class Answering:
    """What the server does with one request. `text` is the model's reply, or None for a good one.

    `logprobs` are told, each of a token. `raw` replaces the whole body, `cut` ends the connection
    after so many bytes of it, `delay` is the seconds until the answer.
    """

    status: int = 200
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    cut: int | None = None
    delay: float = 0.0
    finish: str = "stop"
    refusal: str | None = None
    logprobs: list[float] | None = None
    usage: dict[str, int] | None = field(
        default_factory=lambda: {"prompt_tokens": 400, "completion_tokens": 300}
    )


Behaviour = Callable[[dict[str, Any], int], Answering]
"""(body of the request, how many requests came before) -> what to do with it."""


class LLMServer(ThreadingHTTPServer):
    """The server; `requests` are the bodies it was sent, `keys` their idempotency keys.

    A key that was answered before is answered the same again, and not counted in `billed`; neither
    is a reply whose client was gone before it was made. `repeated` counts those that were: a
    server that honours no keys would bill them twice.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, behave: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behave = behave
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.authorizations: set[str | None] = set()
        self.times: list[float] = []
        self.billed: Counter[str] = Counter()
        self.repeated: Counter[str] = Counter()
        self.kept: dict[str, bytes] = {}
        self.busy = self.busiest = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no error here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: LLMServer

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        server = self.server
        with server.lock:
            before = len(server.requests)
            server.requests.append(body)
            server.keys.append(self.headers["idempotency-key"])
            server.authorizations.add(self.headers["authorization"])
            server.times.append(time.monotonic())
            server.busy += 1
            server.busiest = max(server.busiest, server.busy)
        try:
            if self.path != "/v1/chat/completions":
                self.send(Answering(status=404, text="no such path"), body)
            else:
                self.send(server.behave(body, before), body)
        finally:
            with server.lock:
                server.busy -= 1

    def send(self, answering: Answering, body: dict[str, Any]) -> None:
        time.sleep(answering.delay)
        if self.client_is_gone():
            return
        data = answering.raw
        if data is None:
            data = self.reply(answering, body)
        self.send_response(answering.status)
        headers = {"content-type": "application/json", "content-length": str(len(data))}
        for name, value in {**headers, **answering.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[: answering.cut])
        if answering.cut is not None:
            self.close_connection = True

    def client_is_gone(self) -> bool:
        try:
            return self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def reply(self, answering: Answering, body: dict[str, Any]) -> bytes:
        if answering.status != 200:
            return json.dumps({"error": {"message": answering.text, "code": "x"}}).encode()
        key = self.headers["idempotency-key"]
        with self.server.lock:
            if key in self.server.kept:
                self.server.repeated[key] += 1
                return self.server.kept[key]
            text = answering.text
            if text is None:
                text = good_text(body["messages"][-1]["content"])
            message = {"role": "assistant", "content": text, "refusal": answering.refusal}
            choice = {"index": 0, "finish_reason": answering.finish, "message": message}
            if answering.logprobs is not None:
                tokens = [{"token": "?", "logprob": value} for value in answering.logprobs]
                choice["logprobs"] = {"content": tokens}
            completion = {"object": "chat.completion", "choices": [choice]}
            if answering.usage is not None:
                completion["usage"] = answering.usage
            self.server.kept[key] = json.dumps(completion).encode()
            self.server.billed[key] += 1
            return self.server.kept[key]


@contextmanager
def serving(behave: Behaviour) -> Iterator[LLMServer]:
    """A server while the context lasts."""
    server = LLMServer(behave)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    with serving(lambda body, before: Answering(delay=float(sys.argv[1]))) as running:
        print(running.server_port, flush=True)
        sys.stdin.read()
