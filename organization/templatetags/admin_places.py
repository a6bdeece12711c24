"""The places of the admin site beside each of its pages, by plain formatting: there are thirty.
Drawn once for each list of rooms and each place to be in (organization.admin_site).

Their words are the library's, which has them in both languages.
"""

from collections.abc import Iterator
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as of_library

from organization.formatting import formatted, joined

register = template.Library()
ROOM = (
    '<div class="app-{label} module{current}">\n<table>\n'
    '<caption><a href="{url}" class="section" title="{title}">{name}</a></caption>\n'
    '<thead class="visually-hidden"><tr>{heads}</tr></thead>\n{rows}</table>\n</div>\n'
)
HEAD = '<th scope="col">{}</th>'
ROW = (
    '<tr class="model-{model}{current}"><th scope="row" id="{key}">{name}</th>{add}{change}</tr>\n'
)
NAMED = '<a href="{}"{}>{}</a>'
LINK = '<td><a href="{}" class="{}" aria-describedby="{}">{}</a></td>'
NONE = mark_safe("<td></td>")
HERE = mark_safe(' aria-current="page"')


@register.simple_tag(takes_context=True)
def places(context) -> SafeString:
    """Each room with its lists, as far as the reader may see them."""
    every = context["app_list"]
    path, shows = quote(context["request"].path), context.get("show_changelinks")
    key = shows, tuple(address for address in addresses(every) if address in path)
    if key not in every.drawn:
        every.drawn[key] = drawn(every, path, shows)
    return every.drawn[key]


def addresses(every) -> Iterator[str]:
    """Those by which a place knows that the reader is there."""
    for app in every:
        yield app["app_url"]
        yield from (model["admin_url"] for model in app["models"] if model["admin_url"])


def drawn(every, path: str, shows) -> SafeString:
    nothing = of_library("You don’t have permission to view or edit anything.")
    rooms = [room(each, path, shows) for each in every]
    return joined(rooms) if rooms else formatted("<p>{}</p>", nothing)


def room(app, path: str, shows) -> SafeString:
    heads = (
        of_library("Model name"),
        of_library("Add link"),
        of_library("Change or view list link"),
    )
    return formatted(
        ROOM,
        label=app["app_label"],
        current=" current-app" if app["app_url"] in path else "",
        url=app["app_url"],
        title=of_library("Models in the %(name)s application") % {"name": app["name"]},
        name=app["name"],
        heads=joined(formatted(HEAD, each) for each in heads),
        rows=joined(row(app, model, path, shows) for model in app["models"]),
    )


def row(app, model, path: str, shows) -> SafeString:
    url, added = model["admin_url"], model["add_url"]
    name = model["object_name"].lower()
    key = f"{app['app_label']}-{name}"
    here = bool(url) and url in path
    return formatted(
        ROW,
        model=name,
        current=" current-model" if here else "",
        key=key,
        name=formatted(NAMED, url, HERE if here else "", model["name"]) if url else model["name"],
        add=formatted(LINK, added, "addlink", key, of_library("Add")) if added else NONE,
        change=change_link(model, key) if shows else "",
    )


def change_link(model, key: str) -> SafeString:
    if not model["admin_url"]:
        return NONE
    kind, word = (
        ("viewlink", of_library("View"))
        if model["view_only"]
        else ("changelink", of_library("Change"))
    )
    return formatted(LINK, model["admin_url"], kind, key, word)
