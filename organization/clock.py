"""Days and moments: a deadline ends with the local day (ruling 11)."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def local(at: datetime) -> datetime:
    """A moment in the company's zone, which is everybody's: pages ask it a thousand times, and
    Django would look each time whether a reader has another. Raises ValueError without a zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return at.astimezone(timezone.get_default_timezone())


def local_day(at: datetime) -> date:
    """The day of a moment in the company's zone."""
    return local(at).date()


def start_of(day: date) -> datetime:
    """The first moment of a day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The first moment after a day: something due on it is late from here on."""
    return start_of(day + timedelta(days=1))


def days_late(due: date, at: datetime) -> int:
    """Whole days after the due date, 0 when in time."""
    return max((local_day(at) - due).days, 0)


def read_moment(text: str) -> datetime:
    """An ISO date or time; without a zone it is the company's local time. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
