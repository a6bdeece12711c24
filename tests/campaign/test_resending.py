"""Sending once more by hand: a new row that says so, never another result for the old one."""

from datetime import date

import pytest
from django.core import mail
from django.utils import translation

from campaign.ledger.resending import MOST, resend
from campaign.models import Reminder, Robot
from campaign.models.reminders import Delivery
from campaign.reminders.delivery import deliver_round
from campaign.reminders.planning import plan_round
from organization.errors import Refused
from organization.models import HistoryEntry
from tests import cast
from tests.campaign import ledgers

NOW = cast.moment(2011, 10, 10, 14)
DUE = date(2011, 10, 10)


@pytest.fixture
def failed(company):
    """A notice that did not arrive."""
    return notice(company, delivery=Delivery.FAILED, error="550 no such user")


def notice(company, person=None, **facts):
    facts = {"title": "已退回：会议纪要", "url": "/x/", "due": None} | facts
    who = person or company.manager
    return ledgers.told(company.campaign, who, "obligation:7", "notice", **facts)


def again(company, *rows, reason="邮件服务器修好了", at=NOW):
    return resend(reminders=rows, by=company.admin, at=at, reason=reason)


def test_a_new_row_is_wanted_and_the_old_one_keeps_its_result(company, failed):
    (row,) = again(company, failed).again
    assert (row.delivery, row.repeat_of, row.wanted_at) == (Delivery.WANTED, failed, NOW)
    assert (row.person, row.thing, row.channel) == (failed.person, failed.thing, "mail")
    failed.refresh_from_db()
    assert (failed.delivery, failed.error) == (Delivery.FAILED, "550 no such user")


def test_it_is_on_record_with_its_reason(company, failed):
    (row,) = again(company, failed).again
    (entry,) = HistoryEntry.objects.filter(verb="resend")
    assert (entry.by, entry.reason) == (company.admin, "邮件服务器修好了")
    assert (entry.object_id, entry.detail) == (str(failed.pk), {"repeat": row.pk})


def test_what_is_unknown_may_be_sent_once_more_and_the_letter_says_so(company):
    lost = notice(company, delivery=Delivery.UNKNOWN)
    again(company, lost)
    deliver_round(at=NOW)
    (letter,) = mail.outbox
    assert "这条通知再发一次" in letter.body
    assert lost.repeat.delivery == Delivery.SENT


@pytest.mark.parametrize("delivery", set(Delivery) - {"failed", "unknown"})
def test_nothing_else_is_sent_again(company, delivery):
    row = notice(company, delivery=delivery)
    resent = again(company, row)
    assert (resent.again, resent.refused[0][0]) == ([], row)
    assert Reminder.objects.count() == 1


def test_a_row_is_repeated_once_and_its_repeat_may_be_when_it_fails(company, failed):
    (first,) = again(company, failed).again
    assert again(company, failed).refused[0][1] == "已经重新发送过了。"
    Reminder.objects.filter(pk=first.pk).update(delivery=Delivery.FAILED)
    (second,) = again(company, first).again
    assert second.repeat_of == first


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_needed(company, failed, reason):
    with pytest.raises(Refused) as refused:
        again(company, failed, reason=reason)
    assert (refused.value.code, refused.value.field) == ("no_reason", "reason")
    assert Reminder.objects.count() == 1


def test_somebody_has_to_be_chosen_and_not_too_many(company):
    with pytest.raises(Refused) as none:
        again(company)
    with pytest.raises(Refused) as many:
        again(company, *(Reminder(pk=number) for number in range(MOST + 1)))
    assert (none.value.code, many.value.code) == ("nothing", "many")


def test_who_has_left_or_has_no_address_is_not_written_to(company):
    gone = notice(company, company.worker, delivery=Delivery.FAILED)
    mute = notice(company, company.head, delivery=Delivery.FAILED)
    company.worker.is_active, company.head.email = False, ""
    company.worker.save()
    company.head.save()
    reasons = [why for _row, why in again(company, gone, mute).refused]
    assert reasons == ["已离岗", "没有登记邮箱"]


def test_a_robot_that_is_switched_off_stays_silent(company):
    robot = Robot.objects.create(
        name="群", kind="wecom", sealed="x", created_at=NOW, switched_off_at=NOW
    )
    row = notice(company, delivery=Delivery.FAILED, channel=robot.channel, robot=robot)
    assert again(company, row).refused[0][1] == "这个机器人已停用。"


def test_the_reasons_are_in_the_readers_language(company):
    gone = notice(company, company.worker, delivery=Delivery.FAILED)
    company.worker.is_active = False
    company.worker.save()
    with translation.override("en"):
        assert again(company, gone).refused[0][1] == "No longer in the company"


# --- nudges ------------------------------------------------------------------------------


@pytest.fixture
def nudged(company):
    """Today's digest of mail has left, and nobody knows whether it arrived."""
    owed = cast.obligation(cast.milestone(company.campaign, due=DUE), project=company.one)
    plan_round(at=NOW)
    deliver_round(at=NOW)
    mail.outbox.clear()
    row = owed_row(owed)
    Reminder.objects.filter(pk=row.pk).update(delivery=Delivery.UNKNOWN)
    return owed


def owed_row(owed) -> Reminder:
    return Reminder.objects.get(thing=owed.thing, channel="mail", repeat_of=None)


def test_a_nudge_is_sent_once_more_on_the_day_of_its_digest(company, nudged):
    again(company, owed_row(nudged))
    deliver_round(at=NOW)
    (letter,) = mail.outbox
    assert nudged.milestone.title in letter.body
    assert owed_row(nudged).repeat.delivery == Delivery.SENT


def test_what_is_done_meanwhile_is_not_sent_again(company, nudged):
    row = owed_row(nudged)
    nudged.submitted_at = NOW
    nudged.save()
    assert again(company, row).refused[0][1] == "已经办完，或不再由本人办"


def test_what_is_done_before_the_repeat_leaves_is_cancelled(company, nudged):
    again(company, owed_row(nudged))
    nudged.submitted_at = NOW
    nudged.save()
    deliver_round(at=NOW)
    assert owed_row(nudged).repeat.delivery == Delivery.CANCELLED
    assert not mail.outbox


def test_what_arrived_after_all_is_not_sent_again(company, nudged):
    again(company, owed_row(nudged))
    Reminder.objects.filter(pk=owed_row(nudged).pk).update(delivery=Delivery.SENT)
    deliver_round(at=NOW)
    assert owed_row(nudged).repeat.delivery == Delivery.CANCELLED


def test_many_are_asked_about_in_as_many_queries(company, django_assert_num_queries):
    rows = [
        notice(company, delivery=Delivery.FAILED, occurrence=str(number)) for number in range(4)
    ]
    for some in (rows[:1], rows[1:]):
        with django_assert_num_queries(7):
            again(company, *some)
