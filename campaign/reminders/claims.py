"""Who holds a row of the ledger: taken by one, begun by the same, given back, recorded.

Every step is a conditional update, so of two deliveries at once each row belongs to one, and a
delivery that was slow finds out that its rows were given to another.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from campaign.models import Letter, Reminder
from campaign.models.reminders import Delivery

STALE_AFTER = timedelta(minutes=10)
# Written out, since they run once for every mail: made from querysets they take six times what
# the database takes for them.
BEGIN = """\
UPDATE campaign_reminder SET delivery = %s, letter_id = %s, begun_at = %s, attempts = attempts + 1
WHERE id IN ({ids}) AND delivery = %s AND claim = %s"""
SETTLE = """\
UPDATE campaign_reminder SET delivery = %s, error = %s, sent_at = %s
WHERE letter_id = %s AND delivery IN (%s, %s)"""


class NotMine(Exception):
    """Another delivery was faster."""


def ready(rows: QuerySet, *, at: datetime) -> QuerySet:
    """What may be said at a moment, and is in nobody's hands."""
    its_time = Q(not_before=None) | Q(not_before__lte=at)
    return rows.wanted().filter(its_time, claim=None)


@transaction.atomic
def take(rows: QuerySet, *, at: datetime) -> UUID | None:
    """Claim those of the rows that nobody holds; None when there are none.

    Rows are locked in their order: of two deliveries that want the same people one waits for
    the other and then finds nothing, so nobody's digest is divided between them.
    """
    free = rows.wanted().filter(claim=None).select_for_update().order_by("pk")
    # by their ids: by a subquery SQLite would look for each of them with each addressee
    locked = Reminder.objects.filter(pk__in=list(free.values_list("pk", flat=True)))
    mine = uuid4()
    return mine if locked.update(claim=mine, claimed_at=at) else None


def held(claim: UUID) -> QuerySet:
    return Reminder.objects.wanted().filter(claim=claim)


def let_go(rows: QuerySet, **changes) -> int:
    """Give rows back, as they are or to be said later."""
    return rows.update(claim=None, claimed_at=None, **changes)


def release_stale(*, at: datetime) -> int:
    """Give back what a delivery took and did not begin: it has ended, or hangs."""
    return let_go(Reminder.objects.wanted().filter(claimed_at__lt=at - STALE_AFTER))


def cancel(rows: QuerySet, reason: str) -> int:
    """Take back what is not to be said any more; the reason is a sentence of the catalog."""
    return let_go(rows, delivery=Delivery.CANCELLED, error=reason)


def begin(letter: Letter, rows: Sequence[Reminder], claim: UUID, *, at: datetime) -> None:
    """Record that a letter with these rows leaves now; from here on it may have arrived.

    Inside a transaction, which has to be undone when it raises NotMine: the addressee has the
    day's digest already, or the rows were given to another delivery.
    """
    letter.begun_at = at
    try:
        letter.save(force_insert=True)
    except IntegrityError as error:
        raise NotMine from error
    ids = [row.pk for row in rows]
    values = [
        *prepared(delivery=Delivery.SENDING, letter=letter.pk, begun_at=at),
        *ids,
        *prepared(delivery=Delivery.WANTED, claim=claim),
    ]
    if run(BEGIN.format(ids=", ".join(["%s"] * len(ids))), values) != len(ids):
        raise NotMine


def settle(letter: Letter, result: Delivery, *, at: datetime, error: str = "") -> None:
    """Record what came of a letter.

    Also where it was given up as lost meanwhile: whoever sent it knows better.
    """
    sent_at = at if result == Delivery.SENT else None
    values = prepared(delivery=result, error=error, sent_at=sent_at, letter=letter.pk)
    run(SETTLE, [*values, Delivery.SENDING, Delivery.UNKNOWN])


def prepared(**values) -> list:
    """Values of the ledger's fields as the database takes them."""
    meta = Reminder._meta
    return [meta.get_field(name).get_db_prep_save(v, connection) for name, v in values.items()]


def run(statement: str, values: list) -> int:
    """How many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


@transaction.atomic
def put_off(letter: Letter, *, until: datetime, error: str) -> None:
    """The letter certainly did not arrive: its rows are wanted again, and there was no letter.

    What was given up as lost meanwhile stays so; something may have been done about it.
    """
    let_go(
        letter.reminders.filter(delivery=Delivery.SENDING),
        delivery=Delivery.WANTED,
        letter=None,
        begun_at=None,
        not_before=until,
        error=error,
    )
    if not letter.reminders.exists():
        letter.delete()
