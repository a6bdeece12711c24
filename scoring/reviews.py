"""An uploaded form under review: what people decide about it, and how it becomes a draft.

Nothing of a rubric is written before `confirm_import`. Every other move keeps a decision in the
import and counts its `revision` up, so that two people, or two windows, see each other.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign
from organization.errors import Conflict, Refused
from organization.models import Specialty, StoredFile
from scoring.corrections import LEFT, SECTIONS, SEEN, TITLE, TOTALS
from scoring.forms import FormRefused
from scoring.forms.cells import Table
from scoring.importing import guessed_specialty, opened, read_import, tables_of
from scoring.mappings import remember
from scoring.models import Rubric, RubricImport
from scoring.rubrics import draft_rubric, publish_rubric

READING, WRITING, PUBLISHING = "reading", "writing", "publishing"
# How long a worker may take to begin before a person is offered to do without it.
PATIENCE = timedelta(seconds=20)


# --- from an upload ------------------------------------------------------------------------


@transaction.atomic
def start_imports(
    *, campaign: Campaign, stored: StoredFile, tables, specialty: Specialty | None, by, at: datetime
) -> list[RubricImport]:
    """One import for each rubric table of the file (`scoring.importing.tables_of`).

    `specialty` is the one that a person chose; it goes to a file's only table. Others are told
    by their titles, and left open where those say nothing.
    """
    known = list(Specialty.objects.all())
    chosen = specialty if len(tables) == 1 else None
    made = [
        RubricImport(
            campaign=campaign, source=stored, number=number, created_at=at, created_by=by,
            specialty=chosen or guessed_specialty(table, known),
        )
        for number, table in tables
    ]  # fmt: skip
    return RubricImport.objects.bulk_create(made)


def start_long_import(
    *, campaign: Campaign, stored: StoredFile, specialty: Specialty | None, by, at: datetime
) -> RubricImport:
    """Keep a large file that a task will read (`read_upload`)."""
    return RubricImport.objects.create(
        campaign=campaign, source=stored, specialty=specialty, created_at=at, created_by=by,
        asked_at=at, stage=READING,
    )  # fmt: skip


def read_upload(*, import_: RubricImport) -> None:
    """Find the tables of a large file: this import is the first one's, more are made for others.

    What keeps the file out is kept in `failure`. A second time it changes nothing.
    """
    report(import_, 10)
    try:
        tables = tables_of(opened(import_.source))
    except FormRefused as refusal:
        finish_reading(import_, failure=str(refusal))
        return
    report(import_, 80)
    finish_reading(import_, tables)


def locked(import_: RubricImport) -> RubricImport:
    """The import as it stands, held until the transaction ends. Refused when it was dropped."""
    held = RubricImport.objects.select_for_update(of=("self",)).filter(pk=import_.pk)
    if found := held.select_related("rubric").first():
        return found
    raise Refused(_("这次导入刚被放弃。"), code="dropped")


@transaction.atomic
def finish_reading(import_: RubricImport, tables: Iterable = (), failure: str = "") -> None:
    held = locked(import_)
    if held.stage != READING:
        return
    if tables:
        (held.number, first), *others = tables
        known = list(Specialty.objects.all())
        held.specialty = held.specialty or guessed_specialty(first, known)
        start_imports(
            campaign=held.campaign, stored=held.source, tables=others, specialty=None,
            by=held.created_by, at=held.created_at,
        )  # fmt: skip
    held.stage, held.percent, held.asked_at, held.failure = "", 0, None, failure
    held.save()


def report(import_: RubricImport, percent: int) -> None:
    """Say how far a task is, for the page that waits for it."""
    RubricImport.objects.filter(pk=import_.pk).update(percent=percent)


# --- what people decide --------------------------------------------------------------------


@transaction.atomic
def decide(
    import_: RubricImport, revision: int | None, change: Callable[[RubricImport], None]
) -> RubricImport:
    """Apply a decision to the import as it stands.

    Raises Conflict when it is not at `revision` any more (None: whatever it is at), Refused when
    it is being written or was written.
    """
    held = locked(import_)
    require_open(held)
    if revision is not None:
        require_revision(held, revision)
    change(held)
    held.revision += 1
    held.save()
    return held


def require_open(import_: RubricImport) -> None:
    if import_.rubric_id:
        raise Refused(_("这次导入已经写入。"), code="finished")
    if import_.asked_at:
        raise Refused(_("正在写入，写完后再改。"), code="busy")


def mark_of(import_: RubricImport, row: str) -> str:
    """Tells whether an item still is as somebody saw it; other items may have changed."""
    seen = [import_.edits.get(row, ""), import_.columns, import_.with_hidden]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:12]


def require_revision(import_: RubricImport, revision: int) -> None:
    if import_.revision != revision:
        raise Conflict(_("这次导入刚被别人改过。"), theirs=import_)


def put_right(*, import_: RubricImport, row: str, item: dict | None, mark: str) -> RubricImport:
    """Keep an item as it shall be; None leaves its rows out.

    `mark` is that of the item that the person saw; raises Conflict when it is another one now.
    """

    def change(held: RubricImport) -> None:
        require_same(held, row, mark)
        if item is None and held.edits.get(row):
            held.edits[LEFT] = (held.edits.get(LEFT) or {}) | {row: held.edits[row]}
        held.edits[row] = item

    return decide(import_, None, change)


def undo(*, import_: RubricImport, row: str, mark: str) -> RubricImport:
    """Take an item as the file has it; one that was left out as it was put right before."""

    def change(held: RubricImport) -> None:
        require_same(held, row, mark)
        before = held.edits.get(LEFT, {}).pop(row, None)
        if held.edits.pop(row, None) is None and before:
            held.edits[row] = before

    return decide(import_, None, change)


def require_same(import_: RubricImport, row: str, mark: str) -> None:
    if mark_of(import_, row) != mark:
        raise Conflict(_("这一项刚被别人改过。"), theirs=import_)


def rename_section(*, import_: RubricImport, old: str, new: str, revision: int) -> RubricImport:
    """Give all items of a section another one's name."""

    def change(held: RubricImport) -> None:
        known = held.edits.get(SECTIONS) or {}
        names = {name: new if now == old else now for name, now in known.items()} | {old: new}
        held.edits[SECTIONS] = {name: now for name, now in names.items() if name != now}

    return decide(import_, revision, change)


def rename(*, import_: RubricImport, title: str, revision: int) -> RubricImport:
    """Name the rubric otherwise than the file's title."""
    return decide(import_, revision, lambda held: held.edits.__setitem__(TITLE, title))


def state_total(*, import_: RubricImport, cell: str, total: Decimal, revision: int) -> RubricImport:
    """Say what the total or subtotal in a cell should have said (points)."""

    def change(held: RubricImport) -> None:
        held.edits[TOTALS] = (held.edits.get(TOTALS) or {}) | {cell: f"{total:f}"}

    return decide(import_, revision, change)


def choose_specialty(*, import_: RubricImport, specialty: Specialty, revision: int) -> RubricImport:
    return decide(import_, revision, lambda held: setattr(held, "specialty", specialty))


def choose_columns(
    *, import_: RubricImport, columns: dict[str, int] | None, revision: int
) -> RubricImport:
    """Say which column is what (role → column number); None takes what the header says."""
    return decide(import_, revision, lambda held: setattr(held, "columns", columns))


def take_hidden(*, import_: RubricImport, with_hidden: bool, revision: int) -> RubricImport:
    return decide(import_, revision, lambda held: setattr(held, "with_hidden", with_hidden))


@transaction.atomic
def take_sheet(*, import_: RubricImport, number: int, table: Table, by) -> RubricImport:
    """Make a hidden sheet of the same file an import of its own, or find the one that it is."""
    same = RubricImport.objects.filter(source=import_.source_id, campaign=import_.campaign_id)
    if found := same.filter(number=number).first():
        return found
    return start_imports(
        campaign=import_.campaign, stored=import_.source, tables=[(number, table)],
        specialty=None, by=by, at=import_.created_at,
    )[0]  # fmt: skip


@transaction.atomic
def discard_import(*, import_: RubricImport) -> None:
    """Forget an import that was never written, as long as nobody is writing it."""
    if held := RubricImport.objects.select_for_update().filter(pk=import_.pk).first():
        require_open(held)
        held.delete()


# --- confirming ----------------------------------------------------------------------------


def ask_to_confirm(
    *, import_: RubricImport, at: datetime, revision: int, publish: bool, seen: str
) -> RubricImport:
    """Mark an import as being written, for a task to do it: what for, and over which draft."""

    def change(held: RubricImport) -> None:
        held.asked_at, held.stage, held.percent = at, PUBLISHING if publish else WRITING, 0
        held.edits[SEEN], held.failure = seen, ""

    return decide(import_, revision, change)


def confirm_asked(*, import_: RubricImport, by, at: datetime) -> Rubric | None:
    """Write what somebody asked for, as `confirm_import`; nothing when nobody did (any more)."""
    if import_.stage not in (WRITING, PUBLISHING):
        return None
    return confirm_import(
        import_=import_, by=by, at=at, publish=import_.stage == PUBLISHING,
        seen=import_.edits.get(SEEN),
    )  # fmt: skip


def confirm_import(
    *, import_: RubricImport, by, at: datetime, publish: bool = False, seen: str | None = None
) -> Rubric:
    """Write what was reviewed as the specialty's draft, and publish it when asked: all or none.

    Remembers the columns that a person chose for the next form with such a header. A second
    delivery returns the rubric of the first. Raises Refused or Conflict as `draft_rubric` and
    `publish_rubric` do; then the import is open for review again.
    """
    report(import_, 10)
    try:
        reading = read_import(import_)
        report(import_, 50)
        return _write(import_, reading, by=by, at=at, publish=publish, seen=seen)
    except Exception as error:  # whatever it was: nobody is left waiting before a closed review
        said = str(error) if isinstance(error, Refused) else _("没有写成，请再试一次。")
        gave_up = RubricImport.objects.filter(pk=import_.pk, rubric=None)
        gave_up.update(asked_at=None, stage="", percent=0, failure=said)
        raise


@transaction.atomic
def _write(import_, reading, *, by, at: datetime, publish: bool, seen: str | None) -> Rubric:
    held = locked(import_)
    if held.rubric:
        return held.rubric
    require_revision(held, import_.revision)
    if held.specialty is None:
        raise Refused(_("请先选专业口。"), code="specialty", field="specialty")
    rubric = draft_rubric(
        campaign=held.campaign, specialty=held.specialty, understood=reading.understood,
        source=held.source, by=by, at=at, seen=seen,
    )  # fmt: skip
    if publish:
        rubric = publish_rubric(rubric=rubric, by=by, at=at)
    if held.columns and reading.signature:
        remember(
            signature=reading.signature, header=reading.header, columns=held.columns, by=by, at=at
        )
    held.rubric, held.finished_at = rubric, at
    held.stage, held.percent, held.failure, held.asked_at = "", 100, "", None
    held.save()
    return rubric
