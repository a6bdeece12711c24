from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from campaign.models import Evidence, Message, Milestone, Obligation, Reminder
from campaign.obligations import (
    MOVES,
    Tally,
    accept,
    attach_evidence,
    changes_since,
    hand_in_by_plan,
    meet_by_plan,
    send_back,
    send_back_by_plan,
    submit,
    tallies,
    withdraw_evidence,
    write_note,
)
from campaign.obstacles import missing_kinds
from campaign.words import VERBS, EvidenceKind, Scope
from organization.clock import end_of
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import StoredFile
from organization.roles import Role
from tests import cast
from tests.uploads import pdf, picture

DUE = date(2011, 10, 10)
AT = cast.moment(2011, 10, 10, 10)
LATER = cast.moment(2011, 10, 12, 10)


@pytest.fixture
def owed(company):
    """What the first project owes: minutes, a sign-in sheet and notes by 10 October."""
    return cast.obligation(cast.milestone(company.campaign), project=company.one)


@pytest.fixture
def of_company(company):
    milestone = cast.milestone(
        company.campaign, "company_kickoff", scope=Scope.COMPANY, evidence=["minutes"]
    )
    return cast.obligation(milestone)


@pytest.fixture
def of_president(company):
    """One of the company that the president approves."""
    milestone = cast.milestone(
        company.campaign,
        "policies",
        scope=Scope.COMPANY,
        evidence=["document"],
        approver=Role.PRESIDENT,
    )
    return cast.obligation(milestone)


@pytest.fixture
def by_plan(company):
    milestone = cast.milestone(
        company.campaign, "improvement_plan", evidence=["improvement_plan"], phase="self_check"
    )
    return cast.obligation(milestone, project=company.one)


def attach(obligation, by, kind=EvidenceKind.MINUTES, upload=None, at=AT, **more):
    upload = upload or (picture() if kind == EvidenceKind.PHOTO else pdf())
    return attach_evidence(obligation=obligation, upload=upload, kind=kind, by=by, at=at, **more)


def filled(obligation, by, at=AT):
    for kind in obligation.milestone.evidence:
        attach(obligation, by, kind, at=at)
    return obligation


def handed_in(obligation, by, at=AT):
    return submit(obligation=filled(obligation, by, at), by=by, at=at)


def code_of(function, **arguments):
    with pytest.raises(Refused) as refusal:
        function(**arguments)
    return refusal.value.code


def last(thing):
    return history_of(thing).first()


# Written material


def test_a_file_is_attached_with_its_kind_and_day_on_record(owed, company):
    evidence = attach(owed, company.manager, about=date(2011, 10, 9))
    assert (evidence.kind, evidence.about, evidence.added_by) == (
        "minutes",
        date(2011, 10, 9),
        company.manager,
    )
    entry = last(owed)
    assert (entry.verb, entry.by, entry.detail["kind"]) == (
        "attach_evidence",
        company.manager,
        "minutes",
    )
    assert entry.detail["name"] == evidence.file.name


def test_a_day_still_to_come_is_refused(owed, company):
    code = code_of(attach, obligation=owed, by=company.manager, about=date(2011, 10, 11))
    assert code == "about"
    assert not StoredFile.objects.exists()


def test_photos_have_to_be_pictures(owed, company):
    with pytest.raises(ValidationError):
        attach(owed, company.manager, EvidenceKind.PHOTO, pdf())
    assert attach(owed, company.manager, EvidenceKind.PHOTO).file.is_image


def test_the_same_file_twice_is_refused_and_leaves_nothing_behind(owed, company):
    upload = pdf()
    attach(owed, company.manager, upload=upload)
    upload.seek(0)
    assert code_of(attach, obligation=owed, by=company.manager, upload=upload) == "same_file"
    assert StoredFile.objects.count() == Evidence.objects.count() == 1


def test_after_submitting_nothing_is_attached_or_withdrawn(owed, company):
    by = company.manager
    handed_in(owed, by)
    assert code_of(attach, obligation=owed, by=by) == "waiting"
    evidence = owed.evidence.first()
    assert code_of(withdraw_evidence, evidence=evidence, by=by, at=AT) == "waiting"


def test_a_withdrawn_file_stays_on_record(owed, company):
    evidence = attach(owed, company.manager)
    withdraw_evidence(evidence=evidence, by=company.manager, at=LATER)
    evidence.refresh_from_db()
    assert (evidence.withdrawn_at, evidence.withdrawn_by) == (LATER, company.manager)
    assert last(owed).verb == "withdraw_evidence"
    assert EvidenceKind.MINUTES in missing_kinds(owed)


def test_a_file_is_withdrawn_once(owed, company):
    evidence = attach(owed, company.manager)
    withdraw_evidence(evidence=evidence, by=company.manager, at=AT)
    code = code_of(withdraw_evidence, evidence=evidence, by=company.manager, at=AT)
    assert code == "already"


def test_what_is_missing_comes_in_the_plans_order(owed, company):
    attach(owed, company.manager, EvidenceKind.SIGN_IN)
    assert missing_kinds(owed) == [EvidenceKind.MINUTES, EvidenceKind.NOTES]


def test_a_note_is_kept_and_the_old_one_is_on_record(owed, company):
    write_note(obligation=owed, note=" 因雨改期 ", by=company.manager, at=AT)
    changed = write_note(obligation=owed, note="", by=company.manager, at=AT)
    assert changed.note == ""
    assert last(owed).detail["old"] == "因雨改期"


def test_the_same_note_leaves_no_record(owed, company):
    write_note(obligation=owed, note="", by=company.manager, at=AT)
    assert not history_of(owed).exists()


# Handing in


def test_submitting_puts_it_before_the_center(owed, company):
    submitted = handed_in(owed, company.manager)
    assert submitted.state(at=AT).code == "waiting_review"
    assert (submitted.submitted_by, submitted.first_submitted_at) == (company.manager, AT)
    entry = last(owed)
    assert (entry.verb, entry.before, entry.after) == ("submit", "due_today", "waiting_review")


def test_submitting_without_a_kind_names_it(owed, company):
    attach(owed, company.manager, EvidenceKind.MINUTES)
    with pytest.raises(Refused, match="签到表、学习笔记") as refusal:
        submit(obligation=owed, by=company.manager, at=AT)
    assert refusal.value.code == "missing"


def test_submitting_twice_is_refused(owed, company):
    handed_in(owed, company.manager)
    assert code_of(submit, obligation=owed, by=company.manager, at=AT) == "waiting"


def test_the_companys_own_is_done_when_submitted(of_company, company):
    done = handed_in(of_company, company.center)
    assert (done.accepted_at, done.accepted_by) == (AT, company.center)
    assert last(of_company).after == "accepted"


def reviewable_by(person):
    return Obligation.objects.reviewable_by(person, Milestone.objects.all())


def test_where_the_president_approves_it_waits_for_him(of_president, company):
    waiting = handed_in(of_president, company.center)
    assert waiting.state(at=AT).code == "waiting_review"
    assert list(reviewable_by(company.president)) == [waiting]
    assert not reviewable_by(company.auditor).exists()
    accepted = accept(obligation=waiting, by=company.president, at=AT)
    assert accepted.accepted_by == company.president


# Reviewing


def test_accepting_is_on_record_and_told(owed, company):
    handed_in(owed, company.manager)
    accepted = accept(obligation=owed, by=company.center, at=LATER)
    assert (accepted.accepted_at, accepted.accepted_by) == (LATER, company.center)
    entry = last(owed)
    assert (entry.verb, entry.before, entry.after) == ("accept", "waiting_review", "accepted")
    message = Message.objects.get()
    assert message.person == company.manager
    assert message.title == "已通过：各项目召开动员会，正式启动"
    assert message.url == owed.get_absolute_url()


def test_the_owner_is_told_in_the_own_language(owed, company):
    company.manager.language = "en"
    company.manager.save()
    handed_in(owed, company.manager)
    accept(obligation=owed, by=company.center, at=AT)
    assert "Each project holds its kick-off meeting" in Message.objects.get().title


def test_a_return_keeps_the_reason_and_tells_the_owner(owed, company):
    handed_in(owed, company.manager)
    returned = send_back(obligation=owed, reason=" 缺 2 人签字 ", by=company.center, at=AT)
    assert returned.state(at=AT).code == "returned"
    assert (returned.return_reason, returned.returned_by) == ("缺 2 人签字", company.center)
    assert last(owed).reason == "缺 2 人签字"
    assert Message.objects.get().body == "缺 2 人签字"
    mail = Reminder.objects.get(channel="mail")
    assert (mail.person, mail.delivery) == (company.manager, "wanted")


def test_a_return_needs_a_reason(owed, company):
    handed_in(owed, company.manager)
    assert code_of(send_back, obligation=owed, reason=" ", by=company.center, at=AT) == "reason"


def test_a_returned_one_is_corrected_and_submitted_again(owed, company):
    handed_in(owed, company.manager)
    send_back(obligation=owed, reason="补签", by=company.center, at=AT)
    attach(owed, company.manager, EvidenceKind.SIGN_IN, at=LATER)
    again = submit(obligation=owed, by=company.manager, at=LATER)
    assert (again.first_submitted_at, again.submitted_at) == (AT, LATER)


def test_each_return_is_told(owed, company):
    for _ in range(2):
        if missing_kinds(owed):
            filled(owed, company.manager)
        submit(obligation=owed, by=company.manager, at=AT)
        send_back(obligation=owed, reason="补签", by=company.center, at=AT)
    assert Message.objects.count() == 2


def test_nobody_reviews_the_own_work(company):
    cast.post(company.center, Role.PROJECT_MANAGER, project=company.one)
    owed = cast.obligation(cast.milestone(company.campaign), project=company.one)
    handed_in(owed, company.center)
    by = {"by": company.center, "at": AT}
    assert code_of(accept, obligation=owed, **by) == "own_work"
    assert code_of(send_back, obligation=owed, reason="x", **by) == "own_work"
    assert not reviewable_by(company.center).exists()
    assert reviewable_by(company.auditor).get() == owed


def test_what_was_not_submitted_is_not_reviewed(owed, company):
    by = {"by": company.center, "at": AT}
    assert code_of(accept, obligation=owed, **by) == "open"
    assert code_of(send_back, obligation=owed, reason="x", **by) == "open"


def test_what_was_accepted_is_final(owed, company):
    handed_in(owed, company.manager)
    accept(obligation=owed, by=company.center, at=AT)
    assert code_of(accept, obligation=owed, by=company.auditor, at=AT) == "accepted"
    assert code_of(send_back, obligation=owed, reason="x", by=company.auditor, at=AT) == "accepted"
    assert code_of(attach, obligation=owed, by=company.manager) == "accepted"


# Two people at once


def test_a_stale_review_is_a_conflict_that_shows_what_happened(owed, company):
    seen = handed_in(owed, company.manager).revision
    accept(obligation=owed, by=company.center, at=AT, revision=seen)
    with pytest.raises(Conflict) as conflict:
        send_back(obligation=owed, reason="不清楚", by=company.auditor, at=LATER, revision=seen)
    assert conflict.value.theirs.accepted_by == company.center
    assert [entry.verb for entry in changes_since(conflict.value.theirs, seen)] == ["accept"]


def test_a_stale_page_neither_submits_nor_overwrites_a_note(owed, company):
    filled(owed, company.manager)
    seen = Obligation.objects.get().revision
    write_note(obligation=owed, note="我的", by=company.manager, at=AT, revision=seen)
    with pytest.raises(Conflict):
        write_note(obligation=owed, note="他的", by=company.manager, at=AT, revision=seen)
    with pytest.raises(Conflict):
        submit(obligation=owed, by=company.manager, at=AT, revision=seen)
    owed.refresh_from_db()
    assert (owed.note, owed.submitted_at) == ("我的", None)


def test_every_change_is_a_new_revision_on_record(owed, company):
    handed_in(owed, company.manager)
    accept(obligation=owed, by=company.center, at=AT)
    revisions = [entry.detail["revision"] for entry in history_of(owed)]
    owed.refresh_from_db()
    assert revisions == [5, 4, 3, 2, 1]
    assert owed.revision == 5


# The improvement plan's obligation


def test_it_takes_no_uploads_and_no_submission_of_its_own(by_plan, company):
    assert code_of(attach, obligation=by_plan, by=company.manager) == "by_plan"
    assert code_of(submit, obligation=by_plan, by=company.manager, at=AT) == "by_plan"
    assert missing_kinds(by_plan) == []


def test_the_filed_plan_meets_it(by_plan, company):
    met = meet_by_plan(obligation=by_plan, by=company.center, at=AT)
    assert (met.accepted_at, met.accepted_by) == (AT, company.center)
    assert last(by_plan).verb == "meet_by_plan"


def test_it_is_measured_on_the_day_the_plan_was_submitted(by_plan, company):
    hand_in_by_plan(obligation=by_plan, by=company.manager, at=AT)
    met = meet_by_plan(obligation=by_plan, by=company.center, at=LATER)
    assert met.days_late(at=LATER) == 0


def test_while_the_plan_waits_it_is_not_overdue_and_in_nobodys_queue(by_plan, company):
    waiting = hand_in_by_plan(obligation=by_plan, by=company.manager, at=AT)
    assert waiting.state(at=LATER).code == "waiting_review"
    assert not reviewable_by(company.center).exists()
    assert code_of(accept, obligation=waiting, by=company.center, at=AT) == "by_plan"


def test_a_plan_that_was_sent_back_opens_it_again(by_plan, company):
    hand_in_by_plan(obligation=by_plan, by=company.manager, at=AT)
    back = send_back_by_plan(obligation=by_plan, reason="措施太空", by=company.center, at=AT)
    assert back.is_open
    assert (last(by_plan).verb, last(by_plan).reason) == ("send_back", "措施太空")


def test_it_is_met_once_and_no_other_is(by_plan, owed, company):
    meet_by_plan(obligation=by_plan, by=company.center, at=AT)
    assert code_of(meet_by_plan, obligation=by_plan, by=company.center, at=AT) == "accepted"
    assert code_of(meet_by_plan, obligation=owed, by=company.center, at=AT) == "not_by_plan"


# Late (ruling 11)


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        (cast.moment(2011, 10, 10, 0, 0), 0),
        (cast.moment(2011, 10, 10, 23, 59), 0),
        (cast.moment(2011, 10, 11, 0, 0), 1),
        (cast.moment(2011, 10, 11, 23, 59), 1),
        (cast.moment(2011, 10, 12, 0, 0), 2),
    ],
)
@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")])
def test_a_deadline_ends_with_the_day_in_shanghai(owed, company, moment, late, zone):
    moment = moment.astimezone(zone)
    state = owed.state(at=moment)
    assert state.code == ("overdue" if late else "due_today")
    assert owed.days_late(at=moment) == late
    assert Obligation.objects.overdue(at=moment).exists() == bool(late)
    assert Obligation.objects.not_yet_due(at=moment).exists() == (not late)
    tally = tallies(Obligation.objects.all(), at=moment)[owed.milestone_id]
    assert (tally.late, tally.open) == ((1, 0) if late else (0, 1))


@given(minutes=st.integers(-3 * 24 * 60, 3 * 24 * 60))
def test_late_is_measured_on_the_submission_whenever_it_is_accepted(minutes):
    moment = (end_of(DUE) + timedelta(minutes=minutes)).astimezone(UTC)
    late = 0 if minutes < 0 else minutes // (24 * 60) + 1
    owed = Obligation(due=DUE, submitted_at=moment)
    assert owed.days_late(at=moment + timedelta(days=9)) == late
    owed.accepted_at = moment + timedelta(days=9)
    assert owed.state(at=owed.accepted_at).code == ("late" if late else "accepted")


# Counting


def test_the_tally_divides_what_there_is(company):
    milestone = cast.milestone(company.campaign)
    people = [company.manager, company.other_manager]
    for number in range(3, 7):
        one = cast.project(f"P0{number}", f"项目{number}")
        people.append(cast.person(f"pm0{number}", "经理", Role.PROJECT_MANAGER, project=one))
    done, waiting, returned, late, early, two = [
        cast.obligation(milestone, project=person.current_posts[0].project) for person in people
    ]
    handed_in(done, people[0])
    accept(obligation=done, by=company.center, at=AT)
    handed_in(waiting, people[1])
    handed_in(returned, people[2])
    send_back(obligation=returned, reason="x", by=company.center, at=AT)
    Obligation.objects.filter(pk__in=[early.pk, two.pk]).update(due=date(2011, 10, 20))
    tally = tallies(Obligation.objects.all(), at=LATER)[milestone.pk]
    assert tally == Tally(total=6, done=1, late=2, waiting=1, returned=1)
    assert (tally.open, tally.unfinished) == (2, 3)
    assert late.days_late(at=LATER) == 2


@pytest.mark.parametrize("size", [1, 5])
def test_the_tally_is_one_query(company, django_assert_num_queries, size):
    for number in range(size):
        cast.obligation(cast.milestone(company.campaign, f"m{number}"), project=company.one)
    with django_assert_num_queries(1):
        assert len(tallies(company.campaign.obligations.all(), at=AT)) == size


def test_every_move_has_a_name():
    assert MOVES.keys() <= VERBS.keys()
