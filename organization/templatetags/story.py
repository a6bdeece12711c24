"""An object's history as a line of steps, by plain formatting: half the pages end with one."""

from django import template
from django.utils import timezone
from django.utils.safestring import mark_safe

from organization.formatting import formatted
from organization.templatetags.ui import actor, moment, verb

register = template.Library()
STORY = '<ol class="story">{}\n</ol>'
STEP = (
    '\n  <li><p><b>{verb}</b>{name} · {who} <time class="muted small" datetime="{iso}">{at}</time>'
    "</p>\n  {reason}</li>"
)
REASON = '<p class="quote">{}</p>'


@register.simple_tag
def story(entries):
    return formatted(STORY, mark_safe("".join(map(step, entries))))  # noqa: S308 each is formatted


def step(entry) -> str:
    name = (entry.detail or {}).get("name")
    return formatted(
        STEP,
        verb=verb(entry),
        name=f" · {name}" if name else "",
        who=actor(entry),
        iso=timezone.localtime(entry.at).isoformat(),
        at=moment(entry.at),
        reason=formatted(REASON, entry.reason) if entry.reason else "",
    )
