"""Single sign-on against a real provider on loopback, whose answers are also tampered with."""

import os
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse

from organization import factors, oidc, oidc_provider
from organization.history import history_of
from organization.models import SignedIn, SignInRule, User
from tests import cast
from tests.organization.sign_in_provider import (
    CLIENT,
    PATIENCE,
    SECRET,
    agree,
    begin,
    challenge_of,
    come_back,
    provider,
    sign_in,
)

pytestmark = [
    pytest.mark.django_db,
    # the provider's own, in how it uses its library
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
    pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning"),
]
ME = reverse("me")
OVER = "这次公司登录已经过期，或者已经用过"
NOT_BELIEVED = "公司登录的回答没有通过核对"
AWAY = "公司登录暂时连不上"


@pytest.fixture(scope="module")
def running():
    with provider() as house:
        yield house


@pytest.fixture
def house(running, settings, monkeypatch):
    """The provider knows 10086, who has the account zhou."""
    monkeypatch.setattr(oidc_provider, "WAIT", PATIENCE)
    settings.OIDC_ISSUER = running.issuer
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
    running.change = None
    running.knows("10086", preferred_username="zhou", name="周雁")
    oidc_provider.registered.cache_clear()
    yield running
    oidc_provider.registered.cache_clear()


@pytest.fixture
def person():
    return cast.person("zhou", "周雁", "employee")


def is_in(client) -> bool:
    return client.get(ME).status_code == 200


def said(client, answer) -> str:
    """Nobody came in, and the sign-in page says why."""
    assert answer.url.partition("?")[0] == reverse("login")
    assert not is_in(client)
    return client.get(answer.url).content.decode()


# --- the way in --------------------------------------------------------------------------------


def test_without_a_provider_there_is_no_such_door(client):
    assert "公司账号" not in client.get(reverse("login")).content.decode()
    assert client.get(reverse("sso_start")).status_code == 404
    assert client.get(reverse("sso_answer")).status_code == 404


@pytest.mark.parametrize(
    "language, words", [("zh-hans", "用公司账号登录"), ("en", "Sign in with your company account")]
)
def test_the_sign_in_page_has_the_button(client, house, language, words):
    client.cookies["django_language"] = language
    page = client.get(reverse("login"), {"next": "/me/?a=1&b=2"}).content.decode()
    assert words in page
    assert f'href="{reverse("sso_start")}?next=%2Fme%2F%3Fa%3D1%26b%3D2"' in page


def test_whom_the_provider_knows_comes_in_to_where_they_wanted(client, house, person):
    assert sign_in(client, "10086", ME).url == ME
    assert is_in(client)
    assert client.session.get_expiry_age() == site.SESSION_COOKIE_AGE


def test_it_is_listed_like_any_sign_in(house, person):
    client = Client(HTTP_USER_AGENT="curl/8.0", REMOTE_ADDR="203.0.113.7")
    sign_in(client, "10086")
    row = SignedIn.objects.get(user=person)
    assert (row.session_key, row.address) == (client.session.session_key, "203.0.113.7")
    assert "known" in client.cookies


def test_state_nonce_and_challenge_go_along(client, house, person):
    asked = begin(client)
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert len(asked["state"]) >= 20 and len(asked["nonce"]) >= 20
    assert asked["redirect_uri"] == site.SITE_URL + reverse("sso_answer")
    come_back(client, agree(asked, "10086"))
    assert challenge_of(house.asked["code_verifier"]) == asked["code_challenge"]


def test_the_session_gets_another_key(client, house, person):
    asked = begin(client)
    before = client.session.session_key
    come_back(client, agree(asked, "10086"))
    assert client.session.session_key != before


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_it_leads_to_no_other_site(client, house, person, target):
    assert sign_in(client, "10086", target).url == "/"
    assert client.get(reverse("sso_start"), {"next": target}).url == "/"


def test_a_claim_that_only_the_userinfo_has_counts_too(client, house, person):
    house.forges(preferred_username=None)
    sign_in(client, "10086")
    assert is_in(client)


# --- what is not believed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "forged",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 3600},
        {"at_hash": "another"},
        {"by": "another key"},
        {"by": "the secret", "alg": "HS256"},
        {"by": "the secret", "alg": "none"},
    ],
    ids="-".join,  # not the moment, which several processes would tell differently
)
def test_an_answer_that_was_tampered_with_lets_nobody_in(client, house, person, forged):
    house.forges(**forged)
    assert NOT_BELIEVED in said(client, sign_in(client, "10086"))


def test_an_answer_counts_once(client, house, person):
    brought = agree(begin(client), "10086")
    come_back(client, brought)
    client.post(reverse("logout"))
    assert OVER in said(client, come_back(client, brought))


def test_a_state_of_another_browser_counts_for_nothing(client, house, person):
    assert OVER in said(client, come_back(client, agree(begin(Client()), "10086")))


def test_another_persons_code_counts_for_nothing_with_ones_own_state(client, house, person):
    """It was asked for under another nonce."""
    stolen = agree(begin(Client()), "10086")
    mine = begin(client)
    assert NOT_BELIEVED in said(client, come_back(client, stolen | {"state": mine["state"]}))


def test_who_says_no_over_there_is_told(client, house, person):
    asked = begin(client)
    answer = come_back(client, {"error": "access_denied", "state": asked["state"]})
    assert "公司登录那边取消了" in said(client, answer)


def test_a_provider_that_calls_itself_otherwise_is_none(client, house, settings):
    settings.OIDC_ISSUER = house.issuer.replace("localhost", "127.0.0.1") + "/"
    assert AWAY in said(client, client.get(reverse("sso_start")))


def test_while_the_provider_is_away_passwords_open(client, settings, person):
    with provider() as house:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = house.issuer, CLIENT
        settings.OIDC_CLIENT_SECRET = SECRET
        house.knows("10086", preferred_username="zhou")
        brought = agree(begin(client, ME), "10086")
    answer = come_back(client, brought)
    assert answer.url == f"{reverse('login')}?next=%2Fme%2F"
    assert AWAY in said(client, answer)
    oidc_provider.registered.cache_clear()
    assert AWAY in said(client, client.get(reverse("sso_start")))
    assert client.post(reverse("login"), {"username": "zhou", "password": cast.PASSWORD}).url == "/"
    assert client.session.get_expiry_age() == site.SESSION_COOKIE_AGE


# --- whom it lets in ---------------------------------------------------------------------------


def test_an_account_that_was_switched_off_stays_out(client, house, person):
    User.objects.update(is_active=False)
    assert "您的账号“zhou”已停用" in said(client, sign_in(client, "10086"))


def test_a_stranger_stays_out_and_leaves_no_account(client, house):
    assert "“zhou”，但这里没有这个账号" in said(client, sign_in(client, "10086"))
    assert not User.objects.exists()


@pytest.mark.parametrize("claim", ["", "  ", "a\0b", True, ["zhou"], "x" * 300])
def test_who_is_not_named_stays_out(client, house, person, claim):
    house.forges(preferred_username=claim)
    assert "缺少“preferred_username”" in said(client, sign_in(client, "10086"))


def test_a_number_of_an_employee_is_a_claim_as_good_as_any(client, house, settings):
    cast.person("4711", "周雁", "employee")
    settings.OIDC_CLAIM = "employee_number"
    house.forges(employee_number=4711)
    sign_in(client, "10086")
    assert is_in(client)


@pytest.fixture
def by_mail(house, settings):
    settings.OIDC_MATCH = settings.OIDC_CLAIM = "email"
    house.knows("10086", email="Zhou@example.test", email_verified=True)
    return house


def test_an_email_that_was_verified_is_a_way(client, by_mail, person):
    sign_in(client, "10086")
    assert is_in(client)


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_email_that_nobody_verified_is_none(client, by_mail, person, verified):
    by_mail.forges(email_verified=verified)
    assert "还没有核实您的邮箱“Zhou@example.test”" in said(client, sign_in(client, "10086"))


def test_of_two_with_one_email_neither_is_guessed(client, by_mail, person):
    cast.person("zhou2", "周燕", "employee")
    User.objects.update(email="zhou@example.test")
    assert "对应不止一个账号" in said(client, sign_in(client, "10086"))
    User.objects.filter(username="zhou2").update(is_active=False)
    sign_in(client, "10086")
    assert is_in(client)


def test_an_account_is_made_only_where_the_setting_says_so(client, house, settings):
    settings.OIDC_CREATE = True
    sign_in(client, "10086")
    made = User.objects.get(username="zhou")
    assert (made.name, made.has_usable_password(), made.roles) == ("周雁", False, frozenset())
    assert [entry.verb for entry in history_of(made)] == ["create_by_provider"]
    assert is_in(client)


def test_no_account_is_made_beside_one_that_was_switched_off(client, house, settings, person):
    settings.OIDC_CREATE = True
    User.objects.update(is_active=False)
    assert "已停用" in said(client, sign_in(client, "10086"))
    assert User.objects.count() == 1


def test_a_name_that_no_account_can_have_makes_none(client, house, settings):
    settings.OIDC_CREATE = True
    house.forges(preferred_username="zhou yan")
    assert "不能用作这里的用户名" in said(client, sign_in(client, "10086"))


# --- what comes after --------------------------------------------------------------------------


@pytest.mark.parametrize("where, page", [("here", "my_factors"), ("provider", None)])
def test_the_second_step_is_asked_here_or_left_to_the_provider(
    client, house, settings, person, where, page
):
    settings.OIDC_SECOND_STEP = where
    SignInRule.objects.create(pk=1, roles=["employee"])
    sign_in(client, "10086")
    assert client.session.get(factors.STAGE) == (factors.MISSING if page else None)
    assert is_in(client) == (page is None)


def test_a_password_that_was_not_used_is_not_changed(client, house, person):
    User.objects.update(password_is_first=True)
    sign_in(client, "10086")
    assert is_in(client)
    client.post(reverse("logout"))
    client.post(reverse("login"), {"username": "zhou", "password": cast.PASSWORD})
    assert client.get(ME).url.startswith(reverse("my_password"))


def test_signing_out_goes_on_to_the_provider(client, house, person):
    sign_in(client, "10086")
    hint = client.session[oidc.ID_TOKEN]
    beyond = client.post(reverse("logout")).url
    assert beyond.startswith(f"{house.issuer}/oauth2/end_session?id_token_hint={hint}&")
    assert f"post_logout_redirect_uri={quote(site.SITE_URL, safe='')}" in beyond
    assert not is_in(client)
    assert oidc.ID_TOKEN not in client.session


def test_who_came_by_password_is_signed_out_here_alone(client, house, person):
    client.post(reverse("login"), {"username": "zhou", "password": cast.PASSWORD})
    assert client.post(reverse("logout")).url == reverse("login")


def test_signing_out_works_while_the_provider_is_away(client, house, settings, person):
    sign_in(client, "10086")
    settings.OIDC_ISSUER = "http://localhost:9"
    assert client.post(reverse("logout")).url == reverse("login")
    assert not is_in(client)


def test_a_process_that_signs_nobody_in_this_way_does_not_import_the_library(tmp_path):
    code = (
        "import sys, config.wsgi; from django.urls import reverse; print(reverse('sso_start'),"
        " 'authlib' in sys.modules, 'organization.oidc_provider' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=site.BASE_DIR, check=True, capture_output=True, text=True,
        env=os.environ | {"DATA_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.split() == [reverse("sso_start"), "False", "False"]
