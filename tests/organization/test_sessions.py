"""Where one is signed in: seen in words, ended by oneself."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from organization.devices import device_of
from organization.history import history_of
from organization.models import SignedIn
from organization.views import sessions as views
from tests import cast
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 wxwork/4.1.20 MicroMessenger/7.0.1"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36"
NEW = "quiet-Harbour-77"


@pytest.fixture
def person():
    return cast.person("zhou", "周雁", "employee")


def sign_in(username="zhou", agent=DESK, address="203.0.113.7") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    client.post(reverse("login"), {"username": username, "password": cast.PASSWORD})
    return client


def is_in(client) -> bool:
    return client.get(reverse("me")).status_code == 200


def row_of(client) -> SignedIn:
    return SignedIn.objects.get(session_key=client.session.session_key)


def page_of(client, **asked) -> str:
    return client.get(reverse("my_sessions"), asked).content.decode()


@pytest.mark.parametrize(
    "agent, words",
    [
        (DESK, "Chrome · Windows"),
        (DESK + " Edg/130.0", "Edge · Windows"),
        (PHONE, "企业微信 · iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Safari/537.36", "Chrome · Android"),
        ("curl/8.0", "不认识的设备"),
        ("", "不认识的设备"),
    ],
)
def test_a_device_is_told_in_words(agent, words):
    assert str(device_of(agent)) == words


def test_the_page_lists_all_of_ones_own_and_nobody_elses(person):
    cast.person("lin", "林涛", "employee")
    here, _phone, _other = sign_in(), sign_in(agent=PHONE, address="198.51.100.2"), sign_in("lin")
    page = page_of(here)
    assert "Chrome · Windows · 就是这里" in page
    assert "企业微信 · iPhone" in page
    assert "198.51.100.2" in page
    assert page.count("最近在用") == 2


def test_one_device_is_signed_out(person):
    here, phone = sign_in(), sign_in(agent=PHONE)
    here.post(reverse("my_sessions"), {"end": row_of(phone).pk})
    assert is_in(here)
    assert not is_in(phone)
    entry = history_of(person).first()
    assert (entry.verb, entry.by) == ("end_session", person)
    assert entry.detail["device"] == "企业微信 · iPhone"


def test_nobody_signs_others_out(person):
    cast.person("lin", "林涛", "employee")
    here, theirs = sign_in(), sign_in("lin")
    answer = here.post(reverse("my_sessions"), {"end": row_of(theirs).pk})
    assert answer.status_code == 404
    assert is_in(theirs)


def test_all_others_are_signed_out_and_this_one_stays(person):
    here, phone, desk = sign_in(), sign_in(agent=PHONE), sign_in()
    page = here.post(reverse("my_sessions"), {"others": "yes"}, follow=True)
    assert "另外 2 处登录已退出。" in page.content.decode()
    assert [is_in(client) for client in (here, phone, desk)] == [True, False, False]
    assert page_of(here).count("最近在用") == 1


def test_a_session_without_a_row_ends_with_the_others(person):
    here, older = sign_in(), sign_in()
    row_of(older).delete()
    here.post(reverse("my_sessions"), {"others": "yes"})
    assert not is_in(older)


def test_signing_in_again_works_afterwards(person):
    sign_in().post(reverse("my_sessions"), {"others": "yes"})
    assert is_in(sign_in())


def test_a_new_password_takes_the_others_off_the_list(person):
    here, _phone = sign_in(), sign_in(agent=PHONE)
    sent = {"old_password": cast.PASSWORD, "new_password1": NEW, "new_password2": NEW}
    here.post(reverse("my_password"), sent)
    assert page_of(here).count("最近在用") == 1
    assert "就是这里" in page_of(here)


def test_who_signed_out_is_no_longer_listed(person):
    here, phone = sign_in(), sign_in(agent=PHONE)
    phone.post(reverse("logout"))
    assert page_of(here).count("最近在用") == 1


def test_whoever_signs_in_once_more_has_one_row(person):
    client = Client()
    client.force_login(person)
    client.force_login(person)
    assert page_of(client).count("最近在用") == 1


def test_the_next_person_at_a_device_has_a_session_of_their_own(person):
    client = Client()
    client.force_login(person)
    before = client.session.session_key
    client.force_login(cast.person("lin", "林涛", "employee"))
    assert client.session.session_key != before
    assert "就是这里" in page_of(client)


def test_a_key_that_somebody_planted_is_worth_nothing(person):
    client = Client()
    planted = client.session
    planted["bait"] = "yes"
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    client.post(reverse("login"), {"username": "zhou", "password": cast.PASSWORD})
    assert client.session.session_key != planted.session_key
    thief = Client()
    thief.cookies["sessionid"] = planted.session_key
    assert not is_in(thief)


def test_being_there_is_noted_once_in_ten_minutes(person):
    with time_machine.travel(cast.NOW, tick=False) as clock:
        client = sign_in()
        clock.shift(timedelta(minutes=9))
        is_in(client)
        assert row_of(client).seen_at == cast.NOW
        clock.shift(timedelta(minutes=2))
        is_in(client)
        assert row_of(client).seen_at == cast.NOW + timedelta(minutes=11)


def test_the_list_asks_as_much_for_one_as_for_four(person):
    here = sign_in()
    one = queries_of(lambda: page_of(here))
    for _ in range(3):
        sign_in(agent=PHONE)
    assert queries_of(lambda: page_of(here)) == one


def test_many_sign_ins_are_turned_over(person, monkeypatch):
    monkeypatch.setattr(views, "SHOWN", 2)
    here = [sign_in() for _ in range(3)][-1]
    first, second = page_of(here), page_of(here, page=2)
    assert "3 处登录着" in first and "3 处登录着" in second
    assert first.count("登录 ·") == 2 and second.count("登录 ·") == 1


def test_a_sign_in_of_before_has_no_row_and_is_told_so(person):
    client = sign_in()
    SignedIn.objects.all().delete()
    assert "没有记下设备" in page_of(client)
