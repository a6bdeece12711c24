"""A small company inside a real campaign, made through the same functions as the pages use.

The plan's days are moved so that today is the middle day of a phase; what happened before today
happened with the clock of its day. Everybody can sign in with the password of tests/cast.py.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from campaign.lifecycle import approve_campaign, submit_campaign
from campaign.models import Campaign, Obligation
from campaign.setup import create_campaign, enter_projects, read_plan
from inspections.models import Finding
from inspections.plan.plans import add_finding, draft_plan, file_plan, submit_plan
from inspections.words import Source
from organization.clock import local_day
from organization.lists import ListRow
from organization.models import Project, Specialty, User
from organization.staff import COLUMNS, import_staff
from scoring.models import Rubric
from scoring.rubrics import load_rubric
from scoring.template import rubric_data
from tests.cast import hashed_password

CODE = "now"
STAFF = """
,,president,赵明远,president,,
,,exec,孙立,executive,,
,,center,周婷,management_center,,
,,auditor,何敏,management_center,,
,,lead-service,孙浩,specialty_lead,customer_service,
,,admin,郭磊,administrator,,
P01,锦澜府,pm01,陈立群,project_manager,,
P01,锦澜府,head01,刘晓燕,department_head,customer_service,客服部
P01,锦澜府,emp01,马超,employee,order,秩序部
P02,翠屏苑,pm02,彭海燕,project_manager,,
P02,翠屏苑,head02,罗建,department_head,facilities,工程部
P03,云栖里,pm03,宋嘉,project_manager,,
"""
STAFF_COLUMNS = (
    "project_code", "project_name", "username", "name", "role", "specialty", "department",
)  # fmt: skip
SITE_STAFF = ("admin", "center", "auditor", "lead-service")


@dataclass
class World:
    """The campaign, and its people, projects, specialties and rubrics by username or code."""

    campaign: Campaign
    now: datetime
    shift: int
    people: dict[str, User]
    projects: dict[str, Project]
    lines: dict[str, Specialty]
    rubrics: dict[str, Rubric] = field(default_factory=dict)

    def day(self, month: int, day: int) -> date:
        """A day of the plan as it lies in this campaign."""
        return date(read_plan()["plan"]["year"], month, day) + timedelta(days=self.shift)

    def at(self, month: int, day: int, hour: int = 10) -> datetime:
        return timezone.make_aware(
            datetime.combine(self.day(month, day), datetime.min.time().replace(hour=hour))
        )

    def obligation(self, milestone: str, project: str = "P01") -> Obligation:
        return self.campaign.obligations.get(milestone__code=milestone, project__code=project)

    def finding(self, problem: str, *, responsible: str, project: str = "P01") -> Finding:
        """One of a filed plan, due on the last day of its phase."""
        manager = self.people[f"pm{project[1:]}"]
        plan = draft_plan(
            campaign=self.campaign, project=self.projects[project], by=manager, at=self.at(10, 16)
        )
        line = add_finding(
            plan=plan,
            problem=problem,
            source=Source.LEFTOVER,
            specialty=self.lines["facilities"],
            measure="更换损坏灯管，每周巡查一次",
            responsible=self.people[responsible],
            due=self.day(11, 25),
            by=manager,
            at=self.at(10, 16),
        )
        submit_plan(plan=plan, by=manager, at=self.at(10, 17))
        file_plan(plan=plan, by=self.people["center"], at=self.at(10, 18))
        line.refresh_from_db()
        return line

    def publish_rubrics(self, *codes: str) -> None:
        """The rubrics that the product ships with, all four unless some are named."""
        for code in codes or self.lines:
            self.rubrics[code] = load_rubric(
                campaign=self.campaign,
                specialty=self.lines[code],
                data=rubric_data(code),
                by="command",
                at=self.at(9, 26),
            )


def settle_in(phase: str, *, code: str = CODE) -> World:
    """A campaign that runs, with three projects; today is the middle day of the phase."""
    world = draft(phase, code=code)
    campaign, began = world.campaign, world.at(9, 25)
    enter_projects(campaign=campaign, projects=world.projects.values(), by="command", at=began)
    submit_campaign(campaign=campaign, by=world.people["center"], at=began - timedelta(days=2))
    world.campaign = approve_campaign(campaign=campaign, by=world.people["president"], at=began)
    return world


def draft(phase: str, *, code: str = CODE) -> World:
    """The company and a campaign that nobody has handed in yet."""
    now, shift = timezone.now(), days_to(phase)
    at = now - timedelta(days=100)
    campaign = create_campaign(code=code, shift_days=shift, by="command", at=at)
    import_staff(rows=staff_rows(), by="command", at=at)
    User.objects.update(password=hashed_password())
    User.objects.filter(username__in=SITE_STAFF).update(is_staff=True)
    return World(
        campaign=campaign,
        now=now,
        shift=shift,
        people={user.username: user for user in User.objects.all()},
        projects={project.code: project for project in Project.objects.all()},
        lines={line.code: line for line in Specialty.objects.all()},
    )


def days_to(phase: str) -> int:
    """How far the plan's days have to move for today to be the middle day of a phase."""
    start, end = next((p["start"], p["end"]) for p in read_plan()["phases"] if p["code"] == phase)
    return (local_day(timezone.now()) - (start + (end - start) // 2)).days


def staff_rows() -> list[ListRow]:
    lines = [line.split(",") for line in STAFF.split()]
    rows = [dict(zip(STAFF_COLUMNS, cells, strict=True)) for cells in lines]
    blank = dict.fromkeys(COLUMNS, "")
    return [ListRow(blank | row | {"email": f"{row['username']}@example.test"}) for row in rows]
