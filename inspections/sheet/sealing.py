"""Seals of a sheet: every event over its predecessor's, the sheet over all of them.

A sheet keeps its own chain, so that auditors of different projects never wait for each other and
a tap costs no statement more: observations and pictures are its events, numbered in the order in
which they were put on record. `ScoreSheet.seal` covers their number and what was done with the
sheet; it is made anew by every move, so that an event taken off the end is missed as well.
"""

from collections.abc import Iterable

from inspections.models import Observation, ObservationPhoto, ScoreSheet
from organization.digests import compact
from organization.files import kept_digest
from organization.seals import ring

SEALED = ("events", "tip", "seal")  # of a sheet, to be saved after `seal_sheet`
FACTS = (
    "campaign_id", "project_id", "specialty_id", "rubric_id", "kind", "item_count",
    "opened_at", "opened_by_id", "submitted_at", "submitted_by_id", "appeal_from", "events", "tip",
)  # fmt: skip
OBSERVED = (
    "pk", "place", "kind", "item_id", "requirement_id", "rule_id", "count", "points", "method",
    "note", "withdraws_id", "by_id", "observed_at", "recorded_at", "device", "sequence",
    "device_at",
)  # fmt: skip
SENT = (
    "sent_id", "device", "sequence", "original_sha256", "taken_at", "device_at", "layer",
)  # fmt: skip
PICTURED = (
    "observation_id", "place", "file_id", "file__file", "file__sha256", "file__kept_sha256",
    "file__size", "added_at", *SENT,
)  # fmt: skip


def sheet_parts(values: dict) -> tuple:
    """What the seal of a sheet is over; `values` are its key and its FACTS."""
    return ("sheet", values["pk"], compact({name: values[name] for name in FACTS}))


def event_parts(word: str, sheet: int, values: dict, before: str) -> tuple:
    """What the seal of an event is over: its content and its predecessor's seal."""
    return (word, sheet, compact(values), before)


def seal_sheet(sheet: ScoreSheet) -> None:
    """Seal the sheet as it stands now; whoever calls saves it with SEALED.

    One that is older than the seals stays without, until `seal --existing`.
    """
    if sheet.seal:
        sheet.seal = sealed(sheet)


def sealed(sheet: ScoreSheet) -> str:
    return ring().seal(*sheet_parts({name: getattr(sheet, name) for name in ("pk", *FACTS)}))


def seal_observations(sheet: ScoreSheet, rows: Iterable[Observation]) -> None:
    """Number and seal rows that are about to be written, after what the sheet has."""
    for row in rows if sheet.seal else ():
        number(sheet, row)
        link(sheet, row, "observation", {name: getattr(row, name) for name in OBSERVED})


def seal_photos(sheet: ScoreSheet, rows: Iterable[ObservationPhoto]) -> None:
    """The same for pictures; `file` is at hand."""
    for row in rows if sheet.seal else ():
        number(sheet, row)
        link(sheet, row, "photo", photo_values(row))


def number(sheet: ScoreSheet, row) -> None:
    sheet.events += 1
    row.place = sheet.events


def link(sheet: ScoreSheet, row, word: str, values: dict) -> None:
    row.seal = sheet.tip = ring().seal(*event_parts(word, sheet.pk, values, sheet.tip))


def photo_values(row: ObservationPhoto) -> dict:
    """As a query for PICTURED gives it."""
    file = row.file
    return {
        "observation_id": row.observation_id,
        "place": row.place,
        "file_id": row.file_id,
        "file__file": file.file.name,
        "file__sha256": file.sha256,
        "file__kept_sha256": file.kept_sha256,
        "file__size": file.size,
        "added_at": row.added_at,
        **{name: getattr(row, name) for name in SENT},
    }


# --- older than the seals ----------------------------------------------------------------


def seal_older(campaign) -> None:
    """Seal every sheet that has no seal yet, in the order of the records (campaign.registry)."""
    for sheet in campaign.sheets.filter(seal="").order_by("pk").iterator(chunk_size=200):
        rows = list(sheet.observations.order_by("recorded_at", "pk"))
        photos = ObservationPhoto.objects.filter(observation__sheet=sheet).select_related("file")
        pictures = list(photos.order_by("pk"))
        for picture in pictures:
            take_digest(picture.file)
        sheet.events, sheet.tip, sheet.seal = 0, "", "begun"
        seal_observations(sheet, rows)
        seal_photos(sheet, pictures)
        Observation.objects.bulk_update(rows, ["place", "seal"], batch_size=500)
        ObservationPhoto.objects.bulk_update(pictures, ["place", "seal"], batch_size=500)
        seal_sheet(sheet)
        if sheet.compared is not None:
            sheet.compared = sheet.events  # the same events, which have their places now
        sheet.save(update_fields=[*SEALED, "compared"])


def take_digest(file) -> None:
    """Files that were stored before their stored form had a digest get it now."""
    if not file.kept_sha256:
        file.kept_sha256 = kept_digest(file)
        file.save(update_fields=["kept_sha256"])
