"""Requirements in one cell, however they are numbered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.forms.wording import heading, split_requirements, tidy

CHINESE = "一二三四五六七八九十"


@pytest.mark.parametrize(
    ("text", "requirements"),
    [
        ("1. 有制度；\n2. 有记录；", ["有制度", "有记录"]),
        ("1、有制度\n2、有记录", ["有制度", "有记录"]),
        ("1．有制度　2．有记录", ["有制度", "有记录"]),
        ("１．有制度；２．有记录", ["有制度", "有记录"]),
        ("1)有制度;2)有记录.", ["有制度", "有记录"]),
        ("(1)有制度(2)有记录", ["有制度", "有记录"]),
        ("（1）有制度；（2）有记录。", ["有制度", "有记录"]),
        ("①有制度②有记录③有签到", ["有制度", "有记录", "有签到"]),
        ("⑴有制度⑵有记录", ["有制度", "有记录"]),
        ("一、有制度；二、有记录", ["有制度", "有记录"]),
        ("（一）有制度（二）有记录", ["有制度", "有记录"]),
        ("1.有制度2.有记录3.有签到", ["有制度", "有记录", "有签到"]),
        ("1. 有制度\n2、有记录", ["有制度\n2、有记录".replace("\n", "")]),
        ("1.录像至少保存7天；2.24小时值班", ["录像至少保存7天", "24小时值班"]),
        ("1、24小时值班；2、7天内回访", ["24小时值班", "7天内回访"]),
        ("1.每周2、4日检查2.有记录", ["每周2、4日检查", "有记录"]),
        ("1.温度不高于2.5度2.有记录", ["温度不高于2.5度", "有记录"]),
        ("1.制度见附件(2)；2.有记录", ["制度见附件(2)", "有记录"]),
        ("1.制度：（1）上墙（2）归档\n2.记录", ["制度：（1）上墙（2）归档", "记录"]),
        ("1.一季度\n一次；\n2.有记录", ["一季度一次", "有记录"]),
        ("1. \n2. 有记录", ["有记录"]),
        ("做到以下几点：1.上墙2.归档", ["做到以下几点：上墙", "归档"]),
        ("3. 有签到", ["有签到"]),
        ("1.24小时值班；2.有记录", ["24小时值班", "有记录"]),
        ("2.5米以上作业系安全带", ["2.5米以上作业系安全带"]),
        ("录像资料至少保存7天", ["录像资料至少保存7天"]),
        ("24小时值班", ["24小时值班"]),
        ("有制度；\n有记录；", ["有制度", "有记录"]),
        ("有制度并上墙\n公示", ["有制度并上墙公示"]),
        ("1、有制度2、24小时值班有记录3、有签到", ["有制度", "24小时值班有记录", "有签到"]),
        ("1.有制度2.24小时值班3.有签到", ["有制度", "24小时值班", "有签到"]),
        ("1、24小时2、48小时3、72小时", ["24小时", "48小时", "72小时"]),
        ("1.误差2.5米2.有记录3.有签到", ["误差2.5米", "有记录", "有签到"]),
        ("1、见2、3号楼记录2、有签到", ["见2、3号楼记录", "有签到"]),
        ("1.有2024.1.5的记录2.有签到", ["有2024.1.5的记录", "有签到"]),
        ("1.3-5人值班2.有签到", ["3-5人值班", "有签到"]),
        ("1.见第2、3项2.有签到", ["见第2、3项", "有签到"]),
        ("(a) Staffed (b) Logged", ["Staffed", "Logged"]),
        ("a) Staffed; b) Logged", ["Staffed", "Logged"]),
        ("1. Open at 7.30 2. Closed at 5.", ["Open at 7.30", "Closed at 5"]),
        ("1：有制度；2：有记录", ["有制度", "有记录"]),
        ("1，有制度\n2，有记录", ["有制度", "有记录"]),
        ("•有制度\n•有记录", ["有制度", "有记录"]),
        ("8:30上班", ["8:30上班"]),
        ("2、4日检查", ["2、4日检查"]),
        ("2024.1.5检查", ["2024.1.5检查"]),
        ("；。", []),
        ("", []),
    ],
)
def test_requirements_are_split_where_a_number_begins_one(text, requirements):
    assert split_requirements(text) == requirements


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("一、内部管理", "内部管理"),
        ("（二）现场管理", "现场管理"),
        ("3.制度\n建设", "制度建设"),
        ("24小时值班", "24小时值班"),
        ("2.5米以上作业", "2.5米以上作业"),
        ("5S 管理；", "5S 管理"),
        ("１、", "１"),
    ],
)
def test_a_heading_loses_its_number_and_nothing_else(text, name):
    assert heading(text) == name


def test_a_line_break_is_a_space_only_between_latin_words():
    assert tidy("fire\nalarm") == "fire alarm"
    assert tidy("消防\n 报警") == "消防报警"


# numbering and splitting undo each other

STYLES = [
    lambda n: f"{n}. ",
    lambda n: f"{n}、",
    lambda n: f"{n}．",
    lambda n: f"{n}) ",
    lambda n: f"({n})",
    lambda n: f"（{n}）",
    lambda n: chr(ord("①") + n - 1),
    lambda n: f"{CHINESE[n - 1]}、",
    lambda n: f"（{CHINESE[n - 1]}）",
]
SEPARATORS = ["；\n", "\n", "；", "。"]
QUANTITIES = [
    "至少7天",
    "24小时",
    "不低于2.5米",
    "0.5-2分",
    "第3季度",
    "每周2次",
    "98%以上",
    "7×24小时",
    "3台",
]
WORDS = [
    "有制度",
    "上墙公示",
    "记录完整",
    "巡查",
    "设备",
    "，",
    "及时处理",
    "保存",
    "值班",
    "三公开",
]

phrases = st.lists(st.sampled_from(WORDS + QUANTITIES), min_size=1, max_size=5)
texts = phrases.map("".join).map(lambda text: text.strip("，")).filter(bool)


@given(
    requirements=st.lists(texts, min_size=2, max_size=10),
    style=st.sampled_from(STYLES),
    separator=st.sampled_from(SEPARATORS),
)
def test_what_was_numbered_is_split_into_the_same(requirements, style, separator):
    numbered = [style(n) + text for n, text in enumerate(requirements, start=1)]
    assert split_requirements(separator.join(numbered)) == requirements


@given(
    requirements=st.lists(texts.map(lambda text: f"有{text}的记录"), min_size=1, max_size=10),
    style=st.sampled_from(STYLES),
)
def test_what_was_numbered_and_run_together_is_split_into_the_same(requirements, style):
    """Only a number that touches another can't be told from 2.5米 here."""
    numbered = [style(n) + text for n, text in enumerate(requirements, start=1)]
    assert split_requirements("".join(numbered)) == requirements


@given(texts)
def test_a_text_without_numbers_stays_one(text):
    assert split_requirements(text) == [text]


@given(st.text(alphabet="1234、.．()（）①②一二\n；。 天有录A：", max_size=60))
def test_whatever_is_written_nothing_but_numbers_and_punctuation_is_lost(text):
    kept = "".join(split_requirements(text))
    for sign in "天有录A":
        assert kept.count(sign) == text.count(sign)
