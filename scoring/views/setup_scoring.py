"""The rules of scoring on one page of a campaign's set-up."""

from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from scoring.bands import set_bands
from scoring.rules_form import RulesForms
from scoring.rules_page import RulesPage
from scoring.setup_list import answer
from scoring.terms import set_appeal_days, set_rounding
from scoring.weights import scoring_is_open, set_weights


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request, campaign):
    return PAGE.answer(request, campaign)


def shown(forms: RulesForms) -> dict:
    campaign = forms.campaign
    samples = campaign.weights.filter(is_sample=True).values_list("specialty__code", flat=True)
    return {
        "forms": forms,
        "answer": answer(campaign),
        "samples": set(samples),
        "is_open": scoring_is_open(campaign),
    }


def save(forms: RulesForms, **asked) -> None:
    """Only what was changed goes on record; weights that were samples are adopted."""
    samples = forms.campaign.weights.filter(is_sample=True).exists()
    if samples or forms.weights.has_changed():
        set_weights(percents=forms.percents(), **asked)
    if forms.bands.has_changed():
        set_bands(bands=forms.band_rows(), **asked)
    set_rounding(rounding=forms.terms.cleaned_data["rounding"], **asked)
    set_appeal_days(days=forms.terms.cleaned_data["appeal_days"], **asked)


PAGE = RulesPage(
    name="setup_scoring",
    permission="scoring.set_weights",
    template="scoring/setup_scoring.html",
    form=RulesForms,
    context=shown,
    save=save,
    saved=_("评分规则已保存。"),
)
