"""Who has filed what: subjects down, milestones across, counted and ordered in SQL.

A page reads one grouped row per subject and the cells of fifty of them; how each cell stands is
what its obligation says (`Obligation.state`). Nothing here grows with the campaign's projects
but the sums that the database makes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from django.db.models import Case, Count, F, IntegerField, Max, Min, Q, QuerySet, Value, When
from django.utils.functional import cached_property

from campaign.kept import MANY
from campaign.matrix_ask import (
    GROUPS,
    LATE,
    NAME,
    OF_GROUP,
    STATES,
    pressing,
    read_ask,
    standing,
)
from campaign.matrix_people import CENTER, named, people_in_charge, some
from campaign.models import Campaign, Milestone, Obligation
from campaign.totals import kept_totals
from campaign.words import Scope
from organization.clock import local_day, start_of
from organization.models import Project, Specialty, User

PAGE_SIZE = 50
# What a cell needs to know; the rest of an obligation is not fetched.
FACTS = (
    "campaign", "milestone", "project", "specialty", "due", "submitted_at", "submitted_by",
    "accepted_at", "returned_at", "reminded_at",
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """One subject: how many of its obligations stand how, and its cells by milestone."""

    scope: Scope
    subject: Project | Specialty | None
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
    def total(self) -> int:
        return len(self.cells)

    @property
    def done(self) -> int:
        return sum(bool(each.accepted_at) for each in self.cells.values())

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
        return self.seen(self.campaign.obligations.order_by())

    def seen(self, owed: QuerySet[Obligation]) -> QuerySet[Obligation]:
        """Company roles see all rows, project people their own project's."""
        if self.reader.sees_company:
            return owed
        return owed.filter(project__in=self.reader.project_ids)

    @property
    def narrowed(self) -> QuerySet[Obligation]:
        return self.narrow(self.campaign.obligations.order_by())

    def narrow(self, owed: QuerySet[Obligation]) -> QuerySet[Obligation]:
        """What is seen within the region, and of a subject or a person of that name."""
        owed = self.seen(owed)
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

    def grouped(self, owed: QuerySet[Obligation], **more: Count) -> QuerySet:
        """One row per subject: how many of its obligations stand how, but the done ones."""
        counts = {word: Count("pk", filter=self.standing[word]) for word in STATES}
        worst = Min("due", filter=self.standing["overdue"])
        return owed.values("project_id", "specialty_id").annotate(worst=worst, **counts, **more)

    @property
    def to_remind(self) -> Q:
        """Overdue, and not reminded of today."""
        today = start_of(local_day(self.at))
        return self.standing["overdue"] & (Q(reminded_at=None) | Q(reminded_at__lt=today))

    # counts

    @property
    def groups(self) -> Sequence[Scope]:
        return [Scope(self.ask.owes)] if self.ask.owes else GROUPS

    @cached_property
    def subjects(self) -> dict[Scope, Counter]:
        """How many subjects each group has in all and with something that stands so, and how
        many obligations stand so (`items_…`)."""
        found = {Scope.PROJECT: self.projects, Scope.SPECIALTY: Counter(), Scope.COMPANY: Counter()}
        for scope, row in self.others:
            found[scope].update(["all", *(w for w in (*STATES, "to_remind") if row[w])])
            found[scope].update({f"items_{state}": row[state] for state in STATES})
        return found

    @cached_property
    def others(self) -> list[tuple[Scope, dict]]:
        """The specialties and the company in order, whatever is asked for: they are few."""
        owed = self.narrowed.filter(project=None)
        found = self.grouped(
            owed, to_remind=Count("pk", filter=self.to_remind), tie=Min("specialty__order")
        )
        rows = [(scope_of(row), row) for row in self.in_order(found)]
        return sorted(rows, key=lambda pair: GROUPS.index(pair[0]))

    @property
    def projects(self) -> Counter:
        """Two queries."""
        owed = self.narrowed.filter(project__isnull=False)
        wanted = {state: self.standing[state] for state in STATES} | {"to_remind": self.to_remind}
        counts = {w: Count("project", distinct=True, filter=q) for w, q in wanted.items()}
        counts |= {f"items_{s}": Count("pk", filter=self.standing[s]) for s in STATES}
        # nothing that is done stands so; and to count them all, none has to be looked at
        found = owed.filter(accepted_at=None).aggregate(**counts)
        every = {"all": self.campaign.number_taking_part} if self.is_whole else None
        return Counter(found | (every or owed.aggregate(all=Count("project", distinct=True))))

    @property
    def is_whole(self) -> bool:
        """Whether all of very many projects are shown: they owe the same from the start on, so
        that they need not be gone through to be counted.
        """
        whole = self.reader.sees_company and not (self.ask.region or self.ask.search)
        scopes = {each.scope for each in self.milestones.values()}
        if not (whole and self.campaign.started_at and Scope.PROJECT in scopes):
            return False
        return self.campaign.number_taking_part >= MANY

    @cached_property
    def columns(self) -> list[Column]:
        """Every milestone with its tally; one query."""
        # all of them are only counted, which an index by campaign can do; how the few stand that
        # are not accepted is in one by milestone
        waiting, none = self.standing["waiting"] & ~Q(submitted_by=self.reader), Value(0)
        there = self.narrow(self.campaign.obligations.order_by()).values("milestone")
        there = there.annotate(total=Count("*"), left=none, mine=none)
        number = self.campaign.number_taking_part
        totals = kept_totals(self.campaign, number) if self.is_whole else None
        missing = Obligation.objects.filter(milestone__in=self.milestones, accepted_at=None)
        missing = self.narrow(missing.order_by()).values("milestone")
        number = Count("milestone")
        missing = missing.annotate(total=none, left=number, mine=Count("milestone", filter=waiting))
        counted: dict[int, Counter] = defaultdict(Counter)
        for pk, total in (totals or {}).items():
            counted[pk].update(total=total, left=0, mine=0)
        for row in there.union(missing, all=True) if totals is None else missing:
            counted[row.pop("milestone")].update(row)
        tallies = {
            pk: {"total": c["total"], "done": c["total"] - c["left"], "mine": c["mine"]}
            for pk, c in counted.items()
        }
        columns = [Column(each, **tallies.get(pk, {})) for pk, each in self.milestones.items()]
        roles = self.reader.roles
        return [c if c.milestone.reviewer in roles else no_review(c) for c in columns]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by chip, and the sums of the answer."""
        chosen, subjects = self.ask.state or "all", self.subjects
        asked = sum((subjects[group] for group in self.groups), Counter())
        return {
            "rows": sum(each["all"] for each in subjects.values()),
            "shown": asked[chosen],
            **{f"rows_{word}": asked[word] for word in (*STATES, "to_remind")},
            **{f"rows_{group}": subjects[group][chosen] for group in GROUPS},
            "items": sum(column.total for column in self.asked_columns),
            "items_done": sum(column.done for column in self.asked_columns),
            **{f"items_{state}": asked[f"items_{state}"] for state in STATES},
        }

    @property
    def asked_columns(self) -> list[Column]:
        return [each for each in self.columns if each.milestone.scope in self.groups]

    @property
    def waiting_for_reader(self) -> int:
        return sum(column.mine for column in self.asked_columns)

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
        return self.filled(self.between(first, first + PAGE_SIZE))

    def all_rows(self) -> list[Row]:
        return self.filled(self.between(0, self.counts["shown"]))

    def between(self, first: int, last: int) -> Iterator[tuple[Scope, dict]]:
        """Projects from the database, after them the few others that are at hand."""
        state, groups = self.ask.state or "all", self.groups
        projects = self.subjects[Scope.PROJECT][state] if Scope.PROJECT in groups else 0
        if first < projects:
            yield from ((Scope.PROJECT, row) for row in self.ordered(last)[first:last])
        others = [
            (scope, row)
            for scope, row in self.others
            if scope in groups and (not self.ask.state or row[self.ask.state])
        ]
        yield from others[max(first - projects, 0) : max(last - projects, 0)]

    def ordered(self, last: int) -> QuerySet:
        """The projects' rows, as far as row `last`."""
        owed = self.narrowed.filter(project__isnull=False)
        amiss = max(self.subjects[Scope.PROJECT][state] for state in STATES)
        if self.ask.sort == LATE and (self.ask.state or last <= amiss):
            # they come before all others, so those need not be gone through
            owed = owed.filter(pressing(self.at))
        rows = self.grouped(owed, tie=Min("project__code"))
        if self.ask.state:
            rows = rows.filter(**{f"{self.ask.state}__gt": 0})
        return self.in_order(rows)

    def in_order(self, rows: QuerySet) -> QuerySet:
        """The worst first, or by name or a column."""
        key, turned = self.ask.sort.removeprefix("-"), self.ask.sort.startswith("-")
        order = ORDERS.get(key, COLUMN_ORDER)
        if order is COLUMN_ORDER:
            rows = self.with_column(rows, key)
        if turned:
            order = [part.copy() for part in order]
            for part in order:
                part.reverse_ordering()
        return rows.order_by(*order, "tie")

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

    def filled(self, found: Iterable[tuple[Scope, dict]]) -> list[Row]:
        """Rows with their subjects, people and cells; a query for each of these."""
        found = list(found)
        keys = [row["project_id"] for _scope, row in found if row["project_id"]]
        projects = Project.objects.in_bulk(keys) if keys else {}
        specialties = Specialty.objects.in_bulk() if self.others else {}
        rows = {}
        for scope, each in found:
            place = each["project_id"], each["specialty_id"]
            subject = projects.get(place[0]) or specialties.get(place[1])
            rows[place] = Row(scope, subject, **{state: each[state] for state in STATES})
        self.put_people(rows)
        self.put_cells(rows)
        return list(rows.values())

    def put_people(self, rows: dict[tuple, Row]) -> None:
        few = len(rows) <= PAGE_SIZE
        projects = [project for project, _specialty in rows if project] if few else None
        for place, names in people_in_charge(projects).items():
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


RANKS = {"overdue": 0, "returned": 1, "waiting": 2, "done": 9}
ORDERS = {
    LATE: [
        F("worst").asc(nulls_last=True),
        F("overdue").desc(),
        F("returned").desc(),
        F("waiting").desc(),
    ],
    NAME: [F("tie").asc()],
}
COLUMN_ORDER = [
    F("cell_rank").asc(nulls_last=True),
    F("cell_due").asc(),
    F("cell_at").desc(),
]


def scope_of(row: dict) -> Scope:
    return Scope.SPECIALTY if row["specialty_id"] else Scope.COMPANY


def no_review(column: Column) -> Column:
    return Column(column.milestone, column.total, column.done)


def owed_in(rows: Mapping[tuple, Row]) -> Q:
    """What these subjects owe; of more than a page everything, which is as fast to skip."""
    if len(rows) > PAGE_SIZE:
        return Q()
    projects = [project for project, _specialty in rows if project]
    others = Q(project=None) if len(projects) < len(rows) else Q(pk__in=[])
    return Q(project__in=projects) | others
