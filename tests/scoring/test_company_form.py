"""The export in the company's form: reading it again gives the same rubric."""

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.codes import with_codes
from scoring.company_form import company_form, form_of
from scoring.content import Content, Entry, Line, of_form, of_rubric
from scoring.drafts import start_draft
from scoring.engine import Kind
from scoring.forms import Rule, read_rubric
from scoring.forms.amounts import plain
from scoring.forms.wording import tidy
from scoring.importing import read_form
from scoring.rubrics import draft_rubric, load_rubric
from scoring.template import SPECIALTIES, rubric_data
from tests import cast

FORMS = Path("fixtures/forms")


def read_back(content: Content, title="细则", weight=None):
    """What an import of the export understands, and the content that it makes."""
    read = read_rubric(form_of(content, title, weight))
    assert [str(error) for error in read.errors] == []
    read.items = with_codes(read.items, "order", ())
    return read, of_form(read, ())


def told(content: Content) -> list:
    """A content as far as a form can say it: no codes, no English, no words of a price."""
    names = {code: name for code, name, _english in content.sections}
    return [_told(entry, names[entry.section]) for entry in content.entries]


def _told(entry: Entry, section: str) -> tuple:
    rules = [("" if r.each else r.text, r.kind, r.minimum, r.maximum, r.levels, r.each)
             for r, _english in entry.rules]  # fmt: skip
    lines = [(line.text[0], line.critical) for line in entry.requirements]
    points = None if entry.points is None else plain(entry.points)
    texts = entry.name[0], entry.standard[0]
    return section, *texts, points, lines, rules, entry.photo_required


# --- whatever a rubric says ----------------------------------------------------------------

NASTY = (
    "合计", "总分：100", "小计", "本页小计：5", "项目Item", "备注：无",
    "项目", "检查内容", "评分", "一、内部管理",
    "2、有记录", "1.制度上墙", "1. 制度", "(3) 夜巡", "①巡查", "录像至少保存7天",
    "24小时值班", "2.5米以下",
    "有预案；2. 有演练；3. 有记录", "见第3条；见附件2)", "=1+1", "+86 028", "-5℃以下", "@所有人",
    "检查人：张三", "日期：", "满分", "十二、其他", "a；2、b；3) c；②d", "扣1分", "0.5", "５分",
    "每缺一项扣0.5-2分", "no.", "Total", "附件1", "占总分30%", "至少3. 项", "第2、项", "序号",
)  # fmt: skip
CHARS = "制度上墙公示记录完善1230.、；;()（）①一二：: ,，。-=+@%a第至"
words = st.one_of(
    st.sampled_from(NASTY), st.text(alphabet=CHARS, min_size=1, max_size=20),
    st.builds("{}{}".format, st.sampled_from(NASTY), st.text(alphabet=CHARS, max_size=8)),
).map(tidy).filter(bool)  # fmt: skip
tenths = st.integers(1, 50).map(lambda n: plain(Decimal(n) / 10))
critical = st.sampled_from(["", "", "", "zero", "cap"])
lines = st.lists(st.builds(lambda t, c: Line((t, None), c), words, critical), max_size=6)
standards = st.one_of(st.just(""), st.lists(words, min_size=1, max_size=3).map("\n".join))


@st.composite
def prices(draw) -> Rule:
    kind = draw(st.sampled_from([Kind.RANGE, Kind.FIXED, Kind.PER_OCCURRENCE]))
    low, high = sorted((draw(tenths), draw(tenths)))
    if kind == Kind.RANGE and low == high:
        kind = Kind.FIXED
    return Rule("", kind, low if kind == Kind.RANGE else high, high, each=True)


OCCASIONS = ("未以文件形式发布的", "无该项制度的", "未经培训上岗的", "迟到超过10分钟的", "材料不齐",
             "一处不符合", "每月未巡查的")  # fmt: skip


@st.composite
def occasions(draw) -> Rule:
    text = draw(st.sampled_from(OCCASIONS))
    kind = draw(st.sampled_from([None, *Kind]))
    low, high = sorted((draw(tenths), draw(tenths)))
    if kind in (None, Kind.LOSE_ITEM):
        return Rule(text, kind)
    if kind == Kind.LEVELS:
        levels = tuple(sorted({Decimal(0), low, high}))
        return Rule(text, kind, Decimal(0), high, levels)
    return Rule(text, kind, low if kind == Kind.RANGE and low < high else high, high)


def unlike(rules: list[Rule]) -> list[Rule]:
    """A range of one figure is a fixed amount, as the item form has it too."""
    fixed = [Rule(r.text, Kind.FIXED, r.minimum, r.maximum, r.levels, r.each)
             if r.kind == Kind.RANGE and r.minimum == r.maximum else r for r in rules]  # fmt: skip
    return list({rule.text: rule for rule in fixed}.values())


@st.composite
def entries(draw, section: str, n: int) -> Entry:
    price = draw(st.lists(prices(), max_size=1))
    further = unlike(draw(st.lists(occasions(), max_size=3)))
    points = draw(st.one_of(st.none(), st.integers(20, 400).map(lambda q: Decimal(q) / 4)))
    name = draw(words)
    return Entry(
        f"OR{n:02}", section, (name, None), (draw(standards), None), tuple(draw(lines)), points,
        tuple((rule, None) for rule in [*price, *further]), "", draw(st.booleans()),
    )  # fmt: skip


@st.composite
def contents(draw) -> Content:
    names = draw(st.lists(words, min_size=1, max_size=3, unique_by=lambda t: t.replace(" ", "")))
    sections = tuple((f"s{n}", name, None) for n, name in enumerate(names, start=1))
    made = []
    for code, _name, _english in sections:
        for _n in range(draw(st.integers(1, 3))):
            made.append(draw(entries(code, len(made) + 1)))
    return Content(sections, tuple({(e.section, folded(e)): e for e in made}.values()))


def folded(entry: Entry) -> str:
    return "".join(entry.name[0].split()).lower()


@settings(deadline=None)  # a workbook written and read each time
@given(contents(), st.one_of(st.none(), st.integers(1, 10_000).map(lambda n: Decimal(n) / 100)))
def test_importing_an_export_gives_the_same_rubric(content, weight):
    read, again = read_back(content, weight=weight)
    assert told(again) == told(content)
    assert read.weight_percent == (None if weight is None else plain(weight))


# --- the company's own -----------------------------------------------------------------------


@pytest.fixture
def firm(db):
    return cast.company()


@pytest.mark.parametrize("code", SPECIALTIES)
def test_the_products_rubrics_come_back_as_they_are(firm, code):
    rubric = load_rubric(
        campaign=firm.campaign, specialty=firm.lines[code], data=rubric_data(code), by="command",
        at=cast.NOW,
    )  # fmt: skip
    data = company_form(rubric)
    read = read_form(data, campaign=firm.campaign, specialty=firm.lines[code])
    assert (read.errors, read.title) == ([], rubric.name_zh_hans)
    again = draft_rubric(campaign=firm.campaign, specialty=firm.lines[code], understood=read,
                         by=firm.admin, at=cast.NOW)  # fmt: skip
    before, after = of_rubric(rubric), of_rubric(again)
    assert told(after) == told(before)
    assert [(e.code, e.name) for e in after.entries] == [(e.code, e.name) for e in before.entries]
    assert again.proposed_weight == rubric.proposed_weight


def test_the_companys_form_comes_back_word_for_word():
    """The customer service form itself: same cells, whatever the numbering of its lines."""
    path = FORMS / "form-customer-service.xlsx"
    read = read_rubric(path)
    read.items = with_codes(read.items, "customer_service", ())
    data = form_of(of_form(read, ()), read.title, read.weight_percent)
    again, original = cells(data), cells(path.read_bytes())
    assert again == original


def cells(data: bytes) -> list:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_form_without_names_has_no_column_for_them():
    read = read_rubric(FORMS / "form-facilities.xlsx")
    read.items = with_codes(read.items, "facilities", ())
    heads = cells(form_of(of_form(read, ()), read.title))[1]
    assert heads == ["类别", "标准内容", "检查内容", "规定分值", "评分", "评分细则"]


def export(*args) -> bytes:
    out = io.TextIOWrapper(io.BytesIO())
    call_command("export_rubric", *args, stdout=out)
    return out.buffer.getvalue()


def test_the_command_writes_the_version_in_force(firm, tmp_path):
    rubric = cast.rubric(firm.campaign, firm.lines["order"])
    start_draft(campaign=firm.campaign, specialty=firm.lines["order"], by="command", at=cast.NOW)
    path = tmp_path / "细则.xlsx"
    asked = ("--campaign", "c11", "--specialty", "order")
    call_command("export_rubric", *asked, "--output", str(path))
    assert path.read_bytes()[:2] == b"PK"
    assert len(read_rubric(path).items) == rubric.items.count()
    assert read_rubric(export(*asked)).title == rubric.name_zh_hans


@pytest.mark.parametrize("asked", [("c11", "order"), ("c99", "order"), ("c11", "nothing")])
def test_the_command_says_what_is_not_there(firm, asked):
    with pytest.raises(CommandError):
        call_command("export_rubric", "--campaign", asked[0], "--specialty", asked[1])


# --- as a document ---------------------------------------------------------------------------

ENTRY = Entry("OR01", "s1", ("制度", None), ("", None), (Line(("有记录", None)),), Decimal(5), ())
SMALL = Content((("s1", "内部", None),), (ENTRY,))


def sheet_of(content: Content, title="秩序维护督导评分细则", weight=None):
    return openpyxl.load_workbook(io.BytesIO(form_of(content, title, weight))).active


def test_it_prints_on_a4_with_its_header_on_each_page():
    sheet = sheet_of(SMALL)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$2:$2"
    assert sheet["A3"].border.bottom.style == "thin"


def test_a_section_is_merged_over_its_items():
    two = Content(SMALL.sections, (ENTRY, Entry(*["OR02", "s1", ("会议", None), *_rest(ENTRY)])))
    assert "A3:A4" in map(str, sheet_of(two).merged_cells.ranges)


def _rest(entry: Entry) -> list:
    return [entry.standard, entry.requirements, entry.points, entry.rules]


def test_remarks_stand_there_only_when_something_is_to_be_remarked():
    marked = Entry("OR01", "s1", ("制度", None), ("", None), (Line(("有", None), "zero"),),
                   Decimal(5), (), photo_required=True)  # fmt: skip
    assert "备注" not in cells(form_of(SMALL, "细则"))[1]
    assert cells(form_of(Content(SMALL.sections, (marked,)), "细则"))[2][-1] == (
        "扣分须拍照；关键项：第1条缺失本表零分"
    )


def test_text_never_becomes_a_formula():
    entry = Entry("OR01", "s1", ("=1+1", None), ("", None), (), Decimal(5), ())
    sheet = sheet_of(Content((("s1", "@部", None),), (entry,)), title="=cmd()")
    for place in ("A1", "A3", "B3"):
        assert (sheet[place].data_type, sheet[place].quotePrefix) == ("s", True)


def test_an_empty_draft_is_an_empty_table():
    rows = cells(form_of(Content((), ()), "细则"))
    assert [row[0] for row in rows] == ["细则", "类别", "合计"]
