"""The table in which results are entered: one row a person, saved one by one or all of a page."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Q, QuerySet, Value
from django.http import QueryDict
from django.utils.translation import gettext as _

from inspections.exam.results import enter_result
from inspections.models import Exam, Seat
from organization.errors import Refused
from organization.lists import number_of
from organization.models import Project, User
from organization.narrow_pages import NarrowPaginator
from organization.numbers import whole
from organization.prepared import prepared
from organization.project_choice import ProjectChoice, in_order

PAGE_SIZE = 25
LEFT = {"points": None, "absent": False}
SHOWN = {"left": LEFT}
BY_NAME = ("project__code", "name", "pk")


def numbers_in(*, exam) -> QuerySet:
    """How many there are, how many of a project, and how many have no result: gone through once,
    and not grouped, which takes a quarter more.
    """
    left = Count("exam", filter=Q(**LEFT))
    found = Seat.objects.filter(exam=exam).order_by().annotate(whole=Value(1)).values("whole")
    found = found.annotate(rows=Count("*"), full=Count("project"), left=left)
    return found.values_list("rows", "full", "left")


def first_rows(*, exam, of_projects: bool) -> QuerySet[Seat]:
    """Put in order by their keys alone (`NarrowPaginator`), along projects where all have one."""
    seats = Seat.objects.filter(exam=exam)
    if of_projects:
        seats = seats.filter(project__isnull=False)
    first = Seat.objects.filter(pk__in=seats.order_by(*BY_NAME).values("pk")[:PAGE_SIZE])
    return first.select_related("project").order_by(*BY_NAME)


def seated(*, exam, most: int) -> QuerySet:
    seats = Seat.objects.filter(exam=exam).order_by()
    return in_order(Project.objects.filter(pk__in=seats.values("project")), most)


OF_EXAM = {"exam": Exam._meta.pk}
numbers_of, first_of = prepared(numbers_in, OF_EXAM), prepared(first_rows, OF_EXAM)
seated_in = prepared(seated, OF_EXAM)


@dataclass
class ResultRow:
    """A person's row; what was typed and refused stays in it, with the reason."""

    seat: Seat
    error: str = ""
    typed: dict = field(default_factory=dict)

    @property
    def points(self) -> str:
        there = self.seat.points
        return self.typed.get("points", f"{there.normalize():f}" if there is not None else "")

    @property
    def absent(self) -> bool:
        return self.typed.get("absent", self.seat.absent)

    @property
    def remark(self) -> str:
        return self.typed.get("remark", self.seat.remark)


class ResultsPage:
    def __init__(self, exam: Exam, chosen: QueryDict):
        self.exam, self.chosen = exam, chosen
        self.choice = ProjectChoice(
            self.projects,
            chosen.get("project", ""),
            lambda most: seated_in(exam=exam.pk, most=most),
        )
        self.show = chosen.get("show") if chosen.get("show") in SHOWN else ""

    @property
    def projects(self):
        return Project.objects.filter(pk__in=self.exam.seats.order_by().values("project"))

    @cached_property
    def numbers(self) -> tuple[int, int, int]:
        return next(iter(numbers_of(exam=self.exam.pk)), (0, 0, 0))

    @property
    def left(self) -> int:
        return self.numbers[2]

    @property
    def is_first(self) -> bool:
        """Whether it is the first page of everybody."""
        return self.chosen.get("page") in (None, "", "1") and not (self.show or self.choice.asked)

    def page(self) -> Page:
        page = self.first_page() if self.is_first else self.chosen_page()
        page.object_list = [ResultRow(self.with_exam(seat)) for seat in page.object_list]
        return page

    def first_page(self) -> Page:
        pages = Paginator((), PAGE_SIZE)
        pages.count, full, _left = self.numbers
        page = pages.page(1)
        # where empty projects come first they are on the page
        of_projects = not connection.features.order_by_nulls_first and page.end_index() <= full
        page.object_list = first_of(exam=self.exam.pk, of_projects=of_projects)
        return page

    def chosen_page(self) -> Page:
        seats = self.exam.seats.filter(**SHOWN.get(self.show, {}))
        if self.choice.chosen:
            seats = seats.filter(project=self.choice.chosen)
        elif self.choice.is_part:
            seats = seats.filter(self.choice.like("project__"))
        seats = seats.select_related("project").order_by(*BY_NAME)
        pages = NarrowPaginator(seats, PAGE_SIZE, first="project")
        return pages.get_page(self.chosen.get("page"))

    def with_exam(self, seat: Seat) -> Seat:
        seat.exam = self.exam
        return seat


def typed_of(post: QueryDict, pk: int) -> dict:
    """What stands in a row's fields, as text."""
    return {
        "points": post.get(f"points-{pk}", "").strip(),
        "absent": bool(post.get(f"absent-{pk}")),
        "remark": post.get(f"remark-{pk}", "").strip(),
        "revision": post.get(f"revision-{pk}", ""),
    }


def save_row(seat: Seat, typed: dict, *, reason: str, by: User, at: datetime) -> Seat:
    """Enter one row as it was typed. Raises Refused for what is no figure, and as the verb does."""
    return enter_result(
        seat=seat,
        points=points_of(typed["points"]),
        absent=typed["absent"],
        remark=typed["remark"] if typed["absent"] else "",
        reason=reason,
        revision=whole(typed["revision"]),
        by=by,
        at=at,
    )


def points_of(text: str) -> Decimal | None:
    if not text:
        return None
    points = number_of(text)
    if points is None or points.as_tuple().exponent < -2:
        raise Refused(_("得分写数字，最多两位小数。"), code="points", field="points")
    return points
