"""What came late as it is sealed: from its arrival on, and anew with the decision.

One seal covers what waits and waited at a sheet, so that a batch costs no statement more for a
hundred of them than for one.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.registry import Difference, SealedKind
from campaign.seals import seal
from inspections.models import LateObservation, ScoreSheet
from organization.digests import compact
from organization.files import kept_digest

FIELDS = (
    "event", "digest", "observation", "file_id", "by_id", "device", "observed_at", "received_at",
    "reason", "decided_at", "decided_by_id",
)  # fmt: skip
PICTURE = _("迟到的照片 %(id)s 的文件不是当时存下的那个，或者不见了。")


def late_contents(campaign: Campaign, about: str) -> Iterable[tuple[str, object]]:
    """By the sheet: what was sent when by whom, and what was decided."""
    rows = LateObservation.objects.filter(sheet__campaign=campaign).select_related("file")
    rows = rows.order_by("sheet", "pk")
    found = (rows.filter(sheet=about) if about else rows).iterator(chunk_size=500)
    for sheet, each in groupby(found, key=lambda late: late.sheet_id):
        yield str(sheet), {str(late.pk): content_of(late) for late in each}


def content_of(late: LateObservation) -> dict:
    said = {name: getattr(late, name) for name in FIELDS} | {"state": late.state().code}
    return compact(said | {"kept": late.file.kept_sha256 if late.file else ""})


KINDS = {"late": SealedKind(_("迟到的记录"), late_contents)}


def seal_late(sheets: Iterable[ScoreSheet], *, at: datetime) -> None:
    """Seal what is late at these sheets, in the transaction that moved it."""
    for sheet in sheets:
        seal(sheet.campaign, "late", about=str(sheet.pk), at=at)


def check_late(campaign: Campaign) -> Iterator[Difference]:
    """Pictures that wait, by their bytes (campaign.registry.EVIDENCE_CHECKS)."""
    rows = LateObservation.objects.filter(sheet__campaign=campaign, file__isnull=False)
    for late in rows.select_related("file", "sheet__project", "sheet__specialty").iterator(100):
        if kept_digest(late.file) != late.file.kept_sha256:
            what = f"{late.sheet.project.code} {late.sheet}"
            yield Difference("late_picture", what, PICTURE, {"id": late.pk})
