"""Errors reach a real receiver of Sentry's protocol, with nothing of a person; or nobody."""

import json
import logging
import os
import socket
import subprocess
import sys
import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from config import env
from organization.reports import ALLOWED, Handler
from tests.receiver import Receiver
from tests.server import ROOT, environment, wait_until

SECRET = "typed-secret-Zq81"
PERSON = "张三丰"
ID = "proxy-7f3a9c21"


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def dsn(port: int) -> str:
    return f"http://publickey@127.0.0.1:{port}/7"


@pytest.fixture
def handler(receiver):
    """The handler of the settings, at the root of the log."""
    handler = Handler(dsn(receiver.server_port))
    logging.root.addHandler(handler)
    yield handler
    logging.root.removeHandler(handler)
    if handler.client:
        handler.client.close(timeout=1)


def events(receiver, count=1):
    """What came in envelopes: a line about it, then a line about each thing and the thing."""
    wait_until(lambda: len(receiver.sent) >= count, 20, "reports came")
    found = []
    for sent in receiver.sent:
        assert sent.path == "/api/7/envelope/"
        assert "publickey" in sent.headers["X-Sentry-Auth"]
        lines = sent.body.split(b"\n")
        assert json.loads(lines[1])["type"] == "event"
        found.append(json.loads(lines[2]))
    return found


@pytest.fixture
def broken_sign_in(monkeypatch):
    """A page that crashes with what was typed in its words, its variables and its cause."""

    def crash(view, request, *arguments, **more):
        typed = f"{request.POST['username']} {request.POST['password']}"
        try:
            raise KeyError(typed)
        except KeyError as error:
            raise ValueError(f"no such person: {typed}") from error

    monkeypatch.setattr("organization.views.accounts.SignIn.post", crash)


@pytest.mark.django_db
def test_a_crash_is_told_without_what_was_typed(handler, receiver, broken_sign_in):
    client = Client(raise_request_exception=False, headers={"X-Request-ID": ID})
    client.cookies["probe"] = f"cookie-{SECRET}"
    address = reverse("login") + f"?next=/{SECRET}/&q={PERSON}"
    assert client.post(address, {"username": PERSON, "password": SECRET}).status_code == 500
    (event,) = events(receiver)
    told = json.dumps(event, ensure_ascii=False) + json.dumps(event)
    for word in (SECRET, PERSON, PERSON.encode("unicode_escape").decode(), "cookie", "password="):
        assert word not in told, word
    assert event["tags"] == {
        "request_id": ID,
        "way": "page",
        "route": "/accounts/login/",
        "status": "500",
    }
    cause, error = event["exception"]["values"]
    assert (cause["type"], error["type"]) == ("KeyError", "ValueError")
    last = error["stacktrace"]["frames"][-1]
    assert (last["function"], last["lineno"] > 0) == ("crash", True)
    assert event["release"].startswith("pinzhi@")


@pytest.mark.django_db
def test_nothing_leaves_but_what_is_on_the_list(handler, receiver, broken_sign_in):
    Client(raise_request_exception=False).post(reverse("login"), {"username": "", "password": ""})
    (event,) = events(receiver)
    assert event.keys() <= ALLOWED
    assert event["sdk"].keys() == {"name", "version"}
    allowed = {"module", "filename", "function", "lineno", "in_app"}
    for error in event["exception"]["values"]:
        assert error.keys() == {"type", "module", "stacktrace"}
        assert all(frame.keys() == allowed for frame in error["stacktrace"]["frames"])
    text = json.dumps(event)
    assert str(ROOT) not in text
    assert socket.gethostname() not in text


def test_a_line_of_the_log_is_told_without_its_values(handler, receiver):
    logging.getLogger("campaign").error("A mail to %s failed", f"{PERSON}@example.com")
    logging.getLogger("campaign").error(f"filled in before: {SECRET}")
    one, other = events(receiver, 2)
    assert one["logentry"]["message"] == "A mail to %s failed"
    assert other["logentry"]["message"].startswith("campaign.test_a_line")
    assert SECRET not in json.dumps(other)


@pytest.mark.django_db
def test_neither_strangers_nor_warnings_are_told(handler, client):
    client.get("/", headers={"Host": "somebody.example"})
    client.get("/no-such-page/")
    logging.getLogger("campaign").warning("late")
    assert handler.client is None


SILENCE = """
import sys, django; django.setup()
import config.celery, config.urls
found = {name.partition(".")[0] for name in sys.modules}
print(sorted(found & {"sentry_sdk", "opentelemetry"}), "organization.reports" in sys.modules)
"""


def run(folder, *command, **more):
    more = {"DJANGO_SETTINGS_MODULE": "config.settings"} | more
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_where_it_is_not_set_nothing_of_it_is_loaded(tmp_path):
    assert run(tmp_path, "-c", SILENCE).stdout == "[] False\n"


def test_a_command_that_crashes_is_told(receiver, tmp_path):
    secret = tmp_path / "error_dsn"
    secret.write_text(dsn(receiver.server_port) + "\n")
    ended = run(tmp_path, "manage.py", "send_reminders", ERROR_DSN_FILE=str(secret))
    assert ended.returncode == 1
    assert "no such table" in ended.stderr
    (event,) = events(receiver)
    assert (event["level"], event["tags"]["via"]) == ("fatal", "send_reminders")
    assert event["exception"]["values"][-1]["type"] == "OperationalError"
    assert "no such table" not in json.dumps(event)


@pytest.mark.slow
def test_a_task_that_fails_is_told_by_a_real_worker(receiver, tmp_path):
    """Its database has no tables; the scheduler's bell is rung by hand."""
    more = {"ERROR_DSN": dsn(receiver.server_port), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "celery", "-A", "config"]
    task = "organization.tasks.send_letters"
    settings = {"cwd": ROOT, "env": environment(tmp_path, **more)}
    subprocess.run([*command, "call", task], check=True, stdout=subprocess.DEVNULL, **settings)
    worker = subprocess.Popen([*command, "--quiet", "worker", "-P", "solo"], **settings)
    try:
        (event,) = events(receiver)
    finally:
        worker.terminate()
        worker.wait(30)
    assert event["tags"]["way"] == "task"
    assert event["tags"]["via"] == task
    assert event["exception"]["values"][-1]["type"] == "OperationalError"


@pytest.fixture
def deaf():
    """Takes connections and never answers: the worst that a receiver can be."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.django_db
def test_a_receiver_that_never_answers_slows_nobody(deaf, broken_sign_in):
    """Two hundred crashes: a hundred reports wait at most, and no answer waits for any."""
    client = Client(raise_request_exception=False)
    address = reverse("login")
    client.post(address, {"username": "a", "password": "b"})  # loads what the first one loads
    without = crashes(client, address)
    handler = Handler(dsn(deaf))
    logging.root.addHandler(handler)
    try:
        told = crashes(client, address)
    finally:
        logging.root.removeHandler(handler)
    # processor time of this machine is what it may cost, no wait: 5 ms a report are far above it
    assert told < without + 200 * 0.005
    began = time.monotonic()
    handler.client.close(timeout=2)
    assert time.monotonic() - began < 5


def crashes(client, address) -> float:
    began = time.monotonic()
    for _ in range(200):
        assert client.post(address, {"username": "a", "password": "b"}).status_code == 500
    return time.monotonic() - began


def test_a_command_ends_although_its_report_does_not_arrive(deaf, tmp_path):
    began = time.monotonic()
    alone = run(tmp_path, "manage.py", "send_reminders")
    between = time.monotonic()
    ended = run(tmp_path, "manage.py", "send_reminders", ERROR_DSN=dsn(deaf))
    assert ended.returncode == alone.returncode == 1
    assert time.monotonic() - between < (between - began) + 10


@pytest.mark.parametrize("given", ["example.com/1", "https://host/1", "https://key@host/", "x"])
def test_what_is_no_dsn_is_refused_without_being_quoted(monkeypatch, given):
    monkeypatch.setitem(os.environ, "ERROR_DSN", given)
    with pytest.raises(ImproperlyConfigured) as refused:
        env.dsn("ERROR_DSN")
    assert given not in str(refused.value).replace("https://key@host/1", "")
