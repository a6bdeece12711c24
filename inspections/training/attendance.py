"""A training's attendance as a list: who is invited, who came, figures per project."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from inspections.models import Attendance, Training
from inspections.training.trainings import invited_people
from organization.clock import local_day
from organization.models import Post, Project

PAGE_SIZE = 50
SEARCH_LENGTH = 60


@dataclass(frozen=True)
class Figures:
    project: Project
    invited: int
    came: int


class AttendanceList:
    """Each invited person once, at the first of their invited posts."""

    def __init__(self, training: Training, chosen: Mapping[str, str]):
        self.training = training
        self.search = chosen.get("q", "").strip()[:SEARCH_LENGTH]
        self.project = training.projects.filter(code=chosen.get("project", "")[:40]).first()

    def has_begun(self, at: datetime) -> bool:
        return local_day(at) >= self.training.day

    def posts(self) -> QuerySet[Post]:
        return invited_people(self.training)

    def names(self) -> list[tuple[str, str]]:
        people = self.posts().select_related("user", "project")
        return [(post.project.name, str(post.user)) for post in people]

    def page(self, number) -> Page:
        found = self.posts().select_related("user", "project")
        if self.project:
            found = found.filter(project=self.project)
        if self.search:
            found = found.filter(
                Q(user__name__icontains=self.search)
                | Q(user__username__icontains=self.search)
                | Q(project__name__icontains=self.search)
                | Q(department__icontains=self.search)
            )
        page = Paginator(found, PAGE_SIZE).get_page(number)
        for post in page:
            post.came = self.marks.get(post.user_id)
        return page

    @cached_property
    def marks(self) -> dict[int, bool]:
        """Whether each person came who was marked."""
        marked = self.training.attendances.filter(user__isnull=False)
        return dict(marked.values_list("user_id", "came"))

    @cached_property
    def guests(self) -> list[Attendance]:
        return list(self.training.attendances.filter(user=None).select_related("project"))

    @cached_property
    def came(self) -> int:
        return sum(self.marks.values()) + len(self.guests)

    @cached_property
    def invited(self) -> int:
        return self.posts().count()

    @property
    def answer(self) -> str:
        return _("到场 %(came)d 人，邀请 %(invited)d 人") % {
            "came": self.came,
            "invited": self.invited,
        }

    @cached_property
    def figures(self) -> list[Figures]:
        """By project, those with the fewest first; two queries."""
        invited = self.posts().order_by().values("project").annotate(n=Count("pk"))
        asked = {row["project"]: row["n"] for row in invited}
        present = self.training.attendances.filter(came=True).order_by().values("project")
        came = {row["project"]: row["n"] for row in present.annotate(n=Count("pk"))}
        projects = self.training.projects.order_by("code")
        rows = [Figures(each, asked.get(each.pk, 0), came.get(each.pk, 0)) for each in projects]
        return sorted(rows, key=lambda row: row.came / row.invited if row.invited else 1)
