"""What a reader of the league table asks for: filters, a sort, a page; all of it in the address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organization.models import Post, ProjectKind
from organization.roles import Role

PROVISIONAL = "none"  # the chip of the projects without a band
COMPOSITE, PROJECT, BAND, REGION = "composite", "project", "band", "region"
# changes against the project's own score and against the campaign before
OWN, LAST = "own-change", "last-change"
FIXED = frozenset((COMPOSITE, PROJECT, BAND, REGION, OWN, LAST))
SEARCH_LENGTH = 60


class Size(models.TextChoices):
    """Sizes of projects by their area in square metres; `of` says where each begins and ends."""

    SMALL = "small", _("5 万平方米以下")
    MEDIUM = "medium", _("5 万至 15 万平方米")
    LARGE = "large", _("15 万平方米及以上")
    UNKNOWN = "unknown", _("面积未填")

    @property
    def of(self) -> Q:
        """The standings of projects of this size."""
        return {
            Size.SMALL: Q(project__area__lt=50_000),
            Size.MEDIUM: Q(project__area__gte=50_000, project__area__lt=150_000),
            Size.LARGE: Q(project__area__gte=150_000),
            Size.UNKNOWN: Q(project__area__isnull=True),
        }[self]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a reader wants to see: a band (or PROVISIONAL), filters, a sort, a page.

    `kind` is a league of its own: projects of one kind with ranks among themselves. `person` is
    a part of a project manager's name. `sort` is one of FIXED or a specialty's code, with a
    minus for the largest first.
    """

    band: str = ""
    region: str = ""
    kind: str = ""
    size: str = ""
    person: str = ""
    search: str = ""
    sort: str = f"-{COMPOSITE}"
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether it leaves less than a league: the company's, or that of a kind."""
        return bool(self.region or self.size or self.person or self.search)

    @property
    def is_plain(self) -> bool:
        """Whether it shows the head of a league as it stands."""
        return self == Ask(kind=self.kind)

    def league_of(self, standings):
        """The standings of the league that it looks at."""
        return standings.filter(project__kind=self.kind) if self.kind else standings

    def narrowed(self, standings):
        """The standings that the filters leave, except the one by band."""
        standings = self.league_of(standings)
        if self.region:
            standings = standings.filter(project__region=self.region)
        if self.size:
            standings = standings.filter(Size(self.size).of)
        if self.person:
            standings = standings.filter(project__in=managed_by(self.person))
        if self.search:
            word = self.search
            standings = standings.filter(
                Q(project__name__icontains=word) | Q(project__code__icontains=word)
            )
        return standings


def managed_by(name: str):
    """Projects whose manager's name has this in it, of those in the post now."""
    posts = Post.objects.current().of(Role.PROJECT_MANAGER).exclude(project=None)
    return posts.filter(user__name__icontains=name).values("project")


def read_ask(params: Mapping[str, str], bands: Collection[str], rubrics: Collection[str]) -> Ask:
    """What the address asks for; anything unknown is passed over."""
    sort, page = params.get("sort", ""), params.get("page", "")
    ask = Ask(
        band=known(params.get("band"), {PROVISIONAL, *bands}),
        region=words(params.get("region")),
        kind=known(params.get("kind"), ProjectKind.values),
        size=known(params.get("size"), Size.values),
        person=words(params.get("person")),
        search=words(params.get("q")),
        page=max(int(page), 1) if page.isdecimal() and len(page) < 7 else 1,
    )
    return replace(ask, sort=sort) if sort.removeprefix("-") in {*FIXED, *rubrics} else ask


def known(value: str | None, among: Collection[str]) -> str:
    return value if value and value in among else ""


def words(value: str | None) -> str:
    return (value or "").strip()[:SEARCH_LENGTH]
