"""Who is connected to a web process that is told to stop is answered."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portal.serving import die_with_parent
from tests.faults.house import wait_for
from tests.server import ROOT

CONNECTED = 5


def answer(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


@pytest.fixture
def web(tmp_path):
    """One process of one worker, on the file that is its second part."""
    file = tmp_path / "web.sock"
    command = [sys.executable, "-m", "gunicorn", "-c", "python:config.web", "--workers", "1"]
    command += ["--bind", f"unix:{file}", "tests.deploy.test_stopping:answer"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(tmp_path)},
        preexec_fn=lambda: die_with_parent(signal.SIGKILL),
    )
    wait_for(lambda: file.exists() and worker_of(process), "it listens")
    yield process, file
    process.kill()
    process.wait()


def worker_of(process) -> int:
    said = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return int(said.split()[0]) if said else 0


def asking(file) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(str(file))
    client.sendall(b"POST / HTTP/1.0\r\nHost: here\r\n\r\n")
    return client


@pytest.mark.slow
def test_who_waits_in_the_queue_is_answered_before_it_ends(web):
    process, file = web
    with asking(file) as client:
        assert client.recv(15) == b"HTTP/1.0 200 OK"
    worker = worker_of(process)
    os.kill(worker, signal.SIGSTOP)
    clients = [asking(file) for _ in range(CONNECTED)]
    process.send_signal(signal.SIGTERM)
    wait_for(lambda: not file.exists(), "nobody else can connect")
    os.kill(worker, signal.SIGTERM)
    os.kill(worker, signal.SIGCONT)
    assert [client.recv(15) for client in clients] == [b"HTTP/1.0 200 OK"] * CONNECTED
    assert process.wait(timeout=20) == 0
    for client in clients:
        client.close()
