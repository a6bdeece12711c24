"""What is learnt on the way: seminars and their solutions, policies, lessons worth keeping."""

from collections.abc import Iterator
from datetime import timedelta

from inspections.closing.summary import draft_summary, edit_chapter
from inspections.learning.lessons import keep_from_finding, keep_from_problem, keep_lesson
from inspections.learning.pieces import pieces_of
from inspections.learning.policies import Kind, approve_policy, draft_policy, submit_policy
from inspections.learning.seminars import add_problem, close_seminar, edit_problem, hold_seminar
from inspections.models import Finding, Lesson
from organization.models import Specialty
from portal.demo.content import texts
from portal.demo.story import Story, Thread

# Days of the plan; the seminars' obligation is due on 11-05.
SEMINAR_DAYS = {
    "customer_service": "11-02",
    "facilities": "11-03",
    "order": "11-04",
    "environment": "11-05",
}
KEPT_ON, KEPT_LATER = "11-20", "12-29"
MOST_LINKED, MOST_KEPT = 3, 4


def learning(story: Story) -> Iterator[Thread]:
    told = texts()["learning"]
    for code, words in told["seminars"].items():
        yield seminar(story, story.cast.specialties[code], words)
    for words in told["policies"]:
        yield policy(story, words)
    for day in (KEPT_ON, KEPT_LATER):
        yield kept_findings(story, day)
    yield own_lessons(story, told["lessons"])
    yield summary(story, told["summary"])


def seminar(story: Story, specialty: Specialty, words: dict) -> Thread:
    """Prepared, then written in the room, closed the same afternoon, its first solution kept."""
    rng, lead = story.rng("seminar", specialty.code), story.cast.leads[specialty.code]
    at = yield story.on(SEMINAR_DAYS[specialty.code], rng)
    held = hold_seminar(
        campaign=story.campaign,
        specialty=specialty,
        day=story.calendar.day(SEMINAR_DAYS[specialty.code]),
        place=words["place"],
        chair=lead,
        attendees="、".join(team.manager.name for team in list(story.cast.teams.values())[:6]),
        minutes=words["minutes"],
        by=lead,
        at=at,
    )
    found = Finding.objects.opened().filter(campaign=story.campaign, specialty=specialty)
    found = list(found.order_by("due", "pk"))
    for problem, solution in words["problems"]:
        about = alike(problem, found)
        made = add_problem(seminar=held, problem=problem, findings=about, by=lead, at=at)
        changes = {"solution": solution, "responsible": lead}
        edit_problem(problem=made, revision=0, changes=changes, by=lead, at=at)
    at = yield at + timedelta(hours=2)
    close_seminar(seminar=held, by=lead, at=at)
    at = yield at + timedelta(minutes=20)
    keep_from_problem(problem=held.problems.first(), by=lead, at=at)


def alike(problem: str, findings: list[Finding]) -> list[Finding]:
    """Findings that share words with a problem, the most alike first."""
    pieces = pieces_of(problem)
    common = {finding.pk: len(pieces & pieces_of(finding.problem)) for finding in findings}
    best = sorted(findings, key=lambda finding: -common[finding.pk])
    return [finding for finding in best if common[finding.pk]][:MOST_LINKED]


def policy(story: Story, words: dict) -> Thread:
    """Drafted and handed to the president; approved where the story has a day for it."""
    cast, rng = story.cast, story.rng("policy", words["title"])
    day, *later = words["days"]
    at = yield story.on(day, rng)
    specialty = cast.specialties[words["specialty"]]
    version = draft_policy(
        campaign=story.campaign,
        kind=words["kind"],
        title=words["title"],
        text=words["text"],
        specialty=specialty,
        is_preventive=True,
        in_force_from=story.calendar.day(later[-1] if later else "12-01"),
        prevents=[Kind(specialty)],
        by=cast.center,
        at=at,
    )
    at = yield at + timedelta(hours=1)
    submit_policy(version=version, by=cast.center, at=at)
    if later:
        at = yield story.on(later[0], rng)
        approve_policy(version=version, by=cast.president, at=at)


def kept_findings(story: Story, day: str) -> Thread:
    """The center goes through what was verified, and keeps the fullest ones."""
    at = yield story.on(day, story.rng("kept", day))
    seen = set(Lesson.objects.values_list("problem", flat=True))
    most = len(seen) + MOST_KEPT
    verified = Finding.objects.verified().filter(campaign=story.campaign)
    for finding in verified.order_by("verified_at", "pk"):
        if len(seen) < most and finding.problem not in seen:
            keep_from_finding(finding=finding, by=story.cast.center, at=at)
            seen.add(finding.problem)


def summary(story: Story, words: str) -> Thread:
    """Drafted on the first day of its phase; the center says more where it knows more."""
    rng, center = story.rng("summary"), story.cast.center
    at = yield story.on(KEPT_LATER, rng)
    drafted = draft_summary(campaign=story.campaign, by=center, at=at)
    at = yield at + timedelta(hours=1)
    chapter = drafted.chapters.get(code="methods")
    changes = {"text": f"{chapter.text}\n{words}"}
    edit_chapter(chapter=chapter, revision=0, changes=changes, by=center, at=at)


def own_lessons(story: Story, lines: list) -> Thread:
    at = yield story.on(KEPT_ON, story.rng("lessons"))
    for code, problem, method in lines:
        keep_lesson(
            campaign=story.campaign,
            problem=problem,
            method=method,
            specialty=story.cast.specialties[code],
            by=story.cast.center,
            at=at,
        )
