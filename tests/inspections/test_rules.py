"""Rules of every kind on a sheet: what each costs, what is refused, what comes out at the end."""

import random
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspections.models import Observation, ScoreSheet
from inspections.sheet import observations, sheets
from inspections.sheet.entries import Entry, cost_of
from inspections.sheet.folding import fold
from inspections.sheet.ledger import ledger_of
from inspections.sheet.outline import outline
from inspections.sheet.terms import Terms, level_words
from inspections.words import Method, ObservationKind
from organization.errors import Refused
from scoring import engine
from scoring.models import CampaignResults, Score, ScoreLine, Standing
from scoring.results import rebuild
from tests.inspections.entering import confirm_all, folded
from tests.inspections.ruling import (
    AT,
    COUNTED,
    EXTRA,
    FIXED,
    LEVELS,
    LOST,
    RANGE,
    line_of,
    note,
    opened,
    rule_of,
)
from tests.inspections.writing import picture

LATER = AT + timedelta(minutes=5)


@pytest.fixture
def sheet(company):
    return opened(company)


def refused(code, field=""):
    return pytest.raises(Refused, check=lambda r: r.code == code and (r.field or "") == field)


def kept(sheet):
    """Points so far of the items looked at, as the list of sheets has them."""
    sheet.refresh_from_db()
    assert sheet.kept == folded(sheet).score.kept
    return sheet.kept


def hand_in(sheet, by):
    confirm_all(sheet, by)
    sheets.submit_sheet(sheet=sheet, by=by, at=AT)


def allow_extra(sheet):
    CampaignResults.objects.filter(campaign=sheet.campaign).update(extra_allowed=True)
    return ScoreSheet.objects.get(pk=sheet.pk)


# --- what each kind costs ---------------------------------------------------------------------

EACH_KIND = [
    ("R01", {"line": 1, "points": "1.5"}, "1.5"),
    ("R01", {"rule": FIXED}, "1"),
    ("R01", {"rule": FIXED, "points": "1"}, "1"),
    ("R01", {"rule": COUNTED, "count": 3}, "6"),
    ("R01", {"rule": LOST}, "10"),
    ("R02", {"rule": LEVELS, "points": "0"}, "0"),
    ("R02", {"rule": LEVELS, "points": "1"}, "1"),
    ("R02", {"rule": LEVELS, "points": "2.0"}, "2"),
    ("R03", {"line": 2, "count": 7, "photos": True}, "0.7"),
    ("R03", {"rule": RANGE, "points": "0.8", "photos": True}, "0.8"),
    ("R04", {"line": 2}, "1"),
]


@pytest.mark.parametrize(("code", "fields", "cost"), EACH_KIND)
def test_what_a_rule_costs_reaches_the_standing(company, sheet, code, fields, cost):
    if fields.get("photos"):
        fields = fields | {"photos": [picture()]}
    seen = note(sheet, company.auditor, code, **fields)
    hand_in(sheet, company.auditor)
    line = ScoreLine.objects.get()
    assert (seen.points, line.points) == (Decimal(cost), Decimal(cost))
    assert (line.rule_id, line.requirement_id) == (seen.rule_id, seen.requirement_id)
    assert Standing.objects.get(project=company.one).composite == 100 - Decimal(cost)


def test_losing_the_item_takes_what_the_others_leave(company, sheet):
    note(sheet, company.auditor, "R01", rule=FIXED)
    note(sheet, company.auditor, "R01", rule=LOST)
    assert kept(sheet) == 0
    assert {line.rule: line.points for line in folded(sheet).score.lines} == {"r1": 1, "r3": 9}


def test_an_item_never_falls_below_zero(company, sheet):
    note(sheet, company.auditor, "R01", rule=COUNTED, count=99)
    assert kept(sheet) == 0


def test_of_several_counts_the_largest_single_one_counts(company, sheet):
    note(sheet, company.auditor, "R01", rule=COUNTED, count=2)
    larger = note(sheet, company.center, "R01", rule=COUNTED, count=3)
    assert kept(sheet) == 4
    assert [line.observation for line in folded(sheet).score.lines] == [larger.pk]


def test_an_extra_is_put_on_record_and_counts_only_where_the_campaign_allows_it(company, sheet):
    confirm_all(sheet, company.auditor)
    note(sheet, company.auditor, "R01", rule=EXTRA)
    assert (kept(sheet), folded(sheet).score.lines) == (100, ())
    sheet = allow_extra(sheet)
    note(sheet, company.auditor, "R01", rule=FIXED)
    assert kept(sheet) == 89
    assert ledger_of(ScoreSheet.objects.get(pk=sheet.pk)).folded.score.kept == 89


def test_an_extra_takes_a_sheet_to_zero_and_not_below(company, sheet):
    sheet = allow_extra(sheet)
    note(sheet, company.auditor, "R01", rule=EXTRA)
    note(sheet, company.auditor, "R01", rule=LOST)
    assert kept(sheet) == 0


def test_results_made_again_know_of_extras_and_rules(company, sheet):
    sheet = allow_extra(sheet)
    note(sheet, company.auditor, "R01", rule=EXTRA)
    note(sheet, company.auditor, "R01", rule=COUNTED, count=2)
    hand_in(sheet, company.auditor)
    score = Score.objects.get()
    assert (score.kept, score.lines.count()) == (86, 2)
    assert rebuild(campaign=company.campaign, at=LATER) == 0
    assert {line.rule.code: line.points for line in score.lines.all()} == {"r2": 4, "r4": 10}


# --- critical requirements --------------------------------------------------------------------


def test_a_critical_requirement_makes_the_sheet_zero(company, sheet):
    confirm_all(sheet, company.auditor)
    note(sheet, company.auditor, "R04", line=1)
    assert kept(sheet) == 0
    assert folded(sheet).score.zeroed


def test_a_critical_requirement_caps_the_band_and_leaves_the_points(company, sheet):
    confirm_all(sheet, company.auditor)
    note(sheet, company.auditor, "R04", line=2)
    assert kept(sheet) == 99
    assert (folded(sheet).score.zeroed, folded(sheet).score.capped) == (False, True)


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "fields", "why"),
    [
        ("R01", {"rule": FIXED, "count": 2}, ("count", "count")),
        ("R01", {"line": 1, "points": "1", "count": 2}, ("count", "count")),
        ("R01", {"rule": COUNTED, "count": 0}, ("count", "count")),
        ("R01", {"rule": COUNTED, "count": -1}, ("count", "count")),
        ("R01", {"rule": COUNTED, "count": 100}, ("count", "count")),
        ("R01", {"rule": FIXED, "points": "2"}, ("amount", "points")),
        ("R01", {"rule": EXTRA, "points": "9"}, ("amount", "points")),
        ("R01", {"line": 1}, ("amount", "points")),
        ("R02", {"rule": LEVELS}, ("amount", "points")),
        ("R02", {"rule": LEVELS, "points": "0.5"}, ("amount", "points")),
        ("R02", {"line": 1, "points": "1"}, ("no_price", "requirement")),
        ("R03", {"rule": RANGE, "points": "0.55"}, ("amount", "points")),
        ("R01", {"rule": FIXED, "line": 1}, ("two_reasons", "rule")),
    ],
)
def test_what_a_rule_does_not_allow_is_refused_with_its_field(company, sheet, code, fields, why):
    with refused(*why):
        note(sheet, company.auditor, code, **fields)
    assert not Observation.objects.exists()


def test_a_rule_of_another_item_is_refused(company, sheet):
    with refused("not_on_sheet", "rule"):
        observations.observe(
            sheet=sheet, id=uuid.uuid4(), item=line_of(sheet, "R02").item, requirement=None,
            rule=rule_of(sheet, "R01", FIXED), points=None, method=Method.OPEN,
            by=company.auditor, at=AT,
        )  # fmt: skip


def test_the_refusal_of_a_level_names_the_levels(company, sheet):
    with pytest.raises(Refused, match=r"0\.0、1\.0、2\.0"):
        note(sheet, company.auditor, "R02", rule=LEVELS, points="0.5")


# --- sent twice, taken back -------------------------------------------------------------------


def test_the_same_id_with_the_same_rule_and_count_changes_nothing(company, sheet):
    id = uuid.uuid4()
    for at in (AT, LATER):
        seen = note(sheet, company.auditor, "R01", rule=COUNTED, count=3, id=id, at=at)
    assert (seen.recorded_at, Observation.objects.count()) == (AT, 1)


@pytest.mark.parametrize("other", [{"rule": COUNTED, "count": 4}, {"rule": FIXED}, {"rule": LOST}])
def test_the_same_id_with_another_rule_or_count_is_refused(company, sheet, other):
    id = uuid.uuid4()
    note(sheet, company.auditor, "R01", rule=COUNTED, count=3, id=id)
    with refused("same_id"):
        note(sheet, company.auditor, "R01", id=id, **other)


def test_a_count_is_changed_by_taking_back_and_noting_anew(company, sheet):
    first = note(sheet, company.auditor, "R01", rule=COUNTED, count=1)
    note(sheet, company.auditor, "R01", rule=COUNTED, count=2, replaces=first)
    assert (kept(sheet), Observation.objects.count()) == (6, 3)
    withdrawal = Observation.objects.get(kind=ObservationKind.WITHDRAWAL)
    assert (withdrawal.rule, withdrawal.withdraws) == (first.rule, first)


# --- pictures ---------------------------------------------------------------------------------


def test_a_sheet_waits_for_the_pictures_that_its_items_demand(company, sheet):
    seen = note(sheet, company.auditor, "R03", rule=RANGE, points="0.5")
    confirm_all(sheet, company.auditor)
    with pytest.raises(Refused, match="1 处扣分须拍照，还没有照片：R03 环境卫生") as refusal:
        sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert refusal.value.code == "photo"
    observations.add_photos(observation=seen, uploads=[picture()], by=company.auditor, at=AT)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=AT)
    assert sheet.submitted_at == AT


def test_the_picture_of_one_auditor_will_do_for_the_deduction(company, sheet):
    note(sheet, company.auditor, "R03", line=1, count=2)
    note(sheet, company.center, "R03", line=1, photos=[picture()])
    hand_in(sheet, company.auditor)
    assert sheet.submitted_at == AT


def test_a_deduction_that_was_taken_back_needs_no_picture(company, sheet):
    seen = note(sheet, company.auditor, "R03", line=1)
    observations.withdraw(observation=seen, by=company.auditor, at=LATER)
    hand_in(sheet, company.auditor)
    assert sheet.submitted_at == AT


def test_what_an_imported_form_takes_off_a_whole_item_is_let_through(company, sheet):
    whole = Entry(
        ObservationKind.MISSING, line_of(sheet, "R03").item, points=Decimal(2), method="open"
    )
    observations.observe_many(sheet=sheet, entries=[whole], by=company.auditor, at=AT)
    hand_in(sheet, company.auditor)
    assert Score.objects.get().kept == 98


# --- any rules in any order -------------------------------------------------------------------


@st.composite
def taps(draw):
    """What people note: item, requirement or rule, the amount of one, how many."""
    choices = [
        ("R01", "1", "", st.sampled_from(["0.5", "1.3", "2"]), st.just(1)),
        ("R01", "2", "", st.sampled_from(["0.5", "1.3", "2"]), st.just(1)),
        ("R01", None, FIXED, st.just("1"), st.just(1)),
        ("R01", None, COUNTED, st.just("2"), st.integers(1, 99)),
        ("R01", None, LOST, st.just("0"), st.just(1)),
        ("R01", None, EXTRA, st.just("10"), st.just(1)),
        ("R02", None, LEVELS, st.sampled_from(["0", "1", "2"]), st.just(1)),
        ("R03", "1", "", st.just("0.1"), st.integers(1, 99)),
        ("R03", None, RANGE, st.sampled_from(["0.5", "0.8"]), st.just(1)),
        ("R04", "1", "", st.just("1"), st.just(1)),
        ("R04", "2", "", st.just("1"), st.just(1)),
    ]
    found = []
    for code, requirement, rule, amount, count in draw(st.lists(st.sampled_from(choices))):
        found.append((code, requirement, rule, Decimal(draw(amount)), draw(count)))
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(taps(), st.randoms(use_true_random=False), st.booleans())
def test_a_sheets_score_is_the_engines_whatever_came_first(sheet, noted, order, extra):
    table = outline(sheet.rubric_id)
    seen, events = [], []
    for id, (code, requirement, rule, amount, count) in enumerate(noted):
        line = table.by_code[code]
        lines = {str(each.number): each for each in line.requirements}
        rules = {each.code: each for each in line.rules}
        entry = Entry(
            ObservationKind.MISSING, line.item, requirement=lines.get(requirement),
            rule=rules.get(rule), points=amount, count=count,
        )  # fmt: skip
        cost = engine.points_lost(line.scored, rule=rule, amount=amount, count=count)
        kind = line.scored.rule(rule).kind
        seen.append(engine.Seen(code, requirement, cost, id, kind, rule))
        keys = (line.item.pk, *(each and each.pk for each in (entry.requirement, entry.rule)))
        events.append(table.event(id, entry.kind, *keys, cost_of(line, entry), None))
    order.shuffle(events)
    made = fold(table.engine_items, events, extra, table.critical).score
    touched = {each.item for each in seen}
    items = [item for item in table.engine_items if item.code in touched]
    assert made == engine.score_sheet(
        items, seen, allow_extra=extra, critical=table.critical
    )  # fmt: skip


def test_two_sheets_that_saw_the_same_in_another_order_come_out_the_same(company):
    first, second = opened(company), opened(company, project=company.two)
    noted = [(code, fields) for code, fields, _cost in EACH_KIND if "photos" not in fields]
    for sheet, order in ((first, noted), (second, random.Random(4).sample(noted, len(noted)))):
        for code, fields in order:
            note(sheet, company.auditor, code, **fields)
    assert (kept(first), first.possible) == (kept(second), second.possible)
    lines = [
        {(x.item, x.requirement, x.rule, x.points) for x in folded(sheet).score.lines}
        for sheet in (first, second)
    ]
    assert lines[0] == lines[1]


# --- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("符合2.0，基本符合1.0，不符合0", {0: "符合", 1: "基本符合", 2: "不符合"}),
        ("符合得2分；基本符合得1分；不符合不得分", {0: "符合", 1: "基本符合", 2: "不符合"}),
        ("基本符合扣1分，不符合扣2分", {1: "基本符合", 2: "不符合"}),
        ("分类清楚2分、分类不清0分", {0: "分类清楚", 2: "分类不清"}),
        ("Conforms 2.0, in part 1.0 point, not at all 0", {0: "Conforms", 1: "in part",
                                                            2: "not at all"}),
        ("按情况分三档", {}),
    ],
)  # fmt: skip
def test_each_level_has_its_own_words_where_the_text_gives_them(text, words):
    assert level_words(text, Decimal(2)) == words


def test_levels_without_words_say_what_they_cost():
    rule = engine.Rule(engine.Kind.LEVELS, levels=(Decimal(0), Decimal(1)), code="r1")
    terms = Terms(rule, Decimal(2), "按情况分两档")
    assert [(each.words, each.cost) for each in terms.levels] == [("", "不扣分"), ("", "扣 1 分")]
    assert terms.first == 1
