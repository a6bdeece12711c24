"""What the company does in a campaign: each thread is one thing's way, told to the diary too."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

from campaign.models import Obligation
from campaign.obligations import accept, attach_evidence, send_back, submit
from campaign.obstacles import missing_kinds
from campaign.visits import confirm_visit, log_visit
from inspections.finding.findings import rectify, reopen, verify
from inspections.models import Finding
from inspections.plan.plans import add_finding, draft_plan, file_plan, send_back_plan, submit_plan
from inspections.sheet.observations import confirm, observe
from inspections.sheet.sheets import open_sheet, submit_sheet
from inspections.words import Method, Source
from organization.clock import local_day
from scoring.models.results import ScoreKind
from tests.story.calendar import Thread, on
from tests.story.company import Company
from tests.story.diary import Diary
from tests.uploads import pdf, picture

LINES = 3  # findings in a plan


@dataclass
class Story:
    """One telling of the campaign: the same seed tells the same."""

    company: Company
    diary: Diary
    rng: Random

    def days(self, *numbers: int) -> timedelta:
        return timedelta(days=self.rng.choice(numbers))


def subject_of(obligation: Obligation) -> str:
    return getattr(obligation.project or obligation.specialty, "code", "")


def duty(story: Story, obligation: Obligation) -> Thread:
    """Handed in around its day, now and then returned and handed in again, now and then never."""
    if story.rng.random() < 0.07:
        return
    subject, milestone, note = subject_of(obligation), obligation.milestone, story.diary.note
    doer, reviewer = who(story.company, obligation)
    at = yield on(obligation.due + story.days(-3, -2, -1, 0, 0, 1, 3))
    visit(story, obligation, by=doer, at=at)
    hand_in(obligation, by=doer, at=at)
    note(subject, milestone.code, "submit", local_day(at))
    if obligation.is_done_when_submitted:
        note(subject, milestone.code, "accept", local_day(at))
        return
    if story.rng.random() < 0.3:
        at = yield at + story.days(0, 1) + timedelta(hours=2)
        send_back(obligation=obligation, reason="签到表缺页", by=reviewer, at=at)
        note(subject, milestone.code, "return", local_day(at))
        at = yield at + story.days(1, 2, 4)
        hand_in(obligation, by=doer, at=at)
        note(subject, milestone.code, "submit", local_day(at))
    at = yield at + story.days(0, 1, 2, 3) + timedelta(hours=3)
    accept(obligation=obligation, by=reviewer, at=at)
    note(subject, milestone.code, "accept", local_day(at))


def visit(story: Story, obligation: Obligation, *, by, at) -> None:
    """On-site support is a list of visits that the projects confirm; nothing is uploaded."""
    if obligation.asks_for_visits:
        for project in story.rng.sample(story.company.projects, 3):
            day, manager = local_day(at), story.company.manager(project)
            facts = {"day": day, "went": str(by), "found": "消防泵房缺巡查表，已协调补齐"}
            logged = log_visit(obligation=obligation, project=project, **facts, by=by, at=at)
            confirm_visit(visit=logged, by=manager, at=at)


def who(company: Company, obligation: Obligation):
    """Who hands it in, and who reviews it: another one."""
    people = company.people
    if obligation.project:
        return company.manager(obligation.project), people["center"]
    if obligation.specialty:
        return company.lead(obligation.specialty), people["center"]
    return people["center"], people["president"]


def hand_in(obligation: Obligation, *, by, at) -> None:
    """Upload what is missing, or one paper more where files are asked for; submit."""
    kinds = [] if obligation.asks_for_visits else obligation.milestone.kinds[:1]
    wanted = missing_kinds(obligation) or kinds
    for kind in wanted:
        upload = pdf(f"{kind}.pdf")
        attach_evidence(
            obligation=obligation, upload=upload, kind=kind, about=local_day(at), by=by, at=at
        )
    submit(obligation=obligation, by=by, at=at)


def plan(story: Story, project, due: date) -> Thread:
    """Written, submitted, returned to every third project, filed; then its findings go on."""
    company, note = story.company, story.diary.note
    manager, center = company.manager(project), company.people["center"]
    at = yield on(due - timedelta(days=3), 9)
    written = draft_plan(campaign=company.campaign, project=project, by=manager, at=at)
    for number in range(LINES):
        add_finding(plan=written, by=manager, at=at, **line(story, project, number))
    at = yield on(due + story.days(-2, -1, 0, 2))
    submit_plan(plan=written, by=manager, at=at)
    note(project.code, "improvement_plan", "submit", local_day(at))
    if story.rng.random() < 0.35:
        at = yield at + timedelta(days=1)
        send_back_plan(plan=written, reason="措施太笼统", by=center, at=at)
        note(project.code, "improvement_plan", "return", local_day(at))
        at = yield at + story.days(1, 2)
        submit_plan(plan=written, by=manager, at=at)
        note(project.code, "improvement_plan", "submit", local_day(at))
    at = yield at + story.days(0, 1, 2) + timedelta(hours=1)
    file_plan(plan=written, by=center, at=at)
    note(project.code, "improvement_plan", "accept", local_day(at))


def line(story: Story, project, number: int) -> dict:
    return {
        "problem": f"{project}的第 {number + 1} 个问题",
        "source": Source.DEPARTMENT_STATUS,
        "specialty": story.rng.choice(story.company.lines),
        "measure": "班长每晚抽查，记录在案",
        "responsible": story.company.worker(project),
        "due": date(2011, 11, 1) + timedelta(days=story.rng.randrange(5, 25)),
    }


def rectification(story: Story, finding: Finding) -> Thread:
    """Done around its day, sometimes sent back once; verified by the center."""
    if story.rng.random() < 0.1:
        return
    note, key = story.diary.note, str(finding.pk)
    worker, center = story.company.worker(finding.project), story.company.people["center"]
    at = yield on(finding.due + story.days(-4, -2, -1, 0, 1, 3), 11)
    put_right(finding, by=worker, at=at)
    note("finding", key, "submit", local_day(at))
    if story.rng.random() < 0.25:
        at = yield at + timedelta(hours=2)
        reopen(finding=finding, reason="照片看不清", by=center, at=at)
        note("finding", key, "return", local_day(at))
        at = yield at + story.days(1, 2, 3)
        put_right(finding, by=worker, at=at)
        note("finding", key, "submit", local_day(at))
    at = yield at + story.days(0, 1, 2) + timedelta(hours=1)
    verify(finding=finding, by=center, at=at)
    note("finding", key, "accept", local_day(at))


def put_right(finding: Finding, *, by, at) -> None:
    before = [] if finding.photos.exists() else [picture("前.jpg")]
    rectify(finding=finding, text="已更换", before=before, photos=[picture("后.jpg")], by=by, at=at)


def scored(story: Story, project, specialty, *, day: date, kind: str) -> Thread:
    """One sheet: as many requirements missing as chance has it, the rest conforms."""
    company, own = story.company, kind == ScoreKind.SELF
    by = company.manager(project) if own else company.people["auditor"]
    at = yield on(day, 8)
    sheet = open_sheet(
        campaign=company.campaign, project=project, specialty=specialty, kind=kind, by=by, at=at
    )
    items = list(sheet.rubric.items.prefetch_related("requirements"))
    at = yield on(day, 9)
    for item in story.rng.sample(items, story.rng.randrange(len(items))):
        for requirement in list(item.requirements.all())[: story.rng.randrange(3)]:
            observe(
                sheet=sheet,
                id=uuid4(),
                item=item,
                requirement=requirement,
                points=Decimal(story.rng.randrange(5, 21)) / 10,
                method="" if own else Method.OPEN,
                by=by,
                at=at,
            )
    confirm(sheet=sheet, items=items, by=by, at=at)
    submit_sheet(sheet=sheet, by=by, at=at)
