"""Arrows and circles on a picture: a layer of its own, sealed, by who took the picture."""

import json
import uuid

import pytest
from django.urls import reverse

from campaign.seals import begin, differences
from inspections.finding.photos import attach
from inspections.sheet import observations, sheets
from inspections.sheet.layers import read_layer
from inspections.sheet.sheet_photos import files_of, pictures_of
from inspections.words import Moment
from organization.errors import Refused
from tests.inspections.entering import AT, confirm_all, missing, opened, rubric
from tests.inspections.writing import finding_of, picture

ARROW = {"kind": "arrow", "from": [0.1, 0.1], "to": [0.5, 0.5]}
CIRCLE = {"kind": "circle", "from": [0.2, 0.2], "to": [0.4, 0.6]}


@pytest.fixture
def shown(company):
    """An observation with a picture."""
    rubric(company)
    begin(company.campaign, at=AT)
    sheet = opened(company)
    return missing(sheet, company.auditor, photos=[picture()])


def drawn(seen, *shapes, by, id=None):
    (photo,) = pictures_of([seen.pk])[seen.pk]
    return observations.draw_on(
        photo=photo, shapes=list(shapes), id=id or uuid.uuid4(), by=by, at=AT
    )


def layers(seen):
    return [photo.layer for photo in pictures_of([seen.pk])[seen.pk]]


def test_the_newest_layer_counts_and_the_former_stay_on_record_sealed(company, shown):
    drawn(shown, ARROW, by=company.auditor)
    drawn(shown, ARROW, CIRCLE, by=company.auditor)
    assert layers(shown) == [[ARROW, CIRCLE]]
    drawn(shown, by=company.auditor)
    assert layers(shown) == [[]]
    assert shown.photos.values("file").distinct().count() == 1
    assert shown.photos.count() == 4
    assert list(differences(company.campaign)) == []
    shown.photos.filter(layer=[ARROW]).update(layer=[])
    assert {found.code for found in differences(company.campaign)} == {"event_broken"}


def test_what_was_drawn_goes_along_with_a_change(company, shown):
    drawn(shown, ARROW, by=company.auditor)
    changed = missing(shown.sheet, company.auditor, points="2", replaces=shown)
    assert layers(changed) == [[ARROW]]


def test_drawing_twice_with_one_id_is_one_layer(company, shown):
    id = uuid.uuid4()
    first = drawn(shown, ARROW, by=company.auditor, id=id)
    assert drawn(shown, ARROW, by=company.auditor, id=id).pk == first.pk
    with pytest.raises(Refused) as refusal:
        drawn(shown, CIRCLE, by=company.auditor, id=id)
    assert refusal.value.code == "same_id"


def test_nobody_draws_on_pictures_of_others_or_of_a_closed_sheet(company, shown):
    with pytest.raises(Refused) as refusal:
        drawn(shown, ARROW, by=company.center)
    assert refusal.value.code == "not_yours"
    confirm_all(shown.sheet, company.auditor)
    sheets.submit_sheet(sheet=shown.sheet, by=company.auditor, at=AT)
    with pytest.raises(Refused) as refusal:
        drawn(shown, ARROW, by=company.auditor)
    assert refusal.value.code == "submitted"


def test_a_finding_shows_what_was_drawn_on_its_picture(company, shown, client):
    drawn(shown, CIRCLE, by=company.auditor)
    found = finding_of(company)
    attach(found, files_of(shown), Moment.BEFORE, by=company.center, at=AT)
    client.force_login(company.center)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "data-layer" in page
    assert "circle&quot;" in page


def draw(client, seen, file, shapes):
    sheet = seen.sheet
    fields = {"do": "draw", "id": uuid.uuid4(), "observation": seen.pk, "photo": file.pk}
    url = reverse("sheet_entry", args=[sheet.campaign.code, sheet.pk])
    said = fields | {"shapes": json.dumps(shapes)}
    return client.post(url, said, headers={"accept": "application/json"})


def test_a_drawing_finds_the_picture_where_a_change_took_it(company, shown, client):
    (file,) = files_of(shown)
    client.force_login(company.auditor)
    changed = missing(shown.sheet, company.auditor, points="2", replaces=shown)
    assert "data-layer" in draw(client, shown, file, [ARROW]).json()["html"]
    assert layers(changed) == [[ARROW]]


@pytest.mark.parametrize("shapes", [[CIRCLE | {"to": [2, 0]}], [{"kind": "star"}], "x"])
def test_what_is_no_drawing_is_refused(company, shown, client, shapes):
    (file,) = files_of(shown)
    client.force_login(company.auditor)
    answer = draw(client, shown, file, shapes)
    assert (answer.status_code, answer.json()["code"]) == (422, "layer")
    assert layers(shown) == [[]]


def test_a_zero_has_one_spelling_for_its_seal():
    """JSON knows -0.0, and PostgreSQL gives 0.0 back for it."""
    (mark,) = read_layer('[{"kind": "arrow", "from": [-0.0, 0.1], "to": [0.5, -0.0]}]')
    assert json.dumps(mark) == '{"kind": "arrow", "from": [0.0, 0.1], "to": [0.5, 0.0]}'
