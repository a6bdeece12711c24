"""What is due of sheets, and the list that shows how far all are."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.models import Participation
from campaign.setup import enter_projects
from inspections.models import ScoreSheet
from organization.errors import Refused
from tests import cast
from tests.inspections.entering import (
    AT,
    missing,
    opened,
    points_so_far,
    rubric,
    submitted,
)
from tests.owed import owed_in
from tests.queries import queries_of

LATER = AT + timedelta(hours=2)


def refused(code):
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


# --- due --------------------------------------------------------------------------------------


def due(company):
    return owed_in(company.campaign, AT, "sheet", "sheets")


def test_an_unfinished_sheet_is_due_from_lead_and_center_on_the_last_day(company):
    sheet = opened(company)
    missing(sheet, company.auditor)
    each = due(company)[f"sheet:{sheet.pk}"]
    assert each.due == company.campaign.phases.get(code="inspect").end
    assert each.people == {company.lead.pk, company.center.pk, company.auditor.pk}
    assert "锦澜府 · 客户服务（1 / 4 项）" in each.title
    assert each.url == sheet.get_absolute_url()


def test_a_title_is_read_in_the_readers_language(company):
    sheet = opened(company)
    line = due(company)[f"sheet:{sheet.pk}"].line("en")
    assert "Customer service" in line.title


def test_a_submitted_sheet_is_not_due(company):
    sheet = submitted(company)
    assert f"sheet:{sheet.pk}" not in due(company)


def test_projects_without_a_sheet_are_one_thing_per_specialty(company):
    opened(company)
    things = due(company)
    each = things[f"sheets:{company.campaign.pk}:customer_service"]
    assert "1 个项目" in each.title
    order = things[f"sheets:{company.campaign.pk}:order"]
    assert "2 个项目" in order.title
    assert order.people == {company.center.pk, company.auditor.pk}


def test_a_specialty_that_a_project_does_not_have_is_not_due_from_anybody(company):
    for part in Participation.objects.all():
        part.lacks.add(company.lines["order"])
    assert f"sheets:{company.campaign.pk}:order" not in due(company)


@pytest.mark.parametrize("fact", [{"started_at": None}, {"closed_at": AT}])
def test_nothing_is_due_before_the_start_and_after_the_end(company, fact):
    opened(company)
    for name, value in fact.items():
        setattr(company.campaign, name, value)
    assert due(company) == {}


def test_what_is_due_asks_the_same_questions_for_one_sheet_and_for_many(company):
    def asked():
        return queries_of(lambda: due(company))

    opened(company)
    few = asked()
    more = [cast.project(f"Q{n}", f"项目{n}") for n in range(5)]
    enter_projects(campaign=company.campaign, projects=more, by="command", at=AT)
    for project in more:
        opened(company, project=project)
    assert asked() == few


# --- the list ---------------------------------------------------------------------------------


@pytest.fixture
def browse(company, client):
    """The list as `person` sees it, with these filters."""

    def show(person="auditor", **query):
        client.force_login(getattr(company, person))
        answer = client.get(reverse("sheets", args=[company.campaign.code]), query)
        assert answer.status_code == 200
        return answer.content.decode()

    return show


def open_by_page(client, company, person, specialty="customer_service", project="P01"):
    client.force_login(getattr(company, person))
    url = reverse("sheets", args=[company.campaign.code])
    return client.post(url, {"project": project, "specialty": specialty})


def test_the_list_shows_progress_state_and_points(company, browse):
    sheet = opened(company)
    missing(sheet, company.auditor)
    page = browse()
    assert "1 / 4" in page
    assert "进行中" in page
    assert "23.5 / 25" in page
    assert points_so_far(sheet) == (Decimal("23.5"), Decimal(25))


def test_a_submitted_sheet_shows_its_score(company, browse):
    submitted(company)
    assert "100.00" in browse()


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ({"specialty": "order"}, "秩序维护</th>", "客户服务</th>"),
        ({"state": "submitted"}, "锦澜府", "翠屏苑"),
        ({"state": "in_progress"}, "翠屏苑", "锦澜府"),
        ({"state": "not_started", "specialty": "customer_service"}, "没有符合筛选", "锦澜府"),
        ({"project": "翠屏"}, "翠屏苑", "锦澜府"),
        ({"project": "p01"}, "锦澜府", "翠屏苑"),
        ({"project": "没有"}, "没有符合筛选", "锦澜府"),
        ({"state": "nonsense"}, "锦澜府", "没有符合筛选"),
    ],
)
def test_the_list_is_filtered_by_specialty_state_and_project(
    company, browse, query, there, not_there
):
    submitted(company)
    missing(opened(company, project=company.two), company.auditor)
    rows = browse("center", **query).split('<div class="panel">')[1]
    assert there in rows
    assert not_there not in rows


@pytest.mark.parametrize(
    ("person", "specialty"), [("auditor", "order"), ("lead", "customer_service")]
)
def test_an_auditor_opens_a_sheet_from_the_list(company, client, person, specialty):
    rubric(company, specialty)
    answer = open_by_page(client, company, person, specialty)
    sheet = ScoreSheet.objects.get()
    assert (answer.url, sheet.specialty.code) == (sheet.get_absolute_url(), specialty)


@pytest.mark.parametrize("person", ["president", "executive", "admin", "manager", "worker"])
def test_nobody_else_opens_a_sheet(company, client, person):
    rubric(company)
    assert open_by_page(client, company, person).status_code == 403
    assert not ScoreSheet.objects.exists()


def test_a_lead_opens_no_other_rubrics_sheet(company, client):
    rubric(company, "order")
    assert open_by_page(client, company, "lead", "order").status_code == 403


@pytest.mark.parametrize("wrong", [{"project": "P77"}, {"specialty": "legal"}])
def test_opening_what_there_is_not_is_not_found(company, client, wrong):
    assert open_by_page(client, company, "center", **wrong).status_code == 404


def test_a_refused_opening_is_said_on_the_list(company, client):
    answer = open_by_page(client, company, "center")
    page = client.get(answer.url).content.decode()
    assert "还没有发布评分细则" in page


def test_only_auditors_see_the_button(company, browse):
    assert "开始" in browse("auditor")
    assert '<button class="btn">' not in browse("president").split('<div class="panel">')[1]


def test_a_lead_may_start_the_own_rubric_only(company, browse):
    rows = browse("lead").split('<div class="panel">')[1]
    assert rows.count('name="specialty" value="customer_service"') == 2
    assert 'name="specialty" value="order"' not in rows


def test_project_people_see_their_submitted_sheets_and_nothing_of_others(company, browse):
    sheet = submitted(company)
    running = opened(company, specialty="order")
    other = submitted(company, project=company.two)
    page = browse("manager")
    assert sheet.get_absolute_url() in page
    assert running.get_absolute_url() not in page
    assert other.get_absolute_url() not in page
    assert "翠屏苑" not in page


def test_the_sheet_opened_last_is_one_button_away(company, browse):
    sheet = opened(company)
    assert f'btn-primary" href="{sheet.get_absolute_url()}"' in browse("auditor")
    assert "btn-primary" not in browse("center")


def test_the_list_asks_the_same_questions_for_two_projects_and_for_twenty(company, browse, client):
    def asked():
        with CaptureQueriesContext(connection) as questions:
            client.get(reverse("sheets", args=[company.campaign.code]))
        return len(questions)

    opened(company)
    browse("center")  # signs in
    few = asked()
    more = [cast.project(f"Q{n:02}", f"项目{n}") for n in range(18)]
    enter_projects(campaign=company.campaign, projects=more, by="command", at=AT)
    for project in more:
        missing(opened(company, project=project), company.auditor)
    assert asked() == few <= 15
