"""The pages of audit visits: their calendar, the schedule, single ones."""

import re
from datetime import date

import pytest

from campaign.models import Campaign
from inspections.audit_visit import calendar_page
from inspections.models import AuditVisit
from tests import cast
from tests.inspections.visiting import (
    AT,
    FIRST,
    LAST,
    LIST,
    approved,
    drafted,
    post,
    submitted,
    visits,
)
from tests.lists import rows_of
from tests.queries import queries_of


def test_the_center_drafts_and_hands_in_on_the_page(client, company):
    people = [company.auditor.pk, company.center.pk]
    typed = {"first": FIRST, "last": LAST, "doubles": 0, "per_day": 2, "seed": 3}
    post(client, company.center, f"{LIST}schedule/draft/", auditors=people, **typed)
    post(client, company.center, f"{LIST}schedule/", do="submit")
    page = post(client, company.executive, f"{LIST}schedule/", do="return")
    assert page.status_code == 422
    assert "写明原因" in page.content.decode()
    post(client, company.executive, f"{LIST}schedule/", do="approve")
    assert company.campaign.audit_schedule.approved_by == company.executive


@pytest.mark.parametrize("page", ["", "schedule/draft/", "new/"])
def test_before_the_start_a_page_says_from_when_on_visits_are_planned(client, company, page):
    Campaign.objects.update(started_at=None)
    client.force_login(company.center)
    shown = client.get(f"{LIST}{page}").content.decode()
    assert re.search("专项工作开始（2011年.*日.*）后，就能编排和增加检查。", shown)
    assert "data-keep" not in shown


def test_after_the_end_no_visits_are_planned_and_no_schedule_is_handed_in(client, company):
    drafted(company)
    client.force_login(company.center)
    offered = 'value="submit"'
    assert offered in client.get(LIST).content.decode()
    Campaign.objects.update(closed_at=AT)
    shown = client.get(LIST).content.decode()
    assert "不再编排检查" in shown
    assert ("schedule/draft/" in shown, offered in shown) == (False, False)
    refused = client.post(f"{LIST}schedule/", {"do": "submit", "revision": 0}, follow=True)
    assert "已经结束" in refused.content.decode()


def test_a_schedule_that_waits_is_not_drafted_anew(client, company):
    submitted(company)
    client.force_login(company.center)
    page = client.get(f"{LIST}schedule/draft/", follow=True).content.decode()
    assert "退回后才能再改" in page


@pytest.mark.parametrize(
    ("person", "do"), [("lead", "submit"), ("center", "approve"), ("manager", "return")]
)
def test_a_reader_who_may_not_gets_403(client, company, person, do):
    drafted(company)
    answer = post(client, getattr(company, person), f"{LIST}schedule/", do=do)
    assert answer.status_code == 403


def test_a_visit_is_moved_on_its_page_and_a_stale_one_shows_what_was_typed(client, company):
    drafted(company)
    (visit, *_) = visits(company)
    typed = {"do": "change", "day": LAST, "auditors": company.lead.pk, "revision": 0}
    address = visit.get_absolute_url()
    assert post(client, company.center, address, **typed).status_code == 302
    stale = post(client, company.center, address, **typed | {"reason": "改到周五"})
    assert stale.status_code == 409
    assert "改到周五" in stale.content.decode()


@pytest.mark.parametrize("auditors", ["9223372036854775808", "9" * 400, "-1", "x"])
@pytest.mark.parametrize("do", ["change", "remove"])
def test_a_key_that_nobody_has_is_none_on_offer(client, company, do, auditors):
    drafted(company)
    (visit, *_) = visits(company)
    typed = {"do": do, "day": LAST, "auditors": auditors, "revision": 7}
    answer = post(client, company.center, visit.get_absolute_url(), **typed)
    assert answer.status_code == {"change": 422, "remove": 409}[do]


def test_a_visit_is_added_and_cancelled_on_the_page(client, company):
    drafted(company)
    typed = {"project": "P01", "method": "open", "day": "2011-12-05", "auditors": company.lead.pk}
    made = post(client, company.center, f"{LIST}new/", **typed)
    post(client, company.center, made.url, do="remove", revision=0)
    assert AuditVisit.objects.get(day=date(2011, 12, 5)).withdrawn_at


@pytest.mark.parametrize("show", ["week", "auditor", "project"])
def test_each_view_names_project_and_auditor_and_asks_as_often_for_many(client, company, show):
    approved(company)
    client.force_login(company.lead)
    page = client.get(LIST, {"show": show}).content.decode()
    assert "锦澜府" in page
    assert "何敏" in page
    few = queries_of(lambda: client.get(LIST, {"show": show}))
    for number in range(3):
        visit = AuditVisit.objects.create(
            campaign=company.campaign,
            project=cast.project(code=f"Q{number}"),
            day=FIRST,
            planned_at=AT,
        )
        visit.auditors.add(company.auditor)
    assert queries_of(lambda: client.get(LIST, {"show": show})) == few


@pytest.mark.parametrize(("show", "most"), [("week", "MOST_A_DAY"), ("auditor", "MOST_OF_ONE")])
def test_a_full_day_shows_the_first_projects_and_says_how_many_follow(
    client, company, monkeypatch, show, most
):
    monkeypatch.setattr(calendar_page, most, 1)
    for code in ("Z2", "A1", "Z3"):
        visit = AuditVisit.objects.create(
            campaign=company.campaign,
            project=cast.project(code=code, name=f"{code}苑"),
            day=FIRST,
            planned_at=AT,
        )
        visit.auditors.add(company.auditor)
    client.force_login(company.lead)
    page = client.get(LIST, {"show": show}).content.decode()
    assert "A1苑" in page and "Z2苑" not in page and ">还有 2 次</a>" in page


def test_the_workbook_has_what_the_reader_sees(client, company):
    approved(company)
    client.force_login(company.manager)
    rows = rows_of(client.get(f"{LIST}excel/").content)
    assert [row[2] for row in rows[1:]] == ["锦澜府"]
