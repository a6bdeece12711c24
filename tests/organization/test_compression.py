"""Pages travel compressed; files made for download as they are."""

import gzip

import pytest
from django.urls import reverse

from organization.downloads import download
from organization.middleware import CompressedTextMiddleware

pytestmark = pytest.mark.django_db


def test_a_page_is_compressed_for_a_browser_that_takes_it(client):
    answer = client.get(reverse("login"), headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).startswith(b"<!doctype html>")
    assert "Accept-Encoding" in answer["Vary"]


def test_a_page_is_plain_for_one_that_does_not(client):
    assert client.get(reverse("login")).content.startswith(b"<!doctype html>")


def test_a_workbook_is_left_as_it_is(rf):
    book = download(b"PK" + b"0" * 1000, "a.xlsx", "application/vnd.ms-excel")
    request = rf.get("/", headers={"Accept-Encoding": "gzip"})
    answer = CompressedTextMiddleware(lambda request: book)(request)
    assert not answer.has_header("Content-Encoding")
