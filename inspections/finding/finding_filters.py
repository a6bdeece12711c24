"""What stands in the address of the list of findings, and what each part of it leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from campaign.regions import regions_in, regions_of
from campaign.taking_part import projects_of
from inspections.models import Finding
from inspections.words import RootCause, Source
from organization.clock import local_day
from organization.models import Project, Specialty, User
from organization.project_choice import ProjectChoice
from organization.specialties import every_specialty

SOON = timedelta(days=7)
SIZES = (20, 50, 100)
MOST_LETTERS = 100
OPEN = Q(rectified_at__isnull=True, verified_at__isnull=True)
WORDS_IN = ("problem", "measure", "rectification", "root_cause_text")
BY_DUE = ("due", "project__code", "position", "pk")


@dataclass(frozen=True)
class Tab:
    """A state to look at: `order` is that of its list where nothing else is asked for."""

    word: object
    order: tuple[str, ...] = BY_DUE
    always: bool = True  # shown also when nothing is in it


TABS = {
    "open": Tab(_("整改中")),
    "today": Tab(_("今天到期"), always=False),
    "soon": Tab(_("7 天内到期")),
    "overdue": Tab(_("逾期")),
    "reopened": Tab(_("已重开"), ("reopened_at", "pk"), always=False),
    "waiting": Tab(_("待验证"), ("rectified_at", "pk")),
    "verified": Tab(_("已验证"), ("-verified_at", "pk")),
    "later": Tab(_("7 天以后到期"), always=False),
    "all": Tab(_("全部"), ("project__code", "position", "opened_at", "pk")),
}
SORTS = {
    "problem": ("problem",),
    "project": ("project__code", "position"),
    "specialty": ("specialty__order", "due"),
    "person": ("responsible__name", "due"),
    "due": ("due",),
}


def conditions(today: date, soon: date | None = None) -> dict[str, Q]:
    """Tab -> what is in it on a day; later, soon, overdue, waiting and verified are a whole."""
    soon = today + SOON if soon is None else soon
    return {
        "open": OPEN,
        "today": OPEN & Q(due=today),
        "soon": OPEN & Q(due__gte=today, due__lte=soon),
        "overdue": OPEN & Q(due__lt=today),
        "reopened": OPEN & Q(reopened_at__isnull=False),
        "later": OPEN & (Q(due__gt=soon) | Q(due=None)),
        "waiting": Q(rectified_at__isnull=False, verified_at__isnull=True),
        "verified": Q(verified_at__isnull=False),
        "all": Q(),
    }


@dataclass(frozen=True)
class Asked:
    """The filters as they were asked for; what makes no sense is as if it were not there."""

    show: str = "open"
    sort: str = ""
    size: int = SIZES[0]
    is_board: bool = False
    project: str = ""
    region: str = ""
    specialty: str = ""
    person: str = ""
    source: str = ""
    cause: str = ""
    repeat: bool = False
    text: str = field(default="", metadata={"key": "q"})

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        def said(name: str) -> str:
            return query.get(name, "").strip()[:MOST_LETTERS]

        size = said("size")
        return cls(
            show=one_of(TABS, said("show")) or "open",
            sort=said("sort") if said("sort").removeprefix("-") in SORTS else "",
            size=int(size) if size in map(str, SIZES) else SIZES[0],
            is_board=said("view") == "board",
            source=one_of(Source.values, said("source")),
            cause=one_of([*RootCause.values, "none"], said("cause")),
            repeat=said("repeat") == "1",
            text=said("q"),
            **{name: said(name) for name in ("project", "region", "specialty", "person")},
        )


def one_of(known, text: str) -> str:
    return text if text in known else ""


class Narrowing:
    """The findings in force that a reader may see, without those that the filters leave out."""

    def __init__(self, campaign, reader: User, asked: Asked, at: datetime):
        self.campaign, self.reader, self.asked = campaign, reader, asked
        self.conditions = conditions(local_day(at))

    @cached_property
    def visible(self) -> QuerySet[Finding]:
        return Finding.objects.opened().filter(campaign=self.campaign).visible_to(self.reader)

    @property
    def project(self) -> Project | None:
        return self.choice.chosen

    @cached_property
    def choice(self) -> ProjectChoice:
        read = self.read_entered if self.reader.sees_company else None
        return ProjectChoice(self.entered, self.asked.project, read)

    def read_entered(self, most: int) -> list[tuple]:
        return projects_of(campaign=self.campaign.pk, most=most)

    @cached_property
    def entered(self) -> QuerySet[Project]:
        found = Project.objects.filter(participations__campaign=self.campaign)
        return found if self.reader.sees_company else found.filter(pk__in=self.reader.project_ids)

    @cached_property
    def regions(self) -> Sequence[str]:
        if self.choice.is_list:
            return sorted({each.region for each in self.choice.projects if each.region})
        if self.reader.sees_company:
            return regions_of(self.campaign.pk)
        return regions_in(self.entered)

    @cached_property
    def specialties(self) -> list[Specialty]:
        return every_specialty()

    @cached_property
    def specialty(self) -> Specialty | None:
        asked = self.asked.specialty
        return next((each for each in self.specialties if each.code == asked), None)

    @cached_property
    def person(self) -> User | None:
        text = self.asked.person
        is_key = text.isdecimal() and len(text) < 18  # longer ones overflow the database's integers
        return User.objects.filter(pk=text).first() if is_key else None

    @cached_property
    def narrowed(self) -> QuerySet[Finding]:
        """Everything but the state."""
        found, asked = self.visible, self.asked
        named = {"project": self.project, "specialty": self.specialty, "responsible": self.person}
        if asked.region in self.regions:
            named["project__region"] = asked.region
        named |= {"source": asked.source, "root_cause": asked.cause}
        if wanted := {name: value for name, value in named.items() if usable(value)}:
            found = found.filter(**wanted)
        if self.choice.is_part:
            found = found.filter(self.choice.like("project__"))
        if asked.cause == "none":
            found = found.filter(root_cause="")
        if asked.repeat:
            found = found.repeated()
        return found.filter(having(asked.text)) if asked.text else found

    def of(self, tab: str) -> QuerySet[Finding]:
        return self.narrowed.filter(self.conditions[tab])


def usable(value) -> bool:
    return bool(value) and value != "none"


def having(text: str) -> Q:
    """In any of the texts; the words of a person, so no pattern of theirs means anything."""
    found = Q()
    for name in WORDS_IN:
        found |= Q(**{f"{name}__icontains": text})
    return found
