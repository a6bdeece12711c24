"""For the center: phases that end while their gate is neither met nor passed."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.gates import NEAR, SHORT, held_up
from organization.clock import end_of
from organization.templatetags.ui import day
from portal.work.campaigns import Campaigns
from portal.work.rows import Row


def gates_held_up(campaigns: Campaigns, *, at: datetime) -> Iterator[Row]:
    """One line for each: to be passed, or what it waits for to be pressed for."""
    for phase, short in held_up(campaigns.milestones, at=at):
        words = ngettext("还有 %(count)d 项没通过", "还有 %(count)d 项没通过", short)
        yield Row(
            title=_("%(phase)s的关卡") % {"phase": phase},
            meta=f"{words % {'count': short}} · {phase.campaign}",
            state=SHORT,
            url=reverse("gate", args=[phase.campaign.code, phase.code]),
            action=_("处理"),
            since=end_of(phase.end - NEAR),
            note=_("%(day)s截止") % {"day": day(phase.end)},
        )
