"""Appeals as they are sealed: one that waits keeps a settlement from being approved (ruling 14)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.registry import SealedKind
from inspections.models import Appeal
from organization.digests import compact

FIELDS = (
    "sheet_id", "item_id", "requirement_id", "rule_id", "stood", "reason", "due", "made_at",
    "made_by_id", "taken_back_at", "taken_back_by_id", "outcome", "points", "decision",
    "decided_at", "decided_by_id", "entry_id",
)  # fmt: skip


def appeal_contents(campaign: Campaign, about: str) -> Iterable[tuple[str, object]]:
    """What each contests, why, and what was decided; with the digests of its evidence."""
    rows = Appeal.objects.filter(sheet__campaign=campaign).order_by("pk")
    rows = rows.prefetch_related("contested", "files")
    for each in (rows.filter(pk=about) if about else rows).iterator(chunk_size=500):
        said = {name: getattr(each, name) for name in FIELDS}
        said["contested"] = sorted(str(row.pk) for row in each.contested.all())
        said["files"] = sorted(file.kept_sha256 for file in each.files.all())
        yield str(each.pk), compact(said)


KINDS = {"appeal": SealedKind(_("申诉"), appeal_contents)}
