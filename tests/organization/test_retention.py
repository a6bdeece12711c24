"""What is kept for a time only is erased once that is over, and nothing before."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command

from campaign.models import Reminder
from inspections.models import QuestionUpload
from organization.files import store_upload
from organization.history import record
from organization.history_check import faults
from organization.history_seals import seal_history
from organization.models import HistoryEntry, PasswordLetter, StoredFile
from organization.origin import coming_from
from organization.retention import erase_over
from tests import cast, uploads

pytestmark = pytest.mark.django_db
AT = cast.NOW


def after(days: int):
    return AT + timedelta(days=days)


def test_addresses_go_after_their_time_and_the_seals_hold():
    firm = cast.company()
    with coming_from("page", address="192.0.2.7"):
        record(on=firm.campaign, verb="set_dates", by=firm.center, at=AT)
    seal_history(at=AT)
    assert erase_over(at=after(180))["addresses"] == 0
    assert erase_over(at=after(181))["addresses"] == 1
    assert HistoryEntry.objects.get().address is None
    assert list(faults(at=after(181))) == []


def test_an_address_among_the_words_of_a_wait_goes_too_and_the_seals_hold():
    said = {"address": "192.0.2.7", "until": "later"}
    record(on=cast.company().worker, verb="hold_sign_in", by="sign_in", at=AT, **said)
    seal_history(at=AT)
    erase_over(at=after(181))
    assert HistoryEntry.objects.get(verb="hold_sign_in").detail == {"until": "later"}
    assert list(faults(at=after(181))) == []


def test_sessions_that_are_over_go():
    for key, days in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=after(days))
    assert erase_over(at=AT)["sessions"] == 1
    assert Session.objects.get().session_key == "new"


def test_devices_go_with_their_sessions_and_links_to_a_password_after_their_time(client):
    firm = cast.company()
    client.post("/accounts/login/", {"username": firm.worker.username, "password": cast.PASSWORD})
    PasswordLetter.objects.create(user=firm.worker, kind="invitation", asked_at=AT)
    assert erase_over(at=after(90))["letters"] == 0
    assert firm.worker.sign_ins.count() == 1
    client.session.delete()
    assert erase_over(at=after(91))["letters"] == 1
    assert not firm.worker.sign_ins.exists()


def test_answers_of_mail_servers_go_and_the_row_stays():
    firm = cast.company()
    about = {"campaign": firm.campaign, "person": firm.worker, "thing": "campaign:1"}
    said = {"channel": "mail", "wanted_at": AT, "error": "550 <worker@example.test>"}
    Reminder.objects.create(rule="notice", occurrence="1", **about, **said)
    assert erase_over(at=after(90))["mail_answers"] == 0
    assert erase_over(at=after(91))["mail_answers"] == 1
    assert Reminder.objects.get().error == ""


def test_a_list_that_nobody_took_goes_with_its_file(django_capture_on_commit_callbacks):
    firm = cast.company()
    stored = store_upload(upload=uploads.picture(), by=firm.center, at=AT)
    line = firm.lines["order"]
    kept = {"specialty": line, "uploaded_by": firm.center, "uploaded_at": AT}
    QuestionUpload.objects.create(file=stored, **kept)
    taken = store_upload(upload=uploads.picture(), by=firm.center, at=AT)
    QuestionUpload.objects.create(file=taken, imported_at=AT, **kept)
    path, storage = stored.file.name, stored.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_over(at=after(31))["uploads"] == 1
    assert list(StoredFile.objects.all()) == [taken]
    assert not storage.exists(path)


def test_the_command_says_how_many(capsys):
    call_command("erase_over")
    assert "addresses 0" in capsys.readouterr().out
