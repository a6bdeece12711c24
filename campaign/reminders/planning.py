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

# What is said, over every way, beside what the ledger has of it: what is not there or cancelled.
LACKING = """\
WITH said (thing, due, person, project, rule, occurrence, not_before) AS ({said}),
way (person, channel, robot, project) AS ({ways})
SELECT {columns} FROM said INNER JOIN way ON way.person = said.person
AND (way.project IS NULL OR said.project IS NULL OR way.project = said.project)
LEFT JOIN campaign_reminder kept ON kept.person_id = said.person AND kept.thing = said.thing
AND kept.rule = said.rule AND kept.occurrence = said.occurrence AND kept.channel = way.channel
WHERE (kept.id IS NULL OR kept.delivery = %s)"""
# Counted, not asked for a first one: PostgreSQL would then look for that row by row, and where
# nothing is lacking compare everything with everything.
HOW_MANY_LACK = "SELECT count(*) FROM ({lacking}) lacking"
# In the order of the ledger's key, so that two rounds at once never wait for each other crosswise;
# once, though somebody owes it by two posts.
WANT = """\
INSERT INTO campaign_reminder (campaign_id, person_id, thing, rule, occurrence, channel, robot_id,
due, not_before, wanted_at, delivery, urgent, title, body, url, attempts, error)
{lacking} ORDER BY said.person, said.thing, said.rule, said.occurrence, way.channel
ON CONFLICT (person_id, thing, rule, occurrence, channel) DO UPDATE SET
delivery = excluded.delivery, wanted_at = excluded.wanted_at, not_before = excluded.not_before,
claim = NULL, claimed_at = NULL, error = '' WHERE campaign_reminder.delivery = %s"""
ROW = """\
DISTINCT %s, said.person, said.thing, said.rule, said.occurrence, way.channel, way.robot,
said.due, said.not_before, %s, %s, %s, '', '', '', 0, ''"""


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
    said = [*speaking(campaign, owing, terms, at=at), phases_speaking(campaign, terms, at=at)]
    roads = Rows.of(every_way)
    planned = sum(want(campaign, Rows.of(rows), roads, begin, at=at) for rows in said if rows)
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


def want(campaign: Campaign, said: Rows, ways: Rows, begin, *, at: datetime) -> int:
    """Put what is said into the ledger over every way; how many rows are wanted that were not."""
    connection = connections[router.db_for_write(Reminder)]
    moment = connection.ops.adapt_datetimefield_value(at)
    both = [*said.params, *ways.params]

    def lacking(columns: str) -> str:
        return LACKING.format(said=said.sql, ways=ways.sql, columns=columns)

    with connection.cursor() as cursor:
        cancelled = Delivery.CANCELLED
        cursor.execute(HOW_MANY_LACK.format(lacking=lacking("1")), [*both, cancelled])
        if cursor.fetchone() == (0,):
            return 0
        begin()
        row = [campaign.pk, moment, Delivery.WANTED, False]
        sql = WANT.format(lacking=lacking(ROW))
        cursor.execute(sql, [*both, *row, cancelled, cancelled])
        return cursor.rowcount
