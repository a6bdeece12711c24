"""Pictures from the field: whole, once, with their hashes, times and what was drawn on top."""

import hashlib
import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign.seals import begin, differences
from inspections.models import LateObservation, ObservationPhoto
from inspections.sheet import sheet_photos
from inspections.sheet.observations import add_photos, draw_on
from inspections.sheet.sheets import submit_sheet
from inspections.sync.late import accept_late
from organization.errors import Refused
from organization.models import StoredFile
from tests.bucket import away, store  # noqa: F401 - fixtures
from tests.inspections.entering import confirm_all, missing, opened
from tests.inspections.sync.sending import AT, DEVICE, event, send
from tests.inspections.writing import picture

ARROW = {"kind": "arrow", "from": [0.1, 0.2], "to": [0.5, 1]}


@pytest.fixture
def sheet(company):
    return opened(company)


@pytest.fixture
def noted(company, sheet):
    return missing(sheet, company.auditor)


@pytest.fixture
def auditor(client, company):
    client.force_login(company.auditor)
    return client


def sent(data, **said):
    return {
        "id": str(uuid.uuid4()), "sha256": hashlib.sha256(data).hexdigest(),
        "original_sha256": "a" * 64, "taken_at": AT.isoformat(),
        "sent_at": (AT + timedelta(minutes=5)).isoformat(), "device": str(DEVICE), "sequence": "3",
        "layer": json.dumps([ARROW]),
    } | said  # fmt: skip


def shot(**look) -> bytes:
    return picture(**look).read()


def post(client, observation, data, said):
    file = SimpleUploadedFile("a.jpg", data, "image/jpeg")
    address = f"/api/v1/observations/{observation}/photos"
    return client.post(address, said | {"file": file}).json()


def test_a_picture_is_kept_with_hashes_times_and_marks(auditor, company, noted):
    begin(company.campaign, at=AT)
    data = shot()
    answer = post(auditor, noted.pk, data, said := sent(data))
    assert (answer["outcome"], answer["id"], answer["sha256"]) == (
        "recorded", said["id"], said["sha256"],
    )  # fmt: skip
    photo = ObservationPhoto.objects.get()
    assert (photo.observation, photo.original_sha256, photo.layer) == (noted, "a" * 64, [ARROW])
    assert (photo.device_at, photo.device, photo.sequence) == (AT, DEVICE, 3)
    assert photo.added_at - photo.taken_at == timedelta(minutes=5)
    assert list(differences(company.campaign)) == []
    (known,) = auditor.post(
        "/api/v1/receipts", {"ids": [said["id"]]}, content_type="application/json"
    ).json()["photos"]
    assert (known["sha256"], known["original_sha256"]) == (said["sha256"], "a" * 64)


def test_the_same_picture_again_is_known_by_its_id_or_its_bytes(auditor, noted):
    data = shot()
    post(auditor, noted.pk, data, said := sent(data))
    assert post(auditor, noted.pk, data, said)["outcome"] == "known"
    assert post(auditor, noted.pk, data, sent(data))["outcome"] == "known"
    assert (ObservationPhoto.objects.count(), StoredFile.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "outcome", "code"),
    [
        ({"sha256": "b" * 64}, "later", "not_there"),
        ({"layer": "x"}, "refused", "layer"),
        ({"layer": json.dumps([ARROW | {"to": [2, 0]}])}, "refused", "layer"),
        ({"layer": json.dumps([ARROW] * 51)}, "refused", "layer"),
    ],
)
def test_what_came_damaged_or_is_badly_drawn(auditor, noted, wrong, outcome, code):
    data = shot()
    answer = post(auditor, noted.pk, data, sent(data) | wrong)
    assert (answer["outcome"], answer["code"]) == (outcome, code)
    assert not StoredFile.objects.exists()


def test_what_is_no_picture_is_refused(auditor, noted):
    data = b"%PDF-1.4 no picture"
    answer = post(auditor, noted.pk, data, sent(data))
    assert (answer["outcome"], answer["code"]) == ("refused", "kind")


def test_one_that_is_there_before_its_observation_comes_again_later(auditor, company, sheet):
    data, first = shot(), event(sheet)
    assert post(auditor, first["id"], data, said := sent(data))["outcome"] == "later"
    send([first], company.auditor)
    assert post(auditor, first["id"], data, said)["outcome"] == "recorded"


def test_a_picture_follows_the_change_that_came_before_it(auditor, company, sheet):
    begin(company.campaign, at=AT)
    data, first = shot(), event(sheet)
    change = event(sheet, 2, points="2", replaces=first["id"])
    send([first, change], company.auditor)
    assert post(auditor, first["id"], data, sent(data))["outcome"] == "recorded"
    bearers = {str(photo.observation_id) for photo in ObservationPhoto.objects.all()}
    assert bearers == {first["id"], change["id"]}
    third = event(sheet, 3, points="1", replaces=change["id"])
    send([third], company.auditor)
    assert ObservationPhoto.objects.get(observation=third["id"]).layer == [ARROW]
    assert list(differences(company.campaign)) == []


def test_a_picture_follows_two_changes_of_one_batch(auditor, company, sheet):
    data, first = shot(), event(sheet)
    send([first], company.auditor)
    post(auditor, first["id"], data, sent(data))
    second = event(sheet, 2, points="2", replaces=first["id"])
    third = event(sheet, 3, points="1", replaces=second["id"])
    send([second, third], company.auditor)
    bearers = [str(photo.observation_id) for photo in ObservationPhoto.objects.all()]
    assert sorted(bearers) == sorted(said["id"] for said in (first, second, third))


def test_nobody_adds_to_what_others_saw_or_may_not_see(client, company, noted):
    data = shot()
    client.force_login(company.center)
    assert post(client, noted.pk, data, sent(data))["code"] == "not_yours"
    client.force_login(company.manager)
    unknown = post(client, uuid.uuid4(), data, said := sent(data))
    assert post(client, noted.pk, data, said) == unknown
    assert unknown["outcome"] == "later"


def test_an_observation_has_room_for_so_many_pictures(auditor, company, sheet, noted, monkeypatch):
    monkeypatch.setattr(sheet_photos, "MOST_PHOTOS", 1)
    first = shot()
    post(auditor, noted.pk, first, sent(first))
    second = shot()
    assert post(auditor, noted.pk, second, sent(second))["code"] == "many_photos"
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "many_photos"):
        add_photos(observation=noted, uploads=[picture()], by=noted.by, at=AT)
    assert ObservationPhoto.objects.count() == StoredFile.objects.count() == 1


def test_a_picture_is_drawn_on_so_many_times(auditor, company, noted, monkeypatch):
    monkeypatch.setattr(sheet_photos, "MOST_LAYERS", 1)
    post(auditor, noted.pk, data := shot(), sent(data))

    def draw():
        photo = ObservationPhoto.objects.order_by("pk").first()
        draw_on(photo=photo, shapes=[ARROW], id=uuid.uuid4(), by=noted.by, at=AT)

    draw()
    with pytest.raises(Refused, check=lambda refusal: refusal.code == "many_layers"):
        draw()


def test_one_that_comes_when_the_sheet_is_closed_waits_for_the_center(auditor, company, noted):
    begin(company.campaign, at=AT)
    sheet = noted.sheet
    confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    data = shot()
    for _twice in range(2):
        assert post(auditor, noted.pk, data, said := sent(data))["outcome"] == "late"
    late = LateObservation.objects.get()
    assert auditor.get(f"/files/{late.file_id}/").status_code == 200
    page = auditor.get("/c/c11/late/").content.decode()
    assert f'<img src="/files/{late.file_id}/"' in page and "data-layer" in page
    assert f"补一张照片 · {noted.item.name}" in page
    kept = Path(late.file.file.path)
    kept.write_bytes(data + b"x")
    assert [each.code for each in differences(company.campaign)] == ["late_picture"]
    kept.write_bytes(data)
    accept_late(late=late, reason="可以证明", by=company.center, at=AT + timedelta(days=1))
    assert ObservationPhoto.objects.get().layer == [ARROW]
    assert post(auditor, noted.pk, data, said)["outcome"] == "known"
    assert list(differences(company.campaign)) == []


def test_what_was_drawn_after_a_lost_answer_is_added_once(auditor, company, noted):
    begin(company.campaign, at=AT)
    data = shot()
    first = sent(data, layer="")
    assert post(auditor, noted.pk, data, first)["outcome"] == "recorded"
    for _again in range(2):
        drawn = first | {"layer": json.dumps([ARROW])}
        assert post(auditor, noted.pk, data, drawn)["outcome"] == "known"
    assert list(ObservationPhoto.objects.order_by("pk").values_list("layer", flat=True)) == [
        [],
        [ARROW],
    ]
    assert not list(differences(company.campaign))


def test_a_picture_that_nobody_can_keep_now_is_sent_again(auditor, noted, request):
    request.getfixturevalue("away")
    answer = post(auditor, noted.pk, data := shot(), sent(data))
    assert (answer["outcome"], answer["code"]) == ("later", "storage")
    assert not ObservationPhoto.objects.exists()
    assert not StoredFile.objects.exists()
