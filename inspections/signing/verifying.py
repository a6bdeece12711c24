"""Signed sheets as they are sealed, and whether what is kept is what was signed."""

from collections.abc import Iterable, Iterator

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.registry import Difference, SealedKind
from inspections.models import SignOff
from organization.digests import compact, fingerprint, loaded, plain

FIELDS = (
    "sheet_id", "made_at", "by_id", "manager_id", "manager_name", "refused", "fingerprint",
)  # fmt: skip
CONTENT = _("保存的签字内容与签字时的指纹不符。")
COLUMNS = _("签字人、时间或是否拒签与保存的签字内容不符。")


def sign_off_contents(campaign: Campaign, about: str) -> Iterable[tuple[str, object]]:
    """Who signed or refused when, and the fingerprint of all that was signed."""
    rows = SignOff.objects.filter(sheet__campaign=campaign).order_by("pk").values("pk", *FIELDS)
    for row in (rows.filter(pk=about) if about else rows).iterator(chunk_size=500):
        yield str(row.pop("pk")), compact(row)


KINDS = {"sign_off": SealedKind(_("签字确认"), sign_off_contents)}


def check_sign_offs(campaign: Campaign) -> Iterator[Difference]:
    """What was signed, by its fingerprint (campaign.registry.EVIDENCE_CHECKS)."""
    rows = SignOff.objects.filter(sheet__campaign=campaign).order_by("pk")
    for each in rows.select_related("sheet__project", "sheet__specialty").iterator(chunk_size=100):
        what = f"{each.sheet.project.code} {each.sheet}"
        if not is_intact(each):
            yield Difference("sign_off_content", what, CONTENT)
        elif not agrees(each):
            yield Difference("sign_off_columns", what, COLUMNS)


def is_intact(each: SignOff) -> bool:
    return fingerprint(each.content) == each.fingerprint


def agrees(each: SignOff) -> bool:
    """Whether the columns say what the text says."""
    said = loaded(each.content)
    manager = said["manager"]
    return (
        (each.sheet_id, each.by_id) == (said["sheet"], said["auditor"]["person"])
        and (each.manager_id, each.manager_name) == (manager["person"], manager["name"])
        and (each.refused, plain(each.made_at)) == (said["refused"], said["at"])
        and came_after(said)
    )


def came_after(said: dict) -> bool:
    """What was signed without a network comes when it was signed, or later."""
    if "signed" not in said:
        return True
    return parse_datetime(said["signed"]["at"]) <= parse_datetime(said["at"])
