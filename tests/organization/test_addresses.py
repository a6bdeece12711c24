"""Addresses and forms with the NUL character, which PostgreSQL takes in no text."""

from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organization.models import SavedView
from tests import cast
from tests.inspections.learning import seminar_of


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def center(company, client):
    client.force_login(company.center)
    return client


def test_it_is_dropped_from_what_is_asked_for(center):
    answer = center.get(reverse("findings", args=["c11"]) + "?show=over%00due&q=%00")
    assert answer.wsgi_request.GET.dict() == {"show": "overdue", "q": ""}


def test_no_page_is_called_so(center):
    assert center.get("/c/c11/plans/P%0001/").status_code == 404


def test_other_addresses_stay_as_they_are(center):
    answer = center.get(reverse("findings", args=["c11"]) + "?q=%2500")
    assert answer.wsgi_request.GET["q"] == "%00"


@pytest.mark.parametrize("sent_as", ["urlencoded", "multipart"])
def test_it_is_dropped_from_fields_that_no_form_reads(company, center, sent_as):
    """A seminar's new problem, and the name of a saved view."""
    how = {"content_type": "application/x-www-form-urlencoded"} if sent_as == "urlencoded" else {}
    typed = {"do": "add", "new": "前台\0无人", "odd\0name": "x"}
    seminar = seminar_of(company)
    data = urlencode(typed) if sent_as == "urlencoded" else typed
    answer = center.post(seminar.get_absolute_url(), data, **how)
    assert answer.status_code == 302
    assert seminar.problems.get().problem == "前台无人"
    assert answer.wsgi_request.POST["oddname"] == "x"


def test_several_values_of_a_field_stay_in_their_order(center):
    sent = {"view_name": "逾\0期", "page_name": "findings", "next": "/c/c11/findings/?show=overdue",
            "tick": ["b\0", "a", "b"]}  # fmt: skip
    request = center.post(reverse("saved_views"), sent).wsgi_request
    assert request.POST.getlist("tick") == ["b", "a", "b"]
    assert SavedView.objects.get().name == "逾期"


def test_uploaded_files_keep_theirs(center):
    upload = SimpleUploadedFile("a.bin", b"a\0b")
    request = center.post(reverse("saved_views"), {"next": "\0/", "file": upload}).wsgi_request
    assert request.FILES["file"].size == 3


def test_what_has_none_is_the_very_form_that_was_sent(center):
    request = center.post(reverse("saved_views"), {"next": "/"}).wsgi_request
    assert request.POST.dict() == {"next": "/"}
    with pytest.raises(AttributeError):
        request.POST["next"] = "elsewhere"
