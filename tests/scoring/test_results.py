"""Scores, lines and standings: rulings 5 to 9 end to end, freezing, rebuilding."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction

from campaign.models import Participation
from organization.errors import Refused
from organization.history import history_of
from scoring import engine, opening, results
from scoring.models import Score, ScoreLine, Standing, Weight
from scoring.models.results import ScoreKind
from tests import cast

MOCKUP = (  # league-table mockup: sheet scores, then the composite to the cent
    (
        {
            "customer_service": "95.79",
            "facilities": "95.20",
            "order": "97.00",
            "environment": "96.50",
        },
        "96.06",
    ),
    (
        {
            "customer_service": "93.50",
            "facilities": "94.00",
            "order": "92.50",
            "environment": "95.00",
        },
        "93.70",
    ),
    (
        {
            "customer_service": "96.84",
            "facilities": "89.60",
            "order": "87.00",
            "environment": "88.00",
        },
        "90.44",
    ),
    (
        {
            "customer_service": "84.21",
            "facilities": "76.40",
            "order": "78.50",
            "environment": "79.00",
        },
        "79.40",
    ),
    (
        {
            "customer_service": "74.00",
            "facilities": "74.58",
            "order": "77.50",
            "environment": "76.00",
        },
        "75.45",
    ),
)


def standing(firm, project=None):
    return Standing.objects.get(campaign=firm.campaign, project=project or firm.one)


def score_all(record, kept="90", **more):
    for code in ("customer_service", "facilities", "order", "environment"):
        record(code, kept, **more)


# --- the composite -----------------------------------------------------------------------


@pytest.mark.parametrize(("kept", "composite"), MOCKUP)
def test_four_finished_sheets_make_the_composite_to_the_cent(firm, record, kept, composite):
    for code, points in kept.items():
        record(code, points)
    assert str(standing(firm).composite) == composite
    assert standing(firm).scores == kept
    assert not standing(firm).provisional


def test_points_that_do_not_apply_are_scaled_and_rounded_once(firm, record):
    """锦澜府: 86.8 of 96 on facilities is 90.416…, and the composite 90.50 exactly."""
    record("customer_service", "90.5")
    record("facilities", "86.8", "96")
    record("order", "91")
    record("environment", "90")
    assert standing(firm).composite == Decimal("90.50")
    assert standing(firm).scores["facilities"] == "90.42"


def test_a_composite_is_rounded_half_up(firm, record):
    Weight.objects.filter(campaign=firm.campaign).exclude(specialty__code="order").delete()
    record("order", "1", "800")  # 0.125 percent
    assert standing(firm).composite == Decimal("0.13")


# --- what is unfinished or does not apply (rulings 5 and 8) --------------------------------


def test_an_unfinished_sheet_makes_the_standing_provisional_over_the_others(firm, record):
    record("customer_service", "80")
    record("facilities", "90")
    record("order", "100", finished=False)
    assert standing(firm).provisional
    # 80 and 90 at weights 25 and 30, scaled to 100
    assert standing(firm).composite == Decimal("85.45")
    assert standing(firm).scores == {"customer_service": "80.00", "facilities": "90.00"}


def test_without_a_finished_sheet_there_is_no_composite(firm, record):
    record("order", "100", finished=False)
    assert (standing(firm).composite, standing(firm).provisional) == (None, True)
    assert standing(firm).scores == {}


def test_a_weight_without_a_rubric_is_unfinished(firm, record):
    firm.rubrics["environment"].delete()
    for code in ("customer_service", "facilities", "order"):
        record(code, "90")
    assert standing(firm).provisional


def test_a_sheet_taken_back_from_finished_is_provisional_again(firm, record):
    score_all(record)
    record("order", "90", finished=False)
    assert standing(firm).provisional
    assert "order" not in standing(firm).scores


def test_a_specialty_that_the_project_lacks_leaves_with_its_weight(firm, record):
    taking_part = Participation.objects.get(campaign=firm.campaign, project=firm.one)
    taking_part.lacks.add(firm.lines["environment"])
    record("customer_service", "80")
    record("facilities", "90")
    record("order", "100")
    assert standing(firm).composite == Decimal("90.00")  # (80·25 + 90·30 + 100·25) / 80
    assert not standing(firm).provisional
    assert standing(firm).scores["environment"] is None


def test_another_projects_lack_is_not_this_ones(firm, record):
    Participation.objects.get(project=firm.two).lacks.add(firm.lines["order"])
    score_all(record)
    assert standing(firm).scores["order"] == "90.00"


def test_a_sheet_without_anything_that_applies_leaves_with_its_weight(firm, record):
    score_all(record, "80")
    record("order", "0", "0")
    assert standing(firm).composite == Decimal("80.00")
    assert not standing(firm).provisional
    assert standing(firm).scores["order"] is None


def test_where_nothing_applies_there_is_no_composite_and_nothing_to_wait_for(firm, record):
    score_all(record, "0", possible="0")
    assert (standing(firm).composite, standing(firm).provisional) == (None, False)


def test_a_rubric_that_weighs_nothing_is_no_part_of_the_composite(firm, record):
    Weight.objects.filter(campaign=firm.campaign, specialty__code="order").update(percent=0)
    for code in ("customer_service", "facilities", "environment"):
        record(code, "90")
    assert not standing(firm).provisional
    assert "order" not in standing(firm).scores


def test_specialties_added_later_move_the_standing_when_refreshed(firm, record):
    record("customer_service", "80")
    lacking = Participation.objects.get(campaign=firm.campaign, project=firm.one).lacks
    lacking.add(*(firm.lines[code] for code in ("facilities", "order", "environment")))
    refreshed = results.refresh_standing(campaign=firm.campaign, project=firm.one, at=cast.NOW)
    assert (refreshed.composite, refreshed.provisional) == (Decimal("80.00"), False)


def test_a_self_check_touches_no_standing(firm, record):
    score_all(record, "90", kind=ScoreKind.SELF)
    assert standing(firm).composite is None
    assert Score.objects.filter(kind=ScoreKind.SELF).count() == 4


def test_a_final_standing_has_the_composite_of_the_own_sheets_beside_it(firm, record):
    score_all(record, "90", kind=ScoreKind.SELF)
    score_all(record, "80")
    assert (standing(firm).composite, standing(firm).own) == (Decimal("80.00"), Decimal("90.00"))
    record("order", "70", kind=ScoreKind.SELF, at=cast.moment(2011, 11, 28))
    assert (standing(firm).composite, standing(firm).own) == (Decimal("80.00"), Decimal("85.00"))


def test_there_is_no_own_composite_until_every_own_sheet_is_handed_in(firm, record):
    record("order", "90", kind=ScoreKind.SELF)
    score_all(record, "80")
    assert standing(firm).own is None


def test_a_provisional_standing_is_compared_with_nothing(firm, record):
    score_all(record, "90", kind=ScoreKind.SELF)
    record("order", "80")
    assert standing(firm).own is None


def test_a_rebuild_makes_the_own_composite_again(firm, record):
    score_all(record, "90", kind=ScoreKind.SELF)
    score_all(record, "80")
    Standing.objects.update(own=None)
    assert results.rebuild(campaign=firm.campaign, at=cast.NOW) == 1
    assert standing(firm).own == Decimal("90.00")


def test_only_the_one_projects_standing_moves(firm, record):
    score_all(record)
    assert standing(firm, firm.two).composite is None


# --- lines ---------------------------------------------------------------------------------


def test_the_same_score_again_changes_nothing(firm, record, line):
    lines = [line("order", 0, "1.5"), line("order", 1, "0.5", requirement=None)]
    record("order", "98", lines=lines)
    before = list(ScoreLine.objects.values()), standing(firm).updated_at
    record("order", "98", lines=lines, at=cast.moment(2011, 11, 28))
    assert (list(ScoreLine.objects.values()), standing(firm).updated_at) == before
    assert Score.objects.count() == 1


def test_only_the_lines_that_changed_are_written(firm, record, line):
    kept, gone = line("order", 0, "1.5"), line("order", 1, "0.5")
    record("order", "98", lines=[kept, gone])
    untouched = ScoreLine.objects.get(observation=kept.observation).pk
    more = line("order", 1, "2")
    record("order", "96.5", lines=[kept, more])
    stored = dict(ScoreLine.objects.values_list("observation", "pk"))
    assert stored.keys() == {kept.observation, more.observation}
    assert stored[kept.observation] == untouched


def test_two_rules_of_an_item_are_two_lines_that_are_told_apart(firm, record, line):
    item = firm.rubrics["order"].items.get(order=0)
    first, second, third = (item.rules.create(number=n, kind="lose_item") for n in (1, 2, 3))
    whole = line("order", 0, "1", requirement=None)
    lines = [whole._replace(rule=first.pk), whole._replace(rule=second.pk)]
    record("order", "98", lines=lines)
    before = set(ScoreLine.objects.values_list("pk", "rule"))
    assert {rule for _pk, rule in before} == {first.pk, second.pk}
    record("order", "98", lines=[lines[0], whole._replace(rule=third.pk)])
    after = set(ScoreLine.objects.values_list("pk", "rule"))
    assert [rule for _pk, rule in before & after] == [first.pk]
    assert {rule for _pk, rule in after} == {first.pk, third.pk}


@pytest.mark.parametrize("others", [0, 12])
def test_a_score_costs_as_many_queries_in_any_campaign(
    firm, record, line, others, django_assert_num_queries
):
    for n in range(others):
        project = cast.project(f"Q{n}", f"项目{n}")
        Standing.objects.create(campaign=firm.campaign, project=project, updated_at=cast.NOW)
        record("order", "50", project=project, lines=[line("order", 0, "2")])
    score_all(record)
    record("order", "98", lines=[line("order", 0, "2")])
    changed = [line("order", 0, "1")]
    sections = {"s": engine.SectionPoints(Decimal(97), Decimal(100))}
    with transaction.atomic(), django_assert_num_queries(12):
        record("order", "97", lines=changed, sections=sections)
    assert standing(firm).scores["order"] == "97.00"


def test_a_project_that_does_not_take_part_has_no_score(firm, record):
    with pytest.raises(Refused) as refusal, transaction.atomic():
        record("order", "98", project=cast.project("X1", "外人"))
    assert refusal.value.code == "not_entered"


# --- open and frozen -----------------------------------------------------------------------


def test_scoring_opens_once_with_a_record(firm):
    opening.open_scoring(campaign=firm.campaign, by=firm.auditor, at=cast.NOW)
    opening.open_scoring(campaign=firm.campaign, by=firm.center, at=cast.moment(2011, 11, 28))
    assert firm.campaign.results.opened_at == cast.NOW
    assert [entry.by for entry in history_of(firm.campaign)] == [firm.auditor]


def test_scoring_does_not_open_while_weights_do_not_add_up(firm):
    Weight.objects.filter(specialty__code="order").update(percent=20)
    with pytest.raises(Refused, match="95%"):
        opening.open_scoring(campaign=firm.campaign, at=cast.NOW)


def test_scoring_does_not_open_while_bands_leave_a_gap(firm):
    firm.campaign.bands.filter(code="good").update(lowest=82)
    with pytest.raises(Refused, match="80 到 81"):
        opening.open_scoring(campaign=firm.campaign, at=cast.NOW)


def test_frozen_results_take_no_score(firm, record):
    score_all(record)
    opening.freeze(campaign=firm.campaign, by=firm.president, at=cast.NOW)
    with pytest.raises(Refused) as refusal, transaction.atomic():
        record("order", "10")
    assert refusal.value.code == "frozen"
    assert standing(firm).composite == Decimal("90.00")


@pytest.mark.parametrize("move", [opening.freeze, opening.open_scoring, results.rebuild])
def test_frozen_results_stay_frozen(firm, move):
    opening.freeze(campaign=firm.campaign, by=firm.president, at=cast.NOW)
    by = {} if move == results.rebuild else {"by": firm.president}
    with pytest.raises(Refused):
        move(campaign=firm.campaign, at=cast.moment(2011, 12, 30), **by)
    firm.campaign.results.refresh_from_db()
    assert firm.campaign.results.frozen_at == cast.NOW


# --- everything at once --------------------------------------------------------------------


def test_a_rebuild_brings_back_what_the_scores_say(firm, record):
    score_all(record)
    record("order", "70", project=firm.two)
    right = list(Standing.objects.values("project", "composite", "provisional", "scores"))
    Standing.objects.update(composite=1, provisional=False, scores={})
    assert results.rebuild(campaign=firm.campaign, at=cast.NOW) == 2
    assert list(Standing.objects.values("project", "composite", "provisional", "scores")) == right


def test_a_rebuild_of_what_is_right_changes_nothing(firm, record):
    score_all(record)
    before = list(Standing.objects.values())
    assert results.rebuild(campaign=firm.campaign, at=cast.moment(2011, 12, 1)) == 0
    assert list(Standing.objects.values()) == before


def test_a_rebuild_asks_the_keepers_of_the_scores_first(firm, record, monkeypatch):
    def score_again(campaign):
        score = engine.SheetScore(kept=Decimal(60), possible=Decimal(100))
        order = firm.rubrics["order"]
        yield [results.Made(firm.one, order, ScoreKind.AUDIT, score, set(), cast.NOW)]

    monkeypatch.setattr(results, "SCORE_SOURCES", [score_again])
    results.rebuild(campaign=firm.campaign, at=cast.NOW)
    assert standing(firm).scores == {"order": "60.00"}


@pytest.mark.django_db(transaction=True)
def test_two_auditors_of_one_project_do_not_lose_each_others_score(firm, record):
    """Each saves another specialty at the same moment: the standing holds both."""

    # SQLite lets one writer in at a time; its database in memory would not make others wait
    at_once = 1 if connection.vendor == "sqlite" else 2
    together = threading.Barrier(at_once)

    def save(code, kept):
        together.wait()
        record(code, kept)

    with ThreadPoolExecutor(at_once) as pool:
        for kept in map(str, range(60, 90)):
            list(pool.map(save, ["order", "environment"], [kept, kept]))
            assert standing(firm).scores == {"order": f"{kept}.00", "environment": f"{kept}.00"}
        list(pool.map(lambda _: (together.wait(), connection.close()), range(at_once)))
