"""Files that nobody should send are refused: the reason, the place, and no harm done."""

import time
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scoring.forms import read_rubric
from scoring.forms.messages import TEXTS
from scoring.forms.tables import read_tables
from tests.corpus import forms

MEGABYTE = 1024 * 1024


def refusal(content):
    read = read_rubric(content)
    assert not read.items
    assert not read.complete
    [error] = read.errors
    return error.code, error.sheet, error.cell


def peak_of_reading(content):
    tracemalloc.start()
    try:
        read_rubric(content)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"section item points\n", "not_a_workbook"),
        (forms.not_a_table(), "no_word_table"),
        (forms.truncated(), "damaged"),
        (forms.with_password(), "encrypted"),
        (forms.with_macros(), "macros"),
        (forms.with_hidden_macros(), "macros"),
        (forms.with_external_link(), "external_links"),
        (forms.workbook([]), "no_table"),
        (forms.workbook(forms.form(), hidden_sheets=[forms.SHEET], more={"空": []}), "only_hidden"),
        (b"PK\x03\x04" + bytes(21 * MEGABYTE), "too_large"),
    ],
)
def test_a_file_that_is_no_plain_workbook_is_refused(content, code):
    assert refusal(content) == (code, None, None)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (forms.zip_bomb, ("zip_bomb", None, None)),
        (forms.lying_bomb, ("damaged", forms.SHEET, None)),
        (forms.patient_bomb, ("too_much", forms.SHEET, "C5005")),
        (forms.billion_laughs, ("xml_entities", forms.SHEET, None)),
        (forms.broken_xml, ("damaged", forms.SHEET, None)),
        (forms.million_empty_rows, ("empty_rows", forms.SHEET, "A6")),
    ],
)
def test_a_file_made_to_exhaust_the_worker_is_refused_soon_and_in_little_memory(make, expected):
    content = make()
    begun = time.process_time()
    assert refusal(content) == expected
    assert time.process_time() - begun < 10
    assert peak_of_reading(content) < 30 * MEGABYTE


def test_one_formatted_row_at_the_very_end_is_no_matter():
    content = forms.with_rows(f'<row r="{forms.ROW_COUNT}" s="0" customFormat="1"/>'.encode())
    assert read_rubric(content).complete


def test_more_rows_than_a_form_can_have_are_refused_where_they_begin():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(6, 20_010))
    assert refusal(forms.with_rows(rows.encode())) == ("too_many_rows", forms.SHEET, "A20001")


def test_a_path_an_open_file_and_bytes_are_read_alike(tmp_path):
    content = forms.workbook(forms.form())
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    with path.open("rb") as stream:
        assert read_rubric(stream) == read_rubric(path) == read_rubric(str(path))
        assert not stream.closed
    assert read_rubric(SimpleUploadedFile("form.xlsx", content)) == read_rubric(content)
    assert read_rubric(content).complete


def test_a_workbook_of_another_program_is_read_alike():
    """Tags with a prefix, parts named from where they are linked, rows without numbers."""
    content = forms.workbook(forms.form())
    changed = {
        forms.SHEET_PART: forms.with_prefix,
        "xl/_rels/workbook.xml.rels": lambda data: data.replace(b'"/xl/', b'"'),
    }
    assert read_rubric(forms.repacked(content, changed=changed)) == read_rubric(content)


def test_hidden_sheets_and_rows_are_marked():
    hidden = {"旧版": forms.form()}
    content = forms.workbook(forms.form(), more=hidden, hidden_sheets=["旧版"], hidden_rows=[4])
    shown, old = read_tables(content)
    assert [row.number for row in shown.rows if row.hidden] == [4]
    assert (shown.hidden, old.hidden) == (False, True)


def test_a_value_under_a_merged_range_is_not_read():
    content = forms.workbook([["a", "b"], ["c", "d"]])
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    changed = {forms.SHEET_PART: lambda data: data.replace(b"</sheetData>", merge)}
    [table] = read_tables(forms.repacked(content, changed=changed))
    assert [cell.value for row in table.rows for cell in row.cells.values()] == ["a", "c", "d"]
    assert table.shown_at(1, 2).value == "a"


def test_every_message_has_a_place_for_all_it_says():
    """The sentences are Chinese, end like sentences, and hold no stray percent sign."""
    for text in map(str, TEXTS.values()):
        assert text.count("%") == text.count("%(")


def test_a_message_says_where():
    read = read_rubric(forms.workbook(forms.form(total=11)))
    assert str(read.errors[0]) == "工作表“评分表”D5：写的合计是 11 分，各项相加是 10 分。"
