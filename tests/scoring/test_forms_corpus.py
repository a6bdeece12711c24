"""Forms in all the ways that people write them come out as the same tree."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.forms import read_rubric
from tests.corpus.forms import workbook
from tests.corpus.layouts import NUMBERED, Layout, lay_out
from tests.corpus.variants import (
    EDITED,
    ENGLISH_HEADS,
    KINDS,
    MORE_HEADS,
    ORDER,
    OTHER_HEADS,
    VARIANTS,
    WIDE_HEADS,
    entry,
)


def tree_of(items):
    return [
        (
            item.section, item.name, item.points, item.requirements, item.rules,
            item.photo_required, item.critical,
        )
        for item in items
    ]  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_a_form_comes_out_as_its_tree(variant):
    read = read_rubric(variant.content)
    assert read.errors == []
    assert tree_of(read.items) == tree_of(variant.tree)
    assert read.weight_percent == variant.weight
    assert read.complete


# any tree in any layout

names = st.sampled_from(
    ["门岗值守", "夜间巡逻", "24小时监控", "消防演练", "5S 管理", "大堂保洁", "电梯（客梯）"]
)
phrases = st.sampled_from(
    [
        "保安24小时值班",
        "有记录",
        "保存30天以上",
        "第1责任人到场",
        "每周2、4日检查",
        "温度不高于2.5度",
        "有台账、有照片",
    ]
)
rule_cells = st.sampled_from([(entry.cell, entry.rules) for entry in (*KINDS, *ORDER[:1])])
roles = st.permutations(["item", "requirements", "points", "score", "rule", "remark"])


@st.composite
def trees(draw):
    tree = []
    for section in draw(st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=4, unique=True)):
        for name in draw(st.lists(names, min_size=1, max_size=3, unique=True)):
            cell, rules = draw(rule_cells)
            texts = draw(st.lists(phrases, min_size=1, max_size=4))
            points = Decimal(draw(st.integers(min_value=20, max_value=60))) / 2
            tree.append(entry(f"{section}类", name, points, texts, cell, rules))
    return tuple(tree)


@st.composite
def layouts(draw):
    columns = draw(roles)
    band = draw(st.booleans())
    reach = draw(st.sampled_from(["merge", "empty", "repeat", "copy"]))
    if not band:
        columns.insert(draw(st.integers(min_value=0, max_value=len(columns))), "section")
    return Layout(
        columns=tuple(columns),
        heads=draw(st.sampled_from([{}, OTHER_HEADS, MORE_HEADS, WIDE_HEADS, ENGLISH_HEADS])),
        above=draw(st.sampled_from([(), ("评分表",), EDITED])),
        reach=reach,
        band=band,
        one_per_row=draw(st.booleans()),
        numbering=draw(st.sampled_from(list(NUMBERED))),
        points=draw(st.sampled_from(["{}", "{}分", "{} 分"])),
        page=draw(st.sampled_from([0, 2])),
        blank=draw(st.booleans()),
        subtotals=draw(st.sampled_from(["", "小计"])),
        total=draw(st.sampled_from([None, "合计", "总 计"])),
        shift=draw(st.integers(min_value=0, max_value=2)),
        below=draw(st.sampled_from([(), ("备注：占总分25%",)])),
    )


@settings(deadline=None)
@given(tree=trees(), layout=layouts())
def test_any_tree_in_any_layout_comes_out_the_same(tree, layout):
    rows, merges = lay_out(tree, layout)
    read = read_rubric(workbook(rows, merges=merges))
    assert read.errors == []
    assert tree_of(read.items) == tree_of(tree)
    assert read.weight_percent == (25 if layout.below else None)
