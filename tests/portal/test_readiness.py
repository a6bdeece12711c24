"""`healthz` says that a process lives, `readyz` whether it can serve; neither tells why not."""

import json

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from portal import readiness

pytestmark = pytest.mark.django_db
SECRET = "postgres://pinzhi:hunter2@db/pinzhi"


@pytest.fixture(autouse=True)
def looked_at_anew():
    cache.clear()
    yield
    cache.clear()


def ready(client):
    response = client.get("/readyz")
    return response.status_code, response.json()["parts"]


def breaking(monkeypatch, name):
    def fail():
        raise RuntimeError(SECRET)

    monkeypatch.setitem(readiness.CHECKS, name, fail)


def test_all_parts_are_well(client):
    parts = dict.fromkeys(("database", "migrations", "storage", "broker"), "ok")
    assert ready(client) == (200, parts)
    assert not default_storage.exists(".ready")


@pytest.mark.parametrize("name", ["database", "migrations", "storage"])
def test_without_what_pages_need_it_is_not_ready(client, monkeypatch, name):
    breaking(monkeypatch, name)
    status, parts = ready(client)
    assert (status, [part for part in parts if parts[part] == "broken"]) == (503, [name])


def test_pages_go_on_without_the_broker(client, monkeypatch):
    breaking(monkeypatch, "broker")
    status, parts = ready(client)
    assert (status, parts["broker"]) == (200, "broken")


def test_it_tells_no_secrets(client, monkeypatch, caplog):
    breaking(monkeypatch, "database")
    assert SECRET not in client.get("/readyz").content.decode()
    assert "not ready: database" in caplog.text


def test_a_migration_that_is_not_applied_is_missing(client):
    with override_settings(MIGRATION_MODULES={}):
        recorder = MigrationRecorder(connection)
        if recorder.has_table():  # else no migration ever was
            recorder.migration_qs.all().delete()
        assert ready(client)[1]["migrations"] == "broken"


def test_a_storage_that_takes_nothing_is_seen(client, settings, tmp_path):
    blocked = tmp_path / "files"
    blocked.write_text("no folder")
    settings.MEDIA_ROOT = blocked
    assert ready(client)[1]["storage"] == "broken"


def test_a_broker_that_is_away_is_seen(client, monkeypatch):
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", "redis://127.0.0.1:1/0")
    assert ready(client)[1]["broker"] == "broken"


def test_one_look_is_enough_for_all_who_ask_meanwhile(client, monkeypatch):
    before = ready(client)
    breaking(monkeypatch, "database")
    assert ready(client) == before


def test_a_process_lives_without_a_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert json.loads(response.content) == {"status": "ok"}
