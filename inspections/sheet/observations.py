"""What an auditor sees, put on record: append-only, folded into the sheet's score at once.

Every function is one transaction that holds the sheet, checks, writes, folds, and records the
score. An id comes from the client: the same one again returns what is on record and changes
nothing. An observation is its own history record. All raise Refused, with a sentence for whoever
entered it, when the sheet was submitted, the results are frozen, or an entry is not allowed.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.models import Observation, ObservationPhoto, ScoreSheet
from inspections.sheet import folding
from inspections.sheet.entries import Entry
from inspections.sheet.ledger import ledger_of, locked_ledger
from inspections.sheet.sheet_photos import (
    attach,
    discard,
    files_of,
    kept,
    pictures_of,
    put_photos,
    redrawn,
    require_layer,
    require_room,
)
from inspections.words import ObservationKind
from organization.errors import Refused
from organization.models import StoredFile, User
from scoring.models import DeductionRule, Item, Requirement


def fold(sheet: ScoreSheet) -> folding.Folded:
    """What the sheet's observations come to: standing, looked at, not applicable, score."""
    return ledger_of(sheet).folded


@transaction.atomic
def observe_many(
    *, sheet: ScoreSheet, entries: Sequence[Entry], by: User, at: datetime
) -> list[Observation]:
    """Put several entries on record as one: all or, when one is refused, none."""
    return locked_ledger(sheet, [entry.id for entry in entries]).add(entries, by=by, at=at)


def observe(
    *,
    sheet: ScoreSheet,
    id: uuid.UUID,
    item: Item,
    requirement: Requirement | None,
    points: Decimal | None,
    method: str,
    by: User,
    at: datetime,
    rule: DeductionRule | None = None,
    count: int = 1,
    note: str = "",
    photos: Iterable = (),
    replaces: Observation | None = None,
) -> Observation:
    """Record that a requirement is missing, at the item's price (ruling 2), or that a rule applies.

    `points` are what one occurrence costs, as the person chose them: within the range, one of the
    levels, or None where the rule leaves no choice. On record goes what it costs, that many times
    `count`, which is 1 but for a price or rule per occurrence; losing the item is recorded with
    the item's points. With neither requirement nor rule it is about the item as a whole and costs
    from 0 to its points. An item that demands a picture takes the entry without one; its sheet is
    not submitted before it has come (`inspections.sheets`).
    `photos` are uploads: pictures only, else ValidationError. `replaces` names one's own earlier
    observation that this one stands for: it is withdrawn and its photos are carried over.
    """
    if photos and Observation.objects.filter(pk=id).exists():
        photos = ()  # it has come before, with its pictures
    carried = pictures_of([replaces.pk]).get(replaces.pk, []) if replaces else []
    require_room(len(carried), len(photos := list(photos)))
    with kept(photos, by=by, at=at) as files:
        entry = Entry(
            ObservationKind.MISSING,
            item,
            id,
            requirement=requirement,
            rule=rule,
            points=points,
            count=count,
            method=method,
            note=note.strip(),
            photos=(*carried, *files),
        )
        entries = [withdrawal_of(replaces, id), entry] if replaces else [entry]
        return observe_many(sheet=sheet, entries=entries, by=by, at=at)[-1]


def withdrawal_of(observation: Observation, id: uuid.UUID) -> Entry:
    """Taking an observation back; the id follows from that of the move, so it comes but once."""
    return Entry(
        ObservationKind.WITHDRAWAL,
        observation.item,
        uuid.uuid5(id, "withdrawal"),
        requirement=observation.requirement,
        rule=observation.rule,
        withdraws=observation,
    )


def withdraw(
    *, observation: Observation, by: User, at: datetime, id: uuid.UUID | None = None
) -> Observation:
    """Take back one's own observation: one more of them, which names it. Returns that one.

    Not applicable and "conforms" are undone the same way. Raises Refused for somebody else's,
    and for one that was withdrawn already.
    """
    entry = withdrawal_of(observation, id or uuid.uuid4())
    return observe_many(sheet=observation.sheet, entries=[entry], by=by, at=at)[0]


@transaction.atomic
def confirm(
    *, sheet: ScoreSheet, items: Iterable[Item], by: User, at: datetime, id: uuid.UUID | None = None
) -> list[Observation]:
    """Record that these items conform, apart from what is noted missing ("the rest conforms").

    What is not applicable or was confirmed before is passed over (ruling 3).
    """
    move = id or uuid.uuid4()
    ids = {item.pk: uuid.uuid5(move, item.code) for item in items}
    ledger = locked_ledger(sheet, ids.values())
    passed = {ObservationKind.CONFORMS, ObservationKind.NOT_APPLICABLE}
    done = {seen.item for seen in ledger.standing() if seen.kind in passed}
    entries = [
        Entry(ObservationKind.CONFORMS, item, ids[item.pk])
        for item in items
        if item.code not in done
    ]
    return ledger.add(entries, by=by, at=at)


def mark_not_applicable(
    *,
    sheet: ScoreSheet,
    item: Item,
    reason: str,
    by: User,
    at: datetime,
    id: uuid.UUID | None = None,
) -> Observation:
    """Record that the project cannot have this item, with the reason (ruling 5).

    The item leaves both the points kept and the points possible. Raises Refused without a reason,
    and while deductions stand on the item.
    """
    entry = Entry(ObservationKind.NOT_APPLICABLE, item, id or uuid.uuid4(), note=reason.strip())
    return observe_many(sheet=sheet, entries=[entry], by=by, at=at)[0]


def add_photos(
    *, observation: Observation, uploads: Iterable, by: User, at: datetime
) -> list[StoredFile]:
    """Attach more pictures to one's own standing observation; the same picture counts once.

    Raises ValidationError for what is no picture, Refused for somebody else's or a withdrawn
    observation. Returns what was added.
    """
    with kept(uploads, by=by, at=at) as files, transaction.atomic():
        ledger = locked_ledger(observation.sheet)
        ledger.require_open()
        ledger.require_own(observation, by)
        known = {file.sha256 for file in files_of(observation)}
        fresh = [file for file in files if file.sha256 not in known]
        require_room(len(known), len(fresh))
        attach(ledger.sheet, [(observation, fresh)], at=at)
        ledger.keep()
    discard(file for file in files if file not in fresh)
    return fresh


@transaction.atomic
def draw_on(
    *, photo: ObservationPhoto, shapes: list[dict], id: uuid.UUID, by: User, at: datetime
) -> ObservationPhoto:
    """Draw on a picture of one's own standing observation: a layer of its own, sealed.

    `shapes` are what `inspections.sheet.layers.read_layer` gives, all that is to be seen; none
    takes away what was drawn. The newest layer counts, the former stay on record. The same id
    again changes nothing; Refused `same_id` where it is that of something else.
    """
    observation = photo.observation
    ledger = locked_ledger(observation.sheet)
    if known := ObservationPhoto.objects.filter(sent_id=id).first():
        if (known.observation_id, known.file_id, known.layer) == (
            observation.pk, photo.file_id, shapes,
        ):  # fmt: skip
            return known
        raise Refused(_("这个编号已经用于另一条记录，内容不同，没有保存。"), "same_id")
    ledger.require_open()
    ledger.require_own(observation, by)
    require_layer(photo)
    row = redrawn(photo, shapes, id, at)
    put_photos(ledger.sheet, [row])
    ledger.keep()
    return row
