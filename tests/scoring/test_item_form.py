"""The form in which an item is written: what goes in comes out, and what it says of mistakes."""

from decimal import Decimal

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from scoring.content import Entry, Line
from scoring.engine import Kind
from scoring.forms import Item, Rule
from scoring.item_data import data_of, entry_data, entry_of, with_data
from scoring.item_form import ItemForm


def typed(prefix="", **fields) -> QueryDict:
    """What a browser sends: `requirements` and `rules` are lists of dicts."""
    rows = {name: fields.pop(name, []) for name in ("requirements", "rules")}
    data = {"section": "内部管理", "name": "制度建设", "points": "5", "standard": "", **fields}
    for name, lines in rows.items():
        data |= {f"{name}-TOTAL_FORMS": len(lines), f"{name}-INITIAL_FORMS": 0}
        for n, line in enumerate(lines):
            data |= {f"{name}-{n}-{key}": value for key, value in line.items()}
    query = QueryDict(mutable=True)
    query.update({f"{prefix}-{k}" if prefix else k: str(v) for k, v in data.items()})
    return query


def rule(kind, amount="", text="", **more) -> dict:
    return {"kind": kind, "amount": amount, "text": text, **more}


def given_back(**fields) -> dict:
    form = ItemForm(typed=typed(**fields))
    assert form.is_valid(), (form.errors, form.rules.errors, form.requirements.errors)
    return form.data_dict()


def faults(**fields) -> str:
    form = ItemForm(typed=typed(**fields))
    assert not form.is_valid()
    return render_to_string("scoring/_item_form.html", {"form": form})


def test_an_item_is_given_back_as_plain_data():
    line = {"text": "1、制度上墙公示；", "critical": "cap"}
    data = given_back(requirements=[line], rules=[rule("each:range", "0.5～2分")])
    assert data == {
        "section": "内部管理", "name": "制度建设", "standard": "", "points": "5",
        "photo_required": False,
        "requirements": [{"text": "1、制度上墙公示", "critical": "cap"}],
        "rules": [{"kind": "range", "text": "", "min": "0.5", "max": "2", "levels": [],
                   "each": True}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "amount", "expected"),
    [
        ("fixed", "扣1分", ("fixed", "1", "1", [])),
        ("range", "1-1", ("fixed", "1", "1", [])),
        ("per_occurrence", "０.１", ("per_occurrence", "0.1", "0.1", [])),
        ("lose_item", "3", ("lose_item", None, None, [])),
        ("levels", "2/1/0", ("levels", "0", "2", ["2", "1", "0"])),
        ("extra", "10", ("extra", "10", "10", [])),
    ],
)
def test_amounts_are_typed_as_people_write_them(kind, amount, expected):
    found = given_back(rules=[rule(kind, amount, "未发布")])["rules"][0]
    assert (found["kind"], found["min"], found["max"], found["levels"]) == expected


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "请写项目名称"),
        ({"points": "-1"}, "请填大于 0 的分值"),
        ({"rules": [rule("each:range", "2-0.5")]}, "幅度要从小到大"),
        ({"rules": [rule("each:range", "0.5-8")]}, "超过了该项的 5 分"),
        ({"rules": [rule("each:fixed", "0.5-2")]}, "请填一个分值"),
        ({"rules": [rule("each:fixed", "1"), rule("each:range", "1-2")]}, "一项只能有一条"),
        ({"rules": [rule("levels", "二/一", "符合")]}, "每一档扣的分"),
        ({"rules": [rule("levels", "1", "符合")]}, "每一档扣的分"),
        ({"rules": [rule("fixed", "1")]}, "请写明遇到什么情形"),
        ({"rules": [rule("", "1", "未发布")]}, "请选扣法"),
        ({"requirements": [{"text": "长" * 501}]}, "501"),
    ],
)
def test_a_mistake_is_named_beside_its_field(fields, sentence):
    assert sentence in faults(**fields)


def test_an_extra_may_be_more_than_the_item_has():
    assert given_back(rules=[rule("extra", "10", "扣满4分的")])["rules"][0]["max"] == "10"


def test_a_text_that_nobody_settled_stays_text():
    found = given_back(rules=[rule("", "", "视情况酌情扣分")])["rules"][0]
    assert (found["kind"], found["text"]) == (None, "视情况酌情扣分")


def test_rows_come_in_the_order_that_they_were_numbered_and_empty_ones_do_not():
    lines = [{"text": "后", "order": 2}, {"text": " "}, {"text": "前", "order": 1}, {"text": "末"}]
    found = given_back(requirements=lines)["requirements"]
    assert [line["text"] for line in found] == ["前", "后", "末"]


def test_there_are_always_two_spare_rows_and_what_was_typed_stays():
    data = given_back(requirements=[{"text": "制度上墙"}], rules=[rule("levels", "0/1", "符合")])
    form = ItemForm(data)
    assert len(form.requirements.forms) == 3
    assert 'value="0/1"' in render_to_string("scoring/_item_form.html", {"form": form})
    assert "幅度 2-1 的" in faults(standard="幅度 2-1 的", points="x")


def test_the_squares_of_an_import_are_on_the_fields():
    form = ItemForm(typed=None, prefix="r7")
    html = render_to_string("scoring/_item_form.html", {"form": form, "cells": {"points": "D7"}})
    assert 'data-cell="D7"' in html
    assert 'name="r7-points"' in html


def test_several_forms_on_a_page_do_not_meet():
    form = ItemForm(typed=typed("r7", requirements=[{"text": "甲"}]), prefix="r7")
    assert form.is_valid() and form.data_dict()["requirements"][0]["text"] == "甲"


def test_text_is_rid_of_what_a_workbook_cannot_hold():
    assert given_back(name="制度\x0b建设。")["name"] == "制度建设"


# --- data and the values that it stands for ------------------------------------------------

PRICE = Rule("", Kind.RANGE, Decimal("0.5"), Decimal(2), each=True)
READ = Item("内部", "制度", "", ("甲", "乙"), Decimal(5), (PRICE,), "每缺一项扣0.5-2分",
            {"name": "B3"}, ("C3", "C4"), (3, 4), code="CS01")  # fmt: skip


def test_an_item_that_was_read_keeps_its_place_and_its_rules_cell():
    data = data_of(READ) | {"requirements": [{"text": "乙", "critical": "zero"}]}
    changed = with_data(READ, data)
    assert (changed.requirements, changed.requirement_cells) == (("乙",), ("C4",))
    assert (changed.critical, changed.rule, changed.rows) == (("zero",), READ.rule, (3, 4))


def test_an_item_is_the_same_after_its_data():
    assert with_data(READ, data_of(READ)) == with_data(
        with_data(READ, data_of(READ)), data_of(READ)
    )
    assert data_of(with_data(READ, data_of(READ))) == data_of(READ)


def test_unchanged_texts_keep_their_english():
    before = Entry("CS01", "s1", ("制度", "Rules"), ("", None), (Line(("甲", "A")),), Decimal(5),
                   ((PRICE, None),), rule_text="每缺一项扣0.5-2分", is_sample=True)  # fmt: skip
    data = entry_data(before, "内部") | {"name": "制度建设"}
    after = entry_of(data, code="CS01", section="s1", before=before)
    assert (after.name, after.requirements[0].text) == (("制度建设", None), ("甲", "A"))
    assert (after.rule_text, after.is_sample) == ("每缺一项扣0.5-2分", False)
    assert entry_of(data | {"rules": []}, code="CS01", section="s1", before=before).rule_text == ""


def test_an_item_without_rules_begins_with_the_plans_kind_which_alone_says_nothing():
    untouched = ItemForm(initial={}).rules.forms[0]["kind"].value()
    assert untouched == "each:range"
    assert given_back(rules=[rule(untouched)])["rules"] == []
