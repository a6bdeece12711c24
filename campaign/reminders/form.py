"""Rules and hours of reminders as people type them: days in a line, hours, a zone."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.models.reminder_rules import RuleKind
from campaign.reminders.setting import Hours, check_hours, check_rules, kept, reminders_mark
from campaign.reminders.terms import terms_from, terms_of
from campaign.reminders.words import listed
from organization.errors import Refused

SEPARATORS = re.compile(r"[\s,，、;；]+")
LONGEST = 60
CLOCK = "%H:%M"
LATE = (RuleKind.AFTER, RuleKind.ESCALATE)  # told in the order in which the days pass
# What is offered; any other zone may be typed.
ZONES = (
    ("Asia/Shanghai", _("北京时间")),
    ("Asia/Urumqi", _("乌鲁木齐")),
    ("Asia/Hong_Kong", _("香港")),
    ("Asia/Singapore", _("新加坡")),
    ("Asia/Tokyo", _("东京")),
    ("Asia/Dubai", _("迪拜")),
    ("Europe/London", _("伦敦")),
    ("America/New_York", _("纽约")),
)


class DaysField(forms.CharField):
    """Whole numbers of days in a line, in any order; nothing is no reminder."""

    def __init__(self, **options):
        super().__init__(required=False, max_length=LONGEST, **options)

    def clean(self, value) -> list[int]:
        words = [word for word in SEPARATORS.split(super().clean(value)) if word]
        if not all(word.isascii() and word.isdigit() for word in words):
            raise forms.ValidationError(_("请写整数天数，用顿号隔开，例如 7、3、1。"))
        return sorted({int(word) for word in words}, reverse=True)


def clock_field(label) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=[CLOCK, "%H:%M:%S"],
        error_messages={
            "required": _("请填写时间。"),
            "invalid": _("请写成 09:00 这样的时间。"),
        },
    )


class RemindersForm(forms.Form):
    """Fields are named after kinds of rules and hours; `seen` is the mark of what stood there."""

    before = DaysField(label=_("到期前几天"))
    on = forms.BooleanField(label=_("到期当天"), required=False)
    after = DaysField(label=_("逾期后几天"))
    escalate = DaysField(label=_("逾期几天上报"))
    phase_begins = DaysField(label=_("阶段开始前几天"))
    phase_ends = DaysField(label=_("阶段结束前几天"))
    digest_at = clock_field(_("每天提醒的时间"))
    quiet_from = clock_field(_("免打扰开始"))
    quiet_until = clock_field(_("免打扰结束"))
    working_days_only = forms.BooleanField(label=_("只在工作日提醒"), required=False)
    zone_name = forms.CharField(label=_("时区"), max_length=40)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, campaign: Campaign, data=None):
        self.campaign, self.is_conflict = campaign, False
        self.stored = as_typed(*kept(campaign))
        super().__init__(data, initial=self.stored)

    @property
    def shown_mark(self) -> str:
        """What goes into the page: after a conflict the person has seen what is stored now."""
        if self.is_bound and not self.is_conflict:
            return self.data.get("seen", "")
        return reminders_mark(self.campaign)

    def clean(self):
        """What can't be is said beside its field, also where nothing is kept."""
        if not self.errors:
            for check, value in ((check_rules, self.rules()), (check_hours, self.hours())):
                try:
                    check(value)
                except Refused as refusal:
                    self.add_error(refusal.field, str(refusal))
        return self.cleaned_data

    def rules(self) -> set[tuple[str, int]]:
        counted = {kind for kind in RuleKind.values if kind != RuleKind.ON}
        found = {(kind, days) for kind in counted for days in self.cleaned_data[kind]}
        return found | ({(str(RuleKind.ON), 0)} if self.cleaned_data["on"] else set())

    def hours(self) -> Hours:
        return Hours(**{name: self.cleaned_data[name] for name in Hours.__dataclass_fields__})

    def terms(self):
        """What is typed, else what stands: for the look ahead."""
        if self.is_bound and self.is_valid():
            return terms_from(self.hours(), self.rules())
        return terms_of(self.campaign)


def as_typed(rules: set[tuple[str, int]], hours: Hours) -> dict:
    """As the form's fields have them."""
    typed: dict = {
        kind: listed(sorted(days_of(rules, kind), reverse=kind not in LATE))
        for kind in RuleKind.values
    }
    clocks = {name: getattr(hours, name) for name in ("digest_at", "quiet_from", "quiet_until")}
    typed |= {name: f"{clock:{CLOCK}}" for name, clock in clocks.items()}
    typed["on"] = bool(days_of(rules, RuleKind.ON))
    typed["working_days_only"] = hours.working_days_only
    typed["zone_name"] = hours.zone_name
    return typed


def days_of(rules: set[tuple[str, int]], kind: str) -> set[int]:
    return {days for known, days in rules if known == kind}
