"""A list as a workbook: what each kind of value becomes, read back by another library."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from organization.list_book import Cell, ListBook, Look


def read(*rows, look=None, is_long=False):
    book = ListBook("名单", [10, 20], freeze="A1", is_long=is_long)
    for row in rows:
        book.append(row, look or Look())
    return load_workbook(io.BytesIO(book.data()))["名单"]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("锦澜府", "锦澜府"),
        (3, 3),
        (Decimal("0.5"), 0.5),
        (date(2011, 10, 20), datetime(2011, 10, 20)),
        ("", None),
        (None, None),
        ("上\x00行\x1f\n下行", "上行\n下行"),
        ("  前后有空格 ", "  前后有空格 "),
        ("长" * 40_000, "长" * 32_767),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("<r><t>1</t></r>", "<r><t>1</t></r>"),
        ("<r></r><x a='</r>", "<r></r><x a='</r>"),
    ],
)
@pytest.mark.parametrize("is_long", [False, True])
def test_a_value_is_kept_as_what_it_is(value, kept, is_long):
    assert read([value], is_long=is_long)["A1"].value == kept


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 28", "-", "@x", "\t=1", "'=1", "{=1}", "=HYPERLINK()"]
)
def test_no_text_is_run(text):
    cell = read([text])["A1"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix == (text[0] != "{")


def test_points_are_figures_with_their_places():
    cell = read([Decimal("90.5")], look=Look(points="0.00"))["A1"]
    assert (cell.value, cell.number_format) == (90.5, "0.00")


def test_a_cell_may_look_otherwise_than_its_row_even_without_a_value():
    sheet = read(["甲", Cell("", Look(fill="EEF1F5"))], look=Look(bold=True, wrapped=True))
    assert sheet["A1"].font.bold and sheet["A1"].alignment.wrap_text
    assert sheet["B1"].fill.fgColor.rgb == "FFEEF1F5" and not sheet["B1"].font.bold
