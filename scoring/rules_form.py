"""A campaign's rules of scoring on one form: weights, bands, rounding, appeal days."""

from decimal import Decimal

from django import forms
from django.core.validators import validate_slug
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.words import Rounding
from organization.specialties import every_specialty
from scoring.drafts import hashed
from scoring.models import Band
from scoring.terms import MOST_APPEAL_DAYS
from scoring.webforms import WeightsForm
from scoring.weights import as_words

MOST_BANDS = 12
NEEDED = _("请填写。")


class TermsForm(forms.Form):
    rounding = forms.ChoiceField(label=_("等级取整"), choices=Rounding)
    appeal_days = forms.IntegerField(label=_("申诉天数"), min_value=0, max_value=MOST_APPEAL_DAYS)


class BandForm(forms.Form):
    """One band; a line that is left empty is none."""

    code = forms.CharField(
        label=_("编码"), max_length=20, required=False, validators=[validate_slug]
    )
    name_zh_hans = forms.CharField(label=_("中文名称"), max_length=30, required=False)
    name_en = forms.CharField(label=_("英文名称"), max_length=30, required=False)
    lowest = forms.IntegerField(label=_("起"), min_value=0, max_value=100, required=False)
    highest = forms.IntegerField(label=_("止"), min_value=0, max_value=100, required=False)

    def clean(self):
        if self.is_filled:
            for name in ("code", "name_zh_hans", "lowest", "highest"):
                if self.cleaned_data.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, NEEDED)
        return self.cleaned_data

    @property
    def is_filled(self) -> bool:
        return any(self.data.get(self.add_prefix(name), "").strip() for name in self.fields)


BandForms = formset_factory(BandForm, extra=1, max_num=MOST_BANDS, absolute_max=MOST_BANDS)


class RulesForms:
    """The three together: valid together, and kept together."""

    def __init__(self, campaign: Campaign, data=None):
        self.campaign = campaign
        self.specialties = every_specialty()
        self.stored = stored_rules(campaign)
        self.terms = TermsForm(data, initial=self.stored["terms"])
        self.weights = WeightsForm(
            self.specialties, data, initial=self.stored["weights"], prefix="weight"
        )
        self.bands = BandForms(data, initial=self.stored["bands"], prefix="band")
        self.problem, self.is_conflict = "", False

    @property
    def mark(self) -> str:
        """Tells whether the rules still are as somebody saw them."""
        return hashed(repr(self.stored))

    @property
    def seen(self) -> str:
        """What goes into the page: after a conflict the person has seen what is stored now."""
        asked = self.terms.data.get("seen", "") if self.terms.is_bound else self.mark
        return self.mark if self.is_conflict else asked

    def is_valid(self) -> bool:
        return all([self.terms.is_valid(), self.weights.is_valid(), self.bands.is_valid()])

    def add_error(self, _field: None, error: str) -> None:
        """What is wrong with all of it, as a form has it."""
        self.problem = error

    def percents(self) -> dict[str, Decimal]:
        return self.weights.percents()

    def band_rows(self) -> list[dict]:
        return [
            form.cleaned_data | {"name_en": form.cleaned_data["name_en"] or None}
            for form in self.bands
            if form.is_filled
        ]


def stored_rules(campaign: Campaign) -> dict:
    """The rules as the form shows them."""
    columns = ("code", "name_zh_hans", "name_en", "lowest", "highest")
    bands = Band.objects.filter(campaign=campaign).order_by("lowest").values(*columns)
    return {
        "terms": {"rounding": campaign.rounding, "appeal_days": campaign.appeal_days},
        "weights": {code: Decimal(figure) for code, figure in as_words(campaign).items()},
        "bands": [row | {"name_en": row["name_en"] or ""} for row in bands],
    }
