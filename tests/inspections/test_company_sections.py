"""The company's median and best of a section: the same as sheet by sheet."""

from datetime import timedelta
from decimal import Decimal as D
from fractions import Fraction
from functools import partial
from random import Random
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaign.models import Participation
from inspections.models import ScoreSheet
from inspections.sheet import observations, sheets
from inspections.sheet.company_sections import CompanySection, company_sections
from inspections.sheet.result_page import ResultPage
from inspections.sheet.section_rows import section_rows
from inspections.sheet.sheet_page import SheetPage
from scoring.models import CampaignResults
from tests import cast
from tests.inspections import appealing, ruling
from tests.inspections.entering import AT, confirm_all, item, missing, opened, submitted


def finish(sheet, company, at=AT):
    confirm_all(sheet, company.auditor, at=at)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=at)


def one_by_one(company):
    """The same the long way: every sheet folded, every section's percent listed."""
    listed = {}
    for sheet in ScoreSheet.objects.audits().submitted():
        for part in SheetPage(sheet, company.president).parts:
            if part.possible:
                key = sheet.specialty_id, part.section.code
                kept = Fraction(max(part.kept, D(0))) / Fraction(part.possible) * 100
                listed.setdefault(key, []).append(kept)
    return {
        key: CompanySection(Fraction(median(kept)), max(kept), len(kept))
        for key, kept in listed.items()
    }


@pytest.fixture
def many(company):
    """Eight more projects in the campaign."""
    projects = [cast.project(f"P1{n}", f"项目{n}") for n in range(8)]
    Participation.objects.bulk_create(
        Participation(campaign=company.campaign, project=each) for each in projects
    )
    cast.Standing.objects.bulk_create(
        cast.Standing(campaign=company.campaign, project=each, updated_at=AT) for each in projects
    )
    return projects


def test_it_is_what_every_sheet_says(company, many):
    chance = Random(11)
    for project in many:
        sheet = opened(company, project=project, items=20, sections=3)
        without = chance.sample(range(1, 21), 2)
        for number in without:
            observations.mark_not_applicable(
                sheet=sheet, item=item(sheet, number), reason="没有", by=company.auditor, at=AT
            )
        for number in sorted({*range(1, 21)} - {*without}):
            for line in range(1, chance.choice([1, 1, 1, 2, 5])):
                amount = D(chance.randrange(5, 21)) / 10
                missing(sheet, company.auditor, number=number, line=line, points=amount)
        finish(sheet, company)
    found = company_sections(company.campaign)
    assert len(found) == 3
    assert found == one_by_one(company)


def test_extras_and_used_up_items_count_as_on_the_sheet(company):
    CampaignResults.objects.create(campaign=company.campaign, extra_allowed=True)
    for project in (company.one, company.two):
        sheet = ruling.opened(company, project=project)
        ruling.note(sheet, company.auditor, "R01", rule=ruling.EXTRA, points="10")
        ruling.note(sheet, company.auditor, "R01", rule=ruling.LOST)
        finish(sheet, company)
    assert company_sections(company.campaign) == one_by_one(company)


def test_a_mark_that_was_withdrawn_leaves_nothing_out(company):
    sheet = opened(company)
    mark = observations.mark_not_applicable(
        sheet=sheet, item=item(sheet, 1), reason="没有", by=company.auditor, at=AT
    )
    observations.withdraw(observation=mark, by=company.auditor, at=AT)
    missing(sheet, company.auditor, points="2")
    finish(sheet, company)
    assert company_sections(company.campaign) == one_by_one(company)


def test_self_checks_and_unfinished_sheets_are_none_of_it(company):
    submitted(company)
    running = opened(company, project=company.two)
    missing(running, company.auditor)
    ((_key, found),) = company_sections(company.campaign).items()
    assert (found.best, found.projects) == (100, 1)


def test_a_decided_appeal_counts(company):
    found = appealing.made(company)
    ((_key, before),) = company_sections(company.campaign).items()
    appealing.decided(company, found)
    ((_key, after),) = company_sections(company.campaign).items()
    assert (before.best, after.best) == (Fraction("98.5"), 100)


def test_the_next_score_is_in_it_at_once(company):
    submitted(company)
    submitted(company, project=company.two, at=AT + timedelta(hours=1))
    ((_key, found),) = company_sections(company.campaign).items()
    assert found.projects == 2


def test_it_asks_as_much_for_few_projects_as_for_many(company, many):
    def asked():
        with CaptureQueriesContext(connection) as questions:
            company_sections(company.campaign)
        return len(questions)

    submitted(company)
    few = asked()
    for number, project in enumerate(many, 1):
        submitted(company, project=project, at=AT + timedelta(hours=number))
    assert few == asked() == 1


def test_the_page_shows_own_median_and_best(company, client):
    for project, lost in ((company.one, "2"), (company.two, "1")):
        sheet = opened(company, project=project)
        missing(sheet, company.auditor, points=lost)
        finish(sheet, company)
    result = ResultPage(company.campaign, company.one, company.president)
    (row,) = section_rows(result)
    assert (row.own, row.median, row.best, row.behind) == (D("98"), D("98.50"), D("99.00"), True)
    client.force_login(company.manager)
    page = client.get(f"/c/{company.campaign.code}/results/P01/").content.decode()
    assert 'data-own="98.00" data-median="98.50" data-best="99.00"' in page
    assert "低于中位数" in page


def test_without_a_finished_sheet_there_is_no_comparison(company, client):
    read = partial(client.get, f"/c/{company.campaign.code}/results/P01/")
    client.force_login(company.manager)
    assert "各板块与全公司对照" not in read().content.decode()
