"""What was drawn and said on a call-back, as it is sealed: no name and no number is in it."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.registry import SealedKind
from inspections.models import CallbackSample
from organization.digests import canonical, compact, fingerprint

DRAWN = ("questionnaire_id", "seed", "size", "tries", "drawn_at", "drawn_by_id")
CALLED = (
    "callee_id", "outcome", "remark", "complaint", "about_id", "corrects_id", "by_id", "called_at",
)  # fmt: skip


def visit_contents(campaign: Campaign, about: str) -> Iterable[tuple[str, object]]:
    """Of each visit that drew: the draw, whose turn came, the calls with their answers, and the
    observations that came of them; the questions once they were answered, for until then they
    may be changed.
    """
    found = CallbackSample.objects.filter(visit__campaign=campaign)
    found = (found.filter(visit=about) if about else found).order_by("visit")
    related = ("callees__calls__answers", "questionnaire__questions", "visit__sources")
    for sample in found.prefetch_related(*related).iterator(chunk_size=100):
        callees = sorted(sample.callees.all(), key=lambda each: each.place)
        calls = [call for callee in callees for call in callee.calls.all()]
        asked = sample.questionnaire.questions.all() if any(map(answers_of, calls)) else []
        yield str(sample.visit_id), compact({
            "sample": values(sample, DRAWN),
            "order": fingerprint(canonical(sample.order)),
            "callees": [[each.pk, each.place, each.customer_id, each.key] for each in callees],
            "calls": {str(call.pk): values(call, CALLED) for call in calls},
            "answers": {str(call.pk): answers_of(call) for call in calls},
            "questions": sorted([q.pk, q.text_zh_hans, q.text_en] for q in asked),
            "observations": sorted(str(each.pk) for each in sample.visit.sources.all()),
        })  # fmt: skip


def answers_of(call) -> list[list[int]]:
    return sorted([answer.question_id, answer.grade] for answer in call.answers.all())


def values(thing, names: tuple[str, ...]) -> dict:
    return compact({name: getattr(thing, name) for name in names})


KINDS = {"callbacks": SealedKind(_("客户回访"), visit_contents)}
