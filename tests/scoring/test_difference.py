"""What an import changes in the version before it, and which items keep their codes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scoring.codes import Former, with_codes
from scoring.content import Content, Entry, Line
from scoring.difference import Part, difference
from scoring.engine import Kind
from scoring.forms import Item, Rule

PRICE = Rule("", Kind.RANGE, Decimal("0.5"), Decimal(2), each=True)
FINE = Rule("未以文件形式发布的，扣1分", Kind.FIXED, Decimal(1), Decimal(1))


def entry(code, name="", section="s1", lines=("上墙", "归档"), rules=(PRICE,), **more) -> Entry:
    return Entry(
        code=code, section=section, name=(name or code, None),
        standard=(more.pop("standard", ""), None),
        requirements=tuple(Line((text, None)) for text in lines),
        points=more.pop("points", Decimal(5)), rules=tuple((rule, None) for rule in rules), **more,
    )  # fmt: skip


def content(*entries, sections=(("s1", "内部管理"), ("s2", "客户接待"))) -> Content:
    return Content(tuple((code, name, None) for code, name in sections), entries)


def changes(before, after) -> dict[str, tuple]:
    return {row.code: row.marks for row in difference(before, after).rows}


ONE, TWO, THREE = (entry(f"CS0{n}", f"第{n}项") for n in (1, 2, 3))


def test_the_same_rubric_differs_in_nothing():
    found = difference(content(ONE, TWO), content(ONE, TWO))
    assert not found
    assert found.same == 2


def test_items_that_came_and_went_are_told_by_their_codes():
    before, after = content(ONE, TWO), content(TWO, THREE)
    assert changes(before, after) == {"CS03": ("added",), "CS01": ("removed",)}


@pytest.mark.parametrize(
    ("changed", "mark", "part"),
    [
        ({"points": Decimal("4.50")}, "points", Part("points", "5", "4.5")),
        ({"points": None}, "points", Part("points", "5", None)),
        ({"rules": ((replace(PRICE, maximum=Decimal(1)), None),)}, "rules",
         Part("price", "幅度内扣分 0.5–2", "幅度内扣分 0.5–1")),
        ({"rules": ((PRICE, None), (FINE, None))}, "rules",
         Part("rule", None, "未以文件形式发布的，扣1分 · 固定扣分 1")),
        ({"photo_required": True}, "rules", Part("photo", "否", "是")),
        ({"name": ("首项", None)}, "wording", Part("name", "第1项", "首项")),
        ({"standard": ("整洁", None)}, "wording", Part("standard", None, "整洁")),
        ({"requirements": (Line(("上墙", None)),)}, "wording", Part("requirement", "归档", None)),
        ({"requirements": (Line(("张贴上墙", None)), Line(("归档", None)))}, "wording",
         Part("requirement", "上墙", "张贴上墙")),
        ({"requirements": (Line(("上墙", None), "zero"), Line(("归档", None)))}, "wording",
         Part("requirement", "上墙", "上墙 · 缺失则本表零分")),
        ({"section": "s2"}, "moved", Part("section", "内部管理", "客户接待")),
    ],
)  # fmt: skip
def test_each_change_has_its_mark_and_says_before_and_after(changed, mark, part):
    found = difference(content(ONE, TWO), content(replace(ONE, **changed), TWO))
    (row,) = found.rows
    assert (row.code, row.marks, row.parts) == ("CS01", (mark,), (part,))


def test_figures_that_are_written_otherwise_are_the_same():
    assert not difference(content(ONE), content(replace(ONE, points=Decimal("5.00"))))


def test_of_items_in_another_order_as_few_as_possible_were_moved():
    four = entry("CS04")
    before, after = content(ONE, TWO, THREE, four), content(TWO, THREE, four, ONE)
    assert changes(before, after) == {"CS01": ("moved",)}


def test_a_section_with_another_name_moves_none_of_its_items():
    after = content(ONE, TWO, sections=[("s1", "内部工作")])
    found = difference(content(ONE, TWO), after)
    assert (found.rows, found.renamed) == ((), (("内部管理", "内部工作"),))


def test_changes_are_counted_by_their_kind():
    after = content(replace(ONE, points=Decimal(9), name=("首项", None)), THREE)
    found = difference(content(ONE, TWO), after)
    assert [(mark, count) for mark, _word, count in found.counts] == [
        ("added", 1), ("removed", 1), ("points", 1), ("wording", 1),
    ]  # fmt: skip


texts = some.sampled_from(["制度", "培训", "台账", "应急"])
entries = some.lists(
    some.builds(
        lambda n, name, section, lines: entry(f"A{n}", name, section, lines),
        some.integers(1, 8), texts, some.sampled_from(["s1", "s2"]),
        some.lists(texts, max_size=3),
    ),
    unique_by=lambda each: each.code, max_size=8,
)  # fmt: skip


@given(entries, entries)
def test_every_item_is_told_once_and_nothing_that_stayed_is(before, after):
    found = difference(content(*before), content(*after))
    told = [row.code for row in found.rows]
    assert len(told) == len(set(told))
    marks = {row.code: row.marks for row in found.rows}
    old, new = ({each.code for each in side} for side in (before, after))
    assert {code for code, each in marks.items() if each == ("added",)} == new - old
    assert {code for code, each in marks.items() if each == ("removed",)} == old - new
    assert found.same == len(new) - len([code for code in told if code in new])


@given(entries)
def test_a_rubric_never_differs_from_itself(before):
    assert not difference(content(*before), content(*before))


# --- codes ---------------------------------------------------------------------------------


def item(name, *, section="内部管理", standard="", lines=()) -> Item:
    return Item(
        section=section, name=name, standard=standard, requirements=tuple(lines), points=None,
        rules=(), rule="", cells={}, requirement_cells=(), rows=(1,),
    )  # fmt: skip


def former(code, name, *, section="内部管理", standard="", lines=(), published=True) -> Former:
    return Former(code, section, "s1", name, standard, published, tuple(lines))


def codes(items, known) -> list[str]:
    return [each.code for each in with_codes(items, "order", known)]


LINES = ("仪容仪表整洁，按规定着装", "岗位职责上墙公示", "交接班记录完整")


def test_a_renamed_item_keeps_its_code_by_its_standard():
    standard = "配电房整洁，无杂物、灰尘和鼠虫害"
    known = [former("OR07", "配电房", standard=standard)]
    assert codes([item("配电房环境", standard=standard + "，标识齐全")], known) == ["OR07"]


def test_a_renamed_item_keeps_its_code_by_its_requirements():
    known = [former("OR07", "门岗", lines=LINES)]
    assert codes([item("出入口值守", lines=[*LINES[:2], "交接班记录完善"])], known) == ["OR07"]


def test_an_item_of_other_content_is_a_new_one():
    known = [former("OR07", "门岗", lines=LINES)]
    assert codes([item("巡逻", lines=["每日巡逻四次", "签到完整"])], known) == ["OR08"]


def test_content_that_several_items_share_tells_nothing():
    known = [former("OR01", "甲", lines=LINES), former("OR02", "乙", lines=LINES)]
    assert codes([item("丙", lines=LINES)], known) == ["OR03"]


def test_an_item_that_moved_to_another_section_keeps_its_code():
    known = [former("OR07", "门岗", lines=LINES)]
    assert codes([item("门岗", section="秩序维护", lines=LINES)], known) == ["OR07"]


def test_an_item_without_a_name_keeps_its_code_in_another_section():
    standard = "配电房整洁，无杂物、灰尘和鼠虫害"
    known = [former("OR07", "配电房", standard=standard, lines=LINES)]
    moved = item(standard, section="供配电", standard=standard, lines=LINES)
    assert codes([moved], known) == ["OR07"]


def test_items_of_a_renamed_section_keep_their_codes_whatever_else_changed():
    known = [former("OR01", "门岗", lines=LINES), former("OR02", "巡逻", section="外围")]
    changed = [item("门岗", section="管理", lines=["每日巡逻四次"]), item("巡逻", section="外围")]
    assert codes(changed, known) == ["OR01", "OR02"]


def test_an_item_of_the_same_name_in_a_section_that_there_was_is_a_new_one():
    known = [former("OR01", "门岗", lines=LINES), former("OR02", "巡逻", section="外围")]
    changed = [item("门岗", section="外围", lines=["每日巡逻四次"]), item("巡逻", section="外围")]
    assert codes(changed, known) == ["OR03", "OR02"]


def test_the_item_that_is_most_alike_gets_the_code():
    known = [former("OR07", "门岗", lines=LINES)]
    less, more = [*LINES[:2], "交接班记录齐备无缺"], [*LINES[:2], "交接班记录完善"]
    assert codes([item("一", lines=less), item("二", lines=more)], known) == ["OR08", "OR07"]


words = some.text("制度培训台账整洁规范记录", min_size=0, max_size=12)
some_items = some.lists(
    some.builds(
        lambda name, section, standard, lines: item(
            name, section=section, standard=standard, lines=lines
        ),
        texts, some.sampled_from(["一区", "二区"]), words, some.lists(words, max_size=3),
    ),
    max_size=8,
)  # fmt: skip


@given(some_items, some_items)
def test_no_code_is_given_twice_and_those_of_published_items_not_to_new_ones(before, after):
    known = [
        former(each.code, each.name, section=each.section, standard=each.standard,
               lines=each.requirements)
        for each in with_codes(before, "order", [])
    ]  # fmt: skip
    found = codes(after, known)
    assert len(found) == len(set(found)) == len(after)


@given(some_items)
def test_the_same_items_keep_all_their_codes(before):
    unique = list({(each.section, each.name): each for each in before}.values())
    known = [
        former(each.code, each.name, section=each.section, lines=each.requirements)
        for each in with_codes(unique, "order", [])
    ]
    plain = [replace(each, standard="") for each in unique]
    assert codes(plain, known) == [each.code for each in known]
