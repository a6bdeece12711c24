"""Requests that another site makes a signed-in browser send."""

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.access.attack.places import client_of, places

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("nothing_drawn")]
FORGED = 418  # nothing else answers so
READS = {"api:openapi-json"}  # the description, whichever way it is asked for


def forged(_request, reason=""):
    return HttpResponse(reason, status=FORGED)


@pytest.fixture
def told_apart(settings):
    settings.CSRF_FAILURE_VIEW = f"{__name__}.forged"


def test_no_unsafe_request_works_without_the_token_of_its_page(world, told_apart, tried):
    open_to_others = []
    for place in places(world, "POST"):
        if place.name in READS:
            continue
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.cookies = client_of(world, place.person).cookies
        for forging in ({}, {"HTTP_ORIGIN": "https://elsewhere.example"}):
            answer = client.post(place.address, {"csrfmiddlewaretoken": "x" * 64}, **forging)
            is_api = place.name.startswith("api:")
            refused = answer.status_code == FORGED or (is_api and answer.status_code == 403)
            tried["refused" if refused else "answered"] += 1
            if not refused:
                open_to_others.append((place.name, answer.status_code))
    assert tried["refused"] > 200
    assert open_to_others == []
