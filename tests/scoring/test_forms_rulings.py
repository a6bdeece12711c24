"""Deduction rules as people write them, and as they are written back."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import Kind
from scoring.forms import Rule
from scoring.forms.ruling_words import rule_words, rules_text
from scoring.forms.rulings import parse_rules

EACH = "each"


def told(rule):
    """A rule as kind, figures and, for a price, `each`."""
    if rule.kind is None:
        return None
    figures = rule.levels or (rule.minimum, rule.maximum)
    known = [str(figure) for figure in figures if figure is not None]
    return (str(rule.kind), *known, *([EACH] if rule.each else []))


def read(text):
    return [told(rule) for rule in parse_rules(text).rules]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("1.符合5分；2.每缺一项扣0.5-2分。", ("0.5", "2")),
        ("1、符合5分\n2、每缺一项扣0.5-2分", ("0.5", "2")),
        ("符合5分\n每缺一项扣1-2分", ("1", "2")),
        ("符合5分 每缺一项扣1-2分", ("1", "2")),
        ("每缺一项\n扣1-2分", ("1", "2")),
        ("每缺1项扣０．５—２分", ("0.5", "2")),
        ("每缺一项扣 1 － 2 分", ("1", "2")),
        ("0.5～2分", ("0.5", "2")),
        ("0.5-2", ("0.5", "2")),
        ("扣0.5至2分", ("0.5", "2")),
        ("扣0.5分到2分", ("0.5", "2")),
        ("扣0.5分-2分", ("0.5", "2")),
        ("（每缺一项扣0.5-2分）", ("0.5", "2")),
        ("每缺一项扣2-0.5分", ("2", "0.5")),
        ("deduct 0.5-2 points for each missing item", ("0.5", "2")),
        ("0.5 - 2 points per missing requirement", ("0.5", "2")),
    ],
)
def test_a_range_is_the_price_of_a_missing_requirement(text, amounts):
    assert read(text) == [("range", *amounts, EACH)]


@pytest.mark.parametrize(
    "text",
    [
        "每项扣1分", "每缺一项扣1分", "缺少一项扣1分/项", "每缺一项扣一分",
        "每缺一项扣1分（扣完为止）", "不符合要求的，扣1分", "1 point each",
        "Deduct 1 point for each missing item.", "每缺一项，扣1分，扣完该项分值为止。",
    ],
)  # fmt: skip
def test_one_amount_is_a_fixed_price(text):
    assert read(text) == [("fixed", "1", "1", EACH)]


@pytest.mark.parametrize(
    "text",
    [
        "每发现一处扣0.5分", "一处不符合扣0.5分", "每处扣0.5分", "每发现一处，扣0.5分，扣完为止。",
        "每次扣0.5分", "0.5 points per occurrence", "不符合要求每处扣0.5分",
    ],
)  # fmt: skip
def test_what_is_counted_is_a_price_by_occurrence(text):
    assert read(text) == [("per_occurrence", "0.5", "0.5", EACH)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("未以文件形式发布的，扣1分", ("fixed", "1", "1")),
        ("无证上岗（扣2分）", ("fixed", "2", "2")),
        ("未按每周一次巡查的，扣2分", ("fixed", "2", "2")),
        ("发生有效投诉的，扣1～3分", ("range", "1", "3")),
        ("未经培训上岗的，每人次扣2分", ("per_occurrence", "2", "2")),
        ("发现一处积水扣0.5分", ("per_occurrence", "0.5", "0.5")),
        ("每有一人未持证上岗扣1分", ("per_occurrence", "1", "1")),
        ("设备故障的，每台扣0.5分", ("per_occurrence", "0.5", "0.5")),
        ("业主投诉一起扣1分", ("per_occurrence", "1", "1")),
        ("逾期的，每天扣0.5分", ("per_occurrence", "0.5", "0.5")),
        ("Deduct 2 points per person without training", ("per_occurrence", "2", "2")),
        ("无该项制度的，不得分", ("lose_item",)),
        ("未建台账扣完该项", ("lose_item",)),
        ("弄虚作假的，该项不得分", ("lose_item",)),
        ("无记录的得0分", ("lose_item",)),
        ("不符合0分", ("lose_item",)),
        ("No points if there is no policy", ("lose_item",)),
        ("扣满4分的，追加扣除10分", ("extra", "10", "10")),
        ("发生火灾的，另扣5分", ("extra", "5", "5")),
        ("被主管部门处罚的加扣3-5分", ("extra", "3", "5")),
        ("extra 10 points if fined", ("extra", "10", "10")),
    ],
)
def test_an_occasion_of_its_own_makes_a_rule_besides_the_price(text, rule):
    assert read(text) == [rule]
    assert parse_rules(text).rules[0].text == text


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("符合2.0，基本符合1.0，不符合0", ("0", "1", "2")),
        ("符合2分；基本符合1分；不符合不得分。", ("0", "1", "2")),
        ("好5分 中3分 差0分", ("0", "2", "5")),
        ("优（5分）、良（3分）、差（0分）", ("0", "2", "5")),
        ("优：10分\n良：8分\n合格：6分", ("0", "2", "4")),
        ("A级5分，B级3分，C级0分", ("0", "2", "5")),
        ("有得2分，没有得0分", ("0", "2")),
        ("优不扣分，良扣1分，差扣2分", ("0", "1", "2")),
        ("Good 5, fair 3, poor 0", ("0", "2", "5")),
    ],
)
def test_levels_are_points_lost_from_the_largest(text, lost):
    assert read(text) == [("levels", *lost)]


def test_a_cell_may_hold_rules_of_many_kinds():
    clauses = [
        "无该项制度的，不得分", "未以文件形式发布的，扣1分", "每缺一项扣1分",
        "未经培训上岗的，每人次扣2分", "扣满4分的，追加扣除10分",
    ]  # fmt: skip
    read = parse_rules("；".join(clauses))
    assert [rule.text for rule in read.rules] == clauses
    assert [told(rule) for rule in read.rules] == [
        ("lose_item",), ("fixed", "1", "1"), ("fixed", "1", "1", EACH),
        ("per_occurrence", "2", "2"), ("extra", "10", "10"),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["；", "。", "\n", "；\n"])
def test_clauses_end_in_any_way(end):
    clauses = ["符合5分", "无制度的不得分", "每缺一项扣1分"]
    assert read(end.join(clauses)) == [("lose_item",), ("fixed", "1", "1", EACH)]


def test_of_two_prices_that_of_a_missing_requirement_counts():
    expected = [("per_occurrence", "0.1", "0.1"), ("fixed", "1", "1", EACH)]
    assert read("每发现一处扣0.1分；每缺一项扣1分") == expected


def test_a_second_price_of_the_same_kind_has_to_be_settled():
    assert read("每缺一项扣1分；每项扣2分") == [("fixed", "1", "1", EACH), None]


@pytest.mark.parametrize(
    "text",
    [
        "酌情扣分", "扣0分", "5分", "每缺一项扣0.125分", "每缺一项扣0.5分，最多扣2分", "优/良/差",
        "视情节扣分", "有制度得2分", "0.5分/户不计，每户扣0.2分", "加倍扣分", "优秀：9-10分",
        "发生事故，本项不得分并追加扣除10分", "每项不合格扣该项分值的50%", "Up to 2 points",
        "as the inspector sees fit",
    ],
)  # fmt: skip
def test_what_is_not_understood_stays_text_to_be_settled(text):
    assert parse_rules(text).rules == (Rule(text),)


@pytest.mark.parametrize(
    "text",
    ["发生安全事故的，本表零分", "未配合检查的，扣总分5分", "部分符合得50%，不符合不得分"],
)
def test_what_goes_beyond_an_item_or_takes_a_share_of_it_has_to_be_settled(text):
    assert read(text) == [None]


def test_hours_are_counted_like_days():
    assert read("超过24小时的，每小时扣1分") == [("per_occurrence", "1", "1")]
    assert read("出勤率低于95%的，扣2分") == [("fixed", "2", "2")]


def test_one_clause_that_is_not_understood_leaves_the_others():
    assert read("酌情扣分；每缺一项扣1分") == [None, ("fixed", "1", "1", EACH)]
    assert read("酌情扣分\n每缺一项扣1分") == [None, ("fixed", "1", "1", EACH)]


@pytest.mark.parametrize("text", ["", " \n", "。", "扣完为止", "符合4分"])
def test_what_takes_nothing_is_no_rule(text):
    assert read(text) == []


def test_a_cell_says_what_conforming_is_worth():
    assert parse_rules("1.符合10分；2.每缺一项扣1-2分。").full_marks == 10
    assert parse_rules("优5分，良3分，差0分").full_marks == 5
    assert parse_rules("满分5分，每缺1项扣1分").full_marks == 5
    assert parse_rules("Full marks 5; deduct 1 point each").full_marks == 5


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
    [rule] = parse_rules(f"{before}{low}{dash}{high}分。").rules
    assert (rule.minimum, rule.maximum, rule.each) == (low, high, True)


# written and read back

ranges = st.tuples(tenths, tenths).map(sorted)
words = st.one_of(
    st.just(""),
    st.sampled_from([
        "未上墙公示的", "每缺一项扣0.5-2分", "酌情扣分", "每发现一处扣0.1分", "无制度的，不得分",
        "符合4分", "优5分", "1.未巡查；2.未签字", "资料【缺】", "见附件：1.台账", "扣完为止",
    ]),
    st.text("扣每缺一项处人分得不0123.、，；。\n（）【】：- abc优符合5", max_size=20),
)  # fmt: skip


def ruled(kind, figures, each=False):
    return Rule("", kind, *figures, each=each)


kinds = st.one_of(
    ranges.map(lambda pair: ruled(Kind.RANGE, pair)),
    tenths.map(lambda one: ruled(Kind.FIXED, (one, one))),
    tenths.map(lambda one: ruled(Kind.PER_OCCURRENCE, (one, one))),
    ranges.map(lambda pair: ruled(Kind.PER_OCCURRENCE, pair)),
    tenths.map(lambda one: ruled(Kind.EXTRA, (one, one))),
    st.just(Rule("", Kind.LOSE_ITEM)),
    st.lists(tenths, min_size=2, max_size=4, unique=True).map(
        lambda lost: Rule("", Kind.LEVELS, min(lost), max(lost), tuple(lost))
    ),
    st.just(Rule("")),
)
further = st.builds(lambda rule, text: replace(rule, text=text), kinds, words)
prices = st.one_of(
    ranges.map(lambda pair: ruled(Kind.RANGE, pair, each=True)),
    tenths.map(lambda one: ruled(Kind.FIXED, (one, one), each=True)),
    tenths.map(lambda one: ruled(Kind.PER_OCCURRENCE, (one, one), each=True)),
)
price = st.builds(lambda rule, text: replace(rule, text=text), prices, words)
several = st.builds(
    lambda one, others: [*one, *others],
    st.lists(price, max_size=1),
    st.lists(further, max_size=5),
)


def meaning(rules):
    return [replace(rule, text="") for rule in rules]


@given(rule=st.one_of(price, further))
def test_a_rule_in_words_is_read_as_the_same_rule(rule):
    assert meaning(parse_rules(rule_words(rule)).rules) == meaning([rule])


@given(rules=several, points=st.none() | tenths)
def test_rules_in_one_cell_are_read_as_the_same_rules(rules, points):
    assert meaning(parse_rules(rules_text(rules, points)).rules) == meaning(rules)


@given(rules=several, points=st.none() | tenths)
def test_what_was_read_is_written_and_read_word_for_word(rules, points):
    known = parse_rules(rules_text(rules, points)).rules
    assert parse_rules(rules_text(known, points)).rules == known


def test_rules_in_words_that_say_what_they_are_stay_as_they_are():
    text = "1.符合5分；2.每缺一项扣0.5-2分"
    assert rules_text(parse_rules(text).rules, Decimal(5)) == text


def test_what_a_person_settled_stands_behind_the_words():
    settled = Rule("资料不齐，酌情扣分", Kind.FIXED, Decimal(1), Decimal(1))
    assert rule_words(settled) == "资料不齐，酌情扣分【扣1分】"
    assert parse_rules(rule_words(settled)).rules == (settled,)
