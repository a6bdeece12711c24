"""The dates above a long list of the admin site, and filters with many words beside it
(organization.admin_lists).
"""

from datetime import date, datetime, timedelta
from functools import cache
from html import escape
from itertools import pairwise
from urllib.parse import quote_plus

from django.template import Library
from django.utils.encoding import iri_to_uri
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organization.admin_lists import words_in
from organization.formatting import formatted
from organization.templatetags.admin_rows import SELECTED, choice, filter_of, plain_filter

register = Library()
WORD = '">{}</a></li>\n'
PARTS = ("year", "month", "day")
ONE_DAY = timedelta(days=1)


@register.inclusion_tag("admin/date_hierarchy.html")
def dates_between(cl):
    """Years, the months of one, or its days, from the list's first row to its last.

    Up to two queries that read one row each. What the address names is narrowed to already.
    """
    first, last = ends(cl)
    if first is None:
        return {"show": False}
    parts = [int(cl.params[each]) for each in names(cl) if each in cl.params]
    if not parts and first.year == last.year:
        parts = [first.year, *([first.month] if first.month == last.month else [])]
    level = len(parts)
    if level == len(PARTS):
        choices = [{"title": title(first, level - 1)}]
    else:
        found = days(first, last, level)
        choices = [
            {"link": link(cl, each, level + 1), "title": title(each, level)} for each in found
        ]
    return {"show": True, "back": back(cl, first, level), "choices": choices}


def names(cl) -> list[str]:
    return [f"{cl.date_hierarchy}__{part}" for part in PARTS]


def ends(cl) -> tuple[date | None, date | None]:
    """The local days of the first and the last row."""
    name = cl.date_hierarchy
    order = name if cl.model._meta.get_field(name).db_index else "pk"
    rows = cl.queryset.values_list(name, flat=True)
    found = [*rows.order_by(order)[:1], *newest(cl, name, order, rows)]
    known = sorted(day_of(each) for each in found if each)
    return (known[0], known[-1]) if known else (None, None)


def newest(cl, name: str, order: str, rows) -> list[date]:
    """Of the last row: the first one of a first page that begins with it."""
    begins = cl.page_num == 1 and cl.queryset.query.order_by[:1] == (f"-{order}",)
    shown = list(cl.result_list[:1]) if begins else []
    return [getattr(shown[0], name)] if shown else list(rows.order_by(f"-{order}")[:1])


def day_of(value: date) -> date:
    return localtime(value).date() if isinstance(value, datetime) else value


def days(first: date, last: date, level: int) -> list[date]:
    """One day of each year, month or day between these, by level."""
    every = [first + ONE_DAY * number for number in range((last - first).days + 1)]
    key = PARTS[: level + 1]
    starts = [b for a, b in pairwise(every) if parts_of(a, key) != parts_of(b, key)]
    return [first, *starts]


def parts_of(day: date, key) -> list[int]:
    return [getattr(day, part) for part in key]


def link(cl, day: date, level: int) -> str:
    chosen = dict(zip(names(cl), parts_of(day, PARTS[:level]), strict=False))
    return cl.get_query_string(chosen, [f"{cl.date_hierarchy}__"])


def title(day: date, level: int) -> str:
    form = ("", "YEAR_MONTH_FORMAT", "MONTH_DAY_FORMAT")[level]
    return capfirst(date_format(day, form)) if form else str(day.year)


def back(cl, day: date, level: int) -> dict | None:
    if not level:
        return None
    words = _("所有日期") if level == 1 else title(day, level - 2)
    return {"link": link(cl, day, level - 1), "title": words}


@register.simple_tag
def words_filter(title, choices) -> SafeString:
    """A filter with two hundred words and more: they are the same on all pages."""
    if "filter" not in choices[-1]:
        return plain_filter(title, choices)
    every, of_words = choices
    kind, chosen = of_words["filter"], of_words["filter"].value()
    parts = [escape(iri_to_uri(each)) for each in of_words["parts"]]
    rows = [
        f'<li{SELECTED if value == chosen else ""}>\n<a href="{place.join(parts)}{rest}'
        for value, place, rest in drawn_words(type(kind), get_language())
    ]
    return filter_of(title, choice(every), SafeString("".join(rows)))


@cache
def drawn_words(kind, language: str) -> list[tuple[str, str, str]]:
    """Each value, as it stands in an address, and its word."""
    return [
        (str(value), escape(iri_to_uri(quote_plus(str(value)))), formatted(WORD, word))
        for value, word in words_in(kind, language)
    ]
