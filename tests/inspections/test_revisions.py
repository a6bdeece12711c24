"""A filed plan is revised beside what is in force; filing brings only what was changed."""

from datetime import date, timedelta

import pytest

from inspections.finding.extensions import ask_extension, decide_extension
from inspections.models import Finding
from inspections.plan.plans import (
    add_finding,
    edit_finding,
    remove_finding,
    restore_finding,
    send_back_plan,
)
from inspections.plan.revisions import (
    discard_revision,
    file_revision,
    revise_plan,
    submit_revision,
)
from organization.errors import Conflict, Refused
from organization.history import history_of
from tests import cast
from tests.inspections.writing import LATER, filed, line, plan_of, submitted

THEN = LATER + timedelta(days=2)
SOON = THEN + timedelta(hours=2)


@pytest.fixture
def plan(company):
    return filed(company, line(company), line(company, problem="北门岗夜间脱岗"))


@pytest.fixture
def draft(company, plan):
    return revise_plan(plan=plan, reason="检查后补充", by=company.manager, at=THEN)


def amending(draft, problem):
    return draft.lines.get(problem=problem)


def change(company, draft, of="配电房缺少防小动物设施", **changes):
    found = amending(draft, of)
    return edit_finding(
        finding=found, revision=found.revision, changes=changes, by=company.manager, at=THEN
    )


def handed_in(company, draft):
    return submit_revision(draft=draft, by=company.manager, at=THEN)


def brought(company, draft, **more):
    return file_revision(draft=handed_in(company, draft), by=company.center, at=SOON, **more)


def settle(finding, moment="rectified_at"):
    setattr(finding, moment, THEN)
    finding.save()


# --- beginning


def test_a_revision_begins_with_every_line_in_force_and_moves_nothing(company, plan, draft):
    assert [each.problem for each in draft.lines.all()] == [
        "配电房缺少防小动物设施", "北门岗夜间脱岗",
    ]  # fmt: skip
    assert draft.state(at=THEN).code == "draft"
    assert plan.state(at=THEN).code == "filed"
    assert Finding.objects.opened().count() == 2
    assert plan.lines.count() == 2


def test_only_a_filed_plan_is_revised(company):
    for made in (plan_of(company), submitted(company, line(company, problem="又一条"))):
        with pytest.raises(Refused):
            revise_plan(plan=made, reason="补充", by=company.manager, at=THEN)


def test_a_reason_is_needed(company, plan):
    with pytest.raises(Refused) as refused:
        revise_plan(plan=plan, reason="  ", by=company.manager, at=THEN)
    assert refused.value.field == "reason"


def test_a_plan_is_revised_once_at_a_time(company, plan, draft):
    with pytest.raises(Refused) as refused:
        revise_plan(plan=plan, reason="再来", by=company.manager, at=THEN)
    assert refused.value.code == "under_way"
    discard_revision(draft=draft, reason="重来", by=company.manager, at=THEN)
    again = revise_plan(plan=plan, reason="再来", by=company.manager, at=THEN)
    assert again.number == 2


# --- writing


def test_a_line_is_edited_with_the_same_guarantees(company, draft):
    change(company, draft, measure="换新的挡鼠板")
    found = amending(draft, "配电房缺少防小动物设施")
    with pytest.raises(Conflict) as conflict:
        edit_finding(
            finding=found, revision=0, changes={"measure": "别的"}, by=company.manager, at=THEN
        )
    assert conflict.value.theirs.measure == "换新的挡鼠板"
    assert found.amends.measure == "加装挡鼠板，封堵电缆沟孔洞"


def test_a_line_that_is_new_in_the_revision_goes_without_a_trace_in_the_list(company, draft):
    new = add_finding(plan=draft, problem="写错了", by=company.manager, at=THEN)
    remove_finding(finding=new, by=company.manager, at=THEN)
    assert not draft.lines.filter(problem="写错了").exists()
    assert (
        history_of(draft).filter(verb="remove_finding").get().detail["line"]["problem"] == "写错了"
    )


def test_taking_out_a_line_in_force_needs_a_reason_and_can_be_taken_back(company, draft):
    found = amending(draft, "北门岗夜间脱岗")
    with pytest.raises(Refused) as refused:
        remove_finding(finding=found, by=company.manager, at=THEN)
    assert refused.value.field == "why"
    remove_finding(finding=found, reason="岗位已取消", by=company.manager, at=THEN)
    found.refresh_from_db()
    assert found.withdraw_reason == "岗位已取消"
    assert found.amends.withdrawn_at is None
    with pytest.raises(Refused):
        change(company, draft, "北门岗夜间脱岗", measure="改")
    restore_finding(finding=found, by=company.manager, at=THEN)
    assert change(company, draft, "北门岗夜间脱岗", measure="改").withdrawn_at is None


@pytest.mark.parametrize("moment", ["rectified_at", "verified_at"])
def test_what_is_rectified_keeps_its_problem_and_stays(company, plan, draft, moment):
    settle(plan.lines.get(problem="北门岗夜间脱岗"), moment)
    found = amending(draft, "北门岗夜间脱岗")
    with pytest.raises(Refused, match="已经整改，不能再改问题"):
        change(company, draft, "北门岗夜间脱岗", problem="别的")
    with pytest.raises(Refused, match="已经整改，不能撤销"):
        remove_finding(finding=found, reason="不要了", by=company.manager, at=THEN)
    assert change(company, draft, "北门岗夜间脱岗", measure="每晚查两次").measure == "每晚查两次"


# --- submitting and filing


def test_a_revision_that_changes_nothing_is_not_submitted(company, draft):
    with pytest.raises(Refused) as refused:
        handed_in(company, draft)
    assert refused.value.code == "same"


def test_an_incomplete_line_is_named(company, draft):
    add_finding(plan=draft, problem="只有问题", by=company.manager, at=THEN)
    with pytest.raises(Refused, match="第 3 条：来源"):
        handed_in(company, draft)


def test_filing_opens_what_is_new_changes_what_was_changed_withdraws_what_was_taken_out(
    company, plan, draft
):
    change(company, draft, measure="换不锈钢挡鼠板")
    new = add_finding(plan=draft, by=company.manager, at=THEN, **line(company, problem="新的问题"))
    remove_finding(
        finding=amending(draft, "北门岗夜间脱岗"), reason="岗位已取消", by=company.manager, at=THEN
    )
    brought(company, draft)
    assert [each.problem for each in plan.lines.opened()] == ["配电房缺少防小动物设施", "新的问题"]
    assert plan.lines.first().measure == "换不锈钢挡鼠板"
    assert plan.lines.get(pk=new.pk).opened_at == SOON
    gone = Finding.objects.on_record().get(withdrawn_at__isnull=False)
    assert (gone.withdraw_reason, gone.state(at=SOON).code) == ("岗位已取消", "withdrawn")
    entry = history_of(plan.lines.first()).filter(verb="revise_finding").get()
    assert entry.detail["new"] == {"measure": "换不锈钢挡鼠板"}
    assert history_of(gone).first().reason == "岗位已取消"


def test_filing_leaves_the_drafts_on_record_and_out_of_every_list(company, plan, draft):
    change(company, draft, measure="换新")
    brought(company, draft)
    assert draft.lines.count() == 2
    assert Finding.objects.opened().count() == 2
    assert not draft.lines.filter(opened_at__isnull=False).exists()


def test_an_extension_in_the_meantime_is_not_undone(company, plan, draft):
    extended = date(2011, 11, 24)
    finding = plan.lines.first()
    finding.due = extended
    finding.save()
    change(company, draft, measure="换新")
    handed_in(company, draft)
    later = date(2011, 11, 25)
    plan.lines.filter(pk=finding.pk).update(due=later)  # and once more during the review
    file_revision(draft=draft, by=company.center, at=SOON)
    finding.refresh_from_db()
    assert (finding.due, finding.measure) == (later, "换新")


def test_an_extension_that_was_granted_in_the_meantime_stands(company, plan, draft):
    finding, later = plan.lines.first(), date(2011, 11, 24)
    change(company, draft, measure="换新")
    asked = ask_extension(finding=finding, due=later, reason="等配件", by=company.worker, at=THEN)
    handed_in(company, draft)
    decide_extension(extension=asked, granted=True, by=company.center, at=THEN)
    file_revision(draft=draft, by=company.center, at=SOON)
    finding.refresh_from_db()
    assert (finding.due, finding.measure) == (later, "换新")
    assert finding.first_due == date(2011, 11, 20)


def test_a_date_that_the_revision_moves_keeps_the_first_one(company, plan, draft):
    change(company, draft, due=date(2011, 11, 24))
    brought(company, draft)
    finding = plan.lines.first()
    assert (finding.due, finding.first_due) == (date(2011, 11, 24), date(2011, 11, 20))


def test_a_date_that_the_revision_did_touch_counts_even_if_it_is_the_old_one(company, plan, draft):
    finding = plan.lines.first()
    first = finding.due
    plan.lines.filter(pk=finding.pk).update(due=date(2011, 11, 24))
    change(company, draft, due=first)
    brought(company, draft)
    finding.refresh_from_db()
    assert finding.due == first


def test_somebody_who_rectifies_during_the_review_stops_a_withdrawal(company, plan, draft):
    found = amending(draft, "北门岗夜间脱岗")
    remove_finding(finding=found, reason="不要了", by=company.manager, at=THEN)
    handed_in(company, draft)
    settle(found.amends)
    with pytest.raises(Refused, match="第 2 条：已经整改，不能撤销"):
        file_revision(draft=draft, by=company.center, at=SOON)
    send_back_plan(plan=draft, reason="已整改的保留", by=company.center, at=SOON)
    assert draft.is_editable


def test_who_submitted_does_not_file(company, draft):
    change(company, draft, measure="换新")
    handed_in(company, draft)
    with pytest.raises(Refused) as refused:
        file_revision(draft=draft, by=company.manager, at=SOON)
    assert refused.value.code == "own"


def test_a_returned_revision_is_improved_and_filed_and_each_round_is_a_version(
    company, plan, draft
):
    found = change(company, draft, measure="换新")
    handed_in(company, draft)
    send_back_plan(
        plan=draft, reason="写清楚", remarks={found.pk: "怎么换"}, by=company.center, at=THEN
    )
    change(company, draft, measure="全部换新，三天内完成")
    brought(company, draft, remarks={found.pk: "好"})
    versions = list(plan.versions.order_by("number"))
    assert [version.state.code for version in versions] == ["filed", "returned", "filed"]
    assert versions[1].return_reason == "写清楚"
    assert versions[1].remarks == {str(found.amends_id): "怎么换"}
    assert [version.findings[0]["measure"] for version in versions] == [
        "加装挡鼠板，封堵电缆沟孔洞", "换新", "全部换新，三天内完成",
    ]  # fmt: skip
    assert plan.lines.first().remark == "好"
    assert {each["id"] for each in versions[0].findings} == {
        each["id"] for each in versions[2].findings
    }


def test_a_stale_page_of_two_reviewers_is_a_conflict(company, draft):
    change(company, draft, measure="换新")
    handed_in(company, draft)
    seen = draft.revision
    send_back_plan(plan=draft, reason="再写", by=company.auditor, at=SOON, revision=seen)
    with pytest.raises(Conflict, match="何敏已在"):
        file_revision(draft=draft, by=company.center, at=SOON, revision=seen)


def test_who_is_newly_responsible_is_told(company, draft):
    change(company, draft, responsible=company.head)
    brought(company, draft)
    told = company.head.messages_received.get()
    assert "1 条问题由您整改" in told.title
    assert not company.worker.messages_received.filter(title__contains="修订").exists()


def test_a_discarded_revision_stays_readable_with_its_reason(company, plan, draft):
    change(company, draft, measure="换新")
    discard_revision(draft=draft, reason="情况有变", by=company.manager, at=THEN)
    assert draft.state(at=THEN).code == "discarded"
    assert draft.lines.first().measure == "换新"
    assert plan.lines.first().measure == "加装挡鼠板，封堵电缆沟孔洞"
    with pytest.raises(Refused):
        change(company, draft, measure="再改")
    with pytest.raises(Refused):
        discard_revision(draft=draft, reason="再来", by=company.manager, at=THEN)


def test_a_responsible_person_who_left_is_named(company, draft):
    change(company, draft, measure="换新")
    company.worker.posts.update(until=cast.NOW.date() - timedelta(days=400))
    with pytest.raises(Refused, match="已离开锦澜府"):
        handed_in(company, draft)
