"""Forms in Excel's old format, as text and in Word documents are read like those in .xlsx."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scoring.forms import header_signature, read_rubric, read_score_form, read_tables
from tests.corpus import formats, forms
from tests.corpus.formats import docx, listed, paragraph, table, text, xls
from tests.corpus.variants import VARIANTS

# Without merged ranges and hidden rows these forms say something else.
NOT_IN_TEXT = {
    "hidden row", "no section column", "sections across the table", "rules merged over items",
}  # fmt: skip


def tree_of(items):
    return [
        (
            item.section, item.name, item.points, item.requirements, item.rules,
            item.photo_required, item.critical,
        )
        for item in items
    ]  # fmt: skip


def assert_is(variant, content):
    read = read_rubric(content)
    assert read.errors == []
    assert tree_of(read.items) == tree_of(variant.tree)
    assert read.weight_percent == variant.weight


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_a_form_in_the_old_format_comes_out_as_its_tree(variant):
    more = {"more": variant.more, "hidden_sheets": variant.hidden_sheets}
    place = {"merges": variant.merges, "hidden_rows": variant.hidden_rows}
    assert_is(variant, xls(variant.rows, **place, **more))


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_a_form_in_a_document_comes_out_as_its_tree(variant):
    place = {"merges": variant.merges, "hidden_rows": variant.hidden_rows}
    assert_is(variant, docx(table(variant.rows, **place)))


@pytest.mark.parametrize("variant", [v for v in VARIANTS if v.name not in NOT_IN_TEXT], ids=str)
def test_a_form_as_text_comes_out_as_its_tree(variant):
    assert_is(variant, text(variant.rows))


def test_scores_are_read_from_every_format():
    rows = forms.form([forms.item(score=4.5)], total=None)
    for content in (forms.workbook(rows), xls(rows), text(rows), docx(table(rows))):
        assert [row.kept for row in read_score_form(content).rows] == [Decimal("4.5")]


def test_uploads_of_every_format_are_read():
    rows = forms.form()
    for content in (forms.workbook(rows), xls(rows), text(rows), docx(table(rows))):
        upload = SimpleUploadedFile("form", content)
        assert len(read_rubric(upload).items) == 2
        assert not upload.closed


def test_scores_of_several_forms_are_not_read():
    content = forms.workbook(forms.form(), more={"设施": forms.form()})
    [error] = read_score_form(content).errors
    assert error.code == "several_forms"


# .xls


def test_figures_of_the_old_format_are_those_that_excel_shows():
    [sheet] = read_tables(xls([[0.1 + 0.2, 2.5, 10, 1e-7, True, "3"]]))
    values = [cell.value for cell in sheet.rows[0].cells.values()]
    assert values == [Decimal("0.3"), Decimal("2.5"), 10, Decimal("1E-7"), "TRUE", "3"]


def test_the_old_format_shows_what_is_hidden_merged_and_calculated():
    more = {"旧版": forms.form()}
    rows = [["a"], ["=1+1", "c"]]
    content = xls(rows, merges=["A1:B1"], hidden_rows=[2], hidden_sheets=["旧版"], more=more)
    shown, old = read_tables(content)
    assert [merge.range for merge in shown.merges] == ["A1:B1"]
    assert [(row.number, row.hidden) for row in shown.rows] == [(1, False), (2, True)]
    assert [cell.formula for cell in shown.rows[1].cells.values()] == [True, False]
    assert (shown.hidden, old.hidden) == (False, True)


# text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_text_is_read_however_it_is_encoded_and_separated(encoding, separator):
    rows = forms.form([forms.item(text="1.上墙,归档；\n2.有“目录”;齐全")], total=5)
    read = read_rubric(text(rows, encoding=encoding, separator=separator), name="客服.csv")
    assert (read.errors, read.sheet) == ([], "客服")
    assert read.items[0].requirements == ("上墙,归档", "有“目录”;齐全")
    assert read.items[0].cells["points"] == "D3"


def test_a_line_that_excel_writes_for_itself_is_no_row():
    read = read_rubric(b"sep=;\r\n" + text(forms.form(), encoding="gbk", separator=";"))
    assert (read.errors, len(read.items)) == ([], 2)


def test_only_plain_figures_in_text_are_numbers():
    [sheet] = read_tables(text([["5", "-1.5", "007", "1.", "1e5", "5分", "1_0"]]))
    values = [cell.value for cell in sheet.rows[0].cells.values()]
    assert values == [5, Decimal("-1.5"), "007", "1.", "1e5", "5分", "1_0"]


# .docx


def test_a_document_numbers_rows_and_columns_of_its_tables_from_their_corner():
    rows = forms.form([forms.item(points=-5)], total=None)[1:]
    [error] = read_rubric(docx(paragraph("客户服务评分表"), table(rows))).errors
    assert (error.code, error.sheet, error.cell) == ("points_negative", "客户服务评分表", "D2")


def test_what_word_numbers_itself_is_numbered():
    lines = listed("制度上墙") + listed("细目", level=1) + listed("制度归档") + paragraph("齐全")
    [item] = read_rubric(docx(table(forms.form([forms.item(text=lines)], total=5)))).items
    assert item.requirements == ("制度上墙细目", "制度归档齐全")


def test_a_document_is_read_as_it_is_seen():
    run = "<w:r><w:t>{}</w:t></w:r>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"
    box = f"<w:r><w:txbxContent>{paragraph('框')}</w:txbxContent></w:r>"
    pieces = (
        f"<w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:ins>{run.format('制度')}</w:ins>"
        f"<w:moveFrom>{run.format('移')}</w:moveFrom>{hidden}{box}<w:r><w:tab/><w:t>建设</w:t></w:r>"
    )
    [sheet] = read_tables(docx(table([[f"<w:p>{pieces}</w:p>", "b"]])))
    assert sheet.cell(1, 1).text == "制度 建设"


def test_a_table_within_a_cell_is_text_of_the_cell():
    inner = table([["1.上墙", "2.归档"]])
    [item] = read_rubric(docx(table(forms.form([forms.item(text=inner)], total=5)))).items
    assert item.requirements == ("上墙", "归档")


def test_tables_of_a_document_are_named_by_what_stands_above_them():
    rows = forms.form()
    above = paragraph("编制：管理中心"), paragraph("客户服务"), paragraph("")
    blocks = [*above, table(rows), table(rows), paragraph("客户服务"), table(rows)]
    assert [t.sheet for t in read_tables(docx(*blocks))] == ["客户服务", "表 2", "客户服务 3"]


def test_a_remark_below_a_table_belongs_to_it():
    read = read_rubric(docx(table(forms.form()), paragraph("备注：占总分25%权重。")))
    assert read.weight_percent == 25


def test_rows_of_a_document_may_begin_and_end_inside_its_grid():
    row = (
        '<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>'
        '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{}</w:tc></w:tr>'
    )
    [sheet] = read_tables(docx(f"<w:tbl>{row.format(paragraph('x'))}</w:tbl>"))
    assert (sheet.cell(1, 3).text, sheet.merges[0].range) == ("x", "C1:D1")


def test_a_line_of_a_table_that_is_not_straight_divides_nothing():
    """One border was moved in the header's row, so the grid has a column that is no column."""
    widths = [800, 60, 1000, 3000, 900, 900, 2000]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    wide, cell = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>', "<w:tc><w:tcPr></w:tcPr>"
    head, *rows = table(forms.form()[1:4]).split("<w:tr>")[1:]
    head = head.replace(cell, wide, 1)
    rows = [row.replace(cell, "<w:tc>", 1).replace(cell, wide, 1) for row in rows]
    read = read_rubric(docx("<w:tbl><w:tblGrid>" + grid + "</w:tblGrid>",
                            *(f"<w:tr>{row}" for row in (head, *rows))))  # fmt: skip
    assert (read.errors, [item.name for item in read.items]) == ([], ["制度建设", "会议培训"])
    assert read.total == 10


# several tables


def stacked(*between):
    return [*forms.form(total=10), *between, *forms.form([forms.item("投诉")], total=5)]


def test_forms_below_each_other_are_tables_of_their_own():
    notes = ["备注：占总分25%"], ["1、每月检查"], []
    first, second = read_tables(forms.workbook(stacked(*notes)))
    assert [first.rows[-1].first.text, second.rows[0].first.text] == [
        "1、每月检查",
        "客户服务评分表",
    ]
    assert [table.sheet for table in (first, second)] == [forms.SHEET] * 2


def test_a_header_on_each_printed_page_begins_nothing():
    rows = [["表"], forms.HEADER, forms.item("甲"), ["本页小计", None, None, 5]]
    rows += [["表"], forms.HEADER, forms.item("乙"), ["合计", None, None, 10]]
    assert len(read_tables(forms.workbook(rows))) == 1


def test_forms_below_each_other_keep_their_cells_and_merges():
    content = forms.workbook(stacked(), merges=["A3:A4", "A6:F6"])
    read = read_rubric(content, number=2)
    assert (read.errors, read.items[0].cells["points"]) == ([], "D8")
    assert [[m.range for m in t.merges] for t in read_tables(content)] == [["A3:A4"], ["A6:F6"]]


def test_one_of_several_tables_is_chosen_by_its_number():
    content = forms.workbook(stacked(), more={"设施设备": forms.form(), "说明": [["每月检查"]]})
    [error] = read_rubric(content).errors
    assert error.code == "several_tables"
    assert "1 评分表 A1、2 评分表 A6、3 设施设备。" in str(error)
    assert [len(read_rubric(content, number=n).items) for n in (1, 2, 3)] == [2, 1, 2]
    assert [warning.sheet for warning in read_rubric(content, number=3).warnings][-1] == "说明"


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_number_that_no_table_has_is_an_error(number):
    read = read_rubric(forms.workbook(stacked()), number=number)
    assert ([error.code for error in read.errors], read.items) == (["no_such_table"], [])


def test_hidden_sheets_count_where_they_are_taken_in():
    content = forms.workbook(forms.form(), more={"旧版": stacked()}, hidden_sheets=["旧版"])
    assert [warning.code for warning in read_rubric(content).warnings].count("sheet_hidden") == 2
    [error] = read_rubric(content, with_hidden=True).errors
    assert error.code == "several_tables"
    assert read_rubric(content, number=3, with_hidden=True).items[0].name == "投诉"


def test_what_people_said_of_a_header_is_used():
    header = ["类别", "项目", "检查内容", "最高", "评分", "评分细则"]
    content = forms.workbook(forms.form(header=header))
    [sheet] = read_tables(content)
    columns = {"section": 1, "item": 2, "requirements": 3, "points": 4, "rule": 6}
    read = read_rubric(content, mappings={header_signature(sheet): columns})
    assert (read.errors, read.total) == ([], 10)
    assert read_rubric(content).errors[0].code == "no_points_column"


# formulas


@pytest.mark.parametrize("make", [forms.workbook, xls])
def test_a_formula_that_nobody_calculated_is_an_error_with_its_cell(make):
    [error, *_] = read_rubric(make(forms.form([forms.item(points="=2+3")], total=5))).errors
    assert (error.code, error.cell) == ("formula", "D3")


def test_a_formula_that_left_nothing_was_not_calculated():
    content = forms.with_cell(forms.workbook(forms.form()), "D3", (' t="str"', '<f>""</f><v></v>'))
    assert read_rubric(content).errors[0].code == "formula"


def test_nothing_of_a_format_is_known_by_its_name():
    content = formats.text(forms.form())
    assert read_rubric(content, name="form.xlsx").items == read_rubric(content).items
