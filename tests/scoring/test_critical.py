"""A missing critical requirement caps the band; composite and rank stay (ruling 4)."""

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from organization.errors import Refused
from organization.history import history_of
from organization.roles import Role
from scoring import results
from scoring.bands import Banding, cap_of
from scoring.engine import Band, Part, band, composite, rank
from scoring.extras import extra_allowed, set_extra_allowed
from scoring.models import DeductionRule, Score, Standing
from scoring.opening import open_scoring
from scoring.standings import Ask, band_counts, league, standings_as_data
from tests import cast

CAPPED = "关键项缺失，等级封顶"
LINES = ("customer_service", "facilities", "order", "environment")


@pytest.fixture
def score_all(firm, record):
    """All four sheets of a project at the same points; `critical` about the one of order."""

    def write(kept, project=None, **critical):
        for code in LINES:
            more = critical if code == "order" else {}
            record(code, kept, project=project, **more)

    return write


def standing(firm, project=None):
    return Standing.objects.get(campaign=firm.campaign, project=project or firm.one)


def download(firm, user, address, *args) -> bytes:
    client = Client()
    client.force_login(user)
    return client.get(reverse(address, args=[firm.campaign.code, *args])).content


def see(firm, user, address, *args) -> str:
    return download(firm, user, address, *args).decode()


# --- what is stored ------------------------------------------------------------------------


def test_a_capped_sheet_caps_the_standing_and_leaves_the_composite(firm, score_all):
    score_all("95", capped=True)
    found = standing(firm)
    assert (found.composite, found.capped) == (Decimal(95), True)


def test_the_cap_goes_when_the_sheet_is_recorded_without_it(firm, score_all, record):
    score_all("95", capped=True)
    record("order", "95")
    assert standing(firm).capped is False


def test_a_sheet_that_is_not_finished_caps_nothing_yet(firm, record):
    record("order", "95", finished=False, capped=True)
    assert standing(firm).capped is False


def test_a_zeroed_sheet_is_stored_as_such(firm, record):
    record("order", "0", zeroed=True)
    assert Score.objects.get(project=firm.one).zeroed is True


def test_a_rebuild_finds_a_cap_that_was_lost(firm, score_all):
    score_all("95", capped=True)
    Standing.objects.update(capped=False)
    assert results.rebuild(campaign=firm.campaign, at=cast.NOW) == 1
    assert standing(firm).capped is True


# --- the band ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("composite", "code"), [("97.00", "good"), ("85.00", "good"), ("70.00", "fail")]
)
def test_the_cap_lowers_a_band_and_raises_none(firm, composite, code):
    assert Banding(firm.campaign).of(Decimal(composite), capped=True).code == code


@given(kept=st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=6), data=st.data())
def test_a_cap_never_changes_a_composite(kept, data):
    marks = data.draw(st.lists(st.booleans(), min_size=len(kept), max_size=len(kept)))
    parts = [
        Part(f"s{n}", Decimal(10), points, Decimal(100), capped=mark)
        for n, (points, mark) in enumerate(zip(kept, marks, strict=True))
    ]
    made, free = composite(parts), composite(replace(part, capped=False) for part in parts)
    assert replace(made, capped=False) == free
    assert (made.capped, free.capped) == (any(marks), False)


@pytest.mark.parametrize(
    ("codes", "cap"),
    [(["fail", "good", "excellent"], "good"), (["c", "b", "a"], "b"), (["all"], None), ([], None)],
)
def test_bands_of_other_names_are_capped_below_the_best(codes, cap):
    assert cap_of(codes) == cap


@pytest.mark.parametrize(
    "out", [{"finished": False}, {"absent": True}, {"kept": Decimal(0), "possible": Decimal(0)}]
)
def test_what_counts_in_no_composite_caps_none(out):
    points = {"kept": Decimal(90), "possible": Decimal(100)}
    stays = Part("order", Decimal(50), **points)
    leaves = Part("facilities", Decimal(50), **points | out, capped=True)
    assert composite([stays, leaves]).capped is False


# --- the league table ----------------------------------------------------------------------

BANDS = [Band("fail", 0, 79), Band("good", 80, 90), Band("excellent", 91, 100)]


def fill(firm, figures):
    """Final standings with these (composite, capped); the campaign's only ones."""
    Standing.objects.all().delete()
    cast.Project.objects.filter(code__startswith="H").delete()
    projects = cast.Project.objects.bulk_create(
        cast.Project(code=f"H{n:04}", name=f"H{n}") for n in range(len(figures))
    )
    Standing.objects.bulk_create(
        Standing(campaign=firm.campaign, project=project, composite=figure, provisional=False,
                 capped=capped, updated_at=cast.NOW)
        for project, (figure, capped) in zip(projects, figures, strict=True)
    )  # fmt: skip


FIGURES = st.lists(st.tuples(st.decimals(75, 95, places=1), st.booleans()), min_size=1, max_size=12)


@given(figures=FIGURES, rounding=st.sampled_from(["half_up", "floor"]))
# no deadline: what a database takes says nothing of the rule
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_table_counts_filters_and_bands_as_the_engine_does(firm, figures, rounding):
    firm.campaign.rounding = rounding
    fill(firm, figures)
    expected = {
        f"H{n:04}": band(figure, BANDS, rounding, "good" if capped else None)
        for n, (figure, capped) in enumerate(figures)
    }
    ranks = rank({f"H{n:04}": figure for n, (figure, _capped) in enumerate(figures)})
    table = standings_as_data(firm.campaign)
    assert {row["project"]: (row["band"], row["rank"]) for row in table} == {
        code: (expected[code], ranks[code]) for code in expected
    }
    for narrowed in ({}, {"search": "H"}):
        for code in ("fail", "good", "excellent"):
            counts, listed = rows(firm, band=code, **narrowed)
            assert counts == {each.code: [*expected.values()].count(each.code) for each in BANDS}
            assert set(listed) == {name for name, reached in expected.items() if reached == code}


@pytest.mark.parametrize("count", [10, 200])
def test_capped_projects_are_counted_in_as_many_queries(firm, count, django_assert_num_queries):
    fill(firm, [(Decimal(95), n % 2 == 0) for n in range(count)])
    banding = Banding(firm.campaign)
    with django_assert_num_queries(6):
        counts = band_counts(firm.campaign, banding)
    assert counts.by_band == {"fail": 0, "good": count // 2, "excellent": count // 2}


@pytest.fixture
def two(firm, score_all):
    """One capped at 97, the other free at 93."""
    score_all("97", capped=True)
    score_all("93", project=firm.two)
    return firm


def rows(firm, **ask):
    banding, asked = Banding(firm.campaign), Ask(**ask)
    counts = band_counts(firm.campaign, banding, asked)
    return counts.by_band, [row.code for row in league(firm.campaign, banding, asked, counts)]


def test_the_capped_project_keeps_its_rank(two):
    table = standings_as_data(two.campaign)
    assert [(row["project"], row["rank"], row["band"]) for row in table] == [
        ("P01", 1, "good"), ("P02", 2, "excellent"),
    ]  # fmt: skip


@pytest.mark.parametrize("narrowed", [{}, {"search": "P0"}])
def test_counts_and_filters_go_by_the_capped_band(two, narrowed):
    counts, good = rows(two, band="good", **narrowed)
    assert (counts, good) == ({"fail": 0, "good": 1, "excellent": 1}, ["P01"])
    assert rows(two, band="excellent", **narrowed)[1] == ["P02"]


def test_the_table_says_why_once_for_the_capped_row(two):
    assert see(two, two.center, "league").count(CAPPED) == 1


def test_what_opens_under_a_row_says_which_sheet_is_zero(firm, record):
    record("order", "0", zeroed=True)
    assert "关键项缺失，本表计零分" in see(firm, firm.center, "league_row", "P01")


def test_the_excel_says_why_in_a_column_of_its_own(two):
    sheet = load_workbook(io.BytesIO(download(two, two.center, "league_excel"))).active
    heads, capped, free = sheet.iter_rows(min_row=3, max_row=5, values_only=True)
    assert (heads[5], heads[-1]) == ("等级", "备注")
    assert (capped[5], capped[-1]) == ("良好", CAPPED)
    assert (free[5], free[-1]) == ("优秀", None)


def test_the_result_page_says_why_and_promises_nothing(two):
    page = see(two, two.manager, "project_result", "P01")
    assert "97.00 分，关键项缺失，等级封顶为良好" in page
    assert CAPPED in page
    assert "距优秀" not in page


def test_a_capped_project_below_the_cap_has_its_own_band(firm, score_all):
    score_all("85", capped=True)
    page = see(firm, firm.center, "project_result", "P01")
    assert "85.00 分，四舍五入 85，良好" in page
    assert "距优秀" not in page


def test_a_failed_capped_project_is_told_how_far_good_is(firm, score_all):
    score_all("70", capped=True)
    assert "距良好还差 9.50 分" in see(firm, firm.center, "project_result", "P01")


# --- extras --------------------------------------------------------------------------------


def allow(firm, allowed=True):
    set_extra_allowed(campaign=firm.campaign, allowed=allowed, by=firm.center, at=cast.NOW)


def test_extras_count_only_where_the_campaign_allows_it_and_that_is_on_record(firm):
    assert not extra_allowed(firm.campaign)
    allow(firm)
    allow(firm)
    assert extra_allowed(firm.campaign)
    (entry,) = [e for e in history_of(firm.campaign) if e.verb == "set_extra_allowed"]
    assert (entry.by, entry.detail["allowed"]) == (firm.center, True)


def test_extras_are_settled_when_scoring_opens(firm):
    open_scoring(campaign=firm.campaign, at=cast.NOW)
    with pytest.raises(Refused):
        allow(firm)


@pytest.fixture
def with_extra(firm):
    item = firm.rubrics["order"].items.first()
    DeductionRule.objects.create(
        item=item, number=1, kind="extra", text="追加扣10分", minimum=10, maximum=10
    )
    return firm


def switch(firm, user) -> str | None:
    """The form's address, if the page has it."""
    address = reverse("rubric_extras", args=[firm.campaign.code])
    return address if address in see(firm, user, "rubrics") else None


def test_no_switch_where_no_rubric_has_such_a_rule(firm):
    assert "项外追加扣分" not in see(firm, firm.center, "rubrics")


def test_a_rule_beyond_its_item_brings_the_switch_for_those_who_may(with_extra):
    assert switch(with_extra, with_extra.center)
    assert "不计入本次评分" in see(with_extra, with_extra.president, "rubrics")
    assert not switch(with_extra, with_extra.president)


def test_a_switch_that_is_on_stays_to_be_seen(firm):
    allow(firm)
    assert switch(firm, firm.center)


def test_once_scoring_is_open_the_switch_is_locked_and_says_so(with_extra):
    open_scoring(campaign=with_extra.campaign, at=cast.NOW)
    assert not switch(with_extra, with_extra.center)
    client = Client()
    client.force_login(with_extra.center)
    address = reverse("rubric_extras", args=[with_extra.campaign.code])
    page = client.post(address, {"allowed": "on"}, follow=True).content.decode()
    assert "评分已经开始" in page
    assert not extra_allowed(with_extra.campaign)


def test_the_switch_is_no_page_to_read(client, with_extra):
    client.force_login(with_extra.center)
    address = reverse("rubric_extras", args=[with_extra.campaign.code])
    assert client.get(address).status_code == 405


@pytest.mark.parametrize(("who", "status"), [("center", 302), ("admin", 302), ("manager", 403)])
def test_who_may_let_extras_count(with_extra, who, status):
    client = Client()
    client.force_login(getattr(with_extra, who))
    address = reverse("rubric_extras", args=[with_extra.campaign.code])
    assert client.post(address, {"allowed": "on"}).status_code == status
    assert extra_allowed(with_extra.campaign) is (status == 302)


def test_a_stranger_finds_no_switch(with_extra):
    elsewhere = cast.project("Z9", "别处")
    stranger = cast.person("guest", "外人", Role.EMPLOYEE, project=elsewhere)
    client = Client()
    client.force_login(stranger)
    address = reverse("rubric_extras", args=[with_extra.campaign.code])
    assert client.post(address, {"allowed": "on"}).status_code == 404
    assert not extra_allowed(with_extra.campaign)
