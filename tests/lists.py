"""Lists as a person sends and gets them through the admin site."""

import csv
import io
import re
from functools import partial

import openpyxl
from django.urls import reverse

from tests.queries import queries_of

XLSX, CSV = "0", "1"


def address(model, what):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}")


def exported(client, model, form=XLSX) -> bytes:
    return client.post(address(model, "export"), {"resource": "0", "format": form}).content


def rows_of(data: bytes) -> list[tuple]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))


def workbook(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(*rows, encoding="utf-8-sig") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def upload(client, model, data: bytes, name="list.xlsx"):
    file = io.BytesIO(data)
    file.name = name
    fields = {"resource": "0", "format": "0", "import_file": file}
    return client.post(address(model, "import"), fields)


def preview(client, model, data: bytes):
    """What the list would do, or what is wrong with it."""
    return upload(client, model, data).context["result"]


def problems(client, model, data: bytes) -> list[tuple[int, str]]:
    """Row and column of every bad cell."""
    return [(each.row, each.column) for each in preview(client, model, data).errors]


def brought_in(client, model, data: bytes):
    """Uploaded and confirmed, as the page's own form does it."""
    shown = upload(client, model, data)
    assert "confirm_form" in shown.context, [str(e) for e in shown.context["result"].errors]
    fields = re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.content.decode()
    )
    return client.post(address(model, "process_import"), dict(fields), follow=True)


def preview_costs(client, model, made_of, *sizes) -> list[int]:
    """Queries of a preview for lists of several sizes."""
    lists = [made_of(size) for size in sizes]
    return [queries_of(partial(preview, client, model, data)) for data in lists]
