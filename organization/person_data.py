"""What is kept of a person, for the person: every table that names the account, and the files."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import FileField, Model, Q
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from organization.models import StoredFile, User

# A row is about the person where the account stands in one of these; elsewhere it is somebody
# else's, and only says that and when the person did something.
ABOUT = {"user", "person", "responsible", "manager", "paid_to", "chair", "uploaded_by"}
# Keys and digests open something or prove something; they say nothing of anybody.
SECRET = {"password", "secret", "digest", "key", "session_key", "sealed", "seal", "tip", "claim"}
NOT_OURS = {"admin"}


def person_zip(person: User, out: BinaryIO) -> None:
    """Write `person.json`, the same as a page to read in the language of who asks, and the files
    that the person uploaded; one file in memory at a time.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        found = person_data(person)
        said = json.dumps(found, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
        archive.writestr("person.json", said)
        archive.writestr("person.html", page_of(person, found))
        for stored in StoredFile.objects.filter(uploaded_by=person).order_by("pk").iterator():
            try:
                with stored.file.open("rb") as content:
                    archive.writestr(f"files/{stored.pk}-{stored.name}", content.read())
            except FileNotFoundError:
                continue


def person_data(person: User) -> dict[str, list[dict]]:
    """By table: what stands there of the person, people and things by their numbers."""
    found = {"organization.user": [values_of(person)]}
    for model, names in models_naming_people():
        if rows := [said_of(row, names, person) for row in rows_of(model, names, person)]:
            found[model._meta.label_lower] = rows
    return found


def models_naming_people() -> Iterator[tuple[type[Model], list[str]]]:
    """Every table of ours with a column for an account, and the names of those columns."""
    for model in apps.get_models():
        fields = model._meta.concrete_fields
        names = [field.name for field in fields if field.related_model is User]
        if names and model._meta.app_label not in NOT_OURS:
            yield model, names


def rows_of(model: type[Model], names: list[str], person: User) -> Iterator[Model]:
    naming = Q()
    for name in names:
        naming |= Q(**{name: person})
    return model._base_manager.filter(naming).order_by("pk").iterator(chunk_size=500)


def said_of(row: Model, names: list[str], person: User) -> dict:
    mine = [name for name in names if getattr(row, f"{name}_id") == person.pk]
    if ABOUT & set(mine):
        return values_of(row) | {"as": mine}
    moments = {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.get_internal_type() == "DateTimeField"
    }
    return {"pk": row.pk, "as": mine} | {name: at for name, at in moments.items() if at}


def values_of(row: Model) -> dict:
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in SECRET and not isinstance(field, FileField)
    }


def page_of(person: User, found: dict[str, list[dict]]) -> str:
    """A table for each kind of thing, with the words that pages use."""
    parts = [table_of(apps.get_model(label), rows) for label, rows in found.items()]
    return render_to_string("organization/person_data.html", {"person": person, "parts": parts})


def table_of(model: type[Model], rows: list[dict]) -> dict:
    names = list(dict.fromkeys(name for row in rows for name in row))
    heads = [word_of(model, name) for name in names]
    cells = [[cell_of(model, name, row.get(name)) for name in names] for row in rows]
    return {"title": model._meta.verbose_name_plural, "heads": heads, "rows": cells}


def word_of(model: type[Model], name: str) -> str:
    if name in ("pk", "id"):
        return _("编号")
    if name == "as":
        return _("和您的关系")
    return str(model._meta.get_field(name).verbose_name)


def cell_of(model: type[Model], name: str, value) -> str:
    if name == "as":
        return _("、").join(word_of(model, each) for each in value)
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    choices = {} if name == "pk" else dict(model._meta.get_field(name).flatchoices)
    return str(choices.get(value, value) if isinstance(value, str) else value)
