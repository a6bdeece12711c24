"""The settlement as people read it: totals, by band and role, filtered lists."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from organization.prepared import prepared
from organization.roles import Role
from rewards.cases import decision_note
from rewards.models import TEAM, Adjustment, Award, Settlement

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


GROUP = "role", "band", "amount", "heads", "yuan"


def grouped(settlement: Settlement) -> list[dict]:
    """The list by role, band and amount, with heads and yuan: all its sums, in one query."""
    return [dict(zip(GROUP, row, strict=True)) for row in summed(settlement=settlement.pk)]


def by_group(*, settlement) -> QuerySet[Award]:
    groups = Award.objects.filter(settlement__pk=settlement).order_by()
    groups = groups.values("role", "band", "amount")
    return groups.annotate(heads=Count("pk"), yuan=Sum("amount")).values_list(*GROUP)


summed = prepared(by_group, {"settlement": Settlement._meta.pk})


def totals(settlement: Settlement) -> Totals:
    added = settlement.adjustments.standing().values_list("amount", flat=True)
    return totals_of(grouped(settlement), list(added))


def totals_of(groups: list[dict], added: list[Decimal]) -> Totals:
    """From the list as it is `grouped`, and the amounts that people added."""
    found = Totals(adjusted=sum(added, Decimal(0)), adjustments=len(added))
    for group in groups:
        heads, yuan = group["heads"], group["yuan"]
        if group["role"] == TEAM:
            found.team, found.teams = found.team + yuan, found.teams + heads
        elif yuan > 0:
            found.rewards, found.rewarded = found.rewards + yuan, found.rewarded + heads
        elif yuan < 0:
            found.penalties, found.penalised = found.penalties + yuan, found.penalised + heads
    return found


@dataclass
class RoleRow:
    """One role's line: band code -> (heads, yuan each, yuan), and the sum."""

    role: str
    word: str
    cells: dict[str, tuple[int, Decimal, Decimal]] = field(default_factory=dict)
    total: Decimal = Decimal(0)


def by_role(settlement: Settlement, groups: list[dict] | None = None) -> list[RoleRow]:
    """Heads and yuan for each role and band, in order of rank, the team last."""
    rows: defaultdict[str, list] = defaultdict(list)
    for group in grouped(settlement) if groups is None else groups:
        rows[group["role"]].append(group)
    order = sorted(rows, key=lambda role: 99 if role == TEAM else Role(role).rank)
    words = dict(Award._meta.get_field("role").flatchoices)
    return [role_row(role, words[role], rows[role]) for role in order]


def role_row(role: str, word: str, groups: list[dict]) -> RoleRow:
    row = RoleRow(role, word)
    for group in groups:
        row.cells[group["band"]] = (group["heads"], group["amount"], group["yuan"])
        row.total += group["yuan"]
    return row


def awards_page(settlement: Settlement, chosen: str):
    """The list's rows for one filter chip (of FILTERS), with everything that a row shows."""
    rows = settlement.awards.filter(FILTERS[chosen]).select_related("project", "person", "case")
    return rows.order_by("project__code", "pk")


class AwardPages(Paginator):
    """The same by the page, each put into SQL once; `count` as `chip_counts` has it."""

    def __init__(self, settlement: Settlement, chosen: str, per_page: int, *, count: int):
        super().__init__(awards_page(settlement, chosen), per_page)
        self.settlement, self.chosen, self.count = settlement, chosen, count

    def page(self, number):
        page = super().page(number)
        first = (page.number - 1) * self.per_page
        about = {"chosen": self.chosen, "first": first, "last": first + self.per_page}
        page.object_list = award_rows(settlement=self.settlement.pk, **about)
        return page


def awards_between(*, settlement, chosen: str, first: int, last: int) -> QuerySet[Award]:
    rows = Award.objects.filter(FILTERS[chosen], settlement__pk=settlement)
    rows = rows.select_related("project", "person", "case")
    return rows.order_by("project__code", "pk")[first:last]


award_rows = prepared(awards_between, {"settlement": Settlement._meta.pk})


def added(*, settlement) -> QuerySet[Adjustment]:
    found = Adjustment.objects.filter(settlement__pk=settlement)
    return found.select_related("project", "person", "made_by", "withdrawn_by")


added_to = prepared(added, {"settlement": Settlement._meta.pk})


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


def chip_counts(totals: Totals, groups: list[dict]) -> dict[str, int]:
    """How many lines each filter chip (of FILTERS) leaves."""
    every = sum(group["heads"] for group in groups)
    found = {"reward": totals.rewarded, "penalty": totals.penalised, "team": totals.teams}
    return {"all": every} | found
