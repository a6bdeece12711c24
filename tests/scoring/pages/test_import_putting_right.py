"""Everything that was read can be put right on the page; two people do not lose each other's."""

from decimal import Decimal

import pytest

from scoring import reviews
from scoring.models import HeaderMapping, Rubric, RubricImport
from tests.corpus import forms as corpus
from tests.scoring import excel
from tests.scoring.pages.reviewing import as_opened, decide, shown, text

# --- putting right -------------------------------------------------------------------------


def test_what_is_missing_can_be_put_in_on_the_page(send, put, confirm):
    review = send(excel.FACILITIES, "facilities")
    rule = {"rules-0-kind": "each:range", "rules-0-amount": "0.2～1"}
    assert put(review, 9, points="4分", name="弱电机房", **rule).status_code == 302
    confirm(review, "publish")
    item = Rubric.objects.current().get().items.get(code="FA07")
    assert (item.name, item.points) == ("弱电机房", 4)
    assert (item.deduct_min, item.deduct_max) == (Decimal("0.2"), 1)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"points": "四"}, "请填大于 0 的分值"),
        ({"points": "0"}, "请填大于 0 的分值"),
        ({"name": ""}, "请写项目名称"),
        ({"points": "4", "rules-0-kind": "each:range", "rules-0-amount": "2-1"}, "从小到大"),
        ({"points": "4", "rules-0-kind": "each:range", "rules-0-amount": "1-5"}, "超过了该项的 4"),
    ],
)
def test_a_wrong_answer_is_said_beside_its_field_and_kept(send, put, typed, says):
    page = put(send(excel.FACILITIES, "facilities"), 9, **typed)
    assert page.status_code == 422
    assert says in text(page)
    assert all(
        f'value="{value}"' in text(page) for value in typed.values() if ":" not in value and value
    )
    assert RubricImport.objects.get().edits == {}


def test_an_error_that_is_put_right_is_settled_and_so_is_the_total(send, put, admin, confirm):
    wrong = excel.book(excel.item(points="六十"), excel.item("档案", points=40), total=100)
    review = send(wrong)
    assert {note.message.code for note in shown(admin, review).errors} == {
        "points_not_a_number", "total_differs",
    }  # fmt: skip
    put(review, 3, points="50")
    (left,) = shown(admin, review).errors
    assert (left.message.code, left.message.cell) == ("total_differs", "D5")
    put(review, 3, points="60")
    assert shown(admin, review).errors == []
    confirm(review, "publish")
    assert Rubric.objects.get().items.get(order=0).points == 60


def test_a_total_that_was_written_wrong_is_put_right_on_the_page(send, admin, confirm):
    review = send(excel.book(excel.item(points=60), excel.item("档案", points=40), total=100.1))
    typed = {"do": "total", "cell": "D5", "total": "100", "revision": "0"}
    assert "是表里写错了，应为" in text(admin.get(review.url))
    admin.post(review.url, typed)
    assert shown(admin, review).errors == []
    confirm(review, "publish")
    assert Rubric.objects.get().published_at


@pytest.mark.parametrize("total", ["", "很多", "0", "-1", "100.001", "9999999"])
def test_a_total_that_is_none_is_refused_and_changes_nothing(send, admin, total):
    review = send(excel.book(excel.item(points=60), excel.item("档案", points=40), total=90))
    typed = {"do": "total", "cell": "D5", "total": total, "revision": "0"}
    answer = admin.post(review.url, typed)
    assert answer.status_code == 422
    assert "合计要是大于 0 的分值" in text(answer)
    assert RubricImport.objects.get().edits == {}


def test_two_items_of_the_same_name_are_told_apart_on_the_page(send, put, admin):
    review = send(excel.book(excel.item("甲", points=60), excel.item("甲", points=40), total=100))
    assert [note.message.code for note in shown(admin, review).errors] == ["duplicate_item"]
    put(review, 4, name="乙")
    assert shown(admin, review).can_save


def test_a_row_is_left_out_and_put_back(send, admin):
    review = send(excel.two_items())
    page = shown(admin, review)
    leave = {"do": "leave", "row": "4", "mark": page.leaf("4").mark}
    assert admin.post(review.url, leave).status_code == 302
    page = shown(admin, review)
    assert [item.name for item in page.understood.items] == ["制度"]
    assert [leaf.item.name for leaf in page.left_out] == ["档案"]
    assert [note.message.code for note in page.errors] == ["total_differs"]
    admin.post(review.url, {"do": "undo", "row": "4", "mark": page.left_out[0].mark})
    assert shown(admin, review).can_save


def test_an_item_that_is_put_back_is_as_it_was_put_right(send, put, admin):
    review = send(excel.book(excel.item(), excel.item("档案")))
    put(review, 3, points="7.5")
    for do in ("leave", "undo"):
        (kept,) = RubricImport.objects.all()
        admin.post(review.url, {"do": do, "row": "3", "mark": reviews.mark_of(kept, "3")})
    assert shown(admin, review).leaf("3").item.points == Decimal("7.5")
    (kept,) = RubricImport.objects.all()
    admin.post(review.url, {"do": "undo", "row": "3", "mark": reviews.mark_of(kept, "3")})
    assert not shown(admin, review).leaf("3").is_edited


def test_a_section_gets_another_name_for_all_its_items_put_right_or_not(send, put, admin):
    review = send(excel.two_items())
    put(review, 3, name="制度建设")
    decide(admin, review, "section", old="内部管理", section="内部工作")
    assert {item.section for item in shown(admin, review).understood.items} == {"内部工作"}
    decide(admin, review, "section", old="内部工作", section="内部管理")
    assert shown(admin, review).understood.sections == ["内部管理"]


@pytest.mark.parametrize("title", ["", "长" * 121])
def test_the_rubric_is_named_on_the_page(send, admin, confirm, title):
    review = send(excel.two_items())
    assert decide(admin, review, "title", title=title).status_code == 422
    decide(admin, review, "title", title="秩序维护督导细则")
    confirm(review)
    assert Rubric.objects.get().name == "秩序维护督导细则"


def test_what_was_put_right_is_there_for_a_colleague_on_another_day(client, send, put, firm):
    review = send(excel.FACILITIES, "facilities")
    put(review, 9, points="4")
    client.force_login(firm.center)
    assert shown(client, review).leaf("9").item.points == 4


def test_a_hidden_row_is_shown_as_hidden_and_comes_in_when_asked_for(send, admin, confirm):
    rows = corpus.form([excel.item(points=60), excel.item("档案", points=40)], total=None)
    review = send(corpus.workbook(rows, hidden_rows=[4]))
    page = admin.get(review.url)
    assert len(page.context["import"].understood.items) == 1
    assert '<tr class="is-hidden"><th scope="row">4' in text(page)
    decide(admin, review, "hidden", hidden="yes")
    assert len(shown(admin, review).understood.items) == 2
    decide(admin, review, "hidden")
    assert len(shown(admin, review).understood.items) == 1


# --- columns -------------------------------------------------------------------------------

ODD = ["类别", "项目", "标准及检查内容", "比重", "规定分值", "评分细则"]


def odd_form(points=60) -> bytes:
    """Points stand under a word that nobody knows; what is called points is something else."""
    rows = [["内部管理", name, "1.上墙；2.归档", value, None, corpus.RULE]
            for name, value in (("制度", points), ("档案", 40))]  # fmt: skip
    return corpus.workbook([["秩序维护"], ODD, *rows])


def columns(page, **changed) -> dict[str, str]:
    roles = {f"column-{column.number}": column.role for column in page.grid.columns}
    return roles | {f"column-{number[1:]}": role for number, role in changed.items()}


def test_a_column_is_put_right_and_the_file_read_again(send, admin):
    review = send(odd_form())
    page = shown(admin, review)
    assert page.understood.total is None
    assert decide(admin, review, "columns", **columns(page, c4="points")).status_code == 302
    page = shown(admin, review)
    assert page.understood.total == 100
    assert [column.role for column in page.grid.columns][3:5] == ["points", ""]


def test_columns_are_remembered_once_confirmed_and_used_the_next_time(send, admin, confirm):
    review = send(odd_form())
    decide(admin, review, "columns", **columns(shown(admin, review), c4="points"))
    assert not HeaderMapping.objects.exists()
    confirm(review)
    again = send(odd_form(points=55))
    assert shown(admin, again).understood.total == 95
    assert "按上次的对应读取" in text(admin.get(again.url))


def test_columns_that_were_put_right_can_be_taken_back(send, admin):
    review = send(odd_form())
    decide(admin, review, "columns", **columns(shown(admin, review), c4="points"))
    decide(admin, review, "header")
    assert shown(admin, review).understood.total is None


# --- two at once ---------------------------------------------------------------------------


def test_an_item_that_somebody_else_put_right_shows_both(send, admin, put):
    review = send(excel.FACILITIES, "facilities")
    mine = as_opened(admin, review, 9)
    put(review, 9, name="他的名称", points="3")
    page = put(review, 9, opened=mine, name="我的名称", points="4")
    assert page.status_code == 409
    assert "他的名称 · 3 分" in text(page)
    assert 'value="我的名称"' in text(page)
    assert shown(admin, review).leaf("9").item.name == "他的名称"
    again = mine | {"mark": page.context["import"].leaf("9").mark}
    assert put(review, 9, opened=again, name="我的名称").status_code == 302
    assert shown(admin, review).leaf("9").item.name == "我的名称"


def test_another_item_that_changed_is_no_conflict(send, admin, put):
    review = send(excel.FACILITIES, "facilities")
    mine = as_opened(admin, review, 9)
    put(review, 3, name="别的一项")
    assert put(review, 9, opened=mine, points="4").status_code == 302


def test_a_decision_about_what_has_changed_since_is_not_taken(send, admin):
    review = send(excel.two_items())
    stale = {"do": "title", "title": "我的", "revision": "0"}
    decide(admin, review, "title", title="他的")
    assert admin.post(review.url, stale).status_code == 409
    assert shown(admin, review).understood.title == "他的"


def test_what_changed_since_it_was_seen_is_not_confirmed(send, admin, put):
    review = send(excel.SERVICE)
    put(review, 3, name="别的名称")
    page = admin.post(review.url, {"do": "draft", "revision": "0", "seen": ""})
    assert page.status_code == 409
    assert "这次导入刚被别人改过" in text(page)
    assert not Rubric.objects.exists()


@pytest.mark.parametrize("do", ["", "sell", "item"])
def test_a_move_that_there_is_not_changes_nothing(send, admin, do):
    review = send(excel.two_items())
    assert admin.post(review.url, {"do": do}).status_code in (404, 422)
    assert RubricImport.objects.get().revision == 0
