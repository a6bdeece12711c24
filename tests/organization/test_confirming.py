"""Before a lasting door is opened, whoever is at the computer shows again who it is."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organization import factors
from organization.confirming import FRESH, PROVED, is_fresh, proved
from organization.models import ApiToken, SignedIn, SignInRule
from organization.tokens import make_token
from tests import cast
from tests.organization.sign_in_provider import agree, come_back, sign_in
from tests.organization.test_oidc import house, running  # noqa: F401 - fixtures

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
    pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning"),
]
CONFIRM, FACTORS, TOKENS = (reverse(each) for each in ("confirm", "my_factors", "my_tokens"))
NEW = {"name": "报表", "days": "30"}


@pytest.fixture
def person():
    return cast.person("zhou", "周雁", "employee")


@pytest.fixture
def later(person):
    """Signed in by password, longer ago than a proof counts."""
    client = Client()
    client.post(reverse("login"), {"username": "zhou", "password": cast.PASSWORD})
    age(client)
    return client


def age(client, by=FRESH + timedelta(seconds=1)):
    session = client.session
    if PROVED in session:
        session[PROVED] -= by.total_seconds()
    session.save()


def asks_again(answer) -> bool:
    return answer.status_code == 302 and urlsplit(answer.url).path == CONFIRM


def confirm(client, password=cast.PASSWORD, where=TOKENS):
    return client.post(CONFIRM, {"password": password, "next": where})


def test_after_a_sign_in_nobody_is_asked(person):
    client = Client()
    client.post(reverse("login"), {"username": "zhou", "password": cast.PASSWORD})
    assert client.get(FACTORS).status_code == client.get(TOKENS).status_code == 200
    age(client, FRESH - timedelta(minutes=1))
    assert client.post(TOKENS, NEW).status_code == 200
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("do", ["begin", "app", "passkey", "drop", "codes"])
def test_later_nothing_of_the_second_step_happens_before_a_proof(later, person, do):
    at, sealed = timezone.now() - timedelta(minutes=5), factors.new_key()
    code = factors.totp(sealed).generate(int(at.timestamp())).decode()
    factor = factors.add_app(user=person, name="手机", sealed=sealed, code=code, at=at)
    before = dict(later.session)
    answer = later.post(FACTORS, {"do": do, "factor": factor.pk, "name": "x", "code": code})
    assert asks_again(answer)
    assert dict(later.session) == before
    assert (person.factors.count(), person.recovery_codes.count()) == (1, 0)
    assert asks_again(later.get(FACTORS))


def test_later_no_token_is_made_before_a_proof(later):
    answer = later.post(TOKENS, NEW)
    assert asks_again(answer)
    assert parse_qs(urlsplit(answer.url).query) == {"next": [TOKENS]}
    assert asks_again(later.get(TOKENS))
    assert not ApiToken.objects.exists()
    assert confirm(later).url == TOKENS
    assert later.post(TOKENS, NEW).status_code == 200
    assert ApiToken.objects.count() == 1


def test_a_token_is_ended_without_being_asked(later, person):
    token, _secret = make_token(user=person, name="报表", days=None, at=timezone.now())
    assert later.post(TOKENS, {"revoke": token.pk}).url == TOKENS
    token.refresh_from_db()
    assert token.revoked_at


def test_a_new_password_asks_for_the_old_one_however_fresh_the_proof(person):
    client = Client()
    client.force_login(person)
    sent = {"old_password": "wrong", "new_password1": "quite-another-1", "next": "/"}
    client.post(reverse("my_password"), sent | {"new_password2": "quite-another-1"})
    person.refresh_from_db()
    assert person.check_password(cast.PASSWORD)


def test_a_wrong_password_proves_nothing_and_is_counted_like_at_the_door(later, person):
    for _each in range(4):
        answer = confirm(later, "wrong")
        assert (answer.status_code, "密码不对" in answer.content.decode()) == (422, True)
    held = confirm(later, "wrong")
    assert (held.status_code, int(held.headers["Retry-After"]) > 20) == (429, True)
    assert confirm(later).status_code == 429, "the right one is not looked at meanwhile"
    assert asks_again(later.get(TOKENS))


def test_somebody_elses_password_proves_nothing(later):
    cast.person("wu", "吴越", "employee")
    answer = later.post(CONFIRM, {"password": "", "username": "wu", "next": TOKENS})
    assert answer.status_code == 422
    assert asks_again(later.get(TOKENS))


def test_a_proof_gives_the_session_another_key_and_leads_to_no_other_site(later, person):
    before = later.session.session_key
    assert confirm(later, where="https://elsewhere.example/").url == "/"
    assert later.session.session_key != before
    assert SignedIn.objects.get(user=person).session_key == later.session.session_key


def test_who_has_to_set_one_up_and_takes_a_while_is_asked_too(person):
    SignInRule.objects.create(pk=1, roles=["employee"])
    client = Client()
    client.post(reverse("login"), {"username": "zhou", "password": cast.PASSWORD})
    assert client.get(FACTORS).status_code == 200
    age(client)
    assert asks_again(client.get(FACTORS))
    assert client.get(CONFIRM).status_code == 200
    assert confirm(client, where=FACTORS).url == FACTORS
    assert client.get(FACTORS).status_code == 200


def test_a_proof_from_the_future_is_none():
    now, session = timezone.now(), {}
    proved(session, at=now + timedelta(hours=1))
    assert not is_fresh(session, at=now)
    assert not is_fresh({}, at=now)


# --- by the provider ---------------------------------------------------------------------------


def now() -> int:
    return int(timezone.now().timestamp())


@pytest.fixture
def by_provider(house, person):  # noqa: F811
    """Came by the provider, which asked nobody; there is no password here."""
    person.set_unusable_password()
    person.save()
    client = Client()
    house.forges(auth_time=now() - 3600)
    sign_in(client, "10086")
    return SimpleNamespace(client=client, house=house)


def again(client) -> dict:
    there = client.get(reverse("sso_start"), {"again": "1", "next": TOKENS})
    return dict(parse_qsl(urlsplit(there.url).query)) | {"at": there.url}


def test_a_provider_that_asked_nobody_proves_nothing(by_provider):
    client = by_provider.client
    assert asks_again(client.get(TOKENS))
    page = client.get(CONFIRM + f"?next={TOKENS}").content.decode()
    assert f"{reverse('sso_start')}?again=1&amp;next=%2Fme%2Ftokens%2F" in page
    assert 'type="password"' not in page


def test_one_that_has_just_asked_does(by_provider):
    client = Client()
    by_provider.house.forges(auth_time=now())
    sign_in(client, "10086")
    assert client.get(TOKENS).status_code == 200


def test_over_there_the_person_is_asked_again(by_provider):
    asked = again(by_provider.client)
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    by_provider.house.forges(auth_time=now())
    assert come_back(by_provider.client, agree(asked, "10086")).url == TOKENS
    assert by_provider.client.get(TOKENS).status_code == 200


@pytest.mark.parametrize("said", ["nothing", "an hour ago", True, "now", {}])
def test_an_answer_that_does_not_say_when_proves_nothing(by_provider, said):
    times = {"nothing": None, "an hour ago": now() - 3600}
    asked = again(by_provider.client)
    by_provider.house.forges(auth_time=times.get(str(said), said))
    answer = come_back(by_provider.client, agree(asked, "10086"))
    assert asks_again(answer)
    page = by_provider.client.get(answer.url).content.decode()
    assert ("没有通过核对" if said == "now" else "没有说明您刚才重新登录过") in page
    assert asks_again(by_provider.client.get(TOKENS))


def test_another_person_over_there_proves_nothing(by_provider):
    cast.person("wu", "吴越", "employee")
    by_provider.house.knows("10010", preferred_username="wu", name="吴越")
    asked = again(by_provider.client)
    by_provider.house.forges(auth_time=now())
    answer = come_back(by_provider.client, agree(asked, "10010"))
    assert asks_again(answer)
    page = by_provider.client.get(answer.url).content.decode()
    assert "另一个人" in page
    assert "周雁" in page
    assert asks_again(by_provider.client.get(TOKENS))


def test_the_answer_of_another_asking_proves_nothing(by_provider):
    first = again(by_provider.client)
    by_provider.house.forges(auth_time=now())
    brought = agree(first, "10086")
    stranger = Client()
    sign_in(stranger, "10086")
    age(stranger)
    again(stranger)
    assert asks_again(come_back(stranger, brought))
