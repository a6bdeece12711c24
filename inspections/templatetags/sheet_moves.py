"""Forms of a score sheet that enter something with one tap, by plain formatting."""

from django import template
from django.utils.safestring import mark_safe

from organization.formatting import escaped, formatted
from organization.templatetags.ui import icon

register = template.Library()
MOVE = (
    '<form class="move" action="{entry}#{code}" method="post">{token}'
    '<input type="hidden" name="do" value="{do}">{fields}'
)
CSRF = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
HIDDEN = '<input type="hidden" name="{}" value="{}">'
UNDO = '<button class="btn btn-quiet">{}{}</button></form>'


@register.simple_tag(takes_context=True)
def withdraw(context, card, id, word):
    """Takes back what one entered oneself."""
    form = move(context, card, "withdraw", observation=id)
    return form + formatted(UNDO, icon("arrow-back-up"), word)


def move(context, card, do: str, **fields) -> str:
    """The beginning of a form that enters something; its button and its end are to come."""
    hidden = "".join(HIDDEN.format(name, escaped(value)) for name, value in fields.items())
    return formatted(
        MOVE,
        entry=context["entry_url"],
        code=card.item.code,
        token=token_of(context),
        do=do,
        fields=mark_safe(hidden),  # noqa: S308 escaped
    )


def token_of(context) -> str:
    """The field of the request's token, made once a page: anew each time that it is read."""
    known = context.render_context
    if "sheet_token" not in known:
        known["sheet_token"] = formatted(CSRF, str(context.get("csrf_token", "")))
    return known["sheet_token"]
