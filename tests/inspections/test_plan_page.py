"""The plan's pages: who sees and writes them, what a save answers, the center's verdict."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.models import Finding, ImprovementPlan
from inspections.plan.plans import (
    add_finding,
    draft_plan,
    edit_finding,
    send_back_plan,
    submit_plan,
)
from organization.models import User
from organization.roles import Role
from tests import cast
from tests.campaign import ledgers
from tests.inspections.writing import AT, LATER, filed, line, next_year, plan_of, submitted

PLANS = "/c/c11/plans/"
PLAN = "/c/c11/plans/P01/"
REVIEW = "/c/c11/plans/P01/review/"
JSON = {"Accept": "application/json"}


def typed(found, **fields):
    """An editor's part of the form: the line, its revision, what was typed over what stood."""
    data = {"line": str(found.pk), f"{found.pk}-revision": found.revision}
    for name in ("problem", "measure", "source", "specialty", "responsible", "due"):
        value = getattr(found, found.key_of(name))
        stands = value.isoformat() if name == "due" and value else str(value or "")
        data[f"initial-{found.pk}-{name}"] = stands
        data[f"{found.pk}-{name}"] = fields.get(name, stands)
    return data


def body(response):
    return response.content.decode()


@pytest.fixture
def signed(client, company):
    def as_person(name):
        client.force_login(getattr(company, name))
        return client

    return as_person


# --- who sees and writes


@pytest.mark.parametrize("who", ["manager", "worker", "center", "executive", "admin", "lead"])
def test_a_plan_is_read_by_its_project_and_by_company_roles(signed, company, who):
    plan_of(company)
    assert "配电房缺少防小动物设施" in body(signed(who).get(PLAN))


def test_a_plan_of_another_project_does_not_exist(signed, company):
    plan_of(company)
    for method in ("get", "post"):
        assert getattr(signed("other_manager"), method)(PLAN).status_code == 404


@pytest.mark.parametrize("who", ["worker", "head", "center", "executive"])
def test_readers_have_no_editor_and_may_not_save(signed, company, who):
    plan_of(company)
    client = signed(who)
    assert 'id="new"' not in body(client.get(PLAN))
    assert client.post(PLAN, {"do": "add", "new": "x"}).status_code == 403


def test_a_deputy_writes_within_the_specialties_in_charge(client, company):
    plan = plan_of(company)
    deputy = cast.person(
        "dep", "林副", Role.DEPUTY_PROJECT_MANAGER, project=company.one,
        specialty=company.lines["order"],
    )  # fmt: skip
    client.force_login(deputy)
    found = plan.findings.get()
    assert f"edit:{found.pk}" not in body(client.get(PLAN))
    assert client.post(PLAN, typed(found, measure="越权") | {"do": "save"}).status_code == 403
    client.post(PLAN, {"do": "add", "new": "北门岗脱岗"})
    own = plan.findings.get(problem="北门岗脱岗")
    page = body(client.get(f"{PLAN}?line={own.pk}"))
    assert "秩序维护" in page.split("<fieldset")[2]
    assert "设施设备" not in page.split("<fieldset")[2]
    assert client.post(PLAN, {"do": "submit"}).status_code == 403


def test_a_project_that_takes_no_part_has_no_plan_page(signed, company):
    cast.project("P09", "别处")
    assert signed("center").get("/c/c11/plans/P09/").status_code == 404


# --- writing


def test_an_empty_plan_says_how_it_begins(signed, company):
    page = body(signed("manager").get(PLAN))
    assert "<h1>写下第一个问题</h1>" in page
    assert not ImprovementPlan.objects.exists()


def test_an_editor_is_fetched_for_one_line_while_the_plan_is_written(signed, company):
    plan = plan_of(company)
    address = f"{PLAN}lines/{plan.findings.get().pk}/"
    assert f'name="{plan.findings.get().pk}-measure"' in body(signed("manager").get(address))
    assert signed("center").get(address).status_code == 403
    assert signed("other_manager").get(address).status_code == 404
    submit_plan(plan=plan, by=company.manager, at=AT)
    assert signed("manager").get(address).status_code == 404


def test_the_first_words_begin_the_plan(signed, company):
    response = signed("manager").post(PLAN, {"do": "add", "new": "大堂石材发暗"}, follow=True)
    assert "还差 5 处，补齐就能提交" in body(response)
    assert Finding.objects.get().created_by == company.manager


def test_every_button_saves_what_is_typed_anywhere(signed, company):
    plan = plan_of(company, line(company), {"problem": "要删的"})
    first, doomed = plan.findings.all()
    data = typed(first, measure="换新") | {"do": f"remove:{doomed.pk}", "new": "又一条"}
    signed("manager").post(PLAN, data)
    first.refresh_from_db()
    assert first.measure == "换新"
    assert [each.problem for each in plan.findings.all()] == [first.problem, "又一条"]


def test_an_autosave_answers_with_the_time_and_what_is_missing(signed, company):
    found = plan_of(company, line(company, responsible=None)).findings.get()
    data = typed(found, measure="换新") | {"do": "save"}
    answer = signed("manager").post(PLAN, data, headers=JSON).json()
    assert answer["status"].startswith("已自动保存 ")
    assert answer["lines"][str(found.pk)] == {"revision": 1, "errors": {}}
    assert "第 1 条：责任人" in answer["parts"]["gate"]


def test_only_what_was_changed_here_is_saved(signed, company):
    found = plan_of(company).findings.get()
    edit_finding(
        finding=found, revision=0, changes={"problem": "副经理改过"}, by=company.manager, at=AT
    )
    data = typed(found, measure="换新") | {"do": "save", f"{found.pk}-revision": 1}
    signed("manager").post(PLAN, data, headers=JSON)
    found.refresh_from_db()
    assert (found.problem, found.measure) == ("副经理改过", "换新")


def test_a_stale_save_shows_both_versions(signed, company):
    found = plan_of(company).findings.get()
    edit_finding(finding=found, revision=0, changes={"measure": "甲"}, by=company.manager, at=AT)
    response = signed("manager").post(PLAN, typed(found, measure="乙") | {"do": "save"})
    assert response.status_code == 409
    page = body(response)
    assert "两个版本都在这里" in page
    assert "甲" in page and "乙" in page


@pytest.mark.parametrize(("take", "measure"), [("theirs", "甲"), ("mine", "乙")])
def test_the_second_chooses_field_by_field(signed, company, take, measure):
    found = plan_of(company).findings.get()
    edit_finding(finding=found, revision=0, changes={"measure": "甲"}, by=company.manager, at=AT)
    data = {
        "line": found.pk, f"{found.pk}-revision": 1, "do": "close",
        f"initial-{found.pk}-measure": "甲", f"{found.pk}-measure": "乙",
        f"take-{found.pk}-measure": take,
    }  # fmt: skip
    signed("manager").post(PLAN, data)
    found.refresh_from_db()
    assert (found.measure, found.problem) == (measure, "配电房缺少防小动物设施")


def test_a_wrong_value_is_named_and_kept_while_the_rest_is_saved(signed, company):
    found = plan_of(company).findings.get()
    data = typed(found, due="2011-09-01", measure="换新") | {"do": "close"}
    response = signed("manager").post(PLAN, data)
    assert "期限早于专项工作的第一天" in body(response)
    assert 'value="2011-09-01"' in body(response)
    found.refresh_from_db()
    assert (found.measure, found.due.isoformat()) == ("换新", "2011-11-20")


def test_somebody_elses_person_is_no_choice(signed, company):
    found = plan_of(company).findings.get()
    data = typed(found, responsible=str(company.other_manager.pk)) | {"do": "save"}
    errors = (
        signed("manager").post(PLAN, data, headers=JSON).json()["lines"][str(found.pk)]["errors"]
    )
    assert list(errors) == [f"{found.pk}-responsible"]


def test_typing_into_a_removed_line_brings_it_back(signed, company):
    plan = plan_of(company)
    found = plan.findings.get()
    data = typed(found, measure="接着写") | {"do": "save"}
    plan.findings.all().delete()
    answer = signed("manager").post(PLAN, data, headers=JSON).json()
    assert "已经重新加入" in answer["note"]
    again = plan.findings.get()
    assert (again.pk, again.problem, again.measure) == (found.pk, found.problem, "接着写")


def test_what_is_typed_into_a_submitted_plan_is_shown_to_be_copied(signed, company):
    found = plan_of(company).findings.get()
    submit_plan(plan=found.plan, by=company.manager, at=AT)
    data = typed(found, measure="迟来的一句") | {"do": "close", "new": "迟来的一条"}
    response = signed("manager").post(PLAN, data)
    assert response.status_code == 409
    assert "迟来的一句" in body(response) and "迟来的一条" in body(response)
    assert "方案已经提交，正在等管理中心审核" in body(response)


def test_an_addition_sent_twice_is_one_line(signed, company):
    data = {"do": "add", "new": "垃圾中转间异味", "new-id": str(uuid.uuid4())}
    for _ in range(2):
        answer = signed("manager").post(PLAN, data, headers=JSON).json()
    assert "垃圾中转间异味" in answer["row"]
    assert Finding.objects.count() == 1


@pytest.mark.parametrize("sent", ["new", "line"])
def test_a_line_of_another_project_is_no_id_for_a_new_one(signed, company, sent):
    plan = draft_plan(
        campaign=company.campaign, project=company.two, by=company.other_manager, at=AT
    )
    theirs = add_finding(plan=plan, problem="别人的问题", by=company.other_manager, at=AT)
    data = {"do": "add", "new": "垃圾中转间异味", "new-id": str(theirs.pk)}
    if sent == "line":
        data = typed(theirs, problem="改了") | {"do": "save"}
    response = signed("manager").post(PLAN, data)
    assert response.status_code in (409, 422) and "已经用于另一条记录" in body(response)
    assert theirs.problem not in body(response)
    assert list(Finding.objects.values_list("pk", "problem")) == [(theirs.pk, theirs.problem)]


def test_names_with_quotes_and_emoji_stay_as_they_are(signed, company):
    text = "“电梯”'s <b>灯</b> & 🙂\""
    signed("manager").post(PLAN, {"do": "add", "new": text})
    assert Finding.objects.get().problem == text
    assert "&lt;b&gt;灯&lt;/b&gt;" in body(signed("manager").get(PLAN))


@pytest.mark.parametrize(
    "data",
    [{"do": "edit:nonsense"}, {"do": "remove:nonsense"}, {"line": "nonsense", "do": "save"},
     {"do": "whatever"}, {"do": "pull:finding-1"}],
)  # fmt: skip
def test_nonsense_does_no_harm(signed, company, data):
    plan_of(company)
    assert signed("manager").post(PLAN, data).status_code in (302, 409)
    assert Finding.objects.count() == 1


def test_the_submit_button_is_blocked_with_the_reason_beside_it(signed, company):
    plan_of(company, line(company, measure="", due=None))
    page = body(signed("manager").get(PLAN))
    assert 'value="submit" disabled aria-describedby="gate-why"' in page
    assert "第 1 条：整改措施、期限" in page


def test_a_complete_plan_is_submitted(signed, company):
    plan = plan_of(company)
    page = body(signed("manager").post(PLAN, {"do": "submit", "plan-revision": 0}, follow=True))
    assert "已提交，等管理中心审核" in page
    plan.refresh_from_db()
    assert plan.submitted_by == company.manager


def test_submitting_an_incomplete_plan_is_refused_by_the_server_too(signed, company):
    plan = plan_of(company, line(company, measure=""))
    response = signed("manager").post(PLAN, {"do": "submit", "plan-revision": 0})
    assert "还没有写全：第 1 条：整改措施" in body(response)
    plan.refresh_from_db()
    assert plan.submitted_at is None


def test_earlier_findings_stand_beside_the_list_and_are_taken_up(signed, company):
    past = filed(company).findings.get()
    next_year(company)
    client = signed("manager")
    page = body(client.get("/c/c12/plans/P01/"))
    assert f'value="pull:finding-{past.pk}"' in page
    client.post("/c/c12/plans/P01/", {"do": f"pull:finding-{past.pk}"})
    assert Finding.objects.get(origin=past).plan.campaign.code == "c12"


# --- the verdict


def test_the_center_files_a_plan(signed, company):
    plan = submitted(company)
    page = body(signed("center").post(REVIEW, {"do": "file", "revision": 1}, follow=True))
    assert "1 条问题，0 条已整改" in page
    plan.refresh_from_db()
    assert plan.filed_by == company.center


def test_the_center_returns_a_plan_with_remarks_that_the_project_sees(signed, company):
    plan = submitted(company)
    found = plan.findings.get()
    signed("center").post(
        REVIEW, {"do": "return", "revision": 1, "reason": "太少", f"remark-{found.pk}": "写频次"}
    )
    page = body(signed("manager").get(PLAN))
    assert "都写全了，可以重新提交" in page
    assert "太少" in page and "写频次" in page


def test_a_return_without_a_reason_keeps_the_remarks_typed(signed, company):
    found = submitted(company).findings.get()
    response = signed("center").post(
        REVIEW, {"do": "return", "revision": 1, "reason": " ", f"remark-{found.pk}": "写频次"}
    )
    assert "写明退回的原因" in body(response)
    assert "写频次" in body(response)
    found.refresh_from_db()
    assert found.remark == ""


def test_of_two_reviewers_the_second_is_told_and_keeps_the_words(signed, company):
    plan = submitted(company)
    send_back_plan(plan=plan, reason="第一个", by=company.auditor, at=LATER)
    submit_plan(plan=plan, by=company.manager, at=LATER)
    response = signed("center").post(REVIEW, {"do": "return", "revision": 1, "reason": "第二个"})
    assert response.status_code == 409
    assert "第二个" in body(response)
    plan.refresh_from_db()
    assert plan.return_reason == "第一个"


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 403), ("lead", 403), ("executive", 403), ("other_manager", 404)],
)
def test_only_the_center_reviews(signed, company, who, status):
    plan = submitted(company)
    response = signed(who).post(REVIEW, {"do": "file", "revision": 1})
    assert response.status_code == status
    plan.refresh_from_db()
    assert plan.filed_at is None


# --- the list of plans


def test_people_of_one_project_go_straight_to_their_plan(signed, company):
    assert signed("worker").get(PLANS).headers["Location"] == PLAN


def test_people_of_two_projects_see_both(client, company):
    cast.post(company.manager, Role.PROJECT_MANAGER, project=company.two)
    client.force_login(User.objects.get(pk=company.manager.pk))
    page = body(client.get(PLANS))
    assert "锦澜府" in page and "翠屏苑" in page


def test_the_center_sees_first_what_waits_for_review(signed, company):
    submitted(company)
    page = body(signed("center").get(PLANS))
    assert "1 份方案等待审核" in page


def test_the_list_is_filtered_by_state(signed, company):
    submitted(company)
    page = body(signed("center").get(f"{PLANS}?show=waiting"))
    assert "锦澜府" in page and "翠屏苑" not in page


# --- the number of queries: whatever the frame around the page costs, rows add nothing


def cost(client, url):
    client.get(url)  # the first visit also writes the session
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_plan_page_costs_the_same_for_three_lines_as_for_one(signed, company):
    plan = plan_of(company)
    client = signed("manager")
    one = cost(client, PLAN)
    for _ in range(2):
        add_finding(plan=plan, by=company.manager, at=AT, **line(company))
    assert cost(client, PLAN) == one <= 20


def test_the_review_costs_the_same_for_three_lines_as_for_one(signed, company):
    client = signed("center")
    plan = submitted(company)
    one = cost(client, PLAN)
    send_back_plan(plan=plan, reason="x", by=company.center, at=LATER)
    for _ in range(2):
        add_finding(plan=plan, by=company.manager, at=AT, **line(company))
    submit_plan(plan=plan, by=company.manager, at=LATER)
    assert cost(client, PLAN) == one <= 17


def test_the_list_costs_the_same_for_three_plans_as_for_one(signed, company):
    submitted(company)
    client = signed("center")
    one = cost(client, PLANS)
    third = cast.project("P03", "云栖里")
    company.campaign.participations.create(project=third)
    for project in (company.two, third):
        plan_of(company, {"problem": "x"}, project=project)
    assert cost(client, PLANS) == one <= 18


# --- who was told of it


def test_who_was_told_of_a_plan_stands_beside_it(signed, company):
    plan = submitted(company)
    ledgers.told(company.campaign, company.manager, f"plan:{plan.pk}", "notice")
    assert "陈立群</b> 事项通知" in body(signed("center").get(PLAN))
