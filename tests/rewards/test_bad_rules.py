"""Rules that can't be: refused on every door, with what there is instead."""

import pytest

from campaign.models import Campaign
from campaign.setup import create_campaign, make_specialties, read_plan
from organization.errors import Refused
from rewards.amounts import set_reward_rules
from rewards.template_rules import load
from scoring.bands import bands_from_template
from tests import cast


@pytest.mark.parametrize(
    ("key", "code"), [(("excellent", "janitor"), "role"), (("superb", "employee"), "band")]
)
def test_an_unknown_role_or_band_is_refused_with_those_that_there_are(firm, key, code):
    with pytest.raises(Refused) as refusal:
        set_reward_rules(campaign=firm.campaign, amounts={key: 5}, by=firm.center, at=firm.at)
    assert refusal.value.code == code
    assert {"role": "project_manager", "band": "优秀"}[code] in str(refusal.value)


def test_a_template_with_one_makes_no_rules(firm):
    plan = read_plan() | {"rewards": [{"band": "excellent", "role": "janitor", "amount": 1}]}
    with pytest.raises(Refused) as refusal:
        load(firm.campaign, plan, firm.at)
    assert refusal.value.code == "role"


def test_a_templates_bands_have_no_gap(db):
    plan = read_plan()
    make_specialties(plan)
    held = create_campaign(code="c13", year=2013, by="command", at=cast.NOW)
    held.bands.all().delete()
    plan = {
        "scoring": {"bands": [{**row, "to": row["to"] - 1} for row in plan["scoring"]["bands"]]}
    }
    with pytest.raises(Refused) as refusal:
        bands_from_template(Campaign.objects.get(pk=held.pk), plan, cast.NOW)
    assert refusal.value.code == "bands"
