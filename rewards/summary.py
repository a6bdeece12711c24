"""The settlement as people read it: totals, by band and role, filtered lists."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from organization.roles import Role
from rewards.cases import decision_note
from rewards.models import TEAM, Award, Settlement

FILTERS = {
    "all": Q(),
    "reward": ~Q(role=TEAM) & Q(amount__gt=0),
    "penalty": ~Q(role=TEAM) & Q(amount__lt=0),
    "team": Q(role=TEAM),
}


@dataclass
class Totals:
    """Yuan and heads: rewards to persons and to teams, penalties, lines added by hand, the net."""

    rewards: Decimal = Decimal(0)
    rewarded: int = 0
    team: Decimal = Decimal(0)
    teams: int = 0
    penalties: Decimal = Decimal(0)
    penalised: int = 0
    adjusted: Decimal = Decimal(0)
    adjustments: int = 0

    @property
    def net(self) -> Decimal:
        return self.rewards + self.team + self.penalties + self.adjusted

    @property
    def people(self) -> int:
        return self.rewarded + self.penalised


def totals(settlement: Settlement) -> Totals:
    person = ~Q(role=TEAM)
    found = settlement.awards.aggregate(
        rewards=Sum("amount", filter=person & Q(amount__gt=0)),
        rewarded=Count("pk", filter=person & Q(amount__gt=0)),
        team=Sum("amount", filter=Q(role=TEAM)),
        teams=Count("pk", filter=Q(role=TEAM)),
        penalties=Sum("amount", filter=person & Q(amount__lt=0)),
        penalised=Count("pk", filter=person & Q(amount__lt=0)),
    )
    found |= settlement.adjustments.standing().aggregate(
        adjusted=Sum("amount"), adjustments=Count("pk")
    )
    return Totals(
        **{key: value or Totals.__dataclass_fields__[key].default for key, value in found.items()}
    )


@dataclass
class RoleRow:
    """One role's line: band code -> (heads, yuan each, yuan), and the sum."""

    role: str
    word: str
    cells: dict[str, tuple[int, Decimal, Decimal]] = field(default_factory=dict)
    total: Decimal = Decimal(0)


def by_role(settlement: Settlement) -> list[RoleRow]:
    """Heads and yuan for each role and band, in order of rank, the team last."""
    grouped = settlement.awards.order_by().values("role", "band", "amount")
    grouped = grouped.annotate(heads=Count("pk"), yuan=Sum("amount"))
    rows: defaultdict[str, list] = defaultdict(list)
    for group in grouped:
        rows[group["role"]].append(group)
    order = sorted(rows, key=lambda role: 99 if role == TEAM else Role(role).rank)
    return [role_row(role, rows[role]) for role in order]


def role_row(role: str, groups: list[dict]) -> RoleRow:
    words = dict(Award._meta.get_field("role").flatchoices)
    row = RoleRow(role, words[role])
    for group in groups:
        row.cells[group["band"]] = (group["heads"], group["amount"], group["yuan"])
        row.total += group["yuan"]
    return row


def awards_page(settlement: Settlement, chosen: str):
    """The list's rows for one filter chip (of FILTERS), with everything that a row shows."""
    rows = settlement.awards.filter(FILTERS[chosen]).select_related("project", "person", "case")
    return rows.order_by("project__code", "pk")


def adjustments_of(settlement: Settlement):
    """The lines that people added, with everything that a row shows; those taken back as well.

    `.standing()` are those that count, which is what documents list.
    """
    return settlement.adjustments.select_related("project", "person", "made_by", "withdrawn_by")


def note_of(award: Award) -> str:
    """Why it is this line: what was decided, or the posts beside it that don't count."""
    if award.case:
        return decision_note(award.case)
    if award.other_roles:
        return _("另任%(roles)s，取最高") % {"roles": _("、").join(award.other_role_words)}
    return ""


def chip_counts(settlement: Settlement) -> dict[str, int]:
    return settlement.awards.aggregate(
        **{
            name: Count("pk", filter=condition) if condition else Count("pk")
            for name, condition in FILTERS.items()
        }
    )
