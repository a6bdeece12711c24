"""What the reader has to say about a file: one code, one place, one sentence.

The sentence is put together only when it is shown, so the same message can be read by people
with different languages.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

TEXTS = {
    # the file as a whole
    "too_large": _("文件超过 %(limit)s MB，不能导入。"),
    "empty_file": _("文件是空的。"),
    "not_a_workbook": _("这不是表格文件。可以导入 .xlsx、.xls、.csv 和 .docx。"),
    "old_format": _("这是旧格式的 Word 文件（.doc）。请在 Word 中另存为 .docx 后再导入。"),
    "encrypted": _("文件设有打开密码。请去掉密码后再导入。"),
    "macros": _("文件含有宏。请另存为不带宏的文件后再导入。"),
    "external_links": _("工作簿引用了其他文件。请断开外部链接后再导入。"),
    "zip_bomb": _("文件解压后大得不正常，没有读取。"),
    "xml_entities": _("文件里有不允许的 XML 声明，没有读取。"),
    "damaged": _("文件已损坏，读不出内容。请打开后重新保存，再导入。"),
    "quotes_open": _("从这一行起引号不成对，分不清单元格。请在 Excel 中打开并重新保存。"),
    "empty_rows": _(
        "从这里往下有 %(limit)s 行以上带格式的空行。请删除这些空行后再导入。",
    ),
    "too_many_rows": _("内容超过 %(limit)s 行，不能导入。"),
    "too_much": _("文件里的内容太多，不像评分表，没有读取。"),
    "no_table": _("文件里没有内容。"),
    "no_word_table": _("文档里没有表格。"),
    "only_hidden": _("有内容的工作表都是隐藏的，没有读入。"),
    "several_tables": _(
        "文件里有几张评分表：%(tables)s。请选其中一张（命令行用 --table 加序号）。"
    ),
    "several_forms": _("文件里有几张评分表：%(tables)s。请每个文件只保留一张。"),
    "no_such_table": _("没有第 %(number)s 张评分表。文件里有：%(tables)s。"),
    # the header
    "no_header": _("没有找到表头。表头要有“项目”或“标准内容”，以及“规定分值”等字样。"),
    "merged_over_header": _("合并单元格 %(range)s 盖住了表头。请取消合并后再导入。"),
    "no_points_column": _("表头里没有“规定分值”一列。"),
    "no_name_column": _("没有哪一列是项目或标准内容。"),
    "no_score_column": _("表头里没有“评分”一列。"),
    # single cells
    "formula": _("这里是公式。请改成数值或文字后再导入。"),
    "formula_value": _("这里是公式，用的是上次算出的结果。"),
    "error_cell": _("这里是错误值 %(value)s。"),
    "item_without_name": _("这一行有内容，但没有项目名称。"),
    "no_items": _("表头下面没有项目。"),
    "duplicate_item": _("“%(section)s”里有两个项目都叫“%(name)s”。"),
    "points_not_a_number": _("分值“%(value)s”不是数字，或小数超过两位。"),
    "points_negative": _("分值 %(value)s 是负数。"),
    "range_upside_down": _("扣分幅度颠倒了：%(minimum)s 大于 %(maximum)s。"),
    "range_over_points": _("最多扣 %(maximum)s 分，超过了该项的 %(points)s 分。"),
    "total_differs": _("写的合计是 %(stated)s 分，各项相加是 %(read)s 分。"),
    "subtotal_differs": _("写的小计是 %(stated)s 分，以上各项相加是 %(read)s 分。"),
    "text_too_long": _("这里的文字超过 %(limit)s 字。"),
    "figure_unfit": _("分值“%(value)s”太大。"),
    # what is incomplete or worth a look
    "points_missing": _("“%(name)s”没有分值。"),
    "points_zero": _("“%(name)s”的分值是 0。"),
    "points_shared": _("“%(name)s”与上面的项目合用一个分值。"),
    "points_in_parts": _("“%(name)s”的分值写在几个单元格里，已相加为 %(points)s 分。"),
    "points_repeated": _("“%(name)s”的分值 %(points)s 在每一行都写了，只算一次。"),
    "rule_missing": _("“%(name)s”没有扣分规则。"),
    "rule_not_understood": _("“%(name)s”的扣分规则没有读懂：%(rule)s"),
    "full_marks_differ": _("评分细则写的满分是 %(stated)s 分，分值一栏是 %(points)s 分。"),
    "critical_unknown": _("“%(name)s”的备注提到第 %(number)s 条，检查内容里没有这一条。"),
    "requirements_missing": _("“%(name)s”没有检查内容。"),
    "total_missing": _("没有合计行，无法核对总分。"),
    "total_not_100": _("总分是 %(total)s 分，不是 100 分。"),
    "sheet_hidden": _("这张工作表是隐藏的，没有读入。"),
    "sheet_unread": _("这张工作表里没有评分表，没有读入。"),
    "row_hidden": _("第 %(rows)s 行是隐藏的，没有读入。"),
    "row_hidden_taken": _("第 %(rows)s 行是隐藏的，已一并读入。"),
    "column_unread": _("“%(text)s”这一列没有认出来，没有读入。"),
    "row_unread": _("这一行没有读懂，没有读入：%(text)s"),
    # a filled form
    "score_empty": _("“%(name)s”没有评分。不适用的请填“不适用”。"),
    "score_not_a_number": _("评分“%(value)s”不是数字，或小数超过两位。"),
    "score_negative": _("评分 %(value)s 是负数。"),
    "score_over_points": _("评分 %(value)s 超过了该项的 %(points)s 分。"),
    "score_mixed": _("“%(name)s”一部分有评分，一部分不适用。"),
    "score_total_differs": _("写的总评分是 %(stated)s 分，各项相加是 %(read)s 分。"),
}

# what a column can be, in the order in which a page offers them
ROLE_NAMES = {
    "number": _("序号"),
    "section": _("类别"),
    "item": _("项目"),
    "standard": _("标准内容"),
    "requirements": _("检查内容"),
    "points": _("规定分值"),
    "score": _("评分"),
    "lost": _("扣分"),
    "rule": _("评分细则"),
    "remark": _("备注"),
}

WHERE_CELL = _("工作表“%(sheet)s”%(cell)s：%(message)s")
WHERE_SHEET = _("工作表“%(sheet)s”：%(message)s")


@dataclass(frozen=True)
class Message:
    """Something to tell the person who brought the file.

    `sheet` and `cell` are None where a message is about the whole file or the whole sheet.
    """

    code: str
    sheet: str | None = None
    cell: str | None = None
    params: dict = field(default_factory=dict, compare=False)

    @property
    def message(self) -> str:
        """The sentence, in the language of the moment, without the place."""
        row = _("、").join
        params = {name: row(x) if isinstance(x, list) else x for name, x in self.params.items()}
        return str(TEXTS[self.code]) % params

    def __str__(self) -> str:
        if self.sheet is None:
            return self.message
        where = WHERE_CELL if self.cell else WHERE_SHEET
        return str(where) % {"sheet": self.sheet, "cell": self.cell, "message": self.message}


class FormRefused(Exception):
    """A file that can't be read at all; carries the message that says why and where."""

    def __init__(self, code: str, sheet: str | None = None, cell: str | None = None, **params):
        self.message = Message(code, sheet, cell, params)
        super().__init__(code)

    def __str__(self) -> str:
        return str(self.message)
