"""Traces reach a real receiver of OTLP, decoded here by its own description; or nobody."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter

import pytest
from celery import current_app, shared_task
from celery.contrib.testing.worker import start_worker
from django.test import Client
from django.urls import reverse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from organization import spans
from organization.models import User
from organization.spans import without_values
from tests.receiver import Receiver
from tests.server import ROOT, environment, wait_until

TRACE, PARENT_SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{PARENT_SPAN}-01"
ID = "proxy-7f3a9c21"
PERSON = "张三丰"
MIDDLEWARE = "organization.spans.SpansMiddleware"


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def tracing(settings, receiver):
    settings.TRACES_ENDPOINT = f"http://127.0.0.1:{receiver.server_port}"
    settings.TRACES_HEADERS = "authorization=Bearer word, x-tenant=seven"
    first, *others = settings.MIDDLEWARE
    assert first == "tests.on_record.middleware"
    settings.MIDDLEWARE = [first, others[0], MIDDLEWARE, *others[1:]]
    yield spans.begin()
    for name in ("before_task_publish", "task_prerun", "task_postrun"):
        assert getattr(spans, name).disconnect(dispatch_uid="spans")
    spans._begun[0].provider.shutdown()
    spans._begun.clear()


def traced(receiver, tracing) -> list:
    """All spans that came, in the order in which they ended."""
    assert tracing.provider.force_flush()
    found = []
    for sent in receiver.sent:
        assert sent.path == "/v1/traces"
        assert (sent.headers["authorization"], sent.headers["x-tenant"]) == ("Bearer word", "seven")
        for part in ExportTraceServiceRequest.FromString(sent.body).resource_spans:
            known = values(part.resource)
            assert (known["service.name"], known["service.version"]) == ("pinzhi", "0.1.0")
            found += [span for scope in part.scope_spans for span in scope.spans]
    return found


def values(thing) -> dict:
    each = {pair.key: pair.value for pair in thing.attributes}
    return {key: getattr(value, value.WhichOneof("value")) for key, value in each.items()}


@pytest.mark.django_db
def test_a_request_and_its_statements_are_spans_of_one_trace(tracing, receiver):
    person = User.objects.create(username=PERSON, name=PERSON)
    client = Client(headers={"X-Request-ID": ID, "traceparent": PARENT})
    client.force_login(person)
    client.get(reverse("me") + f"?q={PERSON}")
    *asked, whole = traced(receiver, tracing)
    assert whole.name == "GET /me/"
    assert values(whole) == {
        "http.request.method": "GET",
        "http.route": "/me/",
        "http.response.status_code": 200,
        "pinzhi.request_id": ID,
    }
    assert (whole.trace_id.hex(), whole.parent_span_id.hex()) == (TRACE, PARENT_SPAN)
    assert {span.parent_span_id for span in asked} == {whole.span_id}
    assert {span.trace_id for span in asked} == {whole.trace_id}
    assert Counter(span.name.split()[0] for span in asked)["SELECT"] == len(asked) > 2


@pytest.mark.django_db
def test_nothing_of_a_person_is_in_them(tracing, receiver):
    person = User.objects.create(username=PERSON, name=PERSON, mobile="13812345678")
    client = Client()
    client.force_login(person)
    client.get(reverse("me") + f"?q={PERSON}")
    client.post(reverse("login"), {"username": PERSON, "password": "typed-secret"})
    client.get(reverse("calendar", args=["a-token-that-opens-a-calendar"]))
    key = client.session.session_key
    assert traced(receiver, tracing)
    told = b"".join(sent.body for sent in receiver.sent)
    for word in (PERSON, "13812345678", "typed-secret", "a-token", key, socket.gethostname()):
        assert word.encode() not in told, word


@pytest.mark.parametrize(
    ("sql", "kept"),
    [
        ("SELECT '张三', 'it''s' FROM \"t1\" LIMIT 21", 'SELECT ?, ? FROM "t1" LIMIT ?'),
        ("UPDATE u0 SET a = %s, b = 1.5 WHERE id IN (7, 8)", None),
    ],
)
def test_a_statement_quotes_nothing(sql, kept):
    kept = kept or "UPDATE u0 SET a = %s, b = ? WHERE id IN (?, ?)"
    assert without_values(sql) == (kept, sql[:6])


@pytest.mark.django_db
def test_a_crash_is_marked_by_its_kind_and_not_by_its_words(tracing, receiver, monkeypatch):
    def crash(*arguments, **more):
        raise ValueError(f"no such person: {PERSON}")

    monkeypatch.setattr("portal.views.health.JsonResponse", crash)
    Client(raise_request_exception=False).get("/healthz")
    (span,) = traced(receiver, tracing)
    assert span.status.code == span.status.STATUS_CODE_ERROR
    assert (span.name, values(span)["error.type"]) == ("GET /healthz", "500")
    assert PERSON.encode() not in receiver.sent[0].body
    assert not span.events


@pytest.mark.django_db
def test_what_no_method_or_parent_is_makes_no_name(tracing, receiver):
    client = Client(headers={"traceparent": "00-no-no-<script>"})
    client.generic("BREW", "/no-such-page/")
    (span,) = traced(receiver, tracing)
    assert (span.name, span.parent_span_id) == ("- -", b"")


@shared_task
def count_people():
    return User.objects.count()


@shared_task
def fail():
    raise ValueError(f"no such person: {PERSON}")


@pytest.mark.django_db(transaction=True)
def test_a_task_goes_on_in_the_trace_of_who_asked_for_it(tracing, receiver):
    with start_worker(current_app, perform_ping_check=False, pool="solo"):
        with spans.span("asking", spans.SpanKind.INTERNAL):
            count_people.delay()
        fail.delay()
        # other tests may have left tasks in the queue, which are traced as well
        due = {"asking", count_people.name, fail.name}
        wait_until(lambda: due <= named(receiver, tracing).keys(), 20, "both tasks were traced")
    found = named(receiver, tracing)
    asking, counted = found["asking"], found[count_people.name]
    assert (counted.trace_id, counted.parent_span_id) == (asking.trace_id, asking.span_id)
    statement = next(span for name, span in found.items() if name.startswith("SELECT"))
    assert statement.parent_span_id == counted.span_id
    failed = found[fail.name]
    assert failed.trace_id != asking.trace_id
    assert values(failed)["error.type"] == "ValueError"
    assert PERSON.encode() not in b"".join(sent.body for sent in receiver.sent)


def named(receiver, tracing) -> dict:
    return {span.name: span for span in traced(receiver, tracing)}


@pytest.mark.django_db
def test_a_task_that_is_called_at_once_stays_inside(tracing, receiver):
    with spans.span("asking", spans.SpanKind.INTERNAL):
        count_people.apply()
    statement, task, asking = traced(receiver, tracing)
    assert task.parent_span_id == asking.span_id
    assert statement.parent_span_id == task.span_id
    assert spans.connection.execute_wrappers == []


@pytest.fixture
def deaf():
    """Takes connections and never answers: the worst that a collector can be."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


ASK = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
ASKING = """
import json, time, django; django.setup()
from django.test import Client
client = Client(headers={"host": "127.0.0.1"})
client.get("/accounts/login/")
began = time.monotonic()
for number in range(300):
    assert client.get("/accounts/login/").status_code == 200
print(json.dumps(time.monotonic() - began), flush=True)
"""


def asked(folder, **more):
    """(seconds for 300 pages, seconds from then to the end) of a process of its own."""
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings"} | more
    process = subprocess.Popen(
        [sys.executable, "-c", ASKING],
        cwd=ROOT,
        env=environment(folder, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    took = json.loads(process.stdout.readline())
    began = time.monotonic()
    assert process.wait(60) == 0
    return took, time.monotonic() - began


def test_a_collector_that_never_answers_slows_nobody(deaf, tmp_path):
    without, _ = asked(tmp_path)
    took, ended = asked(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=deaf)
    # what spans cost this machine, and no wait: one send that was waited for takes three seconds
    assert took < without + 300 * 0.005
    assert ended < spans.LAST_WORDS + spans.SEND_SECONDS + 3


@pytest.mark.slow
def test_processes_that_were_forked_trace_and_end(receiver, tmp_path):
    """The real web server, whose code is loaded before its workers are there."""
    address = f"unix:{tmp_path}/web.sock"
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:config.web", "--bind", address],
        cwd=ROOT,
        env=environment(
            tmp_path / "data",
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{receiver.server_port}",
            OTEL_SERVICE_NAME="pinzhi-web",
            OTEL_BSP_SCHEDULE_DELAY="200",
        ),
    )
    try:
        wait_until(lambda: os.path.exists(tmp_path / "web.sock"), 60, "the server listens")
        for _ in range(4):
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(str(tmp_path / "web.sock"))
                line.sendall(ASK)
                assert line.recv(100).startswith(b"HTTP/1.1 200")
        wait_until(lambda: b"GET /healthz" in b"".join(s.body for s in receiver.sent), 20, "spans")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    sent = [ExportTraceServiceRequest.FromString(sent.body) for sent in receiver.sent]
    names = [
        (values(part.resource)["service.name"], span.name)
        for each in sent
        for part in each.resource_spans
        for scope in part.scope_spans
        for span in scope.spans
    ]
    assert names == [("pinzhi-web", "GET /healthz")] * 4
