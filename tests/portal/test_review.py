from datetime import date, timedelta

import pytest
from django.urls import reverse

from campaign.models import Message, Obligation
from campaign.obligations import accept
from campaign.words import Scope
from inspections.models import Finding, ImprovementPlan
from organization.models import HistoryEntry
from organization.roles import Role
from tests import cast
from tests.queries import queries_of

AT = cast.moment(2011, 10, 9)


@pytest.fixture
def company(db):
    return cast.company()


def opened(client, person, company, **query):
    client.force_login(person)
    return client.get(reverse("review", args=[company.campaign.code]), query)


def submitted(obligation, by, at=AT):
    Obligation.objects.filter(pk=obligation.pk).update(submitted_at=at, submitted_by=by)
    return obligation


def waiting_obligation(company, number=0, at=AT):
    milestone = cast.milestone(company.campaign, f"m{number}")
    return submitted(cast.obligation(milestone, project=company.one), company.manager, at)


def waiting_plan(company, project=None):
    return ImprovementPlan.objects.create(
        campaign=company.campaign,
        project=project or company.one,
        created_at=AT,
        submitted_at=AT,
        submitted_by=company.manager,
    )


def rectified(company, problem="通道堆物", specialty="customer_service"):
    return Finding.objects.create(
        campaign=company.campaign,
        project=company.one,
        problem=problem,
        specialty=company.lines[specialty],
        due=date(2011, 10, 20),
        created_at=AT,
        opened_at=AT,
        rectified_at=AT,
        rectified_by=company.worker,
    )


def rows(response):
    return {part["queue"].code: part["rows"] for part in response.context["parts"]}


def test_the_first_line_counts_everything_that_waits(client, company):
    waiting_obligation(company)
    waiting_plan(company)
    rectified(company)
    response = opened(client, company.center, company)
    assert response.context["total"] == 3
    assert "3 项等您审核" in response.content.decode()
    assert rows(response).keys() == {"obligations", "plans", "findings"}


def test_each_row_leads_to_its_thing(client, company):
    owed, plan, finding = waiting_obligation(company), waiting_plan(company), rectified(company)
    shown = rows(opened(client, company.center, company))
    code = company.campaign.code
    assert shown["obligations"][0].url == owed.get_absolute_url() + "?queue=1"
    assert shown["plans"][0].url == reverse("plan", args=[code, plan.project.code])
    assert shown["findings"][0].url == reverse("finding", args=[code, finding.pk])
    assert shown["findings"][0].by == company.worker.name


def test_what_waits_longest_comes_first(client, company):
    waiting_obligation(company, 1, at=AT + timedelta(days=1))
    older = waiting_obligation(company, 2, at=AT)
    assert rows(opened(client, company.center, company))["obligations"][0].url.startswith(
        older.get_absolute_url()
    )


def test_nothing_waiting_says_what_will_be_here(client, company):
    response = opened(client, company.center, company)
    assert "没有等您审核的" in response.content.decode()
    assert "项目提交任务、实施方案或整改后" in response.content.decode()


def test_ones_own_is_not_in_ones_queue(client, company):
    submitted(waiting_obligation(company), company.center)
    ImprovementPlan.objects.filter(pk=waiting_plan(company).pk).update(submitted_by=company.center)
    assert opened(client, company.center, company).context["total"] == 0
    assert opened(client, company.auditor, company).context["total"] == 2


def test_the_president_sees_what_the_plan_leaves_to_him(client, company):
    milestone = cast.milestone(
        company.campaign, "policies", scope=Scope.COMPANY, approver=Role.PRESIDENT
    )
    submitted(cast.obligation(milestone), company.center)
    waiting_obligation(company)
    waiting_plan(company)
    assert rows(opened(client, company.president, company)).keys() == {"obligations"}
    assert opened(client, company.president, company).context["total"] == 1
    assert opened(client, company.auditor, company).context["total"] == 2


def test_a_specialtys_lead_sees_findings_of_the_own_one(client, company):
    rectified(company)
    rectified(company, "门岗无人", "order")
    waiting_plan(company)
    shown = rows(opened(client, company.lead, company))
    assert [row.title for row in shown["findings"]] == ["通道堆物"]
    assert shown.keys() == {"findings"}


def test_the_improvement_plans_obligation_waits_as_a_plan_only(client, company):
    milestone = cast.milestone(company.campaign, "plan", evidence=["improvement_plan"])
    submitted(cast.obligation(milestone, project=company.one), company.manager)
    waiting_plan(company)
    assert rows(opened(client, company.center, company)).keys() == {"plans"}


def test_other_campaigns_wait_on_their_own_pages(client, company):
    other = cast.campaign("other", projects=[company.one])
    milestone = cast.milestone(other)
    submitted(cast.obligation(milestone, project=company.one), company.manager)
    assert opened(client, company.center, company).context["total"] == 0


def test_a_long_queue_is_cut_short_and_has_its_own_pages(client, company):
    milestone = cast.milestone(company.campaign)
    for number in range(51):
        one = cast.project(f"N{number:02}", f"新{number}")
        submitted(cast.obligation(milestone, project=one), company.manager)
    assert len(rows(opened(client, company.center, company))["obligations"]) == 10
    first = opened(client, company.center, company, show="obligations")
    assert len(rows(first)["obligations"]) == 50
    second = opened(client, company.center, company, show="obligations", page=2)
    assert len(rows(second)["obligations"]) == 1
    assert second.context["total"] == 51


def test_a_chip_shows_one_kind(client, company):
    waiting_obligation(company)
    waiting_plan(company)
    assert rows(opened(client, company.center, company, show="plans")).keys() == {"plans"}
    everything = opened(client, company.center, company, show="nonsense")
    assert rows(everything).keys() == {"obligations", "plans"}


def test_one_kind_of_what_waits_can_be_kept_as_a_view(client, company):
    waiting_obligation(company)
    client.force_login(company.center)
    kept = f"{reverse('review', args=[company.campaign.code])}?show=obligations"
    assert 'name="page_name" value="review"' in client.get(kept).content.decode()
    named = {"next": kept, "page_name": "review", "view_name": "先看任务"}
    client.post(reverse("saved_views"), named)
    assert "先看任务" in opened(client, company.center, company).content.decode()


@pytest.mark.parametrize("who", ["manager", "worker", "executive", "admin"])
def test_who_reviews_nothing_is_turned_away(client, company, who):
    assert opened(client, getattr(company, who), company).status_code == 403


def test_who_takes_no_part_learns_nothing(client, company):
    three = cast.project("P03", "湖岸北里")
    stranger = cast.person("pm03", "邓志远", Role.PROJECT_MANAGER, project=three)
    assert opened(client, stranger, company).status_code == 404


def test_a_longer_queue_asks_no_more_of_the_database(client, company, django_assert_num_queries):
    waiting_obligation(company)
    waiting_plan(company)
    rectified(company)
    few = queries_of(lambda: opened(client, company.center, company))
    for number in range(1, 9):
        waiting_obligation(company, number)
        rectified(company, f"问题{number}")
        waiting_plan(company, cast.project(f"N{number}", f"新{number}"))
    with django_assert_num_queries(few):
        assert opened(client, company.center, company).context["total"] == 27


def decided(client, person, company, chosen, move="accept", **typed):
    client.force_login(person)
    address = reverse("review", args=[company.campaign.code])
    return client.post(address, {"chosen": chosen, "move": move} | typed)


def tick(obligation):
    return f"{obligation.pk}:{obligation.revision}"


def test_ticked_obligations_are_accepted_together(client, company):
    waiting = [waiting_obligation(company, number) for number in range(3)]
    answer = decided(client, company.center, company, [tick(each) for each in waiting[:2]])
    assert answer.status_code == 302
    assert set(Obligation.objects.accepted()) == set(waiting[:2])


def test_ticked_obligations_are_returned_with_one_reason(client, company):
    waiting = [waiting_obligation(company, number) for number in range(2)]
    ticks = [tick(each) for each in waiting]
    decided(client, company.center, company, ticks, "return", reason="缺签字")
    assert set(Obligation.objects.returned()) == set(waiting)
    assert {each.reason for each in HistoryEntry.objects.filter(verb="send_back")} == {"缺签字"}
    assert Message.objects.filter(person=company.manager, body="缺签字").count() == 2


def test_a_return_without_a_reason_does_nothing_and_keeps_the_ticks(client, company):
    waiting = waiting_obligation(company)
    page = decided(client, company.center, company, [tick(waiting)], "return", reason=" ")
    shown = page.content.decode()
    assert "请写明退回的理由。" in shown
    assert f'value="{tick(waiting)}" checked' in shown
    assert Obligation.objects.waiting_review().exists()


def test_one_that_changed_meanwhile_is_named_and_keeps_tick_and_reason(client, company):
    first, second = waiting_obligation(company, 0), waiting_obligation(company, 1)
    ticks = [f"{first.pk}:{first.revision + 1}", tick(second)]
    page = decided(client, company.center, company, ticks, "return", reason="照片不清楚")
    shown = page.content.decode()
    assert page.status_code == 409
    assert list(Obligation.objects.returned()) == [second]
    assert "有了变化" in shown and "1 项没有办成" in shown
    assert f'value="{tick(first)}" checked' in shown
    assert "照片不清楚</textarea>" in shown


def test_one_that_another_reviewer_accepted_is_named(client, company):
    waiting = waiting_obligation(company)
    accept(obligation=waiting, by=company.auditor, at=AT)
    shown = decided(client, company.center, company, [tick(waiting)]).content.decode()
    assert "有了变化" in shown
    assert Obligation.objects.get().accepted_by == company.auditor


def test_ones_own_and_the_presidents_are_refused_by_name(client, company):
    own = submitted(waiting_obligation(company), company.center)
    milestone = cast.milestone(
        company.campaign, "policies", scope=Scope.COMPANY, approver=Role.PRESIDENT
    )
    his = submitted(cast.obligation(milestone), company.auditor)
    shown = decided(client, company.center, company, [tick(own), tick(his)]).content.decode()
    assert shown.count("这项不由您审核。") == 2
    assert not Obligation.objects.accepted().exists()


@pytest.mark.parametrize("ticked", ["", "x", "1:", "0:0", "9" * 30 + ":0"])
def test_ticks_that_mean_nothing_accept_nothing(client, company, ticked):
    waiting_obligation(company)
    assert decided(client, company.center, company, [ticked]).status_code in (200, 302)
    assert not Obligation.objects.accepted().exists()


def test_without_a_tick_it_says_what_to_do(client, company):
    waiting_obligation(company)
    assert "请先勾选任务。" in decided(client, company.center, company, []).content.decode()


def test_an_unknown_button_does_nothing_and_keeps_the_ticks(client, company):
    waiting = waiting_obligation(company)
    page = decided(client, company.center, company, [tick(waiting)], "explode")
    assert f'value="{tick(waiting)}" checked' in page.content.decode()
    assert Obligation.objects.waiting_review().exists()


def test_a_project_accepts_nothing_of_its_own(client, company):
    own = waiting_obligation(company)
    assert decided(client, company.manager, company, [tick(own)]).status_code == 403
    assert not Obligation.objects.accepted().exists()


def test_another_campaigns_obligation_is_not_reached_from_here(client, company):
    other = cast.campaign("other", projects=[company.one])
    theirs = cast.obligation(cast.milestone(other), project=company.one)
    submitted(theirs, company.manager)
    decided(client, company.center, company, [tick(theirs)])
    assert not Obligation.objects.accepted().exists()
