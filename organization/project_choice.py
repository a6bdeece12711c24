"""One of several projects: chosen in a list, or named where there are too many to choose from."""

from collections.abc import Callable
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from organization.models import Project

COLUMNS = [field.attname for field in Project._meta.concrete_fields]
MOST_CHOICES = 300  # of more projects nobody chooses one in a list: it is named by code or name
MOST_LETTERS = 100
MOST_LIKE = 5


class ProjectChoice:
    """The project that was `asked` for among these: by its code or, of many, by its whole name.

    One query; of many, one more for what was asked for. `read` gives the first so many rows of
    `in_order` where that is put into SQL once.
    """

    def __init__(
        self,
        projects: QuerySet[Project],
        asked: str = "",
        read: Callable[[int], list[tuple]] | None = None,
    ):
        self.among, self.asked = projects, asked.strip()[:MOST_LETTERS]
        self.read = read

    @cached_property
    def rows(self) -> list[tuple]:
        """Plain ones, of which one more than can be chosen from only says that there are many."""
        most = MOST_CHOICES + 1
        return self.read(most) if self.read else list(in_order(self.among, most))

    @cached_property
    def projects(self) -> list[Project]:
        """Those to choose from; the first two where there are too many to choose from."""
        shown = self.rows if self.is_list else self.rows[:2]
        return [Project.from_db(self.among.db, COLUMNS, row) for row in shown]

    @property
    def is_list(self) -> bool:
        return len(self.rows) <= MOST_CHOICES

    @cached_property
    def chosen(self) -> Project | None:
        if not self.asked:
            return None
        if self.is_list:
            return next((each for each in self.projects if each.code == self.asked), None)
        named = self.among.filter(Q(code=self.asked) | Q(name=self.asked)).order_by("code")[:2]
        found = sorted(named, key=lambda each: each.code != self.asked)
        return found[0] if found and (len(found) == 1 or found[0].code == self.asked) else None

    @property
    def is_part(self) -> bool:
        """Whether there are many, and what was asked for is the whole name of none."""
        return bool(self.asked and not self.is_list and not self.chosen)

    def like(self, path: str = "") -> Q:
        """Those that have what was asked for in code or name; `path` leads to the project."""
        code, name = f"{path}code__icontains", f"{path}name__icontains"
        return Q(**{code: self.asked}) | Q(**{name: self.asked})

    @cached_property
    def likely(self) -> list[Project]:
        """The first of those that have it in code or name."""
        return list(self.among.filter(self.like()).order_by("code")[:MOST_LIKE])

    @property
    def objection(self) -> str:
        """Why what was asked for names nothing."""
        if not self.likely:
            return _("没有这个项目，请写它的编码或名称。")
        said = _("、").join(f"{each.code} {each}" for each in self.likely)
        return _("请写一个项目的编码或全名，例如：%(projects)s。") % {"projects": said}


def in_order(projects: QuerySet[Project], most: int) -> QuerySet:
    """The first of them by code, as plain rows."""
    return projects.order_by("code").values_list(*COLUMNS)[:most]


class ProjectField(forms.ModelChoiceField):
    """A project of a form, which its template shows as components/_project_input.html does."""

    def __init__(self, **options):
        super().__init__(Project.objects.none(), **options)

    def offer(self, projects: QuerySet[Project], asked: str | None) -> None:
        """`asked` is what stands in the field."""
        self.queryset, self.choice = projects, ProjectChoice(projects, str(asked or ""))

    def to_python(self, value):
        if value in self.empty_values or self.choice.is_list:
            return super().to_python(value)
        choice = ProjectChoice(self.queryset, str(value))
        if choice.chosen is None:
            raise ValidationError(choice.objection, code="invalid_choice")
        return choice.chosen
