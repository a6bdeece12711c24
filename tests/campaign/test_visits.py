"""On-site support: logged by the specialty, confirmed or objected to by the project."""

from datetime import date

import pytest

from campaign.models import Message, SupportVisit
from campaign.obligations import attach_evidence, send_back, submit
from campaign.obstacles import missing_kinds, obstacles
from campaign.visits import (
    MOVES,
    add_visit_file,
    confirm_visit,
    dispute_visit,
    edit_visit,
    log_visit,
    remove_visit_file,
    withdraw_visit,
)
from campaign.words import VERBS, Scope
from organization.errors import Conflict, Refused
from organization.files import may_read
from organization.history import history_of
from organization.models import StoredFile
from organization.roles import Role
from tests import cast
from tests.uploads import pdf, picture

AT = cast.moment(2011, 11, 10, 10)
LATER = cast.moment(2011, 11, 12, 10)
DAY = date(2011, 11, 9)


@pytest.fixture
def owed(company):
    milestone = cast.milestone(
        company.campaign,
        "on_site_support",
        scope=Scope.SPECIALTY,
        due=date(2011, 11, 20),
        evidence=["visit_log"],
        phase="rectify",
        owner=Role.SPECIALTY_LEAD,
    )
    return cast.obligation(milestone, specialty=company.lines["customer_service"])


@pytest.fixture
def visit(owed, company):
    return logged(owed, company)


def logged(owed, company, project=None, **facts):
    facts = {"day": DAY, "went": "孙浩、何敏", "found": "前台无值班表"} | facts
    project = project or company.one
    return log_visit(obligation=owed, project=project, **facts, by=company.lead, at=AT)


def code_of(function, *arguments, **named):
    with pytest.raises(Refused) as refusal:
        function(*arguments, **named)
    return refusal.value.code


def codes(owed):
    return [each.code for each in obstacles(owed)]


# Writing it down


def test_a_visit_is_put_before_the_projects_leaders(visit, company):
    assert visit.state().code == "waiting_confirm"
    entry = history_of(visit).get()
    assert (entry.verb, entry.by, entry.after) == ("log_visit", company.lead, "waiting_confirm")
    message = Message.objects.get()
    assert message.person == company.manager
    assert message.title == "请确认客户服务的现场督导：锦澜府 11月9日"
    assert message.url == visit.get_absolute_url()
    assert list(SupportVisit.objects.confirmable_by(company.manager)) == [visit]
    for other in (company.other_manager, company.worker, company.lead, company.center):
        assert not SupportVisit.objects.confirmable_by(other).exists()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"day": date(2011, 11, 11)}, "day"),
        ({"day": date(2011, 9, 24)}, "before"),
        ({"went": " "}, "empty"),
        ({"found": "\n"}, "empty"),
    ],
)
def test_what_cannot_be_right_is_refused_beside_its_field(owed, company, facts, code):
    with pytest.raises(Refused) as refusal:
        logged(owed, company, **facts)
    assert (refusal.value.code, refusal.value.field) == (code, *facts)
    assert not SupportVisit.objects.exists()


def test_a_project_that_takes_no_part_is_refused(owed, company):
    assert code_of(logged, owed, company, cast.project("P09", "别处")) == "project"


def test_the_same_again_is_refused(owed, visit, company):
    assert code_of(logged, owed, company) == "same_visit"
    assert logged(owed, company, found="又去了一次").pk


def test_an_obligation_that_asks_for_no_visits_takes_none(company):
    milestone = cast.milestone(company.campaign, "exam", scope=Scope.SPECIALTY)
    other = cast.obligation(milestone, specialty=company.lines["customer_service"])
    assert code_of(logged, other, company) == "no_visits"


# The project's word


def test_a_confirmed_visit_is_final_and_the_lead_is_told(visit, company):
    done = confirm_visit(visit=visit, by=company.manager, at=LATER)
    assert (done.confirmed_at, done.confirmed_by) == (LATER, company.manager)
    assert Message.objects.get(person=company.lead).title == "锦澜府已确认现场督导"
    known = {"visit": visit, "by": company.lead, "at": LATER}
    assert code_of(edit_visit, changes={"found": "x"}, **known) == "confirmed"
    assert code_of(withdraw_visit, **known) == "confirmed"
    again = {"visit": visit, "by": company.manager, "at": LATER}
    assert code_of(confirm_visit, **again) == "confirmed"
    assert code_of(dispute_visit, reason="x", **again) == "confirmed"


def test_an_objection_needs_a_reason_and_reaches_the_lead(visit, company):
    known = {"visit": visit, "by": company.manager, "at": LATER}
    assert code_of(dispute_visit, reason=" ", **known) == "reason"
    against = dispute_visit(reason=" 当天没有来 ", **known)
    assert against.state().code == "disputed"
    assert Message.objects.get(person=company.lead).body == "当天没有来"
    assert history_of(visit).first().reason == "当天没有来"


def test_a_correction_answers_the_objection_and_asks_the_project_again(visit, company):
    dispute_visit(visit=visit, reason="日期不对", by=company.manager, at=AT)
    changes = {"day": date(2011, 11, 8), "went": "孙浩", "found": "前台无值班表"}
    now = edit_visit(visit=visit, changes=changes, by=company.lead, at=LATER)
    assert now.state().code == "waiting_confirm"
    assert Message.objects.filter(person=company.manager).count() == 2
    assert history_of(visit).first().detail["old"]["day"] == "2011-11-09"


def test_the_project_may_confirm_what_it_objected_to(visit, company):
    dispute_visit(visit=visit, reason="记错了", by=company.manager, at=AT)
    assert confirm_visit(visit=visit, by=company.manager, at=LATER).confirmed_at


def test_an_unchanged_visit_leaves_no_record(visit, company):
    changes = {"day": visit.day, "went": visit.went, "found": visit.found}
    edit_visit(visit=visit, changes=changes, by=company.lead, at=LATER)
    assert history_of(visit).count() == 1


def test_nobody_confirms_what_they_logged(owed, company):
    cast.post(company.lead, Role.PROJECT_MANAGER, project=company.one)
    mine = logged(owed, company)
    known = {"visit": mine, "by": company.lead, "at": AT}
    assert code_of(confirm_visit, **known) == "own_work"
    assert code_of(dispute_visit, reason="x", **known) == "own_work"


def test_who_saw_an_older_visit_gets_a_conflict(visit, company):
    seen = visit.revision
    edit_visit(visit=visit, changes={"found": "改过"}, by=company.lead, at=AT)
    with pytest.raises(Conflict) as conflict:
        confirm_visit(visit=visit, by=company.manager, at=LATER, revision=seen)
    assert conflict.value.theirs.found == "改过"


def test_a_withdrawn_visit_stays_on_record_and_takes_no_move(visit, company):
    withdraw_visit(visit=visit, by=company.lead, at=AT)
    assert not SupportVisit.objects.standing().exists()
    assert SupportVisit.objects.get().withdrawn_by == company.lead
    assert code_of(confirm_visit, visit=visit, by=company.manager, at=AT) == "withdrawn"


# Photos


def test_photos_are_kept_once_and_read_by_both_sides(visit, company):
    upload = picture()
    kept = add_visit_file(visit=visit, upload=upload, by=company.lead, at=AT)
    upload.seek(0)
    known = {"visit": visit, "by": company.lead, "at": AT}
    assert code_of(add_visit_file, upload=upload, **known) == "same_file"
    assert StoredFile.objects.count() == 1
    assert may_read(company.manager, kept.file)
    assert may_read(company.center, kept.file)
    assert not may_read(company.other_manager, kept.file)


def test_a_photo_is_taken_away_once_and_stays_on_record(visit, company):
    kept = add_visit_file(visit=visit, upload=picture(), by=company.lead, at=AT)
    remove_visit_file(file=kept, by=company.lead, at=AT)
    assert code_of(remove_visit_file, file=kept, by=company.lead, at=AT) == "already"
    assert visit.files.get().removed_by == company.lead


# Handing in


def test_without_a_visit_the_log_is_missing_whatever_was_uploaded(owed, company):
    attach_evidence(obligation=owed, upload=pdf(), kind="visit_log", by=company.lead, at=AT)
    assert missing_kinds(owed) == ["visit_log"]
    with pytest.raises(Refused, match="还缺：现场督导记录"):
        submit(obligation=owed, by=company.lead, at=AT)


def test_visits_without_the_projects_word_are_named(owed, visit, company):
    two = logged(owed, company, company.two)
    dispute_visit(visit=two, reason="没来", by=company.other_manager, at=AT)
    assert codes(owed) == ["unconfirmed", "disputed"]
    with pytest.raises(Refused) as refusal:
        submit(obligation=owed, by=company.lead, at=AT)
    assert "等项目确认：锦澜府 11月9日。" in str(refusal.value)
    assert "项目有异议：翠屏苑 11月9日。" in str(refusal.value)


def test_many_of_them_are_named_in_part(owed, company):
    for number in range(7):
        logged(owed, company, found=f"第{number}次")
    assert str(obstacles(owed)[0]).endswith("等 7 次。")


def test_confirmed_visits_are_the_log(owed, visit, company):
    gone = logged(owed, company, company.two)
    withdraw_visit(visit=gone, by=company.lead, at=AT)
    confirm_visit(visit=visit, by=company.manager, at=AT)
    assert not obstacles(owed)
    assert submit(obligation=owed, by=company.lead, at=LATER).submitted_at == LATER


def test_while_it_waits_for_review_no_visit_changes(owed, visit, company):
    confirm_visit(visit=visit, by=company.manager, at=AT)
    submit(obligation=owed, by=company.lead, at=AT)
    assert code_of(logged, owed, company, company.two) == "waiting"
    send_back(obligation=owed, reason="缺一个项目", by=company.center, at=AT)
    assert logged(owed, company, company.two).pk


def test_every_move_has_a_name():
    assert MOVES.keys() <= VERBS.keys()
