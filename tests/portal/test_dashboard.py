"""The executives' page: who sees it, what it counts, where its figures lead."""

import json
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone

from campaign.kept import count_kept
from campaign.models import Participation
from inspections.models import Finding
from inspections.self_check.honesty import WIDE
from inspections.sheet import sheets
from inspections.words import Method
from organization.models import Project
from portal.dashboard.gaps import gap_rows, kind_of
from portal.dashboard.missed import Pareto
from portal.dashboard.page import forget_dashboard
from portal.dashboard.spread import Spread
from portal.dashboard.work import count_work, filed, kept_work, rectified
from scoring.bands import Banding
from scoring.models import MissedCount, Standing
from scoring.models.results import ScoreKind
from tests import cast
from tests.inspections.entering import AT, confirm_all, missing, opened
from tests.queries import queries_of


@pytest.fixture
def company(db):
    return cast.company()


def address(company, rest=""):
    return f"/c/{company.campaign.code}/dashboard/{rest}"


def scored(company, project, *lines, points="1.5", method=Method.OPEN):
    """A submitted sheet that lacks these requirements of item 1."""
    sheet = opened(company, project=project)
    for line in lines:
        missing(sheet, company.auditor, line=line, points=points, method=method)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    return sheet


def final(company, **composites):
    for code, figure in composites.items():
        Standing.objects.filter(project__code=code).update(composite=D(figure), provisional=False)


# --- who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["president", "executive", "center", "auditor"])
def test_those_who_lead_the_campaign_see_it(company, client, who):
    client.force_login(getattr(company, who))
    assert "综合得分分布" in client.get(address(company)).content.decode()


@pytest.mark.parametrize("who", ["manager", "head", "worker", "lead", "admin"])
def test_nobody_else_sees_it_or_what_is_behind_it(company, client, who):
    scored(company, company.two, 1)
    (row,) = MissedCount.objects.most_missed(company.campaign)
    client.force_login(getattr(company, who))
    for rest in ("", f"missed/{row.requirement.pk}/"):
        assert client.get(address(company, rest)).status_code in (403, 404)


# --- what it counts --------------------------------------------------------------------------


def test_bars_lie_in_the_bands_that_their_projects_have(company):
    final(company, P01="79.50", P02="79.49")
    spread = Spread(company.campaign, Banding(company.campaign), "")
    assert [(bar.points, bar.band.code) for bar in spread.bars] == [(79, "fail"), (80, "good")]
    assert spread.median == D("79.50")
    assert [zone.projects for zone in spread.zones] == [1, 1, 0]


def test_a_provisional_project_is_named_and_not_in_the_distribution(company, client):
    final(company, P01="93")
    client.force_login(company.executive)
    page = client.get(address(company)).content.decode()
    assert "1 个项目成绩已定，中位数 93.00 分" in page
    assert "1 个项目还没评完，成绩暂列，不算进分布" in page


def test_the_most_missed_lead_to_their_projects(company, client):
    scored(company, company.one, 1, 2)
    scored(company, company.two, 1)
    pareto = Pareto(company.campaign, "")
    assert [(row.missed.projects, row.cumulative) for row in pareto.rows] == [(2, 66.7), (1, 100.0)]
    behind = address(company, f"missed/{pareto.rows[0].missed.requirement.pk}/")
    client.force_login(company.president)
    assert behind in client.get(address(company)).content.decode()
    page = client.get(behind).content.decode()
    assert "2 个项目缺失" in page
    assert f"/c/{company.campaign.code}/results/P02/" in page


def test_a_covert_visit_shows_nowhere_before_it_is_handed_in(company, client):
    sheet = opened(company)
    seen = missing(sheet, company.auditor, method=Method.COVERT)
    client.force_login(company.president)
    assert seen.requirement.text not in client.get(address(company)).content.decode()
    behind = address(company, f"missed/{seen.requirement.pk}/")
    assert "没有项目缺失这一条" in client.get(behind).content.decode()


def test_a_region_narrows_everything_and_an_unknown_one_nothing(company, client):
    Project.objects.filter(code="P02").update(region="城西")
    final(company, P01="93", P02="81")
    client.force_login(company.president)
    west = client.get(address(company, "?region=城西")).content.decode()
    assert "中位数 81.00 分" in west
    assert "results/P01/" not in west
    assert "中位数 87.00 分" in client.get(address(company, "?region=nowhere")).content.decode()


@pytest.mark.parametrize(
    ("whole", "kind"), [(-int(WIDE), 0), (-4, 1), (-1, 1), (0, 2), (1, 3), (4, 3), (5, 4)]
)
def test_a_gap_is_wide_from_five_points_on(whole, kind):
    assert kind_of(whole) == kind


def test_the_gap_is_the_self_score_less_the_audit(company):
    line = company.lines["customer_service"]
    scored(company, company.one, 1, 2, 3, points="2")
    own = sheets.open_sheet(
        campaign=company.campaign, project=company.one, specialty=line, by=company.manager, at=AT,
        kind=ScoreKind.SELF,
    )  # fmt: skip
    confirm_all(own, company.manager)
    sheets.submit_sheet(sheet=own, by=company.manager, at=AT)
    (row,) = gap_rows(company.campaign, "")
    assert (row.mean, row.wide, row.projects) == (D("6.00"), 1, 1)


def finding(company, *, took=None, due=5, **fields):
    """Opened at AT, due so many days later, rectified after `took` days."""
    done = None if took is None else AT + timedelta(days=took)
    return Finding.objects.create(
        campaign=company.campaign, project=company.one, problem="x", created_at=AT, opened_at=AT,
        due=(AT + timedelta(days=due)).date(), rectified_at=done, **fields,
    )  # fmt: skip


def test_rectification_is_counted_in_local_days(company):
    midnight = cast.moment(2011, 11, 27, 0, 30)  # the day before in UTC
    finding(company, took=1)
    finding(company, took=4)
    finding(company, took=7)
    Finding.objects.create(
        campaign=company.campaign, project=company.one, problem="x", created_at=AT,
        opened_at=cast.moment(2011, 11, 20), due=midnight.date() - timedelta(days=1),
        rectified_at=midnight,
    )  # fmt: skip
    finding(company, due=1)
    every, _lines = rectified(company.campaign, "", AT + timedelta(days=30))
    assert (every.total, every.done, every.in_time, every.overdue) == (5, 4, 2, 1)
    assert every.median_days == 5.5


def test_filing_tells_in_time_from_late_overdue_and_to_come(company):
    milestone = cast.milestone(company.campaign)
    for project, at in ((company.one, (10, 23, 30)), (company.two, (11, 0, 10))):
        owed = cast.obligation(milestone, project=project)
        owed.submitted_at = cast.moment(2011, 10, *at)
        owed.save()
    (row,) = filed(company.campaign, "", AT)
    assert (row.in_time, row.late, row.overdue, row.in_time_percent) == (1, 1, 0, 50)


def test_what_is_kept_of_many_projects_is_what_would_be_counted(company, client):
    Project.objects.filter(code="P02").update(region="城西")
    milestone = cast.milestone(company.campaign)
    line = company.lines["customer_service"]
    for project in (company.one, company.two):
        cast.obligation(milestone, project=project)
    for took in (1, 4, None):
        finding(company, took=took, specialty=line)
    finding(company, took=7)
    Finding.objects.filter(rectified_at__isnull=True).update(project=company.two)
    at = AT + timedelta(days=30)
    parts = count_work(company.campaign, at)
    assert set(parts) == {"", company.one.region, "城西"}
    for region, figures in parts.items():
        counted = rectified(company.campaign, region, at), filed(company.campaign, region, at)
        assert kept_work(company.campaign, json.loads(json.dumps(figures))) == counted
    count_kept(company.campaign, at=timezone.now())
    finding(company)
    client.force_login(company.president)
    assert "4 个问题，已整改 75%" in client.get(address(company)).content.decode()


# --- speed -----------------------------------------------------------------------------------


def test_it_asks_as_much_for_few_projects_as_for_many(company, client):
    projects = [cast.project(f"P1{n}", f"项目{n}") for n in range(4)]
    for model, more in ((Participation, {}), (Standing, {"updated_at": AT})):
        model.objects.bulk_create(
            model(campaign=company.campaign, project=each, **more) for each in projects
        )
    client.force_login(company.president)

    scored(company, company.one, 1)
    final(company, P01="93", P02="85")

    def ask():
        forget_dashboard()
        client.get(address(company))

    few = queries_of(ask)
    for project in projects:
        scored(company, project, 1, 2)
        final(company, **{project.code: "88.5"})
    assert queries_of(ask) == few
