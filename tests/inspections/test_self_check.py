"""A project's self-check: who fills it, what it leaves alone, another round, when it is due."""

import pytest
from django.urls import reverse

from campaign.models import Participation
from inspections.models import ScoreSheet
from inspections.self_check.self_checks import reopen_self_check
from inspections.sheet import observations, sheets
from inspections.words import Method
from organization.errors import Refused
from organization.history import history_of
from organization.models import User
from organization.roles import Role
from scoring.models import CampaignResults, Score
from scoring.models.results import ScoreKind
from tests import cast
from tests.inspections import entering
from tests.inspections.entering import confirm_all, missing, standing_of
from tests.owed import owed_in
from tests.queries import queries_of

CHECKING = cast.moment(2011, 10, 20)


def check(company, *, by=None, specialty="customer_service", project=None, **shape):
    """A self-check of project one, opened on a rubric that is made unless there is one."""
    line = company.lines[specialty]
    if not company.campaign.rubrics.filter(specialty=line).exists():
        entering.rubric(company, specialty, **shape)
    return sheets.open_sheet(
        campaign=company.campaign, project=project or company.one, specialty=line,
        kind=ScoreKind.SELF, by=by or company.manager, at=CHECKING,
    )  # fmt: skip


def lack(sheet, by, number=1, line=1, points="1.5", **fields):
    return missing(sheet, by, number, line, points, at=CHECKING, method="", **fields)


def handed_in(company, *, lost=("1.5",), **options):
    sheet = check(company, **options)
    for number, points in enumerate(lost, 1):
        lack(sheet, company.manager, number, points=points)
    confirm_all(sheet, company.manager, at=CHECKING)
    sheets.submit_sheet(sheet=sheet, by=company.manager, at=CHECKING)
    return sheet


def page_url(company, project="P01"):
    return reverse("self_check", args=[company.campaign.code, project])


@pytest.fixture
def deputy(company):
    return cast.person(
        "deputy01", "林婉清", Role.DEPUTY_PROJECT_MANAGER, project=company.one,
        specialty=company.lines["order"],
    )  # fmt: skip


@pytest.fixture
def service_head(company):
    return cast.person(
        "head02", "赵晓梅", Role.DEPARTMENT_HEAD, project=company.one,
        specialty=company.lines["customer_service"], department="客服部",
    )  # fmt: skip


# --- who --------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["manager", "service_head"])
def test_leaders_and_heads_fill_their_specialties(company, service_head, client, person):
    sheet = check(company)
    client.force_login(service_head if person == "service_head" else company.manager)
    assert 'role="switch"' in client.get(sheet.get_absolute_url()).content.decode()


@pytest.mark.parametrize("person", ["head", "worker", "center", "auditor", "lead", "president"])
def test_everybody_else_who_sees_it_reads_only(company, client, person):
    sheet = check(company)
    client.force_login(getattr(company, person))
    assert 'role="switch"' not in client.get(sheet.get_absolute_url()).content.decode()
    entry = reverse("sheet_entry", args=[company.campaign.code, sheet.pk])
    assert client.post(entry, {"do": "confirm"}).status_code == 403


def test_a_deputy_stays_within_the_specialty_in_charge(company, deputy, client):
    service, order = check(company), check(company, specialty="order")
    client.force_login(deputy)
    assert 'role="switch"' not in client.get(service.get_absolute_url()).content.decode()
    assert 'role="switch"' in client.get(order.get_absolute_url()).content.decode()


def test_a_stranger_finds_neither_page_nor_sheet(company, client):
    sheet = check(company)
    client.force_login(company.other_manager)
    assert client.get(sheet.get_absolute_url()).status_code == 404
    assert client.get(page_url(company)).status_code == 404


def test_audit_sheets_stay_unknown_to_who_fills_the_self_check(company, client):
    audit = entering.opened(company)
    check(company)
    client.force_login(company.manager)
    assert client.get(audit.get_absolute_url()).status_code == 404


def test_opening_takes_the_right_to_fill(company, service_head, client):
    entering.rubric(company)
    entering.rubric(company, "order")
    client.force_login(service_head)
    assert client.post(page_url(company), {"specialty": "order"}).status_code == 403
    answer = client.post(page_url(company), {"specialty": "customer_service"}, follow=True)
    assert "锦澜府自查：客户服务已评 0 / 4 项" in answer.content.decode()


def test_opening_without_a_rubric_says_so(company, client):
    client.force_login(company.manager)
    answer = client.post(page_url(company), {"specialty": "order"}, follow=True)
    assert "还没有发布评分细则" in answer.content.decode()


@pytest.mark.parametrize("garbage", ["", "x" * 300, "'; drop", "🧯"])
def test_an_unknown_specialty_is_not_found(company, client, garbage):
    client.force_login(company.manager)
    assert client.post(page_url(company), {"specialty": garbage}).status_code == 404


# --- what it leaves alone ---------------------------------------------------------------------


def test_it_touches_no_standing_and_opens_no_scoring(company):
    before = standing_of(check(company)).updated_at
    sheet = handed_in(company)
    score = Score.objects.get(kind=ScoreKind.SELF)
    assert (score.kept, score.objections_until) == (sheet.kept, None)
    assert standing_of(sheet).composite is None
    assert standing_of(sheet).updated_at == before
    assert not CampaignResults.objects.filter(opened_at__isnull=False).exists()


def test_it_knows_no_method(company):
    sheet = check(company)
    with pytest.raises(Refused) as refusal:
        missing(sheet, company.manager, method=Method.COVERT, at=CHECKING)
    assert refusal.value.code == "method"
    assert lack(sheet, company.manager).method == ""


def test_the_page_offers_no_method(company, client):
    sheet = check(company)
    lack(sheet, company.manager)
    client.force_login(company.manager)
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert "检查方式" not in page
    assert 'name="method"' not in page


def test_an_audit_still_needs_its_method(company):
    sheet = entering.opened(company)
    with pytest.raises(Refused) as refusal:
        missing(sheet, company.auditor, method="")
    assert refusal.value.code == "method"


# --- another round ----------------------------------------------------------------------------


def test_another_round_replaces_the_score_and_keeps_the_record(company):
    sheet = handed_in(company)
    seen = sheet.observations.count()
    reopen_self_check(sheet=sheet, by=company.manager, at=CHECKING)
    assert Score.objects.get(kind=ScoreKind.SELF).finished_at is None
    lack(sheet, company.manager, number=2, points="2")
    sheets.submit_sheet(sheet=sheet, by=company.manager, at=CHECKING)
    score = Score.objects.get(kind=ScoreKind.SELF)
    assert str(score.kept) == "96.50"
    assert score.finished_at == CHECKING
    assert sheet.observations.count() == seen + 1
    verbs = [entry.verb for entry in history_of(sheet)]
    assert verbs.count("sheet_submitted") == 2
    assert "self_check_reopened" in verbs


def test_once_the_inspection_has_begun_the_figure_stands(company, client):
    sheet = handed_in(company)
    entering.opened(company, project=company.two)
    with pytest.raises(Refused) as refusal:
        reopen_self_check(sheet=sheet, by=company.manager, at=cast.NOW)
    assert refusal.value.code == "inspected"
    client.force_login(company.manager)
    assert "重新自查" not in client.get(sheet.get_absolute_url()).content.decode()
    url = reverse("self_check_reopen", args=[company.campaign.code, sheet.pk])
    assert "检查验收已经开始" in client.post(url, follow=True).content.decode()


def test_neither_an_open_sheet_nor_an_audit_is_reopened(company):
    with pytest.raises(Refused) as refusal:
        reopen_self_check(sheet=check(company), by=company.manager, at=CHECKING)
    assert refusal.value.code == "open"
    with pytest.raises(Refused) as refusal:
        reopen_self_check(sheet=entering.submitted(company), by=company.center, at=cast.NOW)
    assert refusal.value.code == "audit"


@pytest.mark.parametrize(
    ("person", "status"), [("worker", 403), ("center", 403), ("other_manager", 404)]
)
def test_who_may_not_fill_may_not_reopen(company, client, person, status):
    sheet = handed_in(company)
    client.force_login(getattr(company, person))
    url = reverse("self_check_reopen", args=[company.campaign.code, sheet.pk])
    assert client.post(url).status_code == status
    assert ScoreSheet.objects.get(pk=sheet.pk).submitted_at


# --- when -------------------------------------------------------------------------------------


def due(company, at=CHECKING):
    return list(owed_in(company.campaign, at, "self_check").values())


def test_while_the_phase_runs_every_project_owes_it(company, service_head):
    entering.rubric(company)
    handed_in(company)
    (one,) = due(company)
    assert one.title == "翠屏苑自查评分：还有 1 个专业没有完成"
    assert one.due == company.campaign.phases.get(code="self_check").end
    assert one.people == {company.other_manager.pk}


def test_heads_are_asked_for_their_specialty(company, service_head):
    entering.rubric(company)
    mine = next(each for each in due(company) if "锦澜府" in each.title)
    assert mine.people == {company.manager.pk, service_head.pk}


def test_outside_the_phase_nobody_owes_it(company):
    entering.rubric(company)
    assert not due(company, at=cast.NOW)


def test_a_specialty_that_a_project_lacks_is_not_owed(company):
    entering.rubric(company)
    part = Participation.objects.get(campaign=company.campaign, project=company.one)
    part.lacks.add(company.lines["customer_service"])
    assert [each.url for each in due(company)] == [page_url(company, "P02")]


# --- the pages --------------------------------------------------------------------------------


def test_the_projects_page_says_how_far_each_specialty_is(company, client):
    handed_in(company)
    check(company, specialty="order")
    client.force_login(company.manager)
    page = client.get(page_url(company)).content.decode()
    assert "锦澜府：自查已提交 1 / 2 个专业" in page
    assert "98.50" in page
    assert "已评 0 / 4 项" in page
    assert "缺失 1 处，已列入方案 0 处" in page


def test_projects_people_come_straight_to_their_own(company, client):
    client.force_login(company.worker)
    answer = client.get(reverse("self_checks", args=[company.campaign.code]))
    assert answer.url == page_url(company)


def test_the_company_sees_all_projects_and_no_audit_figures(company, client):
    handed_in(company)
    entering.submitted(company, project=company.two)
    client.force_login(company.center)
    page = client.get(reverse("self_checks", args=[company.campaign.code])).content.decode()
    assert "8 张自查表，已提交 1 张" in page
    assert "98.50" in page
    assert "100.00" not in page


def test_the_list_asks_no_more_for_many_projects(company, client):
    handed_in(company)
    client.force_login(company.center)
    url = reverse("self_checks", args=[company.campaign.code])
    few = queries_of(lambda: client.get(url))
    for number in range(10, 40):
        held = cast.project(f"P{number}", f"项目{number}")
        Participation.objects.create(campaign=company.campaign, project=held)
        check(company, project=held)
    assert queries_of(lambda: client.get(url)) == few


def test_the_projects_page_asks_no_more_when_everything_was_found_missing(company, client):
    handed_in(company)
    client.force_login(company.manager)
    few = queries_of(lambda: client.get(page_url(company)))
    handed_in(company, specialty="order", lost=["1", "1", "1", "1"])
    handed_in(company, specialty="facilities", lost=["1", "1", "1", "1"])
    assert queries_of(lambda: client.get(page_url(company))) == few


def test_my_work_shows_it_while_the_phase_runs(company, client, time_machine):
    entering.rubric(company)
    time_machine.move_to(CHECKING)
    client.force_login(User.objects.get(username="pm01"))
    assert "还有 1 个专业没有完成" in client.get("/").content.decode()
    handed_in(company)
    assert "还有 1 个专业没有完成" not in client.get("/").content.decode()


def test_every_tap_of_a_self_check_is_kept_as_in_an_audit(company):
    sheet = check(company)
    observations.mark_not_applicable(
        sheet=sheet,
        item=entering.item(sheet, 4),
        reason="没有地下室",
        by=company.manager,
        at=CHECKING,
    )
    lack(sheet, company.manager)
    assert entering.points_so_far(sheet) == (23.5, 25)
