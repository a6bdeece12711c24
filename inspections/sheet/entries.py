"""What somebody wants to put on a sheet's record, and whether it may stand there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from inspections.models import Observation
from inspections.sheet.outline import Line
from inspections.words import Method, ObservationKind
from organization.bulk import instance
from organization.errors import Refused
from organization.templatetags.ui import points as shown
from scoring import engine
from scoring.models import DeductionRule, Item, Requirement

NOTE_LIMIT = 1000  # characters of a note or a reason
COUNT_LIMIT = 99  # occurrences in one entry
DEAREST = Decimal("9999.99")  # points that a record can hold
HUNDREDTH = Decimal("0.01")
METHODS = frozenset(Method.values)  # an enumeration makes them anew each time it is asked


@dataclass(frozen=True)
class Entry:
    """One observation that is to be put on record; `photos` are stored files, or
    pictures of the observation that it stands for.

    `points` are what one occurrence costs, as the person chose them; None where the rule leaves
    no choice. What goes on record is `cost_of` it: that many times `count`.
    """

    kind: str
    item: Item
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    requirement: Requirement | None = None
    rule: DeductionRule | None = None
    points: Decimal | None = None
    count: int = 1
    method: str = ""
    note: str = ""
    photos: Sequence = ()
    withdraws: Observation | None = None

    def is_same_as(self, row: Observation, cost: Decimal | None) -> bool:
        """Whether a row says what this entry says; pictures may have been added to it."""
        about = (self.requirement and self.requirement.pk, self.rule and self.rule.pk)
        return (
            (row.kind, row.item_id) == (self.kind, self.item.pk)
            and (row.requirement_id, row.rule_id) == about
            and (row.points, row.count) == (cost, self.count)
            and (row.method, row.note) == (self.method, self.note)
            and row.withdraws_id == (self.withdraws and self.withdraws.pk)
        )


def row_of(entry: Entry, cost: Decimal | None, sheet, *, by, at) -> Observation:
    return instance(
        Observation,
        id=entry.id,
        sheet=sheet,
        kind=entry.kind,
        item=entry.item,
        requirement=entry.requirement,
        rule=entry.rule,
        count=entry.count,
        points=cost,
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
    if entry.rule and entry.rule not in line.rules:
        raise Refused(_("这条评分细则不属于这一项。"), "not_on_sheet", "rule")
    if len(entry.note) > NOTE_LIMIT:
        sentence = _("说明最多 %(limit)d 个字，请写短一些。") % {"limit": NOTE_LIMIT}
        raise Refused(sentence, "note", "note")
    CHECKS[entry.kind](ledger, line, entry, by)


def check_missing(ledger, line: Line, entry: Entry, by) -> None:
    if ledger.is_not_applicable(line.item):
        raise Refused(_("本项已标为不适用。请先撤销不适用，再记扣分。"), "not_applicable")
    check_method(ledger.sheet, entry)
    if entry.requirement and entry.rule:
        raise Refused(_("检查内容和评分细则请分开记。"), "two_reasons", "rule")
    rule = rule_of(line, entry)
    if rule is None:
        sentence = _("本项没有规定每缺一项扣多少，请按下面的评分细则扣分。")
        raise Refused(sentence, "no_price", "requirement")
    check_amount(rule, entry)
    check_count(rule, entry)


def check_method(sheet, entry: Entry) -> None:
    """An auditor says how something came to light; a project's self-check knows no methods."""
    if sheet.is_self_check and entry.method:
        raise Refused(_("自查不分检查方式。"), "method", "method")
    if not sheet.is_self_check and entry.method not in METHODS:
        raise Refused(_("请选择检查方式。"), "method", "method")


def check_amount(rule: engine.Rule, entry: Entry) -> None:
    """An amount that the rule allows; losing the item takes none."""
    points = amount_of(rule, entry.points)
    if rule.kind == engine.Kind.LOSE_ITEM:
        return
    if points is None or not points.is_finite():
        raise Refused(_("请填写扣多少分。"), "amount", "points")
    problem = engine.amount_problem(rule, points)
    if problem == "step" and is_whole(entry) and not points % HUNDREDTH:
        problem = None  # a filled form gives points kept in hundredths, nobody chose the amount
    if problem:
        raise Refused(amount_sentence(problem, rule, points), "amount", "points")


def check_count(rule: engine.Rule, entry: Entry) -> None:
    """Only what costs per occurrence has a count other than 1."""
    if rule.kind != engine.Kind.PER_OCCURRENCE and entry.count != 1:
        raise Refused(_("这一条不按次数扣分，次数只能是 1。"), "count", "count")
    points = amount_of(rule, entry.points) or 0
    if not 1 <= entry.count <= COUNT_LIMIT or points * entry.count > DEAREST:
        sentence = _("次数应在 1–%(limit)d 之间。") % {"limit": COUNT_LIMIT}
        raise Refused(sentence, "count", "count")


def is_whole(entry: Entry) -> bool:
    """Whether it is about the item as a whole, as an imported form says it."""
    return entry.requirement is None and entry.rule is None


def rule_of(line: Line, entry: Entry) -> engine.Rule | None:
    """What prices an entry: the rule that it names, the price of a requirement (None when the
    item has none), or for the item as a whole any amount up to its points.
    """
    if entry.rule:
        own = entry.rule in line.rules
        return line.scored.rule(entry.rule.code) if own else None
    return whole(line) if is_whole(entry) else line.price


def whole(line: Line) -> engine.Rule:
    return engine.Rule(engine.Kind.RANGE, maximum=line.item.points)


def amount_of(rule: engine.Rule, points: Decimal | None) -> Decimal | None:
    """What one occurrence costs: what was chosen, or the only amount that there is."""
    fixed = rule.minimum == rule.maximum and rule.kind != engine.Kind.LEVELS
    return rule.minimum if points is None and fixed else points


def cost_of(line: Line, entry: Entry) -> Decimal | None:
    """The points that an entry costs, as they go on record: the amount times the count, all of
    the item where it is lost. None for what costs nothing and where an amount is missing.
    """
    rule = rule_of(line, entry)
    if entry.kind != ObservationKind.MISSING or rule is None:
        return None
    if rule.kind == engine.Kind.LOSE_ITEM:
        return line.item.points
    points = amount_of(rule, entry.points)
    return None if points is None else points * entry.count


def amount_sentence(problem: str, rule: engine.Rule, points: Decimal) -> str:
    if problem == "level":
        return _("请选择其中一档：%(levels)s。") % {"levels": _("、").join(map(shown, rule.levels))}
    figures = {"low": shown(rule.minimum), "high": shown(rule.maximum), "given": points}
    if problem == "step":
        return _("扣分以 0.1 分为一档，范围 %(low)s–%(high)s 分；填的是 %(given)s 分。") % figures
    if rule.minimum == rule.maximum:
        return _("这一条固定扣 %(low)s 分；填的是 %(given)s 分。") % figures
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
