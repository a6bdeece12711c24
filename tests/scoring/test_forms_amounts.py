"""Points and deduction rules as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.forms.amounts import parse_points, parse_rule


def figures(*values):
    return tuple(Decimal(value) for value in values)


@pytest.mark.parametrize(
    ("written", "points"),
    [
        ("5", "5"),
        ("5分", "5"),
        ("５", "5"),
        ("5.0", "5"),
        (" 1.5 分", "1.5"),
        ("满分10分", "10"),
        (Decimal("0.25"), "0.25"),
        ("-3", "-3"),
        ("−3", "-3"),
    ],
)
def test_points_are_read_as_people_write_them(written, points):
    assert str(parse_points(written)) == points


@pytest.mark.parametrize(
    "written", ["", "五", "5-10", "1.234", "10001", "NaN", "1e3", "5%", "TRUE"]
)
def test_what_is_no_points_is_refused(written):
    with pytest.raises(ValueError, match=f"^{written}$"):
        parse_points(written)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("1.符合5分；2.每缺一项扣0.5-2分。", figures("0.5", "2")),
        ("1、符合5分\n2、每缺一项扣0.5-2分", figures("0.5", "2")),
        ("符合5分\n每缺一项扣1-2分", figures("1", "2")),
        ("每缺一项\n扣1-2分", figures("1", "2")),
        ("每缺1项扣０．５—２分", figures("0.5", "2")),
        ("每缺一项扣 1 － 2 分", figures("1", "2")),
        ("0.5～2分", figures("0.5", "2")),
        ("0.5-2", figures("0.5", "2")),
        ("扣0.5至2分", figures("0.5", "2")),
        ("扣0.5分到2分", figures("0.5", "2")),
        ("每项扣1分", figures("1", "1")),
        ("缺少一项扣1分/项", figures("1", "1")),
        ("一处不符合扣0.5分", figures("0.5", "0.5")),
        ("每发现一处，扣0.1分，扣完为止。", figures("0.1", "0.1")),
        ("（每缺一项扣0.5-2分）", figures("0.5", "2")),
        ("每缺一项扣2-0.5分", figures("2", "0.5")),
    ],
)
def test_an_amount_for_each_missing_requirement_is_understood(text, amounts):
    rule = parse_rule(text)
    assert (rule.minimum, rule.maximum) == amounts
    assert rule.text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "酌情扣分",
        "扣0分",
        "5分",
        "每缺一项扣0.125分",
        "符合2.0，基本符合1.0，不符合0",
        "每缺一项扣0.5分，最多扣2分",
        "未经培训上岗的，每人次扣2分",
        "无该项制度的，不得分；未以文件形式发布的，扣1分；每缺一项扣1分",
        "每缺一项扣1分；每发现一处扣0.5分",
    ],
)
def test_what_says_anything_else_stays_text(text):
    rule = parse_rule(text)
    assert not rule.understood
    assert (rule.minimum, rule.maximum) == (None, None)
    assert rule.text == text


def test_a_rule_says_what_conforming_is_worth():
    assert parse_rule("1.符合10分；2.每缺一项扣1-2分。").full_marks == 10


tenths = st.integers(min_value=1, max_value=100).map(lambda n: Decimal(n) / 10)


@given(
    low=tenths,
    high=tenths,
    dash=st.sampled_from(["-", "－", "—", "~", "～", "至", "到"]),
    before=st.sampled_from(
        ["每缺一项扣", "扣", "每发现一处不符合要求的扣", "1.符合5分；2.每缺一项扣"]
    ),
)
def test_every_range_is_read_in_every_writing(low, high, dash, before):
    rule = parse_rule(f"{before}{low}{dash}{high}分。")
    assert (rule.minimum, rule.maximum) == (low, high)
