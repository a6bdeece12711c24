"""The findings' pages: the list, one finding, its forms and pictures."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.finding.findings import open_finding, reopen, verify
from inspections.models import Finding
from inspections.plan.plans import add_finding
from inspections.words import Moment
from organization.models import User
from organization.roles import Role
from tests import cast
from tests.campaign import ledgers
from tests.inspections.writing import (
    AT,
    LATER,
    filed,
    finding_of,
    line,
    picture,
    plan_of,
    rectified,
)

FINDINGS = "/c/c11/findings/"
NEW = "/c/c11/findings/new/"
JSON = {"Accept": "application/json"}
DONE = LATER + timedelta(days=2)


def body(response):
    return response.content.decode()


@pytest.fixture
def signed(client, company):
    def as_person(name):
        client.force_login(User.objects.get(pk=getattr(company, name).pk))
        return client

    return as_person


def record(client, found, **data):
    fields = {"do": "rectify", "revision": found.revision, "text": "已经加装"}
    return client.post(found.get_absolute_url(), fields | data)


# --- who sees what


@pytest.mark.parametrize("who", ["manager", "worker", "head", "center", "lead", "president"])
def test_a_finding_is_read_by_its_project_and_by_company_roles(signed, company, who):
    found = finding_of(company)
    assert "<h1>配电房缺少防小动物设施</h1>" in body(signed(who).get(found.get_absolute_url()))


def test_a_strangers_finding_does_not_exist(signed, company):
    found = rectified(company)
    client = signed("other_manager")
    assert client.get(found.get_absolute_url()).status_code == 404
    assert record(client, found).status_code == 404
    assert client.get(f"/files/{found.photos.first().file_id}/").status_code == 404


def test_the_line_of_an_unfiled_plan_has_no_finding_page(signed, company):
    found = plan_of(company).findings.get()
    assert signed("manager").get(found.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("worker", 302), ("manager", 302), ("center", 403), ("executive", 403), ("colleague", 403)],
)
def test_who_may_record_a_rectification(signed, company, who, status):
    company.colleague = cast.person("emp02", "赵亮", Role.EMPLOYEE, project=company.one)
    found = finding_of(company)
    response = record(signed(who), found, before=[picture()], after=[picture()])
    assert response.status_code == status


def test_the_head_of_the_persons_department_may_and_another_head_may_not(signed, company):
    found = finding_of(company)
    assert record(signed("head"), found).status_code == 403
    cast.post(company.head, Role.DEPARTMENT_HEAD, project=company.one, department="秩序部")
    response = record(signed("head"), found, before=[picture()], after=[picture()])
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("who", "status"),
    [("center", 302), ("auditor", 302), ("lead", 403), ("manager", 403), ("executive", 403)],
)
def test_who_may_verify(signed, company, who, status):
    found = rectified(company)
    data = {"do": "verify", "revision": found.revision}
    assert signed(who).post(found.get_absolute_url(), data).status_code == status


def test_a_lead_verifies_the_own_specialty(signed, company):
    found = rectified(company, specialty=company.lines["customer_service"])
    signed("lead").post(found.get_absolute_url(), {"do": "verify", "revision": found.revision})
    found.refresh_from_db()
    assert found.verified_by == company.lead


# --- recording what was done


def test_the_responsible_person_records_words_and_pictures(signed, company):
    found = finding_of(company)
    response = record(
        signed("worker"), found, before=[picture()], after=[picture("甲.png"), picture("乙.png")]
    )
    assert response.headers["Location"] == found.get_absolute_url()
    found.refresh_from_db()
    assert (found.rectified_by, found.rectification) == (company.worker, "已经加装")
    assert found.photos.filter(moment=Moment.AFTER).count() == 2


def test_what_is_missing_is_said_and_the_rest_is_kept(signed, company):
    found = finding_of(company)
    response = record(signed("worker"), found, text="写了很多", after=[picture()])
    page = body(response)
    assert "还缺整改前照片。" in page and "写了很多" in page
    assert "还缺整改后照片。" not in page
    found.refresh_from_db()
    assert found.rectified_at is None
    assert found.photos.get().moment == Moment.AFTER


def test_a_broken_picture_is_named_and_does_not_take_the_others_along(signed, company):
    found = finding_of(company)
    broken = SimpleUploadedFile("坏的.jpg", b"\xff\xd8\xff nonsense", "image/jpeg")
    page = body(record(signed("worker"), found, text="写了", before=[picture(), broken]))
    assert "写了" in page
    assert found.photos.count() == 1
    assert "图片损坏，无法打开。" in page


def test_a_file_that_is_no_picture_is_refused(signed, company):
    found = finding_of(company)
    pdf = SimpleUploadedFile("说明.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    assert "说明.pdf”不是可以上传的文件类型" in body(record(signed("worker"), found, after=[pdf]))


def test_pictures_are_kept_as_soon_as_they_are_chosen(signed, company):
    found = finding_of(company)
    answer = signed("worker").post(
        found.get_absolute_url(), {"do": "photos", "before": [picture()]}, headers=JSON
    ).json()  # fmt: skip
    assert answer["errors"] == {}
    assert str(found.photos.get().file_id) in answer["parts"]["shots_before"]
    assert answer["parts"]["lacks"].count("还缺整改后照片。") == 1


def test_a_wrong_picture_is_taken_away(signed, company):
    found = finding_of(company)
    client = signed("worker")
    client.post(found.get_absolute_url(), {"do": "photos", "after": [picture()]})
    client.post(found.get_absolute_url(), {"do": f"remove:{found.photos.get().pk}"})
    assert not found.photos.exists()


def test_words_for_a_finding_that_moved_on_are_shown_to_be_copied(signed, company):
    found = rectified(company)
    response = record(signed("worker"), found, revision=0, text="第二份说明")
    assert "没有存上的内容" in body(response) and "第二份说明" in body(response)
    found.refresh_from_db()
    assert found.rectification == "已经加装"


def test_an_unknown_order_does_nothing(signed, company):
    found = finding_of(company)
    assert signed("worker").post(found.get_absolute_url(), {"do": "x"}).status_code == 400
    assert signed("worker").post(found.get_absolute_url(), {"do": "remove:x"}).status_code == 302


# --- verification


def test_reopening_without_a_reason_is_refused_at_the_field(signed, company):
    found = rectified(company)
    response = signed("center").post(
        found.get_absolute_url(), {"do": "reopen", "revision": found.revision, "note": ""}
    )
    assert "写明退回的原因" in body(response)
    found.refresh_from_db()
    assert found.rectified_at


def test_a_reopened_finding_shows_the_reason_to_who_has_to_act(signed, company):
    found = rectified(company)
    signed("center").post(
        found.get_absolute_url(), {"do": "reopen", "revision": found.revision, "note": "角落还缺"}
    )
    page = body(signed("worker").get(found.get_absolute_url()))
    assert "周婷退回时说：角落还缺" in page and "已经加装</textarea>" in page


def test_a_verdict_on_a_finding_that_moved_on_keeps_the_words(signed, company):
    found = rectified(company)
    verify(finding=found, by=company.auditor, at=DONE)
    response = signed("center").post(
        found.get_absolute_url(), {"do": "reopen", "revision": 1, "note": "还要再看"}
    )
    assert "这条问题已经验证通过" in body(response) and "还要再看" in body(response)


def test_the_story_tells_every_step(signed, company):
    found = rectified(company)
    reopen(finding=found, reason="角落还缺", by=company.center, at=DONE)
    page = body(signed("manager").get(found.get_absolute_url()))
    steps = ["写下问题", "列入整改", "整改完成", "退回重改", "待整改"]
    story = page[page.index('class="story"') :]
    assert [step for step in steps if step in story] == steps


# --- opened directly


def test_the_center_opens_a_finding_with_a_picture(signed, company):
    data = {
        "problem": "消防通道堆放杂物", "specialty": company.lines["order"].pk,
        "responsible": company.worker.pk, "due": "2011-11-20", "photos": [picture()],
    }  # fmt: skip
    signed("center").post(f"{NEW}?project=P01", data)
    found = Finding.objects.get()
    assert (found.source, found.project, found.photos.count()) == ("audit", company.one, 1)


def test_what_a_new_finding_lacks_is_said_and_the_rest_kept(signed, company):
    response = signed("center").post(
        f"{NEW}?project=P01", {"problem": "堆放杂物", "due": "2011-09-01"}
    )
    page = body(response)
    assert "期限早于专项工作的第一天" in page and "堆放杂物</textarea>" in page
    assert not Finding.objects.exists()


def test_a_lead_opens_findings_of_the_own_specialty_only(signed, company):
    page = body(signed("lead").get(f"{NEW}?project=P01"))
    assert "客户服务" in page and "设施设备" not in page


@pytest.mark.parametrize("who", ["manager", "executive", "admin"])
def test_nobody_else_opens_findings(signed, company, who):
    assert signed(who).get(NEW).status_code == 403


# --- the list


def listed(client, query=""):
    return body(client.get(f"{FINDINGS}{query}"))


def test_an_empty_list_says_what_will_be_here(signed, company):
    assert "实施方案备案后，里面的问题会列在这里" in listed(signed("worker"))


def test_lines_of_a_plan_that_is_not_filed_are_no_findings(signed, company):
    plan_of(company)
    assert "配电房" not in listed(signed("center"), "?show=all")


@pytest.mark.parametrize(
    ("show", "seen"),
    [("open", "北门岗"), ("overdue", "北门岗"), ("waiting", "配电房"), ("verified", "大堂")],
)
def test_each_tab_shows_its_own(signed, company, show, seen):
    problems = ("配电房", "北门岗", "大堂")
    lines = [line(company, problem=each, due=date(2011, 10, 1)) for each in problems]
    plan = filed(company, *lines)
    waiting, _open, done = plan.findings.all()
    for found in (waiting, done):
        Finding.objects.filter(pk=found.pk).update(rectified_at=LATER, rectified_by=company.worker)
    Finding.objects.filter(pk=done.pk).update(verified_at=DONE, verified_by=company.center)
    page = listed(signed("center"), f"?show={show}")
    assert [problem for problem in problems if problem in page] == [seen]
    assert "1 条已逾期，1 条待验证" in page


def test_a_project_sees_its_own_findings_only(signed, company):
    finding_of(company)
    assert "配电房" not in listed(signed("other_manager"), "?show=all")


@pytest.mark.parametrize(
    ("query", "seen"),
    [("project=P02", "乙"), ("specialty=order", "乙"), ("person={worker}", "甲"), ("", "甲乙")],
)
def test_the_list_is_narrowed_by_what_stands_in_the_address(signed, company, query, seen):
    finding_of(company, problem="甲问题")
    open_finding(
        campaign=company.campaign, project=company.two, problem="乙问题", by=company.center,
        specialty=company.lines["order"], due=date(2099, 1, 1), at=LATER,
    )  # fmt: skip
    page = listed(signed("center"), f"?show=all&{query.format(worker=company.worker.pk)}")
    assert "".join(word for word in "甲乙" if f"{word}问题</a>" in page) == seen


def test_nonsense_in_the_address_shows_the_ordinary_list(signed, company):
    finding_of(company)
    page = listed(signed("center"), "?show=x&project=x&specialty=x&person=x&page=x")
    assert "配电房" in page


def test_pages_have_twenty_findings_unless_more_are_asked_for(signed, company):
    plan = filed(company)
    Finding.objects.bulk_create(
        Finding(
            campaign=plan.campaign, project=plan.project, plan=plan, problem=f"问题{n}",
            created_at=AT, opened_at=AT, due=date(2099, 1, 1),
        )
        for n in range(60)
    )  # fmt: skip
    center = signed("center")
    assert "1–20，共 61" in listed(center)
    assert "1–50，共 61" in listed(center, "?size=50")


def cost(client, url):
    client.get(url)  # the first visit also writes the session
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("who", ["center", "manager"])
def test_the_list_costs_the_same_for_three_findings_as_for_one(signed, company, who):
    plan = filed(company)
    client = signed(who)
    one = cost(client, FINDINGS)
    for responsible in (company.head, company.manager):
        open_finding(
            campaign=company.campaign, project=plan.project, problem="又一条", at=LATER,
            specialty=company.lines["order"], due=date(2011, 11, 1), responsible=responsible,
            by=company.center,
        )  # fmt: skip
    assert cost(client, FINDINGS) == one <= 18


def test_a_finding_costs_the_same_for_three_pictures_as_for_one(signed, company):
    found = rectified(company)
    client = signed("worker")
    one = cost(client, found.get_absolute_url())
    client.post(found.get_absolute_url(), {"do": "photos", "before": [picture(), picture()]})
    assert found.photos.count() == 4
    assert cost(client, found.get_absolute_url()) == one <= 17


def test_lines_of_a_running_plan_do_not_slow_the_list(signed, company):
    filed(company)
    two = plan_of(company, {"problem": "x"}, project=company.two)
    client = signed("center")
    one = cost(client, FINDINGS)
    add_finding(plan=two, problem="y", by=company.other_manager, at=AT)
    assert cost(client, FINDINGS) == one


# --- who was told of it


def test_who_was_told_of_it_stands_on_its_page(signed, company):
    found = finding_of(company)
    ledgers.told(company.campaign, company.worker, f"finding:{found.pk}", "after-1")
    page = body(signed("manager").get(found.get_absolute_url()))
    assert "马超</b> 逾期 1 天" in page
