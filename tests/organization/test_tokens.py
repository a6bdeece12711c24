"""Keys to the API: shown once, kept as a digest, over when they are over."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from organization.errors import Refused
from organization.models import ApiToken, HistoryEntry
from organization.tokens import MOST, make_token, person_with, revoke_token
from tests import cast

AT = cast.NOW


@pytest.fixture
def company(db):
    return cast.company()


def made(person, name="报表", days=None, at=AT):
    return make_token(user=person, name=name, days=days, at=at)


def test_a_token_opens_the_door_of_whoever_made_it_and_is_not_kept(company):
    token, secret = made(company.auditor)
    assert person_with(secret, at=AT) == company.auditor
    assert secret not in str(ApiToken.objects.values().get())
    assert HistoryEntry.objects.get().verb == "make_token"
    assert token.digest != secret


def test_a_revoked_a_lasting_and_an_unknown_token(company):
    token, secret = made(company.auditor, days=30)
    assert person_with(secret, at=AT + timedelta(days=29)) == company.auditor
    assert person_with(secret, at=AT + timedelta(days=30)) is None
    assert person_with("pinzhi_\ud800", at=AT) is None
    for _twice in range(2):
        revoke_token(token=token, by=company.auditor, at=AT)
    assert person_with(secret, at=AT) is None
    assert HistoryEntry.objects.filter(verb="revoke_token").count() == 1


def test_a_locked_account_has_no_tokens(company):
    _token, secret = made(company.auditor)
    type(company.auditor).objects.filter(pk=company.auditor.pk).update(is_active=False)
    assert person_with(secret, at=AT) is None


def test_a_new_password_ends_the_tokens_before_it_and_the_page_says_so(client, company):
    at = timezone.now()
    _token, secret = made(company.auditor, at=at - timedelta(hours=1))
    company.auditor.set_password("another-long-one")
    company.auditor.save()
    later = timezone.now()
    assert person_with(secret, at=later) is None
    _token, fresh = made(company.auditor, at=later)
    assert person_with(fresh, at=later) == company.auditor
    client.force_login(company.auditor)
    page = client.get("/me/tokens/").content.decode()
    assert "您改过密码，之前生成的 1 个令牌已经失效：报表" in page
    assert "有 1 个令牌可以用" in page


def test_a_password_that_is_hashed_anew_ends_no_token(company, settings):
    older = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, older]
    person = company.auditor
    person.password = make_password("one-and-the-same", hasher="pbkdf2_sha256")
    person.save()
    _token, secret = made(person)
    assert person.check_password("one-and-the-same")
    assert person_with(secret, at=AT) == person


def test_an_unknown_lasting_is_told_beside_its_field(client, company):
    client.force_login(company.auditor)
    page = client.post("/me/tokens/", {"name": "报表", "days": "31"}).content.decode()
    assert 'aria-describedby="days-error"' in page and 'id="days-error"' in page


def test_its_use_is_noted_once_an_hour(company, django_assert_num_queries):
    token, secret = made(company.auditor)
    person_with(secret, at=AT)
    with django_assert_num_queries(1):
        person_with(secret, at=AT + timedelta(minutes=59))
    token.refresh_from_db()
    assert token.last_used_at == AT
    person_with(secret, at=AT + timedelta(minutes=61))
    token.refresh_from_db()
    assert token.last_used_at == AT + timedelta(minutes=61)


@pytest.mark.parametrize(
    ("name", "days", "code"),
    [("", None, "name"), ("x" * 61, None, "name"), ("报表", None, "name_taken"), ("b", 7, "days")],
)
def test_what_no_token_may_be(company, name, days, code):
    made(company.auditor)
    with pytest.raises(Refused, check=lambda refusal: refusal.code == code):
        made(company.auditor, name, days)


def test_nobody_has_more_than_twenty(company):
    for number in range(MOST):
        made(company.auditor, f"t{number}")
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "many"):
        made(company.auditor)


def test_the_page_shows_a_token_once(client, company):
    client.force_login(company.auditor)
    page = client.post("/me/tokens/", {"name": "报表", "days": "30"})
    secret = page.context["secret"]
    assert secret in page.content.decode() and "no-store" in page["Cache-Control"]
    assert secret not in client.get("/me/tokens/").content.decode()
    again = client.post("/me/tokens/", {"name": "报表", "days": "30"})
    assert again.status_code == 422
    assert 'value="报表"' in again.content.decode()


def test_somebody_elses_token_is_not_there(client, company):
    token, secret = made(company.auditor)
    client.force_login(company.center)
    assert client.post("/me/tokens/", {"revoke": token.pk}).status_code == 404
    assert person_with(secret, at=AT) == company.auditor
    client.force_login(company.auditor)
    client.post("/me/tokens/", {"revoke": token.pk})
    assert person_with(secret, at=AT) is None
