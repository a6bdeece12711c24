"""Appeals on record: who is told, who sees, makes and decides them, and what waits for them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from campaign.models import Message
from inspections.appeal.appeals import take_back_appeal
from inspections.appeal.verifying import check_appeals
from inspections.models import Appeal, Observation
from inspections.sheet.verifying import check_sheets
from inspections.words import ObservationKind, Outcome
from organization.clock import end_of
from organization.errors import Refused
from organization.files import may_read
from organization.history import history_of
from organization.models import Post
from rewards.settlement import objections
from scoring.models import Score
from scoring.opening import freeze
from tests import cast
from tests.inspections.appealing import (
    AT,
    LATER,
    contested_sheet,
    decided,
    made,
)
from tests.inspections.entering import (
    item,
)
from tests.inspections.writing import picture

D = Decimal


def refused(code, field=""):
    return pytest.raises(Refused, check=lambda r: r.code == code and r.field == field)


@pytest.fixture
def sheet(company):
    return contested_sheet(company)


# --- the settlement waits, and then nothing moves ------------------------------------------------


def test_the_settlement_waits_until_it_is_decided(company, sheet):
    found = made(company, sheet)
    after = end_of((AT + timedelta(days=4)).date())
    assert [o.open_objections for o in objections(company.campaign, at=after)] == [1]
    decided(company, found, at=after)
    assert not objections(company.campaign, at=after)


def test_frozen_results_refuse(company, sheet):
    found = made(company, sheet)
    freeze(campaign=company.campaign, by=company.president, at=LATER)
    for move in (decided, lambda *_: take_back_appeal(appeal=found, by="command", at=LATER)):
        with refused("frozen"):
            move(company, found)
    with refused("frozen"):
        made(company, sheet)
    assert Appeal.objects.get().is_open


# --- on record, told, seen -----------------------------------------------------------------------


def test_every_move_is_on_record(company, sheet):
    found = made(company, sheet)
    decided(company, found, Outcome.REDUCED, points=D(1))
    verbs = [(entry.verb, entry.after) for entry in history_of(found)]
    assert verbs == [("decide_appeal", "reduced"), ("appeal", "open")]


def told(person):
    return list(Message.objects.filter(person=person).values_list("title", flat=True))


def test_the_center_is_told_at_once_but_not_who_saw_it(company, sheet):
    made(company, sheet)
    assert told(company.center) == ["新的申诉：锦澜府 · 客户服务 · I01 项目1"]
    assert told(company.auditor) == []


def test_where_all_the_center_saw_it_the_executives_are_told(company, sheet):
    Post.objects.filter(user=company.center).delete()
    made(company, sheet)
    assert len(told(company.executive)) == 1


def test_project_and_auditor_are_told_of_the_decision(company, sheet):
    decided(company, made(company, sheet), Outcome.REDUCED, points=D(1))
    title = "申诉决定：扣分由 1.5 改为 1.0，锦澜府 · 客户服务 · I01 项目1"
    for person in (company.manager, company.auditor):
        assert told(person) == [title]


def test_its_evidence_is_read_by_project_company_and_no_other(company, sheet):
    (file,) = made(company, sheet, files=[picture()]).files.all()
    readers = (company.manager, company.worker, company.center, company.auditor, company.lead)
    assert all(may_read(reader, file) for reader in readers)
    assert not may_read(company.other_manager, file)


# --- who may --------------------------------------------------------------------------------------


def deputy(company, **fields):
    return cast.person("deputy9", "丁红", "deputy_project_manager", project=company.one, **fields)


@pytest.mark.parametrize(
    "name", ["worker", "head", "other_manager", "center", "auditor", "lead", "president", "admin"]
)
def test_nobody_else_than_who_leads_the_project_appeals(company, sheet, name):
    assert company.manager.has_perm("inspections.appeal", sheet)
    assert not getattr(company, name).has_perm("inspections.appeal", sheet)


def test_a_deputy_within_the_specialties_in_charge(company, sheet):
    own = deputy(company, specialty=company.lines["customer_service"])
    assert own.has_perm("inspections.appeal", sheet)
    Post.objects.filter(user=own).update(specialty=company.lines["order"])
    assert not type(own).objects.get(pk=own.pk).has_perm("inspections.appeal", sheet)


@pytest.mark.parametrize(
    ("name", "may"),
    [("center", True), ("executive", True), ("auditor", False), ("president", False),
     ("lead", False), ("manager", False), ("other_manager", False), ("admin", False)],
)  # fmt: skip
def test_center_and_executives_decide_but_not_the_auditor(company, sheet, name, may):
    found = made(company, sheet)
    assert getattr(company, name).has_perm("inspections.decide_appeal", found) is may
    person = getattr(company, name)
    assert Appeal.objects.decidable_by(person).exists() is (name != "auditor")


def test_the_record_stays_sealed_and_verifies(company, sheet):
    decided(company, made(company, sheet), Outcome.REDUCED, points=D("0.4"))
    assert not list(check_sheets(company.campaign))
    Observation.objects.filter(kind=ObservationKind.DECIDED).update(points=D("0.1"))
    assert list(check_sheets(company.campaign))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda found: Appeal.objects.update(points=D("0.1")), "appeal_points"),
        (lambda found: Appeal.objects.update(outcome="withdrawn"), "appeal_points"),
        (lambda found: Appeal.objects.update(entry=None), "appeal_entry"),
        (lambda found: Appeal.objects.update(item=item(found.sheet, 2)), "appeal_entry"),
        (lambda found: Score.objects.update(open_objections=1), "open_appeals"),
    ],
)
def test_an_appeal_that_was_changed_behind_the_application_is_found(company, sheet, change, code):
    found = decided(company, made(company, sheet), Outcome.REDUCED, points=D("0.4"))
    assert not list(check_appeals(company.campaign))
    change(found)
    assert [each.code for each in check_appeals(company.campaign)] == [code]


def test_an_open_one_that_its_score_does_not_count_is_found(company, sheet):
    made(company, sheet)
    assert not list(check_appeals(company.campaign))
    Score.objects.update(open_objections=0)
    (difference,) = check_appeals(company.campaign)
    assert "1" in difference.said("zh-hans") and difference.said("en")
