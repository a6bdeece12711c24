"""Auditors beside each other: severity on the same items, agreement, never a score changed."""

import io
import uuid
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from campaign.setup import enter_projects
from inspections.auditor.auditors_page import AuditorsPage
from inspections.auditor.counting import count_looks, uncounted
from inspections.auditor.severity import Look, severities
from inspections.models import LookCount, Observation
from inspections.sheet import observations, sheets
from inspections.sheet.ledger import locked_ledger
from organization.roles import Role
from scoring import engine
from scoring.models import Standing
from tests import cast
from tests.inspections.entering import AT, confirm_all, missing, opened
from tests.queries import queries_of

D = Decimal

# --- pure ---------------------------------------------------------------------------------------


def test_an_auditor_stands_beside_all_others_on_the_same_items():
    looks = [Look(1, 1, 7, D(2)), Look(1, 2, 7, D(1)), Look(2, 3, 7, D(0)), Look(3, 4, 7, D(1))]
    found = severities(looks)
    assert (found[1].own, found[1].others, found[1].difference) == (D("1.50"), D("0.50"), D(1))
    assert (found[2].own, found[2].others) == (D(0), D("1.33"))
    assert (found[1].looks, found[1].compared, found[1].sheets) == (2, 2, 2)


def test_what_nobody_else_looked_at_is_not_compared():
    found = severities([Look(1, 1, 7, D(2)), Look(1, 1, 8, D(1)), Look(2, 2, 8, D(1))])
    assert (found[1].looks, found[1].compared, found[1].difference) == (2, 1, D(0))
    assert severities([Look(1, 1, 7, D(2))])[1].difference is None


def test_two_agree_where_both_or_neither_took_points():
    looks = [Look(1, 1, 7, D(2)), Look(2, 1, 7, D("0.5")), Look(1, 1, 8, D(0)), Look(2, 1, 8, D(1))]
    found = severities(looks)
    assert (found[1].shared, found[1].agreed, found[1].agreement) == (2, 1, D(50))
    assert found[2].agreement == D(50)
    assert severities(looks[:1])[1].agreement is None


LOOKS = st.lists(
    st.builds(
        Look, st.integers(1, 4), st.integers(1, 5), st.integers(1, 4), st.sampled_from(
            [D(0), D("0.5"), D(1), D(2)]
        ),
    ),
    unique_by=lambda look: (look.auditor, look.sheet, look.item),
)  # fmt: skip


@given(LOOKS)
def test_it_is_what_a_plain_count_gives_whatever_the_order(looks):
    found = severities(reversed(looks))
    assert found.keys() == {look.auditor for look in looks}
    for auditor, severity in found.items():
        mine = [look for look in looks if look.auditor == auditor]
        others = defaultdict(list)
        for look in looks:
            if look.auditor != auditor:
                others[look.item].append(Fraction(look.points))
        both = [look for look in mine if others[look.item]]
        assert (severity.looks, severity.compared) == (len(mine), len(both))
        if both:
            own = sum(Fraction(look.points) for look in both) / len(both)
            theirs = [sum(others[look.item]) / len(others[look.item]) for look in both]
            assert severity.own == engine.half_up(own)
            assert severity.others == engine.half_up(sum(theirs) / len(both))


# --- read ---------------------------------------------------------------------------------------


@pytest.fixture
def second(company):
    return cast.person("auditor2", "方舟", Role.MANAGEMENT_CENTER)


def submit(sheet, by):
    confirm_all(sheet, by)
    sheets.submit_sheet(sheet=sheet, by=by, at=AT)


@pytest.fixture
def two(company, second):
    """Two projects on the same rubric of two items, each by one auditor."""
    one = opened(company, items=2, requirements=2)
    missing(one, company.auditor, 1, 1, points="2")
    missing(one, company.auditor, 1, 2, points="1")
    submit(one, company.auditor)
    other = opened(company, project=company.two, by=second)
    missing(other, second, 1, 1, points="1")
    submit(other, second)
    return one, other


def by_name(company, **params):
    rows = AuditorsPage(company.campaign, params).rows
    return {person.username: severity for person, severity in rows}


def test_submitted_sheets_say_who_takes_more_on_the_same_items(company, two):
    found = by_name(company)
    assert list(found) == ["auditor", "auditor2"]
    assert (found["auditor"].own, found["auditor"].others) == (D("1.50"), D("0.50"))
    assert found["auditor2"].difference == D("-1.00")
    assert (found["auditor"].looks, found["auditor"].sheets) == (2, 1)


def test_of_one_requirement_noted_twice_the_larger_counts(company, second):
    sheet = opened(company, items=1, requirements=2)
    missing(sheet, company.auditor, points="1")
    missing(sheet, company.auditor, points="2", method="covert")
    missing(sheet, second, points="1")
    submit(sheet, company.auditor)
    found = by_name(company)
    assert (found["auditor"].own, found["auditor"].others) == (D(2), D(1))
    assert (found["auditor"].shared, found["auditor"].agreement) == (1, D(100))


def test_what_was_withdrawn_and_what_is_not_submitted_says_nothing(company, second):
    sheet = opened(company, items=2, requirements=2)
    seen = missing(sheet, second, points="2")
    assert by_name(company) == {}
    observations.withdraw(observation=seen, by=second, at=AT)
    submit(sheet, company.auditor)
    assert list(by_name(company)) == ["auditor"]


def test_a_specialty_alone(company, two):
    assert by_name(company, specialty="order") == {}
    assert len(by_name(company, specialty="customer_service")) == 2


def test_no_score_is_changed_by_looking(company, two):
    before = list(Standing.objects.values_list("composite", "scores", "updated_at"))
    by_name(company)
    assert list(Standing.objects.values_list("composite", "scores", "updated_at")) == before


# --- the page ---------------------------------------------------------------------------------


@pytest.fixture
def look(client, company):
    def show(person="center", name="auditors", query=""):
        client.force_login(getattr(company, person))
        return client.get(reverse(name, args=["c11"]) + query)

    return show


def test_the_page_says_how_few_records_there_are(look, two):
    page = look().content.decode()
    assert "检查人之间可比的记录还太少" in page
    assert page.count("记录少") == 2
    assert "+1.00" in page and "−1.00" in page


def test_with_enough_records_it_says_how_far_apart_they_are(look, two, monkeypatch):
    monkeypatch.setattr("inspections.auditor.auditors_page.ENOUGH", 2)
    assert "2 位检查人，同样的项最多相差 2.00 分" in look("executive").content.decode()


def test_who_is_severer_and_who_is_milder_is_said_in_words(look, two, monkeypatch):
    assert "偏严</span>" not in (few := look().content.decode()) and "偏宽</span>" not in few
    monkeypatch.setattr("inspections.views.auditors.ENOUGH", 2)
    page = look().content.decode()
    assert page.count("偏严</span>") == page.count("偏宽</span>") == 1


def test_before_any_sheet_it_says_what_will_be_here(look, company):
    assert "还没有提交的评分表" in look("president").content.decode()


@pytest.mark.parametrize("name", ["auditors", "auditors_excel"])
@pytest.mark.parametrize(
    ("person", "status"),
    [("president", 200), ("executive", 200), ("center", 200), ("lead", 403), ("admin", 403),
     ("manager", 403), ("worker", 403)],
)  # fmt: skip
def test_it_is_for_those_who_answer_for_the_inspection(look, person, status, name):
    assert look(person, name).status_code == status


def test_the_workbook_has_the_same_rows(look, two):
    sheet = load_workbook(io.BytesIO(look(name="auditors_excel").content)).active
    rows = list(sheet.values)
    assert rows[0][:3] == ("检查人", "用户名", "评分表数")
    assert [row[1] for row in rows[1:]] == ["auditor", "auditor2"]
    assert rows[1][5:8] == (1.5, 0.5, 1)


def test_more_sheets_take_as_many_queries(look, company, two, second):
    look()
    few = queries_of(look)
    third = cast.project("P03", "云栖里")
    enter_projects(campaign=company.campaign, projects=[third], by="command", at=AT)
    sheet = opened(company, project=third, by=second)
    missing(sheet, company.center, 1, 1, points="1")
    submit(sheet, second)
    assert queries_of(look) == few


# --- what is kept -------------------------------------------------------------------------------


def test_what_is_kept_says_the_same_as_what_is_not_counted_yet(company, two):
    before = by_name(company)
    assert count_looks() == 2
    assert not uncounted().exists()
    assert by_name(company) == before
    assert by_name(company, specialty="order") == {}


def test_what_is_handed_in_after_the_count_shows_at_once(company, two, second):
    count_looks()
    third = cast.project("P03", "云栖里")
    enter_projects(campaign=company.campaign, projects=[third], by="command", at=AT)
    sheet = opened(company, project=third, by=second)
    missing(sheet, second, 1, 1, points="2")
    submit(sheet, second)
    found = by_name(company)
    assert (found["auditor2"].sheets, found["auditor2"].own) == (2, D("0.75"))
    assert count_looks() == 1
    assert by_name(company) == found


def test_a_sheet_that_gets_more_after_the_count_is_counted_once(company, two):
    count_looks()
    sheet = two[0]
    ledger = locked_ledger(sheet)
    row = Observation.objects.filter(sheet=sheet, points=2).get()
    row.pk, row.points = uuid.uuid4(), D(5)
    ledger.append({row.pk: row})
    ledger.keep()
    found = by_name(company)
    assert (found["auditor"].own, found["auditor"].looks) == (D(3), 2)
    assert count_looks() == 1
    assert by_name(company) == found


def test_counting_again_gives_the_same(company, two):
    count_looks()
    before = by_name(company)
    LookCount.objects.update(looks=9)
    call_command("count_auditors", campaign="c11")
    assert by_name(company) == before
