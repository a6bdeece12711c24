"""Bands and amounts as people move them: every field has what is in force until it is typed in."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from rewards.models import TeamReward
from rewards.rules import Terms
from rewards.rules_form import ROLES, shown
from rewards.sandbox import drawn
from scoring import engine
from scoring.bands import Banding


def yuan_field(label, **kwargs) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=10, decimal_places=2, required=False, **kwargs
    )


class SandboxForm(forms.Form):
    """`low-BAND` is where a band begins, `BAND:ROLE` an amount, `on` whose standings are taken."""

    on = forms.ChoiceField(label=gettext_lazy("用哪次的成绩"))
    team_lowest = forms.IntegerField(
        label=gettext_lazy("起奖分"), min_value=0, max_value=100, required=False
    )
    team_amount = yuan_field(gettext_lazy("金额（元）"), min_value=0)

    def __init__(self, campaign: Campaign, terms: Terms, asked: Mapping[str, str], campaigns):
        self.campaign, self.terms = campaign, terms
        self.marks = list(Banding(campaign).marks)
        super().__init__(self.in_force() | dict(asked.items()))
        self.fields["on"].choices = [(each.code, str(each)) for each in campaigns]
        for mark in self.marks[1:]:
            self.fields[f"low-{mark.code}"] = forms.IntegerField(
                label=_("%(band)s起点") % {"band": mark.name}, min_value=1, max_value=100
            )
        for mark in self.marks:
            for role in ROLES:
                self.fields[f"{mark.code}:{role}"] = yuan_field(f"{mark.name} · {role.label}")

    def in_force(self) -> dict[str, str]:
        terms, team = self.terms, self.terms.team
        found = {f"low-{band.code}": str(band.lowest) for band in terms.bands[1:]}
        found |= {f"{band}:{role}": shown(yuan) for (band, role), yuan in terms.amounts.items()}
        if team:
            found |= {"team_lowest": str(team.lowest), "team_amount": shown(team.amount)}
        return found | {"on": self.campaign.code}

    def rows(self) -> list[tuple]:
        """From the highest band: its mark, the field of where it begins, and its amounts."""
        return [
            (
                mark,
                self[f"low-{mark.code}"] if f"low-{mark.code}" in self.fields else None,
                [(role.label, self[f"{mark.code}:{role}"]) for role in ROLES],
            )
            for mark in reversed(self.marks)
        ]

    def clean(self):
        before = 0
        for mark in self.marks[1:]:
            name = f"low-{mark.code}"
            low = self.cleaned_data.get(name)
            if low is not None and low <= before:
                self.add_error(name, _("要比前一个等级的起点高。"))
            before = low or before
        return self.cleaned_data

    @property
    def lowest(self) -> dict[str, int]:
        return {mark.code: self.cleaned_data[f"low-{mark.code}"] for mark in self.marks[1:]}

    @property
    def amounts(self) -> dict[tuple[str, str], Decimal]:
        """With the rules that the table has no cell for."""
        cells = {(mark.code, str(role)) for mark in self.marks for role in ROLES}
        others = {key: yuan for key, yuan in self.terms.amounts.items() if key not in cells}
        typed = {key: self.cleaned_data[":".join(key)] for key in cells}
        return others | {key: yuan for key, yuan in typed.items() if yuan}

    @property
    def team(self) -> tuple[int, Decimal] | None:
        lowest = self.cleaned_data["team_lowest"]
        return None if lowest is None else (lowest, self.cleaned_data["team_amount"] or Decimal(0))

    def tried(self) -> Terms:
        bands = [
            engine.Band(row["code"], row["lowest"], row["highest"])
            for row in drawn(self.campaign, self.lowest)
        ]
        team = self.team and TeamReward(lowest=self.team[0], amount=self.team[1])
        return Terms(bands, self.terms.rounding, self.amounts, team)

    @property
    def is_in_force(self) -> bool:
        tried, held = self.tried(), self.terms
        team = (held.team.lowest, held.team.amount) if held.team else None
        rules = {key: yuan for key, yuan in held.amounts.items() if yuan}
        return (tried.bands, dict(tried.amounts), self.team) == (held.bands, rules, team)
