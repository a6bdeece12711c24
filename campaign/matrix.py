"""Who has filed what: subjects down, milestones across, counted and ordered in SQL.

A page reads one grouped row per subject and the cells of fifty of them; how each cell stands is
what its obligation says (`Obligation.state`). Nothing here grows with the campaign's projects
but the sums that the database makes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from django.db.models import Case, Count, F, IntegerField, Max, Min, Q, QuerySet, Sum, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign, Milestone, Obligation
from campaign.words import Scope
from organization.clock import local_day, start_of
from organization.models import Post, Project, Specialty, User
from organization.roles import Role

PAGE_SIZE = 50
SEARCH_LENGTH = 60
LATE, NAME = "late", "name"
# The groups in the order in which they stand on the page; the number is what SQL calls them.
GROUPS = {Scope.PROJECT: 0, Scope.SPECIALTY: 1, Scope.COMPANY: 2}
OF_GROUP = {
    Scope.PROJECT: Q(project__isnull=False),
    Scope.SPECIALTY: Q(specialty__isnull=False),
    Scope.COMPANY: Q(project=None, specialty=None),
}
# What the chips narrow to: subjects with at least one cell that stands so.
STATES = ("overdue", "returned", "waiting")
# Whose name stands beside a subject: the manager, the lead, the center.
IN_CHARGE = {
    Role.PROJECT_MANAGER: "project",
    Role.SPECIALTY_LEAD: "specialty",
    Role.MANAGEMENT_CENTER: "",
}
CENTER = _("管理中心")
# What a cell needs to know; the rest of an obligation is not fetched.
FACTS = (
    "campaign", "milestone", "project", "specialty", "due", "submitted_at", "submitted_by",
    "accepted_at", "returned_at", "reminded_at",
)  # fmt: skip


def standing(at: datetime) -> dict[str, Q]:
    """`Obligation.state` as SQL tells it; whatever is none of these is still to come."""
    today = local_day(at)
    to_do = Q(accepted_at=None, submitted_at=None)
    return {
        "overdue": to_do & Q(due__lt=today),
        "returned": to_do & Q(due__gte=today, returned_at__isnull=False),
        "waiting": Q(accepted_at=None, submitted_at__isnull=False),
        "done": Q(accepted_at__isnull=False),
    }


@dataclass(frozen=True, slots=True)
class Ask:
    """What a reader wants to see; `sort` is LATE, NAME or a milestone's code, "-" turns it."""

    state: str = ""
    owes: str = ""
    region: str = ""
    search: str = ""
    sort: str = LATE
    page: int = 1


def read_ask(params: Mapping[str, str], codes: Iterable[str]) -> Ask:
    """What the address asks for; anything unknown is passed over."""
    sort, page = params.get("sort", ""), params.get("page", "")
    return Ask(
        state=params.get("state", "") if params.get("state") in STATES else "",
        owes=params.get("owes", "") if params.get("owes") in GROUPS else "",
        region=params.get("region", "").strip()[:SEARCH_LENGTH],
        search=params.get("q", "").replace("\0", "").strip()[:SEARCH_LENGTH],
        sort=sort if sort.removeprefix("-") in {LATE, NAME, *codes} else LATE,
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
    )


@dataclass(slots=True)
class Row:
    """One subject: how many of its obligations stand how, and its cells by milestone."""

    scope: Scope
    subject: Project | Specialty | None
    total: int
    done: int
    overdue: int
    returned: int
    waiting: int
    person: str = ""
    cells: dict[int, Obligation] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.subject or CENTER)

    @property
    def region(self) -> str:
        return self.subject.region if self.scope == Scope.PROJECT else ""

    @property
    def word(self) -> str:
        """How an address or a button calls it."""
        return f"{self.scope}:{self.subject.code}" if self.subject else str(Scope.COMPANY)

    @property
    def missing(self) -> int:
        """What should be there and is not: never handed in, or returned."""
        return self.overdue + self.returned


@dataclass(frozen=True, slots=True)
class Column:
    """A milestone with how many owe it and how many are done; `mine` wait for this reader."""

    milestone: Milestone
    total: int = 0
    done: int = 0
    mine: int = 0


class Matrix:
    """The matrix as one reader asks for it at a moment."""

    def __init__(self, campaign: Campaign, reader: User, params: Mapping[str, str], at: datetime):
        self.campaign, self.reader, self.at = campaign, reader, at
        # by phase first: a milestone stands under its phase whatever its number
        found = campaign.milestones.select_related("phase").order_by("phase__order", "due", "order")
        self.milestones = {each.pk: each for each in found}
        self.ask = read_ask(params, (each.code for each in self.milestones.values()))
        self.standing = standing(at)

    # what is owed, narrowed

    @property
    def visible(self) -> QuerySet[Obligation]:
        """Company roles see all rows, project people their own project's."""
        owed = self.campaign.obligations.order_by()
        if self.reader.sees_company:
            return owed
        return owed.filter(project__in=self.reader.project_ids)

    @property
    def narrowed(self) -> QuerySet[Obligation]:
        """Within the region, and of a subject or a person of that name."""
        owed = self.visible
        if self.ask.region:
            owed = owed.filter(project__region=self.ask.region)
        return owed.filter(named(self.ask.search)) if self.ask.search else owed

    @property
    def chosen(self) -> QuerySet[Obligation]:
        """Of the rows' group, too."""
        owes = self.ask.owes
        return self.narrowed.filter(OF_GROUP[Scope(owes)]) if owes else self.narrowed

    def missing_of(self, word: str) -> QuerySet[Obligation]:
        """What is not there of one visible subject, as its row calls it."""
        scope, _colon, code = word.partition(":")
        owed = self.visible.open()
        if scope == Scope.COMPANY and not code:
            return owed.filter(OF_GROUP[Scope.COMPANY])
        if scope not in (Scope.PROJECT, Scope.SPECIALTY):
            return owed.none()
        return owed.filter(**{f"{scope}__code": code})

    def grouped(self, owed: QuerySet[Obligation]) -> QuerySet:
        """One row per subject with its counts."""
        counts = {word: Count("pk", filter=which) for word, which in self.standing.items()}
        overdue, today = self.standing["overdue"], start_of(local_day(self.at))
        not_today = Q(reminded_at=None) | Q(reminded_at__lt=today)
        return owed.values("project_id", "specialty_id").annotate(
            total=Count("pk"),
            **counts,
            worst=Min("due", filter=overdue),
            to_remind=Count("pk", filter=overdue & not_today),
            # an aggregate, so that the groups stay those of the index
            kind=Min(KIND),
        )

    # counts

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by chip, and the sums of the answer; one query."""
        ask = self.ask
        in_group = Q(kind=GROUPS[ask.owes]) if ask.owes else Q()
        in_state = Q(**{f"{ask.state}__gt": 0}) if ask.state else Q()
        by_state = {f"rows_{s}": rows_of(in_group & Q(**{f"{s}__gt": 0})) for s in STATES}
        by_group = {f"rows_{g}": rows_of(in_state & Q(kind=n)) for g, n in GROUPS.items()}
        found = self.grouped(self.narrowed).aggregate(
            rows=rows_of(),
            shown=rows_of(in_group & in_state),
            **by_state,
            **by_group,
            rows_to_remind=rows_of(in_group & Q(to_remind__gt=0)),
            items=Sum("total", filter=in_group),
            **{f"items_{word}": Sum(word, filter=in_group) for word in self.standing},
        )
        return {word: number or 0 for word, number in found.items()}

    @cached_property
    def columns(self) -> list[Column]:
        """Every milestone with its tally; one query."""
        waiting = self.standing["waiting"] & ~Q(submitted_by=self.reader)
        rows = self.narrowed.values("milestone").annotate(
            total=Count("pk"),
            done=Count("pk", filter=self.standing["done"]),
            mine=Count("pk", filter=waiting),
        )
        tallies = {row.pop("milestone"): row for row in rows}
        columns = [Column(m, **tallies.get(pk, {})) for pk, m in self.milestones.items()]
        roles = self.reader.roles
        return [c if c.milestone.reviewer in roles else no_review(c) for c in columns]

    @property
    def waiting_for_reader(self) -> int:
        return sum(
            column.mine for column in self.columns if self.ask.owes in ("", column.milestone.scope)
        )

    # rows

    @property
    def last_page(self) -> int:
        return max(ceil(self.counts["shown"] / PAGE_SIZE), 1)

    @property
    def number(self) -> int:
        return min(max(self.ask.page, 1), self.last_page)

    @cached_property
    def rows(self) -> list[Row]:
        """The page that is asked for, the last one where there are fewer."""
        first = (self.number - 1) * PAGE_SIZE
        return self.filled(self.ordered[first : first + PAGE_SIZE])

    def all_rows(self) -> list[Row]:
        return self.filled(self.ordered)

    @property
    def ordered(self) -> QuerySet:
        """Groups one after the other; within each the worst first, or by name or a column."""
        rows = self.grouped(self.chosen)
        if self.ask.state:
            rows = rows.filter(**{f"{self.ask.state}__gt": 0})
        key, turned = self.ask.sort.removeprefix("-"), self.ask.sort.startswith("-")
        order = ORDERS.get(key, COLUMN_ORDER)
        if order is COLUMN_ORDER:
            rows = self.with_column(rows, key)
        if turned:
            order = [part.copy() for part in order]
            for part in order:
                part.reverse_ordering()
        return rows.annotate(code=CODE, order=ORDER).order_by("kind", *order, "code", "order")

    def with_column(self, rows: QuerySet, code: str) -> QuerySet:
        """How the subject's cell of one milestone stands, the worst as the smallest number."""
        one = Q(milestone__code=code)
        ranks = [When(self.standing[w], then=Value(n)) for n, w in enumerate(RANKS)]
        rank = Case(*ranks, default=Value(len(STATES)), output_field=IntegerField())
        return rows.annotate(
            cell_rank=Min(rank, filter=one),
            cell_due=Min("due", filter=one),
            # of those that are done the last ones first: the latest are the late ones
            cell_at=Max("submitted_at", filter=one & self.standing["done"]),
        )

    def filled(self, found: Iterable[dict]) -> list[Row]:
        """Rows with their subjects, people and cells; a query for each of these."""
        found = list(found)
        projects = Project.objects.in_bulk([r["project_id"] for r in found if r["project_id"]])
        specialties = Specialty.objects.in_bulk()
        rows = {}
        for each in found:
            place = each["project_id"], each["specialty_id"]
            subject = projects.get(place[0]) or specialties.get(place[1])
            words = {word: each[word] for word in ("total", "done", *STATES)}
            rows[place] = Row(SCOPES[each["kind"]], subject, **words)
        self.put_people(rows)
        self.put_cells(rows)
        return list(rows.values())

    def put_people(self, rows: dict[tuple, Row]) -> None:
        for place, names in people_in_charge(rows).items():
            if place in rows:
                rows[place].person = some(names)

    def put_cells(self, rows: dict[tuple, Row]) -> None:
        for each in self.chosen.filter(owed_in(rows)).only(*FACTS):
            row = rows.get((each.project_id, each.specialty_id))
            if row:
                each.milestone, each.campaign = self.milestones[each.milestone_id], self.campaign
                if row.subject:
                    setattr(each, row.scope, row.subject)
                row.cells[each.milestone_id] = each


SCOPES = {number: scope for scope, number in GROUPS.items()}
KIND = Case(
    *(When(OF_GROUP[scope], then=Value(number)) for scope, number in GROUPS.items()),
    output_field=IntegerField(),
)
CODE, ORDER = Min("project__code"), Min("specialty__order")
RANKS = {"overdue": 0, "returned": 1, "waiting": 2, "done": 9}
ORDERS = {
    LATE: [
        F("worst").asc(nulls_last=True),
        F("overdue").desc(),
        F("returned").desc(),
        F("waiting").desc(),
    ],
    NAME: [F("code").asc(), F("order").asc()],
}
COLUMN_ORDER = [
    F("cell_rank").asc(nulls_last=True),
    F("cell_due").asc(),
    F("cell_at").desc(),
]


def rows_of(which: Q = Q()) -> Count:  # noqa: B008 a Q is never changed
    return Count("kind", filter=which)


def no_review(column: Column) -> Column:
    return Column(column.milestone, column.total, column.done)


def named(text: str) -> Q:
    """Of a subject with this in its name or code, or in charge of somebody so called."""
    posts = Post.objects.current().of(*IN_CHARGE).filter(user__name__icontains=text)
    managers = posts.of(Role.PROJECT_MANAGER).values("project")
    leads = posts.of(Role.SPECIALTY_LEAD).values("specialty")
    found = (
        Q(project__name__icontains=text)
        | Q(project__code__icontains=text)
        | Q(specialty__in=Specialty.objects.filter(name__icontains=text))
        | Q(project__in=managers)
        | Q(specialty__in=leads)
    )
    if text in str(CENTER) or posts.of(Role.MANAGEMENT_CENTER).exists():
        found |= OF_GROUP[Scope.COMPANY]
    return found


def owed_in(rows: Mapping[tuple, Row]) -> Q:
    """What these subjects owe; of more than a page everything, which is as fast to skip."""
    if len(rows) > PAGE_SIZE:
        return Q()
    projects = [project for project, _specialty in rows if project]
    others = Q(project=None) if len(projects) < len(rows) else Q(pk__in=[])
    return Q(project__in=projects) | others


def people_in_charge(rows: Mapping[tuple, Row]) -> dict[tuple, list[str]]:
    """Names by place (project, specialty); the center's is (None, None)."""
    posts = Post.objects.current().filter(user__is_active=True)
    wanted = posts.of(Role.SPECIALTY_LEAD, Role.MANAGEMENT_CENTER)
    managers = posts.of(Role.PROJECT_MANAGER)
    if len(rows) <= PAGE_SIZE:
        managers = managers.filter(project__in=[place[0] for place in rows if place[0]])
    names: dict[tuple, list[str]] = {}
    found = (wanted | managers).order_by("user__username")
    for role, *place, name in found.values_list("role", "project_id", "specialty_id", "user__name"):
        where = {"project": (place[0], None), "specialty": (None, place[1]), "": (None, None)}
        names.setdefault(where[IN_CHARGE[Role(role)]], []).append(name)
    return names


def some(names: Sequence[str]) -> str:
    """Two names, and that there are more."""
    shown = str(_("、")).join(names[:2])
    return str(_("%(names)s等") % {"names": shown}) if len(names) > 2 else shown
