"""A choice among hundreds, where Django's own draws a template for each."""

from django.forms import Select
from django.utils.html import escape
from django.utils.safestring import mark_safe


class LongSelect(Select):
    """The same as its parent's: options, and groups of them, one of which may be chosen."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        named = {"name": name} | self.build_attrs(self.attrs, attrs)
        parts = [f"<select{attributes(named)}>"]
        for key, word in self.choices:
            if isinstance(word, (list, tuple)):
                parts.append(f'<optgroup label="{escape(key)}">')
                parts += (option(each, text, chosen) for each, text in word)
                parts.append("</optgroup>")
            else:
                parts.append(option(key, word, chosen))
        return mark_safe("\n".join([*parts, "</select>"]))  # noqa: S308 each part is escaped


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
