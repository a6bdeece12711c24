"""A specialty's seminar: problems are collected, each gets a solution, then it is closed."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from inspections.edits import differing, put, require_day_inside, require_here, require_newest
from inspections.models import Finding, Seminar, SeminarProblem
from inspections.moves import lock, person, require_new, require_running
from organization.errors import Refused
from organization.history import record
from organization.models import Specialty

VERBS = {
    "hold_seminar": gettext_lazy("召开研讨会"),
    "edit_seminar": gettext_lazy("修改研讨会"),
    "add_problem": gettext_lazy("提出难点"),
    "edit_problem": gettext_lazy("修改难点"),
    "remove_problem": gettext_lazy("删除难点"),
    "link_findings": gettext_lazy("关联问题"),
    "unlink_finding": gettext_lazy("取消关联"),
    "close_seminar": gettext_lazy("研讨会结束"),
    "reopen_seminar": gettext_lazy("重开研讨会"),
    "hand_in_solutions": gettext_lazy("解决方案交为书面资料"),
}
# Where a seminar has to stand for each move.
MOVES = {
    "write": {"open"},
    "close_seminar": {"open"},
    "reopen_seminar": {"closed"},
    "hand_in_solutions": {"closed"},
}
STANDS = {
    "open": gettext_lazy("研讨会还没有结束。"),
    "closed": gettext_lazy("研讨会已经结束，重开后才能再改。"),
}
FIELDS = ("day", "place", "chair", "attendees", "minutes")
PROBLEM_FIELDS = ("problem", "solution", "responsible", "due")


@transaction.atomic
def hold_seminar(
    *, campaign: Campaign, specialty: Specialty, day: date, by, at: datetime, **fields: Any
) -> Seminar:
    """Begin a specialty's seminar; `fields` are its place, chair, attendees and minutes.

    Raises Refused when the campaign isn't running, the day lies before it, or the chair has left.
    """
    require_running(campaign)
    seminar = Seminar(campaign=campaign, specialty=specialty, created_at=at, created_by=person(by))
    for name, value in differing(seminar, fields | {"day": day}, FIELDS).items():
        setattr(seminar, name, value)
    require_sound(seminar, {"day": seminar.day, "chair": seminar.chair})
    seminar.save()
    record(on=seminar, verb="hold_seminar", by=by, at=at, after="in_progress")
    return seminar


@transaction.atomic
def edit_seminar(
    *, seminar: Seminar, revision: int, changes: Mapping[str, Any], by, at: datetime
) -> Seminar:
    """Change what is said of a seminar as seen at `revision`; what changes nothing is no edit.

    Raises Conflict when somebody changed it meanwhile, Refused once it is closed or for a wrong
    value.
    """
    lock(seminar)
    changed = differing(seminar, changes, FIELDS)
    if not changed:
        return seminar
    check(seminar, "write")
    require_newest(seminar, revision)
    require_sound(seminar, changed)
    put(seminar, changed, verb="edit_seminar", by=by, at=at)
    return seminar


@transaction.atomic
def add_problem(
    *,
    seminar: Seminar,
    problem: str,
    by,
    at: datetime,
    id: uuid.UUID | None = None,
    findings: Iterable[Finding] = (),
) -> SeminarProblem:
    """Put a problem on the seminar's list, perhaps with the findings behind it.

    The same id again returns the problem that is there. Raises Refused when the seminar is
    closed, the problem is blank, a finding is of another specialty or campaign, or the id is that
    of something else (`same_id`).
    """
    lock(seminar)
    sent_before = seminar.problems.filter(pk=id).first() if id else None
    if sent_before:
        return sent_before
    check(seminar, "write")
    require_new(SeminarProblem, id)
    if not problem.strip():
        raise Refused(_("先写下问题，再添加。"), code="blank", field="problem")
    last = seminar.problems.aggregate(last=Max("position"))["last"] or 0
    made = SeminarProblem.objects.create(
        id=id or uuid.uuid4(),
        seminar=seminar,
        position=last + 1,
        problem=problem.strip(),
        created_at=at,
    )
    record(on=made, verb="add_problem", by=by, at=at)
    tie(made, findings, by=by, at=at)
    return made


@transaction.atomic
def edit_problem(
    *, problem: SeminarProblem, revision: int, changes: Mapping[str, Any], by, at: datetime
) -> SeminarProblem:
    """Change a problem, its solution, who sees to it and by when, as seen at `revision`.

    Raises Conflict when somebody changed it meanwhile, Refused with code "gone" when it was
    removed, and Refused once the seminar is closed or for a wrong value.
    """
    lock(problem.seminar)
    problem = current(problem)
    changed = differing(problem, changes, PROBLEM_FIELDS)
    if not changed:
        return problem
    check(problem.seminar, "write")
    require_newest(problem, revision)
    require_day_inside(problem.seminar.campaign, changed.get("due"), "due")
    require_here(changed.get("responsible"), "responsible")
    put(problem, changed, verb="edit_problem", by=by, at=at)
    return problem


@transaction.atomic
def remove_problem(*, problem: SeminarProblem, by, at: datetime) -> None:
    """Take a problem off the list; its words stay in the seminar's history. Gone stays gone."""
    seminar = problem.seminar
    lock(seminar)
    found = seminar.problems.filter(pk=problem.pk).first()
    if found is None:
        return
    check(seminar, "write")
    words = {"problem": found.problem, "solution": found.solution}
    record(on=seminar, verb="remove_problem", by=by, at=at, **words)
    found.delete()


@transaction.atomic
def link_findings(
    *, problem: SeminarProblem, findings: Iterable[Finding], by, at: datetime
) -> SeminarProblem:
    """Say which findings a problem is behind; one that is linked already changes nothing."""
    lock(problem.seminar)
    check(problem.seminar, "write")
    tie(problem, findings, by=by, at=at)
    return problem


@transaction.atomic
def unlink_finding(*, problem: SeminarProblem, finding: Finding, by, at: datetime) -> None:
    lock(problem.seminar)
    if not problem.findings.filter(pk=finding.pk).exists():
        return
    check(problem.seminar, "write")
    problem.findings.remove(finding)
    record(on=problem, verb="unlink_finding", by=by, at=at, finding=str(finding.pk))


@transaction.atomic
def close_seminar(*, seminar: Seminar, by, at: datetime) -> Seminar:
    """Close a seminar whose every problem has a solution.

    Raises Refused (codes "empty", "incomplete", or where it stands).
    """
    lock(seminar)
    check(seminar, "close_seminar")
    open_ends = without_solution(seminar)
    if not seminar.problems.exists():
        raise Refused(_("还没有重点难点问题，写下至少一条再结束。"), code="empty")
    if open_ends:
        words = _("、").join(str(number) for number in open_ends)
        raise Refused(_("第 %(numbers)s 条还没有解决方案。") % {"numbers": words}, "incomplete")
    seminar.closed_at, seminar.closed_by = at, person(by)
    move(seminar, "close_seminar", by=by, at=at, before="in_progress", after="closed")
    return seminar


@transaction.atomic
def reopen_seminar(*, seminar: Seminar, reason: str, by, at: datetime) -> Seminar:
    """Open a closed seminar again, with a reason. Raises Refused when it is open anyway."""
    lock(seminar)
    check(seminar, "reopen_seminar")
    if not reason.strip():
        raise Refused(_("写明重开的原因。"), code="blank", field="reason")
    seminar.closed_at = seminar.closed_by = None
    words = {"before": "closed", "after": "in_progress", "reason": reason.strip()}
    move(seminar, "reopen_seminar", by=by, at=at, **words)
    return seminar


def without_solution(seminar: Seminar) -> list[int]:
    """Numbers of the problems that nobody has written a solution to."""
    return [n for n, each in enumerate(seminar.problems.all(), 1) if not each.solution.strip()]


# --- what the moves are made of ------------------------------------------------------------


def check(seminar: Seminar, move: str) -> None:
    require_running(seminar.campaign)
    stage = "closed" if seminar.closed_at else "open"
    if stage not in MOVES[move]:
        raise Refused(STANDS[stage], code=stage)


def require_sound(seminar: Seminar, changed: Mapping[str, Any]) -> None:
    if "day" in changed and changed["day"] is None:
        raise Refused(_("写明研讨会在哪一天开。"), code="blank", field="day")
    require_day_inside(seminar.campaign, changed.get("day"), "day")
    require_here(changed.get("chair"), "chair")


def current(problem: SeminarProblem) -> SeminarProblem:
    found = problem.seminar.problems.select_related("responsible").filter(pk=problem.pk).first()
    if found is None:
        raise Refused(_("这一条刚被删除。"), code="gone")
    found.seminar = problem.seminar
    return found


def tie(problem: SeminarProblem, findings: Iterable[Finding], *, by, at: datetime) -> None:
    findings = list(findings)
    seminar = problem.seminar
    for finding in findings:
        if (finding.campaign_id, finding.specialty_id) != (
            seminar.campaign_id,
            seminar.specialty_id,
        ):
            raise Refused(_("只能关联本次专项工作、本专业的问题。"), code="other_specialty")
    there = set(problem.findings.values_list("pk", flat=True))
    new = [finding for finding in findings if finding.pk not in there]
    if new:
        problem.findings.add(*new)
        keys = [str(finding.pk) for finding in new]
        record(on=problem, verb="link_findings", by=by, at=at, findings=keys)


def move(seminar: Seminar, verb: str, *, by, at: datetime, **words: str) -> None:
    seminar.revision += 1
    seminar.save()
    record(on=seminar, verb=verb, by=by, at=at, **words)
