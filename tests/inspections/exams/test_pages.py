"""The pages of exams: who sees what, the list, setting one."""

import re

import pytest

from inspections.exam.results import publish_results
from inspections.models import Exam
from organization.roles import Role
from tests import cast
from tests.inspections.examining import (
    AFTER,
    BEFORE,
    CLOSES,
    LIST,
    address,
    bank,
    begun,
    body,
    exam,
    marked,
    online,
)
from tests.inspections.learning_needs import many_projects
from tests.queries import queries_of

# --- who sees what -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 200), ("manager", 200), ("lead", 200), ("center", 200), ("president", 200),
     ("executive", 200), ("worker", 404), ("head", 404), ("stranger", 404)],
)  # fmt: skip
def test_who_may_know_of_an_exam(signed, company, clock, who, status):
    elsewhere = cast.project("P09")
    company.stranger = cast.person("pm09", "外人", Role.PROJECT_MANAGER, project=elsewhere)
    held = exam(company)
    assert signed(who).get(address(held)).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("lead", 200), ("center", 200), ("president", 403), ("manager", 403), ("clerk", 403),
     ("other_lead", 403), ("worker", 404)],
)  # fmt: skip
def test_who_enters_results_and_changes_an_exam(signed, company, clock, who, status):
    order = company.lines["order"]
    company.other_lead = cast.person("lead2", "何队", Role.SPECIALTY_LEAD, specialty=order)
    held = exam(company)
    client = signed(who)
    assert client.get(address(held, "edit")).status_code == status
    assert client.post(address(held, "results")).status_code in (status, 302)


@pytest.mark.parametrize(
    ("who", "status"),
    [("lead", 200), ("center", 200), ("president", 200), ("executive", 200), ("manager", 403),
     ("clerk", 403), ("worker", 404)],
)  # fmt: skip
@pytest.mark.parametrize("page", [["results"], ["results", "excel"]])
def test_who_reads_results(signed, company, clock, page, who, status):
    assert signed(who).get(address(exam(company), *page)).status_code == status


def test_who_may_only_read_results_finds_nothing_to_fill_in(signed, company, clock):
    held = marked(company, exam(company), published=False)
    clock(AFTER)
    client = signed("executive")
    assert f'href="{address(held, "results")}"' in body(client.get(address(held)))
    page = body(client.get(address(held, "results")))
    assert "林小雨" in page and "80" in page and "<input" not in page.partition("<main")[2]
    written = online(company)
    assert client.get(address(written, "results")).url == address(written)


@pytest.mark.parametrize("door", ["answers", "hand-in", "move", "results/one", "results/import"])
def test_doors_that_only_post(signed, company, clock, door):
    assert signed("lead").get(address(online(company), door)).status_code == 405


def test_a_leader_sees_the_own_projects_people_and_figures(signed, company, clock):
    held = marked(company, exam(company))
    clock(AFTER)
    page = body(signed("manager").get(address(held)))
    assert "林小雨" in page and "王芳" in page and "赵欣" not in page
    assert "翠屏苑" not in page


def test_before_publication_who_runs_it_and_the_companys_leaders_see_points(signed, company, clock):
    held = marked(company, exam(company), published=False)
    clock(AFTER)
    for who in ("lead", "president", "executive"):
        assert "80.0" in body(signed(who).get(address(held)))
    for who in ("manager", "clerk"):
        page = body(signed(who).get(address(held)))
        assert not any(words in page for words in ("80.0", "80 分，", "3 人及格", "2 人及格"))
        assert "100.0%" not in body(signed(who).get(LIST))
    publish_results(exam=held, by=company.lead, at=AFTER)
    assert "<h1>80 分，及格</h1>" in body(signed("clerk").get(address(held)))


def test_one_sees_oneself_and_nobody_else(signed, company, clock):
    held = marked(company, exam(company))
    clock(AFTER)
    page = body(signed("clerk").get(address(held)))
    assert "80.0" in page and "王芳" not in page and "赵欣" not in page


# --- the list ------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_the_address(signed, company, clock):
    exam(company, title="笔试一场")
    online(company, title="在线一场")
    client = signed("center")
    assert "<h1>2 场考试正在进行</h1>" in body(client.get(LIST))
    page = body(client.get(f"{LIST}?form=online&show=open&specialty=customer_service"))
    assert "在线一场" in page and "笔试一场" not in page
    page = body(client.get(f"{LIST}?form=nonsense&show=x&specialty=y&page=999"))
    assert "在线一场" in page and "笔试一场" in page


def test_an_empty_list_says_what_to_do(signed, company):
    assert "安排一场考试：笔试、口试、实操或在线考试" in body(signed("lead").get(LIST))
    assert "专业负责人安排考试以后" in body(signed("worker").get(LIST))


@pytest.mark.parametrize("who", ["center", "manager", "clerk"])
def test_the_list_asks_the_same_of_the_database_for_few_and_many(signed, company, clock, who):
    client = signed(who)
    exam(company)
    few = queries_of(lambda: client.get(LIST))
    for number in range(12):
        exam(company, title=f"第 {number} 场")
    assert queries_of(lambda: client.get(LIST)) == few


@pytest.mark.parametrize(("who", "page"), [("lead", []), ("manager", []), ("lead", ["results"])])
def test_an_exams_page_asks_the_same_for_few_people_and_many(signed, company, clock, who, page):
    held = marked(company, exam(company))
    clock(AFTER)
    client = signed(who)
    few = queries_of(lambda: client.get(address(held, *page)))
    for at in range(40):
        cast.person(f"more{at}", f"员工{at}", Role.EMPLOYEE, project=company.one,
                    specialty=company.lines["customer_service"])  # fmt: skip
    crowd = marked(company, exam(company, title="大考"))
    assert queries_of(lambda: client.get(address(crowd, *page))) == few


# --- setting one ---------------------------------------------------------------------------

FORM = {
    "title": "客服应知应会", "form": "paper", "opens_at": "2011-10-29T09:00",
    "closes_at": "2011-10-29T11:00", "full_marks": "100", "pass_mark": "60", "place": "会议室",
    "roles": ["employee", "team_leader"],
}  # fmt: skip
NEW = f"{LIST}new/customer_service/"


def test_an_exam_is_set_on_its_page(signed, company, clock):
    response = signed("lead").post(NEW, FORM)
    held = Exam.objects.get()
    assert response.headers["Location"] == address(held)
    assert (held.opens_at, held.seats.count()) == (cast.moment(2011, 10, 29, 9), 3)


def test_what_is_refused_stays_typed_with_the_reason_beside_it(signed, company, clock):
    typed = FORM | {"closes_at": "2011-10-29T08:00", "place": "带“引号”的地方🙂"}
    response = signed("lead").post(NEW, typed)
    page = body(response)
    assert response.status_code == 422
    assert "结束要晚于开始。" in page and "带“引号”的地方🙂" in page
    assert 'value="2011-10-29T08:00"' in page


@pytest.mark.parametrize(
    "changes",
    [{"opens_at": "soon"}, {"form": "dance"}, {"full_marks": "NaN"}, {"projects": ["?"]},
     {"title": "长" * 121}, {"minutes": "-1"}],
)  # fmt: skip
def test_garbage_is_a_message_and_no_error(signed, company, clock, changes):
    assert signed("lead").post(NEW, FORM | changes).status_code == 422
    assert not Exam.objects.exists()


def test_projects_are_looked_for_among_many_and_stay_ticked(signed, company, clock):
    lead = signed("lead")
    few = queries_of(lambda: lead.get(NEW))
    many_projects(company, 300)
    assert queries_of(lambda: lead.get(NEW)) == few
    assert body(lead.get(NEW)).count('name="projects"') == 20
    typed = FORM | {"title": "", "place": "带“引号”的地方🙂", "projects": ["P01", "X299"]}
    found = lead.post(NEW, typed | {"find": "1", "q": "X01"})
    assert found.status_code == 200 and "带“引号”的地方🙂" in body(found)
    assert re.findall(r'name="projects" value="(\w+)" checked', body(found)) == ["P01", "X299"]
    assert "X015" in body(found) and "X020" not in body(found)
    assert not Exam.objects.exists()
    lead.post(NEW, FORM | {"projects": ["P01", "X299"]})
    held = Exam.objects.get()
    assert [each.code for each in held.projects.order_by("code")] == ["P01", "X299"]
    page = body(lead.get(address(held, "edit")))
    assert re.findall(r'name="projects" value="(\w+)" checked', page) == ["P01", "X299"]


def test_another_specialtys_exam_is_not_the_leads_to_set(signed, company, clock):
    assert signed("lead").get(f"{LIST}new/order/").status_code == 403
    assert signed("worker").get(NEW).status_code == 403


def test_a_stale_form_is_shown_again_with_what_was_typed(signed, company, clock):
    held = exam(company, opens_at=CLOSES, closes_at=AFTER)
    Exam.objects.update(revision=5)
    response = signed("lead").post(address(held, "edit"), FORM | {"revision": 0, "place": "顶楼"})
    assert response.status_code == 409
    assert "这场考试有了变化" in body(response) and "顶楼" in body(response)


def test_an_exam_is_changed_with_the_form_that_shows_it(signed, company, clock):
    clock(BEFORE)
    held = exam(company, is_for_all=True)
    client = signed("lead")
    page = body(client.get(address(held, "edit")))
    assert 'value="三楼会议室"' in page and 'value="2011-10-28T09:00"' in page
    client.post(address(held, "edit"), FORM | {"revision": held.revision})
    held.refresh_from_db()
    assert (held.place, held.is_for_all, held.revision) == ("会议室", False, 1)


def test_an_online_exam_draws_by_topic(signed, company, clock):
    bank(company)
    number = sorted(["服务礼仪", "投诉处理"]).index("服务礼仪")
    typed = {"form": "online", "minutes": 20, "attempts_allowed": 1, f"draw-{number}": 2}
    signed("lead").post(NEW, FORM | typed)
    held = Exam.objects.get()
    assert (held.draws, held.minutes) == ({"服务礼仪": 2}, 20)


def test_a_retake_invites_who_did_not_pass(signed, company, clock):
    held = exam(company, pass_mark=90)
    marked(company, held)
    clock(AFTER)
    client = signed("lead")
    assert "客户服务岗位应知应会（补考）" in body(client.get(f"{NEW}?retake={held.pk}"))
    client.post(f"{NEW}?retake={held.pk}", FORM)
    assert Exam.objects.get(retake_of=held).seats.count() == 3
    assert client.get(f"{NEW}?retake=nonsense").status_code == 200


def test_an_exam_that_has_begun_is_not_edited(signed, company, clock):
    held = online(company)
    begun(held, company.clerk)
    response = signed("lead").get(address(held, "edit"), follow=True)
    assert "考试安排不能再改" in body(response)


def test_called_off_needs_a_reason(signed, company, clock):
    clock(BEFORE)
    held = exam(company)
    client = signed("lead")
    response = client.post(address(held, "move"), {"do": "call_off", "reason": " "})
    assert response.status_code == 422 and "写明取消的原因" in body(response)
    client.post(address(held, "move"), {"do": "call_off", "reason": "台风"})
    assert "<h1>考试已取消</h1>" in body(client.get(address(held)))


def test_published_on_the_page_and_only_once(signed, company, clock):
    held = marked(company, exam(company), published=False)
    clock(AFTER)
    client = signed("lead")
    client.post(address(held, "move"), {"do": "publish"})
    assert Exam.objects.get().published_at == AFTER
    response = client.post(address(held, "move"), {"do": "publish"})
    assert response.status_code == 422 and "成绩已经公布" in body(response)
