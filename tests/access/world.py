"""Who asks: the demo with few projects, and a cast around one of them.

The project is P04, whose plan is being revised. Everybody is there for its facilities; who is
called "others" is there for its order.
"""

from dataclasses import dataclass, field
from datetime import datetime

from campaign.models import Campaign
from organization.models import Project, Specialty, User
from organization.roles import Role
from portal.demo import build
from tests import cast

PROJECT, ELSEWHERE = "P04", "P01"
SPECIALTY, OTHER = "facilities", "order"
DEPARTMENT = "工程部"
NOBODY = "nobody"
# who changes places with whom where a thing is of the other specialty
COUNTERPARTS = {"deputy": "deputy of others", "lead": "lead of others"}


@dataclass
class World:
    at: datetime
    campaign: Campaign
    draft: Campaign
    project: Project
    elsewhere: Project
    lines: dict[str, Specialty]
    people: dict[str, User | None]  # column of the tables -> who asks
    things: dict = field(default_factory=dict)  # of every kind one in each state

    @property
    def line(self) -> Specialty:
        return self.lines[SPECIALTY]


def told(at: datetime) -> World:
    built = build(at=at, number=4)
    projects = {each.code: each for each in Project.objects.all()}
    here, elsewhere = projects[PROJECT], projects[ELSEWHERE]
    lines = {each.code: each for each in Specialty.objects.all()}
    people = cast_of(here, lines)
    return World(at, built.campaign, built.draft, here, elsewhere, lines, people)


def cast_of(project: Project, lines: dict[str, Specialty]) -> dict[str, User | None]:
    known = {each.username: each for each in User.objects.all()}

    def new(username, role, code=SPECIALTY, department=DEPARTMENT):
        there = {"project": project, "specialty": lines[code], "department": department}
        return cast.person(username, username, role, **there)

    return {
        NOBODY: None,
        "employee": new("employee", Role.EMPLOYEE),
        "team leader": new("leader", Role.TEAM_LEADER),
        "head": new("head", Role.DEPARTMENT_HEAD),
        "deputy": new("deputy", Role.DEPUTY_PROJECT_MANAGER, department=""),
        "deputy of others": new("deputy-too", Role.DEPUTY_PROJECT_MANAGER, OTHER, ""),
        "manager": known[f"pm{PROJECT[1:]}"],
        "manager elsewhere": known[f"pm{ELSEWHERE[1:]}"],
        "lead": known[f"lead-{SPECIALTY}"],
        "lead of others": known[f"lead-{OTHER}"],
        "center": known["center"],
        "auditor": known["auditor"],
        "executive": known["exec"],
        "president": known["president"],
        "administrator": known["admin"],
    }
