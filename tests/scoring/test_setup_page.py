"""The rules of scoring in the browser: weights, bands, rounding and appeal days on one page."""

import pytest
from django.urls import reverse

from campaign.models import Campaign
from organization.errors import Refused
from organization.history import history_of
from scoring.models import CampaignResults
from scoring.opening import open_scoring
from scoring.setup_list import parts
from scoring.terms import set_appeal_days, set_rounding
from scoring.weights import set_weights
from tests import cast
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def rules(client, company):
    """`rules()` opens the page, `rules(**typed)` sends what it shows with these changes."""

    def visit(person=None, send=False, **typed):
        client.force_login(person or company.center)
        url = reverse("setup_scoring", args=["c11"])
        return client.post(url, typed) if send or typed else client.get(url)

    return visit


@pytest.fixture
def as_shown(rules):
    """What the browser would send of the untouched page."""
    forms = rules().context["forms"]
    typed = {"seen": forms.seen, "rounding": "half_up", "appeal_days": "3"}
    typed |= {field.html_name: field.value() or "" for field in forms.weights}
    typed |= {f.html_name: f.value() for f in forms.bands.management_form}
    for row in forms.bands:
        typed |= {f.html_name: "" if f.value() is None else f.value() for f in row}
    return typed


def text(response):
    return response.content.decode()


def verbs(campaign):
    return [entry.verb for entry in history_of(campaign)]


def test_the_page_untouched_keeps_everything_and_leaves_no_record(rules, as_shown, company):
    assert rules(**as_shown).status_code == 302
    assert verbs(company.campaign) == []


def test_only_what_was_changed_goes_on_record(rules, as_shown, company):
    changes = {
        "rounding": "floor",
        "appeal_days": "5",
        "weight-order": "20",
        "weight-environment": "25",
    }
    rules(**as_shown | changes)
    campaign = Campaign.objects.get(code="c11")
    assert (campaign.rounding, campaign.appeal_days) == ("floor", 5)
    assert campaign.weights.get(specialty__code="order").percent == 20
    assert sorted(verbs(campaign)) == ["set_appeal_days", "set_rounding", "set_weights"]


def test_saving_adopts_weights_that_were_samples(rules, as_shown, company):
    company.campaign.weights.update(is_sample=True)
    rules(**as_shown)
    assert not company.campaign.weights.filter(is_sample=True).exists()


def test_bands_are_renamed_added_and_taken_away(rules, as_shown, company):
    changes = {
        "band-1-highest": "89",
        "band-2-lowest": "95",
        "band-3-code": "very-good",
        "band-3-name_zh_hans": "优良",
        "band-3-lowest": "90",
        "band-3-highest": "94",
    }
    rules(**as_shown | changes)
    codes = company.campaign.bands.order_by("lowest").values_list("code", "lowest")
    assert list(codes) == [("fail", 0), ("good", 80), ("very-good", 90), ("excellent", 95)]


def test_an_emptied_line_takes_its_band_away(rules, as_shown, company):
    emptied = {f"band-1-{n}": "" for n in ("code", "name_zh_hans", "name_en", "lowest", "highest")}
    rules(**as_shown | emptied | {"band-0-highest": "90"})
    assert list(company.campaign.bands.values_list("code", flat=True)) == ["fail", "excellent"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weight-order": "24"}, "权重合计是 99%，应当是 100%。"),
        ({"band-1-highest": "85"}, "86 到 90 分没有等级。"),
        ({"band-1-highest": "89"}, ">90 分没有等级。"),
        ({"band-1-lowest": ""}, "请填写。"),
        ({"appeal_days": "61"}, "60"),
        ({"appeal_days": "三天<b>"}, "三天&lt;b&gt;"),
        ({"rounding": "up"}, "up"),
        ({"weight-order": "NaN"}, "NaN"),
        ({"band-TOTAL_FORMS": "9999999"}, "band-0-code"),
    ],
)
def test_what_can_not_be_is_said_and_everything_typed_stays(
    rules, as_shown, company, changes, said
):
    response = rules(**as_shown | {"band-0-name_zh_hans": "“不及格”🎉"} | changes)
    assert response.status_code == 422
    assert said in text(response)
    assert "“不及格”🎉" in text(response)
    assert verbs(company.campaign) == []


def test_of_two_who_edit_at_once_both_versions_stand_on_the_page(rules, as_shown, company):
    theirs = {"customer_service": 40, "facilities": 20, "order": 20, "environment": 20}
    set_weights(campaign=company.campaign, percents=theirs, by="command", at=cast.NOW)
    response = rules(**as_shown | {"appeal_days": "7"})
    assert response.status_code == 409
    assert 'name="appeal_days" inputmode="numeric" value="7"' in text(response)
    assert "现在存的是“40”" in text(response)
    again = as_shown | {"appeal_days": "7", "seen": response.context["forms"].seen}
    assert rules(**again).status_code == 302
    assert company.campaign.weights.get(specialty__code="customer_service").percent == 25


def test_once_scoring_is_open_nothing_can_be_changed(rules, as_shown, company):
    open_scoring(campaign=company.campaign, at=cast.NOW)
    assert '<fieldset class="setup-form" disabled>' in text(rules())
    response = rules(**as_shown | {"rounding": "floor"})
    assert "评分已经开始" in text(response)
    assert Campaign.objects.get(code="c11").rounding == "half_up"


def test_the_center_and_the_administrator_set_them(rules, as_shown, company):
    assert rules(company.admin).status_code == 200
    for reader in (company.president, company.lead, company.manager):
        assert rules(reader).status_code == 403
        assert rules(reader, **as_shown).status_code == 403


def test_the_page_asks_as_often_for_many_specialties(rules, company, django_assert_num_queries):
    few = queries_of(rules)
    for number in range(20):
        type(company.lines["order"]).objects.create(code=f"s{number}", name_zh_hans=f"专业{number}")
    with django_assert_num_queries(few):
        rules()


# The two that are only here


def refusal_of(act, **changes):
    with pytest.raises(Refused) as refusal:
        act(by="command", at=cast.NOW, **changes)
    return refusal.value.code


def test_rounding_and_appeal_days_refuse_what_is_none_and_lock_with_scoring(company):
    campaign = company.campaign
    assert refusal_of(set_rounding, campaign=campaign, rounding="up") == "rounding"
    assert refusal_of(set_appeal_days, campaign=campaign, days=-1) == "appeal_days"
    assert refusal_of(set_appeal_days, campaign=campaign, days=61) == "appeal_days"
    CampaignResults.objects.create(campaign=campaign, opened_at=cast.NOW)
    assert refusal_of(set_rounding, campaign=campaign, rounding="floor") == "scoring_open"
    assert refusal_of(set_appeal_days, campaign=campaign, days=5) == "scoring_open"


def test_what_was_and_what_is_go_on_record_once(company):
    for _time in range(2):
        set_appeal_days(campaign=company.campaign, days=5, by=company.center, at=cast.NOW)
    entry = history_of(company.campaign).get()
    assert (entry.by, entry.detail) == (company.center, {"was": 3, "now": 5})


# In the list of the set-up


def test_the_list_says_what_stands_and_what_is_missing(company):
    weights, bands, rubrics = parts(company.campaign)
    assert weights.is_ready and bands.is_ready and not rubrics.is_ready
    assert weights.summary.startswith("客户服务 25%")
    assert "申诉 3 天" in bands.summary
    company.campaign.weights.first().delete()
    for line in company.lines.values():
        cast.rubric(company.campaign, line)
    weights, _bands, rubrics = parts(company.campaign)
    assert not weights.is_ready and "应当是 100%" in weights.summary
    assert rubrics.is_ready
