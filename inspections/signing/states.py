"""How far the signing of a sheet is, and who may have it signed now."""

from inspections.models import SIGNING_STATES, ScoreSheet
from organization.models import User
from organization.states import State


def signing_state(sheet: ScoreSheet) -> State | None:
    """Of a sheet that was read `with_signing`; None where there is nothing to sign."""
    if sheet.is_self_check or not sheet.submitted_at:
        return None
    words = {None: "unsigned", False: "signed", True: "refused"}
    return SIGNING_STATES[words[sheet.signing_refused]]


def may_sign(sheet: ScoreSheet, user: User) -> bool:
    """Whether the reader may have it signed now, as far as the page knows."""
    if sheet.signing_refused is not None or not user.has_perm("inspections.sign_sheet", sheet):
        return False
    results = getattr(sheet.campaign, "results", None)
    return not sheet.campaign.closed_at and not (results and results.frozen_at)
