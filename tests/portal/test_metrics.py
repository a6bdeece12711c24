"""`/metrics` tells Prometheus, and nobody else, what all processes counted and what waits."""

import re
import subprocess
import sys
from datetime import timedelta

import pytest
import yaml
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from organization import metrics
from organization.history import record
from organization.history_seals import seal_history
from organization.models import LetterKind, PasswordLetter, Project, User
from organization.tasks import send_letters
from tests.deploy.recipe import DEPLOY
from tests.server import ROOT, environment

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-probe"
NAME = "unmistakable-name"
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def on(settings):
    settings.METRICS_TOKEN = TOKEN
    settings.MIDDLEWARE = ["organization.metrics.MetricsMiddleware", *settings.MIDDLEWARE]
    cache.clear()
    yield Client()
    cache.clear()


def told(client) -> dict[tuple, float]:
    """{(name, values of its labels in the order of their names …): value}"""
    cache.delete_many(["metrics", "metrics-files"])
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    families = text_string_to_metric_families(answer.content.decode())
    samples = [sample for family in families for sample in family.samples]
    return {
        (each.name, *dict(sorted(each.labels.items())).values()): each.value for each in samples
    }


def test_where_it_is_not_set_nothing_is_there(client):
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer no", f"Basic {TOKEN}", "Bearer 品质"])
def test_without_its_token_nothing_is_told(on, given):
    answer = on.get("/metrics", headers={"Authorization": given})
    assert (answer.status_code, answer.content) == (401, b"")


def test_an_answer_is_counted_by_view_and_status(on):
    before = told(on)
    on.get("/healthz")
    on.get(f"/{NAME}/")
    on.generic("BREW", "/accounts/login/")
    after = told(on)
    for labels in (("GET", "200", "healthz"), ("GET", "404", "-"), ("-", "405", "login")):
        key = ("pinzhi_requests_total", *labels)
        assert after[key] - before.get(key, 0) == 1
    key = "pinzhi_request_seconds_count", "healthz"
    assert after[key] - before.get(key, 0) == 1


def test_statements_are_counted_by_view(on):
    person = User.objects.create(username=NAME, name=NAME)
    on.force_login(person)
    key = "pinzhi_queries_total", "me"
    before = told(on).get(key, 0)
    with connection.execute_wrapper(asked := metrics.Statements()):
        on.get("/me/")
    after = told(on)
    assert after[key] - before == asked.count > 0
    assert after["pinzhi_query_seconds_total", "me"] > 0
    assert not any(NAME in str(label) for key in after for label in key)


def test_tasks_are_counted_by_what_came_of_them(on, monkeypatch):
    metrics.watch_tasks()
    before = told(on)
    send_letters.apply()
    monkeypatch.setattr("organization.tasks.send_due", None)
    send_letters.apply()
    metrics.task_not_begun(sender=send_letters, expired=True)
    after = told(on)
    for outcome in ("success", "failure", "expired"):
        key = "pinzhi_tasks_total", outcome, send_letters.name
        assert after[key] - before.get(key, 0) == 1
    key = "pinzhi_task_seconds_count", send_letters.name
    assert after[key] - before.get(key, 0) == 2


def test_what_waits_is_told(on):
    at = timezone.now()
    person = User.objects.create(username=NAME, name=NAME)
    PasswordLetter.objects.create(
        user=person, kind=LetterKind.INVITATION, asked_at=at - HALF_AN_HOUR, next_at=at
    )
    project = Project.objects.create(code="p1", name=NAME)
    record(on=project, verb="add", by=person, at=at - HALF_AN_HOUR)
    found = told(on)
    assert (found["pinzhi_letters_waiting",], found["pinzhi_history_unsealed",]) == (1, 1)
    for name in ("letters_oldest", "history_unsealed"):
        assert 1800 <= found[f"pinzhi_{name}_seconds",] < 1860
    assert found["pinzhi_part_up", "database"] == 1
    assert not any(NAME in str(label) for key in found for label in key)
    seal_history(at=at)
    assert told(on)["pinzhi_history_unsealed",] == 0


def test_every_alert_asks_for_what_is_told(on):
    metrics.watch_tasks()
    send_letters.apply()
    on.get("/healthz")
    told(on)  # itself an answer with statements
    answer = on.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    names = set(re.findall(r"^# TYPE (\w+)", answer, re.M))
    names |= {name for name, *_ in told(on)}
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text())["groups"][0]
    for rule in rules["rules"]:
        asked = set(re.findall(r"\bpinzhi_\w+", rule["expr"]))
        assert asked <= names, rule["alert"]
        assert {"summary", "todo"} == rule["annotations"].keys(), rule["alert"]
    scrape = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text())
    assert scrape["scrape_configs"][0]["metrics_path"] == "/metrics"


COUNTS = """
import django; django.setup()
from organization import metrics
metrics.tasks.labels("t", "success").inc()
from prometheus_client import CollectorRegistry
registry = CollectorRegistry()
registry.register(metrics.counted())
told = registry.get_sample_value("pinzhi_tasks_total", {"task": "t", "outcome": "success"})
print(int(told), flush=True)
input()
"""


def counting(data_dir):
    more = {"METRICS_TOKEN": TOKEN, "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", COUNTS],
        cwd=ROOT,
        env=environment(data_dir, **more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_count_together_and_nothing_is_lost_when_one_ends(tmp_path):
    one, other = counting(tmp_path), counting(tmp_path)
    assert sorted(int(each.stdout.readline()) for each in (one, other)) in ([1, 2], [2, 2])
    for each in (one, other):
        each.kill()
        each.communicate()
    third = counting(tmp_path)
    assert third.communicate("\n")[0] == "3\n"
    assert {path.name for path in (tmp_path / "metrics").glob("*.db")} == {
        "counter_1.db",
        "counter_2.db",
    }
