"""Improvement plans and the findings that come of them: written, filed, rectified, verified."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from inspections.finding.findings import rectify, reopen, verify
from inspections.finding.photos import add_photos
from inspections.models import Finding, ImprovementPlan
from inspections.plan.plans import (
    add_finding,
    draft_plan,
    edit_finding,
    file_plan,
    send_back_plan,
    submit_plan,
)
from inspections.words import Moment
from organization.clock import local_day
from organization.models import Project, User
from portal.demo import pictures
from portal.demo.content import findings_for, fitting, texts, verdict
from portal.demo.revising import FATES as REVISED
from portal.demo.revising import revision
from portal.demo.second_looks import CARELESS, cause_of, found_again, put_off, requirements
from portal.demo.story import Story, Thread
from scoring.models import Requirement


@dataclass(frozen=True)
class Fate:
    """Days of the plan; `careful` is how a project rectifies: 0 badly, 1 as most, 2 well."""

    begun: str
    submitted: str
    returned: str = ""
    again: str = ""
    filed: str = ""
    careful: int = 1


FATES = {
    "P01": Fate("10-14", "10-17", filed="10-18", careful=2),
    "P02": Fate("10-13", "10-16", filed="10-17", careful=2),
    "P03": Fate("10-15", "10-17", "10-18", "10-20", "10-21", careful=2),
    "P04": Fate("10-18", "10-22", "10-24", "10-26", "10-27", careful=0),
    "P05": Fate("10-19", "10-25", filed="10-27", careful=0),
    "P06": Fate("10-15", "10-18", filed="10-19"),
    "P07": Fate("10-16", "10-18", "10-19", "10-21", "10-22"),
    "P08": Fate("10-15", "10-18", filed="10-20"),
    "P09": Fate("10-14", "10-17", filed="10-18", careful=2),
    "P10": Fate("10-17", "10-24", filed="10-26"),
    "P11": Fate("10-16", "10-18", "10-20", "11-25", "11-30"),
    "P12": Fate("10-20", "12-02", filed="12-04"),
}
OTHERS = ("P01", "P03", "P06", "P07", "P08", "P10")


@dataclass(frozen=True)
class Course:
    """How a finding goes on, in days before (−) or after its due date; None: it does not.

    `due` are days of the plan to choose from, or one that this course needs.
    """

    due: tuple[str, ...] = ("11-05", "11-08", "11-11", "11-14", "11-16", "11-18", "11-21")
    rectified: int | None = -2
    reopened: int | None = None
    again: int | None = None
    verified: int | None = 1


IN_TIME = Course()
EARLY = Course(rectified=-5, verified=-2)
LATE = Course(rectified=3, verified=5)
REDONE = Course(rectified=-5, reopened=-2, again=-1, verified=1)
UNVERIFIED = Course(due=("11-25", "11-26"), rectified=-1, verified=4)
SENT_BACK = Course(due=("11-30",), rectified=-8, reopened=-5, again=2, verified=4)
OVERDUE = Course(due=("11-18", "11-21", "11-24"), rectified=12, verified=14)
LONG = Course(due=("12-05", "12-10"), rectified=-2, verified=0)
NEVER = Course(due=("11-16",), rectified=None)
COURSES = (
    (IN_TIME, OVERDUE, LATE, SENT_BACK, REDONE, UNVERIFIED, NEVER, LATE, IN_TIME),
    (IN_TIME, REDONE, UNVERIFIED, EARLY, LATE, LONG, IN_TIME, SENT_BACK, EARLY, OVERDUE),
    (EARLY, IN_TIME, IN_TIME, REDONE, EARLY, UNVERIFIED, IN_TIME, LONG, EARLY),
)


# A finding of such a course is put off: how many days before its due date, and the answer.
PUT_OFF = {NEVER: (2, "refused"), LATE: (1, "granted"), LONG: (12, "")}


def plans(story: Story) -> Iterator[Thread]:
    about = requirements(story)
    for number, project in enumerate(story.cast.projects):
        fate = FATES.get(project.code) or FATES[OTHERS[number % len(OTHERS)]]
        yield plan(story, project, fate, about)


def plan(story: Story, project: Project, fate: Fate, about: dict[str, Requirement]) -> Thread:
    rng, manager = story.rng("plan", project.code), story.cast.teams[project.pk].manager
    at = yield story.on(fate.begun, rng)
    held = draft_plan(campaign=story.campaign, project=project, by=manager, at=at)
    writing = Writing(story, held, manager, rng, about)
    yield from writing.lines(COURSES[fate.careful], at)
    at = yield story.on(fate.submitted, rng)
    writing.hand_in(at)
    if fate.returned:
        at = yield story.on(fate.returned, rng)
        reason = rng.choice(fitting("plans", texts()["return_reasons"]["plans"]))
        said = remarks(held, rng)
        send_back_plan(plan=held, reason=reason, remarks=said, by=story.cast.center, at=at)
        at = yield story.on(fate.again, rng)
        writing.improve(said, at)
        writing.hand_in(at)
    at = yield story.on(fate.filed, rng)
    file_plan(plan=held, by=rng.choice([story.cast.center, story.cast.auditor]), at=at)
    for finding in held.findings.select_related("specialty", "responsible", "project"):
        line, course = writing.course_of[finding.pk]
        story.begin(rectification(story, finding, line["item"], line["rectification"], course))
    second_looks(story, held, writing)
    if project.code in REVISED:
        story.begin(revision(story, held))


def second_looks(story: Story, held: ImprovementPlan, writing: "Writing") -> None:
    """One finding of each kind is put off; a careless project's first one is found again."""
    lines = held.findings.select_related("specialty", "responsible", "project", "requirement")
    asked = set()
    for finding in lines:
        _line, course = writing.course_of[finding.pk]
        if course in PUT_OFF and course not in asked:
            asked.add(course)
            days, answer = PUT_OFF[course]
            story.begin(put_off(story, finding, after(finding, -days), answer))
        if course == IN_TIME and held.project.code in CARELESS and IN_TIME not in asked:
            asked.add(IN_TIME)
            story.begin(found_again(story, finding, story.calendar.day("11-26")))


# --- writing it ------------------------------------------------------------------------------


@dataclass
class Writing:
    """A manager at a plan; of every line it is known how the finding will go on."""

    story: Story
    plan: ImprovementPlan
    manager: User
    rng: Random
    about: dict[str, Requirement]
    course_of: dict[UUID, tuple[dict, Course]] = field(default_factory=dict)

    def lines(self, courses: tuple[Course, ...], at: datetime) -> Thread:
        """One after the other; the last is put down in a hurry, to be finished later."""
        chosen = self.choose()
        for number, line in enumerate(chosen, 1):
            at = yield at + timedelta(minutes=self.rng.randrange(5, 20))
            course = courses[number % len(courses)]
            fields = {
                "problem": line["problem"],
                "source": line["source"],
                "specialty": self.story.cast.specialties[line["specialty"]],
            }
            if number < len(chosen):
                fields |= self.rest_of(line, course)
            finding = add_finding(
                plan=self.plan,
                requirement=self.about[line["item"]],
                by=self.manager,
                at=at,
                **fields,
            )
            self.course_of[finding.pk] = (line, course)

    def choose(self) -> list[dict]:
        """Two or three problems of each specialty that the project has, the least told first."""
        there, told = self.workers(), self.story.told
        lines = [line for line in findings_for(self.plan.project) if line["specialty"] in there]
        self.rng.shuffle(lines)
        lines.sort(key=lambda line: told[line["problem"]])
        chosen = []
        for specialty in there:
            theirs = [line for line in lines if line["specialty"] == specialty]
            chosen += theirs[: self.rng.choice([2, 2, 3])]
        told.update(line["problem"] for line in chosen)
        self.rng.shuffle(chosen)
        return chosen

    def workers(self) -> dict[str, list[User]]:
        return self.story.cast.teams[self.plan.project_id].workers

    def rest_of(self, line: dict, course: Course) -> dict:
        return {
            "measure": line["measure"],
            "responsible": self.rng.choice(self.workers()[line["specialty"]]),
            "due": self.story.calendar.day(self.rng.choice(course.due)),
        }

    def hand_in(self, at: datetime) -> None:
        """What is missing is filled in, days that are too near are put off; then it is complete."""
        soonest = local_day(at) + timedelta(days=5)
        for finding in self.plan.findings.select_related("responsible"):
            line, course = self.course_of[finding.pk]
            changes = {} if finding.responsible else self.rest_of(line, course)
            if (changes.get("due") or finding.due) < soonest:
                changes["due"] = soonest + timedelta(days=self.rng.randrange(4, 12))
            self.change(finding, changes, at)
        submit_plan(plan=self.plan, by=self.manager, at=at)

    def improve(self, said: dict, at: datetime) -> None:
        """What the center remarked on is written more exactly."""
        more = texts()["story"]["plan_addition"]
        for finding in self.plan.findings.filter(pk__in=said):
            self.change(finding, {"measure": finding.measure + more}, at)

    def change(self, finding: Finding, changes: dict, at: datetime) -> None:
        if changes:
            edit_finding(
                finding=finding, revision=finding.revision, changes=changes, by=self.manager, at=at
            )


def remarks(held: ImprovementPlan, rng: Random) -> dict[UUID, str]:
    """What the center says to two or three of the lines."""
    chosen = rng.sample(list(held.findings.all()), rng.choice([2, 3]))
    said = fitting("findings", texts()["return_reasons"]["findings"])
    words = rng.sample(said, len(chosen))
    return {finding.pk: word for finding, word in zip(chosen, words, strict=True)}


# --- making good -----------------------------------------------------------------------------


def rectification(story: Story, finding: Finding, item: str, words: str, course: Course) -> Thread:
    """A finding's way from the day it is in force; `words` say in the end what was done."""
    rng = story.rng("finding", finding.project.code, finding.problem)
    look, doer = rng.randrange(100), finding.responsible
    verifier = who_verifies(story, finding, rng)

    def photo(wrong, at):
        return [story.album.photo(item, wrong, look, by=doer, at=at)]

    at = yield story.on(first_look(finding, rng), rng)
    before = photo(pictures.ALL, at)
    add_photos(finding=finding, uploads=before, moment=Moment.BEFORE, by=doer, at=at)
    if course.rectified is None:
        return
    at = yield story.on(after(finding, course.rectified), rng)
    if course.reopened is not None:
        half = photo(pictures.SOME, at)
        why = cause_of(finding, story.rng("cause", finding.project.code, finding.problem))
        rectify(finding=finding, text=words, photos=half, by=doer, at=at, **why)
        at = yield story.on(after(finding, course.reopened), rng)
        reason = rng.choice(fitting("reopened", texts()["reopen_reasons"]))
        reopen(finding=finding, reason=reason, by=verifier, at=at)
        at = yield story.on(after(finding, course.again), rng)
    why = cause_of(finding, story.rng("cause", finding.project.code, finding.problem))
    done = photo(pictures.NONE, at)
    rectify(finding=finding, text=words, photos=done, by=doer, at=at, **why)
    at = yield story.on(after(finding, course.verified), rng)
    verify(finding=finding, note=verdict(finding.specialty.code, rng), by=verifier, at=at)


def first_look(finding: Finding, rng: Random) -> date:
    """Soon after the finding is in force somebody takes a picture of it."""
    return local_day(finding.opened_at) + timedelta(days=rng.randrange(1, 4))


def after(finding: Finding, days: int) -> date:
    return finding.due + timedelta(days=days)


def who_verifies(story: Story, finding: Finding, rng: Random) -> User:
    lead = story.cast.leads[finding.specialty.code]
    return rng.choice([lead, lead, story.cast.center])
