"""Pages travel compressed; files made for download as they are."""

import gzip

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse

from organization.compression import TAKES_BROTLI, CompressedTextMiddleware
from organization.downloads import download

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


def packed(rf, answer, accepted="gzip, deflate, br, zstd"):
    request = rf.get("/", headers={"Accept-Encoding": accepted})
    return CompressedTextMiddleware(lambda request: answer)(request)


def test_brotli_comes_first_and_reads_back_whole(rf):
    for text in ("页面 " * 100, "一" * 300_000):
        answer = packed(rf, HttpResponse(text, headers={"ETag": '"one"'}))
        assert answer["Content-Encoding"] == "br"
        assert brotli.decompress(answer.content).decode() == text
        assert int(answer["Content-Length"]) == len(answer.content)
        assert (answer["ETag"], answer["Vary"]) == ('W/"one"', "Accept-Encoding")


def test_its_length_says_nothing_about_what_is_in_it(rf):
    lengths = {len(packed(rf, HttpResponse("页面 " * 100)).content) for _ in range(60)}
    assert len(lengths) > 10
    assert max(lengths) - min(lengths) < 100


def test_what_is_short_or_comes_piece_by_piece_is_not_packed_so(rf):
    assert not packed(rf, HttpResponse("短")).has_header("Content-Encoding")
    assert packed(rf, StreamingHttpResponse(["长" * 300]))["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("br", True),
        ("gzip, br;q=0.5", True),
        ("gzip, deflate, br, zstd", True),
        ("gzip, br;q=0", False),
        ("br; q=0.0, gzip", False),
        ("gzip", False),
        ("bro, gzip", False),
        ("", False),
    ],
)
def test_only_a_browser_that_takes_brotli_gets_it(accepted, taken):
    assert bool(TAKES_BROTLI.search(accepted)) is taken
