"""The improvement plan's way, by its functions."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.models import Message
from inspections.models import Finding
from inspections.plan.lines import is_outside, people_of, rectification_phase
from inspections.plan.past import offered, pull
from inspections.plan.plans import (
    add_finding,
    draft_plan,
    edit_finding,
    file_plan,
    gaps,
    remove_finding,
    send_back_plan,
    submit_plan,
)
from inspections.words import Source
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import Post
from tests import cast
from tests.inspections.writing import (
    AT,
    LATER,
    filed,
    finding_of,
    line,
    next_year,
    plan_of,
    rectified,
    submitted,
)


def owed(company, *, due=date(2011, 10, 18)):
    milestone = cast.milestone(
        company.campaign,
        "improvement_plan",
        due=due,
        evidence=["improvement_plan"],
        phase="self_check",
    )
    return cast.obligation(milestone, project=company.one)


# --- writing


def test_a_plan_is_begun_once(company):
    first = plan_of(company)
    again = draft_plan(campaign=company.campaign, project=company.one, by=company.manager, at=AT)
    assert again == first
    assert [entry.verb for entry in history_of(first)] == ["draft_plan"]


def test_a_project_that_takes_no_part_writes_no_plan(company):
    apart = cast.project("P09", "别处")
    with pytest.raises(Refused) as refused:
        draft_plan(campaign=company.campaign, project=apart, by="command", at=AT)
    assert refused.value.code == "no_part"


@pytest.mark.parametrize(
    ("field", "code"), [("started_at", "not_started"), ("closed_at", "closed")]
)
def test_plans_are_written_while_the_campaign_runs(company, field, code):
    setattr(company.campaign, field, None if field == "started_at" else AT)
    company.campaign.save()
    with pytest.raises(Refused) as refused:
        plan_of(company)
    assert refused.value.code == code


def test_a_line_needs_only_its_problem(company):
    plan = plan_of(company, {"problem": "  大堂石材发暗 "})
    found = plan.findings.get()
    assert found.problem == "大堂石材发暗"
    assert found.missing_fields() == ["source", "specialty", "measure", "responsible", "due"]
    assert history_of(found).get().verb == "add_finding"


def test_a_line_without_a_problem_is_refused(company):
    with pytest.raises(Refused) as refused:
        plan_of(company, {"problem": "  "})
    assert refused.value.field == "problem"


def test_the_same_line_sent_twice_is_one_line(company):
    plan, id = plan_of(company), uuid.uuid4()
    for _ in range(2):
        add_finding(plan=plan, id=id, problem="垃圾中转间异味", by=company.manager, at=AT)
    assert plan.findings.filter(problem="垃圾中转间异味").count() == 1


def test_lines_keep_the_order_in_which_they_were_written(company):
    plan = plan_of(company, *({"problem": f"问题{n}"} for n in range(3)))
    assert [each.problem for each in plan.findings.all()] == ["问题0", "问题1", "问题2"]


def test_an_edit_changes_what_it_names_and_nothing_else(company):
    found = plan_of(company).findings.get()
    edited = edit_finding(
        finding=found, revision=0, changes={"measure": "换新"}, by=company.manager, at=AT
    )
    assert (edited.measure, edited.problem, edited.revision) == ("换新", found.problem, 1)
    entry = history_of(found).first()
    assert entry.detail["old"]["measure"] == "加装挡鼠板，封堵电缆沟孔洞"
    assert entry.detail["new"] == {"measure": "换新"}


def test_an_edit_that_changes_nothing_leaves_no_trace(company):
    found = plan_of(company).findings.get()
    same = edit_finding(
        finding=found,
        revision=99,
        changes={"problem": found.problem + " "},
        by=company.manager,
        at=AT,
    )
    assert same.revision == 0
    assert history_of(found).count() == 1


def test_a_stale_edit_is_shown_how_the_line_stands(company):
    found = plan_of(company).findings.get()
    edit_finding(finding=found, revision=0, changes={"measure": "甲"}, by=company.manager, at=AT)
    with pytest.raises(Conflict) as conflict:
        edit_finding(finding=found, revision=0, changes={"measure": "乙"}, by=company.head, at=AT)
    assert conflict.value.theirs.measure == "甲"
    assert conflict.value.theirs.revision == 1


def test_an_edit_of_a_removed_line_says_so(company):
    found = plan_of(company).findings.get()
    remove_finding(finding=found, by=company.manager, at=AT)
    with pytest.raises(Refused) as refused:
        edit_finding(finding=found, revision=0, changes={"measure": "乙"}, by=company.head, at=AT)
    assert refused.value.code == "gone"


def test_a_day_before_the_campaign_is_refused_at_its_field(company):
    found = plan_of(company).findings.get()
    with pytest.raises(Refused) as refused:
        edit_finding(
            finding=found, revision=0, changes={"due": date(2011, 9, 24)}, by=company.manager, at=AT
        )
    assert refused.value.field == "due"
    assert "2011年9月25日" in str(refused.value)


def test_a_day_outside_the_phase_is_flagged_only(company):
    phase = rectification_phase(company.campaign)
    assert not is_outside(phase, date(2011, 11, 25))
    assert is_outside(phase, date(2011, 11, 26))
    plan = plan_of(company, line(company, due=date(2011, 12, 24)))
    assert submit_plan(plan=plan, by=company.manager, at=AT).submitted_at == AT


@pytest.mark.parametrize("who", ["other_manager", "center"])
def test_only_the_projects_own_people_can_be_responsible(company, who):
    with pytest.raises(Refused) as refused:
        plan_of(company, line(company, responsible=getattr(company, who)))
    assert (refused.value.field, refused.value.code) == ("responsible", "bad_responsible")


def test_who_has_left_can_not_be_responsible(company):
    Post.objects.filter(user=company.worker).update(until=date(2011, 10, 1))
    with pytest.raises(Refused, match="马超已离开锦澜府"):
        plan_of(company, line(company))


def test_people_are_offered_highest_first(company):
    Post.objects.filter(user=company.worker).update(until=date(2011, 10, 1))
    assert people_of(company.one) == [
        (company.manager, "项目经理"),
        (company.head, "客服部 部门主任"),
    ]


def test_a_removed_line_stays_readable_in_the_history(company):
    plan = plan_of(company)
    remove_finding(finding=plan.findings.get(), revision=0, by=company.manager, at=AT)
    assert not plan.findings.exists()
    assert history_of(plan).first().detail["line"]["problem"] == "配电房缺少防小动物设施"


def test_removing_twice_does_no_harm(company):
    plan = plan_of(company)
    found = plan.findings.get()
    for _ in range(2):
        remove_finding(finding=found, by=company.manager, at=AT)
    assert history_of(plan).filter(verb="remove_finding").count() == 1


def test_a_line_that_somebody_just_changed_is_not_removed_unseen(company):
    found = plan_of(company).findings.get()
    edit_finding(finding=found, revision=0, changes={"measure": "甲"}, by=company.head, at=AT)
    with pytest.raises(Conflict):
        remove_finding(finding=found, revision=0, by=company.manager, at=AT)


def test_a_submitted_plan_is_not_written_any_more(company):
    plan = submitted(company)
    found = plan.findings.get()
    for move in (
        lambda: add_finding(plan=plan, problem="又一条", by=company.manager, at=AT),
        lambda: edit_finding(
            finding=found, revision=0, changes={"measure": "乙"}, by=company.manager, at=AT
        ),
        lambda: remove_finding(finding=found, by=company.manager, at=AT),
    ):
        with pytest.raises(Refused) as refused:
            move()
        assert refused.value.code == "waiting_review"


# --- completeness


TEXTS = {"problem", "measure"}
EMPTY = {"source": "", "specialty": None, "responsible": None, "due": None}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(st.sets(st.sampled_from(Finding.REQUIRED)), min_size=1, max_size=4).filter(any),
    blank=st.sampled_from(["", "  ", "\n"]),
)
def test_no_plan_with_a_gap_can_be_submitted(company, lines, blank):
    Finding.objects.all().delete()
    plan = plan_of(company, *({"problem": "x"} for _ in lines))
    for found, missing in zip(plan.findings.all(), lines, strict=True):
        gone = {name: blank if name in TEXTS else EMPTY[name] for name in missing}
        edit_finding(
            finding=found, revision=0, changes=line(company) | gone, by=company.manager, at=AT
        )
    with pytest.raises(Refused) as refused:
        submit_plan(plan=plan, by=company.manager, at=AT)
    assert refused.value.code == "incomplete"
    assert not plan.versions.exists()
    assert {gap.number for gap in gaps(plan)} == {n for n, gone in enumerate(lines, 1) if gone}


def test_the_gaps_name_line_and_field(company):
    plan = plan_of(company, line(company), line(company, responsible=None, due=None))
    assert [str(gap) for gap in gaps(plan)] == ["第 2 条：责任人、期限"]


def test_a_plan_without_findings_is_not_submitted(company):
    plan = draft_plan(campaign=company.campaign, project=company.one, by=company.manager, at=AT)
    with pytest.raises(Refused) as refused:
        submit_plan(plan=plan, by=company.manager, at=AT)
    assert refused.value.code == "empty"


def test_a_responsible_person_who_left_meanwhile_is_a_gap(company):
    plan = plan_of(company)
    Post.objects.filter(user=company.worker).update(until=date(2011, 10, 16))
    with pytest.raises(Refused, match="马超已离开锦澜府"):
        submit_plan(plan=plan, by=company.manager, at=AT)


# --- submitting and reviewing


def test_each_submission_is_kept_as_it_was(company):
    plan = submitted(company)
    send_back_plan(plan=plan, reason="措施太笼统", by=company.center, at=LATER)
    edit_finding(
        finding=plan.findings.get(),
        revision=0,
        changes={"measure": "换新"},
        by=company.manager,
        at=LATER,
    )
    submit_plan(plan=plan, by=company.manager, at=LATER)
    newest, first = plan.versions.all()
    assert (first.number, first.findings[0]["measure"]) == (1, "加装挡鼠板，封堵电缆沟孔洞")
    assert (newest.number, newest.findings[0]["measure"]) == (2, "换新")
    assert newest.findings[0]["responsible"] == "emp01"


def test_a_plan_is_submitted_once(company):
    plan = submitted(company)
    with pytest.raises(Refused) as refused:
        submit_plan(plan=plan, by=company.manager, at=LATER)
    assert refused.value.code == "waiting_review"
    assert plan.versions.count() == 1


def test_filing_opens_the_findings_and_leaves_a_record(company):
    plan = filed(company)
    found = plan.findings.get()
    assert found.opened_at == plan.filed_at == LATER
    assert history_of(found).first().verb == "open_finding"
    entry = history_of(plan).first()
    assert (entry.verb, entry.before, entry.after) == ("file_plan", "waiting_review", "filed")


def test_filing_meets_the_obligation_as_of_the_submission(company):
    obligation = owed(company)
    filed(company)
    obligation.refresh_from_db()
    assert (obligation.submitted_at, obligation.accepted_at) == (AT, LATER)
    assert obligation.days_late(at=LATER + timedelta(days=30)) == 0


def test_a_returned_plan_is_owed_again(company):
    obligation = owed(company)
    send_back_plan(plan=submitted(company), reason="太少", by=company.center, at=LATER)
    obligation.refresh_from_db()
    assert (obligation.submitted_at, obligation.return_reason) == (None, "太少")


def test_other_obligations_are_none_of_the_plans_business(company):
    kickoff = cast.obligation(cast.milestone(company.campaign), project=company.one)
    filed(company)
    kickoff.refresh_from_db()
    assert kickoff.submitted_at is None


def test_filing_tells_the_responsible_people_and_the_leaders(company):
    filed(company, line(company), line(company), line(company, responsible=company.head))
    told = {(each.person, each.title) for each in Message.objects.all()}
    assert told == {
        (company.worker, "锦澜府有 2 条问题由您整改"),
        (company.head, "锦澜府有 1 条问题由您整改"),
        (company.manager, "锦澜府的实施方案已备案"),
    }


def test_nobody_files_what_they_submitted(company):
    with pytest.raises(Refused) as refused:
        file_plan(plan=submitted(company), by=company.manager, at=LATER)
    assert refused.value.code == "own"


def test_a_return_keeps_reason_and_remarks_with_the_lines(company):
    plan = submitted(company, line(company), line(company))
    first, second = plan.findings.all()
    send_back_plan(
        plan=plan,
        reason=" 设施设备问题偏少 ",
        remarks={second.pk: " 写明频次 "},
        by=company.center,
        at=LATER,
    )
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.remark, second.remark) == ("", "写明频次")
    assert plan.return_reason == "设施设备问题偏少"
    assert plan.state(at=LATER).code == "returned"
    message = Message.objects.get(person=company.manager)
    assert (message.title, message.body) == ("锦澜府的实施方案被退回", "设施设备问题偏少")


def test_a_return_needs_a_reason(company):
    plan = submitted(company)
    with pytest.raises(Refused) as refused:
        send_back_plan(plan=plan, reason="  ", by=company.center, at=LATER)
    assert refused.value.field == "reason"
    plan.refresh_from_db()
    assert plan.submitted_at == AT


def test_a_remark_on_a_line_that_is_not_there_is_refused_whole(company):
    plan = submitted(company)
    with pytest.raises(Refused):
        send_back_plan(
            plan=plan, reason="x", remarks={uuid.uuid4(): "?"}, by=company.center, at=LATER
        )
    plan.refresh_from_db()
    assert plan.returned_at is None


@pytest.mark.parametrize("move", [file_plan, send_back_plan])
def test_only_a_submitted_plan_is_reviewed(company, move):
    more = {"reason": "x"} if move is send_back_plan else {}
    with pytest.raises(Refused) as refused:
        move(plan=plan_of(company), by=company.center, at=LATER, **more)
    assert refused.value.code == "draft"


def test_of_two_reviewers_the_second_is_told_what_the_first_did(company):
    plan = submitted(company)
    send_back_plan(plan=plan, reason="太少", revision=1, by=company.center, at=LATER)
    with pytest.raises(Conflict, match="周婷已在 2011年10月17日 周一 12:00 退回了这份方案"):
        file_plan(plan=plan, revision=1, by=company.auditor, at=LATER)
    assert not Finding.objects.opened().exists()


def test_a_plan_submitted_again_while_it_is_being_returned(company):
    plan = submitted(company)
    send_back_plan(plan=plan, reason="太少", by=company.center, at=LATER)
    submit_plan(plan=plan, by=company.manager, at=LATER)
    with pytest.raises(Conflict):
        send_back_plan(plan=plan, revision=1, reason="太少", by=company.auditor, at=LATER)
    plan.refresh_from_db()
    assert plan.state(at=LATER).code == "waiting_review"


# --- taking up what was found before


def test_earlier_findings_are_offered_until_they_are_taken(company):
    past = rectified(company)
    later = next_year(company)
    plan = draft_plan(campaign=later, project=company.one, by=company.manager, at=cast.NOW)
    (offer,) = offered(plan)
    assert (offer.problem, offer.source) == (past.problem, Source.LEFTOVER)
    taken = pull(plan=plan, key=offer.key, by=company.manager, at=cast.NOW)
    assert (taken.origin, taken.specialty, taken.measure) == (past, past.specialty, "")
    assert offered(plan) == []
    with pytest.raises(Refused):
        pull(plan=plan, key=offer.key, by=company.manager, at=cast.NOW)


def test_nothing_of_another_project_or_of_this_campaign_is_offered(company):
    finding_of(company)
    later = next_year(company)
    own = draft_plan(campaign=company.campaign, project=company.one, by=company.manager, at=AT)
    others = draft_plan(campaign=later, project=company.two, by=company.manager, at=cast.NOW)
    assert offered(own) == offered(others) == []
