"""The table in which results are entered: one row a person, saved one by one or all of a page."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.core.paginator import Page
from django.http import QueryDict
from django.utils.translation import gettext as _

from inspections.exam.results import enter_result
from inspections.models import Exam, Seat
from organization.errors import Refused
from organization.lists import number_of
from organization.models import Project, User
from organization.narrow_pages import NarrowPaginator
from organization.numbers import whole
from organization.project_choice import ProjectChoice

PAGE_SIZE = 25
SHOWN = {"left": {"points": None, "absent": False}}


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
        self.choice = ProjectChoice(self.projects, chosen.get("project", ""))
        self.show = chosen.get("show") if chosen.get("show") in SHOWN else ""

    @property
    def projects(self):
        return Project.objects.filter(pk__in=self.exam.seats.order_by().values("project"))

    @cached_property
    def left(self) -> int:
        return self.exam.seats.unentered().count()

    def page(self) -> Page:
        seats = self.exam.seats.filter(**SHOWN.get(self.show, {}))
        if self.choice.chosen:
            seats = seats.filter(project=self.choice.chosen)
        elif self.choice.is_part:
            seats = seats.filter(self.choice.like("project__"))
        seats = seats.select_related("project", "person").order_by("project__code", "name", "pk")
        pages = NarrowPaginator(seats, PAGE_SIZE, first="project")
        page = pages.get_page(self.chosen.get("page"))
        page.object_list = [ResultRow(self.with_exam(seat)) for seat in page.object_list]
        return page

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
