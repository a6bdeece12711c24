"""Sheets are opened on a published rubric and submitted once; the list shows how far all are."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.models import Participation
from campaign.setup import enter_projects
from inspections.models import ScoreSheet
from inspections.sheet import observations, sheets
from organization.clock import end_of, local_day
from organization.errors import Refused
from organization.history import history_of
from scoring.models import CampaignResults, Score, ScoreLine
from scoring.models.results import ScoreKind
from scoring.opening import freeze
from scoring.results import rebuild
from tests import cast
from tests.inspections.entering import (
    AT,
    confirm_all,
    item,
    missing,
    opened,
    points_so_far,
    rubric,
    score_of,
    standing_of,
    submitted,
)
from tests.owed import owed_in
from tests.queries import queries_of

LATER = AT + timedelta(hours=2)


def refused(code):
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


# --- opening ----------------------------------------------------------------------------------


def test_opening_makes_an_empty_sheet_on_the_published_rubric_and_opens_scoring(company):
    made = rubric(company, items=6)
    sheet = opened(company)
    assert (sheet.rubric, sheet.item_count, sheet.looked_at) == (made, 6, 0)
    assert CampaignResults.objects.get().opened_at == AT
    assert [entry.verb for entry in history_of(sheet)] == ["sheet_opened"]


def test_opening_again_gives_the_same_sheet(company):
    assert opened(company) == opened(company, by=company.center, at=LATER)
    assert ScoreSheet.objects.get().opened_by == company.auditor


def test_weights_have_to_add_up_first(company):
    company.campaign.weights.filter(specialty=company.lines["order"]).update(percent=24)
    with refused("not_ready"):
        opened(company)
    assert not ScoreSheet.objects.exists()


def test_a_self_check_sheet_does_not_open_scoring(company):
    rubric(company)
    sheet = sheets.open_sheet(
        campaign=company.campaign, project=company.one, kind=ScoreKind.SELF, at=AT,
        specialty=company.lines["customer_service"], by=company.manager,
    )  # fmt: skip
    assert sheet.kind == ScoreKind.SELF
    assert not CampaignResults.objects.filter(opened_at__isnull=False).exists()


def test_without_a_published_rubric_there_is_no_sheet(company):
    rubric(company, published=False)
    with refused("no_rubric"):
        opened(company)


def test_a_superseded_rubric_is_not_taken(company):
    old = rubric(company)
    old.version, old.superseded_at = 2, AT
    old.save()
    current = rubric(company)
    assert opened(company).rubric == current


def test_a_project_that_does_not_take_part_gets_no_sheet(company):
    with refused("no_part"):
        opened(company, project=cast.project("P09", "外来项目"))


def test_a_project_gets_no_sheet_of_a_specialty_that_it_does_not_have(company):
    part = Participation.objects.get(project=company.one)
    part.lacks.add(company.lines["customer_service"])
    with refused("lacks"):
        opened(company)


def test_frozen_results_open_no_sheet(company):
    freeze(campaign=company.campaign, by=company.president, at=AT)
    with refused("frozen"):
        opened(company)


# --- submitting -------------------------------------------------------------------------------


def test_a_submitted_sheet_counts_in_the_standing(company):
    sheet = opened(company)
    missing(sheet, company.auditor, points="1.5")
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=LATER)
    assert (score_of(sheet).kept, score_of(sheet).finished_at) == (Decimal("98.5"), LATER)
    standing = standing_of(sheet)
    assert (standing.composite, standing.provisional) == (Decimal("98.50"), True)
    assert standing.scores == {"customer_service": "98.50"}


def test_its_lines_name_item_requirement_and_observation(company):
    sheet = opened(company)
    seen = missing(sheet, company.auditor, number=2, line=3)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    line = score_of(sheet).lines.get()
    assert (line.item, line.requirement, line.observation) == (
        item(sheet, 2),
        seen.requirement,
        seen.pk,
    )


def test_objections_may_be_made_until_the_end_of_the_third_day(company):
    sheet = submitted(company, at=AT)
    third = local_day(AT) + timedelta(days=3)
    assert score_of(sheet).objections_until == end_of(third)


def test_submitting_leaves_who_when_and_what(company):
    sheet = submitted(company)
    entry = history_of(sheet).first()
    assert (entry.verb, entry.by, entry.detail["kept"]) == (
        "sheet_submitted",
        company.auditor,
        "100.00",
    )
    assert (sheet.submitted_at, sheet.submitted_by) == (AT, company.auditor)


def test_what_nobody_looked_at_is_named(company):
    sheet = opened(company, items=8)
    missing(sheet, company.auditor, number=8)
    with pytest.raises(Refused, match=r"还有 7 项没有评：I01 .*、I05 项目5 等") as refusal:
        sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert refusal.value.code == "not_looked_at"
    assert not Score.objects.exists()


def test_an_item_whose_observation_was_taken_back_is_not_looked_at(company):
    sheet = opened(company)
    seen = missing(sheet, company.auditor)
    lines = [item(sheet, number) for number in (2, 3, 4)]
    observations.confirm(sheet=sheet, items=lines, by=company.auditor, at=AT)
    observations.withdraw(observation=seen, by=company.auditor, at=AT)
    with refused("not_looked_at"):
        sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)


def test_a_sheet_is_submitted_once(company):
    sheet = submitted(company)
    with refused("submitted"):
        sheets.submit_sheet(sheet=sheet, by=company.center, at=LATER)


def test_a_sheet_without_an_applicable_item_leaves_the_composite(company):
    sheet = opened(company)
    for number in range(1, 5):
        observations.mark_not_applicable(
            sheet=sheet, item=item(sheet, number), reason="未委托", by=company.auditor, at=AT
        )
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert score_of(sheet).possible == 0
    assert standing_of(sheet).composite is None


def test_with_all_sheets_submitted_a_project_is_ranked(company):
    for specialty in company.lines:
        sheet = submitted(company, specialty=specialty)
    assert (standing_of(sheet).composite, standing_of(sheet).provisional) == (100, False)


def test_frozen_results_take_no_submission(company):
    sheet = opened(company)
    confirm_all(sheet, company.auditor)
    freeze(campaign=company.campaign, by=company.president, at=AT)
    with refused("frozen"):
        sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    sheet.refresh_from_db()
    assert sheet.submitted_at is None


def test_all_results_can_be_made_again_from_the_sheets(company):
    sheet = opened(company)
    missing(sheet, company.auditor)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    opened(company, project=company.two)
    before = list(ScoreLine.objects.values("item", "requirement", "points", "observation"))
    Score.objects.all().delete()
    assert rebuild(campaign=company.campaign, at=LATER) == 0
    assert list(ScoreLine.objects.values("item", "requirement", "points", "observation")) == before
    assert score_of(sheet).finished_at == AT


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
            browse("center")
        return len(questions)

    opened(company)
    browse("center")
    few = asked()
    more = [cast.project(f"Q{n:02}", f"项目{n}") for n in range(18)]
    enter_projects(campaign=company.campaign, projects=more, by="command", at=AT)
    for project in more:
        missing(opened(company, project=project), company.auditor)
    assert asked() == few <= 26
