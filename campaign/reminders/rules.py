"""When a campaign speaks of what is due: pure, from plain values, in the campaign's own zone.

Times are compared as moments and never by the clock on the wall, which shows an hour twice when
daylight time ends: whatever has come has come, and at each moment one rule speaks.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from campaign.models.reminder_rules import COMPANY_ZONE, RuleKind
from campaign.reminders.working_days import is_working_day

ONE_DAY = timedelta(days=1)
# Rules of a campaign that was never asked: the plan's own (fixtures/plan.yaml).
DEFAULT_RULES = frozenset(
    {
        *((RuleKind.BEFORE, days) for days in (7, 3, 1)),
        (RuleKind.ON, 0),
        *((RuleKind.AFTER, days) for days in (1, 3, 7)),
        *((RuleKind.ESCALATE, days) for days in (3, 7, 14)),
        (RuleKind.PHASE_BEGINS, 0),
        *((RuleKind.PHASE_ENDS, days) for days in (3, 0)),
    }
)


def code_of(kind: str, days: int) -> str:
    """What the ledger keeps of a rule: `before-7`."""
    return f"{kind}-{days}"


@cache
def kind_and_days(code: str) -> tuple[str, int]:
    """The rule that the ledger's code means; a notice has no days."""
    kind, _dash, days = code.rpartition("-")
    return (kind, int(days)) if kind else (code, 0)


def is_escalation(code: str) -> bool:
    return kind_and_days(code)[0] == RuleKind.ESCALATE


@dataclass(frozen=True)
class Terms:
    """One campaign's rules and hours; `rules` are pairs of a kind and days."""

    rules: frozenset[tuple[str, int]] = DEFAULT_RULES
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(COMPANY_ZONE))
    digest_at: time = time(9)
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    working_days_only: bool = True
    is_working: Callable[[date], bool] = is_working_day

    def moment(self, day: date, at: time = time.min) -> datetime:
        """When a day's hour comes; the first time where the clock shows it twice."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def day_of(self, at: datetime) -> date:
        """The local day; the clock may step back over midnight, the day does not."""
        day = at.astimezone(self.zone).date()
        return day + ONE_DAY if at >= self.moment(day + ONE_DAY) else day

    def is_off(self, day: date) -> bool:
        return self.working_days_only and not self.is_working(day)

    def days_of(self, kind: str) -> list[int]:
        return sorted(days for known, days in self.rules if known == kind)


# --- what is due -------------------------------------------------------------------------


def code_for_due(terms: Terms, due: date, at: datetime) -> str:
    """The rule that speaks at a moment of what is due on a day; empty when none does.

    The last whose day has come: what was missed is said in its sharper form, not twice. What
    comes before a day is not said after it, "today" only today and from the digest's hour on.
    """
    today = terms.day_of(at)
    if due < today:
        come = [days for days in terms.days_of(RuleKind.AFTER) if due + timedelta(days) <= today]
        return code_of(RuleKind.AFTER, come[-1]) if come else ""
    is_said_today = due == today and at >= terms.moment(due, terms.digest_at)
    if is_said_today and (RuleKind.ON, 0) in terms.rules:
        return code_of(RuleKind.ON, 0)
    come = [
        days for days in terms.days_of(RuleKind.BEFORE) if day_before(terms, due, days) <= today
    ]
    return code_of(RuleKind.BEFORE, come[0]) if come else ""


def day_before(terms: Terms, due: date, days: int) -> date:
    """The day on which "in n days" is said; the last working day where that is a day off."""
    day = due - timedelta(days)
    while terms.is_off(day):
        day -= ONE_DAY
    return day


def escalations(terms: Terms, due: date, at: datetime) -> list[tuple[int, int]]:
    """How many posts up it has to be told by now, and after how many days late each."""
    late = (terms.day_of(at) - due).days
    steps = enumerate(terms.days_of(RuleKind.ESCALATE), 1)
    return [(up, days) for up, days in steps if 0 < days <= late]


# --- phases ------------------------------------------------------------------------------


def code_for_phase(terms: Terms, start: date, end: date, at: datetime) -> str:
    """The rule that speaks at a moment of a phase, to its last day; empty when none does.

    One that ends within the days of a rule when it begins just begins: one word is enough.
    """
    today = terms.day_of(at)
    begins = days_told(terms, RuleKind.PHASE_BEGINS, start)
    ends = [(day, code) for day, code in days_told(terms, RuleKind.PHASE_ENDS, end) if day > start]
    come = [code for day, code in [*begins, *ends] if day <= today <= end]
    return come[-1] if come else ""


def days_told(terms: Terms, kind: str, day: date) -> list[tuple[date, str]]:
    """When and by which rules of a kind a phase's day is spoken of, the farthest ahead first."""
    ahead = reversed(terms.days_of(kind))
    return [(day - timedelta(days), code_of(kind, days)) for days in ahead]


def occurrence_of_phase(code: str, start: date, end: date) -> date:
    """The day that a phase's reminder is about: moved to another day, it is said again."""
    kind, _days = kind_and_days(code)
    return start if kind == RuleKind.PHASE_BEGINS else end


# --- the hour ----------------------------------------------------------------------------


def speaking_moment(terms: Terms, due: date, at: datetime) -> datetime:
    """The first moment from `at` on at which what is due on a day may be spoken of.

    From the digest's hour on, outside the quiet hours, on a working day; but what is due on
    that day or the next does not wait for one.
    """
    moment = after_quiet(terms, max(at, terms.moment(terms.day_of(at), terms.digest_at)))
    day = terms.day_of(moment)
    while terms.is_off(day) and due not in (day, day + ONE_DAY):
        moment = after_quiet(terms, terms.moment(day + ONE_DAY, terms.digest_at))
        day = terms.day_of(moment)
    return moment


def after_quiet(terms: Terms, at: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into."""
    day = terms.day_of(at)
    for first_day in (day - ONE_DAY, day):
        begins, over = quiet_hours(terms, first_day)
        if begins <= at < over:
            return over
    return at


def quiet_hours(terms: Terms, day: date) -> tuple[datetime, datetime]:
    """The quiet hours that begin on a day, mostly over midnight; none where both are the same."""
    is_over_midnight = terms.quiet_until < terms.quiet_from
    over = day + ONE_DAY if is_over_midnight else day
    return terms.moment(day, terms.quiet_from), terms.moment(over, terms.quiet_until)


# --- the table that SQL reads ------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """What is said, and from when, of everything due from `first` (None: ever) to `last`."""

    first: date | None
    last: date
    code: str
    not_before: datetime | None


def spans(terms: Terms, at: datetime) -> list[Span]:
    """The rules at a moment as ranges of due dates, from the oldest on; what is silent is left out.

    `not_before` is None where it may be said at once.
    """
    found: list[Span] = []
    days = list(days_spoken_of(terms, at))
    for day in days:
        code = code_for_due(terms, day, at)
        moment = speaking_moment(terms, day, at)
        said = Span(day, day, code, moment if moment > at else None)
        if found and (found[-1].code, found[-1].not_before) == (said.code, said.not_before):
            found[-1] = Span(found[-1].first, day, said.code, said.not_before)
        else:
            found.append(said)
    # whatever is older than the oldest of them is as late as that
    found[0] = Span(None, found[0].last, found[0].code, found[0].not_before)
    return [span for span in found if span.code]


def days_spoken_of(terms: Terms, at: datetime) -> Iterator[date]:
    """Due dates from one on which all is said that ever is, to the last on which anything is."""
    today = terms.day_of(at)
    day = today - timedelta(max(terms.days_of(RuleKind.AFTER), default=0) + 1)
    farthest = max(terms.days_of(RuleKind.BEFORE), default=0)
    while day <= today or day_before(terms, day, farthest) <= today:
        yield day
        day += ONE_DAY


def stretches(found: Iterable[Span]) -> list[tuple[date | None, date]]:
    """First and last days of what is spoken of without a gap; mostly one, from ever on."""
    days: list[tuple[date | None, date]] = []
    for span in found:
        if days and span.first == days[-1][1] + ONE_DAY:
            days[-1] = (days[-1][0], span.last)
        else:
            days.append((span.first, span.last))
    return days
