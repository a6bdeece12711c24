"""Findings as a list: what is open, due, overdue, waiting for verification, done; and of whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign
from inspections.finding.finding_counts import counts_of_all
from inspections.finding.finding_filters import (
    BY_DUE,
    SIZES,
    SOON,
    SORTS,
    TABS,
    Asked,
    Narrowing,
    conditions,
)
from inspections.models import Extension, Finding
from inspections.moves import stage_of
from inspections.permissions import writes_line
from inspections.words import RootCause, Source
from organization.clock import local_day
from organization.models import Specialty, User
from organization.permissions import leads_specialty
from organization.prepared import prepared
from organization.roles import PROJECT_LEADERS, Role
from organization.specialties import every_specialty
from organization.states import State

COLUMNS = {
    "problem": gettext_lazy("问题"),
    "project": gettext_lazy("项目"),
    "specialty": gettext_lazy("专业"),
    "person": gettext_lazy("责任人"),
    "due": gettext_lazy("期限"),
}
NO_KEY = UUID(int=0)
NARROWING = ("project", "region", "specialty", "person", "source", "cause", "repeat", "q")


@dataclass(frozen=True)
class Chip:
    code: str
    word: object
    count: int
    current: bool


@dataclass(frozen=True)
class Heading:
    """A column's head: its word, and what a click sorts by."""

    name: str
    word: object
    sort: str
    direction: str = ""

    @property
    def arrow(self) -> str:
        return {"ascending": "↑", "descending": "↓"}.get(self.direction, "")


@dataclass(frozen=True)
class FindingRow:
    finding: Finding
    state: State
    url: str
    may_reassign: bool
    action: str = ""

    @property
    def times(self) -> int:
        return self.finding.earlier_count + 1


class Rows:
    """Findings as one reader sees them in a list or on the board; asks nothing per row."""

    def __init__(self, campaign: Campaign, reader: User, at: datetime):
        self.campaign, self.reader, self.at = campaign, reader, at
        self.is_center = reader.has_role(Role.MANAGEMENT_CENTER)

    def of(self, found: QuerySet[Finding]) -> list[FindingRow]:
        return self.made(found.with_department_of(self.reader))

    def made(self, found: Iterable[Finding]) -> list[FindingRow]:
        return [self.row(each) for each in found]

    @property
    def heads_department(self) -> bool:
        return self.reader.has_role(Role.DEPARTMENT_HEAD)

    @cached_property
    def specialties(self) -> dict[int, Specialty]:
        return {each.pk: each for each in every_specialty()}

    @cached_property
    def place(self) -> str:
        """Where findings have their pages; looked up once."""
        return reverse("finding", args=[self.campaign.code, NO_KEY]).removesuffix(f"{NO_KEY}/")

    def row(self, finding: Finding) -> FindingRow:
        if known := self.specialties.get(finding.specialty_id):
            finding.specialty = known
        writes = self.is_center or writes_line(self.reader, finding)
        return FindingRow(
            finding=finding,
            state=finding.state(at=self.at),
            url=f"{self.place}{finding.pk}/",
            may_reassign=bool(writes) and stage_of(finding) == "open",
            action=self.next_action(finding),
        )

    def next_action(self, finding: Finding) -> str:
        """What this reader does next with it, in one word."""
        stage = stage_of(finding)
        if stage == "open" and finding.asks_extension and self.is_center:
            return _("答复延期")
        if stage == "open" and self.rectifies(finding):
            return _("去整改")
        if stage == "waiting" and self.verifies(finding):
            return _("去验证")
        return _("打开")

    def rectifies(self, finding: Finding) -> bool:
        mine = finding.responsible_id == self.reader.pk or finding.is_departments
        return mine or bool(writes_line(self.reader, finding))

    def verifies(self, finding: Finding) -> bool:
        leads = finding.specialty is not None and leads_specialty(self.reader, finding.specialty)
        return (self.is_center or leads) and finding.rectified_by_id != self.reader.pk


def with_marks(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """What a row shows besides its own fields, in the same query."""
    waiting = Extension.objects.undecided().filter(finding=OuterRef("pk"))
    found = found.with_repeats().annotate(asks_extension=Exists(waiting))
    return found.select_related("project", "responsible")


def in_order(found: QuerySet[Finding], tab: str, sort: str) -> QuerySet[Finding]:
    """In the order that was asked for; what has no day comes last."""
    if not sort:
        return found.order_by(*TABS[tab].order)
    first, *rest = SORTS[sort.removeprefix("-")]
    key = F(first).desc(nulls_last=True) if sort[0] == "-" else F(first).asc(nulls_last=True)
    return found.order_by(key, *rest, "pk")


def rows_of(first: QuerySet[Finding], tab: str, sort: str) -> QuerySet[Finding]:
    """Which first: sorting would count the repeats of all that fall due on the same days."""
    shown = Finding.objects.filter(pk__in=first.values("pk"))
    return with_marks(in_order(shown, tab, sort))


def shown_in(campaign, today, soon, tab: str) -> QuerySet[Finding]:
    found = Finding.objects.opened().filter(campaign=campaign)
    return found.filter(conditions(today, soon)[tab])


def first_page(*, campaign, today, soon, tab: str, sort: str, size: int) -> QuerySet[Finding]:
    found = shown_in(campaign, today, soon, tab)
    return rows_of(in_order(found, tab, sort)[:size], tab, sort)


def first_of_day(*, campaign, today, soon, day, tab: str, size: int) -> QuerySet[Finding]:
    """Of a day with a crowd, found along the projects: else all of them are put in order."""
    found = shown_in(campaign, today, soon, tab).filter(due=day)
    return rows_of(found.order_by(*BY_DUE[1:])[:size], tab, "")


CROWD = 1000  # findings; of fewer that are due on a day the first ones are found faster by sorting
DAY = Finding._meta.get_field("due")
DAYS = {"campaign": Campaign._meta.pk, "today": DAY, "soon": DAY}
first_shown = prepared(first_page, DAYS)
first_due = prepared(first_of_day, DAYS | {"day": DAY})


class FindingList(Narrowing):
    """The list as it was asked for."""

    def __init__(self, campaign: Campaign, reader: User, at: datetime, chosen: QueryDict):
        super().__init__(campaign, reader, Asked.of(chosen), at)
        self.at, self.tab = at, self.asked.show
        self.is_narrowed = any(chosen.get(name) for name in NARROWING)
        self.rows = Rows(campaign, reader, at)
        self.rows.specialties = {each.pk: each for each in self.specialties}

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many each tab has; one query."""
        if self.is_everything:
            crowd = (self.tab, self.crowd) if self.goes_by_day else None
            counts, self.days = counts_of_all(self.campaign, self.at, crowd)
            return counts
        # not of the key, which is no part of the index that has the rest
        counted = {code: Count("campaign", filter=when) for code, when in self.conditions.items()}
        return self.narrowed.order_by().aggregate(**counted)

    @property
    def tabs(self) -> list[Chip]:
        """Those that are always there, or have something in them, or are looked at."""
        chips = [
            Chip(code, tab.word, self.counts[code], code == self.tab) for code, tab in TABS.items()
        ]
        return [
            chip
            for chip in chips
            if chip.current or TABS[chip.code].always or (chip.count and chip.code != "later")
        ]

    @property
    def ordered(self) -> QuerySet[Finding]:
        return in_order(self.of(self.tab), self.tab, self.asked.sort)

    def page(self, number) -> Page:
        # how many there are is known already: counting repeats takes its time
        page = Paginator(range(self.counts[self.tab]), self.asked.size).get_page(number)
        if page.number == 1 and self.is_everything and not self.rows.heads_department:
            page.object_list = self.rows.made(self.first)
        else:
            first = self.ordered[self.asked.size * (page.number - 1) : page.end_index()]
            page.object_list = self.rows.of(rows_of(first, self.tab, self.asked.sort))
        return page

    @property
    def is_everything(self) -> bool:
        """All of the campaign that is in this state, which is what most look at."""
        return self.narrowed is self.visible and self.reader.sees_company

    @property
    def first(self) -> list[Finding]:
        today, asked = local_day(self.at), self.asked
        about = {"campaign": self.campaign.pk, "today": today, "soon": today + SOON}
        about["tab"] = self.tab
        if day := self.crowded_day:
            found = first_due(**about, day=day, size=asked.size)
        else:
            found = first_shown(**about, sort=asked.sort, size=asked.size)
        for each in found:
            each.is_departments = False
        return found

    @property
    def crowd(self) -> int:
        return max(CROWD, self.asked.size)

    @property
    def goes_by_day(self) -> bool:
        """Not on SQLite, which takes an index for a day that has not all that is asked."""
        by_day = not self.asked.sort and TABS[self.tab].order == BY_DUE
        return by_day and connection.vendor == "postgresql"

    @property
    def crowded_day(self) -> date | None:
        """The day on which all of the first page is due and more, where the page goes by that."""
        if not self.goes_by_day or self.counts[self.tab] <= self.crowd:
            return None
        first, later = self.days
        return first if first == later else None

    @property
    def may_tick(self) -> bool:
        """Whether this reader may hand on findings at all, so that rows keep a place for it."""
        leads = any(post.role in PROJECT_LEADERS for post in self.reader.current_posts)
        return self.rows.is_center or leads

    @property
    def headings(self) -> list[Heading]:
        """A click sorts by a column, a second one the other way round."""
        shown = [name for name in COLUMNS if name != "project" or not self.project]
        return [self.heading(name) for name in shown]

    def heading(self, name: str) -> Heading:
        if self.asked.sort == name:
            return Heading(name, COLUMNS[name], f"-{name}", "ascending")
        falling = self.asked.sort == f"-{name}"
        return Heading(name, COLUMNS[name], name, "descending" if falling else "")

    # --- what can be chosen -----------------------------------------------------------------

    sources, causes, sizes = Source.choices, RootCause.choices, SIZES

    @cached_property
    def people(self) -> list[User]:
        """Who is responsible for something here; within one project, so that it stays short."""
        if self.project is None and self.reader.sees_company:
            return [self.person] if self.person else []
        found = self.visible.filter(project=self.project) if self.project else self.visible
        return list(User.objects.filter(findings__in=found).distinct().order_by("name"))

    @property
    def more_chosen(self) -> bool:
        asked = self.asked
        return bool(asked.source or asked.cause or asked.repeat or asked.region)

    @property
    def about(self) -> str:
        """Whose findings these are, for the line above the answer."""
        named = [each for each in (self.project, self.specialty, self.person) if each]
        return " · ".join(map(str, named or [self.campaign.title]))

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
        if self.is_narrowed and not self.counts["all"]:
            return _("没有符合筛选的问题")
        return _("问题都已整改") if self.counts["all"] else _("还没有要整改的问题")
