"""One command runs everything, and leaves nothing running."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from types import SimpleNamespace

import pytest

from tests.server import ROOT, SERVE, Server, environment, wait_until

pytestmark = pytest.mark.slow
ONE_PERSON = "from organization.models import User; User.objects.create_user('someone')"
CHILDREN = ("gunicorn", "celery -A config --quiet worker", "celery -A config --quiet beat")


@pytest.fixture(scope="module")
def first_start(tmp_path_factory):
    """Where nothing was, a server was started once and stopped."""
    # makes all tables and builds the demo, where others look at what is there
    server = Server(tmp_path_factory.mktemp("installation") / "data", patience=300)
    try:
        answered = status(server)
        return SimpleNamespace(server=server, answered=answered, stopped=server.stop())
    finally:
        server.clean_up()


@pytest.fixture(scope="module")
def installation(first_start, tmp_path_factory):
    """Its tables with one person and no demo, whose reminders would be work for every server."""
    folder = tmp_path_factory.mktemp("empty") / "data"
    shutil.copytree(first_start.server.data_dir, folder)
    for arguments in (["flush", "--no-input"], ["shell", "--no-imports", "-c", ONE_PERSON]):
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=environment(folder), check=True)
    return folder


@pytest.fixture
def serve(installation, tmp_path):
    """Starts servers on a copy of the installation; none outlives the test."""
    data_dir = tmp_path / "data"
    shutil.copytree(installation, data_dir)
    servers = []

    def start(**more):
        servers.append(Server(data_dir, **more))
        return servers[-1]

    yield start
    for server in servers:
        server.clean_up()


def status(server):
    url = f"{server.address}/healthz"
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - our own server
        return answer.status


def test_the_first_start_brings_the_demo(first_start):
    assert (first_start.answered, first_start.stopped) == (200, 0)
    for word in ("president", "pm01 … pm12", "auditor", "pinzhi-demo", "载入"):
        assert word in first_start.server.output


def test_the_second_start_keeps_it(first_start):
    again = Server(first_start.server.data_dir)
    try:
        assert status(again) == 200
        assert "pm01 … pm12" in again.output
        assert "载入" not in again.output
        assert again.stop() == 0
    finally:
        again.clean_up()


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_until_it_is_stopped_and_then_nothing_is_left(serve, signum):
    server = serve()
    assert status(server) == 200
    server.wait_for(*CHILDREN)
    assert server.stop(signum) == 0
    assert not server.processes()
    assert "Traceback" not in server.output


def test_nothing_is_left_when_it_is_killed_and_it_starts_again(serve):
    server = serve()
    assert status(server) == 200
    server.wait_for(*CHILDREN)
    server.process.kill()
    wait_until(lambda: not server.processes(), 30, "all children ended")
    again = serve()
    assert status(again) == 200
    assert again.stop() == 0


@pytest.mark.parametrize("child", CHILDREN)
def test_a_child_that_dies_is_started_again(serve, child):
    server = serve()
    assert status(server) == 200
    server.wait_for(*CHILDREN)
    before = server.find(child)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: set(server.find(child)) - set(before), 60, f"{child} is back")
    assert status(server) == 200


def test_a_second_server_on_the_same_data_is_refused(serve):
    first = serve()
    assert status(first) == 200
    second = serve()
    assert second.process.wait(timeout=60) == 1
    assert "another server already runs" in second.output
    assert status(first) == 200


def test_a_port_in_use_is_named(serve):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = serve(PORT=str(port))
        assert server.process.wait(timeout=60) == 1
    assert f"can't listen on 127.0.0.1:{port}" in server.output


def test_it_ends_with_the_process_that_started_it(serve):
    """As in `make run`: whoever kills make does not leave a server behind."""
    command = f"{' '.join(SERVE)} --with-parent; true"
    server = serve(command=["sh", "-c", command])
    assert status(server) == 200
    server.process.kill()
    wait_until(lambda: not server.processes(), 30, "all ended")
