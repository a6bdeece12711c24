"""Which findings a policy is to prevent, and how many there were before and after."""

from dataclasses import dataclass
from datetime import datetime, time
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from inspections.models import Finding, PolicyVersion, Prevented
from organization.clock import local_day
from organization.models import Specialty
from organization.prepared import prepared


@dataclass(frozen=True)
class Effect:
    """Findings of the kinds that a version names, opened before and since it is in force."""

    before: int
    since: int


def condition(kind: Prevented) -> Q:
    """Findings of one kind, over all rubrics and campaigns."""
    found = Q(specialty=kind.specialty_id)
    if kind.item:
        found &= Q(requirement__item__code=kind.item)
    if kind.number:
        found &= Q(requirement__number=kind.number)
    if kind.root_cause:
        found &= Q(root_cause=kind.root_cause)
    return found


def findings_of(version: PolicyVersion) -> QuerySet[Finding]:
    kinds = [condition(kind) for kind in version.prevents.all()]
    return Finding.objects.opened().filter(reduce(or_, kinds)) if kinds else Finding.objects.none()


def effect(version: PolicyVersion) -> Effect | None:
    """None for a version that is not in force on any day yet; one query."""
    if version.approved_at is None:
        return None
    day = timezone.make_aware(datetime.combine(version.in_force_from, time()))
    counted = findings_of(version).aggregate(
        # not of the key, which is no part of the index that has the rest
        before=Count("opened_at", filter=Q(opened_at__lt=day)),
        since=Count("opened_at", filter=Q(opened_at__gte=day)),
    )
    return Effect(**counted)


def policies_against(finding: Finding, *, at: datetime) -> list[PolicyVersion]:
    """Versions in force that name this finding's kind, oldest first; at most two queries."""
    if finding.specialty_id is None:
        return []
    required = finding.requirement
    return preventing(
        specialty=finding.specialty_id,
        causes=["", finding.root_cause],
        item=required.item.code if required else "",
        number=required.number if required else 0,
        today=local_day(at),
        has_requirement=required is not None,
    )


def naming(*, specialty, causes, item, number, today, has_requirement) -> QuerySet[PolicyVersion]:
    kinds = Prevented.objects.filter(specialty=specialty, root_cause__in=causes)
    if has_requirement:
        kinds = kinds.filter(Q(item="") | Q(item=item), Q(number=None) | Q(number=number))
    else:
        kinds = kinds.filter(item="")
    holding = PolicyVersion.objects.in_force(today=today).filter(pk__in=kinds.values("version"))
    return holding.select_related("policy", "campaign").order_by("in_force_from", "pk")


preventing = prepared(
    naming,
    {
        "specialty": Specialty._meta.pk,
        "causes": Prevented._meta.get_field("root_cause"),
        "item": Prevented._meta.get_field("item"),
        "number": Prevented._meta.get_field("number"),
        "today": PolicyVersion._meta.get_field("in_force_from"),
    },
)
