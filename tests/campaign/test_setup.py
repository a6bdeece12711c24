from datetime import date

import pytest

from campaign import registry
from campaign.models import Campaign, Obligation
from campaign.setup import create_campaign, enter_projects, read_plan
from campaign.words import EvidenceKind, Scope
from organization.errors import Refused
from organization.history import history_of
from organization.models import Specialty
from organization.roles import Role
from tests import cast

pytestmark = pytest.mark.django_db


def create(code="next", **changes):
    return create_campaign(code=code, by="command", at=cast.NOW, **changes)


def test_the_plans_own_year_keeps_the_plans_dates():
    made = create(year=2011)
    plan = read_plan()
    assert [(p.code, p.start, p.end) for p in made.phases.all()] == [
        (line["code"], line["start"], line["end"]) for line in plan["phases"]
    ]
    assert [(m.code, m.due) for m in made.milestones.all()] == [
        (line["code"], line["due"]) for line in plan["milestones"]
    ]


def test_another_year_keeps_month_and_day():
    made = create(year=2027)
    assert made.year == 2027
    assert made.phases.first().start == date(2027, 9, 25)
    assert made.milestones.get(code="improvement_plan").due == date(2027, 10, 18)


def test_all_dates_move_by_the_same_number_of_days():
    made = create(shift_days=100)
    assert made.phases.first().start == date(2012, 1, 3)
    assert made.year == 2012
    assert made.milestones.get(code="exam_report").due == date(2012, 2, 8)


def test_milestones_carry_scope_owner_approver_and_evidence():
    made = create(year=2027)
    policies = made.milestones.get(code="preventive_policies")
    assert (policies.scope, policies.owner, policies.approver) == (
        Scope.COMPANY,
        Role.MANAGEMENT_CENTER,
        Role.PRESIDENT,
    )
    assert policies.evidence == [EvidenceKind.DOCUMENT]
    assert policies.phase.code == "rectify"


def test_the_exam_report_is_flagged_outside_its_phase_and_nothing_else():
    flagged = [m.code for m in create(year=2027).milestones.all() if m.is_outside_its_phase]
    assert flagged == ["exam_report"]


def test_both_languages_are_there(settings):
    made = create(year=2027)
    assert made.title_en == "Property basic-service quality-improvement campaign"
    assert made.milestones.get(code="company_kickoff").title_en == "Company kick-off meeting"
    assert made.phases.first().name_zh_hans == "动员宣讲"


def test_missing_specialties_are_made_and_those_there_are_kept():
    Specialty.objects.create(code="order", name_zh_hans="安保", name_en="Guards")
    create(year=2027)
    assert set(Specialty.objects.values_list("code", flat=True)) == {
        "customer_service",
        "facilities",
        "order",
        "environment",
    }
    assert Specialty.objects.get(code="order").name_zh_hans == "安保"
    assert Specialty.objects.get(code="environment").is_sample


def test_it_is_a_draft_on_record_without_obligations():
    made = create(year=2027)
    assert made.state().code == "draft"
    assert not Obligation.objects.exists()
    entry = history_of(made).get(verb="create_campaign")
    assert (entry.by, entry.by_label, entry.after) == (None, "command", "draft")


def test_upper_apps_take_their_part_of_the_template(lend):
    seen = []
    lend(registry.TEMPLATE_PARTS, lambda *args: seen.append(args))
    made = create(year=2027)
    assert seen[0][0] == made
    assert seen[0][1]["scoring"]["weights"] == {"customer_service": 25}
    assert seen[0][2] == cast.NOW


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "a b"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "x" * 41}, "code"),
        ({"year": 1999}, "year"),
        ({"year": 2101}, "year"),
        ({"year": 99999}, "year"),
    ],
)
def test_a_wrong_code_or_year_is_refused(changes, code):
    with pytest.raises(Refused) as refusal:
        create(**{"year": 2027} | changes)
    assert refusal.value.code == code
    assert not Campaign.objects.exists()


def test_a_code_is_used_once():
    create(year=2027)
    with pytest.raises(Refused) as refusal:
        create(year=2028)
    assert refusal.value.code == "code_taken"


def test_projects_enter_once_and_are_on_record(company):
    three = cast.project("P03", "湖岸北里")
    new = enter_projects(
        campaign=company.campaign,
        projects=[company.one, three],
        by=company.center,
        at=cast.NOW,
    )
    assert new == [three]
    assert company.campaign.projects.count() == 3
    entry = history_of(company.campaign).get(verb="enter_projects")
    assert (entry.by, entry.detail["projects"]) == (company.center, ["P03"])


def test_entering_again_changes_nothing(company):
    again = enter_projects(
        campaign=company.campaign, projects=[company.one], by="command", at=cast.NOW
    )
    assert again == []
    assert not history_of(company.campaign).exists()


def test_a_project_that_enters_late_owes_the_projects_milestones_and_no_others(company):
    cast.milestone(company.campaign, "mine")
    cast.milestone(company.campaign, "theirs", scope=Scope.SPECIALTY)
    cast.milestone(company.campaign, "companys", scope=Scope.COMPANY)
    three = cast.project("P03", "湖岸北里")
    enter_projects(campaign=company.campaign, projects=[three], by="command", at=cast.NOW)
    owed = Obligation.objects.get()
    assert (owed.project, owed.milestone.code) == (three, "mine")


def test_before_the_start_nothing_is_owed(company):
    draft = cast.campaign("draft", started=False)
    cast.milestone(draft)
    enter_projects(campaign=draft, projects=[company.one], by="command", at=cast.NOW)
    assert not Obligation.objects.exists()


def test_upper_apps_hear_of_projects_that_entered(company, lend):
    heard = []
    lend(registry.ON_PROJECTS_ENTERED, lambda *args: heard.append(args))
    three = cast.project("P03", "湖岸北里")
    enter_projects(campaign=company.campaign, projects=[three], by="command", at=cast.NOW)
    assert heard == [(company.campaign, [three], cast.NOW)]


def test_nobody_enters_a_closed_campaign(company):
    company.campaign.closed_at = cast.NOW
    company.campaign.save()
    with pytest.raises(Refused) as refusal:
        enter_projects(
            campaign=company.campaign,
            projects=[cast.project("P03", "湖岸北里")],
            by="command",
            at=cast.NOW,
        )
    assert refusal.value.code == "closed"
