"""The list of findings as a workbook: exactly what is seen, dates as dates, text never run."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from inspections.finding.finding_list import with_marks
from inspections.models import Finding, FindingPhoto
from inspections.words import Moment, RootCause, Source
from organization.clock import local_day
from organization.list_book import ListBook, Look
from organization.models import Specialty
from scoring.models import Requirement

NOBODYS = UUID(int=0)
NAMES = ("campaign__code", "project__code", "project__name", "project__region")
PEOPLE = ("responsible", "rectified_by", "verified_by")
HEAD, WRAPPED = Look(bold=True), Look(wrapped=True)


def columns() -> list[tuple[str, int]]:
    """The heads and how wide they are."""
    return [
        (_("项目编码"), 10), (_("项目"), 16), (_("区域"), 10), (_("专业"), 12), (_("问题"), 40),
        (_("来源"), 16), (_("检查项"), 30), (_("第几次"), 8), (_("整改措施"), 36),
        (_("责任人"), 10), (_("原定期限"), 12), (_("期限"), 12), (_("状态"), 14), (_("迟几天"), 8),
        (_("根本原因"), 18), (_("具体原因"), 24), (_("整改情况"), 36), (_("整改日期"), 12),
        (_("整改人"), 10), (_("验证日期"), 12), (_("验证人"), 10), (_("验证说明"), 24),
        (_("整改前照片"), 10), (_("整改后照片"), 10), (_("网址"), 40),
    ]  # fmt: skip


def findings_workbook(found: QuerySet[Finding], *, at: datetime, site: str) -> bytes:
    """`site` is the beginning of the addresses that lead back to each finding."""
    heads, widths = zip(*columns(), strict=True)
    book = ListBook(_("问题"), widths, freeze="F2")
    book.append(heads, HEAD)
    book.sheet.autofilter(0, 0, 0, len(heads) - 1)
    writer = Writer(found, at, site)
    for finding in counted(found).iterator(chunk_size=500):
        book.append(writer.values(finding), WRAPPED)
    return book.data()


def counted(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """With all that a row needs: names as columns, since objects of thousands take their time."""
    pictures = {f"{moment}_count": number_of(moment) for moment in Moment.values}
    names = {name.replace("__", "_"): F(name) for name in NAMES}
    names |= {f"{name}_name": name_of(name) for name in PEOPLE}
    shown = with_marks(found).annotate(**pictures, **names)
    return shown.select_related(None)


def name_of(person: str) -> Case:
    """As people are called: by their user name where they have no other."""
    return Case(
        When(**{f"{person}__name": ""}, then=F(f"{person}__username")), default=F(f"{person}__name")
    )


def number_of(moment: str) -> Coalesce:
    """How many pictures of a moment a finding has; no join, which would multiply the rows."""
    taken = FindingPhoto.objects.filter(finding=OuterRef("pk"), moment=moment).order_by()
    counted = taken.values("finding").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


class Writer:
    """What a row says; what many rows have in common is put into words once."""

    def __init__(self, found: QuerySet[Finding], at: datetime, site: str):
        self.at, self.site = at, site
        self.words = {value: str(label) for value, label in Source.choices + RootCause.choices}
        self.specialties = {each.pk: str(each) for each in Specialty.objects.all()}
        named = Requirement.objects.filter(pk__in=found.order_by().values("requirement"))
        self.items = {
            each.pk: f"{each.item.name} · {each.text}" for each in named.select_related("item")
        }
        self.campaigns: dict[str, str] = {}

    def values(self, finding: Finding) -> Iterator[Any]:
        yield from (finding.project_code, finding.project_name, finding.project_region)
        yield self.specialties.get(finding.specialty_id)
        yield from (finding.problem, self.words.get(finding.source))
        yield self.items.get(finding.requirement_id)
        yield finding.earlier_count + 1
        yield from (finding.measure, finding.responsible_name)
        yield from (finding.first_due or finding.due, finding.due)
        yield from (finding.state(at=self.at).word, finding.days_late(at=self.at) or "")
        yield from (self.words.get(finding.root_cause), finding.root_cause_text)
        yield from (finding.rectification, day_of(finding.rectified_at), finding.rectified_by_name)
        yield from (day_of(finding.verified_at), finding.verified_by_name, finding.verification)
        yield from (finding.before_count, finding.after_count)
        yield self.address(finding)

    def address(self, finding: Finding) -> str:
        code = finding.campaign_code
        if code not in self.campaigns:
            self.campaigns[code] = self.site + reverse("finding", args=[code, NOBODYS])
        return self.campaigns[code].replace(str(NOBODYS), str(finding.pk))


def day_of(moment: datetime | None) -> date | None:
    return local_day(moment) if moment else None
