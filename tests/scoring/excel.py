"""Excel forms as this app's tests take them: the company's two, and small ones made by hand."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.corpus.forms import form, item, workbook

__all__ = ["FACILITIES", "SERVICE", "book", "item", "two_items", "upload"]

FORMS = Path(__file__).resolve().parents[2] / "fixtures" / "forms"
SERVICE, FACILITIES = FORMS / "form-customer-service.xlsx", FORMS / "form-facilities.xlsx"


def book(*items, total=None, **more) -> bytes:
    """A form with these items from row 3 on; columns A to F, points in D, the rule in F."""
    return workbook(form(list(items), total=total, **more))


def two_items() -> bytes:
    """A complete form: two items, 100 points, their sum stated."""
    return book(item("制度", points=60), item("档案", points=40), total=100)


def upload(data: bytes | Path, name="form.xlsx") -> SimpleUploadedFile:
    if isinstance(data, Path):
        name, data = data.name, data.read_bytes()
    return SimpleUploadedFile(name, data)
