"""Links to set a password: invitations, and for whoever forgot theirs."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organization.history import history_of
from organization.letters import ask_reset, invite, send_due
from organization.models import PasswordLetter, User
from tests import cast
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
NEW = "quiet-Harbour-77"


class Down(EmailBackend):
    """A mail server that is not there."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("nobody answers")


@pytest.fixture
def person():
    return cast.person("zhou", "周雁", "employee")


@pytest.fixture
def newcomer(person):
    person.set_unusable_password()
    person.save()
    return person


@pytest.fixture
def admin():
    return cast.person("admin", "何清", "administrator", is_staff=True)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ask(client, who):
    return client.post(reverse("forgotten"), {"who": who})


def link() -> str:
    send_due(at=timezone.now())
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body).group(1)


def open_link(client, where=None):
    return client.get(where or link(), follow=True)


def set_by(client, where, password=NEW):
    form = open_link(client, where).request["PATH_INFO"]
    return client.post(form, {"new_password1": password, "new_password2": password})


# --- forgotten -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["zhou", "zhou@example.test", "ZHOU@example.test"])
def test_by_the_link_one_sets_a_password_and_signs_in(person, client, who):
    ask(client, who)
    assert set_by(client, link()).url == reverse("login")
    sent = {"username": "zhou", "password": NEW}
    assert client.post(reverse("login"), sent).url == "/"


def test_the_answer_is_the_same_for_a_name_that_nobody_has(person, client):
    known, unknown = ask(client, "zhou"), ask(Client(), "nobody")
    assert strip(known) == strip(unknown)
    assert send_due(at=timezone.now()) == 1


def strip(page) -> str:
    return re.sub(r"csrfmiddlewaretoken[^>]*", "", page.content.decode())


def test_a_link_works_once(person, client):
    ask(client, "zhou")
    where = link()
    set_by(client, where)
    assert "链接不能用了" in open_link(Client(), where).content.decode()


def test_after_a_sign_in_the_link_is_over(person, client):
    ask(client, "zhou")
    where = link()
    client.post(reverse("login"), {"username": "zhou", "password": cast.PASSWORD})
    assert "链接不能用了" in open_link(Client(), where).content.decode()


def test_a_weak_password_is_refused_by_the_link_too(person, client):
    ask(client, "zhou")
    page = set_by(client, link(), password="1234567890")
    assert page.status_code == 200
    person.refresh_from_db()
    assert person.check_password(cast.PASSWORD)


def test_it_stands_in_the_history(person, client):
    ask(client, "zhou")
    set_by(client, link())
    assert {entry.verb for entry in history_of(person)} == {"ask_reset", "set_password"}


def test_a_given_password_is_followed_by_ones_own(person, client):
    User.objects.update(password_is_first=True)
    ask(client, "zhou")
    set_by(client, link())
    person.refresh_from_db()
    assert not person.password_is_first


def test_three_an_hour_are_enough(person):
    at = timezone.now()
    asked = [ask_reset(typed="zhou", at=at) for _ in range(4)]
    assert asked == [1, 1, 1, 0]
    assert ask_reset(typed="zhou", at=at + timedelta(minutes=61)) == 1


def test_asking_over_and_over_has_to_wait(person, client):
    pages = [ask(client, "nobody") for _ in range(6)]
    assert [page.status_code for page in pages] == [200] * 5 + [429]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"email": ""}])
def test_who_was_switched_off_or_has_no_address_gets_none(person, fields):
    User.objects.update(**fields)
    assert ask_reset(typed="zhou", at=timezone.now()) == 0


def test_who_was_not_invited_yet_gets_none_by_asking(newcomer):
    assert ask_reset(typed="zhou", at=timezone.now()) == 0


def test_the_mail_is_in_the_persons_language(person):
    User.objects.update(language="en")
    ask_reset(typed="zhou", at=timezone.now())
    send_due(at=timezone.now())
    assert mail.outbox[-1].subject == "Quality campaign: reset your password"
    assert "can be used once" in mail.outbox[-1].body


def test_the_key_is_kept_nowhere(person, client):
    ask(client, "zhou")
    token = link().rstrip("/").rsplit("/", 1)[1]
    kept = f"{PasswordLetter.objects.values()}{[e.detail for e in history_of(person)]}"
    assert token not in kept


# --- on its way ----------------------------------------------------------------------------------


def test_a_letter_is_sent_once(person):
    at = timezone.now()
    ask_reset(typed="zhou", at=at)
    assert [send_due(at=at), send_due(at=at)] == [1, 0]


def test_without_a_mail_server_it_is_tried_again(person, settings):
    at = timezone.now()
    ask_reset(typed="zhou", at=at)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Down"
    assert send_due(at=at) == 0
    letter = PasswordLetter.objects.get()
    assert (letter.error, letter.attempts) == ("nobody answers", 1)
    settings.EMAIL_BACKEND = working
    assert send_due(at=at + timedelta(minutes=1)) == 0
    assert send_due(at=at + timedelta(minutes=2)) == 1


def test_after_six_tries_nobody_tries_any_more(person, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    at = timezone.now()
    ask_reset(typed="zhou", at=at)
    for hours in range(8):
        send_due(at=at + timedelta(hours=hours))
    letter = PasswordLetter.objects.get()
    assert (letter.attempts, letter.next_at) == (6, None)


# --- invitations ---------------------------------------------------------------------------------


def test_whoever_is_invited_sets_a_password(newcomer, admin, client):
    done = invite(people=[newcomer], by=admin, at=timezone.now())
    assert done.sent == 1
    set_by(client, link())
    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW)
    assert "zhou" in mail.outbox[-1].body
    assert history_of(newcomer).filter(verb="invite", by=admin).exists()


def test_the_list_of_people_says_who_was_left_out(newcomer, admin):
    silent = cast.person("lin", "林涛", "employee", is_active=True)
    silent.set_unusable_password()
    silent.email = ""
    silent.save()
    act = {"action": "send_invitation", "_selected_action": [newcomer.pk, admin.pk, silent.pk]}
    page = signed_in(admin).post(reverse("admin:organization_user_changelist"), act, follow=True)
    assert "邀请 1 人。没有邀请：1 人没登记邮箱，1 人已经有密码。" in page.content.decode()


def test_invited_twice_one_letter_goes(newcomer, admin):
    for _ in range(2):
        invite(people=[newcomer], by=admin, at=timezone.now())
    assert send_due(at=timezone.now()) == 1


def test_a_whole_company_is_invited_in_as_many_queries_as_a_few(admin):
    """Each by itself would take longer than an answer is waited for."""
    names = [f"new-{number}" for number in range(40)]
    User.objects.bulk_create(
        User(username=name, name="新", email=f"{name}@example.com", password="!") for name in names
    )
    people = list(User.objects.filter(username__in=names).order_by("pk"))
    few = queries_of(lambda: invite(people=people[:4], by=admin, at=timezone.now()))
    assert queries_of(lambda: invite(people=people, by=admin, at=timezone.now())) == few
    assert PasswordLetter.objects.waiting().count() == 40
    assert all(len(history_of(each).filter(verb="invite")) >= 2 for each in people)


def test_an_administrator_sees_what_became_of_it(newcomer, admin):
    invite(people=[newcomer], by=admin, at=timezone.now())
    where = reverse("admin:organization_user_change", args=[newcomer.pk])
    assert "等待发送" in signed_in(admin).get(where).content.decode()


def test_the_center_invites_nobody(newcomer):
    center = cast.person("center", "宋岚", "management_center", is_staff=True)
    act = {"action": "send_invitation", "_selected_action": [newcomer.pk]}
    signed_in(center).post(reverse("admin:organization_user_changelist"), act)
    assert not PasswordLetter.objects.exists()


def test_who_let_an_invitation_go_by_gets_another_by_asking(newcomer, admin, client):
    invite(people=[newcomer], by=admin, at=timezone.now())
    link()
    ask(client, "zhou")
    set_by(client, link())
    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW)
    assert "系统里已经有您的账号" in mail.outbox[-1].body


def test_the_link_stands_in_the_mail_as_a_page_too(person, client):
    ask(client, "zhou")
    address = link()
    ((page, kind),) = mail.outbox[-1].alternatives
    assert kind == "text/html" and f'{address}"><b>设置密码</b>' in page
