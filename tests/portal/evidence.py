"""A small campaign that was sealed before anything was seen, inspected and drawn up."""

import io
import json
from datetime import timedelta
from decimal import Decimal

from django.core.management import call_command

from campaign.seals import seal_older
from inspections.sheet import observations, sheets
from inspections.words import Outcome
from rewards.amounts import set_reward_rules, set_team_reward
from rewards.settlement import approve_settlement, draw_up, net, submit_settlement
from tests import cast, uploads
from tests.inspections.appealing import decided, made
from tests.inspections.entering import confirm_all, missing, opened, rubric
from tests.inspections.signing import signed

AT = cast.NOW
LATER = AT + timedelta(days=10)  # all windows are closed
AMOUNTS = {
    ("excellent", "project_manager"): Decimal(1000),
    ("good", "project_manager"): Decimal(200),
    ("fail", "project_manager"): Decimal(-500),
}


def inspected():
    """Both projects' sheets handed in, with deductions, one taken back, and a picture."""
    firm = cast.company()
    for code in firm.lines:
        rubric(firm, code)
    seal_older(campaign=firm.campaign, by="command", at=AT)
    set_reward_rules(campaign=firm.campaign, amounts=AMOUNTS, by=firm.center, at=AT)
    set_team_reward(campaign=firm.campaign, lowest=96, amount=Decimal(3000), by="command", at=AT)
    firm.sheets = [
        filled(firm, project, code) for project in (firm.one, firm.two) for code in firm.lines
    ]
    first = firm.sheets[0]
    appeal = made(firm, first, observation=dearest(first))
    decided(firm, appeal, Outcome.REDUCED, points=Decimal("0.4"))
    signed(firm, first)
    return firm


def dearest(sheet):
    return sheet.observations.filter(withdrawal=None, points=2).get()


def filled(firm, project, code):
    sheet = opened(firm, project=project, specialty=code)
    missing(sheet, firm.auditor, 1, 1, photos=[uploads.picture()])
    missing(sheet, firm.auditor, 2, 2, points="2")
    observations.withdraw(observation=missing(sheet, firm.auditor, 3), by=firm.auditor, at=AT)
    confirm_all(sheet, firm.auditor)
    sheets.submit_sheet(sheet=sheet, by=firm.auditor, at=AT)
    return sheet


def drawn_up(firm):
    return draw_up(campaign=firm.campaign, by=firm.center, at=LATER)


def approved(firm):
    drawn = submit_settlement(settlement=drawn_up(firm), by=firm.center, at=LATER)
    return approve_settlement(settlement=drawn, total=net(drawn), by=firm.president, at=LATER)


def verified(*options) -> list[dict]:
    """What `verify` finds; it ends with 1 exactly where it finds something."""
    out = io.StringIO()
    try:
        call_command("verify", "--format", "json", *options, stdout=out)
    except SystemExit as end:
        assert end.code == 1
        found = json.loads(out.getvalue())
        assert found
        return found
    assert json.loads(out.getvalue()) == []
    return []
