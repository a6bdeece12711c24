"""A choice among hundreds, where Django's own draws a template for each."""

import html

from django.forms import ChoiceField, Select
from django.utils.choices import normalize_choices
from django.utils.safestring import mark_safe


def escape(value) -> str:
    """What the library's gives, which first asks of each word whether it is to be translated."""
    return html.escape(str(value))


class LongSelect(Select):
    """The same as its parent's: options, and groups of them, one of which may be chosen."""

    shared: "Shared | None" = None

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        named = {"name": name} | self.build_attrs(self.attrs, attrs)
        shared = self.shared
        inside = shared.with_chosen(chosen) if shared else options_of(self.choices, chosen)
        return mark_safe(f"<select{attributes(named)}>\n{inside}\n</select>")  # noqa: S308 escaped


class Shared:
    """The choices of several fields of one page, gone through once."""

    def __init__(self, choices):
        self.choices = normalize_choices(choices)
        self.drawn = options_of(self.choices, set())

    def with_chosen(self, keys: set[str]) -> str:
        found = self.drawn
        for key in keys:
            plain = f'<option value="{escape(key)}"'
            found = found.replace(f"{plain}>", f"{plain} selected>", 1)
        return found


class SharedChoiceField(ChoiceField):
    """One of them: a form sets its choices by `share`."""

    widget = LongSelect

    def share(self, shared: Shared) -> None:
        self._choices, self.widget.shared = shared.choices, shared


def options_of(choices, chosen: set[str]) -> str:
    parts = []
    for key, word in choices:
        if isinstance(word, (list, tuple)):
            parts.append(f'<optgroup label="{escape(key)}">')
            parts += (option(each, text, chosen) for each, text in word)
            parts.append("</optgroup>")
        else:
            parts.append(option(key, word, chosen))
    return "\n".join(parts)


def radio(choice) -> str:
    """One choice of several, of which only one may be taken (`BoundWidget`), as Django draws it."""
    about = choice.data
    named = {"type": about["type"], "name": about["name"], "value": about["value"]}
    return mark_safe(f"<input{attributes(named | about['attrs'])}>")  # noqa: S308 escaped


def attributes(named: dict) -> str:
    """In their order; True stands for one without a value, False and None for none at all."""
    known = ((name, value) for name, value in named.items() if value not in (None, False))
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"' for name, value in known
    )


def option(key, word, chosen: set[str]) -> str:
    key = "" if key is None else str(key)
    selected = " selected" if key in chosen else ""
    chosen.discard(key)  # of several with one value the first is chosen
    return f'<option value="{escape(key)}"{selected}>{escape(word)}</option>'
