"""A real server on loopback where robots' messages arrive, and that answers as it is told."""

import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest


@dataclass
class Received:
    """One message as it arrived."""

    path: str
    query: dict[str, str]
    body: dict
    size: int
    headers: dict = field(repr=False)

    @property
    def text(self) -> str:
        """All that the group would read, whichever service it is."""
        return json.dumps(self.body, ensure_ascii=False)


class Sink:
    """Answers in turn what `answers` holds, the last one for ever; keeps what it received."""

    def __init__(self):
        self.received: list[Received] = []
        self.answers: list[Callable[[BaseHTTPRequestHandler], None]] = [ok]
        self.asked = threading.Event()
        self.closing = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, *answers) -> None:
        self.answers = list(answers)

    def next_answer(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def last(self) -> Received:
        return self.received[-1]

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def handler_of(sink: Sink):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            data = self.rfile.read(int(self.headers["Content-Length"]))
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            body = json.loads(data)
            sink.received.append(Received(parts.path, query, body, len(data), dict(self.headers)))
            sink.asked.set()
            sink.next_answer()(self)

        def log_message(self, *args):
            """Silent: the addresses are keys."""

    Handler.sink = sink
    return Handler


def say(handler, status: int, content: Any, **headers) -> None:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def ok(handler) -> None:
    """What all of them say when they have taken a message."""
    say(handler, 200, {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"})


def no(code: int, words: str = "no", status: int = 200):
    """Not taken, said in the body as the services do it."""

    def answer(handler):
        say(handler, status, {"errcode": code, "errmsg": words, "code": code, "msg": words})

    return answer


def status(number: int, content: Any = b"<html>sorry</html>", **headers):
    def answer(handler):
        say(handler, number, content, **headers)

    return answer


def never(handler) -> None:
    """Takes the message and stays silent until the sink is closed."""
    handler.sink.closing.wait(60)


def drop(handler) -> None:
    """Cuts the connection after it has taken the message."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()


@pytest.fixture
def sink(settings):
    """The gateway of the installation under test."""
    sink = Sink()
    settings.ROBOT_GATEWAY = sink.url
    yield sink
    sink.close()
