"""Sheets to play with: a published rubric, a sheet opened on it, things seen."""

import uuid
from decimal import Decimal

from inspections.models import ScoreSheet
from inspections.sheet import observations, sheets
from inspections.sheet.outline import outline
from inspections.words import Method
from scoring.models import Score, Standing
from tests import cast

AT = cast.NOW


def rubric(company, specialty="customer_service", **shape):
    return cast.rubric(company.campaign, company.lines[specialty], **shape)


def opened(company, *, project=None, specialty="customer_service", by=None, at=AT, **shape):
    """A sheet of project one; its rubric is made unless there is one."""
    line = company.lines[specialty]
    if not company.campaign.rubrics.filter(specialty=line).exists():
        rubric(company, specialty, **shape)
    return sheets.open_sheet(
        campaign=company.campaign, project=project or company.one, specialty=line,
        by=by or company.auditor, at=at,
    )  # fmt: skip


def item(sheet, number=1):
    """The sheet's n-th item, counted from 1."""
    return list(outline(sheet.rubric_id).lines.values())[number - 1].item


def requirement(sheet, number=1, line=1):
    return outline(sheet.rubric_id).lines[item(sheet, number).pk].requirements[line - 1]


def missing(sheet, by, number=1, line=1, points="1.5", at=AT, id=None, **fields):
    """What `by` notes: requirement `line` of item `number` is missing."""
    return observations.observe(
        sheet=sheet, id=id or uuid.uuid4(), item=item(sheet, number),
        requirement=requirement(sheet, number, line), points=Decimal(points),
        method=fields.pop("method", Method.OPEN), by=by, at=at, **fields,
    )  # fmt: skip


def confirm_all(sheet, by, at=AT):
    lines = outline(sheet.rubric_id).lines.values()
    return observations.confirm(sheet=sheet, items=[line.item for line in lines], by=by, at=at)


def submitted(company, *, at=AT, **options):
    sheet = opened(company, at=at, **options)
    confirm_all(sheet, company.auditor, at=at)
    sheets.submit_sheet(sheet=sheet, by=company.auditor, at=at)
    return sheet


def folded(sheet):
    """What the sheet comes to, read anew."""
    return observations.fold(ScoreSheet.objects.get(pk=sheet.pk))


def points_so_far(sheet):
    """Points kept of those possible, as the list of sheets shows them."""
    sheet.refresh_from_db()
    assert (sheet.kept, sheet.possible) == (folded(sheet).score.kept, folded(sheet).score.possible)
    return sheet.kept, sheet.possible


def score_of(sheet):
    """The score that counts, of a submitted sheet."""
    return Score.objects.get(project=sheet.project, specialty=sheet.specialty, kind=sheet.kind)


def standing_of(sheet):
    return Standing.objects.get(campaign=sheet.campaign, project=sheet.project)
