"""Weights and bands: what they must add up to, until when they may change, the template's own."""

from decimal import Decimal

import pytest

from campaign.registry import what_is_missing
from campaign.setup import create_campaign
from organization.errors import Refused
from organization.history import history_of
from scoring.bands import Banding, set_bands
from scoring.opening import open_scoring
from scoring.weights import set_weights
from tests import cast

NEW = {"customer_service": Decimal(40), "facilities": Decimal("33.5"), "order": Decimal("26.5")}


@pytest.fixture
def firm(db):
    return cast.company()


def weights(campaign) -> dict:
    rows = campaign.weights.values_list("specialty__code", "percent", "is_sample")
    return {code: (percent, is_sample) for code, percent, is_sample in rows}


def set_new(firm, percents=None, **more):
    return set_weights(
        campaign=firm.campaign, percents=percents or NEW, by=firm.center, at=cast.NOW, **more
    )


def test_weights_are_replaced_as_a_whole_and_put_on_record(firm):
    set_new(firm)
    assert weights(firm.campaign) == {code: (percent, False) for code, percent in NEW.items()}
    entry = history_of(firm.campaign)[0]
    assert (entry.verb, entry.by) == ("set_weights", firm.center)
    assert entry.detail["was"]["environment"] == "20"
    assert entry.detail["weights"]["facilities"] == "33.5"


@pytest.mark.parametrize(
    ("percents", "code"),
    [
        ({"order": Decimal(99)}, "weights"),
        ({"order": Decimal(120), "facilities": Decimal(-20)}, "weights"),
        ({"order": Decimal("33.333"), "facilities": Decimal("66.667")}, "weights"),
        ({"order": Decimal(50), "gardens": Decimal(50)}, "specialty"),
    ],
)
def test_weights_that_cannot_be_used_are_refused_and_nothing_changes(firm, percents, code):
    before = weights(firm.campaign)
    with pytest.raises(Refused) as refusal:
        set_new(firm, percents)
    assert refusal.value.code == code
    assert weights(firm.campaign) == before


def test_the_refusal_says_what_they_add_up_to(firm):
    with pytest.raises(Refused, match=r"99\.5%"):
        set_new(firm, {"order": Decimal("99.5")})


def test_weights_are_locked_once_scoring_is_open(firm):
    open_scoring(campaign=firm.campaign, at=cast.NOW)
    with pytest.raises(Refused) as refusal:
        set_new(firm)
    assert refusal.value.code == "scoring_open"


def test_a_new_campaign_has_the_plans_weight_and_samples_marked(db):
    made = create_campaign(code="c26", year=2026, by="command", at=cast.NOW)
    assert weights(made) == {
        "customer_service": (25, False), "facilities": (30, True), "order": (25, True),
        "environment": (20, True),
    }  # fmt: skip
    assert [(mark.code, mark.lowest, mark.highest) for mark in Banding(made)] == [
        ("fail", 0, 79), ("good", 80, 90), ("excellent", 91, 100),
    ]  # fmt: skip


def test_what_does_not_add_up_keeps_a_campaign_from_starting(firm):
    firm.campaign.weights.filter(specialty__code="order").delete()
    firm.campaign.bands.filter(code="good").update(highest=95)
    sentences = [str(sentence) for sentence in what_is_missing(firm.campaign)]
    assert any("75%" in sentence for sentence in sentences)
    assert any("优秀" in sentence and "91 到 95" in sentence for sentence in sentences)


# --- bands ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("composite", "code"),
    [("0", "fail"), ("79.49", "fail"), ("79.50", "good"), ("90.49", "good"),
     ("90.50", "excellent"), ("100", "excellent")],
)  # fmt: skip
def test_a_composite_is_banded_by_its_rounded_points(firm, composite, code):
    assert Banding(firm.campaign).of(Decimal(composite)).code == code


@pytest.mark.parametrize(("composite", "code"), [("79.99", "fail"), ("90.99", "good")])
def test_a_campaign_may_drop_the_decimals_instead(firm, composite, code):
    firm.campaign.rounding = "floor"
    banding = Banding(firm.campaign)
    assert banding.of(Decimal(composite)).code == code
    assert "舍去" in banding.rule


def test_the_page_says_where_each_band_begins(firm):
    assert "79.50 起良好，90.50 起优秀" in Banding(firm.campaign).rule_in_full


def band(code, lowest, highest) -> dict:
    return {"code": code, "name_zh_hans": code, "name_en": code, "lowest": lowest,
            "highest": highest}  # fmt: skip


def test_bands_with_a_gap_are_refused(firm):
    with pytest.raises(Refused, match="60 到 69"):
        set_bands(
            campaign=firm.campaign, bands=[band("low", 0, 59), band("high", 70, 100)],
            by=firm.center, at=cast.NOW,
        )  # fmt: skip
    assert firm.campaign.bands.count() == 3


def test_two_bands_are_drawn_as_the_worst_and_the_best(firm):
    set_bands(
        campaign=firm.campaign, bands=[band("low", 0, 59), band("high", 60, 100)], by=firm.center,
        at=cast.NOW,
    )  # fmt: skip
    assert [mark.tint for mark in Banding(firm.campaign)] == ["fail", "excellent"]
