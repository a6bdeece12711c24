"""The audit visits of a campaign as one reader sees them: by week, by auditor, by project."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Campaign
from campaign.reminders.working_days import is_working_day
from inspections.audit_visit.auditors import names_of
from inspections.audit_visit.calendar_queries import (
    MOST_A_DAY,
    first_in,
    first_of,
    in_days,
    named,
    numbers_in,
    numbers_of,
    of_days,
    schedule_of,
)
from inspections.audit_visit.planning import ALONE, NO_COMMON_DAY, NO_TIME, NOBODY
from inspections.models import AuditSchedule, AuditVisit
from organization.clock import local_day
from organization.list_file import workbook_of
from organization.models import Project, User

PER_PAGE, MOST_OF_ONE, MOST_NAMED, LONGEST = 50, 10, 10, 60
VIEWS = {
    "week": gettext_lazy("按日期"),
    "auditor": gettext_lazy("按检查人"),
    "project": gettext_lazy("按项目"),
}
SHORT = {
    NOBODY: gettext_lazy("没有人可以去：检查人都在那里任过职"),
    NO_TIME: gettext_lazy("时间不够：检查人都排满了"),
    ALONE: gettext_lazy("只能一人去：其他人在那里任过职"),
    NO_COMMON_DAY: gettext_lazy("只能一人去：两个人没有都空着的一天"),
}
# What is missing is a second person, not the visit itself.
PAIRS = (ALONE, NO_COMMON_DAY)


@dataclass
class Day:
    date: date
    is_today: bool
    is_free: bool
    visits: list[AuditVisit] = field(default_factory=list)  # those at hand
    count: int = 0  # of all

    @property
    def shown(self) -> list[AuditVisit]:
        return self.visits[:MOST_A_DAY]

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


@dataclass(frozen=True)
class Cell:
    """One auditor's visits on one day: the first ones, and how many there are."""

    date: date
    shown: list[AuditVisit]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


@dataclass(frozen=True)
class Short:
    """One kind of what the planner could not meet, with some of the projects."""

    word: object
    count: int
    projects: list[Project]

    @property
    def more(self) -> int:
        return self.count - len(self.projects)


class VisitCalendar:
    """`params` are the address's; what it does not know is passed over."""

    def __init__(self, campaign: Campaign, reader: User, at: datetime, params: Mapping[str, str]):
        self.campaign, self.reader, self.today = campaign, reader, local_day(at)
        self.view = params.get("show") if params.get("show") in VIEWS else "week"
        self.search = params.get("q", "").strip()[:LONGEST]
        self.day = day_named(params.get("day", ""))
        self.number = params.get("page", "")
        # to whom a visit is shown goes by nothing else than these two
        self.sees_all = reader.sees_company and not reader.project_ids
        visible = AuditVisit.objects.filter(campaign=campaign).visible_to(reader)
        self.visits: QuerySet[AuditVisit] = visible.standing()
        self.monday = monday_of(day_named(params.get("week", "")) or self.nearest)

    @cached_property
    def schedule(self) -> AuditSchedule | None:
        """How far the schedule is: the company's business."""
        if not self.reader.sees_company:
            return None
        held = next(iter(schedule_of(campaign=self.campaign.pk)), None)
        if held:
            held.campaign = self.campaign
        return held

    @cached_property
    def numbers(self) -> dict[date, int]:
        """How many visits each day has, in the order of days."""
        if self.sees_all:
            return dict(numbers_in(campaign=self.campaign.pk))
        return dict(numbers_of(self.visits))

    @property
    def coming(self) -> dict[date, int]:
        return {day: count for day, count in self.numbers.items() if day >= self.today}

    @property
    def nearest(self) -> date:
        """The day that the page opens at: the next with a visit, else the last one."""
        return next(iter(self.coming), None) or max(self.numbers, default=self.today)

    @property
    def tabs(self) -> list[tuple[str, object, bool]]:
        return [(code, word, code == self.view) for code, word in VIEWS.items()]

    @property
    def is_empty(self) -> bool:
        return not self.numbers

    # --- a week -------------------------------------------------------------------------------

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def earlier(self) -> date | None:
        is_there = min(self.numbers, default=self.monday) < self.monday
        return self.monday - timedelta(days=7) if is_there else None

    @property
    def later(self) -> date | None:
        is_there = max(self.numbers, default=self.sunday) > self.sunday
        return self.monday + timedelta(days=7) if is_there else None

    @cached_property
    def of_week(self) -> list[AuditVisit]:
        """The week's visits that have room on the page."""
        if self.view == "auditor":
            room = Q(pk__in=[pk for pks in self.taken.values() for pk in pks[:MOST_OF_ONE]])
            found = self.visits.filter(room, day__range=(self.monday, self.sunday))
            found = found.select_related("project").order_by("day", "project__code", "pk")
            return self.complete(found)
        crowded = [day for day, count in self.counts.items() if count > MOST_A_DAY]
        quiet = [day for day in self.counts if day not in crowded]
        if self.sees_all:
            return self.named_here(quiet, crowded)
        found = list(of_days(self.visits, days=quiet))
        for day in crowded:
            found += first_of(self.visits, day=day)
        return self.complete(found)

    def named_here(self, quiet: list[date], crowded: list[date]) -> list[AuditVisit]:
        """As `complete` gives them, for who sees all of the campaign's visits."""
        here = {"campaign": self.campaign.pk}
        found = in_days(**here, days=quiet) if quiet else []
        for day in crowded:
            found += first_in(**here, day=day)
        who = named(found)
        for visit in found:
            visit.campaign, visit.who = self.campaign, who.get(visit.pk, "")
        return found

    def complete(self, visits: Iterable[AuditVisit]) -> list[AuditVisit]:
        """Who goes on each; read with their projects."""
        rows = list(visits)
        going = Prefetch("auditors", User.objects.only("username", "name"), to_attr="going")
        prefetch_related_objects(rows, going)
        for row in rows:
            row.campaign = self.campaign
            row.who = names_of(row.going)
        return rows

    @cached_property
    def days(self) -> list[Day]:
        """The week's days; those at its end without work or visits are left out."""
        return [day for day in self.week() if day.count or not day.is_free]

    def week(self) -> Iterator[Day]:
        for number in range(7):
            day = self.monday + timedelta(days=number)
            visits = [visit for visit in self.of_week if visit.day == day]
            count = self.counts.get(day, 0)
            yield Day(day, day == self.today, not is_working_day(day), visits, count)

    @cached_property
    def counts(self) -> dict[date, int]:
        """How many visits each day of the week has."""
        week = self.numbers.items()
        return {day: count for day, count in week if self.monday <= day <= self.sunday}

    @cached_property
    def rounds(self) -> list[tuple[User, int, list[Cell]]]:
        """Of each auditor: how many visits in all, and those of the days of this week."""
        counts = self.loads
        people = User.objects.filter(pk__in=counts).order_by("username")
        visits = {visit.pk: visit for visit in self.of_week}
        return [
            (who, counts[who.pk], [self.cell(who, day.date, visits) for day in self.days])
            for who in people
        ]

    @property
    def loads(self) -> Counter[int]:
        link = AuditVisit.auditors.through.objects.filter(auditvisit__in=self.visits).order_by()
        return Counter(dict(link.values_list("user").annotate(Count("pk"))))

    @cached_property
    def taken(self) -> dict[tuple[int, date], list[int]]:
        """The week's visits of each auditor on each day, in the order of projects."""
        week = self.visits.filter(day__range=(self.monday, self.sunday)).order_by()
        found = defaultdict(list)
        for who, day, *place in week.values_list("auditors", "day", "project__code", "pk"):
            found[who, day].append(place)
        return {key: [pk for _code, pk in sorted(places)] for key, places in found.items()}

    def cell(self, who: User, day: date, visits: Mapping[int, AuditVisit]) -> Cell:
        pks = self.taken.get((who.pk, day), [])
        return Cell(day, [visits[pk] for pk in pks[:MOST_OF_ONE]], len(pks))

    # --- by project ---------------------------------------------------------------------------

    @cached_property
    def chosen(self):
        found = self.visits.select_related("project").order_by("project__code", "day", "pk")
        if word := self.search:
            of_project = Q(project__name__icontains=word) | Q(project__code__iexact=word)
            people = User.objects.filter(name__icontains=word)
            found = found.filter(of_project | Q(auditors__in=people)).distinct()
        return found.filter(day=self.day) if self.day else found

    @cached_property
    def page(self) -> Page:
        page = Paginator(self.chosen, PER_PAGE).get_page(self.number)
        page.object_list = self.complete(page.object_list)
        return page

    # --- the answer ---------------------------------------------------------------------------

    @property
    def answer(self) -> str:
        if self.is_empty:
            return _("还没有检查安排")
        count = sum(self.coming.values())
        if count:
            words = ngettext("还有 %(count)d 次检查", "还有 %(count)d 次检查", count)
            return words % {"count": count}
        return _("没有还要进行的检查")

    @cached_property
    def shortfalls(self) -> list[Short]:
        """What the planner could not meet and nobody has put right by hand since."""
        if not self.schedule or not self.schedule.shortfalls:
            return []
        by_code: dict[str, list[int]] = {}
        going = dict(self.visits.announced().order_by().values_list("project", Count("auditors")))
        for each in self.schedule.shortfalls:
            if going.get(each["project"], 0) < (2 if each["code"] in PAIRS else 1):
                by_code.setdefault(each["code"], []).append(each["project"])
        named = Project.objects.in_bulk([pk for ids in by_code.values() for pk in ids[:MOST_NAMED]])
        return [
            Short(SHORT[code], len(ids), [named[pk] for pk in ids[:MOST_NAMED] if pk in named])
            for code, ids in by_code.items()
        ]

    # --- Excel --------------------------------------------------------------------------------

    def workbook(self) -> bytes:
        heads = [_("日期"), _("项目编码"), _("项目"), _("区域"), _("检查方式"), _("检查人")]
        found = self.chosen.order_by("day", "project__code", "pk")
        rows = ([v.day, v.project.code, v.project.name, v.project.region,
                 v.get_method_display(), v.who]
                for v in self.complete(found))  # fmt: skip
        return workbook_of(heads, rows, title=_("检查安排"))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def day_named(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
