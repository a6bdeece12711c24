"""Lists of the admin site that come and go as Excel files, under a strict content policy."""

from django.utils.html import escape, format_html
from import_export import resources
from import_export.admin import ImportExportModelAdmin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm


class PlainDiff(resources.Diff):
    """What an import would change, marked by elements; the library's own marks carry styles."""

    def as_html(self):
        pairs = zip(self.left, self.right, strict=True)
        return [changed("" if self.new else old, new) for old, new in pairs]


def changed(old: str, new: str) -> str:
    if old == new:
        return escape(new)
    return format_html("<del>{}</del> <ins>{}</ins>" if old else "{}<ins>{}</ins>", old, new)


class ExcelResource(resources.ModelResource):
    @classmethod
    def get_diff_class(cls):
        return PlainDiff


class ExcelFirst(ExportForm):
    """The format alone: the library's choice of columns needs an inline script."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["format"] = "0"


class ExcelAdmin(ImportExportModelAdmin):
    """Excel first, CSV for whoever needs it; nothing else is offered."""

    formats = [XLSX, CSV]
    import_formats = [XLSX, CSV]
    export_formats = [XLSX, CSV]
    export_form_class = ExcelFirst
