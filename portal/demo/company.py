"""The demo's people and projects, brought in by the staff import; who may sign in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, product
from random import Random
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from organization.errors import Refused
from organization.lists import ListRow
from organization.models import Post, Project, Specialty, User
from organization.roles import PROJECT_LEADERS, Role
from organization.staff import import_staff
from portal.demo.content import texts

# Besides the administrator, whoever enters score sheets in the admin site.
STAFF_ROLES = {Role.ADMINISTRATOR, Role.MANAGEMENT_CENTER, Role.SPECIALTY_LEAD}
# So that the demo can also be seen by who carries the work out.
SIGN_IN_TOO = {"p01-order-head", "p01-environment-1"}
# Ruling 10: one person, one outcome in a project; posts in two projects count in each.
LEADS_A_TEAM_TOO = {("P02", "customer_service"), ("P05", "order")}
HEADS_ALSO = {("P04", "facilities"): ("P02", "facilities")}
# Deputies who are in charge of some specialties only, each by a post of its own.
IN_CHARGE = {"P03": ("facilities", "order"), "P07": ("customer_service", "environment")}


class Account(NamedTuple):
    """Somebody who can sign in to the demo; `role` is the highest post's code."""

    username: str
    name: str
    role: str


def accounts() -> list[Account]:
    """The demo's accounts, those of the highest posts first."""
    posts = Post.objects.current().filter(user__is_demo=True).select_related("user")
    found: dict[str, Account] = {}
    for post in sorted(posts, key=lambda post: (Role(post.role).rank, post.user.username)):
        name = post.user.username
        found.setdefault(name, Account(name, post.user.name, post.role))
    return list(found.values())


# --- the lists that are imported -----------------------------------------------------------


def projects(number: int, rng: Random) -> list[dict]:
    """The twelve of the fixtures, then invented ones: P13, P14 …"""
    known = texts()["projects"]
    return [*known, *more_projects(number - len(known), rng)][:number]


def more_projects(number: int, rng: Random) -> Iterator[dict]:
    words = texts()["more_projects"]
    pairs = list(product(words["places"], words["endings"]))
    rng.shuffle(pairs)
    names = (
        (place + ending + stage, ending)
        for stage in ["", *words["stages"], *map(str, range(10, 10 + max(number, 0)))]
        for place, ending in pairs
    )
    for place, (name, ending) in zip(range(13, 13 + number), names, strict=False):
        yield {
            "code": f"P{place:02}",
            "name": name,
            "region": rng.choice(texts()["regions"]),
            "kind": words["endings"][ending],
            "area": rng.randrange(32000, 240000, 100),
        }


def names(rng: Random) -> Iterator[str]:
    """The pool in some order; when it is empty, its family and given names put together anew."""
    pool = texts()["people"]["pool"]
    yield from rng.sample(pool, len(pool))
    for _round in count():
        for family, given in zip(rng.sample(pool, len(pool)), pool, strict=True):
            yield family[0] + given[1:]


def staff_rows(listed: list[dict], rng: Random) -> list[ListRow]:
    """One row for each post, as an administrator's file would have them."""
    spare = names(rng)
    rows = [company_row(person) for person in texts()["people"]["company"]]
    for project in listed:
        rows += project_rows(project, spare, rng)
    known = {(row["project_code"], row["department"], row["role"]): row for row in rows}
    for place, also in HEADS_ALSO.items():
        rows += heads_also(known, place, also)
    return rows


def company_row(person: dict) -> ListRow:
    return row(
        person["username"],
        person["name"],
        person["role"],
        specialty=person.get("specialty", ""),
        department=person["department"],
    )


def row(username: str, name: str, role: str, project: dict | None = None, **more) -> ListRow:
    values = {"username": username, "name": name, "role": role, "email": f"{username}@example.com"}
    if project:
        values |= {
            "project_code": project["code"],
            "project_name": project["name"],
            "region": project["region"],
            "kind": project["kind"],
            "area": str(project["area"]),
        }
    return ListRow(values | more)


def project_rows(project: dict, spare: Iterator[str], rng: Random) -> Iterator[ListRow]:
    number = project["code"][1:]
    manager = project.get("manager") or next(spare)
    deputy = project.get("deputy") or next(spare)
    yield row(f"pm{number}", manager, Role.PROJECT_MANAGER, project)
    for specialty in IN_CHARGE.get(project["code"], ("",)):
        yield row(
            f"deputy{number}", deputy, Role.DEPUTY_PROJECT_MANAGER, project, specialty=specialty
        )
    for department in departments_of(project):
        yield from department_rows(project, department, spare, rng)


def departments_of(project: dict) -> list[dict]:
    without = project.get("without", ())
    return [each for each in texts()["departments"] if each["specialty"] not in without]


def department_rows(project, department, spare: Iterator[str], rng: Random) -> Iterator[ListRow]:
    """A head, and one or two who work there; some of them lead a team."""
    specialty = department["specialty"]
    place = {"specialty": specialty, "department": department["name"]}
    prefix = f"{project['code'].lower()}-{specialty.split('_')[0]}"
    head, name = f"{prefix}-head", next(spare)
    if (project["code"], specialty) not in HEADS_ALSO:
        yield row(head, name, Role.DEPARTMENT_HEAD, project, **place)
    if (project["code"], specialty) in LEADS_A_TEAM_TOO:
        yield row(head, name, Role.TEAM_LEADER, project, **place)
    roles = rng.choice([[Role.TEAM_LEADER], [Role.EMPLOYEE], [Role.TEAM_LEADER, Role.EMPLOYEE]])
    for number, role in enumerate(roles, 1):
        yield row(f"{prefix}-{number}", next(spare), role, project, **place)


def heads_also(known: dict, place: tuple[str, str], also: tuple[str, str]) -> list[ListRow]:
    """The head of another project's department heads this one as well, if both are there."""
    department = next(d["name"] for d in texts()["departments"] if d["specialty"] == place[1])
    theirs = known.get((also[0], department, Role.DEPARTMENT_HEAD))
    project = next((p for p in texts()["projects"] if p["code"] == place[0]), None)
    if not theirs or not any(code == place[0] for code, _department, _role in known):
        return []
    return [
        row(
            theirs["username"],
            theirs["name"],
            Role.DEPARTMENT_HEAD,
            project,
            specialty=place[1],
            department=department,
        )
    ]


# --- who they are once they are in ---------------------------------------------------------


@dataclass
class Team:
    """A project's people: who leads it, and of each specialty the head and those who work there."""

    manager: User | None = None
    deputy: User | None = None
    workers: dict[str, list[User]] = field(default_factory=dict)


@dataclass
class Cast:
    """Everybody in the demo, by what they do."""

    people: dict[str, User]
    projects: list[Project]
    specialties: dict[str, Specialty] = field(default_factory=dict)
    leads: dict[str, User] = field(default_factory=dict)
    teams: dict[int, Team] = field(default_factory=dict)

    def __getattr__(self, username: str) -> User:
        """The company's own by their usernames: president, exec, center, auditor, admin."""
        try:
            return self.__dict__["people"][username]
        except KeyError:
            raise AttributeError(username) from None


def bring_in(number: int, rng: Random, *, at: datetime) -> Cast:
    """Import projects and staff, and let the accounts of the demo sign in.

    Raises Refused rather than touch people or projects that are there already.
    """
    rows = staff_rows(projects(number, rng), rng)
    check_strangers(rows)
    imported = import_staff(rows=rows, by="command", at=at)
    open_accounts({row["username"] for row in rows if has_account(row)})
    return cast_of(sorted(imported.entered, key=lambda project: int(project.code[1:])))


def check_strangers(rows: list[ListRow]) -> None:
    codes, usernames = ({row[column] for row in rows} for column in ("project_code", "username"))
    taken = [*User.objects.filter(username__in=usernames).values_list("username", flat=True)]
    taken += Project.objects.filter(code__in=codes).values_list("code", flat=True)
    if taken:
        words = {"taken": _("、").join(sorted(taken)[:5])}
        raise Refused(_("演示用的人员或项目已被占用：%(taken)s。") % words, code="taken")


def has_account(row: ListRow) -> bool:
    """The company's people, who leads a project, and of one project a head and an employee."""
    if row["username"] in SIGN_IN_TOO:
        return True
    return not row["project_code"] or row["role"] in PROJECT_LEADERS


def open_accounts(usernames: set[str]) -> None:
    """They share one password, and so one hash: making it takes long on purpose."""
    password = make_password(settings.DEMO_PASSWORD)
    people = User.objects.filter(username__in=usernames)
    people.update(is_demo=True, password=password)
    posts = Post.objects.filter(role__in=STAFF_ROLES)
    people.filter(posts__in=posts).update(is_staff=True)


def cast_of(entered: list[Project]) -> Cast:
    posts = Post.objects.select_related("user", "specialty").order_by("pk")
    company = posts.filter(project=None, user__is_demo=True)
    cast = Cast({post.user.username: post.user for post in company}, entered)
    cast.specialties = {each.code: each for each in Specialty.objects.all()}
    cast.leads = {p.specialty.code: p.user for p in company if p.role == Role.SPECIALTY_LEAD}
    cast.teams = {project.pk: Team() for project in entered}
    for post in posts.filter(project__in=entered):
        place(cast.teams[post.project_id], post)
    return cast


def place(team: Team, post: Post) -> None:
    if post.role == Role.PROJECT_MANAGER:
        team.manager = post.user
    elif post.role == Role.DEPUTY_PROJECT_MANAGER:
        team.deputy = post.user
    else:
        there = team.workers.setdefault(post.specialty.code, [])
        if post.role == Role.DEPARTMENT_HEAD:
            there.insert(0, post.user)
        elif post.user not in there:
            there.append(post.user)
