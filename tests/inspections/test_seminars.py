"""A seminar's way: every problem needs a solution before it is closed."""

import uuid
from datetime import date

import pytest

from campaign.obligations import attach_evidence
from campaign.words import Scope
from inspections.handing_in import hand_in_solutions
from inspections.learning.seminar_screen import candidates_of
from inspections.learning.seminars import (
    MOVES,
    add_problem,
    check,
    close_seminar,
    edit_problem,
    edit_seminar,
    hold_seminar,
    link_findings,
    remove_problem,
    reopen_seminar,
    unlink_finding,
)
from inspections.models import Seminar
from organization.errors import Conflict, Refused
from organization.history import history_of
from tests import cast
from tests.inspections.learning import AT, DAY, NEXT, closed_seminar, seminar_of
from tests.inspections.writing import finding_of
from tests.uploads import pdf


def solve(problem, company, revision=0, **changes):
    return edit_problem(problem=problem, revision=revision, changes=changes, by=company.lead, at=AT)


def obligation(company, specialty="customer_service"):
    stone = cast.milestone(
        company.campaign, "specialty_seminar", scope=Scope.SPECIALTY, phase="rectify",
        due=date(2011, 11, 5), evidence=("minutes", "solutions"),
    )  # fmt: skip
    return cast.obligation(stone, specialty=company.lines[specialty])


def test_every_problem_needs_a_solution_before_the_seminar_is_closed(company):
    seminar = seminar_of(company, "投诉回访不及时", "前台无人")
    solve(seminar.problems.first(), company, solution="两小时内回访")
    with pytest.raises(Refused, match="第 2 条") as refused:
        close_seminar(seminar=seminar, by=company.lead, at=AT)
    assert refused.value.code == "incomplete"
    solve(seminar.problems.last(), company, solution="排班公示")
    assert close_seminar(seminar=seminar, by=company.lead, at=AT).closed_at == AT


def test_a_problem_of_another_seminar_is_no_id_for_a_new_one(company):
    theirs = seminar_of(company, "投诉回访不及时").problems.get()
    other = seminar_of(company, specialty="facilities")
    with pytest.raises(Refused) as refused:
        add_problem(seminar=other, problem="前台无人", id=theirs.pk, by=company.center, at=AT)
    assert (refused.value.code, other.problems.count()) == ("same_id", 0)


def test_a_seminar_without_problems_cannot_be_closed(company):
    with pytest.raises(Refused) as refused:
        close_seminar(seminar=seminar_of(company), by=company.lead, at=AT)
    assert refused.value.code == "empty"


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("stage", ["open", "closed"])
def test_moves_are_allowed_exactly_where_the_table_says(company, move, stage):
    seminar = closed_seminar(company) if stage == "closed" else seminar_of(company)
    allowed = stage in MOVES[move]
    try:
        check(seminar, move)
    except Refused as refused:
        assert not allowed
        assert refused.code == stage
    else:
        assert allowed


def test_a_closed_seminar_is_reopened_only_with_a_reason(company):
    seminar = closed_seminar(company)
    with pytest.raises(Refused) as refused:
        reopen_seminar(seminar=seminar, reason=" ", by=company.lead, at=NEXT)
    assert refused.value.field == "reason"
    reopen_seminar(seminar=seminar, reason="漏了一条", by=company.lead, at=NEXT)
    entry = history_of(seminar).first()
    assert (entry.verb, entry.before, entry.after, entry.reason) == (
        "reopen_seminar", "closed", "in_progress", "漏了一条",
    )  # fmt: skip


def test_two_people_at_one_problem_meet_a_conflict_with_both_versions(company):
    problem = seminar_of(company, "投诉回访不及时").problems.get()
    solve(problem, company, solution="甲")
    with pytest.raises(Conflict) as conflict:
        solve(problem, company, solution="乙")
    assert conflict.value.theirs.solution == "甲"


def test_what_changes_nothing_is_no_edit_however_old_the_page(company):
    problem = seminar_of(company, "投诉回访不及时").problems.get()
    solve(problem, company, solution="甲")
    assert solve(problem, company, solution="甲").revision == 1


def test_the_same_id_again_adds_no_second_problem(company):
    seminar, key = seminar_of(company), uuid.uuid4()
    for _again in range(2):
        add_problem(seminar=seminar, problem="前台无人", id=key, by=company.lead, at=AT)
    assert seminar.problems.count() == 1


def test_a_removed_problem_stays_in_the_history_and_cannot_be_edited(company):
    seminar = seminar_of(company, "前台无人")
    problem = seminar.problems.get()
    remove_problem(problem=problem, by=company.lead, at=AT)
    remove_problem(problem=problem, by=company.lead, at=AT)
    assert history_of(seminar).first().detail["problem"] == "前台无人"
    with pytest.raises(Refused) as refused:
        solve(problem, company, solution="晚了")
    assert refused.value.code == "gone"


def test_dates_before_the_campaign_and_people_who_left_are_refused(company):
    with pytest.raises(Refused) as refused:
        hold_seminar(
            campaign=company.campaign, specialty=company.lines["order"], day=date(2011, 1, 1),
            by=company.lead, at=AT,
        )  # fmt: skip
    assert refused.value.field == "day"
    problem = seminar_of(company, "前台无人").problems.get()
    company.manager.posts.update(until=date(2011, 10, 1))
    with pytest.raises(Refused, match="已离开"):
        solve(problem, company, responsible=company.manager)
    with pytest.raises(Refused) as refused:
        solve(problem, company, due=date(2010, 1, 1))
    assert refused.value.field == "due"


def test_the_day_of_a_seminar_cannot_be_emptied(company):
    seminar = seminar_of(company)
    with pytest.raises(Refused) as refused:
        edit_seminar(seminar=seminar, revision=0, changes={"day": None}, by=company.lead, at=AT)
    assert refused.value.field == "day"


def test_only_findings_of_the_campaign_and_specialty_are_linked(company):
    problem = seminar_of(company, "配电房", specialty="facilities").problems.get()
    finding = finding_of(company)
    link_findings(problem=problem, findings=[finding], by=company.center, at=AT)
    link_findings(problem=problem, findings=[finding], by=company.center, at=AT)
    assert list(problem.findings.all()) == [finding]
    assert history_of(problem).filter(verb="link_findings").count() == 1
    other = seminar_of(company, "前台").problems.get()
    with pytest.raises(Refused) as refused:
        link_findings(problem=other, findings=[finding], by=company.center, at=AT)
    assert refused.value.code == "other_specialty"


def test_open_findings_of_the_specialty_are_offered_until_they_are_linked(company):
    finding = finding_of(company)
    seminar = seminar_of(company, "配电房", specialty="facilities")
    assert list(candidates_of(seminar)) == [finding]
    problem = seminar.problems.get()
    link_findings(problem=problem, findings=[finding], by=company.center, at=AT)
    assert not candidates_of(seminar).exists()
    unlink_finding(problem=problem, finding=finding, by=company.center, at=AT)
    assert candidates_of(seminar).exists()


def test_one_press_makes_solutions_and_minutes_written_material(company):
    owed = obligation(company)
    seminar = closed_seminar(company, minutes="大家逐条讨论")
    hand_in_solutions(seminar=seminar, by=company.lead, at=NEXT)
    assert sorted(owed.evidence.standing().values_list("kind", flat=True)) == [
        "minutes", "solutions",
    ]  # fmt: skip


def test_a_newer_paper_takes_the_older_ones_place_and_the_same_one_is_refused(company):
    owed = obligation(company)
    seminar = closed_seminar(company)
    hand_in_solutions(seminar=seminar, by=company.lead, at=NEXT)
    with pytest.raises(Refused) as refused:
        hand_in_solutions(seminar=seminar, by=company.lead, at=NEXT)
    assert refused.value.code == "same_file"
    reopen_seminar(seminar=seminar, reason="补一点", by=company.lead, at=NEXT)
    solve(seminar.problems.get(), company, revision=1, solution="改了")
    close_seminar(seminar=seminar, by=company.lead, at=NEXT)
    hand_in_solutions(seminar=seminar, by=company.lead, at=NEXT)
    assert (owed.evidence.standing().count(), owed.evidence.count()) == (1, 2)


def test_another_seminars_paper_and_what_people_uploaded_stay(company):
    owed = obligation(company)
    uploaded = attach_evidence(
        obligation=owed, upload=pdf("方案.pdf"), kind="solutions", by=company.lead, at=NEXT
    )
    hand_in_solutions(seminar=closed_seminar(company), by=company.lead, at=NEXT)
    hand_in_solutions(seminar=closed_seminar(company, place="二楼"), by=company.lead, at=NEXT)
    assert owed.evidence.standing().count() == 3
    assert uploaded in owed.evidence.standing()


def test_nothing_is_handed_in_while_the_seminar_is_open_or_nothing_is_owed(company):
    with pytest.raises(Refused) as refused:
        hand_in_solutions(seminar=seminar_of(company), by=company.lead, at=AT)
    assert refused.value.code == "open"
    with pytest.raises(Refused) as refused:
        hand_in_solutions(seminar=closed_seminar(company), by=company.lead, at=AT)
    assert refused.value.code == "not_owed"


def test_no_seminar_is_held_in_a_campaign_that_is_over(company):
    company.campaign.closed_at = AT
    company.campaign.save()
    with pytest.raises(Refused):
        hold_seminar(
            campaign=company.campaign, specialty=company.lines["order"], day=DAY,
            by=company.lead, at=AT,
        )  # fmt: skip
    assert not Seminar.objects.exists()
