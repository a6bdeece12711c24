"""Sheets are opened on a published rubric and submitted once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from campaign.models import Participation
from inspections.models import ScoreSheet
from inspections.sheet import observations, sheets
from organization.clock import end_of, local_day
from organization.errors import Refused
from organization.history import history_of
from scoring.models import CampaignResults, Score, ScoreLine
from scoring.models.results import ScoreKind
from scoring.opening import freeze
from scoring.results import rebuild
from tests import cast
from tests.inspections.entering import (
    AT,
    confirm_all,
    item,
    missing,
    opened,
    rubric,
    score_of,
    standing_of,
    submitted,
)

LATER = AT + timedelta(hours=2)


def refused(code):
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


# --- opening ----------------------------------------------------------------------------------


def test_opening_makes_an_empty_sheet_on_the_published_rubric_and_opens_scoring(company):
    made = rubric(company, items=6)
    sheet = opened(company)
    assert (sheet.rubric, sheet.item_count, sheet.looked_at) == (made, 6, 0)
    assert CampaignResults.objects.get().opened_at == AT
    assert [entry.verb for entry in history_of(sheet)] == ["sheet_opened"]


def test_opening_again_gives_the_same_sheet(company):
    assert opened(company) == opened(company, by=company.center, at=LATER)
    assert ScoreSheet.objects.get().opened_by == company.auditor


def test_weights_have_to_add_up_first(company):
    company.campaign.weights.filter(specialty=company.lines["order"]).update(percent=24)
    with refused("not_ready"):
        opened(company)
    assert not ScoreSheet.objects.exists()


def test_a_self_check_sheet_does_not_open_scoring(company):
    rubric(company)
    sheet = sheets.open_sheet(
        campaign=company.campaign, project=company.one, kind=ScoreKind.SELF, at=AT,
        specialty=company.lines["customer_service"], by=company.manager,
    )  # fmt: skip
    assert sheet.kind == ScoreKind.SELF
    assert not CampaignResults.objects.filter(opened_at__isnull=False).exists()


def test_without_a_published_rubric_there_is_no_sheet(company):
    rubric(company, published=False)
    with refused("no_rubric"):
        opened(company)


def test_a_superseded_rubric_is_not_taken(company):
    old = rubric(company)
    old.version, old.superseded_at = 2, AT
    old.save()
    current = rubric(company)
    assert opened(company).rubric == current


def test_a_project_that_does_not_take_part_gets_no_sheet(company):
    with refused("no_part"):
        opened(company, project=cast.project("P09", "外来项目"))


def test_a_project_gets_no_sheet_of_a_specialty_that_it_does_not_have(company):
    part = Participation.objects.get(project=company.one)
    part.lacks.add(company.lines["customer_service"])
    with refused("lacks"):
        opened(company)


def test_frozen_results_open_no_sheet(company):
    freeze(campaign=company.campaign, by=company.president, at=AT)
    with refused("frozen"):
        opened(company)


# --- submitting -------------------------------------------------------------------------------


def test_a_submitted_sheet_counts_in_the_standing(company):
    sheet = opened(company)
    missing(sheet, company.auditor, points="1.5")
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=LATER)
    assert (score_of(sheet).kept, score_of(sheet).finished_at) == (Decimal("98.5"), LATER)
    standing = standing_of(sheet)
    assert (standing.composite, standing.provisional) == (Decimal("98.50"), True)
    assert standing.scores == {"customer_service": "98.50"}


def test_its_lines_name_item_requirement_and_observation(company):
    sheet = opened(company)
    seen = missing(sheet, company.auditor, number=2, line=3)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    line = score_of(sheet).lines.get()
    assert (line.item, line.requirement, line.observation) == (
        item(sheet, 2),
        seen.requirement,
        seen.pk,
    )


def test_objections_may_be_made_until_the_end_of_the_third_day(company):
    sheet = submitted(company, at=AT)
    third = local_day(AT) + timedelta(days=3)
    assert score_of(sheet).objections_until == end_of(third)


def test_submitting_leaves_who_when_and_what(company):
    sheet = submitted(company)
    entry = history_of(sheet).first()
    assert (entry.verb, entry.by, entry.detail["kept"]) == (
        "sheet_submitted",
        company.auditor,
        "100.00",
    )
    assert (sheet.submitted_at, sheet.submitted_by) == (AT, company.auditor)


def test_what_nobody_looked_at_is_named(company):
    sheet = opened(company, items=8)
    missing(sheet, company.auditor, number=8)
    with pytest.raises(Refused, match=r"还有 7 项没有评：I01 .*、I05 项目5 等") as refusal:
        sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert refusal.value.code == "not_looked_at"
    assert not Score.objects.exists()


def test_an_item_whose_observation_was_taken_back_is_not_looked_at(company):
    sheet = opened(company)
    seen = missing(sheet, company.auditor)
    lines = [item(sheet, number) for number in (2, 3, 4)]
    observations.confirm(sheet=sheet, items=lines, by=company.auditor, at=AT)
    observations.withdraw(observation=seen, by=company.auditor, at=AT)
    with refused("not_looked_at"):
        sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)


def test_a_sheet_is_submitted_once(company):
    sheet = submitted(company)
    with refused("submitted"):
        sheets.submit_sheet(sheet=sheet, by=company.center, at=LATER)


def test_a_sheet_without_an_applicable_item_leaves_the_composite(company):
    sheet = opened(company)
    for number in range(1, 5):
        observations.mark_not_applicable(
            sheet=sheet, item=item(sheet, number), reason="未委托", by=company.auditor, at=AT
        )
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert score_of(sheet).possible == 0
    assert standing_of(sheet).composite is None


def test_with_all_sheets_submitted_a_project_is_ranked(company):
    for specialty in company.lines:
        sheet = submitted(company, specialty=specialty)
    assert (standing_of(sheet).composite, standing_of(sheet).provisional) == (100, False)


def test_frozen_results_take_no_submission(company):
    sheet = opened(company)
    confirm_all(sheet, company.auditor)
    freeze(campaign=company.campaign, by=company.president, at=AT)
    with refused("frozen"):
        sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    sheet.refresh_from_db()
    assert sheet.submitted_at is None


def test_all_results_can_be_made_again_from_the_sheets(company):
    sheet = opened(company)
    missing(sheet, company.auditor)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    opened(company, project=company.two)
    before = list(ScoreLine.objects.values("item", "requirement", "points", "observation"))
    Score.objects.all().delete()
    assert rebuild(campaign=company.campaign, at=LATER) == 0
    assert list(ScoreLine.objects.values("item", "requirement", "points", "observation")) == before
    assert score_of(sheet).finished_at == AT
