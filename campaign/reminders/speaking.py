"""What a campaign has to say at a moment, as rows of SQL: things, people, rules and days.

Planning copies these rows into the ledger, and delivery asks them once more before it sends.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)
from django.urls import reverse

from campaign.models import Campaign, Phase
from campaign.owed import owed_rows
from campaign.registry import Line
from campaign.reminders.rules import (
    Span,
    Terms,
    code_for_phase,
    occurrence_of_phase,
    spans,
    speaking_moment,
    stretches,
)
from organization.models import Post
from organization.roles import PROJECT_LEADERS, Role

COMPANY_AUDIENCE = (Role.EXECUTIVE, Role.MANAGEMENT_CENTER, Role.SPECIALTY_LEAD)
PHASE = "phase"
# What the ledger tells rows apart by, beside the channel.
KEY = ("person", "thing", "rule", "occurrence")
Key = tuple[int, str, str, str]


class IsoDay(Func):
    """A date as Python writes it, whatever the database's style of dates."""

    function = "to_char"
    template = "%(function)s(%(expressions)s, 'YYYY-MM-DD')"
    output_field = CharField()

    def as_sqlite(self, compiler, connection, **extra):
        kept_as_such = "CAST(%(expressions)s AS text)"
        return super().as_sql(compiler, connection, template=kept_as_such, **extra)


class Moment(Func):
    """A moment or nothing; PostgreSQL takes nothing for a text unless it is told."""

    template = "(%(expressions)s)"

    def as_postgresql(self, compiler, connection, **extra):
        typed = "(%(expressions)s)::timestamp with time zone"
        return super().as_sql(compiler, connection, template=typed, **extra)


def speaking(
    campaign: Campaign, owing: Iterable[list[QuerySet]], terms: Terms, *, at: datetime
) -> Iterator[list[QuerySet]]:
    """Rows of whom has to be told what at a moment, of what is owed (`registry.owed`), by source.

    Each has the columns of what is owed and `rule`, `occurrence` and `not_before`.
    """
    table = spans(terms, at)
    for querysets in owing if table else ():
        yield [said_by(rows, table) for rows in querysets]


def said_by(rows: QuerySet, table: list[Span]) -> QuerySet:
    """What the spans say of what is owed; what they are silent about is left out."""
    spoken_of = reduce(or_, (within(*days) for days in stretches(table)))
    # of the spans in the order of their days the first that is not past is meant
    rule = [When(due__lte=span.last, then=Value(span.code)) for span in table]
    waiting = [
        When(within(span.first, span.last), then=Value(span.not_before))
        for span in table
        if span.not_before
    ]
    return rows.filter(spoken_of).annotate(
        rule=Case(*rule, output_field=CharField()),
        occurrence=IsoDay(F("due")),
        not_before=Moment(Case(*waiting, default=None, output_field=DateTimeField(null=True))),
    )


def within(first: date | None, last: date) -> Q:
    until = Q(due__lte=last)
    return until if first is None else until & Q(due__gte=first)


# --- phases ------------------------------------------------------------------------------


def phases_speaking(campaign: Campaign, terms: Terms, *, at: datetime) -> list[QuerySet]:
    """That a phase begins or ends, to who leads a part of the campaign; the same columns."""
    codes = {
        phase: code_for_phase(terms, phase.start, phase.end, at) for phase in campaign.phases.all()
    }
    return [
        phase_rows(campaign, terms, phase, code, at=at) for phase, code in codes.items() if code
    ]


def phase_rows(campaign, terms: Terms, phase: Phase, code: str, *, at: datetime) -> QuerySet:
    about = occurrence_of_phase(code, phase.start, phase.end)
    moment = speaking_moment(terms, about, at)
    rows = owed_rows(
        audience(campaign),
        thing=f"{PHASE}:{phase.pk}",
        due=phase.end,
        person="user",
        project="project",
    )
    return rows.annotate(
        rule=Value(code),
        occurrence=Value(about.isoformat()),
        not_before=Moment(Value(moment if moment > at else None, output_field=DateTimeField())),
    )


def audience(campaign: Campaign) -> QuerySet[Post]:
    """Posts of who leads a part of the campaign: its projects, its specialties, the whole."""
    leads_here = Q(role__in=PROJECT_LEADERS, project__in=campaign.participations.values("project"))
    posts = Post.objects.current().filter(user__is_active=True)
    return posts.filter(leads_here | Q(role__in=COMPANY_AUDIENCE))


def named_phases(campaign: Campaign, things: Iterable[str]) -> dict[str, Line]:
    ids = [int(thing.partition(":")[2]) for thing in things]
    url = reverse("timeline", args=[campaign.code])
    return {
        f"{PHASE}:{each.pk}": Line(each.name, url) for each in campaign.phases.filter(pk__in=ids)
    }
