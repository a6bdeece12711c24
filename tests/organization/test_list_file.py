"""A list written is the list read, whatever its texts are; what cannot be read says why."""

import io
import tracemalloc
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from organization import list_file
from organization.list_file import read_list, text_of, workbook_of
from organization.lists import Columns, ListRefused, day_of, number_of, truth_of

NAMES = Columns(
    words={"code": ("编码", "Code"), "name": ("名称", "Name")},
    required=("code",),
    free=frozenset(("name",)),
)
# a spreadsheet keeps no control characters, a list no space around a name
WORDS = st.text(
    st.characters(blacklist_categories=("C", "Z"), blacklist_characters="_"), max_size=12
)
NAUGHTY = st.builds("{}{}".format, st.sampled_from(["=", "+", "-", "@", "'", "'=", "''@"]), WORDS)


def names_in(data) -> list[str]:
    return [row["name"] for row in read_list(data, NAMES).rows]


@settings(deadline=None)  # a workbook written and read each time
@given(st.lists(WORDS | NAUGHTY, min_size=1, max_size=5))
def test_a_list_reads_back_as_it_was_written(names):
    rows = [[f"A{number}", name] for number, name in enumerate(names)]
    heads = ["Code", "名称"]
    assert names_in(workbook_of(heads, rows)) == names
    assert names_in(text_of(heads, rows).encode()) == names


@given(NAUGHTY)
def test_no_text_begins_as_a_formula(name):
    line = text_of(["编码"], [[name]]).splitlines()[1].strip('"')
    assert line[0] not in "=+-@" or number_of(line) is not None


def test_codes_are_folded_and_names_are_kept():
    [row] = read_list("Ｃｏｄｅ；,名 称\nＡ１,（一期）\n".replace("；", "").encode(), NAMES).rows
    assert (row["code"], row["name"], row.number, row.cells["name"]) == ("A1", "（一期）", 2, "B2")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_may_be_separated_by_what_excel_likes(separator):
    data = f"编码{separator}名称\r\nA1{separator}甲\r\n\r\n".encode("gb18030")
    assert names_in(data) == ["甲"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"code,name\n" + b"A1,x\n" * 20_001, "20000"),
        (b"code,name\nA1," + b"x" * 200_000, "CSV"),
        (b" " * (20 * 1024 * 1024 + 1), "20 MB"),
        (b"", "编码"),
    ],
)
def test_what_is_too_much_or_nothing_is_refused(data, words):
    with pytest.raises(ListRefused, match=words):
        read_list(data, NAMES)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1，234.50元", Decimal("1234.5")),
        ("２５％", Decimal(25)),
        ("-300", Decimal(-300)),
        ("NaN", None),
        ("1e99", None),
        ("五", None),
    ],
)
def test_figures_as_people_write_them(text, value):
    assert number_of(text) == value


@pytest.mark.parametrize(
    "text", ["2011-10-16", "2011/10/16", "2011.10.16", "2011年10月16日", "40832"]
)
def test_days_as_people_write_them(text):
    assert day_of(text) == date(2011, 10, 16)


@pytest.mark.parametrize("text", ["2011-02-30", "16/10/2011", "40832.5", "x", ""])
def test_what_is_no_day(text):
    assert day_of(text) is None


def test_yes_and_no_in_both_languages():
    assert [truth_of(word) for word in ("是", "YES", "否", "False", "也许")] == [
        True,
        True,
        False,
        False,
        None,
    ]


def test_the_heads_of_a_workbook_stay_in_sight_and_can_be_read():
    sheet = load_workbook(
        io.BytesIO(workbook_of(["编码", "提交期限和提交日期"], [["P01", 1]]))
    ).active
    assert sheet.freeze_panes == "A2"
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [12, 20]


def test_a_list_that_is_too_long_to_come_back_takes_no_more_memory(monkeypatch):
    monkeypatch.setattr(list_file, "ROWS_LIMIT", 100)
    peaks = []
    for number in (1000, 8000):
        tracemalloc.start()
        book = workbook_of(["编码", "名称"], ([f"P{n}", "锦澜府"] for n in range(number)))
        peaks.append(tracemalloc.get_traced_memory()[1] - len(book))
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
    sheet = load_workbook(io.BytesIO(book), read_only=True).active
    rows = list(sheet.values)
    assert (rows[0], rows[1], rows[-1]) == (
        ("编码", "名称"),
        ("P0", "锦澜府"),
        ("P7999", "锦澜府"),
    )
