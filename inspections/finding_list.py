"""Findings as a list: what is open, overdue, waiting for verification, done; and of whom."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign
from inspections.models import Finding
from organization.clock import local_day
from organization.models import Project, Specialty, User
from organization.states import State

PAGE_SIZE = 50
OPEN = Q(rectified_at__isnull=True, verified_at__isnull=True)
# chip -> (word, condition, order); what is overdue depends on the day
TABS = {
    "open": (gettext_lazy("整改中"), OPEN, ("due", "project__code", "position")),
    "overdue": (gettext_lazy("逾期"), OPEN, ("due", "project__code", "position")),
    "waiting": (
        gettext_lazy("待验证"),
        Q(rectified_at__isnull=False, verified_at__isnull=True),
        ("rectified_at", "pk"),
    ),
    "verified": (gettext_lazy("已验证"), Q(verified_at__isnull=False), ("-verified_at", "pk")),
    "all": (gettext_lazy("全部"), Q(), ("project__code", "position", "opened_at")),
}


@dataclass(frozen=True)
class Tab:
    code: str
    word: object
    count: int
    current: bool


@dataclass(frozen=True)
class FindingRow:
    finding: Finding
    state: State
    url: str


class FindingList:
    """The findings in force that a reader may see, narrowed by what stands in the address."""

    def __init__(self, campaign: Campaign, reader: User, at: datetime, chosen: QueryDict):
        self.campaign, self.reader, self.at = campaign, reader, at
        self.tab = chosen.get("show") if chosen.get("show") in TABS else "open"
        self.visible = Finding.objects.opened().filter(campaign=campaign).visible_to(reader)
        self.project = self.projects.filter(code=chosen.get("project", "")).first()
        self.specialty = Specialty.objects.filter(code=chosen.get("specialty", "")).first()
        self.person = find_person(chosen.get("person", ""))
        self.counts = self.narrowed().aggregate(
            **{code: Count("pk", filter=self.condition(code)) for code in TABS}
        )

    def condition(self, code: str) -> Q:
        condition = TABS[code][1]
        return condition & Q(due__lt=local_day(self.at)) if code == "overdue" else condition

    def narrowed(self) -> QuerySet[Finding]:
        found = self.visible
        for name in ("project", "specialty"):
            if getattr(self, name):
                found = found.filter(**{name: getattr(self, name)})
        return found.filter(responsible=self.person) if self.person else found

    @property
    def tabs(self) -> list[Tab]:
        return [
            Tab(code, word, self.counts[code], code == self.tab)
            for code, (word, _condition, _order) in TABS.items()
        ]

    def page(self, number) -> Page:
        found = self.narrowed().filter(self.condition(self.tab)).order_by(*TABS[self.tab][2])
        found = found.select_related("project", "specialty", "responsible")
        page = Paginator(found, PAGE_SIZE).get_page(number)
        page.object_list = [
            FindingRow(
                finding=each,
                state=each.state(at=self.at),
                url=reverse("finding", args=[self.campaign.code, each.pk]),
            )
            for each in page
        ]
        return page

    @property
    def projects(self) -> QuerySet[Project]:
        entered = Project.objects.filter(participations__campaign=self.campaign)
        if self.reader.sees_company:
            return entered
        return entered.filter(pk__in=self.reader.project_ids)

    @property
    def people(self) -> QuerySet[User]:
        """Who is responsible for something here; within one project, so that it stays short."""
        if self.project is None and self.reader.sees_company:
            return User.objects.filter(pk=self.person.pk) if self.person else User.objects.none()
        found = self.visible.filter(project=self.project) if self.project else self.visible
        return User.objects.filter(findings__in=found).distinct().order_by("name")

    @property
    def answer(self) -> str:
        """The page's first line: what is late, else what waits, else what is open."""
        late, waiting, opened = (self.counts[code] for code in ("overdue", "waiting", "open"))
        if late:
            return _("%(late)d 条已逾期，%(waiting)d 条待验证") % {"late": late, "waiting": waiting}
        if waiting:
            return _("%(waiting)d 条待验证，%(opened)d 条整改中") % {
                "waiting": waiting,
                "opened": opened,
            }
        if opened:
            return ngettext("%(count)d 条问题整改中", "%(count)d 条问题整改中", opened) % {
                "count": opened
            }
        return _("问题都已整改") if self.counts["all"] else _("还没有要整改的问题")


def find_person(text: str) -> User | None:
    return User.objects.filter(pk=text).first() if text.isdecimal() else None
