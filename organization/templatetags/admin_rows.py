"""A list of the admin site by plain formatting: its heads, its cells, its filters.

What the library's own tags and templates give. They ask each cell anew what column it stands in,
and each row for its address.
"""

from collections.abc import Callable, Iterator
from datetime import date, time
from types import SimpleNamespace

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_list import _coerce_field_name, result_headers
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import display_for_field, display_for_value, lookup_field
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import AutoField, DateField, ForeignKey, TimeField, UUIDField
from django.template import Library
from django.template.defaultfilters import capfirst  # which leaves markup what it is
from django.urls import NoReverseMatch
from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as of_library  # whose words it has

from organization.formatting import escaped, formatted, joined

register = Library()
TABLE = (
    '<div class="results">\n<table id="result_list">\n<thead>\n<tr>\n{}</tr>\n</thead>\n'
    "<tbody>\n{}</tbody>\n</table>\n</div>\n"
)
HEAD = '<th scope="col"{}>{}<div class="text">{}</div><div class="clear"></div></th>\n'
SORT = '<a href="{}">{}</a>'
SORTED = '<div class="sortoptions"><a class="sortremove" href="{}" title="{}"></a>{}{}</div>'
PRIORITY = '<span class="sortpriority" title="{}">{}</span>'
TOGGLE = '<a href="{}" class="toggle {}" title="{}"></a>'
PICK = (
    '<input type="checkbox" name="{name}" value="{value}" class="action-select"'
    ' aria-label="{label}">'
)
FILTER = (
    '<details data-filter-title="{}" open>\n  <summary>{}</summary>\n  <ul>\n{}</ul>\n</details>\n'
)
CHOICE = '<li{}>\n<a href="{}">{}</a></li>\n'
SELECTED = mark_safe(' class="selected"')
PLACE = "0place0"  # of a row's id in an address
Shown = Callable[[object], tuple[object, bool]]


@register.simple_tag
def plain_results(cl) -> SafeString:
    """A list without forms in its rows, and not in a window of its own."""
    rows = list(cl.result_list)
    if not rows:
        return SafeString("")
    columns = list(columns_of(cl))
    drawn = (f"<tr>{''.join([cell(row) for cell in columns])}</tr>\n" for row in rows)
    return formatted(TABLE, heads_of(cl), SafeString("".join(drawn)))


@register.simple_tag
def plain_filter(title, choices) -> SafeString:
    return filter_of(title, *map(choice, choices))


@register.filter
def in_one_field(things) -> list[SimpleNamespace]:
    """All that was picked as one thing, for a page that makes a field of each to ask again: a form
    may have 5,000 (see RecordedAdmin.changelist_view).
    """
    return [SimpleNamespace(pk=",".join(str(each.pk) for each in things))]


def filter_of(title, *drawn: SafeString) -> SafeString:
    about = of_library(" By %(filter_title)s ") % {"filter_title": title}
    return formatted(FILTER, title, about, joined(drawn))


def choice(said: dict) -> SafeString:
    selected = SELECTED if said["selected"] else ""
    return formatted(CHOICE, selected, iri_to_uri(said["query_string"]), said["display"])


def heads_of(cl) -> SafeString:
    heads = list(result_headers(cl))
    number = sum(each["sortable"] and each["sorted"] for each in heads)
    return joined(head(each, number) for each in heads)


def head(said: dict, number: int) -> SafeString:
    word, about = capfirst(said["text"]), said["class_attrib"]
    if not said["sortable"]:
        return formatted(HEAD, about, "", formatted("<span>{}</span>", word))
    order = sorting(said, number) if said["sort_priority"] > 0 else ""
    return formatted(HEAD, about, order, formatted(SORT, said["url_primary"], word))


def sorting(said: dict, number: int) -> SafeString:
    priority = said["sort_priority"]
    about = of_library("Sorting priority: %(priority_number)s") % {"priority_number": priority}
    way = "ascending" if said["ascending"] else "descending"
    return formatted(
        SORTED,
        said["url_remove"],
        of_library("Remove from sorting"),
        formatted(PRIORITY, about, priority) if number > 1 else "",
        formatted(TOGGLE, said["url_toggle"], way, of_library("Toggle sorting")),
    )


def columns_of(cl) -> Iterator[Callable[[object], str]]:
    """What draws each column's cell of a row."""
    linked, links, first = address_of(cl), cl.list_display_links, True
    for number, name in enumerate(cl.list_display):
        is_linked = links is not None and ((first and not links) or name in links)
        shown, css = shown_of(cl, name, is_linked), f"field-{_coerce_field_name(name, number)}"
        if name == "action_checkbox":
            css = "action-checkbox"
        yield cell_of(
            "th" if is_linked and first else "td", css, shown, linked if is_linked else None
        )
        first = first and not is_linked


def cell_of(tag: str, css: str, shown: Shown, linked) -> Callable[[object], str]:
    plain, unbroken = f'<{tag} class="{css}">', f'<{tag} class="{css} nowrap">'

    def drawn(row) -> str:
        said, nowrap = shown(row)
        inside = escaped(said)
        if linked and (address := linked(row)):
            inside = f'<a href="{escaped(address)}">{inside}</a>'
        return f"{unbroken if nowrap else plain}{inside}</{tag}>"

    return drawn


def address_of(cl) -> Callable[[object], str]:
    """A row's address, made up of one where ids stand in it as they are."""
    given = {"preserved_filters": cl.preserved_filters, "opts": cl.opts}

    def asked(row) -> str:
        try:
            return add_preserved_filters(given, cl.url_for_result(row))
        except NoReverseMatch:
            return ""

    if not isinstance(cl.opts.pk, AutoField | UUIDField):
        return asked
    before, place, after = asked(SimpleNamespace(**{cl.pk_attname: PLACE})).partition(PLACE)
    return lambda row: f"{before}{row.pk}{after}" if place else ""


def shown_of(cl, name, is_linked: bool) -> Shown:
    """What a column says of a row, and whether it stays on one line."""
    admin = cl.model_admin
    empty = admin.get_empty_value_display()
    field = field_of(cl, name)
    if name == "action_checkbox" and type(admin).action_checkbox is ModelAdmin.action_checkbox:
        said = picking()
    elif field is not None:
        said = of_field(field, empty, is_linked)
    elif isinstance(name, str) and name != "__str__" and hasattr(admin, name):
        said = of_method(getattr(admin, name), empty)
    else:
        said = looked_up(name, admin, empty)

    def shown(row):
        try:
            return said(row)
        except ObjectDoesNotExist:
            return empty, False

    return shown


def field_of(cl, name):
    """A field of the row itself with one value, as written by hand."""
    try:
        field = cl.lookup_opts.get_field(name) if isinstance(name, str) else None
    except FieldDoesNotExist:
        return None
    own = field is not None and field.concrete and not field.auto_created
    return field if own and not field.many_to_many and field.name == name else None


def picking() -> Shown:
    about = of_library("Select this object for an action - {}")

    def shown(row):
        label = formatted(about, str(row))
        return formatted(PICK, name=ACTION_CHECKBOX_NAME, value=str(row.pk), label=label), False

    return shown


def of_field(field, empty, is_linked: bool) -> Shown:
    nowrap, name = isinstance(field, DateField | TimeField | ForeignKey), field.name
    words = {value: formatted("{}", word) for value, word in field.flatchoices}

    def shown(row):
        value = stripped(getattr(row, name))
        if field.remote_field:
            return (empty if value is None else value), nowrap
        if words:
            return words.get(value, empty), nowrap
        return display_for_field(value, field, empty, avoid_link=is_linked), nowrap

    return shown


def of_method(method, empty) -> Shown:
    empty, boolean = (
        getattr(method, "empty_value_display", empty),
        getattr(method, "boolean", False),
    )

    def shown(row):
        value = stripped(method(row))
        return display_for_value(value, empty, boolean), isinstance(value, date | time)

    return shown


def looked_up(name, admin, empty) -> Shown:
    """By the library, row by row: its own text, its id, a property."""

    def shown(row):
        _field, attr, value = lookup_field(name, row, admin)
        own = attr.fget if isinstance(attr, property) else attr
        nothing, boolean = (
            getattr(attr, "empty_value_display", empty),
            getattr(own, "boolean", False),
        )
        value = stripped(value)
        return display_for_value(value, nothing, boolean), isinstance(value, date | time)

    return shown


def stripped(value):
    return "" if isinstance(value, str) and not value.strip() else value
