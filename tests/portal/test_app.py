"""Pinzhi as an app: what the browser asks for without anybody being signed in."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from portal.app_shell import build


@pytest.fixture
def facts(client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    return json.loads(re.match(r"const BUILD = (\{.*?\});", answer.content.decode())[1])


def test_the_worker_is_asked_for_each_time(client):
    assert "no-cache" in client.get("/sw.js")["Cache-Control"]


def test_the_worker_names_what_pages_are_made_of_and_its_version(facts):
    assert {"/static/vendor/icons.svg", "/static/vendor/idb.js"} <= set(facts["assets"])
    assert {"/static/vendor/entry-sheet.js", "/static/vendor/entry.css"} <= set(facts["assets"])
    assert facts["version"] == build().version


def test_the_version_follows_from_the_contents(facts, tmp_path, monkeypatch):
    changed = tmp_path / "worker.js"
    changed.write_text("// another")
    monkeypatch.setattr("portal.app_shell.WORKER", changed)
    build.cache_clear()
    try:
        assert build().version != facts["version"]
    finally:
        build.cache_clear()


def test_the_manifest_makes_an_app_of_it(client):
    answer = client.get("/app.webmanifest")
    said = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (said["short_name"], said["start_url"], said["display"]) == ("品质", "/", "standalone")
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    assert {icon["sizes"] for icon in said["icons"]} == {"any", "192x192", "512x512"}


def test_each_icon_is_a_picture_of_its_size(client):
    icons = json.loads(client.get("/app.webmanifest").content)["icons"]
    pictures = [icon for icon in icons if icon["type"] == "image/png"]
    assert pictures
    for icon in pictures:
        with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as image:
            assert f"{image.width}x{image.height}" == icon["sizes"]
            # all of it is coloured: what is maskable is cut to any shape
            assert image.convert("RGB").getpixel((0, 0)) == (33, 82, 189)


@pytest.mark.django_db
def test_without_a_network_the_page_says_so_and_names_nobody(client):
    page = client.get("/offline/").content.decode()
    assert "没有网络，这一页不在本机" in page
    assert "data-person" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "this page is not on"), ("zh-hans", "没有网络，这一页不在本机"), ("fr", "没有网络")],
)
def test_the_worker_keeps_that_page_in_each_language(client, facts, language, words):
    address = facts["offline"].get(language, "/offline/?language=fr")
    assert words in client.get(address).content.decode()


@pytest.mark.django_db
def test_the_page_of_the_device_asks_for_a_sign_in(client):
    assert client.get("/device/")["Location"].startswith("/accounts/login/")
