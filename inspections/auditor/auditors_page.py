"""Auditors beside each other: how severe, how often of one mind, from how many observations."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.auditor.counting import tally_of
from inspections.auditor.severity import Severity
from organization.list_file import workbook_of
from organization.models import Specialty, User

# Compared items; with fewer a difference says little.
ENOUGH = 30
# Points per look; from here on a difference is worth a word.
WIDE = Decimal("0.10")


class AuditorsPage:
    """Of submitted audit sheets, what stands as each auditor saw it; of all specialties or one.

    `params` are the address's; what is unknown in them is passed over. Five
    queries, of counts that are kept (`counting`).
    """

    def __init__(self, campaign: Campaign, params: Mapping[str, str]):
        self.campaign = campaign
        wanted = params.get("specialty", "")
        self.specialty = next((each for each in self.specialties if each.code == wanted), None)

    @cached_property
    def specialties(self) -> list[Specialty]:
        return list(Specialty.objects.order_by("order", "code"))

    @cached_property
    def rows(self) -> list[tuple[User, Severity]]:
        """The severest first; who cannot be compared with anybody comes last."""
        found = tally_of(self.campaign, self.specialty).severities()
        people = User.objects.in_bulk(found)
        rows = [(people[pk], severity) for pk, severity in found.items()]
        rows.sort(key=lambda row: (-(row[1].difference or 0), row[0].name, row[0].pk))
        return sorted(rows, key=lambda row: row[1].difference is None)

    # --- around them ------------------------------------------------------------------------

    @property
    def comparable(self) -> list[tuple[User, Severity]]:
        return [row for row in self.rows if row[1].compared >= ENOUGH]

    @property
    def answer(self) -> str:
        if not self.rows:
            return _("还没有提交的评分表")
        found = [severity.difference for _person, severity in self.comparable]
        if len(found) < 2:
            return _("检查人之间可比的记录还太少")
        words = {"count": len(found), "range": f"{max(found) - min(found):.2f}"}
        return _("%(count)d 位检查人，同样的项最多相差 %(range)s 分") % words

    def workbook(self) -> bytes:
        """The rows as they stand on the page, figures as numbers."""
        heads = [
            *(_("检查人"), _("用户名"), _("评分表数"), _("看过项次"), _("可比项次")),
            *(_("每项扣分"), _("他人同项"), _("差"), _("共看项次"), _("一致率（%）")),
        ]
        rows = (values(person, severity) for person, severity in self.rows)
        return workbook_of(heads, rows, title=_("检查人宽严"))


def values(person: User, severity: Severity) -> list:
    return [
        *(person.name, person.username, severity.sheets, severity.looks, severity.compared),
        *(severity.own, severity.others, severity.difference),
        *(severity.shared, severity.agreement),
    ]
