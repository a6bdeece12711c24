"""One id goes from the proxy through answer, log and tasks; nobody stands in the log."""

import json
import logging
import re

import pytest
from celery import current_app, shared_task
from celery.contrib.testing.worker import start_worker
from django.urls import reverse

from organization.tracing import JsonFormatter, RequestFilter, current_id, log
from tests import cast
from tests.server import wait_until

ID = "proxy-7f3a9c21"


class Lines(logging.Handler):
    """What the log would say, as objects."""

    def __init__(self):
        super().__init__()
        self.addFilter(RequestFilter())
        self.setFormatter(JsonFormatter())
        self.said = []

    def emit(self, record):
        self.said.append(json.loads(self.format(record)))


@pytest.fixture
def lines():
    handler = Lines()
    loggers = log, logging.getLogger("django.request"), logging.getLogger(__name__)
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(
            logging.INFO
        )  # a worker of an earlier test has made the root's level higher
    yield handler.said
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def test_an_id_is_taken_over_into_answer_and_log(client, lines):
    response = client.get("/healthz", headers={"X-Request-ID": ID})
    assert response.headers["X-Request-ID"] == ID
    (line,) = lines
    assert (line["request_id"], line["route"], line["status"]) == (ID, "/healthz", 200)
    assert line["milliseconds"] > 0


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "a-line\nand-another", "<script>alert"])
def test_what_is_no_id_is_replaced(client, given):
    response = client.get("/healthz", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-ID"])


def test_each_request_has_its_own(client):
    one, other = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert one != other
    assert current_id.get() == ""


@pytest.mark.django_db
def test_addresses_are_logged_as_patterns(client, lines):
    client.get(reverse("calendar", args=["a-token-that-opens-a-calendar"]) + "?q=张三")
    told = json.dumps(lines, ensure_ascii=False)
    assert "calendar/" in told
    assert "a-token" not in told
    assert "张三" not in told


@pytest.mark.django_db
def test_a_crash_is_logged_with_its_id_and_without_its_address(client, lines, monkeypatch):
    def crash(*arguments, **more):
        raise RuntimeError("broken")

    monkeypatch.setattr("portal.views.health.JsonResponse", crash)
    client.raise_request_exception = False
    client.get("/healthz?token=secret-word", headers={"X-Request-ID": ID})
    crashed = next(line for line in lines if line["logger"] == "django.request")
    assert (crashed["request_id"], crashed["message"]) == (ID, "Internal Server Error: /healthz")
    assert "RuntimeError: broken" in crashed["trace"]
    assert "secret-word" not in json.dumps(crashed)


@pytest.mark.django_db
def test_nobody_is_named(client, lines):
    firm = cast.company()
    client.force_login(firm.manager)
    client.get(reverse("timeline", args=["c11"]))
    told = json.dumps(lines, ensure_ascii=False)
    assert "timeline" in told
    assert firm.manager.username not in told
    assert firm.manager.name not in told


@shared_task
def speak():
    logging.getLogger(__name__).warning("at work")


def test_a_task_goes_on_under_the_id_of_who_asked_for_it(lines):
    with start_worker(current_app, perform_ping_check=False, pool="solo"):
        token = current_id.set(ID)
        asked = speak.delay()
        current_id.reset(token)
        beat = speak.delay()
        wait_until(lambda: len(lines) == 2, 20, "both spoke")
    assert asked.id != ID
    assert [line["request_id"] for line in lines] == [ID, beat.id]
