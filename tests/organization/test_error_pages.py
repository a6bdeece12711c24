"""Errors speak the reader's language and say what to do."""

import pytest
from django.db import OperationalError
from django.test import Client

from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return cast.company()


def test_an_unknown_page_says_so(client, firm):
    client.force_login(firm.manager)
    response = client.get("/no/such/page/")
    assert (response.status_code, "没有这一页" in response.content.decode()) == (404, True)


def test_a_page_of_others_is_refused_politely(client, firm):
    client.force_login(firm.manager)
    response = client.get(f"/c/{firm.campaign.code}/settlement/")
    assert (response.status_code, "不归您办" in response.content.decode()) == (403, True)


def test_an_expired_form_says_how_to_go_on(firm):
    client = Client(enforce_csrf_checks=True)
    client.force_login(firm.manager)
    response = client.post("/accounts/logout/")
    assert (response.status_code, "登录已过期" in response.content.decode()) == (403, True)


@pytest.mark.parametrize("sent", [{"big": "x" * 17 * 1024**2}, {f"f{n}": "" for n in range(5001)}])
def test_a_form_that_is_too_large_is_told_so(firm, sent):
    client = Client()
    client.force_login(firm.manager)
    body = "&".join(f"{name}={value}" for name, value in sent.items())
    response = client.post("/me/tokens/", body, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, "内容太大" in response.content.decode()) == (413, True)


def test_a_crash_shows_a_page_and_no_details(client, firm, monkeypatch):
    def crash(*args, **more):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("portal.views.health.JsonResponse", crash)
    client.raise_request_exception = False
    response = client.get("/healthz")
    assert response.status_code == 500
    assert "系统出错了" in response.content.decode()
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize(
    ("path", "kind"), [("/healthz", "text/html"), ("/api/v1/sheets", "problem")]
)
def test_a_database_that_is_away_is_no_crash(client, firm, monkeypatch, path, kind):
    """A proxy may ask another process, and programs come back."""

    def cut(*args, **more):
        raise OperationalError("terminating connection, secret detail")

    monkeypatch.setattr("portal.views.health.JsonResponse", cut)
    monkeypatch.setattr("portal.api.auth.person_with", cut)
    client.raise_request_exception = False
    response = client.get(path, headers={"Authorization": "Bearer something"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert kind in response.headers["Content-Type"]
    assert "secret" not in response.content.decode()
