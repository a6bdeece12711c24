"""Good forms for tests: a few invented tables, laid out in all the ways that people use.

A `Variant` is rows, merged ranges and hidden rows as plain data, with the tree that has to come
out of it; `content` makes an .xlsx of it, other formats are written from the same rows.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from scoring.engine import Kind
from scoring.forms import Rule
from tests.corpus.forms import workbook
from tests.corpus.layouts import COMPANY, NUMBERED, Layout, lay_out


def exact(figure) -> Decimal:
    return Decimal(str(figure))


def price(text, low, high=None, kind=None) -> Rule:
    """What a missing requirement costs; of one occurrence with `kind`."""
    known = kind or (Kind.FIXED if high is None else Kind.RANGE)
    return Rule(text, known, exact(low), exact(low if high is None else high), each=True)


def rule(text, kind, low=None, high=None) -> Rule:
    low = None if low is None else exact(low)
    return Rule(text, kind, low, low if high is None else exact(high))


def levels(text, *lost) -> Rule:
    figures = tuple(map(exact, lost))
    return Rule(text, Kind.LEVELS, min(figures), max(figures), figures)


@dataclass(frozen=True)
class Entry:
    """An item as it has to come out; `cell` are the rules as they are written."""

    section: str
    name: str
    points: Decimal
    requirements: tuple[str, ...]
    rules: tuple[Rule, ...]
    cell: str
    photo_required: bool = False
    critical: tuple[str, ...] = ()
    remark: str = ""


def entry(section, name, points, requirements, cell=None, rules=None, **more) -> Entry:
    cell = cell or "每缺一项扣0.5-2分"
    rules = rules or (price("每缺一项扣0.5-2分", 0.5, 2),)
    return Entry(section, name, exact(points), tuple(requirements), tuple(rules), cell, **more)


# three tables

ORDER = (
    entry("出入管理", "门岗值守", 15, ["24小时双人值守", "访客登记至少保存90天", "交接班有签字"]),
    entry("出入管理", "车辆管理", 10, ["停放有序、不占消防通道", "限速5公里标识清楚"]),
    entry(
        "巡查防范", "夜间巡逻", 25, ["每2小时巡逻一次", "巡逻路线覆盖率100%", "异常10分钟内上报"]
    ),
    entry("巡查防范", "监控中心", 20, ["录像保存30天以上", "画面无黑屏"]),
    entry("应急处置", "消防演练", 20, ["每年至少2次演练", "第1责任人到场", "演练有总结、有照片"]),
    entry("应急处置", "防汛物资", 10, ["沙袋不少于50个", "水泵每月试机"]),
)
GROUNDS = (
    entry("室内保洁", "大堂", 8, ["地面无水渍", "玻璃门3米内无手印"]),
    entry("室内保洁", "电梯轿厢", 6, ["轿壁光亮", "地垫每天更换"]),
    entry("室内保洁", "卫生间", 7.5, ["无异味", "耗材齐全", "每30分钟巡查"]),
    entry("绿化养护", "草坪", 5.5, ["高度不超过8厘米", "无杂草"]),
    entry("绿化养护", "乔灌木", 3, ["支撑牢固"]),
)
KINDS = (
    entry(
        "制度执行", "值班制度", 10, ["制度成文", "班表上墙"],
        "无该项制度的，不得分；未以文件形式发布的，扣1分；每缺一项扣1分；"
        "未经培训上岗的，每人次扣2分；扣满4分的，追加扣除10分",
        [
            rule("无该项制度的，不得分", Kind.LOSE_ITEM),
            rule("未以文件形式发布的，扣1分", Kind.FIXED, 1),
            price("每缺一项扣1分", 1),
            rule("未经培训上岗的，每人次扣2分", Kind.PER_OCCURRENCE, 2),
            rule("扣满4分的，追加扣除10分", Kind.EXTRA, 10),
        ],
    ),
    entry(
        "制度执行", "仪容仪表", 2, ["着装统一"],
        "符合2.0，基本符合1.0，不符合0", [levels("符合2.0，基本符合1.0，不符合0", 0, 1, 2)],
    ),
    entry(
        "现场品质", "楼道", 6, ["无杂物", "无积灰"],
        "每发现一处扣0.1分，扣完为止。",
        [price("每发现一处扣0.1分", 0.1, kind=Kind.PER_OCCURRENCE)],
    ),
    entry(
        "现场品质", "设备房", 8, ["门锁完好", "地面干燥"],
        "1.符合8分；2.每项扣1分；3.一处不符合扣0.5分。",
        [price("每项扣1分", 1), rule("一处不符合扣0.5分", Kind.PER_OCCURRENCE, 0.5)],
    ),
    entry(
        "现场品质", "投诉处理", 4, ["24小时内回复"],
        "扣0.5至2分\n发生有效投诉的，每起扣1分",
        [price("扣0.5至2分", 0.5, 2), rule("发生有效投诉的，每起扣1分", Kind.PER_OCCURRENCE, 1)],
    ),
)  # fmt: skip
SETTLED = (
    replace(ORDER[0], photo_required=True, remark="扣分须拍照"),
    replace(ORDER[1], critical=("", "cap"), remark="关键项：第2条缺失等级最高为良好"),
    replace(
        ORDER[2], photo_required=True, critical=("zero", "", "zero"),
        remark="扣分须拍照；关键项：第1、3条缺失本表零分",
    ),
    replace(ORDER[3], remark="见监控台账"),
)  # fmt: skip
ENGLISH = tuple(
    entry(
        section, name, points, requirements, "Deduct 0.5-2 points for each missing item.",
        [price("Deduct 0.5-2 points for each missing item", 0.5, 2)],
    )
    for section, name, points, requirements in [
        ("Front desk", "Reception", 60, ["Staffed 24 hours a day", "Visitors are greeted"]),
        ("Front desk", "Mail room", 10, ["Parcels logged within 2 hours"]),
        ("Grounds", "Lighting", 30, ["All lamps work", "Timers set", "No exposed wires"]),
    ]
)  # fmt: skip


# the forms


@dataclass(frozen=True)
class Variant:
    """One form: what stands where, and what has to come out."""

    name: str
    rows: list[list]
    tree: tuple[Entry, ...]
    merges: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    more: dict[str, list[list]] = field(default_factory=dict)
    hidden_sheets: tuple[str, ...] = ()
    weight: Decimal | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def content(self) -> bytes:
        """The form as .xlsx."""
        return workbook(
            self.rows, merges=self.merges, hidden_rows=self.hidden_rows, more=self.more,
            hidden_sheets=self.hidden_sheets,
        )  # fmt: skip


def variant(name, tree=ORDER, *, weight=None, tail=(), **layout) -> Variant:
    rows, merges = lay_out(tree, Layout(**layout))
    return Variant(name, [*rows, *tail], tree, merges, weight=weight and exact(weight))


def nameless(tree) -> tuple[Entry, ...]:
    """Items of a table without 项目: the standard is the name."""
    return tuple(replace(each, name=f"{each.name}符合公司标准，运行正常") for each in tree)


def written_as(tree, cell, *rules) -> tuple[Entry, ...]:
    """The same items under other rules."""
    return tuple(replace(each, cell=cell, rules=rules) for each in tree)


def two_header_rows(name="two header rows", *, merged=True, again=False) -> Variant:
    rows, merges = lay_out(
        GROUNDS, Layout(above=("环境评分表",), reach="merge" if merged else "empty")
    )
    upper = ["类别", "检查", None, "考核", None, "评分细则"]
    lower = [None, "项目", "检查内容", "分值", "得分", None]
    moved = [_moved(merge, 1) for merge in merges]
    heads = ["A2:A3", "B2:C2", "D2:E2", "F2:F3"]
    rows = [rows[0], upper, lower, *rows[2:5], *([upper, lower] if again else []), *rows[5:]]
    return Variant(name, rows, GROUNDS, (*heads, *moved) if merged else ())


def _moved(merge: str, by: int) -> str:
    first, last = merge.split(":")
    return f"{first[0]}{int(first[1:]) + by}:{last[0]}{int(last[1:]) + by}"


def rules_merged_over_items() -> Variant:
    rows, merges = lay_out(GROUNDS, Layout())
    for row in rows[3:-1]:
        row[5] = None
    return Variant("rules merged over items", rows, GROUNDS, (*merges, f"F3:F{len(rows) - 1}"))


def hidden_row() -> Variant:
    rows, merges = lay_out(GROUNDS, Layout(reach="empty", total=None))
    rows.insert(3, [None, "旧项目", "1. 已停用", 9, None, "每缺一项扣1分"])
    return Variant("hidden row", rows, GROUNDS, merges, hidden_rows=(4,))


def hidden_sheet() -> Variant:
    rows, merges = lay_out(GROUNDS, Layout())
    more = {"旧版": lay_out(ORDER, Layout())[0], "填表说明": [["每季度检查一次"]]}
    return Variant("hidden sheet", rows, GROUNDS, merges, more=more, hidden_sheets=("旧版",))


ENGLISH_HEADS = {
    "number": "No.", "section": "Category", "item": "Inspection item",
    "requirements": "Inspection content", "points": "Full marks", "score": "Score",
    "rule": "Deduction rules", "remark": "Remarks",
}  # fmt: skip
OTHER_ENGLISH_HEADS = ENGLISH_HEADS | {
    "item": "Item", "requirements": "Requirements", "points": "Max score",
    "score": "Deduction", "rule": "Scoring criteria",
}  # fmt: skip
WIDE_HEADS = {
    "section": "类　别", "item": "项 目", "requirements": "标准及\n检查内容",
    "points": "规 定\n分 值", "rule": "评 分\n细 则",
}  # fmt: skip
OTHER_HEADS = {
    "section": "板块", "item": "检查项目", "requirements": "检查内容", "points": "满分",
    "score": "扣分", "rule": "扣分细则",
}  # fmt: skip
MORE_HEADS = {
    "section": "模块", "item": "考核项目", "requirements": "考核内容", "points": "标准分（分）",
    "score": "实得分", "rule": "得分标准",
}  # fmt: skip
BILINGUAL_HEADS = {
    "section": "类别 Category", "item": "项目/Item", "requirements": "检查内容\nRequirements",
    "points": "分值 (Points)", "score": "评分 Score", "rule": "评分标准 Scoring criteria",
}  # fmt: skip
WITH_NUMBER = ("number", *COMPANY, "remark")
STANDARDS = {"item": "标准内容", "requirements": "检查内容"}
EDITED = ("秩序维护督导评分细则", "编制：管理中心        日期：2024.1.5")

VARIANTS = [
    # how the table stands on the sheet
    variant("as the company writes"),
    variant("title, 编制 line and 附件", above=("附件3：", *EDITED)),
    variant("no title", above=()),
    variant("blank rows", blank=True, reach="empty"),
    variant("shifted to the right", shift=2),
    variant("header on each printed page", page=2, reach="empty"),
    variant("header on each printed page, names merged", page=2, one_per_row=True),
    two_header_rows(),
    two_header_rows("two header rows, nothing merged", merged=False),
    two_header_rows("two header rows on each printed page", merged=False, again=True),
    hidden_row(),
    hidden_sheet(),
    # columns and their words
    variant("number first, remarks last", columns=WITH_NUMBER),
    variant("columns the other way round", columns=COMPANY[::-1], reach="empty"),
    variant("points first", columns=("points", "item", "rule", "section", "requirements")),
    variant("wide spaces in the header", heads=WIDE_HEADS),
    variant("other words in the header", heads=OTHER_HEADS),
    variant("more words in the header", heads=MORE_HEADS),
    variant("both languages in the header", heads=BILINGUAL_HEADS),
    variant("no item column", nameless(ORDER), heads=STANDARDS),
    variant("no section column", columns=COMPANY[1:], band=True),
    variant("sections across the table", GROUNDS, band=True, columns=WITH_NUMBER[2:]),
    variant("English", ENGLISH, columns=WITH_NUMBER, heads=ENGLISH_HEADS, total="Total"),
    variant("other English words", ENGLISH, heads=OTHER_ENGLISH_HEADS, total="Grand total"),
    variant("English, numbers run together", ENGLISH, heads=ENGLISH_HEADS, separator=" "),
    # what repeats
    variant("sections left empty", reach="empty"),
    variant("sections in every row", reach="repeat"),
    variant("a requirement a row, merged", one_per_row=True),
    variant("a requirement a row, left empty", one_per_row=True, reach="empty"),
    variant("a requirement a row, repeated", one_per_row=True, reach="repeat"),
    variant("a requirement a row, numbered on", GROUNDS, one_per_row=True, columns=WITH_NUMBER),
    variant("a requirement a row, all copied", one_per_row=True, reach="copy"),
    rules_merged_over_items(),
    # requirements
    *(variant(f"requirements by {style}", numbering=style) for style in NUMBERED),
    variant("requirements run together", separator="", numbering="comma"),
    variant("requirements run together in circles", separator="", numbering="circle"),
    variant("requirements on one line", separator="；", numbering="wide bracket"),
    variant("requirements after full stops", separator="。", numbering="bare dot"),
    # points and sums
    variant("points with 分", GROUNDS, points="{}分"),
    variant("points in wide digits", points="{} 分"),
    variant("subtotals", GROUNDS, subtotals="小计"),
    variant("subtotals by name", GROUNDS, subtotals="本类小计（分）", total="分值合计"),
    variant("subtotals in wide words", subtotals="小　计", total="总　计"),
    variant("no total", GROUNDS, total=None),
    variant("total in words", GROUNDS, total=None, below=("合计：30分",)),
    variant("not a hundred", GROUNDS),
    # rules
    variant("rules of every kind", KINDS),
    variant("rules of every kind, a requirement a row", KINDS, one_per_row=True),
    variant("range with a wave", written_as(ORDER, "0.5～2分", price("0.5～2分", 0.5, 2))),
    variant(
        "range in wide digits",
        written_as(ORDER, "每缺一项扣０．５－２分。", price("每缺一项扣０．５－２分", 0.5, 2)),
    ),
    variant(
        "full marks first",
        written_as(GROUNDS[:1], "1.符合8分；2.每缺一项扣1分。", price("每缺一项扣1分", 1)),
    ),
    # weight and remarks
    variant("weight in a note", below=("备注：本专业版块评分占总分25%权重。",), weight=25),
    variant("weight above", above=("秩序维护评分表（占总分12.5%）",), weight="12.5"),
    variant("remarks that settle", SETTLED, columns=(*COMPANY, "remark")),
    variant("signatures below", GROUNDS, below=("检查人：        被检查人：", "日期：")),
]
