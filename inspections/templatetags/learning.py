"""What was learnt about a finding, beside it: solutions, policies, lessons."""

from django import template
from django.utils import timezone

from inspections.learning.lessons import lessons_like
from inspections.learning.prevention import policies_against
from inspections.models import Finding, Lesson

register = template.Library()


@register.inclusion_tag("inspections/_finding_learnt.html", takes_context=True)
def learnt(context, finding: Finding):
    """Solutions of seminars, policies that are to prevent it, lessons; and a tap to keep it."""
    request = context["request"]
    problems = finding.seminar_problems.filter(solution__gt="").select_related("seminar__campaign")
    kept = Lesson.objects.standing().filter(finding=finding).first()
    offers = lessons_like(finding.problem, finding.requirement, finding.specialty)
    may_keep = finding.verified_at and request.user.has_perm("inspections.keep_finding", finding)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "campaign": finding.campaign,
        "finding": finding,
        "problems": list(problems),
        "policies": policies_against(finding, at=timezone.now()),
        "kept": kept,
        "may_keep": bool(may_keep and kept is None),
        "offers": [offer for offer in offers if offer.lesson != kept],
    }
