"""Mail and the servers it goes through: what each answer, and each silence, comes to."""

from datetime import timedelta

import pytest
from django.utils import translation

from campaign.models import Letter, Reminder
from campaign.models.reminders import Channel, Delivery
from campaign.reminders.delivery import MOST_ATTEMPTS, RETRY_AFTER, deliver_round
from campaign.telling import tell
from organization.models import User
from tests import cast
from tests.campaign.letterbox import DROP, HANG, Letterbox, free_port, serving, use

NOW = cast.moment(2011, 10, 20, 10)


@pytest.fixture
def letterbox(settings):
    """Where mail goes in this test: a real server."""
    box = Letterbox()
    with serving(box) as port:
        use(settings, port)
        settings.EMAIL_TIMEOUT = 0.5
        yield box


@pytest.fixture
def inform(company):
    """Something happened that these people are told of by mail."""
    numbers = iter(range(1000))

    def inform(*people, **changes):
        what = {
            "people": people,
            "campaign": company.campaign,
            "thing": f"x:{next(numbers)}",
            "occurrence": "1",
            "title": "已退回：动员会",
            "url": "/x/",
            "at": NOW,
        }
        tell(**what | changes)

    return inform


def mails():
    return Reminder.objects.filter(channel=Channel.MAIL)


def results():
    return list(mails().values_list("delivery", flat=True))


def test_mails_arrive_at_a_real_server(company, inform, letterbox):
    inform(company.manager, company.worker)
    done = deliver_round(at=NOW)
    assert sorted(letterbox.addresses) == ["emp01@example.test", "pm01@example.test"]
    assert all("Auto-Submitted: auto-generated" in text for _, text in letterbox.mails)
    assert (done.mails, len(done.sent)) == (2, 2)


def test_many_mails_go_over_one_connection(company, inform, letterbox):
    inform(company.manager, company.worker, company.lead, company.center)
    deliver_round(at=NOW)
    assert (len(letterbox.mails), letterbox.connections) == (4, 1)


def test_a_letter_knows_when_it_left_and_what_it_said(company, inform, letterbox):
    inform(company.manager)
    deliver_round(at=NOW)
    letter = Letter.objects.get()
    assert (letter.person, letter.channel, letter.kind) == (company.manager, "mail", "notice")
    assert (letter.subject, letter.begun_at, letter.sent_at) == ("已退回：动员会", NOW, NOW)
    assert mails().get().letter == letter


# --- what a server may do ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moods", "result"),
    [
        ({"MAIL": "451 later"}, Delivery.WANTED),
        ({"MAIL": "421 closing down"}, Delivery.WANTED),
        ({"MAIL": "550 not you"}, Delivery.FAILED),
        ({"MAIL": DROP}, Delivery.WANTED),
        ({"RCPT": "450 mailbox busy"}, Delivery.WANTED),
        ({"RCPT": "550 no such user"}, Delivery.FAILED),
        ({"RCPT": DROP}, Delivery.WANTED),
        ({"RCPT": HANG}, Delivery.WANTED),
        ({"CONTENT": "452 disk full"}, Delivery.WANTED),
        ({"CONTENT": "554 looks like spam"}, Delivery.FAILED),
        ({"CONTENT": "what?"}, Delivery.UNKNOWN),
        ({"CONTENT": DROP}, Delivery.UNKNOWN),
        ({"CONTENT": HANG}, Delivery.UNKNOWN),
    ],
    ids=str,
)
def test_what_a_server_does_decides(company, inform, letterbox, moods, result):
    letterbox.moods = moods
    inform(company.manager)
    deliver_round(at=NOW)
    assert results() == [result]
    assert bool(mails().get().error)


@pytest.mark.parametrize("moods", [{"RCPT": "550 no"}, {"RCPT": DROP}, {"CONTENT": DROP}], ids=str)
def test_after_whatever_went_wrong_the_next_person_is_served(company, inform, letterbox, moods):
    letterbox.moods = moods
    inform(company.manager, company.worker)
    deliver_round(at=NOW)
    assert len(set(results())) == 1
    assert letterbox.connections == 2


def test_what_a_server_refused_is_in_its_own_words(company, inform, letterbox):
    letterbox.refusals = {"pm01@example.test": "550 no such user"}
    inform(company.manager, company.worker)
    done = deliver_round(at=NOW)
    assert letterbox.addresses == ["emp01@example.test"]
    assert len(done.failed) == 1
    assert "no such user" in mails().get(delivery=Delivery.FAILED).error


def test_a_server_that_is_away_costs_nothing_but_time(company, inform, letterbox, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    inform(company.manager)
    done = deliver_round(at=NOW)
    assert done.unreachable
    assert list(mails().values_list("delivery", "attempts", "claim")) == [("wanted", 0, None)]

    settings.EMAIL_PORT = port
    deliver_round(at=NOW + timedelta(minutes=2))
    assert letterbox.addresses == ["pm01@example.test"]


def test_a_refusal_for_now_is_tried_again_after_a_while(company, inform, letterbox):
    letterbox.refusals = {"pm01@example.test": "451 later"}
    inform(company.manager)
    deliver_round(at=NOW)
    assert results() == [Delivery.WANTED]
    assert not Letter.objects.exists()

    letterbox.refusals = {}
    deliver_round(at=NOW + RETRY_AFTER / 2)
    assert letterbox.addresses == []
    deliver_round(at=NOW + RETRY_AFTER)
    assert letterbox.addresses == ["pm01@example.test"]
    assert list(mails().values_list("delivery", "error", "attempts")) == [("sent", "", 2)]


def test_a_refusal_for_now_is_not_tried_for_ever(company, inform, letterbox):
    letterbox.refusals = {"pm01@example.test": "451 later"}
    inform(company.manager)
    for attempt in range(MOST_ATTEMPTS):
        assert results() == [Delivery.WANTED]
        deliver_round(at=NOW + attempt * RETRY_AFTER)
    assert results() == [Delivery.FAILED]


def test_what_may_have_arrived_is_not_sent_again(company, inform, letterbox):
    letterbox.moods = {"CONTENT": DROP}
    inform(company.manager)
    deliver_round(at=NOW)
    letterbox.moods = {}
    deliver_round(at=NOW + timedelta(hours=1))
    assert len(letterbox.mails) == 1


# --- what can't be sent --------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["not an address\nBcc: x@y.z", "nobody", "a@b@c.test", "a b@example.test", ""]
)
def test_an_address_that_cannot_be_fails_alone(company, inform, letterbox, address):
    inform(company.manager, company.worker)
    User.objects.filter(pk=company.manager.pk).update(email=address)
    deliver_round(at=NOW)
    assert letterbox.addresses == ["emp01@example.test"]
    failed = mails().get(delivery=Delivery.FAILED)
    assert failed.person == company.manager
    assert "邮箱" in failed.error


def test_a_catalog_with_a_broken_placeholder_fails_the_letters_that_need_it(
    company, inform, letterbox, monkeypatch
):
    User.objects.filter(pk=company.worker.pk).update(language="en")
    inform(company.manager, company.worker)
    inform(company.manager, company.worker)  # two: the subject counts them
    catalog = translation.trans_real.translation("en")._catalog
    monkeypatch.setitem(catalog, "%(headline)s（共 %(count)d 项）", "%(healine)s")
    done = deliver_round(at=NOW)
    assert letterbox.addresses == ["pm01@example.test"]
    failed = mails().filter(delivery=Delivery.FAILED)
    assert {row.person for row in failed} == {company.worker}
    assert len(done.failed) == 2
    assert "healine" in failed[0].error


def test_a_template_that_is_broken_fails_mails_with_a_sentence(
    company, inform, letterbox, settings, tmp_path
):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "reminders.txt").write_text("{% for %}")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]
    inform(company.manager)
    done = deliver_round(at=NOW)
    assert (len(done.failed), done.troubles) == (1, [])
    assert "写不出来" in mails().get().error
    assert company.manager.messages_received.exists()
