"""This app's lines of a campaign's set-up list (campaign.registry.SETUP_PARTS)."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campaign.models import Campaign
from campaign.registry import SetupPart
from organization.prepared import prepared
from scoring.bands import band_problems
from scoring.models import Rubric
from scoring.weights import in_order, weight_problems


def parts(campaign: Campaign) -> Iterator[SetupPart]:
    yield weights(campaign)
    yield bands(campaign)
    yield rubrics(campaign)


def weights(campaign: Campaign) -> SetupPart:
    shown = [f"{row.specialty} {row.percent.normalize():f}%" for row in in_order(campaign)]
    problems = weight_problems(campaign)
    summary = " ".join(problems) or _("，").join(shown)
    return SetupPart(pgettext("setup", "权重"), summary, page_of(campaign), not problems, order=3)


def bands(campaign: Campaign) -> SetupPart:
    problems = band_problems(campaign)
    rounding = campaign.get_rounding_display()
    days = ngettext("申诉 %(days)d 天", "申诉 %(days)d 天", campaign.appeal_days)
    words = {"rounding": rounding, "appeal": days % {"days": campaign.appeal_days}}
    summary = " ".join(problems) or _("%(rounding)s，%(appeal)s") % words
    return SetupPart(_("等级与申诉"), summary, page_of(campaign), not problems, order=4)


def rubrics(campaign: Campaign) -> SetupPart:
    """Not asked for before the start: they are needed when the first sheet is opened."""
    there = {specialty for (specialty,) in published_in(campaign=campaign.pk)}
    lacking = [str(row.specialty) for row in in_order(campaign) if row.specialty_id not in there]
    words = ngettext("已发布 %(count)d 份", "已发布 %(count)d 份", len(there))
    summary = words % {"count": len(there)}
    if lacking:
        summary = _("还缺%(names)s") % {"names": _("、").join(lacking)}
    url = reverse("rubrics", args=[campaign.code])
    return SetupPart(
        pgettext("setup", "评分细则"), summary, url, bool(there) and not lacking, order=5
    )


def published(*, campaign) -> QuerySet[Rubric]:
    current = Rubric.objects.rewrite(False).current().filter(campaign__pk=campaign)
    return current.order_by().values_list("specialty")


published_in = prepared(published, {"campaign": Campaign._meta.pk})


def answer(campaign: Campaign) -> str:
    """The first line of the page where the rules are set: what is missing, or what they are."""
    if problems := [*weight_problems(campaign), *band_problems(campaign)]:
        return " ".join(problems)
    count = campaign.bands.count()
    words = ngettext("%(count)d 个等级，%(rounding)s", "%(count)d 个等级，%(rounding)s", count)
    return words % {"count": count, "rounding": campaign.get_rounding_display()}


def page_of(campaign: Campaign) -> str:
    return reverse("setup_scoring", args=[campaign.code])
