"""What was learnt about a finding, beside it: solutions, policies, lessons."""

from django import template
from django.db.models import QuerySet
from django.utils import timezone

from inspections.learning.lessons import kept_of, lessons_like
from inspections.learning.prevention import policies_against
from inspections.models import Finding, SeminarProblem
from organization.prepared import prepared

register = template.Library()


@register.inclusion_tag("inspections/_finding_learnt.html", takes_context=True)
def learnt(context, finding: Finding):
    """Solutions of seminars, policies that are to prevent it, lessons; and a tap to keep it."""
    request = context["request"]
    kept = next(iter(kept_of(finding=finding.pk)), None)
    offers = lessons_like(finding.problem, finding.requirement, finding.specialty)
    may_keep = finding.verified_at and request.user.has_perm("inspections.keep_finding", finding)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "campaign": finding.campaign,
        "finding": finding,
        "problems": solved(finding=finding.pk),
        "policies": policies_against(finding, at=timezone.now()),
        "kept": kept,
        "may_keep": bool(may_keep and kept is None),
        "offers": [offer for offer in offers if offer.lesson != kept],
    }


def with_solution(*, finding) -> QuerySet[SeminarProblem]:
    found = SeminarProblem.objects.filter(findings=finding, solution__gt="")
    return found.select_related("seminar__campaign")


solved = prepared(with_solution, {"finding": Finding._meta.pk})
