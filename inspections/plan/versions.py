"""A plan's versions: each kept as it was submitted, with what the center decided about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from inspections.models import Finding, ImprovementPlan, PlanRevision, PlanVersion
from inspections.moves import person
from inspections.plan.lines import people_of

Document = ImprovementPlan | PlanRevision


def keep_version(document: Document, lines: list[Finding]) -> PlanVersion:
    """The next version of the plan, as it is submitted now; what is to be withdrawn is not in."""
    plan = document.root
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    return PlanVersion.objects.create(
        plan=plan,
        amendment=document if isinstance(document, PlanRevision) else None,
        number=last + 1,
        submitted_at=document.submitted_at,
        submitted_by=document.submitted_by,
        findings=data_of(document, [line for line in lines if not line.withdrawn_at]),
    )


def data_of(document: Document, lines: list[Finding]) -> list[dict[str, Any]]:
    places = {user.pk: words for user, words in people_of(document.project)}
    return [as_data(line, places) for line in lines]


def as_data(line: Finding, places: Mapping[int, str]) -> dict[str, Any]:
    """A line in plain values; one that amends a finding goes by that finding's id."""
    return {
        "id": str(line.amends_id or line.pk),
        "problem": line.problem,
        "source": line.source,
        "specialty": line.specialty.code if line.specialty else "",
        "measure": line.measure,
        "responsible": line.responsible.username if line.responsible else "",
        "responsible_name": line.responsible.name if line.responsible else "",
        "responsible_post": places.get(line.responsible_id, ""),
        "due": line.due.isoformat() if line.due else "",
        "remark": line.remark,
    }


def decide_version(document: Document, *, by, at: datetime, reason: str | None = None) -> None:
    """Put beside the version under review what was decided: filed, or returned for a reason."""
    version = document.root.versions.order_by("-number").first()
    version.decided_at, version.decided_by = at, person(by)
    version.is_filed, version.return_reason = reason is None, reason or ""
    version.remarks = {
        str(line.amends_id or line.pk): line.remark for line in document.lines.exclude(remark="")
    }
    version.save()


def in_force(plan: ImprovementPlan) -> PlanVersion | None:
    """The version that was filed last."""
    return plan.versions.filter(is_filed=True).first()
