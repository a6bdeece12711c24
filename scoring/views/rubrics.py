"""All rubrics of a campaign with its weights and bands, and one rubric."""

from collections import defaultdict

from django.contrib import messages
from django.db.models import Count, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaign.access import campaign_or_404
from campaign.models import Campaign
from organization.errors import Refused, require
from organization.prepared import prepared
from organization.replica import may_lag
from organization.specialties import every_specialty
from scoring.bands import Banding
from scoring.extras import extra_allowed, has_extras
from scoring.models import Rubric, RubricImport, Weight
from scoring.rubric_page import RubricPage
from scoring.rubrics import publish_rubric, what_is_missing
from scoring.webforms import WeightsForm
from scoring.weights import scoring_is_open, set_weights


@may_lag
@require_safe
def rubrics(request, campaign):
    return show_all(request, campaign_or_404(request, campaign))


def show_all(request, campaign, form=None, status=200):
    specialties = every_specialty()
    weights, is_open = weights_of(campaign=campaign.pk), scoring_is_open(campaign)
    groups = grouped(campaign, request.user, specialties)
    context = {
        "campaign": campaign,
        "groups": groups,
        "answer": answer(groups),
        "weights": weights,
        "weight_total": sum(weight.percent for weight in weights),
        "waiting": waiting(campaign, request.user),
        "banding": Banding(campaign),
        "is_open": is_open,
        "extra_allowed": extra_allowed(campaign),
        "has_extras": has_extras(campaign),
        "form": form or (None if is_open else WeightsForm(specialties, initial=percents(weights))),
    }
    return render(request, "scoring/rubrics.html", context, status=status)


def waiting(campaign, user):
    """Imports that nobody has confirmed yet; whoever may import may take up a colleague's."""
    if not user.has_perm("scoring.import_rubric", campaign):
        return []
    return unconfirmed(campaign=campaign.pk)


def without_rubric(*, campaign):
    found = RubricImport.objects.filter(campaign__pk=campaign, rubric=None)
    return found.select_related("source", "specialty", "created_by").order_by("-created_at")[:20]


def with_specialties(*, campaign):
    found = Weight.objects.filter(campaign__pk=campaign).select_related("specialty")
    return found.order_by("specialty__order")


def versions_in(*, campaign):
    found = Rubric.objects.filter(campaign__pk=campaign).order_by("-version")
    return found.annotate(item_count=Count("items"), total=Sum("items__points"))


CAMPAIGN = {"campaign": Campaign._meta.pk}
unconfirmed, weights_of = prepared(without_rubric, CAMPAIGN), prepared(with_specialties, CAMPAIGN)
every_version = prepared(versions_in, CAMPAIGN)


def percents(weights) -> dict[str, str]:
    return {weight.specialty.code: f"{weight.percent.normalize():f}" for weight in weights}


def grouped(campaign, user, specialties) -> list[dict]:
    """A specialty's current version, its draft, and the versions before."""
    if user.sees_company:
        found = every_version(campaign=campaign.pk)
    else:
        found = versions_in(campaign=campaign.pk).visible_to(user)
    versions = defaultdict(list)
    for rubric in found:
        versions[rubric.specialty_id].append(rubric)
    return [group(specialty, versions[specialty.pk]) for specialty in specialties]


def group(specialty, versions: list[Rubric]) -> dict:
    drafts = [rubric for rubric in versions if not rubric.published_at]
    for draft in drafts:
        draft.missing = what_is_missing(draft)
    current = [r for r in versions if r.published_at and not r.superseded_at]
    return {
        "specialty": specialty,
        "versions": [*drafts, *current],
        "former": [rubric for rubric in versions if rubric.superseded_at],
        "is_published": bool(current),
    }


def answer(groups: list[dict]) -> str:
    published = [group for group in groups if group["is_published"]]
    waiting = [group["specialty"].name for group in groups if not group["is_published"]]
    if not published:
        return _("还没有发布评分细则")
    if not waiting:
        return _("%(count)d 个专业的评分细则都已发布") % {"count": len(published)}
    return _("%(count)d 个专业已发布，还缺%(names)s") % {
        "count": len(published),
        "names": _("、").join(waiting),
    }


@require_POST
def weights(request, campaign):
    held = campaign_or_404(request, campaign)
    require(request.user, "scoring.set_weights", held)
    form = WeightsForm(every_specialty(), request.POST)
    if form.is_valid():
        try:
            set_weights(campaign=held, percents=form.percents(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("权重已保存。"))
            return redirect("rubrics", held.code)
    return show_all(request, held, form, status=422)


def rubric_or_404(request, code, pk) -> Rubric:
    campaign = campaign_or_404(request, code)
    visible = Rubric.objects.filter(campaign=campaign).visible_to(request.user)
    return get_object_or_404(visible.select_related("specialty", "source", "published_by"), pk=pk)


@require_safe
def rubric(request, campaign, pk):
    return show_rubric(request, rubric_or_404(request, campaign, pk))


def show_rubric(request, found, *, problem="", status=200, **typed):
    """One rubric's page; `typed` are the forms on it that came back with mistakes."""
    may_edit = request.user.has_perm("scoring.import_rubric", request.campaign)
    page = RubricPage(found, may_edit=may_edit, **typed)
    context = {"campaign": request.campaign, "rubric": found, "page": page, "problem": problem}
    return render(request, "scoring/rubric.html", context, status=status)


@require_POST
def publish(request, campaign, pk):
    found = rubric_or_404(request, campaign, pk)
    require(request.user, "scoring.publish_rubric", found)
    try:
        seen = request.POST.get("seen")
        publish_rubric(rubric=found, by=request.user, at=timezone.now(), seen=seen)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已发布。新开的评分表用这一版，已有评分表不变。"))
    return redirect("rubric", campaign, pk)
