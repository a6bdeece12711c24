"""Appeals against what ledgers and scores say of them (campaign.registry.EVIDENCE_CHECKS)."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.registry import Difference
from inspections.models import Appeal
from inspections.sheet.remaking import open_appeals
from inspections.words import ObservationKind, Outcome
from scoring.models import Score
from scoring.models.results import ScoreKind

DECISION = _("决定与评分表上的记录不符：决定扣 %(points)s，记录扣 %(recorded)s。")
NO_ENTRY = _("已经决定，评分表上却没有这条决定。")
UNDECIDED = _("未决申诉应当是 %(due)s 件，现在记的是 %(now)s 件。")


def check_appeals(campaign: Campaign) -> Iterator[Difference]:
    """Every decision is an event of its sheet, and every score knows how many are still open."""
    decided = Appeal.objects.in_force().filter(sheet__campaign=campaign, decided_at__isnull=False)
    related = ("sheet__project", "sheet__specialty", "item", "entry")
    for appeal in decided.select_related(*related).order_by("pk").iterator():
        yield from check_decision(appeal)
    yield from check_open(campaign)


def check_decision(appeal: Appeal) -> Iterator[Difference]:
    entry = appeal.entry
    if entry is None or entry.kind != ObservationKind.DECIDED or about(entry) != about(appeal):
        yield Difference("appeal_entry", f"{appeal.project.code} {appeal}", NO_ENTRY)
    elif not agrees(appeal):
        figures = {"points": appeal.costs, "recorded": entry.points or 0}
        told = f"{appeal.project.code} {appeal}"
        yield Difference("appeal_points", told, DECISION, figures)


def about(thing) -> tuple:
    return thing.sheet_id, thing.item_id, thing.requirement_id, thing.rule_id


def agrees(appeal: Appeal) -> bool:
    """Whether it says what its event says; what a kept one costs is worked out from the others."""
    recorded = appeal.entry.points
    if appeal.outcome == Outcome.WITHDRAWN:
        return recorded is None and appeal.points is None
    if appeal.outcome == Outcome.KEPT:
        return recorded is not None and appeal.points is not None
    return recorded is not None and recorded == appeal.points


def check_open(campaign: Campaign) -> Iterator[Difference]:
    """A settlement would not wait for an appeal that its score does not count."""
    undecided = open_appeals(campaign)
    sheets = campaign.sheets.audits().filter(pk__in=undecided)
    due = {(s.project_id, s.specialty_id): undecided[s.pk] for s in sheets}
    scores = Score.objects.filter(campaign=campaign, kind=ScoreKind.AUDIT)
    projects = {project for project, _specialty in due}
    scores = scores.filter(Q(open_objections__gt=0) | Q(project__in=projects))
    for score in scores.select_related("project", "specialty").iterator():
        expected = due.get((score.project_id, score.specialty_id), 0)
        if score.open_objections != expected:
            figures = {"due": expected, "now": score.open_objections}
            yield Difference("open_appeals", f"{score.project.code} {score}", UNDECIDED, figures)
