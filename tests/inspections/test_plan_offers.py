"""What a plan is offered: grouped, all at once, knowingly left out; what the meeting left."""

from datetime import date

import pytest

from campaign.models import Evidence
from inspections.models import Finding
from inspections.plan.past import consider_again, offered, pull_all, set_aside
from inspections.plan.plans import draft_plan, edit_finding, submit_plan
from organization.errors import Refused
from organization.history import history_of
from organization.models import StoredFile
from tests import cast
from tests.inspections.test_plan_page import body
from tests.inspections.writing import filed, line, next_year

PLAN = "/c/c12/plans/P01/"
NOW = cast.NOW


@pytest.fixture
def plan(company):
    """Next year's plan, with three leftovers of this year and one that was verified."""
    problems = ("配电房缺少挡鼠板", "门岗脱岗“两次”", "积水🔥", "已经改好的")
    made = filed(company, *(line(company, problem=problem) for problem in problems))
    made.findings.filter(problem="已经改好的").update(rectified_at=NOW, verified_at=NOW)
    later = next_year(company)
    return draft_plan(campaign=later, project=company.one, by=company.manager, at=NOW)


@pytest.fixture
def manager(client, company):
    client.force_login(company.manager)
    return client


def key_of(plan, problem):
    return next(past.key for past in offered(plan) if past.problem == problem)


def aside(plan, company, reason="设备已拆除", problem="积水🔥"):
    return set_aside(
        plan=plan, key=key_of(plan, problem), reason=reason, by=company.manager, at=NOW
    )


def test_a_whole_source_is_taken_up_at_once(plan, company):
    assert pull_all(plan=plan, source="leftover", by=company.manager, at=NOW) == 3
    assert [past.problem for past in offered(plan)] == ["已经改好的"]
    assert pull_all(plan=plan, source="leftover", by=company.manager, at=NOW) == 0


def test_what_is_set_aside_is_on_record_and_offered_no_more(plan, company):
    aside(plan, company)
    assert "积水🔥" not in [past.problem for past in offered(plan)]
    assert plan.set_aside.get().reason == "设备已拆除"
    assert history_of(plan).first().reason == "设备已拆除"


def test_setting_aside_needs_a_reason(plan, company):
    with pytest.raises(Refused) as refused:
        aside(plan, company, reason="  ")
    assert refused.value.field == "why"


def test_what_was_set_aside_can_be_considered_again(plan, company):
    made = aside(plan, company)
    for _twice in range(2):
        consider_again(plan=plan, key=made.key, by=company.manager, at=NOW)
    assert "积水🔥" in [past.problem for past in offered(plan)]
    assert history_of(plan).filter(verb="consider_again").count() == 1


def test_a_submitted_plan_sets_nothing_aside(plan, company):
    key = key_of(plan, "积水🔥")
    pull_all(plan=plan, source="past_inspection", by=company.manager, at=NOW)
    found = plan.findings.get()
    changes = {"measure": "x", "responsible": company.worker, "due": date(2012, 11, 1)}
    edit_finding(finding=found, revision=0, changes=changes, by=company.manager, at=NOW)
    submit_plan(plan=plan, by=company.manager, at=NOW)
    with pytest.raises(Refused):
        set_aside(plan=plan, key=key, reason="x", by=company.manager, at=NOW)


# --- the page


def test_offers_are_grouped_with_counts(plan, manager):
    page = body(manager.get(PLAN))
    assert "遗留问题 <b>3</b>" in page
    assert "历次检查发现问题 <b>1</b>" in page
    assert "引入全部 3 条" in page


def test_the_page_takes_up_a_group_and_sets_one_aside(plan, manager):
    key = key_of(plan, "积水🔥")
    asked = {"do": f"aside:{key}", f"why-{key}": "“已拆除”"}
    page = body(manager.post(PLAN, asked, follow=True))
    assert "没有列入方案的 1 条" in page and "“已拆除”" in page
    manager.post(PLAN, {"do": "pull_all:leftover"})
    assert plan.lines.count() == 2
    page = body(manager.post(PLAN, {"do": f"again:{key}"}, follow=True))
    assert f"pull:{key}" in page


@pytest.mark.parametrize("asked", ["aside:finding-1", "aside:", "pull_all:nothing", "again:x"])
def test_nonsense_changes_nothing(plan, manager, asked):
    assert manager.post(PLAN, {"do": asked}).status_code in (302, 409)
    assert not plan.lines.exists() and not plan.set_aside.exists()


def test_the_reviewer_reads_what_was_set_aside(plan, company, client):
    aside(plan, company)
    client.force_login(company.center)
    assert "设备已拆除" in body(client.get(PLAN))


def test_a_new_line_takes_the_source_that_was_chosen(plan, manager):
    data = {"do": "add", "new": "班组之间不通气", "new-source": "self_criticism"}
    page = manager.post(PLAN, data, follow=True)
    assert plan.lines.get().source == "self_criticism"
    assert 'value="self_criticism" selected' in body(page)
    manager.post(PLAN, data | {"new": "又一条", "new-source": "audit"})
    assert plan.lines.get(problem="又一条").source == ""


def test_the_meeting_s_files_stand_beside_the_plan(plan, company, manager):
    owed = cast.obligation(cast.milestone(plan.campaign, "self_criticism"), project=company.one)
    file = StoredFile.objects.create(
        name="批评会纪要.pdf", mime="application/pdf", size=3, sha256="0" * 64,
        uploaded_at=NOW, uploaded_by=company.manager,
    )  # fmt: skip
    Evidence.objects.create(
        obligation=owed, file=file, kind="minutes", added_at=NOW, added_by=company.manager
    )
    page = body(manager.get(PLAN))
    assert "批评会纪要.pdf" in page and "据此写一条" in page


def test_who_saw_to_the_same_specialty_is_named(plan, company, manager):
    manager.post(PLAN, {"do": "add", "new": "新的问题"})
    found = plan.lines.get()
    Finding.objects.filter(pk=found.pk).update(specialty=company.lines["facilities"])
    assert "上次类似问题由马超负责" in body(manager.get(f"{PLAN}?line={found.pk}"))
    company.worker.posts.update(until=date(2011, 1, 1))
    assert "上次类似问题由" not in body(manager.get(f"{PLAN}?line={found.pk}"))
