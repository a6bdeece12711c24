"""Twelve projects with a manager and somebody who does the work, and the people of the company."""

from dataclasses import dataclass

from campaign.models import Campaign
from campaign.setup import create_campaign, enter_projects, make_specialties, read_plan
from organization.models import Project, Specialty, User
from organization.roles import Role
from tests import cast
from tests.story.calendar import on

CODE = "c11"
PROJECTS = 12


@dataclass
class Company:
    """`people` by username; a project's manager is m01 …, its worker w01 …"""

    campaign: Campaign
    projects: list[Project]
    lines: list[Specialty]
    people: dict[str, User]

    def manager(self, project: Project) -> User:
        return self.people["m" + project.code[1:]]

    def worker(self, project: Project) -> User:
        return self.people["w" + project.code[1:]]

    def lead(self, line: Specialty) -> User:
        return self.people[line.code]


def company_of(first_day) -> Company:
    """People and projects, and a campaign that the president approved before its first day."""
    make_specialties(read_plan())
    lines = list(Specialty.objects.all())
    people = [
        cast.person("president", "赵明远", Role.PRESIDENT),
        cast.person("exec", "孙立", Role.EXECUTIVE),
        cast.person("center", "周婷", Role.MANAGEMENT_CENTER),
        cast.person("auditor", "何敏", Role.MANAGEMENT_CENTER),
        *(
            cast.person(line.code, f"{line}负责人", Role.SPECIALTY_LEAD, specialty=line)
            for line in lines
        ),
    ]
    projects = [cast.project(f"P{n:02}", f"第{n}花园") for n in range(1, PROJECTS + 1)]
    for project in projects:
        number, name = project.code[1:], project.name
        people += [
            cast.person(f"m{number}", f"{name}经理", Role.PROJECT_MANAGER, project=project),
            cast.person(f"w{number}", f"{name}员工", Role.EMPLOYEE, project=project),
        ]
    named = {person.username: person for person in people}
    campaign = create_campaign(code=CODE, by=named["center"], at=on(first_day))
    enter_projects(campaign=campaign, projects=projects, by=named["center"], at=on(first_day))
    for line in lines:
        cast.rubric(campaign, line, items=5, requirements=2, at=on(first_day))
    return Company(campaign, projects, lines, named)
