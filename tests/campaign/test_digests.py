"""One digest a person, channel and day: what is in it, what is left out and why, what waits."""

from datetime import date, timedelta

import pytest
from django.core import mail

from campaign import registry
from campaign.models import ChannelChoice, Letter, Reminder
from campaign.models.reminders import Delivery
from campaign.reminders import delivery
from campaign.reminders.delivery import deliver_round
from campaign.reminders.planning import plan_round
from campaign.reminders.senders import Outcome, Result
from campaign.tasks import play_round
from campaign.telling import tell
from tests import cast
from tests.campaign.duties import Duties

FRIDAY = date(2011, 10, 21)
NOW = cast.moment(2011, 10, 21, 10)


@pytest.fixture
def duties(company, monkeypatch):
    company.campaign.phases.all().delete()
    duties = Duties(company.campaign)
    monkeypatch.setattr(registry, "DUE_SOURCES", [duties])
    return duties


def mails_of(person):
    return Reminder.objects.filter(person=person, channel="mail")


def why(person):
    """What the ledger says of a person's cancelled mail."""
    return list(mails_of(person).filter(delivery="cancelled").values_list("error", flat=True))


# --- what is in it -------------------------------------------------------------------------


def test_what_is_overdue_comes_first_then_today_then_what_is_coming(company, duties):
    duties.owe("soon", FRIDAY + timedelta(days=3), company.manager, title="快到的")
    duties.owe("now", FRIDAY, company.manager, title="今天的")
    duties.owe("late", FRIDAY - timedelta(days=1), company.manager, title="早该做的")
    play_round(at=NOW)
    (sent,) = mail.outbox
    words = ("已逾期", "早该做的", "今天到期", "今天的", "即将到期", "快到的")
    places = [sent.body.index(word) for word in words]
    assert places == sorted(places)


def test_what_others_left_undone_has_a_place_of_its_own(company, duties):
    duties.owe("late", FRIDAY - timedelta(days=3), company.head, title="早该做的")
    play_round(at=NOW)
    (sent,) = [sent for sent in mail.outbox if sent.to == [company.manager.email]]
    assert sent.subject == "逾期上报：早该做的"
    assert "由刘晓燕负责，已逾期 3 天。" in sent.body


def test_notices_come_in_a_letter_of_their_own(company, duties):
    duties.owe("now", FRIDAY, company.manager)
    told = {"people": [company.manager], "campaign": company.campaign, "url": "/x/", "at": NOW}
    for number in range(3):
        tell(thing=f"x:{number}", occurrence="1", title=f"第 {number} 件", **told)
    play_round(at=NOW)
    assert sorted(sent.subject for sent in mail.outbox) == [
        "今天到期：事项 now",
        "第 0 件（共 3 项）",
    ]
    kinds = Letter.objects.filter(channel="mail").values_list("kind", flat=True)
    assert sorted(kinds) == ["digest", "notice"]


# --- what is left out ----------------------------------------------------------------------


def test_the_ledger_says_why_something_was_not_said(company, duties):
    for thing in ("done", "moved", "sharper"):
        duties.owe(thing, FRIDAY + timedelta(days=1), company.manager)
    duties.owe("sharper", FRIDAY, company.manager)
    plan_round(at=NOW.replace(hour=7))
    duties.finish("done")
    duties.owe("moved", FRIDAY + timedelta(days=3), company.manager)
    deliver_round(at=NOW)
    reasons = dict(mails_of(company.manager).values_list("thing", "error"))
    assert reasons == {
        "duty:done": "已经办完，或不再由本人办",
        "duty:moved": "期限已改",
        "duty:sharper": "已有更紧的提醒",
    }


def test_what_is_not_known_any_more_is_left_out_of_the_digest(company, duties):
    duties.owe("a", FRIDAY, company.manager, title="还在的")
    duties.owe("b", FRIDAY, company.manager, title="没有了的")
    del duties.titles["b"]
    play_round(at=NOW)
    assert mail.outbox[0].subject == "今天到期：还在的"
    assert why(company.manager) == ["事项已经不存在"]


def test_an_app_that_cannot_name_its_things_holds_nobody_up(company, duties, monkeypatch):
    duties.owe("a", FRIDAY, company.manager, title="有名字的")
    broken = Duties(company.campaign)
    broken.kind, broken.named = "broken", lambda campaign, things: 1 / 0
    broken.owe("b", FRIDAY, company.manager)
    monkeypatch.setattr(registry, "DUE_SOURCES", [duties, broken])
    done = play_round(at=NOW).delivered
    assert mail.outbox[0].subject == "今天到期：有名字的"
    assert done.troubles == []
    assert "写不出" in why(company.manager)[0]


def test_who_switched_mail_off_gets_no_nudges_and_no_notices_but_what_is_urgent(company, duties):
    told = {"people": [company.manager], "campaign": company.campaign, "url": "/x/", "at": NOW}
    tell(thing="x:1", occurrence="1", title="平常的", **told)
    tell(thing="x:2", occurrence="1", title="紧急的", urgent=True, **told)
    duties.owe("a", FRIDAY, company.manager)
    plan_round(at=NOW)
    ChannelChoice.objects.create(person=company.manager, mail=False)
    deliver_round(at=NOW)
    assert [sent.subject for sent in mail.outbox] == ["紧急的"]
    assert why(company.manager) == ["本人关闭了这个渠道"] * 2
    assert company.manager.messages_received.count() == 3


# --- what waits ----------------------------------------------------------------------------


def test_what_comes_after_the_digest_waits_for_the_next_working_day(company, duties):
    duties.owe("a", FRIDAY, company.manager)
    play_round(at=NOW)
    duties.owe("b", FRIDAY - timedelta(days=1), company.manager)
    play_round(at=NOW + timedelta(hours=1))
    waiting = Reminder.objects.wanted().filter(thing="duty:b")
    monday = cast.moment(2011, 10, 24, 9)
    assert set(waiting.values_list("not_before", flat=True)) == {monday}
    play_round(at=NOW + timedelta(days=1))
    assert len(mail.outbox) == 1
    play_round(at=monday)
    assert [sent.to for sent in mail.outbox].count([company.manager.email]) == 2


def test_a_clock_that_is_set_back_over_midnight_brings_no_second_digest(company, duties):
    duties.owe("a", FRIDAY, company.manager)
    play_round(at=NOW)
    duties.owe("b", FRIDAY, company.manager)
    for hours in (-1, 1):
        play_round(at=NOW + timedelta(hours=hours))
    assert Letter.objects.filter(kind="digest", channel="mail").count() == 1


class Mute:
    """A channel whose letters have to wait, or break, as a test says."""

    addressee, choice = "person", "mail"

    def __init__(self, until=None, error=None):
        self.until, self.error = until, error

    def mine(self, rows):
        return rows.filter(channel="mail")

    def why_not(self):
        return ""

    def not_before(self, letter, rows, *, at):
        return self.until

    def send(self, letter, rows, language):
        if self.error:
            raise self.error
        return Result(Outcome.SENT)

    def close(self):
        pass


@pytest.fixture
def channel(monkeypatch):
    def use(**how):
        monkeypatch.setattr(delivery, "SENDERS", {"mute": lambda: Mute(**how)})

    return use


def test_a_channel_may_let_letters_wait_and_no_attempt_counts(company, duties, channel):
    later = NOW + timedelta(minutes=7)
    channel(until=later)
    duties.owe("a", FRIDAY, company.manager)
    play_round(at=NOW)
    (row,) = mails_of(company.manager)
    assert (row.delivery, row.not_before, row.attempts, row.claim) == ("wanted", later, 0, None)
    assert not Letter.objects.filter(channel="mail").exists()


def test_a_channel_that_breaks_leaves_it_unknown_and_the_others_are_served(
    company, duties, channel
):
    channel(error=ZeroDivisionError("own fault"))
    duties.owe("a", FRIDAY, company.manager, company.worker)
    play_round(at=NOW)
    rows = Reminder.objects.filter(channel="mail", thing="duty:a")
    assert {(row.delivery, row.error) for row in rows} == {
        (Delivery.UNKNOWN, "ZeroDivisionError: own fault")
    }
    assert rows.count() == 2
