"""Every form of every page, and everything that an address asks for, with what no one should send.

A seed keeps the sample the same; `make faults` takes more of it (FAULTS=all).
"""

import random
from itertools import cycle

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from organization.models import StoredFile
from tests.access.attack.conftest import IS_WHOLE
from tests.access.attack.forms import Form, asked_by_links, forms_of
from tests.access.attack.nasty import ALL, FORMULAS, NAMES, RAW, SCRIPT, files, picture_of
from tests.access.attack.places import broken, undone

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
if IS_WHOLE:  # five thousand requests in one test, on a busy machine
    pytestmark.append(pytest.mark.timeout(5400))
ROUNDS, SAMPLE = (5, 1) if IS_WHOLE else (1, 0.3)  # how often, and of how many forms
SHARE = 0.6  # of the fields that are changed in a round


def test_every_form_is_sent_what_no_one_should_send(pages, chance, tried):
    wrong, seen = [], set()
    for place, page in ((each.place, each.content) for each in pages):
        for form in forms_of(page, place.address):
            if form.method != "POST" or (form.address, tuple(form.names)) in seen:
                continue
            seen.add((form.address, tuple(form.names)))
            if chance.random() < SAMPLE:
                found = attack(place.client, form, chance, tried)
                wrong += [f"{place.person}, {said}" for said in found]
    assert len(seen) > 150
    assert not wrong, "\n".join(wrong)


def attack(client: Client, form: Form, chance: random.Random, tried) -> list[str]:
    buttons = form.buttons or [("", "")]
    return [
        f"{form.address} {sent!r:.300}: {why}"
        for button in buttons
        for _round in range(ROUNDS)
        for sent in [changed(form, button, chance)]
        for why in [answered(client, form.address, sent, tried)]
        if why
    ]


def changed(form: Form, button: tuple[str, str], chance: random.Random) -> dict:
    sent = {name: list(values) for name, values in form.fields.items()}
    for name in form.names:
        if chance.random() < SHARE:
            sent[name] = [chance.choice(ALL)]
    return sent | ({button[0]: [button[1]]} if button[0] else {})


def answered(client: Client, address: str, sent: dict, tried) -> str:
    """What is wrong with the answer, and with the page that it leads to."""
    with undone(client):
        answer = client.post(address, sent)
        why = broken(answer)
        tried["refused" if answer.status_code in (400, 403, 404, 409, 413) else "answered"] += 1
        if not why and answer.status_code in (301, 302, 303) and answer["Location"].startswith("/"):
            answer = client.get(answer["Location"])
            why = broken(answer)
    return why or executable(answer)


def executable(answer) -> str:
    if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
        return ""
    text = answer.content.decode()
    return next((f"{raw} stands in the page" for raw in RAW if raw in text), "")


def test_every_address_is_asked_what_no_one_should_ask(pages, chance, tried):
    wrong = []
    for place, page in ((each.place, each.content) for each in pages):
        asked = asked_by_links(page, place.address) | {"page", "q", "sort"}
        for form in forms_of(page, place.address):
            asked |= set(form.names) if form.method == "GET" else set()
        for name in sorted(asked) if chance.random() < SAMPLE else ():
            for value in chance.sample(ALL, ROUNDS):
                answer = place.client.get(place.address.partition("?")[0], {name: value})
                why = broken(answer) or executable(answer)
                tried["answered"] += 1
                if why:
                    wrong.append(f"{place.person}, {place.address} {name}={value!r:.80}: {why}")
    assert not wrong, "\n".join(wrong)


def test_every_upload_is_sent_bombs_and_files_that_are_two_things(pages, chance, tried):
    """Each door gets each kind of file once, in a sample three, its other fields as they stand."""
    wrong, doors, bad = [], {}, files()
    for place, page in ((each.place, each.content) for each in pages):
        for form in forms_of(page, place.address):
            if form.files:
                doors.setdefault((place.name, *form.files), (place, form))
    assert len(doors) > 10
    for place, form in doors.values():
        sent_there = bad if IS_WHOLE else chance.sample(bad, 3)
        buttons = cycle(form.buttons or [("", "")])
        for (kind, file), button in zip(sent_there, buttons, strict=False):
            file.seek(0)
            sent = form.fields | {form.files[0]: file} | dict([button] if button[0] else [])
            with undone(place.client):
                answer = place.client.post(form.address, sent)
                tried[f"{kind} answered"] += 1
                why = broken(answer) or executable(answer)
            if why:
                wrong.append(f"{place.person}, {form.address} {file.name}: {why}")
    assert not wrong, "\n".join(wrong)


def test_every_upload_is_sent_names_that_lead_elsewhere(pages, chance, tried, settings, tmp_path):
    """As they are, without what a browser or Django's client would take off."""
    settings.MEDIA_ROOT = tmp_path / "files" / "here"
    wrong, doors = [], {}
    for place, page in ((each.place, each.content) for each in pages):
        for form in forms_of(page, place.address):
            if form.files:
                doors.setdefault((place.name, *form.files), (place, form))
    for place, form in doors.values():
        for name in NAMES if IS_WHOLE else chance.sample(NAMES, 2):
            with undone(place.client):
                answer = place.client.generic("POST", form.address, *named(form, name))
                tried["kept under a name without a path, or refused"] += 1
                why = broken(answer) or executable(answer)
                why = why or ", ".join(leading_out())
            if why:
                wrong.append(f"{place.person}, {form.address} {name}: {why}")
    outside = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(settings.MEDIA_ROOT in path.parents for path in outside)
    assert not wrong, "\n".join(wrong)


def named(form: Form, name: str) -> tuple[bytes, str]:
    """What is sent, byte by byte: a small picture under this name."""
    file = SimpleUploadedFile("placeholder.png", picture_of(1, 1))
    button = dict(form.buttons[:1])
    body = encode_multipart(BOUNDARY, form.fields | {form.files[0]: file} | button)
    body = body.replace(b'filename="placeholder.png"', f'filename="{name}"'.encode())
    return body, MULTIPART_CONTENT


def leading_out() -> list[str]:
    names = StoredFile.objects.values_list("name", "file")
    return [
        repr(each)
        for kept, file in names
        for each in (kept, file)
        if ".." in file or "/" in kept or "\\" in kept or "\0" in kept
    ]


def test_what_would_show_that_it_worked_is_looked_for():
    """The tests above can fail."""
    page = f"<form method=post><input name=a value='{FORMULAS[0]}'></form><p>{SCRIPT}</p>"
    (form,) = forms_of(page.encode(), "/x/")
    assert form.names == ["a"]

    class Answer:
        streaming = False
        content = page.encode()

        def get(self, _name, _default=""):
            return "text/html"

    assert SCRIPT in executable(Answer())
