"""How many of a project's people have notes on file (the plan: every employee keeps notes)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaign.models import Campaign, Evidence, NotesOnFile, Obligation, Participation
from campaign.words import EvidenceKind
from organization.models import Post, Project, User
from organization.prepared import prepared
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
    place = {each.pk: each.project_id for each in asked}
    there, heads = on_file(place), Heads.of(asked[0].campaign_id, set(place.values()))
    return {
        each: heads.covered(project, there.people[each], there.others[each])
        for each, project in place.items()
    }


def put_together(marked: int, others: int, heads: tuple[int, int]) -> Coverage:
    """People in the system one by one, the others as a number, never more than there are."""
    people, stated = heads
    headcount = max(people, stated)
    return Coverage(marked + min(others, headcount - people), headcount, people)


@dataclass(frozen=True)
class OnFile:
    """By obligation: people with a mark on a standing file, and how many others its files name."""

    people: dict[int, set[int]]
    others: dict[int, int]


def on_file(obligations: Iterable[int]) -> OnFile:
    """Two queries that read these obligations' rows and no other's, put together here.

    Joined in the database it reads everybody's posts, and at ten thousand projects every mark.
    """
    return with_marks(files_of(obligations=list(obligations)))


def on_file_in(campaign: int, projects: Iterable[int]) -> OnFile:
    """The same of all obligations of these projects in a campaign, by fewer values than these."""
    return with_marks(files_in(campaign=campaign, projects=list(projects)))


def with_marks(files: Iterable[tuple]) -> OnFile:
    found, place = OnFile(defaultdict(set), defaultdict(int)), {}
    for file, obligation, others, newer in files:
        if newer is None:  # not asked of the database: SQLite would go by it, through most rows
            place[file] = obligation
            found.others[obligation] += others
    for file, person in marks_on(files=in_steps(place)):
        found.people[place[file]].add(person)
    return found


def in_steps(keys: Iterable[int]) -> list[int]:
    """Made up to the next ten by one that there is not: a statement is kept for each length."""
    found = list(keys)
    return found + [0] * (-len(found) % 10)


def notes_in(obligations: dict) -> QuerySet[Evidence]:
    notes = Evidence.objects.filter(kind=EvidenceKind.NOTES, withdrawn_at__isnull=True)
    columns = "pk", "obligation", "others", "replaced_by"
    return notes.filter(**obligations).order_by().values_list(*columns)


def files(*, obligations) -> QuerySet[Evidence]:
    return notes_in({"obligation__pk__in": obligations})


def files_of_projects(*, campaign, projects) -> QuerySet[Evidence]:
    owed = {"obligation__campaign__pk": campaign, "obligation__project__pk__in": projects}
    return notes_in(owed)


def marks(*, files) -> QuerySet[NotesOnFile]:
    found = NotesOnFile.objects.filter(evidence__pk__in=files, unmarked_at__isnull=True)
    return found.order_by().values_list("evidence", "person")


files_of = prepared(files, {"obligations": Obligation._meta.pk})
files_in = prepared(
    files_of_projects, {"campaign": Campaign._meta.pk, "projects": Project._meta.pk}
)
marks_on = prepared(marks, {"files": Evidence._meta.pk})


@dataclass(frozen=True)
class Heads:
    """By project: who is there in the system, and the number that it states."""

    people: dict[int, set[int]]
    stated: dict[int, int]

    @classmethod
    def of(cls, campaign: int, projects: Iterable[int]) -> "Heads":
        projects, people = list(projects), defaultdict(set)
        for project, person in people_in(projects=projects):
            people[project].add(person)
        return cls(people, dict(stated_by(campaign=campaign, projects=projects)))

    def covered(self, project: int, marked: set[int], others: int) -> Coverage:
        here = self.people.get(project, set())
        heads = len(here), self.stated.get(project, 0)
        return put_together(len(marked & here), others, heads)


def people(*, projects) -> QuerySet[Post]:
    posts = Post.objects.current().filter(project__pk__in=projects, user__is_active=True)
    return posts.order_by().values_list("project", "user")


def stated(*, campaign, projects) -> QuerySet[Participation]:
    parts = Participation.objects.filter(campaign__pk=campaign, project__pk__in=projects)
    return parts.filter(headcount__isnull=False).order_by().values_list("project", "headcount")


people_in = prepared(people, {"projects": Project._meta.pk})
stated_by = prepared(stated, {"campaign": Campaign._meta.pk, "projects": Project._meta.pk})


def project_totals(campaign: Campaign, projects: Iterable[int]) -> dict[int, Coverage]:
    """Who of each project has notes on file anywhere in the campaign; a fixed number of queries."""
    projects = list(projects)
    owed = campaign.obligations.filter(project__in=projects).order_by()
    place = dict(owed.values_list("pk", "project"))
    return totals_in(projects, place, on_file(place), Heads.of(campaign.pk, projects))


def totals_in(
    projects: list[int], place: dict[int, int], there: OnFile, heads: Heads
) -> dict[int, Coverage]:
    """The same, of obligations of which the project is known.

    Others are only a number in each obligation, so the largest of them counts.
    """
    people, others = defaultdict(set), defaultdict(int)
    for obligation, marked in there.people.items():
        people[place[obligation]] |= marked
    for obligation, number in there.others.items():
        others[place[obligation]] = max(others[place[obligation]], number)
    return {each: heads.covered(each, people[each], others[each]) for each in projects}


@dataclass(frozen=True)
class Department:
    name: str
    people: list[User]


def departments(project: Project, *, without: Iterable[int] = ()) -> list[Department]:
    """A project's people under the department of their highest post, each once."""
    return by_department(posts_in(project=project.pk), without=without)


def by_department(posts: Iterable[Post], *, without: Iterable[int]) -> list[Department]:
    left_out, found = set(without), {}
    for post in sorted(posts, key=lambda post: Role(post.role).rank):
        if post.user_id not in left_out:
            left_out.add(post.user_id)
            found.setdefault(post.department or _("项目部"), []).append(post.user)
    return [Department(name, people) for name, people in sorted(found.items())]


def posts(*, project) -> QuerySet[Post]:
    held = Post.objects.current().filter(project__pk=project, user__is_active=True)
    return held.select_related("user")


posts_in = prepared(posts, {"project": Project._meta.pk})


@dataclass(frozen=True)
class Notes:
    """Of one obligation: its coverage, who of the project has none on file, by department, and how
    many people's each file has, by the evidence's id.
    """

    coverage: Coverage
    lacking: list[Department]
    by_file: dict[int, int]


def notes_of(obligation: Obligation) -> Notes:
    """Three queries, and what the obligation's files are."""
    project = obligation.project_id
    others = {
        each.pk: each.others
        for each in obligation.evidence.all()
        if each.kind == EvidenceKind.NOTES and each.stands
    }
    held = posts_in(project=project)
    here, by_file = {post.user_id for post in held}, defaultdict(set)
    for file, person in marks_on(files=in_steps(others)):
        if person in here:
            by_file[file].add(person)
    there = set().union(*by_file.values())
    said = dict(stated_by(campaign=obligation.campaign_id, projects=[project]))
    return Notes(
        put_together(len(there), sum(others.values()), (len(here), said.get(project, 0))),
        by_department(held, without=there),
        {file: len(people) for file, people in by_file.items()},
    )
