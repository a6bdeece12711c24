"""What a settlement is drawn up from: outcomes that are certain, and cases for a decision.

Pure reading. The rules say what a person with a post gets. Where somebody came or went between
the campaign's start and the day on which posts count, where a post is vacant, or a person has
none, they don't: that becomes a case.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Min, Q

from campaign.models import Campaign
from organization.clock import local_day
from organization.models import Post, Project, User
from organization.plain import plain
from organization.roles import PROJECT_ROLES, Role
from rewards.models import CaseKind
from rewards.rules import (
    RANKS,
    Outcome,
    Terms,
    final_standings,
    personal,
    team_outcome,
    terms_of,
)
from scoring.models import Standing


class Person(NamedTuple):
    """Somebody, without a model's weight: a settlement reads tens of thousands."""

    pk: int
    username: str
    name: str

    def __str__(self):
        return self.name


class Held(NamedTuple):
    """A post in a project that somebody held from a day to a day."""

    person: Person
    role: str
    department: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Found:
    """A case as the records have it; the fields are those of rewards.models.Case."""

    kind: str
    project: Project | None = None
    person: Person | None = None
    role: str = ""
    band: str = ""
    composite: Decimal | None = None
    amount: Decimal | None = None
    since: date | None = None
    until: date | None = None
    was: str = ""
    department: str = ""

    @property
    def key(self) -> str:
        """The same from one reckoning to the next, whatever the figures."""
        project = self.project.pk if self.project else ""
        person = self.person.pk if self.person else ""
        return f"{self.kind} {project} {person} {self.role} {self.department}".rstrip()

    @property
    def facts(self) -> tuple:
        """What a decision was made upon: another fact asks for another decision."""
        return (self.band, self.composite, self.amount, self.since, self.until, self.was)


@dataclass
class Reckoning:
    certain: list[Outcome] = field(default_factory=list)
    cases: list[Found] = field(default_factory=list)


def reckon(*, campaign: Campaign, posts_as_of: datetime) -> Reckoning:
    """Everybody's outcome that follows from the rules alone, and the cases that don't.

    A fixed number of queries, whatever the size of the campaign.
    """
    terms, day, start = terms_of(campaign), local_day(posts_as_of), start_of(campaign)
    posts = posts_between(campaign, start, day)
    found = Reckoning()
    for standing in final_standings(campaign):
        place = Place(standing, terms, posts[standing.project_id], start, day)
        found.certain += place.certain
        found.cases += place.cases
    found.cases += [Found(CaseKind.NO_POST, person=person) for person in without_post()]
    return found


def start_of(campaign: Campaign) -> date | None:
    """The first day of the campaign's first phase; who was there then was there all along."""
    return campaign.phases.aggregate(first=Min("start"))["first"]


def posts_between(campaign: Campaign, start: date | None, day: date) -> dict[int, list[Held]]:
    """By project, the posts in it that were held on some day from the start on; the highest first.

    Without a start, those that are held on the day.
    """
    held = Q(until__isnull=True) | Q(until__gte=start or day)
    rows = Post.objects.of(*PROJECT_ROLES).filter(held, Q(since__isnull=True) | Q(since__lte=day))
    rows = rows.filter(project__participations__campaign=campaign)
    names = ("project_id", "user_id", "user__username", "user__name", *Held._fields[1:])
    found: dict[int, list[Held]] = defaultdict(list)
    for project, pk, username, name, *held in plain(rows, *names):
        found[project].append(Held(Person(pk, username, name), *held))
    for posts in found.values():
        posts.sort(key=lambda post: (RANKS[post.role], post.person.username))
    return found


def without_post():
    """Active accounts that never had a post anywhere: nobody can say where they belong.

    Who only looks after the installation has none on purpose.
    """
    people = User.objects.filter(is_active=True, is_superuser=False, posts__isnull=True)
    rows = people.order_by("username").values_list(*Person._fields)
    return [Person(*row) for row in rows]


class Place:
    """One project: who held what on the day and at the start, read against the rules."""

    def __init__(self, standing: Standing, terms: Terms, posts: list[Held], start, day: date):
        self.standing, self.terms, self.posts = standing, terms, posts
        self.start, self.day = start, day
        self.band = terms.band_of(standing)
        self.now = self.roles_on(day)
        self.earlier = self.roles_on(start) if start else self.now
        self.certain: list[Outcome] = []
        self.cases: list[Found] = []
        for outcome in personal(standing, self.band, terms.amounts, self.now):
            self.sort(outcome)
        self.cases += [*self.left(), *self.vacant()]
        self.certain += team_outcome(standing, self.band, terms.team, terms.rounding)

    def roles_on(self, day: date) -> dict[Person, list[str]]:
        """Who held which roles on a day, the highest first."""
        held: dict[Person, list[str]] = {}
        for post in self.posts:
            if (post.since is None or post.since <= day) and (
                post.until is None or post.until >= day
            ):
                held.setdefault(post.person, []).append(post.role)
        return held

    def sort(self, outcome: Outcome) -> None:
        """Who held the post at the start too is certain; anybody else joined meanwhile."""
        before = self.earlier.get(outcome.person, [])
        if outcome.role in before:
            self.certain.append(outcome)
            return
        since = min(
            (
                post.since
                for post in self.posts
                if (post.person, post.role) == (outcome.person, outcome.role) and post.since
            ),
            default=None,
        )
        was = before[0] if before else ""
        self.cases.append(self.case(CaseKind.JOINED, outcome.role, outcome.person, since, was=was))

    def left(self) -> Iterator[Found]:
        """Who had a post that the band pays or fines, and now has none that does."""
        spoken_of = {each.person for each in [*self.certain, *self.cases]}
        paid = set(self.terms.paid_roles(self.band))
        for post in self.posts:
            person = post.person
            if not self.has_ended(post) or person in spoken_of or post.role not in paid:
                continue
            spoken_of.add(person)
            yield self.case(CaseKind.LEFT, post.role, person, post.since, until=post.until)

    def vacant(self) -> Iterator[Found]:
        """A post that the band pays or fines and nobody holds: of a manager always, any other
        where its holder has left meanwhile; not every project has every post.
        """
        held = {(post.role, post.department) for post in self.posts if not self.has_ended(post)}
        ended = {(p.role, p.department): p.until for p in self.posts if self.has_ended(p)}
        manager = str(Role.PROJECT_MANAGER)
        if not any(role == manager for role, _department in [*held, *ended]):
            ended[manager, ""] = None
        paid = set(self.terms.paid_roles(self.band))
        for (role, department), until in ended.items():
            if role in paid and (role, department) not in held:
                yield self.case(
                    CaseKind.VACANT, role, None, None, until=until, department=department
                )

    def has_ended(self, post: Held) -> bool:
        return post.until is not None and post.until < self.day

    def case(self, kind: str, role: str, person, since, *, until=None, **more) -> Found:
        return Found(
            kind=kind,
            project=self.standing.project,
            person=person,
            role=role,
            band=self.band,
            composite=self.standing.composite,
            amount=self.terms.amounts[self.band, role],
            since=since if since and self.start and since > self.start else None,
            until=until,
            **more,
        )
