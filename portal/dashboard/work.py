"""Rectification by specialty and filing by milestone: how much is done, how soon, how late."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from campaign.models import Campaign, Milestone, Obligation
from campaign.words import Scope
from inspections.models import Finding
from organization.clock import local_day
from organization.models import Specialty
from portal.dashboard.days import DaysBetween, LocalDay


@dataclass(slots=True)
class Rectified:
    """Findings in force: how many are rectified, in time, verified, overdue; and days taken.

    `days` counts rectified ones by the days from opening to rectification.
    """

    specialty: Specialty | None = None
    total: int = 0
    done: int = 0
    in_time: int = 0
    verified: int = 0
    overdue: int = 0
    days: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def done_percent(self) -> int:
        return percent(self.done, self.total)

    @property
    def in_time_percent(self) -> int:
        """Of what is rectified."""
        return percent(self.in_time, self.done)

    @property
    def median_days(self) -> float | int | None:
        if not self.days:
            return None
        ordered, total = sorted(self.days.items()), sum(self.days.values())
        pair = at_place(ordered, (total - 1) // 2) + at_place(ordered, total // 2)
        return pair / 2 if pair % 2 else pair // 2

    def add(self, days, total, done, in_time, verified, overdue) -> None:
        self.total += total
        self.done += done
        self.in_time += in_time
        self.verified += verified
        self.overdue += overdue
        if days is not None:
            self.days[max(days, 0)] += done


def percent(part: int, whole: int) -> int:
    """Whole percent, cut off, so that 100 means all."""
    return 100 * part // whole if whole else 0


def at_place(ordered: list[tuple[int, int]], place: int) -> int:
    for days, many in ordered:
        place -= many
        if place < 0:
            return days
    raise IndexError(place)


def rectified(campaign: Campaign, region: str, at: datetime) -> tuple[Rectified, list[Rectified]]:
    """All together, and by specialty (findings of none last); two queries."""
    found = Finding.objects.opened().filter(campaign=campaign)
    if region:
        found = found.filter(project__region=region)
    return added_up(found_rows(found, at, "specialty"))


def found_rows(found, at: datetime, *by: str):
    """Rows of findings in force: `by`, days taken, how many, done, in time, verified, overdue."""
    # not asked of the day, which is worked out for each row
    done = Q(rectified_at__isnull=False) | Q(verified_at__isnull=False)
    day = LocalDay(Coalesce("rectified_at", "verified_at"), at=at)
    return (
        found.order_by()
        .annotate(done_on=day)
        .annotate(taken=DaysBetween(LocalDay(F("opened_at"), at=at), day))
        .values_list(*by, "taken")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=done),
            in_time=Count("pk", filter=Q(done_on__lte=F("due"))),
            verified=Count("pk", filter=Q(verified_at__isnull=False)),
            overdue=Count("pk", filter=~done & Q(due__lt=local_day(at))),
        )
    )


def added_up(rows: Iterable[Iterable]) -> tuple[Rectified, list[Rectified]]:
    by_line: dict[int | None, Rectified] = defaultdict(Rectified)
    every = Rectified()
    for specialty, *figures in rows:
        by_line[specialty].add(*figures)
        every.add(*figures)
    for line in Specialty.objects.filter(pk__in=[pk for pk in by_line if pk]):
        by_line[line.pk].specialty = line
    named = [each for each in by_line.values() if each.specialty]
    named.sort(key=lambda each: (each.specialty.order, each.specialty.pk))
    return every, named + [each for each in by_line.values() if not each.specialty]


@dataclass(frozen=True, slots=True)
class Filed:
    """What projects owe by a milestone: filed in time, filed late, overdue, still to come."""

    milestone: Milestone
    total: int
    in_time: int
    late: int
    overdue: int

    @property
    def to_come(self) -> int:
        return self.total - self.in_time - self.late - self.overdue

    @property
    def parts(self) -> list[tuple[str, int, float, float]]:
        """(kind, projects, x, width) of a bar of 100."""
        found, x = [], 0.0
        for kind in ("in_time", "late", "overdue", "to_come"):
            width = round(100 * getattr(self, kind) / self.total, 2)
            found.append((kind, getattr(self, kind), round(x, 2), width))
            x += width
        return found

    @property
    def in_time_percent(self) -> int | None:
        """Of what is due or filed; None while nothing is."""
        due = self.total - self.to_come
        return percent(self.in_time, due) if due else None


def filed(campaign: Campaign, region: str, at: datetime) -> list[Filed]:
    """By milestone, in the order of their dates; two queries."""
    owed = Obligation.objects.filter(campaign=campaign, project__isnull=False)
    if region:
        owed = owed.filter(project__region=region)
    return by_milestone(campaign, owed_rows(owed, at, "milestone"))


def owed_rows(owed, at: datetime, *by: str):
    """Rows of what projects owe: `by`, how many, filed in time, filed at all, overdue."""
    done = Q(submitted_at__isnull=False) | Q(accepted_at__isnull=False)
    return (
        owed.order_by()
        .annotate(filed_on=LocalDay(Coalesce("submitted_at", "accepted_at"), at=at))
        .values_list(*by)
        .annotate(
            total=Count("pk"),
            in_time=Count("pk", filter=Q(filed_on__lte=F("due"))),
            filed=Count("pk", filter=done),
            overdue=Count("pk", filter=~done & Q(due__lt=local_day(at))),
        )
    )


def by_milestone(campaign: Campaign, rows: Iterable[Iterable]) -> list[Filed]:
    found = {
        milestone: (total, in_time, handed_in - in_time, overdue)
        for milestone, total, in_time, handed_in, overdue in rows
    }
    milestones = campaign.milestones.filter(scope=Scope.PROJECT).order_by("due", "order", "pk")
    return [Filed(each, *found[each.pk]) for each in milestones if each.pk in found]


# --- kept where there are many projects (campaign.kept) ------------------------------------

KEPT = "work"


def count_work(campaign: Campaign, at: datetime) -> dict[str, dict]:
    """The rows of both, of the whole company ("") and of every region; two queries."""
    findings = Finding.objects.opened().filter(campaign=campaign)
    owed = Obligation.objects.filter(campaign=campaign, project__isnull=False)
    found = found_rows(findings, at, "project__region", "specialty")
    filed_ones = owed_rows(owed, at, "project__region", "milestone")
    parts: dict[str, dict] = defaultdict(lambda: {"rectified": [], "filed": []})
    for name, rows, keys in (("rectified", found, 2), ("filed", filed_ones, 1)):
        for region, of_region in by_region(rows, keys).items():
            parts[region][name] = of_region
    return dict(parts)


def by_region(rows: Iterable[Iterable], keys: int) -> dict[str, list[list]]:
    """Rows that begin with a region and so many keys, each region's and ("") all added up."""
    sums: dict[str, dict[tuple, list[int]]] = defaultdict(dict)
    for region, *row in rows:
        for of in {region, ""}:
            key = tuple(row[:keys])
            so_far = sums[of].get(key, [0] * (len(row) - keys))
            sums[of][key] = [a + b for a, b in zip(so_far, row[keys:], strict=True)]
    return {of: [[*key, *figures] for key, figures in found.items()] for of, found in sums.items()}


def kept_work(campaign: Campaign, figures: dict):
    """What `rectified` and `filed` give, of what was kept; two queries."""
    return added_up(figures["rectified"]), by_milestone(campaign, figures["filed"])
