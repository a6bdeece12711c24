"""Fields of forms by plain formatting: some pages have forty of them, each four templates deep.

Letter by letter what the library's templates give. What is not here, and a choice whose options
have a template of their own, is drawn by the templates.
"""

from django.forms.renderers import DjangoTemplates
from django.template.base import render_value_in_context
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData

ROOM = "django/forms/widgets/"
INPUTS = (
    "checkbox", "color", "date", "datetime", "email", "file", "hidden", "input", "number",
    "password", "search", "tel", "text", "time", "url",
)  # fmt: skip
OPTION = ROOM + "select_option.html"
MARKS = {ROOM + "checkbox_option.html", ROOM + "radio_option.html"}
PLAIN = Context()


class PlainRenderer(DjangoTemplates):
    def render(self, template_name, context, request=None):
        draw = DRAWN.get(template_name)
        drawn = draw(context) if draw else None
        return super().render(template_name, context, request) if drawn is None else drawn


def shown(value) -> str:
    """What stands for it in a template."""
    if isinstance(value, str):  # mostly
        return conditional_escape(value)
    return render_value_in_context(value, PLAIN)


def as_text(value) -> str:
    """As with `stringformat:"s"`: no local form of a number."""
    return str(value) if isinstance(value, SafeData) else conditional_escape(str(value))


def attributes(attrs: dict) -> str:
    pairs = [(name, value) for name, value in attrs.items() if value is not False]
    return "".join(
        f" {shown(name)}" if value is True else f' {shown(name)}="{as_text(value)}"'
        for name, value in pairs
    )


def marked(widget: dict) -> str:
    value = widget["value"]
    said = "" if value is None else f' value="{as_text(value)}"'
    named = f'type="{shown(widget["type"])}" name="{shown(widget["name"])}"'
    return f"<input {named}{said}{attributes(widget['attrs'])}>"


def one_input(context: dict) -> str:
    return marked(context["widget"])


def textarea(context: dict) -> str:
    widget = context["widget"]
    value = widget["value"]
    inside = shown(value) if value else ""
    tag = f'<textarea name="{shown(widget["name"])}"{attributes(widget["attrs"])}>'
    return f"{tag}\n{inside}</textarea>"


def select(context: dict) -> str | None:
    widget = context["widget"]
    parts = [f'<select name="{shown(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _number in widget["optgroups"]:
        if any(each["template_name"] != OPTION for each in options):
            return None
        if group:
            parts.append(f'\n  <optgroup label="{shown(group)}">')
        parts += [f"\n  {option(each)}\n" for each in options]
        if group:
            parts.append("\n  </optgroup>")
    return "".join((*parts, "\n</select>"))


def option(widget: dict) -> str:
    tag = f'<option value="{as_text(widget["value"])}"{attributes(widget["attrs"])}>'
    return f"{tag}{shown(widget['label'])}</option>"


def ticks(context: dict) -> str | None:
    """Several boxes or buttons below each other."""
    widget = context["widget"]
    own = {name: widget["attrs"].get(name) for name in ("id", "class")}
    attrs = "".join(f' {name}="{shown(value)}"' for name, value in own.items() if value)
    parts = [f"<div{attrs}>"]
    for group, options, _number in widget["optgroups"]:
        if any(each["template_name"] not in MARKS for each in options):
            return None
        if group:
            parts.append(f"\n  <div><label>{shown(group)}</label>")
        parts += [f"<div>\n    {tick(each)}\n\n</div>" for each in options]
        if group:
            parts.append("\n  </div>")
    return "".join((*parts, "\n</div>"))


def tick(widget: dict) -> str:
    mark = marked(widget) + "\n"  # as the template of an input ends
    if not widget["wrap_label"]:
        return mark
    known = widget["attrs"].get("id")
    about = f' for="{shown(known)}"' if known else ""
    return f"<label{about}>{mark} {shown(widget['label'])}</label>"


def one_tick(context: dict) -> str:
    """One of several that a page places by itself."""
    return tick(context["widget"]).strip()


def label(context: dict) -> str:
    if not context["use_tag"]:
        return shown(context["label"]).strip()
    tag = shown(context["tag"])
    return f"<{tag}{attributes(context['attrs'] or {})}>{shown(context['label'])}</{tag}>"


def hidden_form(context: dict) -> str | None:
    """One without a field that is seen, such as what a formset says of itself."""
    if context["fields"] or context["errors"]:
        return None
    return "".join(map(str, context["hidden_fields"])).strip()


def no_errors(context: dict) -> str | None:
    """Of a field that has none, which is nothing."""
    return None if context["errors"] else ""


DRAWN = {f"{ROOM}{name}.html": one_input for name in INPUTS} | {
    f"{ROOM}textarea.html": textarea,
    f"{ROOM}select.html": select,
    f"{ROOM}checkbox_select.html": ticks,
    f"{ROOM}multiple_input.html": ticks,
    f"{ROOM}radio.html": ticks,
    f"{ROOM}checkbox_option.html": one_tick,
    f"{ROOM}radio_option.html": one_tick,
    "django/forms/div.html": hidden_form,
    "django/forms/label.html": label,
    "django/forms/errors/list/default.html": no_errors,
    "django/forms/errors/list/ul.html": no_errors,
}
