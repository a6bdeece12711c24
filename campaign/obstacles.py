"""What still keeps an obligation from being handed in; the page says it before the press."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.coverage import Coverage, coverage_of
from campaign.models import Obligation, SupportVisit
from campaign.words import EvidenceKind
from organization.prepared import prepared
from organization.templatetags.ui import short_day

MOST_NAMED = 5


@dataclass(frozen=True)
class Obstacle:
    """`words` name everything, `brief` is the page's first line."""

    code: str
    words: str
    brief: str

    def __str__(self):
        return self.words


def obstacles(obligation: Obligation) -> list[Obstacle]:
    """Missing kinds, visits without the project's word, notes where the campaign asks for them."""
    if obligation.is_met_by_plan:
        return []
    return [*of_kinds(obligation), *of_visits(obligation), *of_notes(obligation)]


def missing_kinds(obligation: Obligation) -> list[EvidenceKind]:
    """Kinds that the plan asks for and nothing that stands shows, in the plan's order."""
    if obligation.is_met_by_plan:
        return []
    there = {evidence.kind for evidence in obligation.evidence.all() if evidence.stands}
    if obligation.asks_for_visits:
        # the list of visits is the log: an upload beside it is no visit
        there.discard(EvidenceKind.VISIT_LOG)
        if some_visit(obligation=obligation.pk):
            there.add(EvidenceKind.VISIT_LOG)
    return [EvidenceKind(kind) for kind in obligation.milestone.evidence if kind not in there]


def of_kinds(obligation: Obligation) -> list[Obstacle]:
    missing = missing_kinds(obligation)
    if not missing:
        return []
    kinds = {"kinds": _("、").join(str(kind.label) for kind in missing)}
    return [Obstacle("missing", _("还缺：%(kinds)s。") % kinds, _("还缺%(kinds)s") % kinds)]


def of_visits(obligation: Obligation) -> list[Obstacle]:
    """Every standing visit has to be confirmed by its project."""
    if not obligation.asks_for_visits:
        return []
    visits = unconfirmed_visits(obligation=obligation.pk)
    disputed = [visit for visit in visits if visit.is_disputed]
    return [*silent([visit for visit in visits if visit.is_to_confirm]), *against(disputed)]


def some(*, obligation) -> QuerySet[SupportVisit]:
    visits = SupportVisit.objects.standing().filter(obligation__pk=obligation)
    return visits.order_by().values_list("pk")[:1]


def unconfirmed(*, obligation) -> QuerySet[SupportVisit]:
    visits = SupportVisit.objects.standing().filter(obligation__pk=obligation, confirmed_at=None)
    return visits.select_related("project").order_by("day", "pk")


some_visit = prepared(some, {"obligation": Obligation._meta.pk})
unconfirmed_visits = prepared(unconfirmed, {"obligation": Obligation._meta.pk})


def silent(visits: list[SupportVisit]) -> list[Obstacle]:
    if not visits:
        return []
    brief = ngettext("%(n)d 次督导等项目确认", "%(n)d 次督导等项目确认", len(visits))
    words = _("等项目确认：%(visits)s。") % {"visits": named(visits)}
    return [Obstacle("unconfirmed", words, brief % {"n": len(visits)})]


def against(visits: list[SupportVisit]) -> list[Obstacle]:
    if not visits:
        return []
    brief = ngettext("%(n)d 次督导项目有异议", "%(n)d 次督导项目有异议", len(visits))
    words = _("项目有异议：%(visits)s。") % {"visits": named(visits)}
    return [Obstacle("disputed", words, brief % {"n": len(visits)})]


def named(visits: list[SupportVisit]) -> str:
    shown = [f"{visit.project} {short_day(visit.day)}" for visit in visits[:MOST_NAMED]]
    words = _("、").join(shown)
    if len(visits) > MOST_NAMED:
        return _("%(visits)s等 %(count)d 次") % {"visits": words, "count": len(visits)}
    return words


def of_notes(obligation: Obligation) -> list[Obstacle]:
    """Notes block nothing unless the campaign asks for a share of the people."""
    asked = obligation.campaign.notes_percent
    if not asked or not obligation.asks_for_notes:
        return []
    coverage = coverage_of(obligation)
    return [] if coverage.percent >= asked else [too_few(coverage, asked)]


def too_few(coverage: Coverage, asked: int) -> Obstacle:
    words = {"covered": coverage.covered, "all": coverage.headcount, "asked": asked}
    return Obstacle(
        "notes",
        _("%(covered)d / %(all)d 人有笔记，专项要求不少于 %(asked)d%%。") % words,
        _("笔记不够：%(covered)d / %(all)d 人") % words,
    )
