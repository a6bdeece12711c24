"""A campaign with the plan's rules and finished standings."""

from datetime import timedelta
from decimal import Decimal

import pytest

from rewards.models import RewardRule, TeamReward
from scoring.models import Standing
from tests import cast

RULES = (
    ("fail", "project_manager", -500),
    ("fail", "deputy_project_manager", -400),
    ("fail", "department_head", -300),
    ("fail", "team_leader", -100),
    ("excellent", "project_manager", 1000),
    ("excellent", "deputy_project_manager", 800),
    ("excellent", "department_head", 600),
)


@pytest.fixture
def firm(db):
    firm = cast.company()
    RewardRule.objects.bulk_create(
        RewardRule(campaign=firm.campaign, band=band, role=role, amount=amount)
        for band, role, amount in RULES
    )
    TeamReward.objects.create(campaign=firm.campaign, lowest=96, amount=3000)
    firm.at = cast.NOW + timedelta(days=10)
    return firm


@pytest.fixture
def stand(firm):
    """Give a project its final composite."""

    def give(project, composite, *, provisional=False, capped=False):
        Standing.objects.filter(campaign=firm.campaign, project=project).update(
            composite=Decimal(composite), provisional=provisional, capped=capped
        )

    return give
