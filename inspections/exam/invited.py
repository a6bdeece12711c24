"""Who is invited to an exam: a specialty's people by projects and roles, or those of a retake."""

from collections.abc import Iterable, Iterator, Sequence

from campaign.models import Campaign
from campaign.telling import BATCH
from inspections.models import Exam, Seat
from organization.models import Post, Project, Specialty, User
from organization.roles import PROJECT_ROLES, Role


def posts_invited(
    campaign: Campaign,
    specialty: Specialty,
    *,
    projects: Iterable[Project],
    roles: Sequence[str],
    is_for_all: bool = False,
) -> list[Post]:
    """One post a person, the highest: current ones of the specialty in these projects."""
    posts = Post.objects.current().filter(project__in=projects, user__is_active=True)
    posts = posts.filter(project__participations__campaign=campaign)
    posts = posts.of(*(roles or PROJECT_ROLES))
    if not is_for_all:
        posts = posts.filter(specialty=specialty)
    found: dict[int, Post] = {}
    for post in sorted(
        posts.select_related("user"), key=lambda post: (Role(post.role).rank, post.pk)
    ):
        found.setdefault(post.user_id, post)
    return list(found.values())


def seats_for(exam: Exam, posts: Iterable[Post]) -> list[Seat]:
    return [
        Seat(
            exam=exam,
            person=post.user,
            name=str(post.user)[:60],
            project_id=post.project_id,
            role=post.role,
            department=post.department,
        )
        for post in posts
    ]


def seats_again(exam: Exam, before: Iterable[Seat]) -> list[Seat]:
    """The same people as in another exam, with or without an account."""
    kept = ("person_id", "name", "project_id", "role", "department")
    return [Seat(exam=exam, **{name: getattr(each, name) for name in kept}) for each in before]


def accounts_of(exam: Exam) -> Iterator[User]:
    """Who is to be told of it, read by the thousand: it may be the whole company."""
    return User.objects.filter(exam_seats__exam=exam, is_active=True).iterator(BATCH)
