"""Drafting, versions, publishing, and what the engine gets."""

from decimal import Decimal

import pytest

from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import Specialty
from scoring import engine, opening, results
from scoring.codes import prefix_of
from scoring.forms import read_rubric
from scoring.importing import read_form
from scoring.models import Item, Rubric
from scoring.rubrics import (
    draft_rubric,
    load_rubric,
    publish_rubric,
    what_is_missing,
)
from scoring.scored_items import engine_items
from scoring.template import SPECIALTIES, rubric_data
from tests import cast
from tests.scoring import excel

AT = cast.NOW


@pytest.fixture
def firm(db):
    return cast.company()


@pytest.fixture
def draft(firm):
    """Draft a rubric from a workbook, as the page and the command do."""

    def make(data, code="order", **more):
        understood = read_form(data, campaign=firm.campaign, specialty=firm.lines[code])
        return draft_rubric(
            campaign=firm.campaign, specialty=firm.lines[code], understood=understood,
            by=firm.admin, at=AT, **more,
        )  # fmt: skip

    return make


def load(firm, code, **more):
    return load_rubric(
        campaign=firm.campaign, specialty=firm.lines[code], data=rubric_data(code), by="command",
        at=AT, **more,
    )  # fmt: skip


def codes(rubric) -> list[str]:
    return list(rubric.items.order_by("order").values_list("code", flat=True))


# --- from the template ---------------------------------------------------------------------


@pytest.mark.parametrize("code", SPECIALTIES)
def test_the_templates_rubrics_are_published_with_100_points(firm, code):
    rubric = load(firm, code)
    assert rubric.published_at == AT
    assert sum(rubric.items.values_list("points", flat=True)) == 100


def test_samples_are_marked_and_the_plans_items_are_not(firm):
    assert load(firm, "order").is_sample
    facilities = load(firm, "facilities")
    assert not facilities.is_sample
    samples = dict(facilities.items.values_list("code", "is_sample"))
    assert (samples["FA01"], samples["FA07"], samples["FA08"]) == (False, True, True)


def test_the_template_comes_in_both_languages(firm):
    item = load(firm, "customer_service").items.get(code="CS01")
    assert (item.name_zh_hans, item.name_en) == ("制度建设", "Policies")
    assert item.requirements.get(number=1).text_en.startswith("Internal policies")


# --- from a form ---------------------------------------------------------------------------


def test_the_companys_form_becomes_a_complete_draft(firm, draft):
    rubric = draft(excel.SERVICE, "customer_service")
    assert (rubric.version, rubric.published_at) == (1, None)
    assert rubric.name_zh_hans == "客户服务督导评分细则"
    assert rubric.proposed_weight == 25
    assert codes(rubric) == [f"CS{n:02}" for n in range(1, 20)]
    assert what_is_missing(rubric) == []


def test_the_facilities_form_names_what_is_missing_and_cannot_be_published(firm, draft):
    rubric = draft(excel.FACILITIES, "facilities")
    missing = what_is_missing(rubric)
    assert [sentence.split()[0] for sentence in missing] == ["FA07", "FA07"]
    with pytest.raises(Refused, match="规定分值") as refusal:
        publish_rubric(rubric=rubric, by=firm.admin, at=AT)
    assert refusal.value.code == "incomplete"
    rubric.refresh_from_db()
    assert rubric.published_at is None


def test_a_form_with_errors_becomes_nothing(firm, draft):
    with pytest.raises(Refused, match="D3") as refusal:
        draft(excel.book(excel.item(points=-5)))
    assert refusal.value.code == "errors"
    assert not Rubric.objects.exists()


def test_a_total_other_than_100_is_no_hindrance(firm, draft):
    rubric = draft(excel.book(excel.item(points=60)))
    assert publish_rubric(rubric=rubric, by=firm.admin, at=AT).published_at == AT


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (excel.item(section="长" * 121), "A3"),
        (excel.item(text="1. " + "长" * 501), "C3"),
        (excel.item(points=10_000), "D3"),
    ],
)
def test_what_could_not_be_kept_as_it_is_is_an_error_at_its_cell(firm, row, cell):
    understood = read_form(excel.book(row), campaign=firm.campaign, specialty=firm.lines["order"])
    assert [message.cell for message in understood.errors] == [cell]


# --- codes and versions --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("specialty", "prefix"),
    [("customer_service", "CS"), ("facilities", "FA"), ("order", "OR"), ("environment", "EN"),
     ("fire-and-safety", "FAS")],
)  # fmt: skip
def test_a_specialtys_codes_begin_with_its_initials(specialty, prefix):
    assert prefix_of(specialty) == prefix


def test_items_keep_their_codes_and_new_ones_take_the_next_number(firm, draft):
    draft(excel.book(excel.item("甲"), excel.item("乙"), excel.item("丙")))
    again = draft(excel.book(excel.item("丙"), excel.item("丁"), excel.item("甲")))
    assert codes(again) == ["OR03", "OR04", "OR01"]


def test_a_number_that_was_published_is_never_given_again(firm, draft):
    draft(excel.book(excel.item("甲"), excel.item("乙")))
    publish_rubric(rubric=Rubric.objects.get(), by=firm.admin, at=AT)
    publish_rubric(rubric=draft(excel.book(excel.item("甲"))), by=firm.admin, at=AT)
    assert codes(draft(excel.book(excel.item("丙"), excel.item("甲")))) == ["OR03", "OR01"]


def test_a_replaced_drafts_numbers_are_free_again(firm, draft):
    draft(excel.book(excel.item("甲"), excel.item("乙"), excel.item("丙")))
    assert codes(draft(excel.book(excel.item("丁"), excel.item("戊")))) == ["OR01", "OR02"]


def test_the_same_name_in_another_section_is_another_item(firm, draft):
    draft(excel.book(excel.item("甲", section="一区"), excel.item("甲", section="二区")))
    again = draft(excel.book(excel.item("甲", section="二区"), excel.item("甲", section="三区")))
    assert codes(again) == ["OR02", "OR03"]


def test_a_form_without_names_keeps_the_names_codes_and_english_of_its_standards(firm, draft):
    load(firm, "facilities")
    rubric = draft(excel.FACILITIES, "facilities")
    item = rubric.items.get(code="FA03")
    assert (item.name_zh_hans, item.name_en) == ("备用应急发电机", "Standby generator")
    assert item.requirements.get(number=1).text_en == "Generator policies posted"
    assert rubric.sections.first().name_en == "Power supply"


def test_an_import_over_a_published_rubric_is_the_next_version(firm, draft):
    first = load(firm, "customer_service")
    second = draft(excel.SERVICE, "customer_service")
    assert (second.version, second.published_at) == (2, None)
    assert first.items.count() == 19


def test_a_specialty_has_one_draft_that_the_next_import_replaces(firm, draft):
    first = draft(excel.SERVICE, "order")
    second = draft(excel.two_items(), "order")
    assert (second.pk, second.version, second.items.count()) == (first.pk, 1, 2)
    assert Item.objects.count() == 2


def test_a_draft_that_was_not_seen_is_not_replaced(firm, draft):
    mine = draft(excel.two_items())
    theirs = draft(excel.SERVICE)
    with pytest.raises(Conflict) as conflict:
        draft(excel.two_items(), seen=mine.mark)
    assert conflict.value.theirs == theirs
    assert theirs.items.count() == 19
    assert draft(excel.two_items(), seen=theirs.mark).items.count() == 2


def test_publishing_supersedes_the_former_version_and_leaves_its_scores(firm, draft):
    first = load(firm, "customer_service")
    results.record_score(
        campaign=firm.campaign, project=firm.one, rubric=first, lines=[], finished_at=AT, at=AT,
        score=engine.SheetScore(kept=Decimal(90), possible=Decimal(100)),
    )  # fmt: skip
    second = draft(excel.SERVICE, "customer_service")
    publish_rubric(rubric=second, by=firm.admin, at=AT)
    current = Rubric.objects.current().filter(specialty=firm.lines["customer_service"])
    assert list(current) == [second]
    assert firm.one.scores.get().rubric == first


def test_a_draft_that_was_changed_meanwhile_is_not_published_unseen(firm, draft):
    mine = draft(excel.two_items())
    theirs = draft(excel.SERVICE)
    with pytest.raises(Conflict) as conflict:
        publish_rubric(rubric=theirs, by=firm.admin, at=AT, seen=mine.mark)
    assert conflict.value.theirs == theirs
    assert publish_rubric(rubric=theirs, by=firm.admin, at=AT, seen=theirs.mark).published_at


def test_a_published_rubric_is_not_published_again(firm):
    rubric = load(firm, "order")
    with pytest.raises(Refused) as refusal:
        publish_rubric(rubric=rubric, by=firm.admin, at=AT)
    assert refusal.value.code == "published"


def test_nothing_is_published_over_frozen_results(firm, draft):
    rubric = draft(excel.two_items())
    opening.freeze(campaign=firm.campaign, by=firm.president, at=AT)
    with pytest.raises(Refused) as refusal:
        publish_rubric(rubric=rubric, by=firm.admin, at=AT)
    assert refusal.value.code == "frozen"


def test_drafting_and_publishing_are_on_record(firm, draft):
    rubric = publish_rubric(rubric=draft(excel.two_items()), by=firm.center, at=AT)
    steps = [(entry.verb, entry.by) for entry in history_of(rubric)]
    assert steps == [("publish_rubric", firm.center), ("draft_rubric", firm.admin)]


@pytest.mark.parametrize("times", [1, 4])
def test_drafting_takes_as_many_queries_for_many_items(firm, times, django_assert_num_queries):
    rows = [excel.item(f"第{n}项", points=1, rule="每缺一项扣0.5-1分") for n in range(5 * times)]
    understood = read_rubric(excel.book(*rows))
    with django_assert_num_queries(18):
        draft_rubric(
            campaign=firm.campaign, specialty=firm.lines["order"], understood=understood,
            by=firm.admin, at=AT,
        )  # fmt: skip


# --- who sees them -------------------------------------------------------------------------


def test_project_people_see_what_is_published_where_they_take_part(firm, draft):
    published, drafted = load(firm, "order"), draft(excel.two_items(), "environment")
    elsewhere = cast.campaign("c12", projects=[cast.project("X1", "别处")])
    foreign = cast.rubric(elsewhere, firm.lines["order"])
    assert list(Rubric.objects.visible_to(firm.manager)) == [published]
    assert {published, drafted, foreign} == set(Rubric.objects.visible_to(firm.admin))


# --- for the engine ------------------------------------------------------------------------


def test_the_engine_gets_items_with_their_one_rule(firm):
    first, *rest = engine_items(load(firm, "customer_service"))
    rule = engine.Rule(engine.Kind.RANGE, Decimal("0.5"), Decimal(2))
    assert first == engine.Item("CS01", Decimal(5), (rule,))
    assert len(rest) == 18


def test_a_fixed_amount_is_a_fixed_rule(firm, draft):
    rubric = draft(excel.book(excel.item(rule="每缺一项扣1分")))
    assert engine_items(rubric)[0].rules[0].kind == engine.Kind.FIXED


def test_a_published_rubric_is_read_once_and_a_draft_each_time(
    firm, draft, django_assert_num_queries
):
    published, drafted = load(firm, "order"), draft(excel.two_items(), "environment")
    with django_assert_num_queries(2):
        assert engine_items(published) is engine_items(published)
    with django_assert_num_queries(4):
        assert engine_items(drafted) == engine_items(drafted)


def test_specialties_unknown_to_the_template_have_their_own_codes(firm, draft):
    firm.lines["pools"] = Specialty.objects.create(code="pools", name="泳池")
    assert codes(draft(excel.two_items(), "pools")) == ["PO01", "PO02"]
