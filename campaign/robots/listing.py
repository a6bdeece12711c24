"""The list of robots: what the address asks for, and how they stand."""

from functools import cached_property

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Robot
from campaign.models.channels import RobotKind, RobotScope


class RobotList:
    """All robots, narrowed by the address: for whom they speak, of which kind, a word."""

    def __init__(self, asked):
        self.scope = asked.get("scope") if asked.get("scope") in RobotScope else ""
        self.kind = asked.get("kind") if asked.get("kind") in RobotKind else ""
        self.q = asked.get("q", "").strip()[:100]
        self.kinds = RobotKind.choices

    @cached_property
    def searched(self):
        """Before the scope, whose chips count them."""
        found = Robot.objects.all()
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.q:
            about = ("name", "region", "project__name", "project__code")
            word = Q()
            for each in about:
                word |= Q(**{f"{each}__icontains": self.q})
            found = found.filter(word)
        return found

    @property
    def rows(self):
        found = self.searched.of_scope(self.scope) if self.scope else self.searched
        return found.select_related("project")

    @property
    def is_narrowed(self) -> bool:
        return bool(self.scope or self.kind or self.q)

    @cached_property
    def counts(self) -> dict[str, int]:
        company = Q(project=None, region="")
        return self.searched.order_by().aggregate(
            total=Count("pk"),
            company=Count("pk", filter=company),
            region=Count("pk", filter=~Q(region="")),
            project=Count("pk", filter=Q(project__isnull=False)),
            off=Count("pk", filter=Q(switched_off_at__isnull=False)),
            failing=Count("pk", filter=Q(switched_off_at=None) & ~Q(last_error="")),
        )

    @property
    def chips(self):
        return [(scope.value, scope.label, self.counts[scope.value]) for scope in RobotScope]

    @property
    def answer(self) -> str:
        """What is wrong, else how many speak."""
        counts = self.counts
        if counts["failing"]:
            words = ngettext("%(n)d 个机器人没发出去", "%(n)d 个机器人没发出去", counts["failing"])
            return words % {"n": counts["failing"]}
        speaking = counts["total"] - counts["off"]
        if not speaking:
            return _("没有符合筛选的机器人") if self.is_narrowed else _("还没有机器人")
        words = ngettext("%(n)d 个机器人在用", "%(n)d 个机器人在用", speaking)
        return words % {"n": speaking}
