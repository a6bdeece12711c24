"""A training's attendance as a list: who is invited, who came, figures per project."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from inspections.models import Attendance, Training
from inspections.training.trainings import invited_people, invited_posts
from organization.clock import local_day
from organization.models import Post, Project
from organization.project_choice import MOST_CHOICES, ProjectChoice

PAGE_SIZE, FIGURES_SIZE = 50, 20
SEARCH_LENGTH = 60


@dataclass(frozen=True)
class Figures:
    project: Project
    invited: int
    came: int


class AttendanceList:
    """Each invited person once, at the first of their invited posts.

    Of more projects than anybody chooses from in a list, people come project by project: the
    first one's, until another is chosen or somebody is searched for.
    """

    def __init__(self, training: Training, chosen: Mapping[str, str]):
        self.training = training
        self.search = chosen.get("q", "").strip()[:SEARCH_LENGTH]
        self.figures_at = chosen.get("projects")
        self.choice = ProjectChoice(training.projects.all(), chosen.get("project", "")[:40])

    @property
    def is_many(self) -> bool:
        return not self.choice.is_list

    @cached_property
    def project(self) -> Project | None:
        """Whose people are shown; None for everybody's."""
        if self.choice.chosen or self.search or not self.is_many:
            return self.choice.chosen
        return self.choice.projects[0]

    def has_begun(self, at: datetime) -> bool:
        return local_day(at) >= self.training.day

    def posts(self) -> QuerySet[Post]:
        return invited_people(self.training)

    @property
    def left(self) -> QuerySet[Post]:
        """What the project and the search leave."""
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
        return found

    def names(self) -> list[tuple[str, str]]:
        """For the sheet to sign: of one project, where there are many."""
        return [(post.project.name, str(post.user)) for post in self.left]

    def page(self, number) -> Page:
        page = Paginator(self.left, PAGE_SIZE).get_page(number)
        people = [post.user_id for post in page]
        marks = dict(self.marked.filter(user__in=people).values_list("user_id", "came"))
        for post in page:
            post.came = marks.get(post.user_id)
        return page

    @property
    def marked(self) -> QuerySet[Attendance]:
        return self.training.attendances.filter(user__isnull=False).order_by()

    @cached_property
    def marks(self) -> dict[int, bool]:
        """Whether each person came who was marked."""
        return dict(self.marked.values_list("user_id", "came"))

    @cached_property
    def guests(self) -> list[Attendance]:
        return list(self.training.attendances.filter(user=None).select_related("project"))

    @cached_property
    def came(self) -> int:
        return self.marked.filter(came=True).count() + len(self.guests)

    @cached_property
    def invited(self) -> int:
        return invited_posts(self.training).order_by().values("user").distinct().count()

    @property
    def answer(self) -> str:
        return _("到场 %(came)d 人，邀请 %(invited)d 人") % {
            "came": self.came,
            "invited": self.invited,
        }

    @cached_property
    def figures(self) -> Page:
        """By project, those with the fewest first; of many a page in the order of their codes.

        Three queries.
        """
        pages = Paginator(self.training.projects.order_by("code"), self.figures_size)
        among = Training.projects.through.objects.filter(training=self.training)
        pages.count = among.count()  # without the projects
        page = pages.get_page(self.figures_at)
        projects = list(page.object_list)
        invited = self.posts().filter(project__in=projects).order_by().values("project")
        asked = {row["project"]: row["n"] for row in invited.annotate(n=Count("pk"))}
        present = self.training.attendances.filter(came=True, project__in=projects).order_by()
        present = present.values("project").annotate(n=Count("pk"))
        came = {row["project"]: row["n"] for row in present}
        rows = [Figures(each, asked.get(each.pk, 0), came.get(each.pk, 0)) for each in projects]
        if not self.is_many:
            rows.sort(key=lambda row: row.came / row.invited if row.invited else 1)
        page.object_list = rows
        return page

    @property
    def figures_size(self) -> int:
        return FIGURES_SIZE if self.is_many else MOST_CHOICES
