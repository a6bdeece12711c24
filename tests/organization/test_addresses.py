"""Addresses with the NUL character, which PostgreSQL takes in no text."""

import pytest
from django.urls import reverse

from tests import cast


@pytest.fixture
def center(db, client):
    client.force_login(cast.company().center)
    return client


def test_it_is_dropped_from_what_is_asked_for(center):
    answer = center.get(reverse("findings", args=["c11"]) + "?show=over%00due&q=%00")
    assert answer.wsgi_request.GET.dict() == {"show": "overdue", "q": ""}


def test_no_page_is_called_so(center):
    assert center.get("/c/c11/plans/P%0001/").status_code == 404


def test_other_addresses_stay_as_they_are(center):
    answer = center.get(reverse("findings", args=["c11"]) + "?q=%2500")
    assert answer.wsgi_request.GET["q"] == "%00"
