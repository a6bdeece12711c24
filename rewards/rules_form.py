"""What a band and a role earn, and the team: a table as people type it."""

from decimal import Decimal

from django import forms
from django.core.validators import DecimalValidator
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from organization.roles import PROJECT_ROLES
from rewards.amounts import as_words
from rewards.forms import YuanField
from rewards.models import RewardRule, TeamReward
from rewards.posts_day import posts_day
from scoring.bands import Banding
from scoring.drafts import hashed

ROLES = sorted(PROJECT_ROLES, key=lambda role: role.rank)
LONGEST = 20
DIGITS = RewardRule._meta.get_field("amount").max_digits


class RuleField(YuanField):
    """Yuan with a sign, or nothing at all: no rule."""

    def clean(self, value):
        if not (value or "").strip():
            return None
        amount = super().clean(value)
        DecimalValidator(DIGITS, 2)(amount)
        return amount


class RulesForm(forms.Form):
    """Fields are `band:role`; the page sends with them, as `seen`, the mark of what stood there."""

    team_lowest = forms.IntegerField(label=_("起奖分"), min_value=0, max_value=100, required=False)
    team_amount = RuleField(label=_("金额（元）"), max_length=LONGEST, required=False)
    posts_on = forms.DateField(label=_("岗位截止日"), required=False)

    def __init__(self, campaign: Campaign, data=None):
        self.campaign, self.is_conflict = campaign, False
        self.marks = list(reversed(Banding(campaign).marks))
        self.stored = stored_rules(campaign)
        super().__init__(data, initial=self.stored)
        for mark in self.marks:
            for role in ROLES:
                label = f"{mark.name} · {role.label}"
                self.fields[f"{mark.code}:{role}"] = RuleField(
                    label=label, max_length=LONGEST, required=False
                )

    @property
    def mark(self) -> str:
        return hashed(self.stored)

    @property
    def seen(self) -> str:
        """What goes into the page: after a conflict the person has seen what is stored now."""
        asked = self.data.get("seen", "") if self.is_bound else self.mark
        return self.mark if self.is_conflict else asked

    def rows(self) -> list[tuple]:
        """A band with its cells: a role's word and its field."""
        return [
            (mark, [(role.label, self[f"{mark.code}:{role}"]) for role in ROLES])
            for mark in self.marks
        ]

    def clean(self):
        lowest, amount = (self.cleaned_data.get(name) for name in ("team_lowest", "team_amount"))
        if lowest is None and amount is not None and "team_lowest" not in self.errors:
            self.add_error("team_lowest", _("请填写从多少分起。"))
        if amount is None and lowest is not None and "team_amount" not in self.errors:
            self.add_error("team_amount", _("请填写金额；不设团队奖填 0。"))
        if amount is not None and amount < 0:
            self.add_error("team_amount", _("团队奖不能是负数。"))
        return self.cleaned_data

    def amounts(self) -> dict[tuple[str, str], Decimal]:
        """By band and role; an empty cell or a zero is no rule. What the table has no cell for
        (a list may name other roles) stays.
        """
        bands = {mark.code for mark in self.marks}
        rules = self.campaign.reward_rules.filter(band__in=bands).exclude(role__in=ROLES)
        others = {(rule.band, rule.role): rule.amount for rule in rules}
        return others | {
            (mark.code, str(role)): amount
            for mark in self.marks
            for role in ROLES
            if (amount := self.cleaned_data[f"{mark.code}:{role}"])
        }


def stored_rules(campaign: Campaign) -> dict[str, str]:
    """As the form's fields have them."""
    found = {key.replace(" ", ":"): shown(amount) for key, amount in as_words(campaign).items()}
    team = TeamReward.objects.filter(campaign=campaign).first()
    if team:
        found |= {"team_lowest": str(team.lowest), "team_amount": shown(team.amount)}
    if day := posts_day(campaign):
        found["posts_on"] = day.isoformat()
    return found


def shown(amount) -> str:
    """1000 and not 1000.00 or 1E+3."""
    amount = Decimal(amount)
    whole = amount == amount.to_integral_value()
    return f"{amount:.0f}" if whole else f"{amount:.2f}"
