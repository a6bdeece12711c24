"""The next post up, and the one above it: pure, from the posts that people hold now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from organization.roles import PROJECT_ROLES, Role

# From the bottom to the top; an employee stands below it, a specialty's lead beside a project.
LADDER = (
    Role.TEAM_LEADER,
    Role.DEPARTMENT_HEAD,
    Role.DEPUTY_PROJECT_MANAGER,
    Role.PROJECT_MANAGER,
    Role.MANAGEMENT_CENTER,
    Role.EXECUTIVE,
)
OF_A_DEPARTMENT = (Role.TEAM_LEADER, Role.DEPARTMENT_HEAD)


@dataclass(frozen=True)
class Place:
    """A post as the ladder sees it."""

    person: int
    role: str
    project: int | None = None
    department: str = ""
    specialty: int | None = None


def roles_above(role: str) -> Sequence[str]:
    if role == Role.EMPLOYEE:
        return LADDER
    if role == Role.SPECIALTY_LEAD:
        return (Role.MANAGEMENT_CENTER, Role.EXECUTIVE)
    return LADDER[LADDER.index(role) + 1 :] if role in LADDER else ()


def is_above(boss: Place, place: Place) -> bool:
    """Whether a post of a higher role answers for this one.

    Within a project heads and leaders are those of the same department, or of all when theirs
    names none; a deputy that of the same specialty, or of all.
    """
    if boss.role not in PROJECT_ROLES:
        return True
    if boss.project != place.project:
        return False
    if boss.role in OF_A_DEPARTMENT:
        return boss.department in ("", place.department)
    both = (boss.specialty, place.specialty)
    return boss.role == Role.PROJECT_MANAGER or None in both or boss.specialty == place.specialty


def steps_above(place: Place, others: Iterable[Place], but: frozenset[int]) -> list[set[int]]:
    """Who is told at each step up from a post; vacant steps are passed over.

    Those in `but` have to act themselves: they know. Nobody stands on two steps.
    """
    above = [each for each in others if each.person not in but and is_above(each, place)]
    steps, known = [], set(but)
    for role in roles_above(place.role):
        step = {each.person for each in above if each.role == role} - known
        if step:
            steps.append(step)
            known |= step
    return steps


def place_of(person: int, project: int | None, posts: Iterable[Place]) -> Place | None:
    """The post by which somebody acts in a project, or in the company; of several the highest."""
    mine = [post for post in posts if post.person == person]
    here = [post for post in mine if post.project == project] or mine
    return min(here, key=lambda post: Role(post.role).rank, default=None)
