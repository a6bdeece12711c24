"""One round from the command line, and rounds that real workers play for a real scheduler."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import date

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from redis import Redis

from campaign import registry
from campaign.models import Campaign, Reminder
from tests import cast
from tests.campaign.duties import Duties
from tests.campaign.letterbox import Letterbox, free_port, serving, use
from tests.server import ROOT, environment, wait_until

TODAY = cast.moment(2011, 10, 20)


@pytest.fixture
def duties(company, monkeypatch):
    company.campaign.phases.all().delete()
    duties = Duties(company.campaign)
    duties.owe("a", date(2011, 10, 20), company.manager, title="锦澜府 · 动员会")
    monkeypatch.setattr(registry, "DUE_SOURCES", [duties])
    return duties


def run(**options):
    output = io.StringIO()
    call_command("send_reminders", stdout=output, **options)
    return output.getvalue()


def test_a_day_stands_for_the_hour_of_its_reminders(duties):
    run(at="2011-10-20")
    assert set(Reminder.objects.values_list("wanted_at", flat=True)) == {TODAY}
    assert mail.outbox[0].subject == "今天到期：锦澜府 · 动员会"


def test_before_that_hour_nobody_is_told(duties):
    run(at="2011-10-20T08:59")
    assert not mail.outbox


def test_for_machines_it_names_who_was_told_of_what(duties):
    done = json.loads(run(at="2011-10-20T09:00", format="json"))
    assert (done["planned"], done["sent"], done["mails"], done["failed"]) == (2, 2, 1, 0)
    assert done["reminders"][0] == {
        "campaign": "c11",
        "username": "pm01",
        "thing": "duty:a",
        "rule": "on-0",
        "due": "2011-10-20",
        "channel": "inbox",
        "title": "锦澜府 · 动员会",
        "url": "/things/a/",
    }


def test_a_second_round_tells_nobody(duties):
    run(at="2011-10-20")
    done = json.loads(run(at="2011-10-20", format="json"))
    assert (done["planned"], done["sent"], done["reminders"]) == (0, 0, [])


def test_for_people_it_counts(duties):
    words = run(at="2011-10-20T09:00")
    assert "inbox: 1" in words
    assert "mail: 1" in words


def test_a_campaign_whose_day_has_come_starts(company, monkeypatch):
    monkeypatch.setattr(registry, "READINESS_CHECKS", [])
    Campaign.objects.update(started_at=None)
    done = json.loads(run(at="2011-09-25T00:00", format="json"))
    assert done["started"] == ["c11"]
    assert Campaign.objects.get().started_at == cast.moment(2011, 9, 25, 0)
    done = json.loads(run(at="2011-09-25", format="json"))
    assert "pm01" in {reminder["username"] for reminder in done["reminders"]}


def test_a_moment_that_is_none_is_refused(duties):
    with pytest.raises(CommandError, match="--at"):
        run(at="tomorrow")
    assert not Reminder.objects.exists()


def test_without_a_mail_server_it_says_so_and_fails(duties, settings):
    use(settings, free_port())
    with pytest.raises(CommandError, match="no mail server"):
        run(at="2011-10-20T09:00", format="json")
    assert Reminder.objects.wanted().count() == 1


# --- real workers ------------------------------------------------------------------------

# whose day has no hour in which workers would have to wait for the real clock
COMPANY = """
from datetime import time
from django.utils import timezone
from campaign.models import ReminderRule, ReminderSettings
from tests import cast
company = cast.company()
ReminderSettings.objects.create(
    campaign=company.campaign, digest_at=time(0), quiet_from=time(0), quiet_until=time(0),
    working_days_only=False,
)
ReminderRule.objects.create(campaign=company.campaign, kind="on", days=0)
milestone = cast.milestone(company.campaign, due=timezone.localdate())
cast.obligation(milestone, project=company.one)
cast.obligation(milestone, project=company.two)
"""
WORKER = [sys.executable, "-m", "celery", "-A", "config", "--quiet", "worker"]
WORKER += ["-P", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle"]


@pytest.fixture
def letterbox():
    box = Letterbox()
    with serving(box) as box.port:
        yield box


@pytest.fixture
def installation(transactional_db, tmp_path, letterbox):
    """A database in a folder, a queue of its own, and this company in it.

    The tests' tables are copied outside a transaction: SQLite lets a copy wait, without an end,
    for whoever may write.
    """
    queue = os.environ["BROKER_URL"].rpartition("/")[0] + "/1"
    Redis.from_url(queue).flushdb()
    mail_server = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(letterbox.port)}
    settings = environment(tmp_path, BROKER_URL=queue, **mail_server)
    # the tests' own tables: to make them by migrations takes longer than the test
    with closing(sqlite3.connect(tmp_path / "pinzhi.sqlite3")) as database:
        connection.connection.backup(database)
    manage(settings, "shell", "--verbosity=0", "--command", COMPANY)
    return settings


def manage(settings, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=settings, check=True, timeout=120)


def ring(settings, times):
    """Queue ticks, as a scheduler does; several at once are several schedulers."""
    send = "celery_app.send_task('campaign.tasks.tick')"
    code = f"from config import celery_app\nfor _ in range({times}): {send}"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=settings, check=True, timeout=60)


def is_idle(settings):
    queue = Redis.from_url(settings["BROKER_URL"])
    return queue.llen("celery") == 0 and queue.hlen("unacked") == 0


def ledger(settings, query):
    with closing(sqlite3.connect(f"{settings['DATA_DIR']}/pinzhi.sqlite3")) as database:
        return database.execute(query).fetchall()


@pytest.mark.redis
@pytest.mark.slow
def test_workers_that_get_several_ticks_at_once_tell_once(installation, letterbox):
    ring(installation, times=3)
    workers = [
        subprocess.Popen(WORKER, cwd=ROOT, env=installation, start_new_session=True)
        for _ in range(2)
    ]
    try:
        wait_until(lambda: is_idle(installation), 60, "the ticks are played")
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            worker.wait(timeout=30)
    once = Counter(letterbox.addresses)
    assert {"pm01@example.test", "pm02@example.test"} <= set(once)
    assert set(once.values()) == {1}
    assert ledger(installation, "SELECT DISTINCT delivery FROM campaign_reminder") == [("sent",)]
    lines = ledger(installation, "SELECT person_id, title, url FROM campaign_message")
    assert len(lines) == len(set(lines))
