"""Lists of the admin site that come and go as Excel files, under a strict content policy.

The library brings the pages, the upload and the preview before the writing. What is written is
one domain function's business for the whole list; the preview is what it did, taken back.
"""

import os
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from import_export import resources
from import_export.admin import ImportExportModelAdmin
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX, Format
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.results import Result, RowResult

from organization.errors import Refused
from organization.list_file import BYTES_LIMIT, read_list, text_of, workbook_of
from organization.lists import Columns, ListError, ListRefused, ListRow, in_words

# Enough to see what a list is about to do; the counts are of all of it.
ROWS_SHOWN = 500
ERRORS_SHOWN = 200


class Exported(NamedTuple):
    """A list on its way out; its rows come once."""

    headers: list[str]
    rows: Iterable[list]


class ExcelWorkbook(XLSX):
    def export_data(self, dataset, **kwargs):
        return workbook_of(dataset.headers, dataset.rows)


class ExcelText(CSV):
    def export_data(self, dataset, **kwargs):
        return text_of(dataset.headers, dataset.rows)


class AnyTable(Format):
    """What comes in tells by its content what it is; it is read with the list's columns."""

    def __init__(self, encoding=None):
        """The library names an encoding; `read_list` finds out."""

    def get_title(self):
        return "Excel (.xlsx) / CSV"

    def can_import(self):
        return True

    def create_dataset(self, in_stream):
        return in_stream


class ListResult(Result):
    """What a list changed, or what is wrong with it."""

    def __init__(self):
        super().__init__()
        self.errors: list[ListError] = []
        self.unknown: list[str] = []
        self.heads: dict[str, str] = {}

    def has_errors(self):
        return bool(self.errors)

    def shown_rows(self) -> list[RowResult]:
        return self.rows[:ROWS_SHOWN]

    def shown_errors(self) -> list[tuple[ListError, str]]:
        """Each error with what the reader calls its column."""
        return [(each, self.heads.get(each.column, "")) for each in self.errors[:ERRORS_SHOWN]]

    def tally(self) -> str:
        return _("新增 %(new)s，更新 %(update)s，删除 %(delete)s，不变 %(skip)s") % self.totals

    def add(self, kind: str, diff: list[str]) -> None:
        row = RowResult()
        row.import_type, row.diff = kind, diff
        self.increment_row_result_total(row)
        if kind != RowResult.IMPORT_TYPE_SKIP:
            self.rows.append(row)


class ListResource(resources.Resource):
    """One list: its columns, the things it speaks of, and the function that writes it whole."""

    columns: Columns
    title = ""

    @classmethod
    def get_display_name(cls):
        return str(cls.title)

    def entries(self, things) -> Iterator[tuple[Hashable, dict]]:
        """Each thing's identity, and its cells by column as the export has them."""
        raise NotImplementedError

    def spoken_of(self, rows: Sequence[ListRow]) -> Iterable:
        """The things that rows may change."""
        raise NotImplementedError

    def write(self, *, rows: Sequence[ListRow], by, at: datetime) -> None:
        """The list's one door: all of it, or ListRefused."""
        raise NotImplementedError

    def get_user_visible_fields(self):
        return [Field(column_name=head) for head in self.columns.heads()]

    def export(self, queryset=None, **kwargs):
        """Rows are made while they are written: nothing is kept of them, however many."""
        rows = (
            [cells.get(column) for column in self.columns.words]
            for _key, cells in self.entries(queryset)
        )
        return Exported(self.columns.heads(), rows)

    def import_data(self, dataset, dry_run=False, user=None, **kwargs):
        """Write a file's list, all or nothing; with `dry_run` nothing. Always a ListResult."""
        result = ListResult()
        result.heads = {column: self.columns.head(column) for column in self.columns.words}
        with transaction.atomic():
            try:
                self.import_file(dataset, user, result)
            except ListRefused as refusal:
                result.errors = refusal.errors
            except Refused as refusal:
                result.errors = [ListError("", "", str(refusal))]
            except IntegrityError:
                message = _("刚才有人改了同样的数据，请重新上传。")
                result.errors = [ListError("", "", message)]
            transaction.set_rollback(dry_run or result.has_errors())
        return result

    def import_file(self, data: bytes, user, result: ListResult) -> None:
        read = read_list(data, self.columns)
        result.unknown = read.unknown
        if not read.rows:
            raise ListRefused([ListError("", "", _("表里没有数据。"))])
        before = dict(self.entries(self.spoken_of(read.rows)))
        self.write(rows=read.rows, by=user, at=timezone.now())
        compare(before, dict(self.entries(self.spoken_of(read.rows))), self.columns, result)


def compare(before: dict, after: dict, columns: Columns, result: ListResult) -> None:
    for key, cells in after.items():
        old = [in_words(before.get(key, {}).get(column)) for column in columns.words]
        new = [in_words(cells.get(column)) for column in columns.words]
        kind = "new" if key not in before else "skip" if old == new else "update"
        marked = kind != "skip" and [changed(*pair) for pair in zip(old, new, strict=True)]
        result.add(kind, marked or [])
    for key in before.keys() - after.keys():
        gone = [in_words(before[key].get(column)) for column in columns.words]
        result.add("delete", [changed(cell, "") for cell in gone])


def changed(old: str, new: str) -> str:
    """What a cell was and becomes, marked by elements; the library's own marks carry styles."""
    if old == new:
        return escape(new)
    parts = [
        format_html(mark, text)
        for mark, text in (("<del>{}</del>", old), ("<ins>{}</ins>", new))
        if text
    ]
    return format_html(" ".join(["{}"] * len(parts)), *parts)


class ExcelFirst(ExportForm):
    """The format alone: the library's choice of columns needs an inline script."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["format"] = "0"


class ListUpload(ImportForm):
    """Too large a file is refused before it is copied about."""

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > BYTES_LIMIT:
            raise ValidationError(_("文件超过 20 MB。"))
        return file


class SignedConfirm(ConfirmImportForm):
    """The uploaded file's name goes through the browser: signed, so that it is no other file."""

    def clean_import_file_name(self):
        try:
            return Path(signing.loads(self.cleaned_data["import_file_name"])).name
        except signing.BadSignature as problem:
            raise ValidationError(_("预览已经过期，请重新上传。")) from problem

    def clean_format(self):
        """The only one there is, whatever the browser says."""
        return "0"


class ExcelAdmin(ImportExportModelAdmin):
    """Excel first, CSV for whoever needs it; nothing else is offered."""

    import_formats = [AnyTable]
    export_formats = [ExcelWorkbook, ExcelText]
    export_form_class = ExcelFirst
    import_form_class = ListUpload
    confirm_form_class = SignedConfirm
    # the domain functions leave the record
    skip_admin_log = True

    def has_import_permission(self, request):
        """A list adds and changes at once; whether a form may is another question."""
        label, model = self.opts.app_label, self.opts.model_name
        verbs = ("add", "change")
        return all(request.user.has_perm(f"{label}.{verb}_{model}") for verb in verbs)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def get_confirm_form_initial(self, request, import_form):
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form:
            initial["import_file_name"] = signing.dumps(initial["import_file_name"])
        return initial

    def export_action(self, request):
        """What the list can't be narrowed by leads to all of it, as Django's own list does."""
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            return redirect(request.path)

    def import_action(self, request, **kwargs):
        """The upload and its preview; a file that is refused is not kept."""
        response = super().import_action(request, **kwargs)
        form = response.context_data["form"]
        kept = form.is_bound and form.cleaned_data.get("import_file")
        if kept and "confirm_form" not in response.context_data:
            with suppress(OSError):
                os.remove(kept.tmp_storage_name)
        return response

    def process_import(self, request, **kwargs):
        """The writing; a preview that was confirmed before, or is gone, leads back to the form."""
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            return self.back_to_form(request, _("预览已经过期，请重新上传。"))

    def process_result(self, result, request):
        """What was fine in the preview may be refused by now."""
        if result.has_errors():
            return self.back_to_form(request, " ".join(map(str, result.errors[:3])))
        return super().process_result(result, request)

    def back_to_form(self, request, message: str):
        messages.error(request, message)
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))

    def add_success_message(self, result, request):
        messages.success(request, _("导入完成：%(tally)s。") % {"tally": result.tally()})
