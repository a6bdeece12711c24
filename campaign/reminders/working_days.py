"""Which days people work: Chinese public holidays and the weekends worked in their place."""

from datetime import date
from functools import cache

from chinese_calendar import is_workday

FRIDAY = 4


@cache
def is_working_day(day: date) -> bool:
    """By the State Council's calendar; where it is not out yet, Monday to Friday."""
    try:
        return is_workday(day)
    except NotImplementedError:
        return day.weekday() <= FRIDAY
