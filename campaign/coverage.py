"""How many of a project's people have notes on file (the plan: every employee keeps notes)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Sum
from django.utils.translation import gettext as _

from campaign.models import Campaign, Evidence, NotesOnFile, Obligation, Participation
from campaign.words import EvidenceKind
from organization.models import Post, Project, User
from organization.roles import Role


@dataclass(frozen=True)
class Coverage:
    """`covered` of `headcount` people have notes on file; `people` of them are in the system."""

    covered: int = 0
    headcount: int = 0
    people: int = 0

    @property
    def percent(self) -> int:
        """Rounded down: 100 means everybody."""
        return self.covered * 100 // self.headcount if self.headcount else 0

    @property
    def is_complete(self) -> bool:
        return bool(self.headcount) and self.covered >= self.headcount

    @property
    def lacking(self) -> int:
        return self.headcount - self.covered


def staff_of(project: Project) -> QuerySet[User]:
    """Whoever holds a post in the project now."""
    posts = Post.objects.current().filter(project=project)
    return User.objects.filter(is_active=True, posts__in=posts).distinct()


def coverage_of(obligation: Obligation) -> Coverage:
    return coverages([obligation])[obligation.pk]


def coverages(obligations: Iterable[Obligation]) -> dict[int, Coverage]:
    """The coverage of each that asks for notes, by its id; a fixed number of queries."""
    asked = [each for each in obligations if each.asks_for_notes]
    if not asked:
        return {}
    marked, others = marked_in(asked), others_in(asked)
    heads = headcounts(asked[0].campaign_id, {each.project_id for each in asked})
    return {
        each.pk: put_together(
            marked.get(each.pk, 0), others.get(each.pk, 0), heads[each.project_id]
        )
        for each in asked
    }


def put_together(marked: int, others: int, heads: tuple[int, int]) -> Coverage:
    """People in the system one by one, the others as a number, never more than there are."""
    people, stated = heads
    headcount = max(people, stated)
    return Coverage(marked + min(others, headcount - people), headcount, people)


def marks() -> QuerySet[NotesOnFile]:
    """Marks that count: on a standing file, of somebody who is in that project now."""
    return NotesOnFile.objects.filter(
        unmarked_at__isnull=True,
        evidence__kind=EvidenceKind.NOTES,
        evidence__withdrawn_at__isnull=True,
        evidence__replaced_by__isnull=True,
        person__is_active=True,
        person__posts__until__isnull=True,
        person__posts__project=F("evidence__obligation__project"),
    )


def marked_in(obligations: list[Obligation]) -> dict[int, int]:
    rows = marks().filter(evidence__obligation__in=obligations)
    counted = rows.values("evidence__obligation").annotate(n=Count("person", distinct=True))
    return dict(counted.values_list("evidence__obligation", "n"))


def others_in(obligations: list[Obligation]) -> dict[int, int]:
    files = Evidence.objects.standing().filter(
        kind=EvidenceKind.NOTES, obligation__in=obligations, others__gt=0
    )
    counted = files.order_by().values("obligation").annotate(n=Sum("others"))
    return dict(counted.values_list("obligation", "n"))


def headcounts(campaign: int, projects: Iterable[int]) -> dict[int, tuple[int, int]]:
    """People in the system and the number that the project states (0 if none), by project."""
    posts = Post.objects.current().filter(project__in=projects, user__is_active=True)
    counted = posts.order_by().values("project").annotate(n=Count("user", distinct=True))
    people = dict(counted.values_list("project", "n"))
    stated = Participation.objects.filter(
        campaign=campaign, project__in=projects, headcount__isnull=False
    )
    numbers = dict(stated.values_list("project", "headcount"))
    return {each: (people.get(each, 0), numbers.get(each, 0)) for each in projects}


def project_totals(campaign: Campaign, projects: Iterable[int]) -> dict[int, Coverage]:
    """Who of each project has notes on file anywhere in the campaign; a fixed number of queries.

    Others are only a number in each obligation, so the largest of them counts.
    """
    projects = list(projects)
    rows = marks().filter(
        evidence__obligation__campaign=campaign, evidence__obligation__project__in=projects
    )
    counted = rows.values("evidence__obligation__project").annotate(
        n=Count("person", distinct=True)
    )
    marked = dict(counted.values_list("evidence__obligation__project", "n"))
    others: dict[int, int] = defaultdict(int)
    owed = campaign.obligations.filter(project__in=projects)
    place = dict(owed.values_list("pk", "project"))
    for obligation, number in others_in(list(place)).items():
        others[place[obligation]] = max(others[place[obligation]], number)
    heads = headcounts(campaign.pk, projects)
    return {each: put_together(marked.get(each, 0), others[each], heads[each]) for each in projects}


@dataclass(frozen=True)
class Department:
    name: str
    people: list[User]


def departments(project: Project, *, without: Iterable[int] = ()) -> list[Department]:
    """A project's people under the department of their highest post, each once."""
    posts = Post.objects.current().filter(project=project, user__is_active=True)
    left_out, found = set(without), {}
    for post in sorted(posts.select_related("user"), key=lambda post: Role(post.role).rank):
        if post.user_id not in left_out:
            left_out.add(post.user_id)
            found.setdefault(post.department or _("项目部"), []).append(post.user)
    return [Department(name, people) for name, people in sorted(found.items())]


def lacking_notes(obligation: Obligation) -> list[Department]:
    """Who of the project has no notes on file for this obligation, by department."""
    there = marks().filter(evidence__obligation=obligation)
    return departments(obligation.project, without=there.values_list("person", flat=True))


def marked_by_file(obligation: Obligation) -> dict[int, int]:
    """How many people's notes each file of notes has, by the evidence's id."""
    counted = marks().filter(evidence__obligation=obligation).values("evidence")
    return dict(counted.annotate(n=Count("person", distinct=True)).values_list("evidence", "n"))
