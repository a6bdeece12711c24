"""A submitted sheet with deductions, and what projects and the center do about them."""

from datetime import timedelta

from inspections.appeal.appeals import appeal, decide_appeal
from inspections.models import Observation
from inspections.sheet import sheets
from inspections.words import Outcome
from tests import cast
from tests.inspections.entering import confirm_all, missing, opened

AT = cast.NOW
SOON = AT + timedelta(hours=3)
LATER = AT + timedelta(hours=5)


def contested_sheet(company, *, points="1.5", at=AT, photos=(), **options):
    """Project one's sheet on 25-point items: requirement 1 of item 1 is missing."""
    sheet = opened(company, at=at, **options)
    missing(sheet, company.auditor, points=points, at=at, note="台账缺页", photos=photos)
    confirm_all(sheet, company.auditor, at=at)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=at)
    return sheet


def seen_on(sheet) -> Observation:
    """The first thing noted missing."""
    return sheet.observations.filter(kind="missing").earliest("recorded_at", "pk")


def made(company, sheet=None, **fields):
    sheet = sheet or contested_sheet(company)
    fields = {"observation": seen_on(sheet), "reason": "当天有记录，照片为证。"} | fields
    return appeal(**{"by": company.manager, "at": SOON} | fields)


def decided(company, found, outcome=Outcome.WITHDRAWN, **fields):
    fields = {"reason": "补交的记录属实。", "by": company.center, "at": LATER} | fields
    return decide_appeal(appeal=found, outcome=outcome, **fields)
