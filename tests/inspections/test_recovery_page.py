"""What would bring which band, as a page of the project's result shows it."""

from decimal import Decimal as D

import pytest
from django.urls import reverse

from inspections.sheet import sheets
from inspections.sheet.recovery_page import recovery_of
from inspections.sheet.result_page import ResultPage
from scoring.models import Score, Standing
from tests.inspections import ruling
from tests.inspections.entering import AT, confirm_all, missing, opened
from tests.queries import queries_of


def lost(company, *, project=None, points=("2", "2", "2", "2"), lines=1):
    """All sheets of a project with as much missing of their items."""
    for specialty in company.lines:
        sheet = opened(company, project=project, specialty=specialty)
        for number, each in enumerate(points, 1):
            for line in range(1, lines + 1):
                missing(sheet, company.auditor, number=number, line=line, points=each)
        confirm_all(sheet, company.auditor)
        sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)


def recovered(company, *asked, project=None):
    result = ResultPage(company.campaign, project or company.one, company.president)
    return recovery_of(result, asked)


def address(company, name="recovery", project="P01"):
    return reverse(name, args=[company.campaign.code, project])


def test_each_better_band_has_its_shortest_way(company):
    lost(company, lines=3)  # 24 of 100 on each sheet
    found = recovered(company)
    assert found.result.composite == D("76.00")
    good, excellent = found.reaches
    assert [good.mark.code, excellent.mark.code] == ["good", "excellent"]
    # a requirement of 2 brings 0.6 at most: six times 0.6 make 79.6, at 79.50 it is good
    assert len(good.offers) == 6
    assert {offer.fix.sheet for offer in good.offers} == {"facilities"}
    assert recovered(company, *[o.key for o in good.offers]).band.code == "good"


def test_what_is_suggested_brings_the_band_and_the_page_says_so(company, client):
    lost(company, lines=2)
    (reach,) = recovered(company).reaches
    client.force_login(company.manager)
    page = client.get(f"{address(company)}?{reach.query}").content.decode()
    outcome = page.split('id="recovery-outcome"')[1].split("</div>")[0]
    assert "优秀" in outcome
    assert "等级提高" in outcome
    assert page.count(" checked") == len(reach.offers)


def test_what_is_ticked_is_open_and_else_the_first_sheet(company):
    lost(company)
    groups = recovered(company).groups
    assert [group.is_open for group in groups] == [True, False, False, False]
    assert [group.costs for group in groups] == [D(8)] * 4
    ticked = groups[2].offers[0].key
    assert [g.is_open for g in recovered(company, ticked).groups] == [False, False, True, False]


def test_a_long_way_is_folded(company, client):
    lost(company, lines=3)
    client.force_login(company.manager)
    page = client.get(address(company)).content.decode()
    assert [len(reach.offers) > 10 for reach in recovered(company).reaches] == [False, True]
    assert page.count("看是哪几项") == 1


def test_ticks_are_worked_out_by_the_server(company, client):
    lost(company, lines=2)
    client.force_login(company.manager)
    part = client.get(
        f"{address(company, 'recovery_outcome')}?met=facilities.I01.1."
    ).content.decode()
    assert "84.60" in part
    assert "+0.60" in part
    assert "<html" not in part


def test_what_nobody_can_tick_is_passed_over(company, client):
    lost(company, lines=2)
    client.force_login(company.manager)
    page = client.get(f"{address(company)}?met=nonsense&met=facilities.I99.1.")
    assert "84.00" in page.content.decode().split('id="recovery-outcome"')[1]


def test_nothing_is_written(company, client):
    lost(company, lines=2)
    before = list(Standing.objects.values()), list(Score.objects.values())
    client.force_login(company.manager)
    client.get(f"{address(company, 'recovery_outcome')}?met=facilities.I01.1.")
    assert (list(Standing.objects.values()), list(Score.objects.values())) == before


def test_a_capped_band_needs_the_critical_requirement(company):
    for specialty in company.lines:
        sheet = ruling.opened(company, specialty=specialty)
        if specialty == "order":
            ruling.note(sheet, company.auditor, "R04", line=2, points="1")
        confirm_all(sheet, company.auditor)
        sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    found = recovered(company)
    assert (found.result.composite, found.result.band.code) == (D("99.75"), "good")
    (reach,) = found.reaches
    assert [offer.about.text for offer in reach.offers] == ["应急预案齐全"]
    assert recovered(company, reach.offers[0].key).band.code == "excellent"


def test_a_provisional_project_has_none(company, client):
    sheet = opened(company)
    missing(sheet, company.auditor)
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert recovered(company) is None
    client.force_login(company.manager)
    assert client.get(address(company, "recovery_outcome")).status_code == 404
    page = client.get(address(company)).content.decode()
    assert "没有可以补上的" in page
    assert "data-recovery" not in page


def test_ticks_in_the_address_of_the_result_lead_to_the_preview(company, client):
    lost(company, lines=2)
    client.force_login(company.manager)
    ticks = "met=facilities.I01.1.&met=order.I02.2."
    answer = client.get(f"{address(company, 'project_result')}?{ticks}")
    assert answer.url == f"{address(company)}?{ticks}"


@pytest.mark.parametrize(("person", "status"), [("president", 200), ("other_manager", 404)])
def test_who_reads_the_result_may_try(company, client, person, status):
    lost(company)
    client.force_login(getattr(company, person))
    for name in ("recovery", "recovery_outcome"):
        assert client.get(address(company, name)).status_code == status


def test_a_tick_asks_as_much_for_few_deductions_as_for_many(company, client):
    lost(company, points=("2",))
    lost(company, project=company.two, lines=4)
    client.force_login(company.president)
    few, many = (
        queries_of(lambda code=code: client.get(address(company, "recovery_outcome", code)))
        for code in ("P01", "P02")
    )
    assert few == many <= 24
