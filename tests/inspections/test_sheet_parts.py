"""What changed on a sheet's page, asked for by the ids of what was sent."""

import re

import pytest
from django.urls import reverse

from inspections.sheet import observations
from tests.inspections.entering import AT, item, missing, opened, requirement
from tests.queries import queries_of

PIECE = re.compile(r'<template data-for="([^"]+)">')
TOTALS = {"title", "total-act", "total-num", "total-more", "lacks"}


@pytest.fixture
def sheet(company):
    return opened(company)


@pytest.fixture
def parts(client, company, sheet):
    client.force_login(company.auditor)
    url = reverse("sheet_parts", args=[sheet.campaign.code, sheet.pk])
    return lambda **asked: client.get(url, asked)


def pieces(answer):
    return set(PIECE.findall(answer.json()["html"]))


def test_a_deduction_changes_its_row_its_card_and_the_totals(parts, sheet, company):
    seen = missing(sheet, company.auditor)
    key, row = item(sheet).pk, requirement(sheet).pk
    found = pieces(parts(seen=seen.pk))
    assert found >= TOTALS | {f"head-{key}", f"foot-{key}", f"sum-{row}", f"seen-{row}"}
    assert not found & {f"body-{key}", f"shots-{row}", f"head-{item(sheet, 2).pk}"}


def test_pictures_come_where_some_were_sent(parts, sheet, company):
    seen = missing(sheet, company.auditor)
    assert f"shots-{requirement(sheet).pk}" in pieces(parts(seen=seen.pk, shots="1"))


def test_an_item_that_became_not_applicable_comes_whole(parts, sheet, company):
    mark = observations.mark_not_applicable(
        sheet=sheet, item=item(sheet), reason="没有大堂", by=company.auditor, at=AT
    )
    assert f"body-{item(sheet).pk}" in pieces(parts(seen=mark.pk))


def test_items_are_named_as_well_and_what_is_neither_is_passed_over(parts, sheet):
    found = pieces(parts(item=[item(sheet, 2).pk, "x", "9" * 40], seen=["no id"]))
    assert {name for name in found if name.startswith("head-")} == {f"head-{item(sheet, 2).pk}"}


def test_many_of_them_take_as_many_queries_as_one(parts, sheet, company):
    ids = [missing(sheet, company.auditor, number).pk for number in (1, 2, 3)]
    parts(seen=ids)
    assert queries_of(lambda: parts(seen=ids)) == queries_of(lambda: parts(seen=ids[:1]))


def test_a_stranger_finds_nothing(parts, client, company):
    client.force_login(company.manager)
    assert parts().status_code == 404
