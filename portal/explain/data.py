"""An explanation for machines: the same steps, figures as text and without rounding."""

from decimal import Decimal
from fractions import Fraction

from inspections.models import Appeal
from organization.models import Specialty
from portal.explain.amounts import Amounts, Paid
from portal.explain.figures import exact
from portal.explain.reading import Explanation, WeightRow
from portal.explain.steps import Cut, ItemStep, Judged, SectionStep, SheetStep


def as_data(found: Explanation) -> dict:
    """Points and percents are decimal text; what never ends is also a fraction (`exact`)."""
    return {
        "campaign": found.campaign.code,
        "project": {"code": found.project.code, "name": found.project.name},
        "agrees": not found.differences,
        "differences": [
            {"what": each.what, "stored": each.stored, "computed": each.computed}
            for each in found.differences
        ],
        "sheets": [sheet_data(step) for step in found.sheets],
        "weights": [weight_data(row) for row in found.weights],
        "composite": composite_data(found),
        "band": band_data(found),
        "amounts": amounts_data(found.amounts),
    }


def plain(value: Decimal | None) -> str | None:
    return None if value is None else exact(value)


def whole(value: Fraction | None) -> dict | None:
    """An exact figure: as a fraction, and in decimals that are cut where they never end."""
    return None if value is None else {"exact": str(value), "decimal": exact(value)}


def sheet_data(step: SheetStep) -> dict:
    sheet, score = step.sheet, step.score
    specialty: Specialty = sheet.specialty
    return {
        "specialty": specialty.code,
        "rubric": {"name": sheet.rubric.name, "version": sheet.rubric.version},
        "submitted_at": sheet.submitted_at.isoformat(),
        "full": plain(step.full),
        "left_out": plain(step.left_out),
        "possible": plain(score.possible),
        "kept": plain(score.kept),
        "formula": step.items_kept,
        "zeroed": score.zeroed,
        "capped": score.capped,
        "percent": whole(step.percent),
        "shown": None if score.shown is None else f"{score.shown:.2f}",
        "sections": [section_data(section) for section in step.sections],
    }


def section_data(section: SectionStep) -> dict:
    return {
        "code": section.section.code,
        "name": section.section.name,
        "possible": plain(section.possible),
        "lost": plain(section.lost),
        "kept": plain(section.kept),
        "items": [item_data(item) for item in section.items],
    }


def item_data(item: ItemStep) -> dict:
    score = item.score
    return {
        "code": item.line.item.code,
        "name": item.line.item.name,
        "points": plain(item.full),
        "not_applicable": item.mark.note if item.not_applicable and item.mark else None,
        "possible": plain(score.possible),
        "lost": plain(score.lost),
        "extra": plain(score.extra),
        "kept": plain(score.kept),
        "formula": item.formula,
        "deductions": [cut_data(cut) for cut in item.cuts],
    }


def cut_data(cut: Cut) -> dict:
    row = cut.first.row
    about = row.requirement or row.rule
    return {
        "requirement": row.requirement.number if row.requirement else None,
        "rule": row.rule.number if row.rule else None,
        "text": about.text if about else "",
        "kind": str(cut.first.sight.seen.kind),
        "points": plain(cut.points),
        "formula": cut.formula,
        "observation": str(cut.line.observation) if cut.line else None,
        "observations": [sight_data(judged) for judged in cut.sights],
        "appeal": appeal_data(row.appeal) if row.appeal else None,
    }


def appeal_data(appeal: Appeal) -> dict:
    return {
        "state": appeal.state().code,
        "stood": plain(appeal.stood),
        "points": None if appeal.costs is None else exact(appeal.costs),
        "reason": appeal.reason,
        "decision": appeal.decision,
    }


def sight_data(judged: Judged) -> dict:
    row = judged.row
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "verdict": str(judged.verdict),
        "points": plain(judged.points),
        "count": row.count,
        "method": row.method,
        "note": row.note,
        "by": row.by.username if row.by else None,
        "observed_at": row.observed_at.isoformat(),
        "photos": [str(file.pk) for file in row.pictures],
    }


def weight_data(row: WeightRow) -> dict:
    step = row.step
    return {
        "specialty": step.part.code,
        "place": str(step.place),
        "weight": plain(step.part.weight),
        "scaled": whole(step.scaled),
        "kept": plain(step.part.kept) if step.part.finished else None,
        "possible": plain(step.part.possible) if step.part.finished else None,
        "percent": whole(step.percent),
        "brings": whole(step.brings),
        "formula": step.formula,
    }


def composite_data(found: Explanation) -> dict:
    step, standing = found.composite, found.result.standing
    value = standing.composite
    return {
        "formula": step.formula,
        "sum": whole(step.sum) if value is not None else None,
        "value": None if value is None else f"{value:.2f}",
        "provisional": standing.provisional,
    }


def band_data(found: Explanation) -> dict | None:
    """None for a provisional project: it has no band (ruling 8)."""
    result = found.result
    if result.band is None:
        return None
    return {
        "rounding": found.campaign.rounding,
        "whole": result.whole,
        "code": result.band.code,
        "name": result.band.name,
        "from": result.band.lowest,
        "to": result.band.highest,
        "capped": result.capped,
    }


def amounts_data(amounts: Amounts | None) -> dict | None:
    if amounts is None:
        return None
    settlement = amounts.settlement
    return {
        "settlement": settlement.number if settlement else None,
        "state": settlement.state().code if settlement else "not_drawn_up",
        "outdated": amounts.outdated,
        "net": plain(amounts.net),
        "awards": [
            paid_data(one, each=None if line.is_team else line.each)
            for line in amounts.lines
            for one in line.paid
        ],
        "adjustments": [
            {
                "username": each.person.username if each.person else None,
                "amount": plain(each.amount),
                "reason": each.reason,
            }
            for each in amounts.adjustments
        ],
    }


def paid_data(one: Paid, *, each: Decimal | None) -> dict:
    return {
        "username": one.person.username if one.person else None,
        "role": one.role,
        "band": one.band,
        "composite": f"{one.composite:.2f}",
        "rule": plain(each),
        "amount": plain(one.amount),
        "other_roles": list(one.others),
    }
