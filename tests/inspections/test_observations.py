"""What an auditor sees is put on record once, within bounds, and moves the score at once."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.models import Observation, ObservationPhoto
from inspections.sheet import observations, sheets
from inspections.sheet.entries import Entry
from inspections.words import ObservationKind
from organization.errors import Refused
from scoring.models import Score
from scoring.opening import freeze
from tests.inspections.entering import (
    AT,
    confirm_all,
    folded,
    item,
    missing,
    opened,
    points_so_far,
    requirement,
    standing_of,
    submitted,
)
from tests.inspections.writing import picture

LATER = AT + timedelta(minutes=5)


@pytest.fixture
def sheet(company):
    return opened(company)


def counting(sheet):
    """Ids of the observations that cost points."""
    return [line.observation for line in folded(sheet).score.lines]


def refused(code):
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def test_a_missing_requirement_takes_its_points_off_the_running_score(company, sheet):
    missing(sheet, company.auditor, points="1.5")
    assert points_so_far(sheet) == (Decimal("23.5"), Decimal(25))


def test_an_unfinished_sheet_moves_no_standing(company, sheet):
    before = standing_of(sheet)
    missing(sheet, company.auditor)
    assert not Score.objects.exists()
    assert (standing_of(sheet).composite, standing_of(sheet).updated_at) == (
        None,
        before.updated_at,
    )


def test_the_sheet_counts_what_was_looked_at(company, sheet):
    missing(sheet, company.auditor)
    missing(sheet, company.auditor, line=2)
    observations.confirm(sheet=sheet, items=[item(sheet, 2)], by=company.auditor, at=AT)
    sheet.refresh_from_db()
    assert (sheet.looked_at, sheet.item_count) == (2, 4)


def test_the_same_id_again_returns_the_first_and_changes_nothing(company, sheet):
    id = uuid.uuid4()
    first = missing(sheet, company.auditor, id=id)
    again = missing(sheet, company.auditor, id=id, at=LATER)
    assert (again, again.recorded_at, Observation.objects.count()) == (first, AT, 1)


@pytest.mark.parametrize("other", [{"points": "0.5"}, {"line": 2}, {"note": "换一句话"}])
def test_the_same_id_with_other_content_is_refused(company, sheet, other):
    id = uuid.uuid4()
    missing(sheet, company.auditor, id=id)
    with refused("same_id"):
        missing(sheet, company.auditor, id=id, **other)


def test_the_same_id_from_somebody_else_is_refused(company, sheet):
    id = uuid.uuid4()
    missing(sheet, company.auditor, id=id)
    with refused("same_id"):
        missing(sheet, company.center, id=id)


def test_the_same_id_on_another_sheet_is_refused(company, sheet):
    id = uuid.uuid4()
    missing(sheet, company.auditor, id=id)
    other = opened(company, project=company.two)
    with refused("same_id"):
        missing(other, company.auditor, id=id)


@pytest.mark.parametrize("points", ["0.4", "2.1", "0", "-1", "0.55", "NaN", "100"])
def test_an_amount_outside_the_items_range_is_refused(company, sheet, points):
    with refused("amount"):
        missing(sheet, company.auditor, points=points)
    assert not Observation.objects.exists()


def test_the_refusal_names_the_range_and_the_field(company, sheet):
    with pytest.raises(Refused, match=r"0\.5–2\.0") as refusal:
        missing(sheet, company.auditor, points="2.5")
    assert refusal.value.field == "points"


@pytest.mark.parametrize("points", ["0.5", "0.6", "2", "2.00"])
def test_an_amount_within_the_range_is_taken(company, sheet, points):
    assert missing(sheet, company.auditor, points=points).points == Decimal(points)


@pytest.mark.parametrize(("points", "allowed"), [("0", True), ("25", True), ("17.25", True),
                                                 ("25.01", False), ("0.001", False)])  # fmt: skip
def test_the_item_as_a_whole_costs_from_nothing_to_its_points(company, sheet, points, allowed):
    entry = Entry(ObservationKind.MISSING, item(sheet), points=Decimal(points), method="open")
    put = {"sheet": sheet, "entries": [entry], "by": company.auditor, "at": AT}
    if allowed:
        observations.observe_many(**put)
        assert points_so_far(sheet)[0] == 25 - Decimal(points)
    else:
        with refused("amount"):
            observations.observe_many(**put)


def test_an_item_of_another_rubric_is_refused(company, sheet):
    stranger = opened(company, specialty="order")
    with refused("not_on_sheet"):
        observations.observe(
            sheet=sheet, id=uuid.uuid4(), item=item(stranger), requirement=None,
            points=Decimal(1), method="open", by=company.auditor, at=AT,
        )  # fmt: skip


def test_a_requirement_of_another_item_is_refused(company, sheet):
    with refused("not_on_sheet"):
        observations.observe(
            sheet=sheet, id=uuid.uuid4(), item=item(sheet, 1), requirement=requirement(sheet, 2),
            points=Decimal(1), method="open", by=company.auditor, at=AT,
        )  # fmt: skip


def test_an_unknown_method_is_refused(company, sheet):
    with refused("method"):
        missing(sheet, company.auditor, method="guess")


def test_a_note_of_ten_megabytes_is_refused(company, sheet):
    with refused("note"):
        missing(sheet, company.auditor, note="长" * 10_000_000)


def test_of_two_auditors_the_larger_counts_and_both_stay(company, sheet):
    missing(sheet, company.auditor, points="0.5")
    larger = missing(sheet, company.center, points="1.5")
    assert points_so_far(sheet)[0] == Decimal("23.5")
    assert counting(sheet) == [larger.pk]
    assert len(folded(sheet).standing) == 2


def test_a_deduction_that_is_taken_back_no_longer_counts_but_stays_on_record(company, sheet):
    seen = missing(sheet, company.auditor)
    taken = observations.withdraw(observation=seen, by=company.auditor, at=LATER)
    assert taken.withdraws == seen
    assert Observation.objects.count() == 2
    assert counting(sheet) == []
    assert sheet.looked_at == 0


def test_nobody_takes_back_what_somebody_else_saw(company, sheet):
    seen = missing(sheet, company.auditor)
    with refused("not_yours"):
        observations.withdraw(observation=seen, by=company.center, at=LATER)


def test_taking_back_twice_is_refused_unless_it_is_the_same_move(company, sheet):
    seen, id = missing(sheet, company.auditor), uuid.uuid4()
    first = observations.withdraw(observation=seen, by=company.auditor, at=AT, id=id)
    assert observations.withdraw(observation=seen, by=company.auditor, at=LATER, id=id) == first
    with refused("withdrawn"):
        observations.withdraw(observation=seen, by=company.auditor, at=LATER)


def test_changing_an_amount_takes_back_and_notes_anew(company, sheet):
    first = missing(sheet, company.auditor, points="0.5")
    second = missing(sheet, company.auditor, points="1.2", replaces=first, at=LATER)
    first.refresh_from_db()
    assert first.points == Decimal("0.5")
    assert counting(sheet) == [second.pk]
    assert Observation.objects.count() == 3


def test_a_change_that_comes_twice_is_one_change(company, sheet):
    first, id = missing(sheet, company.auditor), uuid.uuid4()
    for _again in range(2):
        missing(sheet, company.auditor, points="0.8", replaces=first, id=id)
    assert Observation.objects.count() == 3


def test_a_change_keeps_the_pictures(company, sheet):
    first = missing(sheet, company.auditor, photos=[picture()])
    second = missing(sheet, company.auditor, points="0.8", replaces=first, photos=[picture()])
    assert first.photos.count() == 1
    assert second.photos.count() == 2


def test_nobody_changes_what_somebody_else_saw(company, sheet):
    first = missing(sheet, company.auditor)
    with refused("not_yours"):
        missing(sheet, company.center, replaces=first)
    assert Observation.objects.count() == 1


def test_a_change_that_is_refused_leaves_the_first_standing(company, sheet):
    first = missing(sheet, company.auditor)
    with refused("amount"):
        missing(sheet, company.auditor, replaces=first, points="9")
    assert counting(sheet) == [first.pk]


def test_not_applicable_leaves_both_points_and_can_be_undone(company, sheet):
    mark = observations.mark_not_applicable(
        sheet=sheet, item=item(sheet), reason="无备用发电机", by=company.auditor, at=AT
    )
    assert (points_so_far(sheet)[1], sheet.looked_at) == (Decimal(0), 1)
    observations.withdraw(observation=mark, by=company.auditor, at=LATER)
    assert sheet.looked_at == 0


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_not_applicable_needs_a_reason(company, sheet, reason):
    with refused("reason"):
        observations.mark_not_applicable(
            sheet=sheet, item=item(sheet), reason=reason, by=company.auditor, at=AT
        )


def test_an_item_with_a_deduction_is_not_called_not_applicable(company, sheet):
    missing(sheet, company.center)
    with refused("has_deductions"):
        observations.mark_not_applicable(
            sheet=sheet, item=item(sheet), reason="没有", by=company.auditor, at=AT
        )


def test_nothing_is_noted_on_what_is_not_applicable(company, sheet):
    observations.mark_not_applicable(
        sheet=sheet, item=item(sheet), reason="没有", by=company.auditor, at=AT
    )
    with refused("not_applicable"):
        missing(sheet, company.auditor)


def test_confirming_passes_over_what_was_confirmed_or_is_not_applicable(company, sheet):
    observations.mark_not_applicable(
        sheet=sheet, item=item(sheet, 1), reason="没有", by=company.auditor, at=AT
    )
    observations.confirm(sheet=sheet, items=[item(sheet, 2)], by=company.center, at=AT)
    assert [seen.item for seen in confirm_all(sheet, company.auditor)] == [
        item(sheet, 3),
        item(sheet, 4),
    ]
    assert points_so_far(sheet) == (Decimal(75), Decimal(75))


def test_a_confirmation_that_comes_twice_is_one(company, sheet):
    id = uuid.uuid4()
    for _again in range(2):
        observations.confirm(sheet=sheet, items=[item(sheet)], by=company.auditor, at=AT, id=id)
    assert Observation.objects.count() == 1


def test_of_several_entries_one_refused_means_none(company, sheet):
    good = Entry(ObservationKind.CONFORMS, item(sheet))
    bad = Entry(ObservationKind.MISSING, item(sheet, 2), points=Decimal(99), method="open")
    with refused("amount"):
        observations.observe_many(sheet=sheet, entries=[good, bad], by=company.auditor, at=AT)
    assert not Observation.objects.exists()


def test_one_id_for_two_entries_is_refused(company, sheet):
    id = uuid.uuid4()
    entries = [Entry(ObservationKind.CONFORMS, item(sheet, n), id) for n in (1, 2)]
    with refused("same_id"):
        observations.observe_many(sheet=sheet, entries=entries, by=company.auditor, at=AT)


def test_pictures_come_later_too_and_each_only_once(company, sheet):
    seen, upload = missing(sheet, company.auditor), picture()
    observations.add_photos(observation=seen, uploads=[upload], by=company.auditor, at=AT)
    upload.seek(0)
    observations.add_photos(observation=seen, uploads=[upload], by=company.auditor, at=LATER)
    assert ObservationPhoto.objects.filter(observation=seen).count() == 1


def test_what_is_no_picture_is_refused_with_everything_else(company, sheet):
    note = SimpleUploadedFile("现场.jpg", b"%PDF-1.4 no picture", "image/jpeg")
    with pytest.raises(ValidationError):
        missing(sheet, company.auditor, photos=[note])
    assert not Observation.objects.exists()


def test_nobody_adds_pictures_to_what_somebody_else_saw(company, sheet):
    seen = missing(sheet, company.auditor)
    with refused("not_yours"):
        observations.add_photos(observation=seen, uploads=[picture()], by=company.center, at=AT)


def test_nothing_is_added_to_a_submitted_sheet(company):
    sheet = submitted(company)
    with refused("submitted"):
        missing(sheet, company.auditor)
    with refused("submitted"):
        observations.confirm(
            sheet=sheet, items=[item(sheet)], by=company.auditor, at=AT
        ) or missing(sheet, company.auditor)


def test_what_had_arrived_before_the_submission_may_come_again(company, sheet):
    id = uuid.uuid4()
    first = missing(sheet, company.auditor, id=id)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert missing(sheet, company.auditor, id=id, at=LATER) == first


def test_frozen_results_refuse_everything(company, sheet):
    freeze(campaign=company.campaign, by=company.president, at=AT)
    with refused("frozen"):
        missing(sheet, company.auditor)
    assert not Observation.objects.exists()


def test_a_closed_campaign_refuses_everything(company, sheet):
    company.campaign.closed_at = AT
    company.campaign.save()
    sheet.campaign.refresh_from_db()
    with refused("closed"):
        missing(sheet, company.auditor)


def queries_of_one_more(company, sheet):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        missing(sheet, company.auditor, number=2)
    return len(asked)


def test_an_observation_costs_the_same_queries_on_a_full_sheet(company):
    small, large = opened(company), opened(company, specialty="order", items=20)
    for each in (small, large):
        missing(each, company.center)  # the rubric is read once per process
    for number in range(3, 20):
        missing(large, company.auditor, number=number, photos=[picture()])
    assert queries_of_one_more(company, small) == queries_of_one_more(company, large) <= 7
