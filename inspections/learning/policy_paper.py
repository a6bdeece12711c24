"""The list of policies that a campaign brought, as a document."""

from datetime import datetime

from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.models import PolicyVersion
from organization.clock import local_day
from organization.papers import Facts, Paper, Signatures, Table
from organization.templatetags.ui import day


def policies_paper(campaign: Campaign, *, at: datetime) -> Paper | None:
    """What was approved in a campaign: name, version, what it prevents; None if nothing was."""
    approved = PolicyVersion.objects.approved().filter(campaign=campaign)
    approved = approved.select_related("policy__specialty", "approved_by")
    versions = list(approved.prefetch_related("prevents__specialty").order_by("approved_at"))
    if not versions:
        return None
    head = [
        _("序号"), _("名称"), _("类别"), _("版本"), _("要预防的问题"), _("批准"), _("生效"),
    ]  # fmt: skip
    return Paper(
        title=_("制度、规程、标准清单"),
        subtitle=str(campaign),
        foot=str(campaign),
        landscape=True,
        blocks=[
            Facts([(_("共"), len(versions)), (_("日期"), day(local_day(at)))]),
            Table(
                head,
                [row(n, version) for n, version in enumerate(versions, 1)],
                widths=(1, 6, 2, 1, 8, 4, 3),
            ),
            Signatures([_("管理中心"), _("总经理"), _("日期")]),
        ],
    )


def row(number: int, version: PolicyVersion) -> list[object]:
    approved = f"{version.approved_by or ''} {day(version.approved_at)}"
    return [
        number,
        version.title,
        version.policy.get_kind_display(),
        version.number,
        "\n".join(str(kind.in_words) for kind in version.prevents.all()) or "—",
        approved.strip(),
        day(version.in_force_from),
    ]
