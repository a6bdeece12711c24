"""Standings and settlements, as LibreOffice calculates them by plain formulas: every digit."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from rewards.documents import settlement_workbook
from tests.rewards.documents.spreadsheet import plain_book as at
from tests.rewards.documents.spreadsheet.invented import Campaign, Result
from tests.rewards.documents.spreadsheet.plain_book import PlainBook
from tests.rewards.documents.spreadsheet.recalculate import recalculated

pytestmark = pytest.mark.libreoffice
SEEDS = range(200)


def test_two_hundred_campaigns_come_out_the_same(tmp_path):
    plain, campaigns = PlainBook(), [Campaign(seed) for seed in SEEDS]
    places = [plain.add(campaign) for campaign in campaigns]
    sheet = recalculated({"plain": plain.data()}, tmp_path)["plain"]["projects"]
    rows = list(sheet.iter_rows(values_only=True))
    results = [campaign.results() for campaign in campaigns]
    for seed, (first, last, total) in zip(SEEDS, places, strict=True):
        calculated = [read(row) for row in rows[first - 1 : last]]
        assert calculated == results[seed], f"campaign {seed}"
        assert figure(rows[total - 1][0]) == sum(map(paid, results[seed])), f"campaign {seed}"
    holds_what_matters([each for result in results for each in result])


def read(row: tuple) -> Result:
    """A project's row; what is provisional has no points, band or rank."""
    composite, final, points, place, rank = row[at.COMPOSITE - 1 : at.RANK]
    people = row[at.AMOUNTS - 1 : at.AMOUNTS + 2]
    settled = (points, place, rank) if final not in (None, "") else (None, None, None)
    return Result(
        figure(composite), *settled, [figure(each) for each in people], figure(row[at.TEAM - 1])
    )


def figure(value) -> Decimal | None:
    """As it would be typed: the shortest decimal of the double."""
    return None if value in (None, "") else Decimal(repr(value))


def paid(result: Result) -> Decimal:
    return sum(result.people, result.team)


def holds_what_matters(results: list[Result]) -> None:
    """The seeds hold provisional projects, ties of rank, rewards, penalties and team rewards."""
    ranks = [each.rank for each in results]
    amounts = [amount for each in results for amount in each.people]
    assert ranks.count(None) > 20 and len(results) > 800
    assert min(amounts) < 0 < max(amounts)
    assert sum(each.team > 0 for each in results) > 20


def test_the_workbook_for_finance_calculates_what_it_shows(scored, approved, tmp_path):
    data = settlement_workbook(approved, at=scored.at)
    shown = load_workbook(io.BytesIO(data), data_only=True)
    calculated = recalculated({"finance": data}, tmp_path)["finance"]
    for sheet in shown:
        assert list(calculated[sheet.title].values) == list(sheet.values), sheet.title
