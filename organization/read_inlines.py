"""Rows beside a thing in the admin site that can only be read: a table, and no forms.

The library makes a form of every row and draws it cell by cell even where nothing can be written;
a running campaign has thirty rows of ten columns.
"""

from collections.abc import Callable, Hashable

from django import forms
from django.contrib.admin.utils import display_for_field, label_for_field
from django.db.models import ForeignKey, Model
from django.forms.models import _get_foreign_key
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from organization.formatting import escaped, formatted, joined

GROUP = (
    '<div class="inline-group" id="{name}-group">\n<div class="tabular inline-related">\n'
    '<fieldset class="module" aria-labelledby="{name}-heading">\n'
    '<h2 id="{name}-heading" class="inline-heading">{title}</h2>\n<table>\n'
    '<thead><tr><th class="original"></th>{heads}<th></th></tr></thead>\n'
    "<tbody>\n{rows}</tbody>\n</table>\n</fieldset>\n</div>\n</div>"
)
HEAD = '<th class="column-{}">{}</th>'
ROW = (
    '<tr class="form-row has_original" id="{}-{}"><td class="original"><p>{}</p></td>{}'
    '<td class="delete"></td></tr>\n'
)
CELL = '<td class="field-{}"><p>{}</p></td>'
LINK = '<a href="{}">{}</a>'


class ReadInlines:
    """For an admin page whose inlines name their `fields`: those that nobody may write now are
    drawn as tables, and ask for no form when the page is sent.
    """

    def reads(self, inline, request, obj) -> bool:
        if obj is None:
            return False
        asked = (inline.has_add_permission, inline.has_change_permission)
        may = any(may(request, obj) for may in (*asked, inline.has_delete_permission))
        return not (may and self.has_change_permission(request, obj))

    def get_inline_instances(self, request, obj=None):
        """Those that have forms."""
        every = super().get_inline_instances(request, obj)
        return [each for each in every if not self.reads(each, request, obj)]

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None):
        """All, in the order in which they are named."""
        made = super().get_inline_formsets(request, formsets, inline_instances, obj)
        written = {type(each.opts): each for each in made}
        every = super().get_inline_instances(request, obj)
        return [written.get(type(each)) or ReadTable(each, request, obj) for each in every]


class ReadTable:
    """One inline's rows, in the place of its forms."""

    media = forms.Media()
    has_add_permission = has_change_permission = has_delete_permission = False

    def __init__(self, inline, request, parent):
        self.inline, self.opts, self.formset = inline, self, self  # all that the page asks of them
        self.template = "organization/read_inline.html"
        self.key = _get_foreign_key(inline.parent_model, inline.model, fk_name=inline.fk_name)
        self.rows = inline.get_queryset(request).filter(**{self.key.name: parent})

    def is_multipart(self) -> bool:
        return False

    def __iter__(self):
        """No forms."""
        return iter(())

    def drawn(self) -> SafeString:
        inline = self.inline
        meta, names = inline.opts, list(inline.fields)
        if hasattr(inline, "replace_orig_field"):
            names = inline.replace_orig_field(names)  # a column in each language
        cells = [self.cell_of(meta.get_field(name)) for name in names]
        name = self.key.remote_field.get_accessor_name()
        return formatted(
            GROUP,
            name=name,
            title=capfirst(inline.verbose_name_plural),
            heads=joined(
                formatted(HEAD, each, capfirst(label_for_field(each, inline.model, inline)))
                for each in names
            ),
            rows=joined(
                formatted(
                    ROW, name, number, row, SafeString("".join([cell(row) for cell in cells]))
                )
                for number, row in enumerate(self.rows)
            ),
        )

    def cell_of(self, field) -> Callable[[Model], SafeString]:
        """How a column's cells are drawn; the same value is drawn once."""
        empty, name = self.inline.get_empty_value_display(), field.name
        known: dict[object, SafeString] = {}

        def shown(row):
            value = getattr(row, name)
            if isinstance(field, ForeignKey) and value is not None:
                return self.link(value)
            if isinstance(value, str) and not field.choices:  # mostly
                return value or empty
            return display_for_field(value, field, empty)

        def cell(row) -> SafeString:
            value = getattr(row, field.attname)
            # 1 and True are equal, and are shown differently
            key = (type(value), value) if isinstance(value, Hashable) else repr(value)
            if key not in known:
                known[key] = formatted(CELL, name, broken(shown(row)))
            return known[key]

        return cell

    def link(self, thing) -> SafeString | str:
        meta = thing._meta
        if not self.inline.admin_site.is_registered(type(thing)):
            return str(thing)
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])
        return formatted(LINK, address, thing)


def broken(text) -> SafeString:
    """Its lines below each other."""
    return mark_safe(escaped(text).replace("\n", "<br>"))  # noqa: S308 escaped
