"""What the next days will remind of: pure, so that typed rules can be tried before they stand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaign.models.reminder_rules import RuleKind
from campaign.reminders.rules import (
    Terms,
    code_for_due,
    code_for_phase,
    kind_and_days,
    occurrence_of_phase,
    speaking_moment,
)

DAYS = 14
URGENCY = [
    *(RuleKind.AFTER, RuleKind.ON, RuleKind.BEFORE),
    *(RuleKind.PHASE_ENDS, RuleKind.PHASE_BEGINS),
]


@dataclass(frozen=True)
class Stretch:
    """Something with days of its own: due on one, or a phase from its first to its last."""

    title: str
    end: date
    start: date | None = None


@dataclass(frozen=True)
class Told:
    """What is said of something, and when."""

    moment: datetime
    code: str
    title: str

    @property
    def kind(self) -> str:
        return kind_and_days(self.code)[0]


def ahead(terms: Terms, things: Iterable[Stretch], at: datetime) -> list[Told]:
    """What will be told of these in the next two weeks if they stay open, in its order."""
    last = terms.moment(terms.day_of(at) + timedelta(days=DAYS))
    found = [told for thing in things for told in told_of(terms, thing, at, last)]
    return sorted(found, key=lambda told: (told.moment, URGENCY.index(told.kind), told.title))


def told_of(terms: Terms, thing: Stretch, at: datetime, last: datetime) -> Iterator[Told]:
    """Each word once, in its first round that may say it; what was said by now is left out."""
    before = code_of(terms, thing, at)
    moment = at
    while (moment := next_round(terms, moment)) < last:
        code = code_of(terms, thing, moment)
        if code and code != before and is_said(terms, thing, code, moment):
            yield Told(moment, code, thing.title)
            before = code


def is_said(terms: Terms, thing: Stretch, code: str, at: datetime) -> bool:
    about = thing.end if thing.start is None else occurrence_of_phase(code, thing.start, thing.end)
    return speaking_moment(terms, about, at) == at


def next_round(terms: Terms, at: datetime) -> datetime:
    """The next day's digest: the moment at which a day speaks."""
    day = terms.day_of(at)
    today = terms.moment(day, terms.digest_at)
    return today if today > at else terms.moment(day + timedelta(days=1), terms.digest_at)


def code_of(terms: Terms, thing: Stretch, at: datetime) -> str:
    if thing.start is None:
        return code_for_due(terms, thing.end, at)
    return code_for_phase(terms, thing.start, thing.end, at)
