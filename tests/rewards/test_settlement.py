"""The settlement's way from draft to approved, and that it then never changes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from organization.errors import Conflict, Refused
from organization.history import history_of
from rewards.models import Award
from rewards.settlement import (
    approve_settlement,
    draw_up,
    net,
    objections,
    return_settlement,
    submit_settlement,
)
from scoring.models import CampaignResults, Score
from tests import cast
from tests.owed import owed_in


@pytest.fixture
def submitted(firm, stand):
    stand(firm.one, "93.70")
    stand(firm.two, "75.45")
    drawn = draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    return submit_settlement(settlement=drawn, by=firm.center, at=firm.at)


def open_window(firm, until):
    rubric = cast.rubric(firm.campaign, firm.lines["order"])
    return Score.objects.create(
        campaign=firm.campaign,
        project=firm.one,
        specialty=firm.lines["order"],
        rubric=rubric,
        kept=90,
        possible=100,
        finished_at=firm.at,
        objections_until=until,
        updated_at=firm.at,
    )


def test_a_drawn_up_settlement_lists_everybody(firm, submitted):
    listed = {award.person.username: award.amount for award in submitted.awards.all()}
    assert listed == {"pm01": 1000, "head01": 600, "pm02": -500}
    assert net(submitted) == 1100


def test_approval_is_final_and_freezes_results(firm, submitted):
    done = approve_settlement(
        settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at
    )
    assert done.approved_by == firm.president and len(done.fingerprint) == 64
    assert CampaignResults.objects.get(campaign=firm.campaign).frozen_at == firm.at
    with pytest.raises(Refused) as refusal:
        draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    assert refusal.value.code == "approved"


def test_approving_twice_is_a_conflict(firm, submitted):
    approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)
    with pytest.raises(Conflict):
        approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)


def test_a_wrong_total_is_refused(firm, submitted):
    with pytest.raises(Refused) as refusal:
        approve_settlement(settlement=submitted, total=Decimal(1101), by=firm.president, at=firm.at)
    assert refusal.value.code == "total"


def test_approval_waits_for_an_open_window(firm, submitted):
    """Ruling 14."""
    open_window(firm, firm.at + timedelta(hours=1))
    with pytest.raises(Refused) as refusal:
        approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)
    assert refusal.value.code == "objections"
    later = firm.at + timedelta(hours=1)
    assert (
        approve_settlement(
            settlement=submitted, total=Decimal(1100), by=firm.president, at=later
        ).approved_at
        == later
    )


def test_approval_waits_for_an_undecided_objection(firm, submitted):
    score = open_window(firm, firm.at - timedelta(days=1))
    Score.objects.filter(pk=score.pk).update(open_objections=1)
    assert [o.open_objections for o in objections(firm.campaign, at=firm.at)] == [1]
    with pytest.raises(Refused):
        approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)


def test_a_list_that_no_longer_fits_the_standings_is_refused(firm, submitted, stand):
    stand(firm.two, "85.00")
    with pytest.raises(Refused) as refusal:
        approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)
    assert refusal.value.code == "outdated"


def test_a_cap_alone_outdates_a_list(firm, submitted, stand):
    """The composite stays, the band does not (ruling 4)."""
    stand(firm.one, "93.70", capped=True)
    with pytest.raises(Refused) as refusal:
        approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)
    assert refusal.value.code == "outdated"


def test_a_submitted_one_is_not_drawn_up_anew_until_returned(firm, submitted):
    with pytest.raises(Refused):
        draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    return_settlement(settlement=submitted, reason="请补说明", by=firm.president, at=firm.at)
    again = draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    assert again.pk == submitted.pk and Award.objects.count() == 3


def test_a_return_needs_a_reason(firm, submitted):
    with pytest.raises(Refused):
        return_settlement(settlement=submitted, reason="  ", by=firm.president, at=firm.at)


def test_every_move_is_on_record_with_its_reason(firm, submitted):
    return_settlement(settlement=submitted, reason="请补说明", by=firm.president, at=firm.at)
    verbs = [(entry.verb, entry.reason) for entry in history_of(submitted)]
    assert verbs == [("return_settlement", "请补说明"), ("submit_settlement", ""), ("draw_up", "")]


def test_provisional_projects_are_named(firm, stand):
    stand(firm.one, "93.70")
    drawn = draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    assert drawn.left_out == ["P02"]


# --- due ------------------------------------------------------------------------------------


def test_a_submitted_settlement_is_due_from_the_president_on_the_last_day(firm, submitted):
    (owed,) = owed_in(firm.campaign, firm.at, "settlement").values()
    assert (owed.people, owed.due) == ({firm.president.pk}, date(2011, 12, 31))
    assert owed.title.startswith("审批奖惩结算：")
    assert owed.url == reverse("settlement", args=[firm.campaign.code])


@pytest.mark.parametrize("move", ["return", "approve"])
def test_one_that_was_decided_is_not(firm, submitted, move):
    asked = {"settlement": submitted, "by": firm.president, "at": firm.at}
    if move == "return":
        return_settlement(reason="再核一遍", **asked)
    else:
        approve_settlement(total=Decimal(1100), **asked)
    assert not owed_in(firm.campaign, firm.at, "settlement")
