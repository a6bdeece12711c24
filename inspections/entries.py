"""What somebody wants to put on a sheet's record, and whether it may stand there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from inspections.models import Observation
from inspections.outline import Line
from inspections.words import Method, ObservationKind
from organization.errors import Refused
from organization.templatetags.ui import points as shown
from scoring import engine
from scoring.models import Item, Requirement

NOTE_LIMIT = 1000  # characters of a note or a reason
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Entry:
    """One observation that is to be put on record; `photos` are uploads or stored files."""

    kind: str
    item: Item
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    requirement: Requirement | None = None
    points: Decimal | None = None
    method: str = ""
    note: str = ""
    photos: Sequence = ()
    withdraws: Observation | None = None

    def is_same_as(self, row: Observation) -> bool:
        """Whether a row says what this entry says; pictures may have been added to it."""
        return (
            (row.kind, row.item_id, row.requirement_id)
            == (self.kind, self.item.pk, self.requirement and self.requirement.pk)
            and (row.points, row.method, row.note) == (self.points, self.method, self.note)
            and row.withdraws_id == (self.withdraws and self.withdraws.pk)
        )


def row_of(entry: Entry, sheet, *, by, at) -> Observation:
    return Observation(
        id=entry.id,
        sheet=sheet,
        kind=entry.kind,
        item=entry.item,
        requirement=entry.requirement,
        points=entry.points,
        method=entry.method,
        note=entry.note,
        withdraws=entry.withdraws,
        by=by,
        observed_at=at,
        recorded_at=at,
    )


def check(ledger, entry: Entry, by) -> None:
    """Raises Refused with a sentence for whoever entered it, and the field that it is about."""
    line = ledger.outline.lines.get(entry.item.pk)
    if line is None:
        raise Refused(_("这一项不在这张评分表上。"), "not_on_sheet", "item")
    if entry.requirement and entry.requirement not in line.requirements:
        raise Refused(_("这条检查内容不属于这一项。"), "not_on_sheet", "requirement")
    if len(entry.note) > NOTE_LIMIT:
        sentence = _("说明最多 %(limit)d 个字，请写短一些。") % {"limit": NOTE_LIMIT}
        raise Refused(sentence, "note", "note")
    CHECKS[entry.kind](ledger, line, entry, by)


def check_missing(ledger, line: Line, entry: Entry, by) -> None:
    if line.item.code in ledger.folded.not_applicable:
        raise Refused(_("本项已标为不适用。请先撤销不适用，再记扣分。"), "not_applicable")
    if entry.method not in Method.values:
        raise Refused(_("请选择检查方式。"), "method", "method")
    check_amount(line, entry)


def check_amount(line: Line, entry: Entry) -> None:
    """A requirement costs what the item's rule allows; the item as a whole up to its points."""
    if entry.points is None or not entry.points.is_finite():
        raise Refused(_("请填写扣多少分。"), "amount", "points")
    rule = line.rule if entry.requirement else whole(line)
    problem = engine.amount_problem(rule, entry.points)
    if problem == "step" and not entry.requirement and not entry.points % HUNDREDTH:
        problem = None  # a filled form gives points kept in hundredths, nobody chose the amount
    if problem:
        raise Refused(amount_sentence(problem, rule, entry.points), "amount", "points")


def whole(line: Line) -> engine.Rule:
    return engine.Rule(engine.Kind.RANGE, maximum=line.item.points)


def amount_sentence(problem: str, rule: engine.Rule, points: Decimal) -> str:
    figures = {"low": shown(rule.minimum), "high": shown(rule.maximum), "given": points}
    if problem == "step":
        return _("扣分以 0.1 分为一档，范围 %(low)s–%(high)s 分；填的是 %(given)s 分。") % figures
    return _("扣分应在 %(low)s–%(high)s 分之间；填的是 %(given)s 分。") % figures


def check_not_applicable(ledger, line: Line, entry: Entry, by) -> None:
    if not entry.note:
        raise Refused(_("请写明本项为什么不适用。"), "reason", "note")
    if any(seen.kind == ObservationKind.MISSING for seen in ledger.standing(line.item)):
        raise Refused(_("本项已有扣分记录。请先撤回扣分，再标为不适用。"), "has_deductions")


CHECKS = {
    ObservationKind.MISSING: check_missing,
    ObservationKind.CONFORMS: lambda ledger, line, entry, by: None,
    ObservationKind.NOT_APPLICABLE: check_not_applicable,
    ObservationKind.WITHDRAWAL: lambda ledger, line, entry, by: ledger.require_own(
        entry.withdraws, by
    ),
}
