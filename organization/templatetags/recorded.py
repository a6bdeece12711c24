"""What is on record of one thing, for the admin site's page of its history."""

from django import template
from django.contrib import admin

from organization.history import history_of
from organization.history_admin import details_of, state_word
from organization.models import HistoryEntry

register = template.Library()
AT_MOST = 200


@register.simple_tag(takes_context=True)
def recorded(context, thing):
    """Newest first; nothing for who may not read the record."""
    if not admin.site.get_model_admin(HistoryEntry).has_view_permission(context["request"]):
        return []
    return [
        {
            "entry": entry,
            "before": state_word(entry, entry.before),
            "after": state_word(entry, entry.after),
            "details": details_of(entry),
        }
        for entry in history_of(thing).select_related("content_type")[:AT_MOST]
    ]
