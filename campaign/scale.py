"""Days to scale: where they stand in a picture, in percent of its width."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language

MONTH_WORTH_A_WORD = 5  # percent


def percent(share: float) -> str:
    """For an SVG attribute: never with a comma, whatever the language."""
    return f"{share:.2f}%"


@dataclass(frozen=True)
class Scale:
    """The days from the first to the last one, both whole."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def start_of(self, day: date) -> float:
        """Where a day begins, kept within the picture."""
        return min(max((day - self.first).days / self.days * 100, 0), 100)

    def end_of(self, day: date) -> float:
        return self.start_of(day + timedelta(days=1))

    def middle_of(self, day: date) -> float:
        return (self.start_of(day) + self.end_of(day)) / 2

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Month:
    x: str
    word: str


def months(scale: Scale) -> list[Month]:
    """The first day of the picture, and of every month in it."""
    day, found = scale.first, []
    while day <= scale.last:
        next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        has_room = scale.start_of(next_month) - scale.start_of(day) > MONTH_WORTH_A_WORD
        found.append(Month(percent(scale.start_of(day)), month_word(day) if has_room else ""))
        day = next_month
    return found


def month_word(day: date) -> str:
    return date_format(day, "M", use_l10n=False) if get_language() == "en" else f"{day.month}月"
