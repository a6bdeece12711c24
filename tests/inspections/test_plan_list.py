"""The list of plans: filtered by what stands in the address, exported as it is seen."""

import io

import pytest
from openpyxl import load_workbook

from inspections.plan.revisions import revise_plan
from tests import cast
from tests.inspections.writing import LATER, filed, line, plan_of
from tests.queries import queries_of

PLANS = "/c/c11/plans/"
EXCEL = "/c/c11/plans.xlsx"


@pytest.fixture
def center(client, company):
    client.force_login(company.center)
    return client


def page(client, query=""):
    return client.get(f"{PLANS}{query}").content.decode()


def exported(client, query=""):
    book = load_workbook(io.BytesIO(client.get(f"{EXCEL}{query}").content))
    return list(book.active.iter_rows(values_only=True))


def test_a_revision_under_way_says_so_and_is_a_filter(center, company):
    revise_plan(plan=filed(company), reason="补充", by=company.manager, at=LATER)
    found = page(center, "?show=revising")
    assert "修订草稿" in found
    assert "锦澜府" in found and "翠屏苑" not in found


@pytest.mark.parametrize("asked", ["?q=翠屏", "?q=p02", "?region=西区"])
def test_it_is_narrowed_by_words_and_region(center, company, asked):
    company.two.region = "西区"
    company.two.save()
    found = page(center, asked)
    assert "翠屏苑" in found and "锦澜府" not in found


@pytest.mark.parametrize("asked", ["?q=%F0%9F%94%A5", "?region=x", "?show=returned"])
def test_nothing_found_leads_back_to_all(center, company, asked):
    assert "看全部" in page(center, asked)


def test_nonsense_in_the_address_shows_the_whole_list(center, company):
    assert "锦澜府" in page(center, "?show=x&page=x")


def test_due_dates_outside_the_phase_are_counted(center, company):
    last = company.campaign.phases.last().end
    filed(company, line(company), line(company, problem="后来", due=last))
    assert exported(center)[1][8] == 1


def test_the_file_holds_exactly_what_the_filters_leave(center, company):
    filed(company)
    rows = exported(center, "?show=filed")
    assert [row[:4] for row in rows[1:]] == [("P01", "锦澜府", "高新", "已备案")]
    assert len(exported(center)) == 3


def test_the_file_is_not_bound_to_a_page(center, company):
    for number in range(60):
        made = cast.project(f"X{number:02}", f"项目{number}")
        company.campaign.participations.create(project=made)
    assert len(exported(center)) == 63
    assert "共 62" in page(center)


def test_people_of_a_project_export_their_own_only(client, company):
    client.force_login(company.manager)
    assert [row[0] for row in exported(client)[1:]] == ["P01"]


@pytest.mark.parametrize("address", [PLANS, EXCEL])
def test_rows_and_revisions_add_no_queries(center, company, address):
    revise_plan(plan=filed(company), reason="补充", by=company.manager, at=LATER)
    few = queries_of(lambda: center.get(address))
    for number in range(20):
        made = cast.project(f"X{number:02}", f"项目{number}")
        company.campaign.participations.create(project=made)
        plan_of(company, {"problem": "x"}, project=made)
    assert queries_of(lambda: center.get(address)) == few
