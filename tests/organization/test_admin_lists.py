"""Long lists of the admin site: dates and filters that do not read every row."""

from datetime import timedelta

import pytest
from django.urls import reverse

from campaign.models import Reminder
from organization import admin_lists
from organization.history import record
from organization.models import HistoryEntry
from tests import cast
from tests.queries import queries_of

HISTORY, LEDGER = "/admin/organization/historyentry/", "/admin/campaign/reminder/"


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def center(client, company):
    HistoryEntry.objects.all().delete()
    client.force_login(company.center)
    return client


def happened(company, *days, verb="accept"):
    for number in days:
        at = cast.NOW + timedelta(days=number)
        record(on=company.campaign, verb=verb, by=company.center, at=at)


def dates(client, **asked):
    """The drill-down's choices, each with what its link leaves in the list."""
    page = client.get(HISTORY, asked)
    found = page.content.decode().partition('<nav class="toplinks">')[2].partition("</nav>")[0]
    return [each.partition("</a>")[0].partition(">")[2] for each in found.split("<a ")[1:]]


def rows(page):
    return list(page.context["cl"].result_list)


def test_days_of_one_month_are_offered_at_once(center, company):
    happened(company, 0, 2)
    assert dates(center) == ["&lsaquo; 2011", "11月27日", "11月28日", "11月29日"]


def test_months_of_one_year_are_offered_at_once(center, company):
    happened(company, -45, 0)
    assert dates(center) == ["&lsaquo; 所有日期", "2011年10月", "2011年11月"]


def test_years_come_first_where_there_are_several(center, company):
    happened(company, 0, 300)
    assert dates(center) == ["2011", "2012"]
    assert dates(center, at__year=2012) == ["&lsaquo; 所有日期", "2012年9月"]


def test_a_day_leaves_what_happened_on_it(center, company):
    happened(company, 0, 1, 1, 2)
    asked = {"at__year": 2011, "at__month": 11, "at__day": 28}
    assert len(rows(center.get(HISTORY, asked))) == 2
    assert dates(center, **asked) == ["&lsaquo; 2011年11月"]


@pytest.mark.parametrize("asked", [{"o": "1"}, {"o": "-3"}, {"p": "2"}, {"o": "-1"}])
def test_the_last_day_is_known_however_the_list_is_looked_at(center, company, asked):
    happened(company, *[0] * 25, 2)
    assert dates(center, **asked) == ["&lsaquo; 2011", "11月27日", "11月28日", "11月29日"]


def test_the_first_page_shows_what_is_there_now(center, company):
    """Its statement is made once, its rows are read each time: in each language by itself."""
    happened(company, *range(26))
    first = rows(center.get(HISTORY))
    happened(company, 40)
    record(on=company.campaign, verb="submit", by=company.lead, at=cast.NOW + timedelta(days=50))
    for headers in ({}, {"accept-language": "en"}):
        shown = rows(center.get(HISTORY, headers=headers))
        assert [each.pk for each in shown] == list(newest()[:25])
    assert (shown[0].verb, shown[0].by, shown[2:]) == ("submit", company.lead, first[:23])


def test_a_list_that_grows_beyond_a_page_stops_there(center, company):
    happened(company, 0, 1)
    assert len(rows(center.get(HISTORY))) == 2
    happened(company, *range(2, 30))
    shown = rows(center.get(HISTORY))
    assert [each.pk for each in shown] == list(newest()[:25])


def newest():
    return HistoryEntry.objects.order_by("-at", "-pk").values_list("pk", flat=True)


def test_without_rows_there_are_no_dates(center):
    assert dates(center) == []


def test_verbs_are_offered_by_their_words_and_narrow_the_list(center, company):
    happened(company, 0), happened(company, 1, verb="submit")
    page = center.get(HISTORY, {"verb": "submit"})
    assert [each.verb for each in rows(page)] == ["submit"]
    assert ">提交审核</a>" in page.content.decode().replace("\n", "").replace(" ", "")
    assert len(rows(center.get(HISTORY, {"verb": "unknown"}))) == 2


def test_the_ledger_is_narrowed_by_kinds_of_rules_and_ways(center, company):
    facts = {"campaign": company.campaign, "person": company.manager, "thing": "x:1", "title": "x"}
    for rule, channel in (("before-3", "inbox"), ("before-1", "mail"), ("notice", "mail")):
        Reminder.objects.create(rule=rule, channel=channel, wanted_at=cast.NOW, **facts)
    assert len(rows(center.get(LEDGER, {"rule": "before"}))) == 2
    assert len(rows(center.get(LEDGER, {"rule": "before", "channel": "mail"}))) == 1


@pytest.mark.parametrize("page", [HISTORY, "/admin/inspections/observation/"])
def test_a_list_asks_as_often_for_many_rows(center, company, page):
    happened(company, 0)
    few = queries_of(lambda: center.get(page))
    happened(company, *range(-400, 400, 50))
    assert queries_of(lambda: center.get(page)) == few


def test_a_long_list_says_how_far_it_was_counted_and_goes_on(center, company, monkeypatch):
    monkeypatch.setattr(admin_lists, "STEP", 60)
    happened(company, *range(70))
    page = center.get(HISTORY)
    assert "60+ 操作记录" in page.content.decode()
    last = center.get(HISTORY, {"p": 2})
    assert len(rows(last)) == 25 and last.context["cl"].result_count == 70
    assert len(rows(center.get(HISTORY, {"p": 3}))) == 20


def test_a_list_that_ends_before_is_counted_whole(center, company, monkeypatch):
    monkeypatch.setattr(admin_lists, "STEP", 60)
    happened(company, *range(60))
    assert str(center.get(HISTORY).context["cl"].result_count) == "60"


@pytest.mark.parametrize("number", ["9" * 8, "9" * 30, "-1", "x", "0"])
def test_a_page_that_a_long_list_does_not_have_leads_to_all_of_it(center, company, number):
    happened(company, *range(30))
    answer = center.get(HISTORY, {"p": number})
    assert answer.status_code == 302 or rows(answer)


@pytest.mark.parametrize("year", ["9" * 400, "9999", "0", "x"])
def test_a_year_that_no_calendar_has_leads_to_the_whole_list(center, company, year):
    happened(company, 0)
    answer = center.get(HISTORY, {"at__year": year})
    assert (answer.status_code, answer.url) == (302, f"{HISTORY}?e=1")


def test_the_record_is_told_in_words_and_not_in_codes(client, company):
    client.force_login(company.admin)
    record(on=company.manager, verb="look_as", by=company.admin, at=cast.NOW, reason="他打不开")
    entry = HistoryEntry.objects.get(verb="look_as")
    for address in (
        reverse("admin:organization_historyentry_changelist"),
        reverse("admin:organization_historyentry_change", args=[entry.pk]),
        reverse("admin:organization_user_history", args=[company.manager.pk]),
    ):
        page = client.get(address).content.decode()
        assert "以其身份查看" in page and "他打不开" in page
        assert ">look_as<" not in page and "Content type" not in page


def test_the_history_of_a_person_says_what_a_form_changed(client, company):
    client.force_login(company.admin)
    detail = {"changes": {"name": ["周雁", "周燕"]}}
    record(on=company.manager, verb="admin_change", by=company.admin, at=cast.NOW, **detail)
    page = client.get(reverse("admin:organization_user_history", args=[company.manager.pk]))
    assert "姓名: 周雁 → 周燕" in page.content.decode()


def test_the_ledger_names_rules_and_ways(center, company):
    facts = {"campaign": company.campaign, "person": company.manager, "thing": "x:1", "title": "x"}
    row = Reminder.objects.create(rule="escalate-7", channel="mail", wanted_at=cast.NOW, **facts)
    listed = center.get(LEDGER).content.decode()
    assert "逾期 7 天上报</td>" in listed and 'field-way">邮件</td>' in listed
    assert "e.g." not in center.get(f"{LEDGER}{row.pk}/change/").content.decode()
