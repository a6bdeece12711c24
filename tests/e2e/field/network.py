"""The network between a phone and the server: a proxy on loopback that breaks what it is told to.

It sits under the browser, so that a request is really half sent, an answer really lost, and pages,
service worker and entries all go the same way.
"""

import gzip
import http.client
import json
import threading
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import brotli

EVENTS, PHOTOS = "events", "photos"
SILENCE = 20  # seconds; a client gives up before
PAGE = b"<!doctype html><title>Bad Gateway</title><h1>Bad Gateway</h1>"
PROBLEM = b'{"type": "about:blank", "title": "Server Error", "status": 500, "code": "error"}'
# what a fault answers instead of the server: status, type, body
INSTEAD = {
    "500": (500, "application/problem+json", PROBLEM),
    "502": (502, "text/html", PAGE),
    "413": (413, "text/html", PAGE),
}
NEVER_ASKED = {"cut before", "silence before", "413", "500", "502"}
FAULTS = (
    "cut before", "cut in the request", "answer lost", "answer cut", "500", "502", "413",
    "500 after", "502 after", "silence before", "silence after",
)  # fmt: skip
UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "server", "date"}


def moment() -> str:
    return f"{datetime.now():%H:%M:%S.%f}"[:-3]


class Network:
    """`plan[EVENTS]` is what happens to the next batches, one after the other; `is_down` to
    everything, `is_deaf` to whatever is entered.
    """

    statics = {}  # the same for all

    def __init__(self, address: str):
        self.upstream = urlsplit(address).netloc
        self.plan = defaultdict(list)
        self.is_down = self.is_deaf = False
        self.worker = 0  # how often the service worker changed
        self.figures = Counter()
        self.faults = Counter()
        self.log = []  # whatever was posted, and what became of it
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False  # the end waits for what is under way
        self.server.network = self
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.server_port}"

    def next_fault(self, path: str) -> str:
        with self.lock:
            if self.is_down or (self.is_deaf and kind_of(path)):
                return "cut before"
            waiting = self.plan[kind_of(path)]
            fault = waiting.pop(0) if waiting else ""
            if fault:
                self.faults[f"{fault} ({kind_of(path)})"] += 1
            return fault

    def reset(self) -> None:
        """Everything gets through again; the figures begin anew."""
        self.let_through()
        self.figures, self.faults = Counter(), Counter()

    def let_through(self) -> None:
        with self.lock:
            self.plan.clear()
            self.is_down = self.is_deaf = False

    def note(self, path: str, answer: bytes) -> None:
        """Count what the server said of a batch or a photo."""
        kind = kind_of(path)
        said = json.loads(answer)
        with self.lock:
            self.figures["batches" if kind == EVENTS else "photo requests"] += 1
            receipts = said.get("receipts", []) if kind == EVENTS else [said]
            outcomes = Counter(receipt.get("outcome", "no outcome") for receipt in receipts)
            self.figures.update(outcomes)
            self.log.append(f"{moment()} {path} said {dict(outcomes) or said}")

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def kind_of(path: str) -> str:
    is_answers = path.startswith("/api/v1/visits/") and path.endswith("/answers")
    if path == "/api/v1/events" or is_answers:
        return EVENTS
    is_photo = path.startswith("/api/v1/observations/") and path.endswith("/photos")
    return PHOTOS if is_photo else ""


class Handler(BaseHTTPRequestHandler):
    """One request, one connection to the server."""

    timeout = 5  # seconds; browsers open connections that they never use

    def log_message(self, *words):
        pass

    def do_GET(self):
        with suppress(OSError, http.client.HTTPException):
            self.pass_on()

    do_POST = do_GET

    def pass_on(self):
        network, self.body = self.server.network, b""
        fault = network.next_fault(self.path) if self.command == "POST" else ""
        if self.command == "POST":
            network.log.append(f"{moment()} {self.path} {fault or 'goes through'}")
        if fault == "cut before" or network.is_down:
            return
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if fault == "cut in the request":
            return self.send_half()
        if fault not in NEVER_ASKED:
            answer = self.ask()
        if fault.startswith("silence"):
            self.connection.settimeout(SILENCE)
            self.connection.recv(1)  # until the other side has had enough
        elif name := next((name for name in INSTEAD if fault.startswith(name)), ""):
            status, content_type, body = INSTEAD[name]
            self.give(status, [("Content-Type", content_type)], body)
        elif fault == "answer cut":
            self.give(*answer, part=2)
        elif fault != "answer lost":
            self.give(*answer)

    def ask(self):
        network = self.server.network
        if self.path in network.statics:
            return network.statics[self.path]
        connection = http.client.HTTPConnection(network.upstream, timeout=60)
        try:
            connection.request(self.command, self.path, self.body, dict(self.headers.items()))
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        headers = [pair for pair in response.getheaders() if pair[0].lower() not in HOP_BY_HOP]
        if kind_of(self.path):
            unpacked = UNPACK[response.getheader("Content-Encoding") or ""](body)
            network.note(self.path, unpacked)
        if self.path == "/sw.js" and network.worker:
            unpacked = UNPACK[response.getheader("Content-Encoding") or ""](body)
            body = unpacked.replace(b'"version": "', b'"version": "%d-' % network.worker, 1)
            assert body != unpacked
            headers = [pair for pair in headers if pair[0].lower() != "content-encoding"]
        answer = response.status, headers, body
        if self.path.startswith("/static/") and response.status == 200:
            network.statics[self.path] = answer
        return answer

    def send_half(self):
        """The server hears half of it, and then nothing more."""
        connection = http.client.HTTPConnection(self.server.network.upstream, timeout=10)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            connection.putheader(name, value)
        connection.endheaders(self.body[: len(self.body) // 2])
        connection.close()

    def give(self, status, headers, body, part=1):
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // part])
