"""A real server on loopback for one measurement, and a browserless client that signs in."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def cpu(self) -> float:
        """Milliseconds of processor time that its processes have had, as Linux counts them."""
        files = (Path(f"/proc/{pid}/task") for pid in family(self.pid))
        threads = (each for folder in files for each in folder.glob("*/schedstat"))
        return sum(int(each.read_text().split()[0]) for each in threads) / 1e6


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for each in listed for child in each.read_text().split()]
    return [pid, *(found for child in children for found in family(child))]


@contextmanager
def serving(data_dir, workers: int = 1, threads: int = 4, **more: str):
    """Gunicorn with the embedded settings, and more of them by name; yields the server."""
    port = free_port()
    env = os.environ | {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "bench.settings"}
    env |= more
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(workers),
        "--worker-class",
        "gthread",
        "--threads",
        str(threads),
        "--keep-alive",
        "1800",
        "--log-level",
        "warning",
    ]
    with subprocess.Popen(command, env=env) as process:  # noqa: S603 our own command
        try:
            wait_for(port)
            yield Server(port, process.pid)
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not come up")


class Client:
    """Keeps one connection and its cookies; `timed` gives seconds of a round trip."""

    def __init__(self, port: int):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}

    def sign_in(self, username: str, password: str) -> None:
        token = re.search(
            r'name="csrfmiddlewaretoken" value="(\w+)"',
            self.request("GET", "/accounts/login/")[1].decode(),
        )
        status, _ = self.request(
            "POST",
            "/accounts/login/",
            {
                "csrfmiddlewaretoken": token[1],
                "username": username,
                "password": password,
            },
        )
        if status != 302:
            raise RuntimeError(f"sign-in answered {status}")

    def request(
        self, method: str, path: str, form: dict | None = None, **headers: str
    ) -> tuple[int, bytes]:
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Requested-With": "XMLHttpRequest",
                "Accept": "application/json",
            }
        return self.send(method, path, body, **headers)

    def send(
        self, method: str, path: str, body: str | bytes | None, **headers: str
    ) -> tuple[int, bytes]:
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if body is not None:
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return response.status, response.read()

    def timed(self, method: str, path: str, form: dict | None = None) -> float:
        start = time.perf_counter()
        status, body = self.request(method, path, form)
        spent = time.perf_counter() - start
        if status not in (200, 201):
            raise RuntimeError(f"{method} {path} answered {status}: {body[:300]!r}")
        return spent
