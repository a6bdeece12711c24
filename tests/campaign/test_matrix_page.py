"""The filing matrix as people use it: the answer, chips, cells, reminding and the workbook."""

import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from campaign.matrix_excel import matrix_workbook
from campaign.models import Message, Milestone, Obligation
from organization.roles import Role
from tests import cast
from tests.campaign.filing import AT, accepted, milestones, owed, page, submitted
from tests.campaign.filing import write_facts as write
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(company):
    return milestones(company)


@pytest.fixture
def due(company, found):
    return owed(company, found)


def address(company, name="matrix"):
    return reverse(name, args=[company.campaign.code])


def opened(client, person, company, **query):
    client.force_login(person)
    return client.get(address(company), query)


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def rows_in(response) -> list[str]:
    return re.findall(r'class="stick" scope="row">([^<]+)<', response.content.decode())


# --- the first line ---------------------------------------------------------------------


def test_the_first_line_is_the_answer(company, due):
    submitted(due["one"], company.manager)
    write(due["training"], returned_at=AT)
    assert page(company, company.center).answer == "2 家逾期未报，1 项退回待补，1 项等您审核"
    assert page(company, company.executive).answer == "2 家逾期未报，1 项退回待补，1 项待审核"


def test_a_project_reads_of_its_own_tasks(company, due):
    assert page(company, company.manager).answer == "2 项逾期未报"


def test_the_answer_is_about_the_group_that_is_shown(company, due):
    submitted(due["one"], company.manager)
    assert page(company, company.center, owes="specialty").answer == "该报的都已报齐"
    assert page(company, company.center, owes="project").answer == "2 家逾期未报，1 项等您审核"


def test_when_nothing_is_missing_it_says_so(company, due):
    for each in ("one", "two", "plan"):
        accepted(due[each], company.center)
    assert page(company, company.center).answer == "该报的都已报齐"
    for each in ("training", "policies"):
        write(due[each], submitted_at=AT, accepted_at=AT)
    assert page(company, company.center).answer == "已全部报齐"


def test_before_the_start_it_says_what_will_be_here(client, company):
    company.campaign.started_at = None
    company.campaign.save()
    shown = text_of(opened(client, company.center, company))
    assert "还没有要报送的任务" in shown
    assert "开始以后，每个项目、专业口和管理中心要报送的任务会列在这里" in shown


# --- cells ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "days", "word"),
    [
        (date(2011, 10, 10), None, "逾 10 天"),
        (date(2011, 10, 19), None, "逾 1 天"),
        (date(2011, 10, 20), None, "今天"),
        (date(2011, 10, 22), None, "还剩 2 天"),
        (date(2011, 10, 10), 0, "通过"),
        (date(2011, 10, 10), 3, "迟 3 天"),
    ],
)
def test_a_cell_says_how_it_stands(company, found, due_on, days, word):
    one = write(cast.obligation(found["kickoff"], project=company.one), due=due_on)
    if days is not None:
        accepted(one, company.center, days)
    assert f"</span>{word}</a>" in page(company, company.center).groups[0].drawn


def test_before_its_phase_a_cell_has_not_begun(company, due):
    groups = page(company, company.center).groups
    assert "</span>未开始</a>" in groups[2].drawn
    assert "</span>还剩 8 天</a>" in groups[1].drawn


def test_what_came_back_and_is_late_shows_both(company, due):
    write(due["one"], returned_at=AT)
    drawn = page(company, company.center).groups[0].drawn
    assert 'title="退回后没有再报"' in drawn
    assert "逾 10 天" in drawn


def test_what_a_row_does_not_owe_is_one_block_that_says_whose_it_is(company, due):
    projects, specialties, center = (g.drawn for g in page(company, company.center).groups)
    assert '<td class="none" colspan="2" rowspan="2"><span>由专业口和管理中心报送' in projects
    assert projects.count('class="none"') == 1
    assert "由项目报送" in specialties
    assert "由管理中心报送" in specialties
    assert "由项目和专业口报送" in center


def test_a_cell_leads_to_its_page_and_the_plans_to_the_plan(company, due):
    drawn = page(company, company.center).groups[0].drawn
    assert f'href="{due["two"].get_absolute_url()}"' in drawn
    assert f'href="{reverse("plan", args=[company.campaign.code, "P01"])}"' in drawn
    assert due["plan"].get_absolute_url() not in drawn


def test_a_name_is_text_whatever_it_is_made_of(client, company, due):
    company.one.name = '<b>"锦澜府"</b> 😀'
    company.one.save()
    assert "<b>&quot;" not in opened(client, company.center, company).content.decode()
    assert "&lt;b&gt;&quot;锦澜府" in opened(client, company.center, company).content.decode()


def test_the_last_column_says_what_is_to_be_done(company, due):
    submitted(due["two"], company.other_manager)
    drawn = page(company, company.center).groups[0].drawn
    assert "缺 2 项" in drawn
    assert ">审核<" in drawn
    assert ">审核<" not in page(company, company.executive).groups[0].drawn
    accepted(due["two"], company.center)
    assert ">齐<" in page(company, company.center).groups[0].drawn


# --- chips and order stand in the address -------------------------------------------------


def test_every_chip_leads_to_as_many_rows_as_it_says(client, company, due):
    submitted(due["two"], company.other_manager)
    write(due["training"], returned_at=AT)
    html = opened(client, company.center, company, sort="name").content.decode()
    chips = re.findall(r'class="chip" href="([^"]+)".*?<b>(\d+)</b>', html)
    assert len(chips) == 7
    for query, number in chips:
        answered = client.get(address(company) + query.replace("&amp;", "&"))
        assert len(rows_in(answered)) == int(number)
        assert "sort=name" in query


def test_a_row_that_no_filter_leaves_is_offered_back(client, company, due):
    shown = opened(client, company.center, company, q="没有")
    assert "没有符合条件的单位" in text_of(shown)
    assert f'href="{address(company)}"' in shown.content.decode()


def test_it_can_be_kept_as_a_view(client, company, due):
    html = opened(client, company.center, company, state="overdue").content.decode()
    assert reverse("saved_views") in html


# --- who sees it -------------------------------------------------------------------------


def test_company_roles_see_every_row(client, company, due):
    for person in (
        company.president,
        company.executive,
        company.center,
        company.lead,
        company.admin,
    ):
        assert len(rows_in(opened(client, person, company))) == 4


def test_a_projects_people_see_their_own_row(client, company, due):
    for person in (company.manager, company.head, company.worker):
        shown = opened(client, person, company)
        assert rows_in(shown) == ["锦澜府"]
        assert 'form="remind"' not in shown.content.decode()
    assert rows_in(opened(client, company.manager, company, q="翠屏苑")) == []


def test_who_takes_no_part_learns_nothing(client, company, due):
    three = cast.project("P03", "湖岸北里")
    stranger = cast.person("pm03", "邓志远", Role.PROJECT_MANAGER, project=three)
    client.force_login(stranger)
    for name in ("matrix", "matrix_excel"):
        assert client.get(address(company, name)).status_code == 404
    assert client.post(address(company, "matrix_remind")).status_code == 404


def test_it_is_only_looked_at(client, company, due):
    client.force_login(company.center)
    assert client.post(address(company)).status_code == 405
    assert client.get(address(company, "matrix_remind")).status_code == 405


# --- reminding ---------------------------------------------------------------------------


def press(client, person, company, query="", **data):
    client.force_login(person)
    return client.post(address(company, "matrix_remind") + query, data, follow=True)


def people_told():
    return set(Message.objects.values_list("person__username", flat=True))


def test_one_press_reminds_of_everything_overdue(client, company, due):
    answered = press(client, company.center, company, "?sort=name")
    assert people_told() == {"pm01", "pm02", "lead-service", "center", "auditor"}
    assert "已提醒 5 人：5 项任务。" in text_of(answered)
    assert answered.request["QUERY_STRING"] == "sort=name"
    assert "逾期的今天都已提醒" in text_of(answered)


def test_the_filters_in_the_address_narrow_who_is_reminded(client, company, due):
    press(client, company.center, company, "?owes=specialty")
    assert people_told() == {"lead-service"}


def test_a_rows_button_reminds_of_that_row(client, company, due):
    answered = press(client, company.center, company, subject="project:P02")
    assert people_told() == {"pm02"}
    assert "今天已提醒" in text_of(answered)


def test_the_companys_own_row_can_be_reminded(client, company, due):
    press(client, company.president, company, subject="company")
    assert people_told() == {"center", "auditor"}


def test_pressing_again_says_that_it_was_done(client, company, due):
    press(client, company.center, company, subject="project:P02")
    assert "今天已经提醒过" in text_of(
        press(client, company.center, company, subject="project:P02")
    )
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "subject", ["project:", "project:X", "phase:P01", "company:1", "😀", "a\0"]
)
def test_a_row_that_is_not_there_reminds_nobody(client, company, due, subject):
    answered = press(client, company.center, company, subject=subject)
    assert "不用提醒" in text_of(answered)
    assert not Message.objects.exists()


def test_who_only_reads_may_not_remind(client, company, due):
    for person in (company.lead, company.admin, company.manager, company.worker):
        assert press(client, person, company).status_code == 403
    assert not Message.objects.exists()


def test_the_button_says_when_it_was_last_done(company, due):
    write(due["two"], reminded_at=AT - timedelta(days=2))
    assert "上次提醒 10月18日" in page(company, company.center).groups[0].drawn
    write(due["two"], reminded_at=AT)
    shown = page(company, company.center)
    assert "今天已提醒" in shown.groups[0].drawn
    assert shown.counts["rows_to_remind"] == 1


# --- the workbook ------------------------------------------------------------------------


def sheet_of(company, person, **params):
    data = matrix_workbook(page(company, person, **params))
    return load_workbook(io.BytesIO(data)).active


def words(row) -> list:
    return [cell.value for cell in row]


def test_the_workbook_is_what_is_seen(client, company, due):
    accepted(due["one"], company.center, days=2)
    sheet = sheet_of(company, company.center, sort="name")
    assert words(sheet[7]) == ["锦澜府", "陈立群", "高新", "迟 2 天", "逾 2 天", None, None, 1]
    assert [row[0].value for row in sheet.iter_rows(min_row=7)] == [
        "锦澜府",
        "翠屏苑",
        "客户服务",
        "管理中心",
    ]
    assert sheet.freeze_panes == "D7"
    only = sheet_of(company, company.center, owes="specialty")
    assert [row[0].value for row in only.iter_rows(min_row=7)] == ["客户服务"]


def test_days_are_days_and_states_have_a_fill(company, due):
    sheet = sheet_of(company, company.center, sort="name")
    assert sheet["D4"].value.date() == date(2011, 10, 10)
    assert sheet["D4"].number_format == "yyyy-mm-dd"
    assert sheet["D7"].value == "逾 10 天"
    assert sheet["D7"].fill.fgColor.rgb == "FFFDEBE9"
    assert sheet["F7"].fill.fgColor.rgb == "FFEEF1F5"


def test_no_text_becomes_a_formula(company, due):
    company.one.name = "=1+1"
    company.one.region = "@x"
    company.one.save()
    Milestone.objects.filter(code="kickoff").update(title_zh_hans="-cmd")
    sheet = sheet_of(company, company.center, sort="name")
    for place in ("A7", "C7", "D6"):
        assert sheet[place].data_type == "s"
        assert sheet[place].quotePrefix


def test_the_workbook_is_handed_out_as_a_file(client, company, due):
    client.force_login(company.manager)
    answered = client.get(address(company, "matrix_excel"))
    assert 'filename="filing-c11.xlsx"' in answered["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(answered.content)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=7)] == ["锦澜府"]


# --- the same work for few and for many -----------------------------------------------------


def add_projects(company, found, count, start=0):
    for number in range(start, start + count):
        project = cast.project(f"N{number:03}", f"新{number}")
        cast.post(company.other_manager, Role.PROJECT_MANAGER, project=project)
        for code in ("kickoff", "plan"):
            cast.obligation(found[code], project=project)


@pytest.mark.parametrize("name", ["matrix", "matrix_excel"])
@pytest.mark.parametrize("sort", ["late", "kickoff"])
def test_more_rows_ask_no_more_of_the_database(
    client, company, found, due, django_assert_num_queries, name, sort
):
    client.force_login(company.center)

    def look():
        return client.get(address(company, name), {"sort": sort})

    few = queries_of(look)
    for count, start in ((26, 0), (270, 26)):
        add_projects(company, found, count, start)
        with django_assert_num_queries(few):
            look()


def test_fifty_rows_are_sent_of_three_hundred(client, company, found):
    Obligation.objects.bulk_create(
        Obligation(campaign=company.campaign, milestone=found["kickoff"], project=each, due=day)
        for each, day in (
            (cast.project(f"N{n:03}", f"新{n}"), timezone.localdate()) for n in range(300)
        )
    )
    assert len(rows_in(opened(client, company.center, company))) == 50
    assert "251–300，共 300" in text_of(opened(client, company.center, company, page=6))
