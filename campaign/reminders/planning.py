"""Who has to be told of what: a row in the ledger for everything that holds and was not told.

Nothing here trusts a scheduler to run on time, or once. A round looks at what is true at a
moment and adds what the ledger lacks, so a round that was missed is caught up by the next one,
and a round that runs twice finds nothing to add. Rows go from table to table in the database:
memory does not grow with their number.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connections, router, transaction
from django.db.models import QuerySet

from campaign.models import Campaign, Reminder
from campaign.models.reminders import Delivery
from campaign.registry import owed
from campaign.reminders.escalation import escalate
from campaign.reminders.speaking import phases_speaking, speaking
from campaign.reminders.terms import terms_of
from campaign.reminders.ways import ways

# What is said, over one way, beside what the ledger has of it.
MEETING = """\
WITH said (thing, due, person, project, rule, occurrence, not_before) AS ({said}),
way (person, channel, robot, project) AS ({way})
{select} FROM said INNER JOIN way ON way.person = said.person
AND (way.project IS NULL OR said.project IS NULL OR way.project = said.project)
"""
KEPT = """
campaign_reminder kept ON kept.person_id = said.person AND kept.thing = said.thing
AND kept.rule = said.rule AND kept.occurrence = said.occurrence AND kept.channel = way.channel
"""
IS_ANYTHING_NEW = """\
SELECT 1 FROM ({meeting} LEFT JOIN {kept}
WHERE kept.id IS NULL OR kept.delivery = %s LIMIT 1) anything
"""
# In the order of the ledger's key, so that two rounds at once never wait for each other crosswise.
ADD = """
INSERT INTO campaign_reminder (campaign_id, person_id, thing, rule, occurrence, channel, robot_id,
due, not_before, wanted_at, delivery, urgent, title, body, url, attempts, error)
{meeting} WHERE 1 = 1 ORDER BY said.person, said.thing, said.rule, said.occurrence
ON CONFLICT DO NOTHING
"""
ROWS = """
SELECT %s, said.person, said.thing, said.rule, said.occurrence, way.channel, way.robot,
said.due, said.not_before, %s, %s, %s, '', '', '', 0, ''
"""
REVIVE = """
UPDATE campaign_reminder SET delivery = %s, wanted_at = %s, not_before = again.not_before,
claim = NULL, claimed_at = NULL, error = ''
FROM ({meeting} INNER JOIN {kept} WHERE kept.delivery = %s) again
WHERE campaign_reminder.id = again.id AND campaign_reminder.delivery = %s
"""


def plan_round(*, at: datetime) -> int:
    """Add to the ledger what holds at a moment in the running campaigns and is not there.

    Returns how many rows are wanted now that were not. What was cancelled, because its thing was
    done before anybody was told, is wanted again when it is open again. Safe to run twice, at
    once, late or with a clock that was set back: the ledger's unique constraint decides. A round
    with nothing new only reads.
    """
    with one_transaction() as begin:
        return sum(plan(campaign, begin, at=at) for campaign in Campaign.objects.running())


@contextmanager
def one_transaction() -> Iterator[Callable[[], None]]:
    """A transaction that begins when it is asked for and holds to the end of the block.

    People get one digest a day: a delivery beside the round sees all of it or nothing.
    """
    with ExitStack() as stack:

        @cache
        def begin() -> None:
            stack.enter_context(transaction.atomic())

        yield begin


def plan(campaign: Campaign, begin: Callable[[], None], *, at: datetime) -> int:
    terms, every_way, owing = terms_of(campaign), ways(), list(owed(campaign, at=at))
    roads = [Rows.of([way]) for way in every_way]
    said = [*speaking(campaign, owing, terms, at=at), phases_speaking(campaign, terms, at=at)]
    planned = 0
    for querysets in filter(None, said):
        rows = Rows.of(querysets)
        planned += sum(put(campaign, rows, way, begin, at=at) for way in roads)
    return planned + escalate(campaign, owing, terms, every_way, begin, at=at)


@dataclass(frozen=True)
class Rows:
    """Querysets of the same columns as one piece of SQL."""

    sql: str
    params: tuple

    @classmethod
    def of(cls, querysets: Iterable[QuerySet]) -> "Rows":
        using = router.db_for_write(Reminder)
        compiled = [rows.query.get_compiler(using).as_sql() for rows in querysets]
        sql = " UNION ALL ".join(sql for sql, _params in compiled)
        return cls(sql, tuple(param for _sql, params in compiled for param in params))


def put(campaign: Campaign, said: Rows, way: Rows, begin, *, at: datetime) -> int:
    """Put what is said into the ledger over one way; how many rows it lacked."""
    connection = connections[router.db_for_write(Reminder)]
    moment = connection.ops.adapt_datetimefield_value(at)

    def run(statement: str, select: str, before=(), selected=(), after=()) -> int:
        meeting = MEETING.format(said=said.sql, way=way.sql, select=select)
        params = [*before, *said.params, *way.params, *selected, *after]
        cursor.execute(statement.format(meeting=meeting, kept=KEPT), params)
        return cursor.rowcount

    with connection.cursor() as cursor:
        run(IS_ANYTHING_NEW, "SELECT 1", after=[Delivery.CANCELLED])
        if cursor.fetchone() is None:
            return 0
        begin()
        added = run(ADD, ROWS, selected=[campaign.pk, moment, Delivery.WANTED, False])
        return added + run(
            REVIVE,
            "SELECT kept.id, said.not_before",
            before=[Delivery.WANTED, moment],
            after=[Delivery.CANCELLED, Delivery.CANCELLED],
        )
