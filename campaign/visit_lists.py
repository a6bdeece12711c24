"""Lists of visits: what the address asks for, and how many stand where."""

from datetime import datetime
from functools import cached_property

from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign, SupportVisit
from campaign.visit_counts import VisitCounts, count_visits, counts_of_all
from organization.models import User
from organization.narrow_pages import NarrowPaginator
from organization.prepared import prepared
from organization.specialties import every_specialty

# What the chips show, in their order: the word in the address, on the page, and the queryset.
SHOWN = {
    "to_confirm": (gettext_lazy("待确认"), "send"),
    "disputed": (gettext_lazy("有异议"), "arrow-back-up"),
    "confirmed": (gettext_lazy("已确认"), "circle-check"),
}


PAGE_SIZE = 20


def of_row(found: QuerySet[SupportVisit]) -> QuerySet[SupportVisit]:
    """With what a row shows; the campaign is at hand."""
    return found.select_related("project", "obligation__specialty", "obligation__project")


def with_keys(*, keys):
    return of_row(SupportVisit.objects.filter(pk__in=keys))


def on_first_page(*, campaign):
    standing = SupportVisit.objects.standing().filter(obligation__campaign=campaign)
    return with_keys(keys=standing.values("pk")[:PAGE_SIZE])


by_keys = prepared(with_keys, {"keys": SupportVisit._meta.pk})
first_page = prepared(on_first_page, {"campaign": Campaign._meta.pk})


class VisitList:
    """The campaign's visits that somebody may see, narrowed by the address."""

    def __init__(self, campaign: Campaign, user: User, asked, at: datetime):
        self.campaign, self.user, self.at = campaign, user, at
        self.shown = asked.get("state", "") if asked.get("state") in SHOWN else ""
        self.q = asked.get("q", "").strip()[:100]
        self.specialties = every_specialty()
        codes = {each.code: each for each in self.specialties}
        self.specialty = codes.get(asked.get("specialty"))
        visible = SupportVisit.objects.visible_to(user).filter(obligation__campaign=campaign)
        self.visits = self.narrowed(visible.standing())

    def narrowed(self, visits):
        if self.specialty:
            visits = visits.filter(obligation__specialty=self.specialty)
        if self.q:
            visits = visits.filter(
                Q(project__name__icontains=self.q)
                | Q(project__code__icontains=self.q)
                | Q(went__icontains=self.q)
            )
        return visits

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.specialty)

    @cached_property
    def counts(self) -> VisitCounts:
        if self.user.sees_company and not self.is_narrowed:
            return counts_of_all(self.campaign, self.at)
        return count_visits(self.visits)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return getattr(self.counts, self.shown or "total")

    @property
    def chips(self):
        return [
            (code, word, icon, getattr(self.counts, code)) for code, (word, icon) in SHOWN.items()
        ]

    def page(self, number) -> Page:
        rows = getattr(self.visits, self.shown)() if self.shown else self.visits
        is_everything = self.user.sees_company and not self.is_narrowed and not self.shown
        pages = NarrowPaginator(
            rows,
            PAGE_SIZE,
            count=self.count,
            read=self.read,
            opening=self.read_first if is_everything else None,
        )
        return pages.get_page(number)

    def read(self, keys: list[int]) -> list[SupportVisit]:
        return self.here(by_keys(keys=keys))

    def read_first(self) -> list[SupportVisit]:
        return self.here(first_page(campaign=self.campaign.pk))

    def here(self, visits: list[SupportVisit]) -> list[SupportVisit]:
        for visit in visits:
            visit.obligation.campaign = self.campaign
        return visits

    @property
    def answer(self) -> str:
        """What the reader has to do first, else how it stands."""
        counts = self.counts
        mine = self.visits.confirmable_by(self.user).count()
        if mine:
            words = ngettext("%(n)d 次督导等您确认", "%(n)d 次督导等您确认", mine)
            return words % {"n": mine}
        if not counts.total:
            return _("没有符合筛选的督导") if self.is_narrowed else _("还没有现场督导")
        if counts.confirmed == counts.total:
            every = counts.total
            words = ngettext("%(n)d 次督导，项目都已确认", "%(n)d 次督导，项目都已确认", every)
            return words % {"n": every}
        return _("%(total)d 次督导，项目已确认 %(confirmed)d 次") % {
            "total": counts.total,
            "confirmed": counts.confirmed,
        }
