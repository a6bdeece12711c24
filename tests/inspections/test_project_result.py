"""A project's result: who sees it, and that every figure leads down to what somebody saw."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.models import Participation
from inspections.models import AuditVisit, VisitObservation
from inspections.sheet import observations, sheets
from inspections.sheet.entries import Entry
from inspections.sheet.filled_forms import NO_REMARK
from inspections.sheet.result_page import NumberLine, ResultPage
from inspections.words import Method, ObservationKind
from organization.models import User
from organization.roles import Role
from scoring.bands import Banding
from tests import cast
from tests.inspections.asking import visit
from tests.inspections.entering import AT, confirm_all, item, missing, opened, submitted
from tests.inspections.writing import picture


def url(company, project="P01", name="project_result"):
    return reverse(name, args=[company.campaign.code, project])


@pytest.fixture
def read(company, client):
    """The result's page as `person` reads it."""

    def show(person="president", project="P01", name="project_result"):
        client.force_login(getattr(company, person))
        answer = client.get(url(company, project, name))
        assert answer.status_code == 200
        return answer.content.decode()

    return show


@pytest.fixture
def told(read):
    """The page of every deduction as `person` reads it."""
    return partial(read, name="result_deductions")


def finish(company, *, project=None, specialty="customer_service", lost=(), by=None):
    """A submitted sheet that lost points on the first requirements of its items, in order."""
    sheet = opened(company, project=project, specialty=specialty)
    for number, points in enumerate(lost, 1):
        missing(sheet, by or company.auditor, number=number, points=points)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    return sheet


def finish_all(company, *, project=None, lost=("2", "2", "2", "2")):
    for specialty in company.lines:
        finish(company, project=project, specialty=specialty, lost=lost)


# --- who --------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["president", "executive", "center", "lead", "admin"])
def test_the_company_reads_every_projects_result(read, person):
    assert "还没有评完的评分表" in read(person)


@pytest.mark.parametrize("person", ["manager", "head", "worker"])
def test_a_projects_people_read_their_own(company, read, person):
    finish(company, lost=["1.5"])
    assert "98.50" in read(person)


def test_another_project_does_not_exist_for_them(company, client):
    client.force_login(company.other_manager)
    assert client.get(url(company)).status_code == 404


def test_a_project_that_does_not_take_part_is_not_found(company, client):
    cast.project("P09", "外来项目")
    client.force_login(company.president)
    assert client.get(url(company, "P09")).status_code == 404


@pytest.mark.parametrize("name", ["project_result", "result_deductions", "recovery"])
def test_a_project_sees_nothing_of_an_unfinished_sheet(company, read, name):
    finish(company)
    running = opened(company, specialty="order")
    missing(running, company.auditor, note="暗访见到脱岗")
    page = read("manager", name=name)
    assert "暗访见到脱岗" not in page
    assert running.get_absolute_url() not in page
    assert "秩序维护未评完" in page or "、秩序维护" in page


def test_the_company_sees_how_far_an_unfinished_sheet_is(company, read):
    running = opened(company, specialty="order")
    missing(running, company.auditor)
    page = read("center")
    assert "未评完 1 / 4" in page
    assert running.get_absolute_url() in page


def test_ones_own_result_is_one_link(company, client):
    client.force_login(company.worker)
    answer = client.get(reverse("my_result", args=[company.campaign.code]))
    assert answer.url == url(company)


def test_who_works_in_no_project_has_no_own_result(company, client):
    client.force_login(company.president)
    assert client.get(reverse("my_result", args=[company.campaign.code])).status_code == 404


def test_with_posts_in_two_projects_the_higher_one_leads_to_both(company, client):
    cast.post(company.worker, Role.PROJECT_MANAGER, project=company.two)
    client.force_login(company.worker)
    answer = client.get(reverse("my_result", args=[company.campaign.code]), follow=True)
    assert answer.redirect_chain[-1][0] == url(company, "P02")
    assert f'href="{url(company)}"' in answer.content.decode()


# --- what it says -----------------------------------------------------------------------------


def test_a_final_result_says_composite_whole_points_band_and_rank(company, read):
    finish_all(company)
    page = read()
    assert "锦澜府：92.00 分，四舍五入 92，优秀" in page
    assert "等级按四舍五入到整数后的综合得分" in page
    assert "暂列" not in page


def test_the_way_to_the_next_band_is_said(company, read):
    finish_all(company, lost=("2", "2", "2", "2"))
    extra = opened(company, project=company.two)
    for line in range(1, 5):
        for number in range(1, 4):
            missing(extra, company.auditor, number=number, line=line, points="2")
    confirm_all(extra, company.auditor)
    sheets.submit_sheet(sheet=extra, by=company.auditor, at=AT)
    for specialty in ("facilities", "order", "environment"):
        finish(company, project=company.two, specialty=specialty, lost=("2", "2", "2", "2"))
    page = read("center", "P02")
    assert "88.00 分，四舍五入 88，良好" in page
    assert "距优秀还差 2.50 分" in page


def test_a_provisional_result_says_what_is_missing_and_has_no_band(company, read):
    finish(company, lost=["1.5"])
    page = read()
    assert "锦澜府：暂列 98.50 分，设施设备、秩序维护、环境维护未评完" in page
    assert "不排名、不定等级、不计奖惩" in page
    assert "名次" not in page


def test_a_specialty_that_the_project_does_not_have_is_not_applicable(company, read):
    Participation.objects.get(project=company.one).lacks.add(company.lines["environment"])
    for specialty in ("customer_service", "facilities", "order"):
        finish(company, specialty=specialty, lost=("2", "2", "2", "2"))
    page = read()
    assert "92.00 分，四舍五入 92，优秀" in page
    assert "不适用" in page


def test_a_deduction_stands_with_all_that_is_known_of_it(company, told):
    sheet = opened(company)
    missing(
        sheet, company.center, number=2, line=3, points="1.5", method=Method.CUSTOMER_CALLBACK,
        note="抽访 6 户，3 户没有回访", photos=[picture()],
    )  # fmt: skip
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    page = told("manager")
    for words in (
        "项目2",
        "3. 要求3",
        "−1.5",
        "客户回访",
        "抽访 6 户，3 户没有回访",
        "周婷",
        "10:00",
    ):
        assert words in page
    assert "/files/" in page


def test_of_two_observations_both_are_shown_and_the_larger_is_marked(company, told):
    sheet = opened(company)
    missing(sheet, company.auditor, points="1.0", note="登记簿缺回访")
    later = AT + timedelta(hours=1)
    missing(sheet, company.center, points="1.5", note="住户说没有回访", at=later)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=later)
    page = told()
    assert page.count("计入</span>") == 1
    assert page.index("登记簿缺回访") < page.index("计入</span>") < page.index("住户说没有回访")
    assert "98.50" in page


def test_what_cost_most_comes_first(company, read):
    finish(company, lost=["0.5", "2", "1"])
    dearest = read().split('id="dearest"')[1].split("</section>")[0]
    assert dearest.index("项目2") < dearest.index("项目3") < dearest.index("项目1")


def test_a_deduction_on_a_whole_item_says_what_was_noted(company, read):
    sheet = opened(company)
    entry = Entry(
        ObservationKind.MISSING, item(sheet), points=Decimal("9"), method="open", note="<b>门岗</b>"
    )
    observations.observe_many(sheet=sheet, entries=[entry], by=company.auditor, at=AT)
    missing(sheet, company.auditor, number=2)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    dearest = read().split('id="dearest"')[1].split("</section>")[0]
    assert dearest.index("&lt;b&gt;门岗&lt;/b&gt;") < dearest.index("要求1")


def test_what_people_wrote_is_no_markup(company, told):
    sheet = opened(company)
    missing(sheet, company.auditor, note="<i>灯不亮</i>")
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    User.objects.filter(pk=company.auditor.pk).update(name="<i>孙浩</i>")
    page = told()
    assert "&lt;i&gt;灯不亮&lt;/i&gt;" in page
    assert "&lt;i&gt;孙浩&lt;/i&gt;" in page


def test_what_was_withdrawn_is_not_shown(company, told):
    sheet = opened(company)
    seen = missing(sheet, company.auditor, note="看错了")
    observations.withdraw(observation=seen, by=company.auditor, at=AT)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert "看错了" not in told()


def test_not_applicable_stands_with_its_reason(company, read, told):
    sheet = opened(company)
    observations.mark_not_applicable(
        sheet=sheet, item=item(sheet, 4), reason="无备用发电机", by=company.auditor, at=AT
    )
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert "无备用发电机" in told("manager")
    assert "75.0 / 75" in read("manager")


def test_an_imported_deduction_on_the_whole_item_is_shown(company, told):
    sheet = opened(company)
    entry = Entry(
        ObservationKind.MISSING, item(sheet), points=Decimal("3.25"), method="open", note=NO_REMARK
    )
    observations.observe_many(sheet=sheet, entries=[entry], by=company.auditor, at=AT)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    page = told("manager")
    assert "−3.25" in page
    assert "表格导入" in page


def test_a_note_leads_to_its_visit_whoever_may_look_at_it(company, told):
    """A project, once the visit is over; the company from the beginning."""
    going = visit(company)
    sheet = opened(company)
    seen = missing(sheet, company.auditor)
    VisitObservation.objects.create(observation=seen, visit=going)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    link = reverse("audit_visit", args=[company.campaign.code, going.pk])
    assert link in told("center")
    assert link not in told("manager")
    AuditVisit.objects.filter(pk=going.pk).update(finished_at=AT)
    assert link in told("manager")


def test_an_item_that_is_used_up_says_so(company, told):
    sheet = opened(company, items=20)  # 5 points each
    for line in range(1, 5):
        missing(sheet, company.auditor, line=line, points="2")
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    page = told()
    assert "本项已扣完" in page
    assert "95.00" in page


def test_the_figures_of_the_page_are_those_of_the_standing(company, read):
    finish_all(company, lost=("0.7", "1.3", "0.9"))
    result = ResultPage(company.campaign, company.one, company.president)
    assert result.composite == Decimal("97.10")
    assert sum(page.lost for page in result.pages) == Decimal("11.6")
    assert "97.10" in read()


# --- the number line --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("composite", "pin", "first"),
    [("90.50", "68.33%", 70), ("100", "100.00%", 70), ("55.2", "10.40%", 50)],
)
def test_the_number_line_is_to_scale(company, composite, pin, first):
    line = NumberLine(Banding(company.campaign), Decimal(composite))
    assert (line.pin, line.first) == (pin, first)
    ends = [Decimal(each.width.rstrip("%")) for each in line.stretches]
    assert abs(sum(ends) - 100) < Decimal("0.05")


def test_ticks_are_where_one_band_ends(company):
    line = NumberLine(Banding(company.campaign), Decimal("85"))
    assert [figure for _place, figure in line.ticks] == ["79.5", "90.5"]


# --- what it costs ----------------------------------------------------------------------------


def test_the_page_asks_the_same_questions_for_few_and_for_many_observations(company, client):
    def asked(project):
        client.force_login(company.president)
        client.get(url(company, project))
        with CaptureQueriesContext(connection) as questions:
            client.get(url(company, project))
        return len(questions)

    finish_all(company, lost=["0.5"])
    for specialty in company.lines:
        sheet = opened(company, project=company.two, specialty=specialty)
        for number in range(1, 5):
            for line in range(1, 5):
                missing(sheet, company.auditor, number=number, line=line, photos=[picture()])
        confirm_all(sheet, company.auditor)
        sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT + timedelta(hours=1))
    assert asked("P01") == asked("P02") <= 32


def test_a_submitted_sheet_leads_to_the_projects_result(company, client):
    sheet = submitted(company)
    client.force_login(company.manager)
    assert url(company) in client.get(sheet.get_absolute_url()).content.decode()
