"""This app's lines of a campaign's set-up list (registry.SETUP_PARTS)."""

from collections.abc import Iterator

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campaign.dates import timeline_warnings
from campaign.models import Campaign
from campaign.registry import SetupPart
from campaign.reminders.setting import kept
from campaign.reminders.words import in_short


def parts(campaign: Campaign) -> Iterator[SetupPart]:
    yield dates(campaign)
    yield projects(campaign)
    yield notes(campaign)
    yield reminders(campaign)


def dates(campaign: Campaign) -> SetupPart:
    prefetch_related_objects([campaign], "phases__milestones")  # unless the page has them
    phases = list(campaign.phases.all())
    milestones = [each for phase in phases for each in phase.milestones.all()]
    odd = len(timeline_warnings(phases, milestones, year=campaign.year))
    counts = {"phases": len(phases), "milestones": len(milestones), "odd": odd}
    summary = _("%(phases)d 个阶段，%(milestones)d 个节点") % counts
    if odd:
        words = ngettext("%(odd)d 处请看一眼", "%(odd)d 处请看一眼", odd) % {"odd": odd}
        summary = _("%(summary)s，%(odd)s") % {"summary": summary, "odd": words}
    url = reverse("setup_dates", args=[campaign.code])
    return SetupPart(_("日期与关卡"), summary, url, bool(phases), order=1)


def projects(campaign: Campaign) -> SetupPart:
    count = campaign.number_taking_part
    words = ngettext("%(count)d 个项目参加", "%(count)d 个项目参加", count) % {"count": count}
    summary = words if count else _("还没有项目参加")
    url = reverse("setup_projects", args=[campaign.code])
    return SetupPart(pgettext("setup", "参与项目"), summary, url, bool(count), order=2)


def notes(campaign: Campaign) -> SetupPart:
    """How much is asked of everybody's notes; to ask nothing is an answer too."""
    share = campaign.notes_percent
    asked = _("要求每个项目 %(share)d%% 的员工有笔记") % {"share": share} if share else ""
    url = reverse("notes", args=[campaign.code])
    return SetupPart(_("笔记覆盖率"), asked or _("没有要求，可以定一个比例"), url, True, order=8)


def reminders(campaign: Campaign) -> SetupPart:
    """To be reminded of nothing is an answer too."""
    url = reverse("setup_reminders", args=[campaign.code])
    return SetupPart(pgettext("setup", "提醒"), in_short(*kept(campaign)), url, True, order=9)
