"""What the rules of reminders are called, wherever people read them."""

from collections.abc import Collection, Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campaign.models.reminder_rules import RuleKind
from campaign.models.reminders import NOTICE
from campaign.reminders.rules import kind_and_days
from campaign.reminders.setting import Hours


def rule_name(code: str) -> str:
    """A rule of the ledger in the language that is active; unknown ones stand as they are."""
    kind, days = kind_and_days(code)
    counted = {
        RuleKind.BEFORE: ngettext("到期前 %(days)d 天", "到期前 %(days)d 天", days),
        RuleKind.AFTER: ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", days),
        RuleKind.ESCALATE: ngettext("逾期 %(days)d 天上报", "逾期 %(days)d 天上报", days),
        RuleKind.PHASE_BEGINS: ngettext("阶段开始前 %(days)d 天", "阶段开始前 %(days)d 天", days),
        RuleKind.PHASE_ENDS: ngettext("阶段结束前 %(days)d 天", "阶段结束前 %(days)d 天", days),
    }
    on_the_day = {
        RuleKind.ON: _("到期当天"),
        RuleKind.PHASE_BEGINS: _("阶段开始"),
        RuleKind.PHASE_ENDS: _("阶段最后一天"),
        NOTICE: _("事项通知"),
    }
    if days == 0 and kind in on_the_day:
        return on_the_day[kind]
    return counted[kind] % {"days": days} if kind in counted else code


def in_short(rules: Collection[tuple[str, int]], hours: Hours) -> str:
    """A campaign's reminders in a line: when, and at which hour."""
    days = {kind: sorted((n for k, n in rules if k == kind), reverse=True) for kind in RuleKind}
    said = []
    if days[RuleKind.BEFORE]:
        said.append(_("到期前 %(days)s 天") % {"days": listed(days[RuleKind.BEFORE])})
    if days[RuleKind.ON]:
        said.append(_("当天"))
    if days[RuleKind.AFTER]:
        said.append(_("逾期 %(days)s 天") % {"days": listed(sorted(days[RuleKind.AFTER]))})
    if not said:
        return _("到期和逾期都不提醒")
    said.append(_("每天 %(clock)s") % {"clock": f"{hours.digest_at:%H:%M}"})
    return capfirst(pgettext("reminders", "，").join(said))


def listed(numbers: Iterable[int]) -> str:
    return _("、").join(str(number) for number in numbers)
