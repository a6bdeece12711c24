"""What each rubric counts in the composite, in percent; locked once scoring is open (ruling 6)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaign.models import Campaign
from campaign.seals import seal
from organization.errors import Refused
from organization.history import record
from organization.models import Specialty
from organization.prepared import prepared
from scoring import engine
from scoring.models import CampaignResults, Weight
from scoring.template import sample_weights


def scoring_is_open(campaign: Campaign) -> bool:
    """Whether the first audit sheet was opened: weights and bands are locked from then on."""
    return bool(opened_of(campaign=campaign.pk))


def opened(*, campaign) -> QuerySet[CampaignResults]:
    found = CampaignResults.objects.filter(campaign__pk=campaign, opened_at__isnull=False)
    return found.values_list("pk")


opened_of = prepared(opened, {"campaign": Campaign._meta.pk})


def require_unopened_scoring(campaign: Campaign) -> None:
    if scoring_is_open(campaign):
        raise Refused(_("评分已经开始，权重和等级不能再改。"), code="scoring_open")


@transaction.atomic
def set_weights(
    *,
    campaign: Campaign,
    percents: Mapping[str, Decimal],
    by,
    at: datetime,
    samples: Collection[str] = (),
) -> list[Weight]:
    """Replace a campaign's weights: percent by specialty code, adding up to 100.

    Those named in `samples` are marked as samples (ruling 17); what a person sets is not one.
    Leaves one record. Raises Refused when scoring is open, a specialty is unknown, or they do
    not add up to 100.
    """
    CampaignResults.objects.hold(campaign)
    require_unopened_scoring(campaign)
    if problems := _problems(percents):
        raise Refused(" ".join(problems), code="weights")
    specialties = {each.code: each for each in Specialty.objects.filter(code__in=percents)}
    if unknown := percents.keys() - specialties.keys():
        raise Refused(_("没有这个专业口：%s") % _("、").join(sorted(unknown)), code="specialty")
    before = as_words(campaign)
    campaign.weights.all().delete()
    made = Weight.objects.bulk_create(
        Weight(
            campaign=campaign,
            specialty=specialties[code],
            percent=percent,
            is_sample=code in samples,
        )
        for code, percent in percents.items()
    )
    record(on=campaign, verb="set_weights", by=by, at=at, weights=as_words(campaign), was=before)
    seal(campaign, "weights", at=at)
    return made


def as_words(campaign: Campaign) -> dict[str, str]:
    rows = campaign.weights.values_list("specialty__code", "percent")
    return {code: f"{percent.normalize():f}" for code, percent in rows}


def weight_problems(campaign: Campaign) -> list[str]:
    """Sentences about weights that do not add up to 100 percent."""
    return _problems({each.specialty.code: each.percent for each in in_order(campaign)})


def in_order(campaign: Campaign) -> list[Weight]:
    """By their specialties, which come along; no query where a page has read them already."""
    if "weights" in getattr(campaign, "_prefetched_objects_cache", {}):
        return list(campaign.weights.all())
    return list(campaign.weights.select_related("specialty").order_by("specialty__order"))


def _problems(percents: Mapping[str, Decimal]) -> list[str]:
    if any(percent != round(percent, 2) for percent in percents.values()):
        return [_("权重最多两位小数。")]
    return [_sentence(problem) for problem in engine.check_weights(percents)]


def _sentence(problem: engine.Problem) -> str:
    (figure,) = problem.figures
    if problem.code == "negative":
        return _("权重不能是负数：%(code)s %(percent)s%%。") % {
            "code": problem.subject,
            "percent": f"{figure.normalize():f}",
        }
    return _("权重合计是 %(total)s%%，应当是 100%%。") % {"total": f"{figure.normalize():f}"}


def weights_from_template(campaign: Campaign, plan: dict, at: datetime) -> None:
    """Give a new campaign its weights: the plan's own, samples where it names none."""
    own = {code: Decimal(str(figure)) for code, figure in plan["scoring"]["weights"].items()}
    samples = {
        code: percent
        for code, percent in sample_weights().items()
        if code not in own and sum(own.values()) < engine.FULL
    }
    set_weights(campaign=campaign, percents=own | samples, by="template", at=at, samples=samples)
