"""What the scheduler keeps of exams says what counting them says, and of when it is."""

import json
from decimal import Decimal

import pytest

from campaign.kept import LONGEST, count_kept
from inspections.exam import rates
from inspections.exam.kept_rates import as_figures, from_figures, kept_projects, kept_rates
from inspections.exam.rates import Rate
from inspections.models import Seat
from tests.inspections.examining import LIST, address, body, exam, marked


@pytest.fixture
def held(company):
    found = exam(company)
    marked(company, found)
    return found


def test_what_is_kept_is_what_counting_says_for_a_quarter_of_an_hour(company, held, monkeypatch):
    monkeypatch.setattr(rates, "FITS", 1)
    monkeypatch.setattr(rates, "PER_PAGE", 1)
    at, seats = held.closes_at, Seat.objects.all()
    counted = rates.project_page(held, seats, 1, at=at)
    count_kept(company.campaign, at=at)
    found, counted_at = kept_rates(company.campaign, [held], at=at)
    assert (found, counted_at) == (rates.of_exams([held], seats, at=at), at)
    page, counted_at = kept_projects(held, at=at)
    assert (page.object_list, counted_at) == (counted.object_list, at)
    assert (page.paginator.count, page.paginator.num_pages) == (counted.paginator.count, 2)
    later = at + LONGEST
    assert kept_rates(company.campaign, [held], at=later) == ({}, None)
    assert kept_projects(held, at=later) == (None, None)


def test_pages_say_of_when_kept_figures_are(company, held, signed, monkeypatch, time_machine):
    monkeypatch.setattr(rates, "FITS", 1)
    monkeypatch.setattr(rates, "PER_PAGE", 1)
    time_machine.move_to(held.closes_at, tick=False)
    center, page = signed("center"), address(held)
    assert not any("截至" in body(center.get(each)) for each in (LIST, page))
    count_kept(company.campaign, at=held.closes_at)
    assert "截至" in body(center.get(LIST)) and "各项目截至" in body(center.get(page))
    assert "各项目截至" not in body(center.get(f"{page}?projects=2"))
    assert "截至" not in body(signed("manager").get(LIST))


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal("61.50")])
def test_no_points_at_all_are_kept_as_well(amount):
    rate = Rate(invited=2, sat=1, average=amount, best=amount)
    assert from_figures(json.loads(json.dumps(as_figures(rate)))) == rate
