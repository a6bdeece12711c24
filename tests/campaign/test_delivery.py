"""From the ledger to people: claimed once, checked once more, sent, recorded."""

import threading
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection

from campaign import registry
from campaign.models import Message, Reminder
from campaign.models.reminders import Delivery
from campaign.reminders.delivery import deliver_round
from campaign.reminders.planning import plan_round
from campaign.tasks import play_round
from campaign.telling import tell
from organization.models import User
from tests import cast
from tests.campaign.duties import Duties
from tests.campaign.letterbox import Letterbox, serving, use

DUE = date(2011, 10, 20)
TODAY = cast.moment(2011, 10, 20)


@pytest.fixture
def duties(company, monkeypatch):
    company.campaign.phases.all().delete()
    duties = Duties(company.campaign)
    monkeypatch.setattr(registry, "DUE_SOURCES", [duties])
    return duties


@pytest.fixture
def letterbox(settings):
    """Where mail goes in this test: a real server."""
    box = Letterbox()
    with serving(box) as port:
        use(settings, port)
        yield box


# --- arriving ----------------------------------------------------------------------------


def test_a_reminder_arrives_in_the_inbox_and_by_mail(company, duties):
    duties.owe("a", DUE, company.manager, title="锦澜府 · 动员会")
    play_round(at=TODAY)
    message = company.manager.messages_received.get()
    assert message.title == "今天到期：锦澜府 · 动员会"
    assert message.url == "/things/a/"
    assert [sent.to for sent in mail.outbox] == [["pm01@example.test"]]
    assert set(Reminder.objects.values_list("delivery", "sent_at")) == {(Delivery.SENT, TODAY)}


def test_two_rounds_tell_once(company, duties):
    duties.owe("a", DUE, company.manager)
    play_round(at=TODAY)
    play_round(at=TODAY + timedelta(minutes=2))
    assert company.manager.messages_received.count() == 1
    assert len(mail.outbox) == 1


def test_one_mail_gathers_all_that_is_new_in_a_round(company, duties):
    duties.owe("late", DUE - timedelta(days=2), company.manager, title="早该做的")
    duties.owe("now", DUE, company.manager, title="今天的")
    duties.owe("soon", DUE + timedelta(days=2), company.manager, title="快到的")
    done = play_round(at=TODAY).delivered
    sent = mail.outbox[0]
    assert (len(mail.outbox), done.mails, len(done.sent)) == (1, 1, 6)
    assert sent.subject == "已逾期：早该做的（共 3 项）"
    order = [sent.body.index(title) for title in ("早该做的", "今天的", "快到的")]
    assert order == sorted(order)


def test_links_in_a_mail_lead_to_the_thing_itself(company, duties, settings):
    settings.SITE_URL = "https://pinzhi.example"
    duties.owe("a", DUE, company.manager)
    play_round(at=TODAY)
    sent = mail.outbox[0]
    html, mime = sent.alternatives[0]
    assert mime == "text/html"
    assert "https://pinzhi.example/things/a/" in sent.body
    assert 'href="https://pinzhi.example/things/a/"' in html


def test_what_people_typed_is_escaped_in_html_and_plain_in_text(company, duties):
    duties.owe("a", DUE, company.manager, title="灯 <b>不亮</b> & 坏")
    play_round(at=TODAY)
    html, _ = mail.outbox[0].alternatives[0]
    assert "灯 <b>不亮</b> & 坏" in mail.outbox[0].body
    assert "灯 &lt;b&gt;不亮&lt;/b&gt; &amp; 坏" in html


def test_a_mail_is_in_the_persons_language(company, duties):
    User.objects.filter(pk=company.manager.pk).update(language="en")
    duties.owe("a", DUE, company.manager, company.worker)
    play_round(at=TODAY)
    pages = {sent.to[0]: sent.alternatives[0][0] for sent in mail.outbox}
    assert '<html lang="en">' in pages["pm01@example.test"]
    assert '<html lang="zh-CN">' in pages["emp01@example.test"]


def test_many_things_become_one_message_with_a_line_for_each(company, duties):
    for number in range(7):
        duties.owe(f"a{number}", DUE, company.manager, title=f"问题 {number}")
    play_round(at=TODAY)
    message = company.manager.messages_received.get()
    assert message.title == "7 项今天到期"
    lines = message.letter.reminders.order_by("pk")
    assert [line.title for line in lines] == [f"问题 {number}" for number in range(7)]
    assert message.url == "/"


def test_a_message_counts_what_it_is_made_of_by_urgency(company, duties):
    duties.owe("soon", DUE + timedelta(days=2), company.manager)
    duties.owe("late", DUE - timedelta(days=2), company.manager)
    duties.owe("later", DUE - timedelta(days=1), company.manager)
    play_round(at=TODAY)
    assert company.manager.messages_received.get().title == "2 项已逾期，1 项即将到期"


def test_a_day_has_one_digest_and_what_comes_after_it_waits_for_the_next(company, duties):
    duties.owe("a", DUE, company.manager)
    play_round(at=TODAY)
    duties.owe("b", DUE + timedelta(days=1), company.manager, title="后来的")
    play_round(at=TODAY + timedelta(hours=3))
    assert (company.manager.messages_received.count(), len(mail.outbox)) == (1, 1)

    play_round(at=TODAY + timedelta(days=1))
    assert company.manager.messages_received.first().title == "1 项已逾期，1 项今天到期"
    assert "后来的" in mail.outbox[1].body


def test_an_event_is_in_the_inbox_at_once_and_in_the_next_rounds_mail(company, duties):
    tell(
        people=[company.manager],
        campaign=company.campaign,
        thing="obligation:1",
        occurrence="returned 2",
        title="已退回：动员会",
        body="缺 2 人签字",
        url="/x/",
        at=TODAY,
    )
    assert company.manager.messages_received.get().body == "缺 2 人签字"
    play_round(at=TODAY)
    assert mail.outbox[0].subject == "已退回：动员会"
    assert "缺 2 人签字" in mail.outbox[0].body
    assert company.manager.messages_received.count() == 1


def test_an_event_is_told_once(company, duties):
    for _ in range(2):
        tell(
            people=[company.manager],
            campaign=company.campaign,
            thing="x",
            occurrence="1",
            title="标题",
            url="/",
            at=TODAY,
        )
    play_round(at=TODAY)
    assert company.manager.messages_received.count() == 1
    assert len(mail.outbox) == 1


# --- checked once more -------------------------------------------------------------------


def test_what_was_done_meanwhile_is_not_nagged_about(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=TODAY)
    duties.finish("a")
    done = deliver_round(at=TODAY)
    assert (done.sent, done.cancelled) == ([], 2)
    assert not Message.objects.exists()
    assert not mail.outbox


def test_what_is_said_more_sharply_now_is_not_said_twice(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=TODAY - timedelta(days=2))
    play_round(at=TODAY)
    assert company.manager.messages_received.get().title.startswith("今天到期")
    assert Reminder.objects.filter(rule="before-3", delivery=Delivery.CANCELLED).count() == 2


def test_done_before_the_round_and_opened_again_is_told_after_all(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=TODAY)
    duties.finish("a")
    play_round(at=TODAY)
    duties.owe("a", DUE, company.manager)
    play_round(at=TODAY + timedelta(hours=2))
    assert company.manager.messages_received.count() == 1


def test_somebody_who_left_is_not_written_to(company, duties):
    duties.owe("a", DUE, company.manager)
    plan_round(at=TODAY)
    User.objects.filter(pk=company.manager.pk).update(is_active=False)
    deliver_round(at=TODAY)
    assert set(Reminder.objects.values_list("delivery", flat=True)) == {Delivery.CANCELLED}


# --- in company ------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_rounds_at_once_tell_once(letterbox, monkeypatch):
    company = cast.company()
    company.campaign.phases.all().delete()
    duties = Duties(company.campaign)
    monkeypatch.setattr(registry, "DUE_SOURCES", [duties])
    for number in range(40):
        duties.owe(f"a{number}", DUE, company.manager, company.worker, company.lead)

    everybody_at_once(4, lambda: play_round(at=TODAY))

    assert sorted(letterbox.addresses) == [
        "emp01@example.test",
        "lead-service@example.test",
        "pm01@example.test",
    ]
    assert Reminder.objects.count() == 40 * 3 * 2
    assert set(Reminder.objects.values_list("delivery", flat=True)) == {Delivery.SENT}
    assert sorted(Message.objects.values_list("title", flat=True)) == ["40 项今天到期"] * 3


def everybody_at_once(number, work):
    """Run the same work in several threads, each with its own connection."""
    gate, failures = threading.Barrier(number), []

    def one():
        try:
            gate.wait()
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
