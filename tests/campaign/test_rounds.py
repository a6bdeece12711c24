"""What runs leave behind, and what the scheduler's bell sets going."""

from datetime import timedelta

import pytest

from campaign import tasks
from campaign.models import Reminder, Round
from campaign.reminders import rounds
from campaign.reminders.rounds import recorded
from campaign.tasks import deliver, play_round, tick
from campaign.telling import tell
from config import celery_app
from tests import cast

NOW = cast.moment(2011, 10, 20, 10)


@pytest.fixture
def rung():
    """How many bells were rung since the last time that this was asked."""
    celery_app.control.purge()
    return celery_app.control.purge


@pytest.fixture
def inform(company):
    def inform(*people, **changes):
        what = {
            "people": people,
            "campaign": company.campaign,
            "thing": "x:1",
            "occurrence": "1",
            "title": "标题",
            "url": "/x/",
            "at": NOW,
        }
        tell(**what | changes)

    return inform


def test_a_round_says_what_it_did_and_where(company, inform):
    inform(company.manager, company.worker)
    play_round(at=NOW)
    planned, delivered = Round.objects.order_by("pk")
    assert (planned.kind, delivered.kind) == ("plan", "deliver")
    assert delivered.figures == {
        "sent": delivered.figures["sent"],
        "failed": 0,
        "again": 0,
        "unknown": 0,
        "cancelled": 0,
        "mails": delivered.figures["mails"],
    }
    assert delivered.figures["mails"] >= 2
    assert delivered.began_at == NOW
    assert delivered.ended_at >= NOW
    assert ":" in delivered.worker


def test_a_run_that_ends_in_an_error_says_so_and_ends(db):
    with pytest.raises(ZeroDivisionError), recorded("plan", at=NOW) as row:
        row.figures = {"planned": 1 / 0}
    row = Round.objects.get()
    assert row.error.startswith("ZeroDivisionError")
    assert row.ended_at


def test_a_mail_server_that_is_away_is_in_the_record(company, inform, settings):
    settings.EMAIL_BACKEND = "campaign.reminders.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    inform(company.manager)
    play_round(at=NOW)
    assert "refused" in Round.objects.get(kind="deliver").error


def test_only_the_last_runs_are_kept(db, monkeypatch):
    monkeypatch.setattr(rounds, "KEPT", 3)
    for number in range(5):
        with recorded("plan", at=NOW + timedelta(minutes=number)):
            pass
    kept = Round.objects.order_by("pk").values_list("began_at", flat=True)
    assert list(kept) == [NOW + timedelta(minutes=number) for number in (2, 3, 4)]


@pytest.mark.parametrize("workers", [1, 3])
def test_a_tick_plans_and_rings_for_each_delivery(company, settings, rung, workers):
    settings.DELIVERY_WORKERS = workers
    tick()
    assert Round.objects.get().kind == "plan"
    assert rung() == workers


def test_a_delivery_that_has_not_finished_rings_for_the_next(company, inform, rung, monkeypatch):
    monkeypatch.setattr(tasks, "SHIFT_SECONDS", -1)  # over before it began
    inform(company.manager, urgent=True)  # in quiet hours, too
    deliver()
    assert (rung(), Reminder.objects.wanted().count()) == (1, 1)


def test_a_delivery_that_has_finished_rings_for_nobody(company, inform, rung):
    inform(company.manager, urgent=True)
    deliver()
    assert (rung(), Reminder.objects.wanted().count()) == (0, 0)


# --- quiet hours ---------------------------------------------------------------------------


def results():
    return list(Reminder.objects.filter(channel="mail").values_list("delivery", flat=True))


def test_nobody_gets_mail_at_night(company, inform):
    night = cast.moment(2011, 10, 20, 22)
    inform(company.manager, at=night)
    play_round(at=night)
    assert "sent" not in results()
    assert company.manager.messages_received.exists()


def test_what_came_at_night_is_sent_in_the_morning(company, inform):
    inform(company.manager, at=cast.moment(2011, 10, 20, 22))
    play_round(at=cast.moment(2011, 10, 21, 8))
    notice = Reminder.objects.get(thing="x:1", channel="mail")
    assert notice.delivery == "sent"


def test_what_is_urgent_does_not_wait_for_the_morning(company, inform):
    night = cast.moment(2011, 10, 20, 22)
    inform(company.manager, at=night, urgent=True)
    play_round(at=night)
    assert Reminder.objects.get(thing="x:1", channel="mail").delivery == "sent"
