"""A missing critical requirement caps the band; composite and rank stay (ruling 4)."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from organization.errors import Refused
from organization.history import history_of
from organization.roles import Role
from scoring import results
from scoring.bands import Banding, cap_of
from scoring.engine import Band, band
from scoring.extras import extra_allowed, set_extra_allowed
from scoring.models import DeductionRule, Score, Standing
from scoring.results import open_scoring
from scoring.standings import Ask, band_counts, league, standings_as_data
from tests import cast

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


def see(firm, user, address, **params):
    client = Client()
    client.force_login(user)
    return client.get(reverse(address, args=[firm.campaign.code]), params).content.decode()


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


@given(st.decimals(0, 100, places=2), st.sampled_from(["half_up", "floor"]))
def test_pages_and_engine_agree_on_a_capped_band(composite, rounding):
    bands = [Band("fail", 0, 79), Band("good", 80, 90), Band("excellent", 91, 100)]
    capped = band(composite, bands, rounding, "good")
    free = band(composite, bands, rounding)
    assert capped == ("good" if free == "excellent" else free)


@pytest.mark.parametrize(
    ("codes", "cap"),
    [(["fail", "good", "excellent"], "good"), (["c", "b", "a"], "b"), (["all"], None), ([], None)],
)
def test_bands_of_other_names_are_capped_below_the_best(codes, cap):
    assert cap_of(codes) == cap


# --- the league table ----------------------------------------------------------------------


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


def test_the_table_says_why(two):
    assert "关键项缺失，等级封顶" in see(two, two.center, "league")


def test_the_result_page_says_why_and_promises_nothing(two):
    client = Client()
    client.force_login(two.manager)
    page = client.get(reverse("project_result", args=[two.campaign.code, "P01"])).content.decode()
    assert "97.00 分，关键项缺失，等级封顶为良好" in page
    assert "距优秀" not in page


def test_a_capped_project_below_the_cap_reads_like_any_other(firm, score_all):
    score_all("85", capped=True)
    client = Client()
    client.force_login(firm.center)
    page = client.get(reverse("project_result", args=[firm.campaign.code, "P01"])).content.decode()
    assert "85.00 分，四舍五入 85，良好" in page


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


def test_the_switch_is_shown_where_a_rubric_needs_it(firm):
    assert "项外追加扣分" not in see(firm, firm.center, "rubrics")


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
