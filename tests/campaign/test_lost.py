"""Deliveries that died: what they left is unknown, and only what is urgent is said once more."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from campaign.models import Letter, Reminder
from campaign.models.reminders import Channel, Delivery
from campaign.reminders.claims import STALE_AFTER, NotMine, begin, held, settle, take
from campaign.reminders.delivery import deliver_round
from campaign.reminders.envelopes import envelopes
from campaign.reminders.lost import LOST_AFTER, give_up_on_lost, repeat_urgent
from campaign.telling import tell
from tests import cast

NOW = cast.moment(2011, 10, 20, 10)
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def inform(company):
    def inform(person, **changes):
        what = {
            "people": [person],
            "campaign": company.campaign,
            "thing": "obligation:1",
            "occurrence": "returned 2",
            "title": "已退回：动员会",
            "body": "缺签字",
            "url": "/x/",
            "at": NOW,
        }
        tell(**what | changes)

    return inform


def mails():
    return Reminder.objects.filter(channel=Channel.MAIL)


def results():
    return list(mails().order_by("pk").values_list("delivery", flat=True))


def claimed(at=NOW):
    claim = take(mails(), at=at)
    return claim, envelopes(held(claim), "person", at=at)


def begun(at=NOW):
    """A delivery that says that a letter leaves; and then the power fails."""
    claim, (one,) = claimed(at=at)
    begin(one.letter, one.rows, claim, at=at)
    return one.letter


# --- claimed and not begun -------------------------------------------------------------------


def test_what_was_claimed_and_not_begun_is_given_back_after_ten_minutes(company, inform):
    inform(company.manager)
    claimed()
    deliver_round(at=NOW + STALE_AFTER)
    assert not mail.outbox
    deliver_round(at=NOW + STALE_AFTER + A_MOMENT)
    assert (len(mail.outbox), results()) == (1, [Delivery.SENT])


def test_who_comes_back_to_a_stale_claim_finds_it_gone(company, inform):
    inform(company.manager)
    slow, (envelope,) = claimed()
    deliver_round(at=NOW + STALE_AFTER + A_MOMENT)
    with pytest.raises(NotMine), transaction.atomic():
        begin(envelope.letter, envelope.rows, slow, at=NOW)
    assert Letter.objects.count() == 1


def test_what_another_delivery_holds_is_left_to_it(company, inform):
    inform(company.manager)
    assert take(mails(), at=NOW)
    assert take(mails(), at=NOW) is None


def test_a_clock_that_is_set_back_only_waits_longer(company, inform):
    inform(company.manager)
    claimed()
    back = NOW - timedelta(hours=1)
    deliver_round(at=back + STALE_AFTER + A_MOMENT)
    assert results() == [Delivery.WANTED]
    deliver_round(at=NOW + STALE_AFTER + A_MOMENT)
    assert results() == [Delivery.SENT]


# --- begun and not recorded ------------------------------------------------------------------


def test_what_was_begun_and_not_recorded_is_unknown_after_ten_minutes(company, inform):
    inform(company.manager)
    begun()
    deliver_round(at=NOW + LOST_AFTER)
    assert results() == [Delivery.SENDING]
    done = deliver_round(at=NOW + LOST_AFTER + A_MOMENT)
    assert (done.unknown, results()) == (1, [Delivery.UNKNOWN])
    assert not mail.outbox
    assert mails().get().error


def test_who_sent_slowly_still_knows_better_than_who_gave_up(company, inform):
    inform(company.manager)
    letter = begun()
    deliver_round(at=NOW + 2 * LOST_AFTER)
    settle(letter, Delivery.SENT, at=NOW)
    assert results() == [Delivery.SENT]


def test_an_urgent_notice_that_may_be_lost_is_said_once_more_and_says_so(company, inform):
    inform(company.manager, urgent=True)
    begun()
    deliver_round(at=NOW + LOST_AFTER + A_MOMENT)
    (sent,) = mail.outbox
    assert "再发一次" in sent.body
    assert "再发一次" in sent.alternatives[0][0]
    first, second = mails().order_by("pk")
    assert (first.delivery, second.delivery) == (Delivery.UNKNOWN, Delivery.SENT)
    assert (second.repeat_of, second.occurrence) == (first, "returned 2 repeat")
    assert (second.title, second.body, second.urgent) == ("已退回：动员会", "缺签字", True)


def test_a_repeat_that_may_be_lost_is_not_repeated(company, inform):
    inform(company.manager, urgent=True)
    begun()
    later = NOW + LOST_AFTER + A_MOMENT
    Reminder.objects.filter(delivery=Delivery.SENDING).update(delivery=Delivery.UNKNOWN)
    repeat_urgent(at=later)
    begun(at=later)
    for hours in (1, 2, 3):
        deliver_round(at=later + timedelta(hours=hours))
    assert results() == [Delivery.UNKNOWN, Delivery.UNKNOWN]
    assert not mail.outbox


def test_a_repeat_is_dropped_when_the_first_turns_out_to_have_arrived(company, inform):
    inform(company.manager, urgent=True)
    letter = begun()
    give_up_on_lost(at=NOW + 2 * LOST_AFTER)
    repeat_urgent(at=NOW + 2 * LOST_AFTER)
    settle(letter, Delivery.SENT, at=NOW)
    deliver_round(at=NOW + 2 * LOST_AFTER)
    assert results() == [Delivery.SENT, Delivery.CANCELLED]
    assert not mail.outbox


def test_long_names_of_occurrences_leave_room_for_the_word_repeat(company, inform):
    inform(company.manager, urgent=True, occurrence="r" * 60)
    begun()
    deliver_round(at=NOW + LOST_AFTER + A_MOMENT)
    assert mails().last() != mails().first()
    assert mails().get(repeat_of__isnull=False).occurrence == "r" * 53 + " repeat"
