"""Who is told about a plan and its revisions, and in which words."""

from collections import Counter
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from campaign.telling import tell
from inspections.models import Finding, ImprovementPlan
from inspections.plan.versions import Document
from organization.models import Project, User
from organization.roles import PROJECT_LEADERS


def tell_filed(plan: ImprovementPlan, lines: list[Finding], *, at: datetime) -> None:
    """One message to each responsible person, and one to the project's leaders."""
    tell_assigned(plan, Counter(line.responsible for line in lines), at=at)
    tell_leaders(plan, "filed", gettext_lazy("%(project)s的实施方案已备案"), at=at)


def tell_assigned(document: Document, counted: Counter, *, at: datetime) -> None:
    findings = reverse("findings", args=[document.campaign.code])
    for responsible, count in counted.items():
        tell(
            people=[responsible],
            campaign=document.campaign,
            thing=thing_of(document),
            occurrence=f"assigned:{document.revision}",
            at=at,
            url=f"{findings}?person={responsible.pk}",
            title=partial(assigned, document.project, count),
        )


def tell_leaders(
    document: Document, occurrence: str, title, *, at: datetime, body="", urgent: bool = False
) -> None:
    """`title` is a lazy sentence about the project."""
    tell(
        people=leaders(document.project),
        campaign=document.campaign,
        thing=thing_of(document),
        occurrence=f"{occurrence}:{document.revision}",
        at=at,
        url=document.get_absolute_url(),
        body=body,
        urgent=urgent,
        title=lambda: str(title) % {"project": document.project},
    )


def thing_of(document: Document) -> str:
    kind = "plan" if document.root is document else "plan_revision"
    return f"{kind}:{document.pk}"


def assigned(project: Project, count: int) -> str:
    words = ngettext(
        "%(project)s有 %(count)d 条问题由您整改", "%(project)s有 %(count)d 条问题由您整改", count
    )
    return words % {"project": project, "count": count}


def leaders(project: Project) -> list[User]:
    """Manager and deputies of a project, as they are told about its plan."""
    return list(
        User.objects.filter(
            posts__project=project, posts__role__in=PROJECT_LEADERS, posts__until__isnull=True
        ).distinct()
    )
