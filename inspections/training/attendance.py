"""A training's attendance as a list: who is invited, who came, figures per project."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from inspections.models import Attendance, Training
from inspections.training.trainings import invited_posts, people_invited
from organization.clock import local_day
from organization.models import Post, Project
from organization.prepared import prepared
from organization.project_choice import MOST_CHOICES, ProjectChoice

PAGE_SIZE, FIGURES_SIZE = 50, 20
SEARCH_LENGTH = 60


def guests_at(*, training) -> QuerySet[Attendance]:
    return Attendance.objects.filter(training__pk=training, user=None).select_related("project")


def came_to(*, training) -> QuerySet[Attendance]:
    came = Attendance.objects.filter(training__pk=training, user__isnull=False, came=True)
    return came.order_by().values("training").annotate(n=Count("pk")).values_list("n")


def came_from(*, training, projects) -> QuerySet[Attendance]:
    came = Attendance.objects.filter(training__pk=training, came=True, project__pk__in=projects)
    return came.order_by().values("project").annotate(n=Count("pk")).values_list("project", "n")


def invited_from(*, training, roles, projects) -> QuerySet[Post]:
    found = people_invited(training=training, roles=roles, projects=projects)
    return found.order_by().values("project").annotate(n=Count("pk")).values_list("project", "n")


def invited_at(*, training, roles, projects) -> QuerySet[Post]:
    found = people_invited(training=training, roles=roles, projects=projects)
    return found.select_related("user", "project")[: PAGE_SIZE + 1]


OF_TRAINING = {"training": Training._meta.pk}
FROM_PROJECTS = OF_TRAINING | {"projects": Project._meta.pk}
guests_of, number_came = prepared(guests_at, OF_TRAINING), prepared(came_to, OF_TRAINING)
came_by_project = prepared(came_from, FROM_PROJECTS)
invited_by_project = prepared(invited_from, FROM_PROJECTS)
first_invited = prepared(invited_at, FROM_PROJECTS)


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

    @property
    def left(self) -> QuerySet[Post]:
        """What the project and the search leave."""
        among = [self.project.pk] if self.project else None
        found = people_invited(**self.about, projects=among).select_related("user", "project")
        if self.search:
            found = found.filter(
                Q(user__name__icontains=self.search)
                | Q(user__username__icontains=self.search)
                | Q(project__name__icontains=self.search)
                | Q(department__icontains=self.search)
            )
        return found

    @property
    def about(self) -> dict:
        return {"training": self.training.pk, "roles": tuple(self.training.roles)}

    def names(self) -> list[tuple[str, str]]:
        """For the sheet to sign: of one project, where there are many."""
        return [(post.project.name, str(post.user)) for post in self.left]

    def page(self, number) -> Page:
        """One project's people mostly fit on a page, and need not be counted first."""
        people = self.left
        if self.project and not self.search:
            first = first_invited(**self.about, projects=[self.project.pk])
            people = first if len(first) <= PAGE_SIZE else people
        page = Paginator(people, PAGE_SIZE).get_page(number)
        shown = [post.user_id for post in page]
        marks = dict(self.marked.filter(user__in=shown).values_list("user_id", "came"))
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
        return guests_of(training=self.training.pk)

    @cached_property
    def came(self) -> int:
        marked = sum(number for (number,) in number_came(training=self.training.pk))
        return marked + len(self.guests)

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
        among = [each.pk for each in projects]
        asked = dict(invited_by_project(**self.about, projects=among))
        came = dict(came_by_project(training=self.training.pk, projects=among))
        rows = [Figures(each, asked.get(each.pk, 0), came.get(each.pk, 0)) for each in projects]
        if not self.is_many:
            rows.sort(key=lambda row: row.came / row.invited if row.invited else 1)
        page.object_list = rows
        return page

    @property
    def figures_size(self) -> int:
        return FIGURES_SIZE if self.is_many else MOST_CHOICES
