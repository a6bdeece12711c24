"""A person is erased: the name is gone wherever it was shown, sums and seals stay."""

import io
import json
import tempfile
import tracemalloc
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse

from campaign.models import Message
from inspections.models import Attendance, Training
from organization.erasing import erase_person
from organization.errors import Refused
from organization.history import history_of, record
from organization.history_check import faults
from organization.history_seals import seal_history
from organization.models import HistoryEntry, SavedView, StoredFile, User
from organization.person_data import kept_of, person_zip
from organization.tokens import make_token, person_with
from tests import cast, uploads
from tests.portal.evidence import LATER, approved, inspected, verified

pytestmark = pytest.mark.django_db
AT = cast.NOW


@pytest.fixture
def firm():
    return cast.company()


@pytest.fixture
def training(firm):
    about = {"campaign": firm.campaign, "specialty": firm.lines["order"], "title": "礼仪"}
    return Training.objects.create(**about, starts_at=AT, planned_by=firm.center, planned_at=AT)


def leave(person, at=AT):
    person.posts.update(until=at.date())
    return erase_person(person=person, by="command", at=at)


def test_name_and_ways_in_are_gone(firm, client):
    person, name = firm.worker, firm.worker.name
    _token, secret = make_token(user=person, name="表格", days=None, at=AT)
    SavedView.objects.create(user=person, page="findings", name="我的", query="", created_at=AT)
    Message.objects.create(person=person, title=f"{name}您好", sent_at=AT)
    client.force_login(person)
    erased = leave(person)
    assert (erased.name, erased.email, erased.mobile) == (f"人员 {person.pk}", "", "")
    assert client.get("/me/").status_code == 302
    assert not person.sign_ins.exists()
    assert not client.login(username=f"erased-{person.pk}", password=cast.PASSWORD)
    assert person_with(secret, at=AT) is None
    assert not SavedView.objects.exists()
    assert not Message.objects.exists()


def test_what_the_history_quotes_of_the_account_goes_and_its_seals_hold(firm):
    person = firm.worker
    quoted = {"name": ["旧名", person.name], "email": ["", person.email]}
    changes = quoted | {"is_active": ["a", "b"]}
    record(on=person, verb="admin_change", by=firm.admin, at=AT, changes=changes)
    seal_history(at=AT)
    leave(person)
    pseudonym = f"人员 {person.pk}"
    first = history_of(person).order_by("pk").first()
    assert first.subject_label == pseudonym
    assert first.detail["changes"] == {
        "name": pseudonym, "email": pseudonym, "is_active": ["a", "b"],
    }  # fmt: skip
    seal_history(at=AT)
    assert list(faults(at=LATER)) == []
    HistoryEntry.objects.filter(pk=first.pk).update(subject_label=person.name)
    assert [fault.code for fault in faults(at=LATER)] == ["history_changed"]


def test_names_beside_the_account_go(firm, training):
    Attendance.objects.create(training=training, user=firm.worker, name="马超", marked_at=AT)
    leave(firm.worker)
    assert Attendance.objects.get().name == f"人员 {firm.worker.pk}"


def test_somebody_with_a_post_stays_and_nobody_is_erased_twice(firm):
    with pytest.raises(Refused):
        erase_person(person=firm.worker, by="command", at=AT)
    leave(firm.worker)
    with pytest.raises(Refused):
        leave(firm.worker)


def test_the_settlements_sums_and_fingerprints_stay():
    firm = inspected()
    settlement = approved(firm)
    rewarded = settlement.awards.exclude(person=None).first().person
    awards = list(settlement.awards.order_by("pk").values_list("person", "amount"))
    assert verified() == []
    leave(rewarded, at=LATER)
    settlement.refresh_from_db()
    assert list(settlement.awards.order_by("pk").values_list("person", "amount")) == awards
    assert verified() == []


def test_the_admin_site_asks_first(firm, client):
    client.force_login(firm.admin)
    firm.worker.posts.update(until=AT.date())
    page, form = reverse("admin:organization_user_changelist"), {"action": "erase"}
    form["_selected_action"] = firm.worker.pk
    assert firm.worker.name in client.post(page, form).content.decode()
    assert User.objects.filter(pk=firm.worker.pk, erased_at=None).exists()
    client.post(page, form | {"erase_confirmed": "1"})
    assert history_of(firm.worker).first().by == firm.admin
    assert User.objects.get(pk=firm.worker.pk).erased_at


def test_data_of_a_person_holds_what_is_theirs_and_of_others_only_that_they_did(firm):
    stored = StoredFile(name="笔记.png", size=1, uploaded_by=firm.worker, uploaded_at=AT)
    stored.file.save("x.png", uploads.picture(), save=True)
    record(on=firm.one, verb="import_projects", by=firm.worker, at=AT, reason="别人的事")
    out = io.BytesIO()
    person_zip(firm.worker, out)
    with zipfile.ZipFile(out) as archive:
        names, said = archive.namelist(), json.loads(archive.read("person.json"))
        page = archive.read("person.html").decode()
    assert names == ["person.json", "person.html", f"files/{stored.pk}-笔记.png"]
    assert said["organization.user"][0]["name"] == firm.worker.name
    assert said["organization.post"][0]["as"] == ["user"]
    assert "password" not in said["organization.user"][0]
    assert "别人的事" not in json.dumps(said, ensure_ascii=False) + page
    assert f"<h1>{firm.worker.name}的资料</h1>" in page and "<th>用户名</th>" in page


def test_what_somebody_wrote_stands_in_the_page_as_text(firm):
    Message.objects.create(person=firm.worker, title="<b>&", sent_at=AT)
    out = io.BytesIO()
    person_zip(firm.worker, out)
    with zipfile.ZipFile(out) as archive:
        page = archive.read("person.html").decode()
        assert json.loads(archive.read("person.json"))["campaign.message"][0]["title"] == "<b>&"
    assert "<td>&lt;b&gt;&amp;</td>" in page


def test_however_much_is_kept_it_takes_no_more_memory(firm):
    """Of somebody who audits there are hundreds of thousands of rows."""
    peaks = []
    for number in (500, 4500):
        rows = [
            Message(person=firm.worker, title="通知" * 20, sent_at=AT) for _row in range(number)
        ]
        Message.objects.bulk_create(rows)
        tracemalloc.start()
        with tempfile.TemporaryFile() as out:
            person_zip(firm.worker, out)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_everybody_takes_their_own_and_administrators_anybodys(firm, client):
    client.force_login(firm.worker)
    assert usernames(client.get("/me/data/")) == [firm.worker.username]
    client.force_login(firm.admin)
    page, form = reverse("admin:organization_user_changelist"), {"action": "personal_data"}
    answer = client.post(page, form | {"_selected_action": firm.lead.pk})
    assert usernames(answer) == [firm.lead.username]
    entry = history_of(firm.lead).get()
    assert (entry.verb, entry.by) == ("give_data", firm.admin)
    assert not history_of(firm.worker).exists()


def usernames(answer) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        said = json.loads(archive.read("person.json"))
    return [row["username"] for row in said["organization.user"]]


def test_tables_that_name_no_account_are_left_out(firm):
    assert "scoring.weight" not in {kept.model._meta.label_lower for kept in kept_of(firm.center)}


def test_the_commands(firm, tmp_path):
    call_command("person_data", firm.worker.username, str(tmp_path / "a.zip"))
    assert zipfile.is_zipfile(tmp_path / "a.zip")
    assert history_of(firm.worker).get().by_label == "command"
    firm.worker.posts.update(until=AT.date())
    call_command("erase_person", firm.worker.username)
    assert User.objects.get(pk=firm.worker.pk).erased_at
