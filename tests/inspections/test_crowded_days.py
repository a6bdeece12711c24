"""The list of findings where more fall due on one day than a page has: the same rows either way."""

from datetime import date, timedelta

import pytest

from inspections.finding import finding_list
from inspections.models import Finding
from tests import cast
from tests.queries import queries_of

FINDINGS = "/c/c11/findings/"
DAY, AT = date(2099, 1, 1), cast.moment(2011, 11, 10, 10)


@pytest.fixture
def crowd(company, client):
    """25 on one day, every third of another project, and three on a later one."""
    for number in range(28):
        Finding.objects.create(
            campaign=company.campaign,
            project=company.two if number % 3 else company.one,
            specialty=company.lines["order"],
            problem=f"问题{number}",
            position=30 - number,
            due=DAY + timedelta(days=number // 25),
            created_at=AT,
            opened_at=AT,
        )
    client.force_login(company.center)
    return client


def shown(client, monkeypatch, crowd: int, query: str) -> list[str]:
    monkeypatch.setattr(finding_list, "CROWD", crowd)
    return [row.finding.problem for row in client.get(FINDINGS + query).context["page"]]


@pytest.mark.parametrize("query", ["", "?show=later", "?size=50", "?show=overdue", "?page=2"])
def test_the_first_page_is_the_same_however_it_is_found(crowd, monkeypatch, query):
    sorted_rows = shown(crowd, monkeypatch, 1000, query)
    assert shown(crowd, monkeypatch, 20, query) == sorted_rows
    assert len(sorted_rows) == {"?size=50": 28, "?show=overdue": 0, "?page=2": 8}.get(query, 20)


def test_a_crowd_is_found_along_the_projects(crowd, monkeypatch, company):
    found = shown(crowd, monkeypatch, 20, "")
    of_one = Finding.objects.filter(project=company.one, due=DAY).order_by("position")
    assert found[: len(of_one)] == [each.problem for each in of_one]


def test_a_crowd_costs_no_question_more(crowd, monkeypatch, django_assert_num_queries):
    crowd.get(FINDINGS)
    with django_assert_num_queries(cost_of(crowd, monkeypatch, 1000)):
        shown(crowd, monkeypatch, 20, "")


def cost_of(client, monkeypatch, crowd: int) -> int:
    return queries_of(lambda: shown(client, monkeypatch, crowd, ""))
