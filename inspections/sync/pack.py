"""A sheet as a client keeps it, with everything that is needed without a network.

One's own company's rubric, what stands on the sheet, what was last found in the project, and the
words that people used before; pictures by their addresses, which the client fetches itself.
"""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from inspections.api.pack_shapes import (
    FindingOut,
    FurtherRule,
    ItemOut,
    Limits,
    Named,
    ObservationOut,
    Pack,
    PictureOut,
    RequirementOut,
    RuleOut,
    SectionOut,
    SheetListed,
)
from inspections.api.shapes import MOST_EVENTS
from inspections.models import Finding, Observation, ScoreSheet
from inspections.sheet.entries import COUNT_LIMIT, NOTE_LIMIT
from inspections.sheet.ledger import ledger_of
from inspections.sheet.outline import Line
from inspections.sheet.phrases import listed
from inspections.sheet.sheet_photos import photos_of
from inspections.words import Method, ObservationKind
from organization.models import StoredFile, User
from scoring import engine

LAST_FINDINGS = 30


def pack_of(sheet: ScoreSheet, *, reader: User, at: datetime) -> Pack:
    """Everything of a sheet for a client, phrases for who may fill it; as many queries for many
    items as for few.
    """
    may_fill = reader.has_perm("inspections.fill_sheet", sheet)
    return Pack(
        at=at,
        sheet=SheetListed.of(sheet, may_fill),
        limits=limits(),
        methods=[Named(code=code, name=str(name)) for code, name in Method.choices],
        sections=sections_of(sheet),
        observations=standing_of(sheet, reader),
        findings=findings_of(sheet, reader, at=at),
        phrases=listed(sheet.rubric, reader) if may_fill else [],
    )


def limits() -> Limits:
    return Limits(
        note=NOTE_LIMIT,
        count=COUNT_LIMIT,
        events=MOST_EVENTS,
        upload_bytes=settings.UPLOAD_MAX_BYTES,
    )


# --- the rubric --------------------------------------------------------------------------


def sections_of(sheet: ScoreSheet) -> list[SectionOut]:
    return [
        SectionOut(
            id=part.section.pk,
            code=part.section.code,
            name=part.section.name,
            items=[item_of(line) for line in part.lines],
        )
        for part in ledger_of(sheet).outline.parts
    ]


def item_of(line: Line) -> ItemOut:
    item = line.item
    return ItemOut(
        id=item.pk,
        code=item.code,
        name=item.name,
        standard=item.standard,
        points=item.points,
        photo_required=item.photo_required,
        price=RuleOut(**terms_of(line.price)) if line.price else None,
        requirements=[
            RequirementOut(id=each.pk, number=each.number, text=each.text, critical=each.critical)
            for each in line.requirements
        ],
        rules=[
            FurtherRule(id=rule.pk, text=rule.text, **terms_of(line.scored.rule(rule.code)))
            for rule in line.rules
        ],
    )


def terms_of(rule: engine.Rule) -> dict:
    figures = {"minimum": rule.minimum, "maximum": rule.maximum}
    return {"kind": str(rule.kind), "levels": list(rule.levels), **figures}


# --- what was seen -----------------------------------------------------------------------


def standing_of(sheet: ScoreSheet, reader: User) -> list[ObservationOut]:
    ids = ledger_of(sheet).folded.standing_ids
    shown = Observation.objects.filter(sheet=sheet).exclude(kind=ObservationKind.WITHDRAWAL)
    rows = [row for row in shown.select_related("by").order_by("place", "pk") if row.pk in ids]
    pictures = photos_of(row.pk for row in rows)
    return [observation_of(row, reader, pictures.get(row.pk, [])) for row in rows]


def observation_of(row: Observation, reader: User, files: list[StoredFile]) -> ObservationOut:
    return ObservationOut(
        id=row.pk,
        kind=row.kind,
        item=row.item_id,
        requirement=row.requirement_id,
        rule=row.rule_id,
        count=row.count,
        points=row.points,
        method=row.method,
        note=row.note,
        by=str(row.by or ""),
        own=row.by_id == reader.pk,
        observed_at=row.observed_at,
        photos=[picture_of(file) for file in files],
    )


def picture_of(file: StoredFile) -> PictureOut:
    return PictureOut(id=file.pk, url=reverse("file", args=[file.pk]), sha256=file.kept_sha256)


# --- what was found before ---------------------------------------------------------------


def findings_of(sheet: ScoreSheet, reader: User, *, at: datetime) -> list[FindingOut]:
    """The project's last ones of this specialty, of any campaign, that the reader may see."""
    seen = Finding.objects.visible_to(reader).opened()
    seen = seen.filter(project=sheet.project, specialty=sheet.specialty)
    last = seen.select_related("campaign").prefetch_related("photos__file")
    return [
        FindingOut(
            id=each.pk,
            problem=each.problem,
            requirement=each.requirement_id,
            due=each.due,
            state=str(each.state(at=at)),
            url=each.get_absolute_url(),
            photos=[picture_of(photo.file) for photo in each.photos.all()],
        )
        for each in last.order_by("-opened_at", "pk")[:LAST_FINDINGS]
    ]
