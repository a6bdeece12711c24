"""Appeals (ruling 14): who contests what until when, who decides, what comes of it."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from inspections.appeal.appeals import run_window_from, take_back_appeal
from inspections.appeal.marks import Marks
from inspections.models import Appeal, Observation, ScoreSheet
from inspections.sheet import observations
from inspections.sheet.ledger import locked_ledger
from inspections.sheet.sheets import submit_sheet
from inspections.sheet.verifying import check_sheets
from inspections.words import ObservationKind, Outcome
from organization.clock import end_of
from organization.errors import Conflict, Refused
from organization.models import Post
from rewards.settlement import objections
from scoring.models import Score, ScoreLine
from scoring.opening import freeze, reopen
from scoring.results import rebuild
from tests.inspections import ruling
from tests.inspections.appealing import (
    AT,
    LATER,
    contested_sheet,
    decided,
    made,
    seen_on,
)
from tests.inspections.entering import (
    confirm_all,
    folded,
    item,
    missing,
    opened,
    score_of,
    standing_of,
)
from tests.inspections.writing import picture

D = Decimal


def refused(code, field=""):
    return pytest.raises(Refused, check=lambda r: r.code == code and r.field == field)


@pytest.fixture
def sheet(company):
    return contested_sheet(company)


# --- what comes of it ------------------------------------------------------------------------


def test_a_withdrawn_deduction_costs_nothing_and_moves_the_standing_at_once(company, sheet):
    assert standing_of(sheet).composite == D("98.50")
    decided(company, made(company, sheet))
    assert (score_of(sheet).kept, standing_of(sheet).composite) == (D(100), D("100.00"))
    assert not ScoreLine.objects.exists()


def test_a_reduced_one_costs_the_decided_amount_even_below_the_items_range(company, sheet):
    found = decided(company, made(company, sheet), Outcome.REDUCED, points=D("0.1"))
    assert score_of(sheet).kept == D("99.9")
    line = ScoreLine.objects.get()
    assert (line.points, line.observation) == (D("0.1"), found.entry_id)


def test_a_kept_one_costs_what_it_did(company, sheet):
    found = decided(company, made(company, sheet), Outcome.KEPT)
    assert (score_of(sheet).kept, found.points) == (D("98.5"), D("1.5"))


def test_the_decided_amount_replaces_all_that_was_seen_of_the_requirement(company):
    sheet = opened(company)
    missing(sheet, company.auditor, points="2")
    missing(sheet, company.lead, points="1.5")
    confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    found = made(company, sheet)
    assert (found.stood, found.contested.count()) == (D(2), 2)
    decided(company, found, Outcome.REDUCED, points=D("1"))
    assert score_of(sheet).kept == D(99)


def test_what_was_submitted_stays_on_record(company, sheet):
    before = list(sheet.observations.values())
    found = decided(company, made(company, sheet))
    after = sheet.observations.exclude(pk=found.entry_id)
    assert list(after.values()) == before
    assert found.entry.kind == ObservationKind.DECIDED
    assert seen_on(sheet).pk in folded(sheet).standing_ids


def test_the_list_of_sheets_shows_what_counts(company, sheet):
    decided(company, made(company, sheet))
    sheet.refresh_from_db()
    assert sheet.kept == D(100)


def test_all_results_made_again_come_out_the_same(company, sheet):
    decided(company, made(company, sheet), Outcome.REDUCED, points=D("0.7"))
    other = contested_sheet(company, specialty="order")
    made(company, other)
    rows = list(Score.objects.order_by("pk").values("kept", "open_objections"))
    assert rebuild(campaign=company.campaign, at=LATER) == 0
    assert list(Score.objects.order_by("pk").values("kept", "open_objections")) == rows
    assert sorted(row["open_objections"] for row in rows) == [0, 1]


# --- rules of other kinds ----------------------------------------------------------------------


@pytest.fixture
def ruled(company):
    """A sheet with a lost item, submitted."""
    sheet = ruling.opened(company)
    ruling.note(sheet, company.auditor, "R01", rule=ruling.LOST)
    ruling.note(sheet, company.auditor, "R01", line=1, points="2")
    confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    return sheet


def lost_item(sheet):
    return sheet.observations.filter(rule__isnull=False).first()


@pytest.mark.parametrize(
    ("outcome", "points", "kept"),
    [(Outcome.KEPT, None, "90"), (Outcome.REDUCED, "3", "95"), (Outcome.WITHDRAWN, None, "98")],
)
def test_of_a_lost_item_a_part_may_stay_lost(company, ruled, outcome, points, kept):
    found = made(company, ruled, observation=lost_item(ruled))
    assert found.stood == D(8)
    decided(company, found, outcome, points=points and D(points))
    assert score_of(ruled).kept == D(kept)


@pytest.mark.parametrize(
    ("outcome", "points", "kept"),
    [(Outcome.KEPT, None, "0"), (Outcome.REDUCED, "0.5", "0"), (Outcome.WITHDRAWN, None, "100")],
)
def test_a_critical_requirement_is_missing_until_it_is_withdrawn(company, outcome, points, kept):
    sheet = ruling.opened(company)
    ruling.note(sheet, company.auditor, "R04", line=1)
    confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    decided(company, made(company, sheet), outcome, points=points and D(points))
    assert score_of(sheet).kept == D(kept)


def test_an_item_as_a_whole_is_contested_by_itself(company):
    sheet = opened(company)
    about = {"sheet": sheet, "item": item(sheet), "requirement": None, "method": "open"}
    seen = observations.observe(
        id=uuid.uuid4(), points=D(3), by=company.auditor, at=AT, note="填好的表", **about
    )
    missing(sheet, company.auditor)
    confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    decided(company, made(company, sheet, observation=seen))
    assert score_of(sheet).kept == D("98.5")


# --- the window ------------------------------------------------------------------------------


def test_until_the_last_moment_of_the_windows_last_day(company, sheet):
    last = end_of((AT + timedelta(days=3)).date()) - timedelta(microseconds=1)
    assert made(company, sheet, at=last).made_at == last


def test_whoever_decides_has_a_day_also_after_the_windows_last_evening(company, sheet):
    last = end_of((AT + timedelta(days=3)).date()) - timedelta(microseconds=1)
    assert made(company, sheet, at=last).due == last.date() + timedelta(days=1)


def test_after_its_window_it_says_until_when_it_was_open(company, sheet):
    with refused("window") as refusal:
        made(company, sheet, at=end_of((AT + timedelta(days=3)).date()))
    assert "11月30日" in str(refusal.value)


def test_the_window_runs_from_what_moved_it(company, sheet):
    since = AT + timedelta(days=2)
    run_window_from(locked_ledger(sheet), at=since)
    last = end_of((since + timedelta(days=3)).date()) - timedelta(microseconds=1)
    assert [found.until for found in objections(company.campaign, at=last)] == [end_of(last.date())]
    assert Marks([sheet], company.manager, last).until(sheet) == last.date()
    assert made(company, sheet, at=last).due == last.date() + timedelta(days=1)
    assert rebuild(campaign=company.campaign, at=last) == 0
    assert not list(check_sheets(company.campaign))
    assert score_of(sheet).finished_at == AT


def test_an_open_sheet_and_a_self_check_are_not_contested(company):
    sheet = opened(company)
    seen = missing(sheet, company.auditor)
    with refused("not_submitted"):
        made(company, sheet, observation=seen)
    ScoreSheet.objects.update(kind="self", submitted_at=AT)
    with refused("not_submitted"):
        made(company, sheet, observation=Observation.objects.get(pk=seen.pk))


def test_what_costs_nothing_is_not_contested(company, sheet):
    passed = sheet.observations.filter(kind="conforms").first()
    with refused("no_deduction"):
        made(company, sheet, observation=passed)


def test_a_withdrawn_observation_is_not_contested(company):
    sheet = opened(company)
    gone = missing(sheet, company.auditor)
    observations.withdraw(observation=gone, by=company.auditor, at=AT)
    confirm_all(sheet, company.auditor)
    submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    with refused("no_deduction"):
        made(company, sheet, observation=gone)


@pytest.mark.parametrize(
    ("reason", "code"), [("", "blank"), (" \n", "blank"), ("长" * 1001, "long")]
)
def test_a_reason_is_needed_and_not_too_long(company, sheet, reason, code):
    with refused(code, "reason"):
        made(company, sheet, reason=reason, files=[picture()])
    assert not Appeal.objects.exists()


def test_one_appeal_of_one_deduction(company, sheet):
    first = made(company, sheet)
    with refused("appealed"):
        made(company, sheet)
    decided(company, first, Outcome.KEPT)
    with refused("appealed"):
        made(company, sheet)


def test_one_that_was_taken_back_may_be_made_again(company, sheet):
    found = made(company, sheet)
    take_back_appeal(appeal=found, by=company.manager, at=LATER)
    assert score_of(sheet).open_objections == 0
    assert made(company, sheet).is_open


# --- who decides -----------------------------------------------------------------------------


def test_never_the_auditor_of_one_of_the_observations(company, sheet):
    with refused("own"):
        decided(company, made(company, sheet), by=company.auditor)


def test_never_somebody_of_the_project(company, sheet):
    Post.objects.create(user=company.center, role="employee", project=company.one)
    with refused("own_project"):
        decided(company, made(company, sheet))


@pytest.mark.parametrize("points", [None, "0", "-1", "1.5", "2", "0.55", "NaN", "Infinity"])
def test_a_reduced_amount_is_more_than_nothing_less_than_before_and_in_tenths(
    company, sheet, points
):
    with refused("amount", "points"):
        decided(company, made(company, sheet), Outcome.REDUCED, points=points and D(points))
    assert score_of(sheet).kept == D("98.5")


def test_a_decision_needs_an_outcome_and_a_reason(company, sheet):
    found = made(company, sheet)
    with refused("outcome", "outcome"):
        decided(company, found, "perhaps")
    with refused("blank", "reason"):
        decided(company, found, reason=" ")
    assert Appeal.objects.get().is_open


def test_of_two_decisions_the_second_is_told_of_the_first(company, sheet):
    found = made(company, sheet)
    stale = Appeal.objects.get(pk=found.pk)
    decided(company, found, Outcome.KEPT)
    with pytest.raises(Conflict) as conflict:
        decided(company, stale, by=company.executive)
    assert "周婷" in str(conflict.value)
    with pytest.raises(Conflict):
        take_back_appeal(appeal=stale, by=company.manager, at=LATER)
    assert Observation.objects.filter(kind=ObservationKind.DECIDED).count() == 1


# --- late, for a correction ------------------------------------------------------------------


def test_a_correction_lets_it_be_contested_beyond_its_window(company, sheet):
    late = end_of((AT + timedelta(days=30)).date())
    asked = {"campaign": company.campaign, "by": company.president}
    freeze(at=AT + timedelta(days=10), **asked)
    with refused("frozen"):
        made(company, sheet, at=AT + timedelta(days=20))
    reopen(reason="补充申诉", appeals_until=late, at=AT + timedelta(days=15), **asked)
    assert made(company, sheet, at=late - timedelta(seconds=1)).pk
    with refused("window"):
        made(company, sheet, at=late)
