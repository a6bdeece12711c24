"""Long plans and odd words: 500 lines ask no more of the database, and nothing breaks a page."""

import pytest

from inspections.models import Finding
from inspections.plan.plans import add_finding, draft_plan, submit_plan
from inspections.plan.revisions import revise_plan
from organization.errors import Refused
from tests import cast
from tests.inspections.test_plan_page import JSON, body, typed
from tests.inspections.writing import AT, LATER, filed, line, plan_of, submitted
from tests.queries import queries_of

PLAN = "/c/c11/plans/P01/"
DRAFT = f"{PLAN}revisions/1/"
ODD = "“引号” 'quotes' 🔥 <b>&amp;</b> \\"


def grown(company, plan, count=500):
    """The plan with so many lines more; written directly, as the rows are not the point."""
    Finding.objects.bulk_create(
        Finding(
            campaign=company.campaign, project=company.one, plan=plan, position=number + 9,
            created_at=AT, **line(company, problem=f"问题{number}"),
        )
        for number in range(count)
    )  # fmt: skip
    return plan


@pytest.fixture
def manager(client, company):
    client.force_login(company.manager)
    return client


def test_500_lines_are_shown_with_as_many_queries_as_one(company, manager):
    plan = plan_of(company)
    one = queries_of(lambda: manager.get(PLAN))
    grown(company, plan)
    assert queries_of(lambda: manager.get(PLAN)) == one
    assert "501 条问题，501 条写全" in body(manager.get(PLAN))


def test_an_autosave_costs_the_same_in_a_long_plan(company, manager):
    plan = plan_of(company)
    found = plan.findings.get()
    data = typed(found) | {"do": "save"}
    one = queries_of(lambda: manager.post(PLAN, data, headers=JSON))
    grown(company, plan)
    assert queries_of(lambda: manager.post(PLAN, data, headers=JSON)) == one


def test_a_long_plan_is_submitted_in_a_few_statements(company, django_assert_max_num_queries):
    plan = grown(company, plan_of(company))
    with django_assert_max_num_queries(30):
        submit_plan(plan=plan, by=company.manager, at=AT)
    assert len(plan.versions.get().findings) == 501


def test_a_long_revision_is_begun_and_shown_in_a_few_statements(
    company, manager, django_assert_max_num_queries
):
    plan = filed(company)
    one = queries_of(lambda: manager.get(PLAN))
    grown(company, plan, 500)
    Finding.objects.filter(plan=plan).update(opened_at=LATER)
    assert queries_of(lambda: manager.get(PLAN)) == one
    with django_assert_max_num_queries(25):
        draft = revise_plan(plan=plan, reason="补充", by=company.manager, at=LATER)
    assert draft.lines.count() == 501
    with django_assert_max_num_queries(30):
        assert "501 条问题" in body(manager.get(DRAFT))


def test_odd_words_are_shown_as_they_were_typed(company, manager):
    plan = plan_of(company, line(company, problem=ODD, measure=ODD))
    page = body(manager.get(f"{PLAN}?line={plan.findings.get().pk}"))
    assert "<b>&amp;</b>" not in page
    submit_plan(plan=plan, by=company.manager, at=AT)
    assert plan.versions.get().findings[0]["problem"] == ODD
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in body(manager.get(f"{PLAN}versions/1/"))


def test_a_person_with_an_odd_name_is_responsible(company, manager):
    odd = cast.person("odd", "O'Neill “小明”🔥", "employee", project=company.one)
    plan = plan_of(company, line(company, responsible=odd))
    assert "O&#x27;Neill “小明”🔥" in body(manager.get(PLAN))
    submit_plan(plan=plan, by=company.manager, at=AT)
    assert plan.versions.get().findings[0]["responsible_name"] == odd.name


def test_overlong_words_are_named_beside_the_field_and_stay(company, manager):
    found = plan_of(company).findings.get()
    long = "长" * 1001
    page = manager.post(PLAN, typed(found, measure=long) | {"do": "close"})
    assert page.status_code == 409
    assert long in body(page)
    found.refresh_from_db()
    assert found.measure != long


def test_an_overlong_reason_is_refused_and_stays(company, manager):
    plan, long = filed(company), "长" * 1001
    page = manager.post(f"{PLAN}revise/", {"reason": long, "revision": plan.revision})
    assert page.status_code == 422
    assert long in body(page)


def test_who_left_is_named_before_the_plan_is_submitted(company, manager):
    plan = plan_of(company)
    company.worker.is_active = False
    company.worker.save()
    assert "马超已离开锦澜府" in body(manager.get(PLAN))
    with pytest.raises(Refused, match="已离开"):
        submit_plan(plan=plan, by=company.manager, at=AT)


def test_words_sent_while_the_plan_was_filed_are_shown_again(company, manager):
    plan = submitted(company)
    data = typed(plan.findings.get(), measure="晚了一步") | {"do": "submit", "new": "还有一条"}
    page = manager.post(PLAN, data | {"plan-revision": "0"})
    assert page.status_code == 409
    assert "晚了一步" in body(page) and "还有一条" in body(page)


def test_a_line_is_added_once_however_often_it_is_sent(company, manager):
    plan = draft_plan(campaign=company.campaign, project=company.one, by=company.manager, at=AT)
    sent = {"do": "add", "new": "一条", "new-id": "10000000-1000-4000-8000-100000000000"}
    for _twice in range(2):
        manager.post(PLAN, sent, headers=JSON)
    assert plan.lines.count() == 1
    assert add_finding(plan=plan, problem="x", id=plan.lines.get().pk, by="command", at=AT)
