"""Signing a sheet (ruling 14): who signs what, what is kept of it, what comes of it."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from inspections.models import ScoreSheet, SignOff
from inspections.signing.content import content_of, mark_of, stands_in
from inspections.signing.drawing import drawing_of, path_of
from inspections.signing.reading import Reading
from inspections.signing.sign_off import Refusal, Signature, Who
from inspections.signing.verifying import check_sign_offs
from inspections.words import Outcome
from organization.clock import end_of
from organization.digests import fingerprint, loaded
from organization.errors import Conflict, Refused
from organization.history import history_of
from scoring.models import Item, Score
from scoring.opening import freeze
from tests.inspections.appealing import contested_sheet, decided, made
from tests.inspections.entering import confirm_all, missing, opened, score_of
from tests.inspections.signing import (
    AT,
    SIGNED,
    STROKES,
    WAVE,
    by_manager,
    drawn,
    refusal,
    signed,
)
from tests.queries import queries_of
from tests.uploads import picture


def refused(code, field=""):
    return pytest.raises(Refused, check=lambda r: r.code == code and r.field == field)


@pytest.fixture
def sheet(company):
    """Submitted, with a deduction of 1.5 points."""
    return contested_sheet(company)


@pytest.fixture
def looked_at(company):
    """The same, not submitted yet."""
    sheet = opened(company)
    missing(sheet, company.auditor, note="台账缺页", photos=[picture()])
    confirm_all(sheet, company.auditor)
    return sheet


# --- what is kept ----------------------------------------------------------------------------


def test_what_is_signed_is_kept_with_its_fingerprint(company, looked_at):
    found = signed(company, looked_at)
    assert found.fingerprint == fingerprint(found.content)
    what = Reading(loaded(found.content))
    (seen,) = what.sections[0].noted[0].deductions
    assert (what.kept, what.shown, seen.points) == (98.5, Decimal("98.5"), Decimal("1.5"))
    assert (seen.said["note"], seen.method) == ("台账缺页", "明查")
    assert len(seen.said["photos"][0]) == 64
    assert what.auditor.drawing["strokes"] == [[[float(v) for v in p] for p in s] for s in STROKES]
    assert (what.manager.name, what.manager.said["role"]) == ("陈立群", "project_manager")


def test_a_rubric_put_right_later_changes_nothing_of_what_was_signed(company, sheet):
    found = signed(company, sheet)
    Item.objects.update(name_zh_hans="别的")
    again = Reading(loaded(SignOff.objects.get(pk=found.pk).content))
    assert [item.name for item in again.sections[0].noted] == ["项目1"]


def test_signing_hands_the_sheet_in(company, looked_at):
    signed(company, looked_at)
    looked_at.refresh_from_db()
    assert (looked_at.submitted_at, looked_at.submitted_by) == (SIGNED, company.auditor)
    assert [e.verb for e in history_of(looked_at)][:2] == ["sheet_signed", "sheet_submitted"]
    assert score_of(looked_at).kept == Decimal("98.5")


def test_what_keeps_a_sheet_from_being_submitted_keeps_it_from_being_signed(company):
    sheet = opened(company)
    missing(sheet, company.auditor)
    with refused("not_looked_at"):
        signed(company, sheet)
    assert not SignOff.objects.exists() and not Score.objects.exists()


# --- the time to contest ---------------------------------------------------------------------


@pytest.mark.parametrize("signs", [by_manager, refusal])
def test_the_time_to_contest_runs_from_the_signature_or_the_refusal(company, sheet, signs):
    signed(company, sheet, manager=signs(company))
    until = end_of((SIGNED + timedelta(days=3)).date())
    assert (sheet.appeal_from, score_of(sheet).objections_until) == (SIGNED, until)
    assert made(company, sheet, at=until - timedelta(seconds=1)).pk


def test_where_nobody_signs_it_runs_from_the_submission(sheet):
    assert score_of(sheet).objections_until == end_of((AT + timedelta(days=3)).date())


def test_an_open_appeal_goes_on_waiting(company, sheet):
    made(company, sheet)
    signed(company, sheet)
    assert score_of(sheet).open_objections == 1


def test_what_an_appeal_decides_leaves_the_signed_one_as_it_was(company, sheet):
    found = signed(company, sheet)
    decided(company, made(company, sheet), Outcome.WITHDRAWN)
    found.refresh_from_db()
    assert Reading(loaded(found.content)).kept == Decimal("98.5")
    assert score_of(sheet).kept == 100


# --- a refusal -------------------------------------------------------------------------------


def test_a_refusal_is_kept_with_its_reason(company, sheet):
    found = signed(company, sheet, manager=refusal(company))
    assert (found.refused, found.manager) == (True, company.manager)
    assert Reading(loaded(found.content)).manager.reason == "扣分没有依据。"
    entry = history_of(sheet).first()
    assert (entry.verb, entry.reason) == ("sheet_sign_refused", "扣分没有依据。")


@pytest.mark.parametrize(("reason", "code"), [("  ", "blank"), ("长" * 1001, "long")])
def test_a_refusal_needs_a_reason_of_a_length_to_read(company, sheet, reason, code):
    with refused(code, "reason"):
        signed(company, sheet, manager=refusal(company, reason))


# --- who signs -------------------------------------------------------------------------------


def test_somebody_without_an_account_signs_by_name(company, sheet):
    who = Who(name=" 周工 ", position="外包主管")
    found = signed(company, sheet, manager=by_manager(company, who=who))
    mark = Reading(loaded(found.content)).manager
    assert (found.manager, found.manager_name, mark.role) == (None, "周工", "外包主管")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (lambda company: Who(), "nobody"),
        (lambda company: Who(name="长" * 61), "long"),
        (lambda company: Who(person=company.center), "no_post"),
        (lambda company: Who(person=company.auditor), "same_person"),
    ],
)
def test_nobody_else_signs_for_the_project(company, sheet, who, code):
    for manager in (by_manager(company, who=who(company)), Refusal("不同意", who(company))):
        with refused(code, "who"):
            signed(company, sheet, manager=manager)


def test_the_own_name_typed_counts_as_signed(company, sheet):
    typed = Signature(typed="陈 立群", agreed=True, who=Who(person=company.manager))
    found = signed(company, sheet, manager=typed)
    assert Reading(loaded(found.content)).manager.said["typed"] == "陈 立群"


@pytest.mark.parametrize(
    ("typed", "agreed", "code"),
    [("", True, "unsigned"), ("别人", True, "typed_name"), ("陈立群", False, "agreed")],
)
def test_a_typed_name_has_to_be_the_own_one_and_agreed_to(company, sheet, typed, agreed, code):
    mark = by_manager(company, drawing=None, typed=typed, agreed=agreed)
    with refused(code, "manager"):
        signed(company, sheet, manager=mark)


def test_the_auditor_signs_too(company, sheet):
    with refused("unsigned", "auditor"):
        signed(company, sheet, auditor=Signature())


# --- once, and what they saw -----------------------------------------------------------------


def test_the_same_once_more_returns_what_is_on_record(company, sheet):
    found = signed(company, sheet)
    assert signed(company, sheet, at=SIGNED + timedelta(hours=1)) == found
    with refused("signed"):
        signed(company, sheet, manager=refusal(company))
    assert SignOff.objects.count() == 1


def test_a_sheet_that_changed_meanwhile_names_what_changed(company, looked_at):
    seen = mark_of(content_of(looked_at))

    missing(looked_at, company.auditor, number=2)
    with pytest.raises(Conflict, match="I02 项目2") as conflict:
        signed(company, looked_at, seen=seen)
    assert "I01" not in str(conflict.value)
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("seen", ["", "{}", "[1]", "null", '{"all": 1, "items": 7}'])
def test_who_did_not_say_what_they_saw_did_not_see_it(company, sheet, seen):
    with pytest.raises(Conflict):
        signed(company, sheet, seen=seen)


# --- when it is not signed -------------------------------------------------------------------


def test_frozen_results_are_not_signed(company, sheet):
    freeze(campaign=company.campaign, by=company.president, at=AT)
    with refused("frozen"):
        signed(company, sheet)


def test_a_closed_campaign_is_not_signed(company, sheet):
    company.campaign.closed_at = AT
    company.campaign.save()
    sheet = ScoreSheet.objects.get(pk=sheet.pk)
    with refused("closed"):
        signed(company, sheet)


def test_a_self_check_is_not_signed(company, sheet):
    ScoreSheet.objects.update(kind="self")
    sheet = ScoreSheet.objects.get(pk=sheet.pk)
    with refused("self_check"):
        signed(company, sheet)


# --- strokes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"strokes": []},
        {"strokes": [[]]},
        {"strokes": [[[0, 0, 0], [9000, 0, 1]]]},
        {"strokes": [[[0, 0, -1], [90, 0, 1]]]},
        {"strokes": [[[0, 0], [90, 0]]]},
        {"strokes": [[["M0 0", 0, 0], [90, 0, 1]]]},
        {"width": 0},
        {"path": "M0 0"},
    ],
)
def test_what_is_no_drawing_is_refused(change):
    with refused("drawing", "manager"):
        drawing_of(json.dumps(WAVE | change), field="manager")


@pytest.mark.parametrize(
    "stroke",
    [[[1, 1, 0]], [[1, 1, 0], [2, 2, 5]], [[n % 300, 0, n] for n in range(5001)]],
    ids=["a tap", "a dot", "too long"],
)
@pytest.mark.parametrize("side", ["auditor", "manager"])
def test_a_drawing_that_is_no_signature_is_refused(company, sheet, side, stroke):
    mark = {"drawing": drawn(strokes=[stroke])}
    sides = {"auditor": Signature(**mark), "manager": by_manager(company, **mark)}
    with refused("drawing", side):
        signed(company, sheet, **{side: sides[side]})
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("text", ["{", "[]", "null", "1" * 200_001, '{"width": NaN}'])
def test_what_is_no_drawing_at_all_is_refused(text):
    with refused("drawing"):
        drawing_of(text)


def test_an_empty_field_is_no_drawing():
    assert drawing_of("") is None


def test_our_picture_of_a_stroke_has_no_corners():
    assert path_of(STROKES[1]) == "M40 60h0.1"
    assert path_of(STROKES[0]) == "M10 20Q10 20 35.2 25Q60.5 30 90.2 27.5L120 25"
    assert drawn().kept["box"] == "4 14 122 52"


# --- on record -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"content": "{}"}, "sign_off_content"),
        ({"refused": True}, "sign_off_columns"),
        ({"manager_name": "别人"}, "sign_off_columns"),
        ({"made_at": AT}, "sign_off_columns"),
    ],
)
def test_what_was_changed_behind_the_application_is_found(company, sheet, change, code):
    signed(company, sheet)
    assert not list(check_sign_offs(company.campaign))
    SignOff.objects.update(**change)
    assert [each.code for each in check_sign_offs(company.campaign)] == [code]


def test_more_observations_ask_no_more_questions(company, looked_at):

    def asked():
        sheet = ScoreSheet.objects.select_related("campaign__results").get(pk=looked_at.pk)
        return queries_of(lambda: content_of(sheet))

    few = asked()
    for line in (1, 2):
        missing(looked_at, company.auditor, number=3, line=line, photos=[picture()])
    assert asked() == few


def test_what_a_device_worked_out_without_a_network_is_checked_by_what_stands(company, looked_at):
    shown = json.dumps(stands_in(content_of(looked_at)))
    missing(looked_at, company.center, 2, points="0.5")
    looked_at = ScoreSheet.objects.get(pk=looked_at.pk)
    with pytest.raises(Conflict, match="I02"):
        signed(company, looked_at, seen=shown)
    shown = json.dumps(stands_in(content_of(looked_at)))
    assert signed(company, looked_at, seen=shown).fingerprint


@pytest.mark.parametrize("seen", ['{"stands": 1}', '{"stands": {}}', '{"stands": [["I01"]]}', "[]"])
def test_a_mark_that_is_none_is_a_conflict(company, looked_at, seen):
    with pytest.raises(Conflict):
        signed(company, looked_at, seen=seen)
