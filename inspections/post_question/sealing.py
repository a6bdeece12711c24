"""What was drawn and answered on a visit, as it is sealed: who was asked what, and how they did."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.registry import SealedKind
from inspections.models import AuditVisit, PostAnswer
from organization.digests import compact

DRAWN = ("pk", "specialty_id", "role", "seed", "number", "among", "drawn_at", "drawn_by_id")
ANSWERED = (
    "drawn_id", "person_id", "name", "position", "result", "note", "replaces_id", "by_id",
    "recorded_at",
)  # fmt: skip
NOTED_THERE = ("answered_at", "device_at")


def visit_contents(campaign: Campaign, about: str) -> Iterable[tuple[str, object]]:
    """Of each visit that asked: its draws with their questions, its answers, and the
    observations that came of it.
    """
    found = AuditVisit.objects.filter(campaign=campaign, draws__isnull=False).distinct()
    found = (found.filter(pk=about) if about else found).order_by("pk")
    related = ("draws__drawn__answers", "sources")
    for visit in found.prefetch_related(*related).iterator(chunk_size=100):
        draws = list(visit.draws.all())
        drawn = [each for draw in draws for each in draw.drawn.all()]
        answers = [answer for each in drawn for answer in each.answers.all()]
        yield str(visit.pk), compact({
            "draws": [values(each, DRAWN) for each in draws],
            "drawn": [[each.pk, each.draw_id, each.question_id] for each in drawn],
            "answers": {str(each.pk): answer_values(each) for each in answers},
            "observations": sorted(str(each.pk) for each in visit.sources.all()),
        })  # fmt: skip


def answer_values(answer: PostAnswer) -> dict:
    """With when it was noted on a device, where it was: others are sealed as ever."""
    names = (*ANSWERED, *NOTED_THERE) if answer.answered_at else ANSWERED
    return values(answer, names)


def values(thing, names: tuple[str, ...]) -> dict:
    return {name: getattr(thing, name) for name in names}


KINDS = {"post_questions": SealedKind(_("岗位询问"), visit_contents)}
