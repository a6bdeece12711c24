"""What was learnt becomes written material of the obligation that asks for it, with one press."""

from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaign.models import Campaign, Evidence, Obligation
from campaign.obligations import attach_evidence, withdraw_evidence
from campaign.words import EvidenceKind
from inspections.closing.summary_paper import summary_paper
from inspections.learning.policy_paper import policies_paper
from inspections.learning.seminar_paper import minutes_paper, solutions_paper
from inspections.learning.seminars import check
from inspections.models import Seminar, Summary
from inspections.moves import lock, person
from organization.errors import Refused
from organization.history import record
from organization.models import User
from organization.papers import Paper, as_pdf, as_word

SEMINAR, POLICIES = "specialty_seminar", "preventive_policies"
SUMMARIES = ("summary_meeting", "lessons")  # both ask for a summary report


def hand_in_solutions(*, seminar: Seminar, by: User, at: datetime) -> list[Evidence]:
    """Attach a closed seminar's solutions, and its minutes if there are any, to the specialty's
    obligation; what was attached of it before is withdrawn.

    Raises Refused when it isn't closed, nothing is owed, or the obligation takes nothing now.
    """
    check(seminar, "hand_in_solutions")
    obligation = owed(seminar.campaign, SEMINAR, specialty=seminar.specialty)
    papers = {EvidenceKind.SOLUTIONS: solutions_paper}
    if seminar.minutes:
        papers[EvidenceKind.MINUTES] = minutes_paper
    with in_the_companys_language():
        made = [
            hand_in_paper(obligation=obligation, paper=write(seminar), kind=kind, by=by, at=at)
            for kind, write in papers.items()
        ]
    record(on=seminar, verb="hand_in_solutions", by=by, at=at, obligation=obligation.pk)
    return made


def hand_in_policies(*, campaign: Campaign, by: User, at: datetime) -> Evidence:
    """Attach the list of policies that this campaign brought to the obligation that asks."""
    with in_the_companys_language():
        paper = policies_paper(campaign, at=at)
    if paper is None:
        raise Refused(_("这次专项工作还没有批准的制度。"), code="empty")
    obligation = owed(campaign, POLICIES)
    return hand_in_paper(
        obligation=obligation, paper=paper, kind=EvidenceKind.DOCUMENT, by=by, at=at
    )


def hand_in_summary(*, summary: Summary, by: User, at: datetime) -> list[Evidence]:
    """Attach the summary as report to the company's milestones that ask for one and are open.

    A newer one takes the older one's place. Raises Refused when none is owed or open.
    """
    owed_ones = summary_obligations(summary.campaign)
    if not owed_ones:
        raise Refused(_("没有等着交总结报告的任务。"), code="not_owed")
    kind = EvidenceKind.SUMMARY_REPORT
    with in_the_companys_language():
        paper = summary_paper(summary)
        made = [
            hand_in_paper(obligation=each, paper=paper, kind=kind, by=by, at=at)
            for each in owed_ones
        ]
    with transaction.atomic():
        lock(summary)
        summary.handed_in_at, summary.handed_in_by = at, person(by)
        summary.revision += 1
        summary.save()
        record(on=summary, verb="hand_in_summary", by=by, at=at, after="submitted")
    return made


def summary_obligations(campaign: Campaign) -> list[Obligation]:
    found = campaign.obligations.open().filter(milestone__code__in=SUMMARIES)
    return list(found.with_all().order_by("milestone__order"))


def in_the_companys_language() -> override:
    """Written material is the company's, whatever language who presses the button reads."""
    return override(settings.LANGUAGE_CODE)


def owed(campaign: Campaign, milestone: str, **subject) -> Obligation:
    found = campaign.obligations.filter(milestone__code=milestone, **subject)
    obligation = found.select_related("milestone").first()
    if obligation is None:
        raise Refused(_("这次专项工作没有要交这份资料的任务。"), code="not_owed")
    return obligation


def hand_in_paper(
    *, obligation: Obligation, paper: Paper, kind: str, by: User, at: datetime
) -> Evidence:
    """Attach a document, in place of the one of the same kind and title from before."""
    data, ending = document_of(paper)
    name = f"{paper.title}.{ending}"
    before = obligation.evidence.standing().filter(kind=kind, file__name=name)
    before = list(before.select_related("file", "obligation"))
    made = attach_evidence(
        obligation=obligation, upload=ContentFile(data, name), kind=kind, by=by, at=at
    )
    for evidence in before:
        withdraw_evidence(evidence=evidence, by=by, at=at)
    return made


def document_of(paper: Paper) -> tuple[bytes, str]:
    """As PDF; as Word where the machine cannot make a PDF."""
    try:
        return as_pdf(paper), "pdf"
    except Refused:
        return as_word(paper), "docx"
