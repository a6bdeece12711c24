"""What is kept of a person, for the person: every table that names the account, and the files."""

import json
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape
from io import TextIOWrapper
from typing import BinaryIO, TextIO

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import FileField, Model, Q
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.closed import TOLD, tables_closed_to
from organization.formatting import formatted, joined
from organization.history import record
from organization.models import StoredFile, User

VERBS = {"give_data": gettext_lazy("下载个人资料")}
# A row is about the person where the account stands in one of these; elsewhere it is somebody
# else's, and only says that and when the person did something.
ABOUT = {"user", "person", "responsible", "manager", "paid_to", "chair", "uploaded_by"}
# Keys and digests open something or prove something; they say nothing of anybody.
SECRET = {"password", "secret", "digest", "key", "session_key", "sealed", "seal", "tip", "claim"}
NOT_OURS = {"admin"}

TABLES = SafeString("<!-- tables -->")  # where they go in the page around them
TABLE = """<h2>{}</h2>
<table border="1" cellpadding="4"><thead><tr>{}</tr></thead>
<tbody>"""


@dataclass(frozen=True)
class Kept:
    """What stands in one table of a person: rows where the account is in one of these columns."""

    model: type[Model]
    names: list[str]
    person: User

    def rows(self) -> Iterator[dict]:
        """From the database as they are asked for: somebody who audits has hundreds of thousands.

        People and things are told by their numbers.
        """
        naming = Q()
        for name in self.names:
            naming |= Q(**{name: self.person})
        naming &= TOLD.get(self.model._meta.label_lower, Q())
        found = self.model._base_manager.filter(naming).order_by("pk").iterator(chunk_size=500)
        keys = {name: f"{name}_id" for name in self.names}
        values = columns_of(self.model)
        moments = moments_of(self.model)
        for row in found:
            mine = [name for name, key in keys.items() if getattr(row, key) == self.person.pk]
            if ABOUT.isdisjoint(mine):
                said = {name: at for name in moments if (at := getattr(row, name))}
                yield {"pk": row.pk, "as": mine} | said
            else:
                yield {name: getattr(row, key) for name, key in values.items()} | {"as": mine}


@dataclass(frozen=True)
class Account:
    """The person's account itself."""

    person: User
    model: type[Model] = User

    def rows(self) -> Iterator[dict]:
        yield {name: getattr(self.person, key) for name, key in columns_of(User).items()}


def columns_of(model: type[Model]) -> dict[str, str]:
    """Name -> attribute of all that may be told."""
    return {
        field.name: field.attname
        for field in model._meta.concrete_fields
        if field.name not in SECRET and not isinstance(field, FileField)
    }


def moments_of(model: type[Model]) -> list[str]:
    fields = model._meta.concrete_fields
    return [field.name for field in fields if field.get_internal_type() == "DateTimeField"]


def kept_of(person: User, closed: Collection[type[Model]] = ()) -> Iterator[Kept | Account]:
    """Every table of ours with a column for an account but these, and the account."""
    yield Account(person)
    for model in apps.get_models():
        if model in closed:
            continue
        fields = model._meta.concrete_fields
        names = [field.name for field in fields if field.related_model is User]
        if names and model._meta.app_label not in NOT_OURS:
            yield Kept(model, names, person)


def give_data(*, person: User, out: BinaryIO, by, at: datetime) -> None:
    """Write somebody's data for somebody else, who is put on record first: without the tables that
    are closed to whoever takes it. An operator's command takes all.
    """
    record(on=person, verb="give_data", by=by, at=at)
    is_other = isinstance(by, User) and by != person
    person_zip(person, out, closed=tables_closed_to(by) if is_other else ())


def person_zip(person: User, out: BinaryIO, closed: Collection[type[Model]] = ()) -> None:
    """Write `person.json`, the same as a page to read in the language of who asks, and the files
    that the person uploaded; one row and one file in memory at a time.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with entry(archive, "person.json") as text:
            seen = write_json(person, text, closed)
        with entry(archive, "person.html") as text:
            write_page(person, seen, text)
        for stored in StoredFile.objects.filter(uploaded_by=person).order_by("pk").iterator():
            try:
                with stored.file.open("rb") as content:
                    archive.writestr(f"files/{stored.pk}-{stored.name}", content.read())
            except FileNotFoundError:
                continue


def entry(archive: zipfile.ZipFile, name: str) -> TextIO:
    return TextIOWrapper(archive.open(name, "w", force_zip64=True), encoding="utf-8")


def write_json(
    person: User, out: TextIO, closed: Collection[type[Model]] = ()
) -> dict[str, list[str]]:
    """An object of a list for each table that has something, one row a line; returns by table
    which columns its rows have.
    """
    encoder = DjangoJSONEncoder(ensure_ascii=False)
    seen: dict[str, list[str]] = {}
    for kept in kept_of(person, closed):
        label, names, between = kept.model._meta.label_lower, {}, "\n  "
        for row in kept.rows():
            if not names:
                out.write(f"{',' if seen else '{'}\n {json.dumps(label)}: [")
            names |= dict.fromkeys(row)
            seen[label] = names
            out.write(between + encoder.encode(row))
            between = ",\n  "
        if names:
            out.write("\n ]")
    out.write("\n}\n")
    return {label: list(names) for label, names in seen.items()}


def write_page(person: User, seen: dict[str, list[str]], out: TextIO) -> None:
    """A table for each kind of thing, with the words that pages use."""
    about = {"person": person, "tables": TABLES}
    page = render_to_string("organization/person_data.html", about)
    before, _tables, after = page.partition(TABLES)
    out.write(before)
    for kept in kept_of(person):
        if names := seen.get(kept.model._meta.label_lower):
            write_table(kept, names, out)
    out.write(after)


def write_table(kept: Kept | Account, names: list[str], out: TextIO) -> None:
    model = kept.model
    heads = joined(formatted("<th>{}</th>", word_of(model, name)) for name in names)
    out.write(formatted(TABLE, model._meta.verbose_name_plural, heads))
    tell = {name: teller(model, name) for name in names}
    for row in kept.rows():
        cells = [escape(say(row.get(name))) for name, say in tell.items()]
        out.write(f"<tr><td>{'</td><td>'.join(cells)}</td></tr>")
    out.write("</tbody></table>\n")


def word_of(model: type[Model], name: str) -> str:
    if name in ("pk", "id"):
        return _("编号")
    if name == "as":
        return _("和您的关系")
    return str(model._meta.get_field(name).verbose_name)


def teller(model: type[Model], name: str) -> Callable[[object], str]:
    """How a column's values are told, in the language of who asks."""
    if name == "as":
        return lambda value: _("、").join(word_of(model, each) for each in value)
    choices = {} if name == "pk" else dict(model._meta.get_field(name).flatchoices)
    yes, no = _("是"), _("否")

    @lru_cache(maxsize=4096)
    def minute(at: datetime) -> str:
        return date_format(localtime(at), "DATETIME_FORMAT")

    def tell(value) -> str:
        if value in (None, "", [], {}):
            return ""
        if isinstance(value, bool):
            return yes if value else no
        if isinstance(value, datetime):
            return minute(value.replace(second=0, microsecond=0))  # as exactly as it is shown
        return str(choices.get(value, value) if isinstance(value, str) else value)

    return tell
