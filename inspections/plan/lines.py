"""What may stand in a finding's six fields, whoever writes it: a plan's author or the center."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaign.models import Campaign, Phase
from inspections.models import Finding, ImprovementPlan, PlanRevision
from inspections.plan.amending import standing_bar
from organization.errors import Refused
from organization.models import Post, Project, User
from organization.prepared import prepared
from organization.roles import Role

RECTIFICATION = "rectify"  # the plan's phase in which findings are to be rectified
FIELDS = Finding.REQUIRED


def people_of(project: Project) -> list[tuple[User, str]]:
    """Who can be made responsible in a project, with the posts held there; highest first."""
    posts = sorted(posts_at(project=project.pk), key=lambda post: Role(post.role).rank)
    found: dict[User, list[str]] = {}
    for post in posts:
        words = [post.department, post.get_role_display()]
        found.setdefault(post.user, []).append(" ".join(filter(None, words)))
    return [(user, _("、").join(places)) for user, places in found.items()]


def current_posts(*, project):
    posts = Post.objects.current().filter(project__pk=project, user__is_active=True)
    return posts.select_related("user")


posts_at = prepared(current_posts, {"project": Project._meta.pk})


def tidy(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Texts without the blanks around them; anything that is no field of a line is an error."""
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise TypeError(f"not fields of a finding: {', '.join(sorted(unknown))}")
    return {
        name: value.strip() if isinstance(value, str) else value for name, value in changes.items()
    }


def objections(
    *, campaign: Campaign, project: Project, changes: Mapping[str, Any]
) -> dict[str, str]:
    """What is wrong with the values, by field name; an empty value is missing, not wrong."""
    found = {}
    if changes.get("due") and (wrong := wrong_due(campaign, changes["due"])):
        found["due"] = wrong
    if changes.get("responsible") and (wrong := wrong_person(project, changes["responsible"])):
        found["responsible"] = wrong
    return found


def require_sound(*, campaign: Campaign, project: Project, changes: Mapping[str, Any]) -> None:
    """Raises Refused for the first wrong value, naming its field."""
    for field, message in objections(campaign=campaign, project=project, changes=changes).items():
        raise Refused(message, code=f"bad_{field}", field=field)


def wrong_due(campaign: Campaign, due: date) -> str:
    """A date before the campaign began is a slip; one outside the phase is only flagged."""
    start = first_day(campaign)
    if start is None or due >= start:
        return ""
    return _("期限早于专项工作的第一天（%(day)s），请改一个日期。") % {
        "day": date_format(start, "DATE_FORMAT")
    }


def wrong_person(project: Project, person: User) -> str:
    """Only who works in the project today can be made responsible."""
    posts = Post.objects.filter(project=project, user=person)
    if person.is_active and posts.current().exists():
        return ""
    names = {"person": person, "project": project}
    if posts.exists():
        return _("%(person)s已离开%(project)s，请另选责任人。") % names
    return _("%(person)s不是%(project)s的人员，请另选责任人。") % names


def first_day(campaign: Campaign) -> date | None:
    return min((phase.start for phase in campaign.phases.all()), default=None)


def rectification_phase(campaign: Campaign) -> Phase | None:
    return campaign.phase_called(RECTIFICATION)


def is_outside(phase: Phase | None, due: date | None) -> bool:
    """A due date outside the rectification phase is allowed and flagged (ruling 12)."""
    return bool(phase and due) and not phase.start <= due <= phase.end


@dataclass(frozen=True)
class Gap:
    """What keeps one line from being submitted: fields that are missing, or wrong by now."""

    number: int
    finding: Finding
    missing: tuple[str, ...]
    wrong: tuple[str, ...] = ()
    settled: str = ""  # a revision wants what can't be had any more

    def __len__(self):
        return len(self.missing) + len(self.notes)

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.wrong, *filter(None, [self.settled]))

    def __str__(self):
        words = _("、").join((*self.missing, *self.notes))
        return _("第 %(number)d 条：%(words)s") % {"number": self.number, "words": words}


def gaps(plan: ImprovementPlan | PlanRevision, lines: list[Finding] | None = None) -> list[Gap]:
    """Line by line what is still missing before a plan can be submitted."""
    lines = list(plan.lines.select_related("responsible", "amends")) if lines is None else lines
    staff = set(staff_of(plan.project))
    found = [gap_of(plan.project, number, line, staff) for number, line in enumerate(lines, 1)]
    return [gap for gap in found if len(gap)]


def gap_of(project: Project, number: int, line: Finding, staff: set[int]) -> Gap:
    """What is to be withdrawn lacks nothing, unless it may not be withdrawn."""
    settled = standing_bar(line)
    if line.withdrawn_at:
        return Gap(number, line, (), settled=settled)
    gone = line.responsible_id and line.responsible_id not in staff
    wrong = (wrong_person(project, line.responsible),) if gone else ()
    return Gap(number, line, tuple(line.missing_words()), wrong, settled)


def staff_of(project: Project):
    """Ids of who works in a project today."""
    return project.posts.current().filter(user__is_active=True).values_list("user_id", flat=True)
