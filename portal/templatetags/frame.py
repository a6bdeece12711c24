"""Menu and tabs around a page: drawn once in a process for each place, role and language."""

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from organization.formatting import formatted, joined
from organization.templatetags.ui import icon
from portal.menu import menu_of, place_of

register = template.Library()
KEPT = 2048
LINK = '\n      <li><a href="{}"{}>{}{}</a></li>'
TAB = '\n  <a href="{}"{}>{}</a>'
CURRENT = mark_safe(' aria-current="page"')


@register.simple_tag
def menu_links(shell):
    """The sections, each under the word of its first page that this reader has."""
    return links_drawn(get_language(), *shell.here) if shell else ""


@register.simple_tag
def section_tabs(shell):
    """The pages of the section one is in; nothing where it has only one."""
    return tabs_drawn(get_language(), *shell.here) if shell else ""


@lru_cache(maxsize=KEPT)
def links_drawn(_language: str, roles: frozenset[str], code: str, name: str) -> SafeString:
    here, _tab = place_of(roles, code, name)
    return joined(
        formatted(
            LINK,
            url,
            CURRENT if section is here else "",
            icon(section.icon),
            section.word or tab.word,
        )
        for section, ((tab, url), *_others) in menu_of(roles, code)
    )


@lru_cache(maxsize=KEPT)
def tabs_drawn(_language: str, roles: frozenset[str], code: str, name: str) -> SafeString:
    here, current = place_of(roles, code, name)
    tabs = next((tabs for section, tabs in menu_of(roles, code) if section is here), [])
    if len(tabs) < 2:
        return SafeString("")
    return joined(
        formatted(TAB, url, CURRENT if tab is current else "", tab.word) for tab, url in tabs
    )
