"""What was learnt becomes written material of the obligation that asks for it, with one press."""

from datetime import datetime

from django.db import transaction
from django.db.models import Subquery
from django.utils.translation import gettext as _

from campaign.models import Campaign, Evidence, Milestone, Obligation
from campaign.words import EvidenceKind
from inspections.closing.summary_paper import summary_paper
from inspections.learning.policy_paper import policies_paper
from inspections.learning.seminar_paper import minutes_paper, solutions_paper
from inspections.learning.seminars import check
from inspections.models import Seminar, Summary
from inspections.moves import lock, person
from inspections.written_material import (
    document_of,
    hand_in_document,
    in_the_companys_language,
    keys,
)
from organization.errors import Refused
from organization.history import record
from organization.models import Specialty, User
from organization.prepared import prepared

SEMINAR, POLICIES = "specialty_seminar", "preventive_policies"
SUMMARIES = ("summary_meeting", "lessons")  # both ask for a summary report


def hand_in_solutions(*, seminar: Seminar, by: User, at: datetime) -> list[Evidence]:
    """Attach a closed seminar's solutions, and its minutes if there are any, to the specialty's
    obligation, in place of what was attached of it before.

    Raises Refused when it isn't closed, nothing is owed, or the obligation takes nothing now.
    """
    check(seminar, "hand_in_solutions")
    obligation = owed(seminar.campaign, SEMINAR, specialty=seminar.specialty)
    papers = {EvidenceKind.SOLUTIONS: solutions_paper}
    if seminar.minutes:
        papers[EvidenceKind.MINUTES] = minutes_paper
    with in_the_companys_language():
        drawn = {kind: document_of(write(seminar)) for kind, write in papers.items()}
    about = {"of": seminar, "verb": "hand_in_solutions", "obligation": obligation}
    with transaction.atomic():
        made = [
            hand_in_document(**about, document=document, kind=kind, by=by, at=at)
            for kind, document in drawn.items()
        ]
        handed = {"obligation": obligation.pk, "evidence": keys(made)}
        record(on=seminar, verb="hand_in_solutions", by=by, at=at, **handed)
    return made


def hand_in_policies(*, campaign: Campaign, by: User, at: datetime) -> Evidence:
    """Attach the list of policies that this campaign brought to the obligation that asks."""
    with in_the_companys_language():
        paper = policies_paper(campaign, at=at)
        if paper is None:
            raise Refused(_("这次专项工作还没有批准的制度。"), code="empty")
        document = document_of(paper)
    about = {"of": campaign, "verb": "hand_in_policies", "obligation": owed(campaign, POLICIES)}
    kind = EvidenceKind.DOCUMENT
    with transaction.atomic():
        made = hand_in_document(**about, document=document, kind=kind, by=by, at=at)
        record(on=campaign, verb="hand_in_policies", by=by, at=at, evidence=keys([made]))
    return made


def hand_in_summary(*, summary: Summary, by: User, at: datetime) -> list[Evidence]:
    """Attach the summary as report to the company's milestones that ask for one and are open.

    A newer one takes the older one's place. Raises Refused when none is owed or open.
    """
    owed_ones = summary_obligations(summary.campaign)
    if not owed_ones:
        raise Refused(_("没有等着交总结报告的任务。"), code="not_owed")
    with in_the_companys_language():
        document = document_of(summary_paper(summary))
    about = {"of": summary, "verb": "hand_in_summary", "kind": EvidenceKind.SUMMARY_REPORT}
    with transaction.atomic():
        lock(summary)
        made = [
            hand_in_document(**about, obligation=each, document=document, by=by, at=at)
            for each in owed_ones
        ]
        summary.handed_in_at, summary.handed_in_by = at, person(by)
        summary.revision += 1
        summary.save()
        handed = {"after": "submitted", "evidence": keys(made)}
        record(on=summary, verb="hand_in_summary", by=by, at=at, **handed)
    return made


def summary_obligations(campaign: Campaign) -> list[Obligation]:
    owed = open_summaries(campaign=campaign.pk)
    for each in owed:
        each.campaign = campaign
    return owed


def summaries_owed(*, campaign):
    found = Obligation.objects.open().filter(campaign__pk=campaign, milestone__code__in=SUMMARIES)
    return found.select_related("milestone__phase").order_by("milestone__order")


open_summaries = prepared(summaries_owed, {"campaign": Campaign._meta.pk})


def specialty_owes(campaign: Campaign, milestone: str, specialty: Specialty) -> Obligation | None:
    """What a milestone of this code asks of a specialty, with all that a page says of it."""
    about = {"campaign": campaign.pk, "specialty": specialty.pk, "milestone": milestone}
    return next(iter(owed_by_specialty(**about)), None)


def company_owes(campaign: Campaign, milestone: str) -> Obligation | None:
    """The same of the company."""
    return next(iter(owed_by_company(campaign=campaign.pk, milestone=milestone)), None)


def of_milestone(*, campaign, milestone: str):
    # by the milestone itself: by its code, a database walks all that is due before it
    named = Milestone.objects.filter(campaign__pk=campaign, code=milestone).order_by()
    found = Obligation.objects.filter(campaign__pk=campaign)
    return found.filter(milestone=Subquery(named.values("pk")[:1])).with_all()[:1]


def of_specialty(*, campaign, milestone: str, specialty):
    # along the milestone's own index
    found = Obligation.objects.filter(milestone__campaign__pk=campaign, milestone__code=milestone)
    return found.filter(specialty__pk=specialty).with_all()[:1]


CAMPAIGN = {"campaign": Campaign._meta.pk}
owed_by_company = prepared(of_milestone, CAMPAIGN)
owed_by_specialty = prepared(of_specialty, CAMPAIGN | {"specialty": Specialty._meta.pk})


def owed(campaign: Campaign, milestone: str, **subject) -> Obligation:
    found = campaign.obligations.filter(milestone__code=milestone, **subject)
    obligation = found.select_related("milestone").first()
    if obligation is None:
        raise Refused(_("这次专项工作没有要交这份资料的任务。"), code="not_owed")
    return obligation
