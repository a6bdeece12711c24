"""A policy's way: approved by somebody else, never changed afterwards, replaced by a version."""

from datetime import date, timedelta

import pytest

from campaign.models import Message
from campaign.words import Scope
from inspections.finding.findings import open_finding
from inspections.handing_in import hand_in_policies
from inspections.learning.policies import (
    MOVES,
    Kind,
    approve_policy,
    check,
    edit_policy,
    return_policy,
    revise_policy,
    submit_policy,
)
from inspections.learning.policy_screen import difference
from inspections.learning.prevention import effect, policies_against
from inspections.models import PolicyVersion
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.roles import Role
from tests import cast
from tests.inspections.learning import AT, NEXT, approved, drafted, waiting
from tests.inspections.writing import finding_of

IN_FORCE = cast.moment(2011, 11, 12)


def returned(company):
    return return_policy(version=waiting(company), reason="太笼统", by=company.president, at=NEXT)


STAGES = {"draft": drafted, "waiting": waiting, "returned": returned, "approved": approved}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("stage", STAGES)
def test_moves_are_allowed_exactly_where_the_table_says(company, move, stage):
    version = STAGES[stage](company)
    allowed = stage in MOVES[move]
    try:
        check(version, move)
    except Refused as refused:
        assert not allowed
        assert refused.code == stage
    else:
        assert allowed


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"text": ""}, "正文或附件"),
        ({"in_force_from": None}, "生效日期"),
        ({"prevents": []}, "要预防哪类问题"),
    ],
)
def test_an_incomplete_policy_is_not_handed_to_the_president(company, fields, word):
    version = drafted(company, **fields)
    with pytest.raises(Refused, match=word) as refused:
        submit_policy(version=version, by=company.center, at=AT)
    assert refused.value.code == "incomplete"


def test_the_president_is_told_and_the_writer_hears_of_the_verdict(company):
    approved(company)
    assert Message.objects.filter(person=company.president).count() == 1
    assert Message.objects.filter(person=company.center).count() == 1


def test_nobody_approves_an_own_policy(company):
    cast.post(company.center, Role.PRESIDENT)
    version = waiting(company)
    for move in (approve_policy, return_policy):
        with pytest.raises(Refused) as refused:
            more = {"reason": "x"} if move is return_policy else {}
            move(version=version, by=company.center, at=NEXT, **more)
        assert refused.value.code == "own"


def test_an_approved_version_never_changes_a_correction_is_the_next_one(company):
    first = approved(company)
    with pytest.raises(Refused) as refused:
        edit_policy(version=first, revision=2, changes={"text": "x"}, by=company.center, at=NEXT)
    assert refused.value.code == "approved"
    second = revise_policy(
        policy=first.policy, campaign=company.campaign, reason="补充频次", by=company.center,
        at=NEXT,
    )  # fmt: skip
    assert (second.number, second.text) == (2, first.text)
    assert [kind.specialty.code for kind in second.prevents.all()] == ["facilities"]
    with pytest.raises(Refused):
        revise_policy(
            policy=first.policy, campaign=company.campaign, reason="再改", by=company.center,
            at=NEXT,
        )  # fmt: skip


def test_the_older_version_stays_in_force_until_the_newer_ones_day(company):
    first = approved(company)
    second = revise_policy(
        policy=first.policy, campaign=company.campaign, reason="补充", by=company.center, at=NEXT
    )
    changes = {"in_force_from": date(2011, 11, 20)}
    edit_policy(version=second, revision=0, changes=changes, by=company.center, at=NEXT)
    submit_policy(version=second, by=company.center, at=NEXT)
    approve_policy(version=second, by=company.president, at=NEXT)
    holds = PolicyVersion.objects.in_force
    assert [v.number for v in holds(at=cast.moment(2011, 11, 9))] == []
    assert [v.number for v in holds(at=cast.moment(2011, 11, 19))] == [1]
    assert [v.number for v in holds(at=cast.moment(2011, 11, 20))] == [2]
    assert first.state(at=cast.moment(2011, 11, 20)).code == "replaced"


def test_a_policy_is_in_force_at_the_earliest_on_the_day_of_its_approval(company):
    late = waiting(company, in_force_from=date(2011, 11, 1))
    approve_policy(version=late, by=company.president, at=NEXT)
    assert late.in_force_from == date(2011, 11, 5)


def test_a_returned_policy_carries_its_reason_and_may_be_handed_in_again(company):
    version = returned(company)
    assert version.return_reason == "太笼统"
    assert version.state(at=NEXT).code == "returned"
    submit_policy(version=version, by=company.center, at=NEXT)
    assert version.state(at=NEXT).code == "waiting_approval"
    entry = history_of(version).filter(verb="return_policy").get()
    assert (entry.before, entry.after, entry.reason) == ("waiting_approval", "returned", "太笼统")


def test_a_return_without_a_reason_is_refused(company):
    with pytest.raises(Refused) as refused:
        return_policy(version=waiting(company), reason=" ", by=company.president, at=NEXT)
    assert refused.value.field == "reason"


def test_a_page_older_than_the_draft_meets_a_conflict(company):
    version = drafted(company)
    edit_policy(version=version, revision=0, changes={"text": "甲"}, by=company.center, at=AT)
    with pytest.raises(Conflict) as conflict:
        edit_policy(version=version, revision=0, changes={"text": "乙"}, by=company.auditor, at=AT)
    assert conflict.value.theirs.text == "甲"


def test_the_president_decides_on_what_was_seen(company):
    version = waiting(company)
    with pytest.raises(Conflict):
        approve_policy(version=version, by=company.president, at=NEXT, revision=0)


def opened(company, at, requirement=None, specialty="facilities"):
    return open_finding(
        campaign=company.campaign, project=company.one, problem="挡鼠板缺失",
        specialty=company.lines[specialty], due=date(2011, 11, 25), requirement=requirement,
        by=company.center, at=at,
    )  # fmt: skip


def test_findings_of_the_kind_are_counted_before_and_since(company):
    version = approved(company)
    opened(company, AT)
    opened(company, IN_FORCE)
    opened(company, IN_FORCE + timedelta(days=1))
    opened(company, IN_FORCE, specialty="order")
    found = effect(version)
    assert (found.before, found.since) == (1, 2)


def test_a_kind_follows_its_codes_into_another_campaigns_rubric(company):
    rubric = cast.rubric(company.campaign, company.lines["facilities"])
    requirement = rubric.items.first().requirements.first()
    version = approved(
        company, prevents=[Kind(company.lines["facilities"], requirement=requirement)]
    )
    later = cast.campaign("c12", projects=[company.one])
    same = cast.rubric(later, company.lines["facilities"]).items.first().requirements.first()
    finding = open_finding(
        campaign=later, project=company.one, problem="又缺", specialty=company.lines["facilities"],
        due=date(2011, 11, 25), requirement=same, by=company.center, at=IN_FORCE,
    )  # fmt: skip
    opened(company, IN_FORCE)
    assert effect(version).since == 1
    assert policies_against(finding, at=IN_FORCE) == [version]


def test_a_kind_with_a_root_cause_waits_for_findings_of_that_cause(company):
    version = approved(company, prevents=[Kind(company.lines["facilities"], root_cause="skill")])
    finding = opened(company, IN_FORCE)
    assert (effect(version).since, policies_against(finding, at=IN_FORCE)) == (0, [])
    finding.root_cause = "skill"
    finding.save()
    assert (effect(version).since, policies_against(finding, at=IN_FORCE)) == (1, [version])


def test_a_finding_names_only_policies_that_are_in_force(company):
    finding = finding_of(company)
    version = approved(company)
    assert policies_against(finding, at=NEXT) == []
    assert policies_against(finding, at=IN_FORCE) == [version]


def test_the_difference_names_what_went_and_what_came():
    assert difference("一\n二\n三", "一\n二改\n三\n四") == [
        ("same", "一"), ("gone", "二"), ("new", "二改"), ("same", "三"), ("new", "四"),
    ]  # fmt: skip


def test_the_approved_ones_are_handed_in_as_a_list(company):
    stone = cast.milestone(
        company.campaign, "preventive_policies", scope=Scope.COMPANY, phase="rectify",
        evidence=("document",), owner=Role.MANAGEMENT_CENTER, approver=Role.PRESIDENT,
    )  # fmt: skip
    owed = cast.obligation(stone)
    with pytest.raises(Refused) as refused:
        hand_in_policies(campaign=company.campaign, by=company.center, at=NEXT)
    assert refused.value.code == "empty"
    approved(company)
    evidence = hand_in_policies(campaign=company.campaign, by=company.center, at=NEXT)
    assert (evidence.obligation, evidence.kind) == (owed, "document")
    withdrawn = approved(company, title="另一项")
    again = hand_in_policies(campaign=company.campaign, by=company.center, at=NEXT)
    evidence.refresh_from_db()
    assert withdrawn and evidence.replaced_by == again
    assert list(owed.evidence.standing()) == [again]
