"""Marks and questions where rows of every kind stand together."""

import io
import json
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse

from inspections.exam.results import enter_result, publish_results
from organization.person_data import give_data, person_zip
from tests.inspections.examining import AFTER, exam, question, seat

RECORD = reverse("admin:organization_historyentry_changelist")


@pytest.fixture
def sat(company):
    """One has 77.5 points, the others were absent."""
    held = exam(company)
    for each in held.seats.all():
        mine = each == seat(held, company.clerk)
        points = Decimal("77.5") if mine else None
        enter_result(seat=each, points=points, absent=not mine, by=company.lead, at=AFTER)
    return held


def in_data(person, give=person_zip, **given):
    out = io.BytesIO()
    give(person=person, out=out, **given)
    with zipfile.ZipFile(out) as archive:
        return json.loads(archive.read("person.json"))


def test_the_record_tells_marks_and_questions_to_who_may_read_them(client, company, sat):
    about = question(company).text
    seen = {}
    for name in ("center", "admin", "center"):  # in turn: the first page is kept
        client.force_login(getattr(company, name))
        page = client.get(RECORD).content.decode()
        seen[name] = ("77.5" in page, about in page)
    assert seen == {"center": (True, True), "admin": (False, False)}


def test_nobody_finds_the_own_mark_in_the_own_data_before_it_is_published(company, sat):
    assert "inspections.seat" not in in_data(company.clerk)
    publish_results(exam=sat, by=company.lead, at=AFTER)
    assert in_data(company.clerk)["inspections.seat"][0]["points"] == "77.50"


def test_administrators_take_nobodys_marks_operators_do(company, sat):
    publish_results(exam=sat, by=company.lead, at=AFTER)
    taken = in_data(company.clerk, give_data, by=company.admin, at=AFTER)
    assert "inspections.seat" not in taken and "organization.post" in taken
    assert "inspections.seat" in in_data(company.clerk, give_data, by="command", at=AFTER)
