"""The sheet's page: who may open it, what a tap does, what it says, and what it costs."""

import re
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from inspections.models import Observation
from inspections.sheet import observations, sheets
from inspections.words import Method, ObservationKind
from tests.inspections.entering import (
    AT,
    confirm_all,
    folded,
    item,
    missing,
    opened,
    submitted,
)
from tests.inspections.tapping import entry_url, page_of, pieces, switch_on, tap
from tests.inspections.writing import picture
from tests.queries import queries_of


@pytest.fixture
def sheet(company):
    return opened(company)


@pytest.fixture
def auditing(company, client):
    client.force_login(company.auditor)
    return client


# --- who --------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["auditor", "center", "lead"])
def test_auditors_get_switches(company, sheet, client, person):
    client.force_login(getattr(company, person))
    assert 'role="switch"' in page_of(client, sheet)


@pytest.mark.parametrize("person", ["president", "executive", "admin"])
def test_others_of_the_company_read_only(company, sheet, client, person):
    client.force_login(getattr(company, person))
    assert 'role="switch"' not in page_of(client, sheet)
    assert client.post(entry_url(sheet), switch_on(sheet)).status_code == 403
    assert tap(client, sheet, **switch_on(sheet)).json()["code"] == "403"
    assert not Observation.objects.exists()


def test_a_lead_reads_other_rubrics_only(company, client):
    sheet = opened(company, specialty="order")
    client.force_login(company.lead)
    assert 'role="switch"' not in page_of(client, sheet)
    assert client.post(entry_url(sheet), switch_on(sheet)).status_code == 403


@pytest.mark.parametrize("person", ["manager", "worker", "other_manager"])
def test_an_unfinished_sheet_does_not_exist_for_projects(company, sheet, client, person):
    client.force_login(getattr(company, person))
    assert client.get(sheet.get_absolute_url()).status_code == 404
    assert client.post(entry_url(sheet), switch_on(sheet)).status_code == 404


def test_a_project_reads_its_submitted_sheet(company, client):
    sheet = submitted(company)
    client.force_login(company.manager)
    page = page_of(client, sheet)
    assert "100.00 分" in page
    assert 'role="switch"' not in page
    client.force_login(company.other_manager)
    assert client.get(sheet.get_absolute_url()).status_code == 404


def test_a_sheet_of_another_campaign_is_not_found_under_this_one(company, sheet, auditing):
    url = reverse("sheet", args=[company.campaign.code, sheet.pk + 1])
    assert auditing.get(url).status_code == 404


# --- a tap ------------------------------------------------------------------------------------


def test_a_tap_is_saved_and_answered_with_what_changed(sheet, auditing):
    answer = tap(auditing, sheet, **switch_on(sheet, note="备用钥匙无标签"))
    parts = pieces(answer)
    seen = Observation.objects.get()
    assert (seen.points, seen.note, seen.by.username) == (
        Decimal("1.5"),
        "备用钥匙无标签",
        "auditor",
    )
    assert "23.5" in parts["total-num"]
    assert "缺 1 项" in parts[f"head-{item(sheet).pk}"]
    assert "已评 1 / 4 项" in parts["title"]


def test_the_same_tap_twice_is_one_observation(sheet, auditing):
    fields = switch_on(sheet)
    first, second = tap(auditing, sheet, **fields), tap(auditing, sheet, **fields)
    assert pieces(first)["total-num"] == pieces(second)["total-num"]
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"points": "2.5"}, "points"),
        ({"points": "很多"}, "points"),
        ({"points": ""}, "points"),
        ({"method": "guess"}, "method"),
        ({"method": ""}, "method"),
        ({"note": "长" * 1001}, "note"),
        ({"requirement": "999"}, "requirement"),
        ({"item": "999"}, "item"),
        ({"item": "I01"}, "item"),
        ({"id": "not-an-id"}, "id"),
    ],
)
def test_what_is_not_allowed_is_refused_with_its_field(sheet, auditing, fields, field):
    answer = tap(auditing, sheet, **switch_on(sheet, **fields))
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not Observation.objects.exists()


def test_an_unknown_move_is_not_found(sheet, auditing):
    assert tap(auditing, sheet, do="erase").status_code == 404


def test_a_get_is_no_entry(sheet, auditing):
    assert auditing.get(entry_url(sheet)).status_code == 405


def test_changing_an_amount_replaces_ones_own(sheet, auditing):
    first = switch_on(sheet)
    tap(auditing, sheet, **first)
    tap(auditing, sheet, **switch_on(sheet, points="0.5", replaces=first["id"]))
    assert [str(seen.points) for seen in folded(sheet).standing] == ["0.50"]
    assert Observation.objects.count() == 3


def test_a_second_look_by_another_method_keeps_both(sheet, auditing):
    first = switch_on(sheet)
    tap(auditing, sheet, **first)
    again = switch_on(sheet, points="2", method=Method.COVERT, replaces=first["id"], again="1")
    answer = tap(auditing, sheet, **again)
    assert len(folded(sheet).standing) == 2
    assert "23.0" in pieces(answer)["total-num"]


def test_the_switch_off_takes_ones_own_back(company, sheet, auditing):
    seen = missing(sheet, company.auditor)
    fields = switch_on(sheet, replaces=str(seen.pk))
    del fields["missing"]
    tap(auditing, sheet, **fields)
    assert not folded(sheet).standing


def test_nobody_withdraws_what_somebody_else_saw(company, sheet, auditing):
    seen = missing(sheet, company.center)
    answer = tap(auditing, sheet, do="withdraw", observation=str(seen.pk))
    assert (answer.status_code, answer.json()["code"]) == (422, "not_yours")


def test_both_auditors_see_both(company, sheet, client):
    missing(sheet, company.auditor, points="0.5", note="六把无标签")
    missing(sheet, company.center, points="1.5", note="台账停在八月")
    for person in (company.auditor, company.center):
        client.force_login(person)
        page = page_of(client, sheet)
        assert "六把无标签" in page
        assert "台账停在八月" in page
        assert "23.5" in page


def test_pictures_are_shown_to_who_sees_the_sheet_and_to_nobody_else(company, sheet, client):
    client.force_login(company.auditor)
    client.post(entry_url(sheet), switch_on(sheet, photos=picture()))
    file = Observation.objects.get().photos.get().file
    url = reverse("file", args=[file.pk])
    assert url in page_of(client, sheet)
    client.force_login(company.manager)
    assert client.get(url).status_code == 404
    confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert client.get(url).status_code == 200
    client.force_login(company.other_manager)
    assert client.get(url).status_code == 404


def test_the_rest_of_a_section_conforms_with_one_tap(company, sheet, auditing):
    missing(sheet, company.auditor)
    section = item(sheet).section_id
    answer = tap(auditing, sheet, do="confirm", id=str(uuid.uuid4()), section=section)
    sheet.refresh_from_db()
    assert sheet.looked_at == 4
    assert Observation.objects.filter(kind=ObservationKind.CONFORMS).count() == 3
    assert "提交" in pieces(answer)["total-act"]


def test_not_applicable_brings_the_cards_rows_and_undoing_them_back(sheet, auditing):
    about = {"id": str(uuid.uuid4()), "item": item(sheet).pk}
    body = f"body-{item(sheet).pk}"
    marked = pieces(tap(auditing, sheet, do="not_applicable", note="商场无住宅社区", **about))
    assert 'role="switch"' not in marked[body]
    assert "商场无住宅社区" in marked[f"foot-{item(sheet).pk}"]
    undone = pieces(tap(auditing, sheet, do="withdraw", observation=about["id"]))
    assert 'role="switch"' in undone[body]


def test_the_page_tells_the_items_history(company, sheet, auditing):
    seen = missing(sheet, company.auditor, note="看错了")
    observations.withdraw(observation=seen, by=company.auditor, at=AT)
    assert "2 条记录" in page_of(auditing, sheet)
    log = auditing.get(reverse("sheet_log", args=[sheet.campaign.code, sheet.pk])).content.decode()
    assert "看错了" in log
    assert "已撤回" in log


def test_the_log_has_pages_at_the_same_cost_and_a_link_finds_its_item(company, sheet, auditing):
    def log(query=""):
        return auditing.get(reverse("sheet_log", args=[sheet.campaign.code, sheet.pk]) + query)

    for number in (1, 2, 3):
        missing(sheet, company.auditor, number)
    few = queries_of(log)
    for line in (1, 2, 3):
        for _time in range(33):
            missing(sheet, company.auditor, 1, line)
    assert queries_of(log) == few
    shown = [(card.item.code, len(rows)) for card, rows in log().context["found"].parts()]
    assert shown == [("I01", 50)]
    behind = log("?item=I03").context["found"]
    assert [card.item.code for card, _rows in behind.parts()] == ["I02", "I03"]
    assert log("?page=x&item=odd").context["page"].number == 1


def test_an_unfinished_sheets_log_does_not_exist_for_projects(company, sheet, client):
    client.force_login(company.manager)
    url = reverse("sheet_log", args=[sheet.campaign.code, sheet.pk])
    assert client.get(url).status_code == 404


# --- rows that nobody looks at yet --------------------------------------------------------------


def cards_with_rows(page):
    """How many cards have their rows at once."""
    return page.count("data-item=") - len(re.findall(r'id="body-\d+"><noscript>', page))


def reasons_asked_for(page):
    """How many forms ask at once why an item is not applicable."""
    asked = re.sub(r"<noscript>.*?</noscript>", "", page, flags=re.DOTALL)
    return asked.count('value="not_applicable"')


def test_why_not_applicable_is_asked_when_it_is_opened(company, sheet, auditing):
    page = page_of(auditing, sheet)
    assert (reasons_asked_for(page), page.count('value="not_applicable"')) == (0, 4)
    one = item(sheet)
    assert reasons_asked_for(page_of(auditing, sheet, f"?item={one.code}")) == 1
    fields = {"do": "not_applicable", "id": uuid.uuid4(), "item": one.pk, "note": ""}
    refused = auditing.post(entry_url(sheet), fields)
    assert reasons_asked_for(refused.content.decode()) == 1


def test_rows_of_a_card_wait_for_scripts_until_something_was_noted(company, sheet, auditing):
    assert cards_with_rows(page_of(auditing, sheet)) == 0
    missing(sheet, by=company.auditor)
    assert cards_with_rows(page_of(auditing, sheet)) == 1


def test_a_card_that_was_asked_for_waits_for_nothing(sheet, auditing):
    assert cards_with_rows(page_of(auditing, sheet, f"?item={item(sheet).code}")) == 1


def test_who_only_reads_gets_rows_as_they_are(company, sheet, client):
    client.force_login(company.president)
    assert "<noscript>" not in page_of(client, sheet)
