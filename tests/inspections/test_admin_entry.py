"""The admin site's entry screen: the same functions and bounds as the page, and no way around."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections.models import Observation, ScoreSheet
from inspections.sheet import observations
from inspections.words import Method, ObservationKind
from tests.inspections.entering import (
    AT,
    confirm_all,
    folded,
    item,
    missing,
    opened,
    requirement,
    submitted,
)
from tests.inspections.writing import picture

INLINE = r"\sstyle=|\son\w+=|<style|<script(?![^>]*(src=|application/json))"
LIST = "admin:inspections_scoresheet_changelist"


@pytest.fixture
def sheet(company):
    return opened(company)


@pytest.fixture
def admin(company, client):
    client.force_login(company.auditor)
    return client


def screen(sheet):
    return reverse("admin:inspections_scoresheet_change", args=[sheet.pk])


def note(sheet, number=1, line=1, **fields):
    return {
        "do": "observe",
        "missing": "1",
        "id": str(uuid.uuid4()),
        "item": item(sheet, number).pk,
        "requirement": requirement(sheet, number, line).pk,
        "points": "1.5",
        "method": Method.COVERT,
        "note": "脱岗",
    } | fields


def test_an_auditor_notes_what_is_missing(company, sheet, admin):
    answer = admin.post(screen(sheet), note(sheet, photos=picture()))
    seen = Observation.objects.get()
    assert answer.url == f"{screen(sheet)}#item-{item(sheet).pk}"
    assert (str(seen.points), seen.method, seen.note, seen.by) == (
        "1.50",
        "covert",
        "脱岗",
        company.auditor,
    )
    assert seen.photos.count() == 1
    assert "脱岗" in admin.get(screen(sheet)).content.decode()


@pytest.mark.parametrize("points", ["0.4", "2.1", "0.55", "x", ""])
def test_the_bounds_are_those_of_the_page(sheet, admin, points):
    answer = admin.post(screen(sheet), note(sheet, points=points, note="写下的话"))
    assert answer.status_code == 422
    assert "写下的话" in answer.content.decode()
    assert not Observation.objects.exists()


def test_ones_own_is_withdrawn_somebody_elses_is_not(company, sheet, admin):
    own, other = missing(sheet, company.auditor), missing(sheet, company.center, line=2)
    admin.post(screen(sheet), {"do": "withdraw", "observation": own.pk})
    answer = admin.post(screen(sheet), {"do": "withdraw", "observation": other.pk})
    assert "只能改自己的记录" in answer.content.decode()
    assert folded(sheet).standing_ids == {other.pk}


def test_an_item_is_confirmed_or_not_applicable(sheet, admin):
    admin.post(screen(sheet), {"do": "confirm", "item": item(sheet, 1).pk})
    admin.post(screen(sheet), {"do": "not_applicable", "item": item(sheet, 2).pk, "note": "未配置"})
    kinds = Observation.objects.order_by("item__order").values_list("kind", flat=True)
    assert list(kinds) == [ObservationKind.CONFORMS, ObservationKind.NOT_APPLICABLE]


def test_a_sheet_is_handed_in_once_all_was_looked_at(company, sheet, admin):
    refusal = admin.post(screen(sheet), {"do": "submit"}, follow=True)
    assert "还有 4 项没有评" in refusal.content.decode()
    confirm_all(sheet, company.auditor)
    admin.post(screen(sheet), {"do": "submit"})
    sheet.refresh_from_db()
    assert sheet.submitted_by == company.auditor


def test_a_submitted_sheet_takes_nothing_more(company, admin):
    sheet = submitted(company)
    page = admin.get(screen(sheet)).content.decode()
    assert 'value="observe"' not in page
    answer = admin.post(screen(sheet), note(sheet))
    assert "已经提交" in answer.content.decode()


def test_a_lead_fills_the_own_rubric_and_reads_the_others(company, sheet, client):
    other = opened(company, specialty="order")
    client.force_login(company.lead)
    assert 'value="observe"' in client.get(screen(sheet)).content.decode()
    assert 'value="observe"' not in client.get(screen(other)).content.decode()
    assert client.post(screen(other), note(other)).status_code == 403
    assert not Observation.objects.exists()


def test_an_administrator_reads_only(company, sheet, client):
    client.force_login(company.admin)
    assert 'value="observe"' not in client.get(screen(sheet)).content.decode()
    assert client.post(screen(sheet), note(sheet)).status_code == 403


@pytest.mark.parametrize("person", ["president", "manager", "worker"])
def test_others_do_not_get_in(company, sheet, client, person):
    client.force_login(getattr(company, person))
    assert client.get(screen(sheet)).status_code == 302
    client.post(screen(sheet), note(sheet))
    assert not Observation.objects.exists()


@pytest.mark.parametrize("model", ["observation", "scoresheet"])
@pytest.mark.parametrize("person", ["auditor", "admin"])
def test_nothing_is_added_or_deleted_by_hand(company, sheet, client, model, person):
    seen = missing(sheet, company.auditor)
    thing = seen if model == "observation" else sheet
    client.force_login(getattr(company, person))
    assert client.get(reverse(f"admin:inspections_{model}_add")).status_code == 403
    delete = reverse(f"admin:inspections_{model}_delete", args=[thing.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert (ScoreSheet.objects.count(), Observation.objects.count()) == (1, 1)


def test_an_observation_is_read_and_never_changed(company, sheet, admin):
    seen = missing(sheet, company.auditor, note="原话")
    url = reverse("admin:inspections_observation_change", args=[seen.pk])
    assert "原话" in admin.get(url).content.decode()
    assert admin.post(url, {"note": "改过"}).status_code == 403
    seen.refresh_from_db()
    assert seen.note == "原话"


def test_an_unknown_move_or_sheet_is_not_found(sheet, admin):
    assert admin.post(screen(sheet), {"do": "erase"}).status_code == 404
    assert admin.get("/admin/inspections/scoresheet/9999/change/").status_code == 404


def test_the_screen_holds_to_the_content_policy(company, sheet, admin):
    missing(sheet, company.auditor)
    for url in (screen(sheet), reverse(LIST)):
        page = admin.get(url).content.decode()
        assert not re.search(INLINE, page)


def test_the_screen_asks_the_same_questions_for_a_long_full_sheet(company, admin):
    short, long = opened(company), opened(company, specialty="order", items=20)
    for number in range(1, 16):
        missing(long, company.auditor, number=number)
        missing(long, company.center, number=number, line=2)
    missing(short, company.auditor)
    missing(short, company.center)

    def asked(sheet):
        with CaptureQueriesContext(connection) as questions:
            admin.get(screen(sheet))
        return len(questions)

    asked(short), asked(long)
    assert asked(short) == asked(long)


def test_the_list_shows_how_far_a_sheet_is(company, sheet, admin):
    observations.confirm(sheet=sheet, items=[item(sheet)], by=company.auditor, at=AT)
    page = admin.get(reverse(LIST)).content.decode()
    assert "1 / 4" in page
    assert "进行中" in page
