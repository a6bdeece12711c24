"""What a finding's page shows: pictures in pairs, what is still missing, who may do what."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import zip_longest

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.findings import missing_to_rectify
from inspections.lines import is_outside, rectification_phase
from inspections.models import Finding, FindingPhoto
from inspections.moves import stage_of
from inspections.words import Moment
from organization.clock import local_day
from organization.history import history_of
from organization.models import HistoryEntry, User

QUIET = {"edit_finding", "add_photo", "remove_photo"}


@dataclass(frozen=True)
class Pair:
    before: FindingPhoto | None
    after: FindingPhoto | None


class FindingScreen:
    """A finding seen by one reader at one moment."""

    def __init__(self, finding: Finding, reader: User, at: datetime):
        self.finding, self.reader, self.at = finding, reader, at
        self.campaign = finding.campaign
        self.stage = stage_of(finding)
        self.state = finding.state(at=at)
        may_rectify = reader.has_perm("inspections.rectify", finding)
        self.may_rectify = self.stage == "open" and may_rectify
        self.may_add_before = self.stage == "waiting" and may_rectify
        may_verify = reader.has_perm("inspections.verify", finding)
        self.is_own_work = may_verify and finding.rectified_by_id == reader.pk
        self.may_verify = self.stage == "waiting" and may_verify and not self.is_own_work
        self.may_reopen = self.stage == "verified" and may_verify

    @cached_property
    def photos(self) -> list[FindingPhoto]:
        return list(self.finding.photos.select_related("file", "added_by"))

    def taken(self, moment: str) -> list[FindingPhoto]:
        return [photo for photo in self.photos if photo.moment == moment]

    @property
    def before(self) -> list[FindingPhoto]:
        return self.taken(Moment.BEFORE)

    @property
    def after(self) -> list[FindingPhoto]:
        return self.taken(Moment.AFTER)

    @property
    def pairs(self) -> list[Pair]:
        """How it was at first beside how it is now; older pictures of after come last."""
        return [Pair(before, after) for before, after in zip_longest(self.before, self.after[::-1])]

    @cached_property
    def missing(self) -> dict[str, str]:
        """What a rectification still lacks, by field, whatever is typed just now."""
        return missing_to_rectify(self.finding, self.finding.rectification)

    @property
    def outside(self) -> bool:
        return is_outside(rectification_phase(self.campaign), self.finding.due)

    @property
    def timing(self) -> str:
        """How the work stood to its due date, once it was done."""
        finding = self.finding
        if not (finding.rectified_at and finding.due):
            return ""
        days = (finding.due - local_day(finding.rectified_at)).days
        if days < 0:
            return ngettext("迟 %(days)d 天完成", "迟 %(days)d 天完成", -days) % {"days": -days}
        if days == 0:
            return _("当天完成")
        return ngettext("提前 %(days)d 天完成", "提前 %(days)d 天完成", days) % {"days": days}

    @cached_property
    def story(self) -> list[HistoryEntry]:
        """What happened, in order; single edits and pictures are left to the record."""
        entries = history_of(self.finding).exclude(verb__in=QUIET)
        return list(entries.order_by("at", "id"))
