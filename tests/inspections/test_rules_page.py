"""The sheet's page with rules of every kind: what it offers, what a tap answers, what it costs."""

import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections.models import Observation
from inspections.sheet import observations, sheets
from inspections.sheet.entries import Entry
from inspections.words import Method, ObservationKind
from tests.inspections import entering
from tests.inspections.ruling import (
    AT,
    COUNTED,
    FIXED,
    LEVELS,
    RANGE,
    line_of,
    note,
    opened,
    rule_of,
)
from tests.inspections.tapping import entry_url, page_of, pieces, tap
from tests.inspections.writing import picture


@pytest.fixture
def sheet(company):
    return opened(company)


@pytest.fixture
def auditing(company, client):
    client.force_login(company.auditor)
    return client


def by_rule(sheet, code, rule, **fields):
    """What the page posts for a rule's switch."""
    return {
        "do": "observe",
        "id": str(uuid.uuid4()),
        "item": line_of(sheet, code).item.pk,
        "rule": rule_of(sheet, code, rule).pk,
        "missing": "1",
        "method": Method.OPEN,
        "note": "",
    } | fields


def part(page, code):
    """One card of the page."""
    ends = '(?=<li class="item|</ul>\\s*(?:<div class="part-foot|</section>))'
    return re.search(f'<li class="item[^>]* id="{code}".*?{ends}', page, re.DOTALL)[0]


# --- what is offered --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "每次扣 2 分",
        "本项不得分",
        "项外追加扣 10 分（本次专项工作不计项外扣分）",
        "每发现一处扣 0.1 分",
        "关键项：本表零分",
        "关键项：等级最高为良好",
    ],
)
def test_a_rule_says_how_it_takes_points(sheet, auditing, words):
    assert words in page_of(auditing, sheet)


def test_an_item_without_a_price_has_switches_for_its_rules_only(sheet, auditing):
    card = part(page_of(auditing, sheet), "R02")
    assert card.count('role="switch"') == 1
    assert "1. 着装统一" in card
    assert "按下面的评分细则扣分" in card


def test_levels_are_offered_with_their_words(sheet, auditing):
    card = part(page_of(auditing, sheet, "?item=R02"), "R02")
    chips = re.findall(r'type="radio" name="points" value="([^"]+)".*?<span>([^<]+)<small>', card)
    assert chips == [("0.0", "符合"), ("1.0", "基本符合"), ("2.0", "不符合")]


# --- a tap ------------------------------------------------------------------------------------


def test_a_tap_on_a_rule_is_saved_and_answered_with_its_row(sheet, auditing):
    fields = by_rule(sheet, "R01", COUNTED, count="3")
    parts = pieces(tap(auditing, sheet, **fields))
    seen = Observation.objects.get()
    assert (seen.points, seen.count, seen.rule.code) == (Decimal(6), 3, "r2")
    assert "扣 6.0</b>（2.0 × 3）" in parts[f"sum-r{fields['rule']}"]
    assert "4.0" in parts["total-num"]


def test_the_same_tap_on_a_rule_twice_is_one_observation(sheet, auditing):
    fields = by_rule(sheet, "R01", COUNTED, count="3")
    first, second = tap(auditing, sheet, **fields), tap(auditing, sheet, **fields)
    assert pieces(first)["total-num"] == pieces(second)["total-num"]
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(
    ("rule", "fields", "field"),
    [
        (COUNTED, {"count": "x"}, "count"),
        (COUNTED, {"count": "0"}, "count"),
        (COUNTED, {"count": "1.5"}, "count"),
        (FIXED, {"count": "2"}, "count"),
        (FIXED, {"points": "9"}, "points"),
        (FIXED, {"points": "9E999999"}, "points"),
        (FIXED, {"rule": "999999"}, "rule"),
        (FIXED, {"rule": ""}, "requirement"),
        (FIXED, {"method": "guess"}, "method"),
    ],
)
def test_what_a_rule_does_not_allow_is_refused_with_its_field(sheet, auditing, rule, fields, field):
    answer = tap(auditing, sheet, **by_rule(sheet, "R01", rule) | fields)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not Observation.objects.exists()


def test_a_count_is_changed_and_what_is_the_same_is_not_written_again(sheet, auditing):
    first = by_rule(sheet, "R01", COUNTED, count="3")
    tap(auditing, sheet, **first)
    tap(auditing, sheet, **by_rule(sheet, "R01", COUNTED, count="3", replaces=first["id"]))
    assert Observation.objects.count() == 1
    tap(auditing, sheet, **by_rule(sheet, "R01", COUNTED, count="4", replaces=first["id"]))
    assert Observation.objects.count() == 3


def test_without_scripts_what_was_typed_for_a_rule_stays_beside_the_error(sheet, auditing):
    fields = by_rule(sheet, "R01", COUNTED, count="100", note="写了很多")
    answer = auditing.post(entry_url(sheet), fields)
    card = part(answer.content.decode(), "R01")
    assert answer.status_code == 422
    assert "次数应在 1–99 之间。</p>" in card
    assert 'value="100"' in card
    assert card.count("写了很多") == 1


# --- pictures and critical requirements -------------------------------------------------------


def test_a_picture_is_asked_for_until_there_is_one(company, sheet, auditing):
    entering.confirm_all(sheet, company.auditor)
    fields = by_rule(sheet, "R03", RANGE, points="0.5")
    parts = pieces(tap(auditing, sheet, **fields))
    assert "还没有照片" in parts[f"head-{fields['item']}"]
    assert "R03 环境卫生" in parts["lacks"]
    assert "提交" not in parts["total-act"]
    more = {"do": "photos", "observation": fields["id"], "photos": picture()}
    parts = pieces(tap(auditing, sheet, **more))
    assert "还没有照片" not in parts[f"head-{fields['item']}"]
    assert not parts["lacks"].strip()
    assert "提交" in parts["total-act"]


def test_a_sheet_without_a_picture_is_refused_by_name(company, sheet, auditing):
    note(sheet, company.auditor, "R03", line=1)
    entering.confirm_all(sheet, company.auditor)
    answer = auditing.post(reverse("sheet_submit", args=[sheet.campaign.code, sheet.pk]))
    assert answer.status_code == 422
    assert "扣分须拍照，还没有照片：R03 环境卫生" in answer.content.decode()


def test_a_form_that_was_imported_shows_which_pictures_it_lacks(company, sheet, client):
    whole = Entry(
        ObservationKind.MISSING, line_of(sheet, "R03").item, points=Decimal(2), method="open"
    )
    observations.observe_many(sheet=sheet, entries=[whole], by=company.auditor, at=AT)
    entering.confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    client.force_login(company.manager)
    assert "扣分须拍照，还没有照片" in part(page_of(client, sheet), "R03")


def test_a_missing_critical_requirement_says_at_once_what_it_does(sheet, auditing):
    line = line_of(sheet, "R04")
    fields = by_rule(sheet, "R01", FIXED) | {"item": line.item.pk, "rule": ""}
    answer = tap(auditing, sheet, **fields | {"requirement": line.requirements[0].pk})
    assert "关键项缺失：本表计 0 分" in pieces(answer)["total-more"]


def test_the_best_level_is_on_record_and_no_deduction(company, sheet, auditing):
    fields = by_rule(sheet, "R02", LEVELS, points="0")
    parts = pieces(tap(auditing, sheet, **fields))
    assert "全部符合" in parts[f"head-{fields['item']}"]
    assert "扣 0.0</b> 符合" in parts[f"sum-r{fields['rule']}"]


# --- on record --------------------------------------------------------------------------------


def test_the_log_names_the_rule_and_the_count(company, sheet, auditing):
    seen = note(sheet, company.auditor, "R01", rule=COUNTED, count=3)
    observations.withdraw(observation=seen, by=company.auditor, at=AT)
    log = auditing.get(reverse("sheet_log", args=[sheet.campaign.code, sheet.pk])).content.decode()
    assert "<b>扣分</b> 未经培训上岗的，每人次扣2分 −6.0（2.0 × 3）" in log
    assert "<b>撤回</b> 未经培训上岗的，每人次扣2分" in log


def test_a_finished_sheet_shows_what_was_noted_by_rules(company, sheet, client):
    note(sheet, company.auditor, "R02", rule=LEVELS, points="1")
    entering.confirm_all(sheet, company.auditor)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    client.force_login(company.manager)
    assert "<b>−1.0</b> 基本符合 明查" in page_of(client, sheet)


# --- in the admin site ------------------------------------------------------------------------


def screen(sheet):
    return reverse("admin:inspections_scoresheet_change", args=[sheet.pk])


def test_the_admin_screen_takes_rules_with_the_bounds_of_the_page(sheet, auditing):
    auditing.post(screen(sheet), by_rule(sheet, "R01", COUNTED, count="3"))
    answer = auditing.post(screen(sheet), by_rule(sheet, "R02", LEVELS, points="0.5", note="写下"))
    assert answer.status_code == 422
    assert "写下" in answer.content.decode()
    assert Observation.objects.get().count == 3
    page = auditing.get(screen(sheet)).content.decode()
    assert "<b>−6.0</b>（2.0 × 3）" in page
    assert re.search(r'<option value="1.0" selected>基本符合 扣 1 分</option>', page)


# --- what it costs ----------------------------------------------------------------------------


def queries(ask):
    with CaptureQueriesContext(connection) as asked:
        assert ask().status_code == 200
    return len(asked)


def test_a_tap_on_a_rule_asks_the_same_as_one_on_a_requirement(company, auditing):
    plain, ruled = entering.opened(company, specialty="order"), opened(company)
    asked = []
    for sheet, fields in (
        (plain, by_rule(ruled, "R01", FIXED) | {
            "item": entering.item(plain).pk, "rule": "", "points": "1",
            "requirement": entering.requirement(plain).pk,
        }),
        (ruled, by_rule(ruled, "R01", COUNTED, count="3")),
    ):  # fmt: skip
        page_of(auditing, sheet)  # the session remembers the campaign
        asked.append(queries(lambda sheet=sheet, fields=fields: tap(auditing, sheet, **fields)))
    assert asked[0] == asked[1] <= 10


def test_a_tap_where_pictures_are_demanded_asks_once_for_them_all(company, auditing):
    few, many = opened(company), opened(company, project=company.two)
    for person in (company.auditor, company.center):
        note(many, person, "R03", rule=RANGE, points="0.5", photos=[picture()])
        note(many, person, "R03", line=2, count=3)
    asked = []
    for sheet in (few, many):
        page_of(auditing, sheet)
        fields = by_rule(sheet, "R03", RANGE, points="1")
        line = {"rule": "", "points": "", "requirement": line_of(sheet, "R03").requirements[0].pk}
        asked.append(queries(lambda sheet=sheet, data=fields | line: tap(auditing, sheet, **data)))
    assert asked[0] == asked[1] <= 11


def test_the_page_asks_the_same_questions_with_few_and_many_notes_by_rules(company, auditing):
    few, many = opened(company), opened(company, project=company.two)
    note(few, company.auditor, "R03", line=1)
    note(few, company.center, "R01", rule=FIXED)
    for person in (company.auditor, company.center):
        note(many, person, "R03", line=1)
        note(many, person, "R03", rule=RANGE, points="0.5", photos=[picture()])
        note(many, person, "R01", rule=COUNTED, count=2)
        note(many, person, "R02", rule=LEVELS, points="1")
    page_of(auditing, few)
    asked = [
        queries(lambda sheet=sheet: auditing.get(sheet.get_absolute_url())) for sheet in (few, many)
    ]
    assert asked[0] == asked[1] <= 14


def test_ids_of_parts_are_unique_and_there(company, auditing, sheet):
    note(sheet, company.center, "R01", rule=COUNTED)
    page = page_of(auditing, sheet, "?item=R03")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for fields in (by_rule(sheet, "R01", FIXED), by_rule(sheet, "R03", RANGE, points="1")):
        assert pieces(tap(auditing, sheet, **fields)).keys() <= set(ids)
