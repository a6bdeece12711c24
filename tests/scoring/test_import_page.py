"""Importing a rubric in the browser: upload, review, put right, confirm; nothing before that."""

from decimal import Decimal

import pytest
from celery import Celery
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.celery import app
from organization.models import HistoryEntry, Specialty, StoredFile
from scoring import reviews, tasks
from scoring.models import HeaderMapping, Rubric, RubricImport
from scoring.results import open_scoring
from scoring.rubrics import load_rubric
from scoring.template import rubric_data
from scoring.views import rubric_import
from tests import cast
from tests.corpus import forms as corpus
from tests.scoring import excel


@pytest.fixture
def firm(db):
    return cast.company()


@pytest.fixture
def admin(client, firm):
    client.force_login(firm.admin)
    return client


def address(firm, step="import/") -> str:
    return f"/c/{firm.campaign.code}/rubrics/{step}"


@pytest.fixture
def send(admin, firm):
    """Upload a file for a specialty; the review's address, or the page that says no."""

    def post(data, code="order", **more):
        file = excel.upload(data, **more)
        return admin.post(address(firm), {"specialty": code, "file": file})

    return post


@pytest.fixture
def confirm(admin):
    """Confirm a review as it is shown."""

    def post(review, do="draft"):
        page = admin.get(review.url).context["import"]
        seen = {"seen": page.draft_mark, "revision": page.kept.revision}
        return admin.post(review.url, {"do": do, **seen})

    return post


@pytest.fixture
def put(admin):
    """Put an item right as its form stands on the page; `typed` are fields without the prefix."""

    def post(review, row, opened=None, **typed):
        return admin.post(review.url, (opened or as_opened(admin, review, row))
                          | {f"r{row}-{name}": value for name, value in typed.items()})  # fmt: skip

    return post


def as_opened(client, review, row) -> dict:
    """Everything that the item's form would send."""
    leaf = client.get(f"{review.url}?item={row}").context["import"].leaf(str(row))
    forms = [leaf.form]
    for rows in (leaf.form.requirements, leaf.form.rules):
        forms += [rows.management_form, *rows.forms]
    fields = {field.html_name: field.value() for form in forms for field in form}
    sent = {name: "" if value is None else value for name, value in fields.items()}
    sent = {name: value for name, value in sent.items() if value is not False}
    return {"do": "item", "row": row, "mark": leaf.mark, **sent}


def shown(client, review):
    return client.get(review.url).context["import"]


def decide(client, review, do, **typed):
    revision = shown(client, review).kept.revision
    return client.post(review.url, {"do": do, "revision": revision, **typed})


def text(response) -> str:
    return response.content.decode()


# --- who -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("admin", 200), ("center", 200), ("president", 403), ("lead", 403), ("manager", 403)],
)
def test_rubrics_are_imported_by_administrator_and_center(client, firm, who, status):
    client.force_login(getattr(firm, who))
    assert client.get(address(firm)).status_code == status


def stranger(firm):
    elsewhere = cast.project("Z9", "别处")
    return cast.person("guest", "外人", cast.Role.EMPLOYEE, project=elsewhere)


def test_a_stranger_learns_nothing(client, firm):
    client.force_login(stranger(firm))
    assert client.get(address(firm)).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("center", 200), ("president", 403)])
def test_an_import_is_taken_up_by_whoever_may_import(client, send, firm, who, status):
    review = send(excel.SERVICE)
    client.force_login(getattr(firm, who))
    assert client.get(review.url).status_code == status
    assert client.get(f"{review.url}progress/").status_code == status
    assert client.post(review.url, {"do": "leave", "row": "3"}).status_code != 302


def test_a_stranger_finds_no_import(client, send, firm):
    review = send(excel.SERVICE)
    client.force_login(stranger(firm))
    assert client.get(review.url).status_code == 404
    assert client.post(review.url, {"do": "discard"}).status_code == 404
    assert RubricImport.objects.exists()


def test_waiting_imports_are_listed_for_those_who_may_take_them_up(client, send, firm):
    send(excel.SERVICE)
    client.force_login(firm.center)
    page = text(client.get(address(firm, "")))
    assert "等着核对的导入" in page
    assert "form-customer-service.xlsx" in page
    assert "郭磊" in page
    client.force_login(firm.president)
    assert "等着核对的导入" not in text(client.get(address(firm, "")))


# --- upload --------------------------------------------------------------------------------


def test_an_upload_leads_to_its_review_and_writes_no_rubric(send, firm):
    review = send(excel.SERVICE, "customer_service")
    made = RubricImport.objects.get()
    assert review.url == f"{address(firm)}{made.pk}/"
    assert (made.source, made.specialty.code) == (StoredFile.objects.get(), "customer_service")
    assert not Rubric.objects.exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"no workbook", ""),
        (corpus.workbook([["随便", "写的"]]), "没有找到表头"),
        (corpus.with_macros(), "宏"),
        (b"", "空"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_file_and_not_kept(send, data, says):
    page = send(data, "facilities")
    assert page.status_code == 422
    assert page.context["form"].errors["file"]
    assert says in text(page)
    assert '<option value="facilities" selected>' in text(page)
    assert not StoredFile.objects.exists()


def test_what_is_wrong_with_a_file_names_it_and_the_sheet(send):
    refused = text(send(corpus.workbook([["随便", "写的"]], sheet="旧表"), name="表.xlsx"))
    assert "表.xlsx · " in refused
    assert "旧表" in refused


def test_a_form_as_text_is_reviewed_like_any_other(send, admin, confirm):
    rows = corpus.form([excel.item(points=60), excel.item("档案", points=40)], total=100)
    lines = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    review = send(lines.encode("gb18030"), name="秩序维护.csv")
    assert shown(admin, review).understood.total == 100
    confirm(review, "publish")
    assert Rubric.objects.get().source.mime == "text/csv"


def test_without_a_file_the_form_asks_for_one(admin, firm):
    page = admin.post(address(firm), {"specialty": "order"})
    assert "请选择一个文件" in text(page)


@pytest.mark.parametrize(
    ("title", "sheet", "code"),
    [
        ("客户服务评分表", "评分表", "customer_service"),
        ("督导评分细则", "秩序维护", "order"),
        ("设施维护督导评分细则", "评分表", "facilities"),
        ("Environment rubric", "Sheet1", "environment"),
        ("督导评分细则", "评分表", None),
    ],
)
def test_the_specialty_is_told_by_title_or_sheet(send, title, sheet, code):
    send(corpus.workbook(corpus.form(title=title), sheet=sheet), "")
    assert getattr(RubricImport.objects.get().specialty, "code", None) == code


def test_without_a_specialty_nothing_is_saved_until_one_is_chosen(send, admin, confirm):
    review = send(corpus.workbook(corpus.form(title="督导评分细则")), "")
    assert "请先选专业口" in text(admin.get(review.url))
    assert confirm(review).status_code == 422
    decide(admin, review, "specialty", specialty="order")
    assert confirm(review).status_code == 302
    assert Rubric.objects.get().specialty.code == "order"


@pytest.fixture
def several(send):
    """Two rubrics and a hidden one in a file."""
    more = {"秩序维护": corpus.form(title="秩序维护"), "环境维护": corpus.form(title="环境维护")}
    data = corpus.workbook(
        corpus.form(title="客户服务"), more=more, hidden_sheets=["环境维护"], sheet="客户服务"
    )
    return send(data, "facilities")


def test_each_table_of_a_file_is_an_import_of_its_own(several, admin):
    made = RubricImport.objects.order_by("number")
    assert [each.specialty.code for each in made] == ["customer_service", "order"]
    page = admin.get(several.url)
    assert [(each.name, each.count) for each in page.context["import"].siblings] == [
        ("客户服务", 2), ("秩序维护", 2),
    ]  # fmt: skip
    assert f"{made[1].pk}/" in text(page)


def test_tables_of_one_sheet_are_told_apart_by_their_titles(send, admin):
    tables = [*corpus.form(title="客户服务考评表"), [], *corpus.form(title="秩序维护考评表")]
    review = send(corpus.workbook(tables), "")
    names = [each.name for each in shown(admin, review).siblings]
    assert names == ["客户服务考评表", "秩序维护考评表"]


def test_a_hidden_sheet_is_named_and_can_be_taken_in(several, admin):
    page = admin.get(several.url)
    assert page.context["import"].hidden_sheets == [(3, "环境维护")]
    taken = admin.post(several.url, {"do": "sheet", "number": "3"})
    again = admin.post(several.url, {"do": "sheet", "number": "3"})
    assert taken.url == again.url
    assert shown(admin, taken).specialty.code == "environment"
    assert len(shown(admin, taken).understood.items) == 2


@pytest.mark.parametrize("number", ["0", "9", "x", ""])
def test_a_sheet_that_is_not_there_is_refused(several, admin, number):
    assert admin.post(several.url, {"do": "sheet", "number": number}).status_code == 422
    assert RubricImport.objects.count() == 2


# --- review --------------------------------------------------------------------------------


def test_the_companys_form_is_understood_without_a_doubt(send, admin):
    page = text(admin.get(send(excel.SERVICE, "customer_service").url))
    assert "看懂 19 项、72 条检查内容，没有疑问" in page
    assert "合计正好 100 分：可以发布" in page
    assert "表内注明占总分 25%；本次权重 25%" in page


def test_the_sheet_is_shown_as_it_is_with_merged_cells(send, admin):
    page = text(admin.get(send(excel.SERVICE, "customer_service").url))
    assert '<td id="c-A1" class="title" colspan="6">客户服务督导评分细则</td>' in page
    assert '<td id="c-A3" class="merge" rowspan="8">内部管理</td>' in page
    assert 'id="c-A4"' not in page


def test_doubtful_cells_are_marked_and_tied_to_what_is_said(send, admin):
    page = text(admin.get(send(excel.FACILITIES, "facilities").url))
    assert "看懂 7 项、26 条检查内容，4 处请您看一下" in page
    assert '<td id="c-D9" class="ask">空 <a href="#m1"' in page
    assert 'id="m1"' in page
    assert 'href="#c-D9"' in page
    assert "合计 20 分，离 100 差 80 分：可存为草稿，补齐后才能发布" in page


def test_an_item_names_the_cells_it_came_from(send, admin):
    page = shown(admin, send(excel.FACILITIES, "facilities"))
    leaf = page.leaf("4")
    assert leaf.squares == {"section": "A3", "name": "B4", "standard": "B4", "requirements": "C4",
                            "points": "D4", "rule": "F4"}  # fmt: skip
    assert {cell for _text, cell in leaf.lines} == {"C4"}


def test_errors_are_listed_with_their_cells_and_nothing_can_be_saved(send, admin, confirm):
    review = send(excel.book(excel.item(points=60), excel.item("档案", points=40), total=90))
    page = text(admin.get(review.url))
    assert "有 1 处要改正，改好才能存" in page
    assert "写的合计是 90 分，各项相加是 100 分" in page
    assert '<td id="c-D5" class="num stop">90' in page
    assert 'value="draft"' not in page
    assert confirm(review).status_code == 422
    assert not Rubric.objects.exists()


def test_markup_in_a_cell_stays_text(send, admin):
    page = text(admin.get(send(excel.book(excel.item("<script>x</script>"))).url))
    assert "<script>x" not in page


def test_an_import_that_is_not_there_is_nothing(admin, firm):
    gone = "00000000-0000-4000-8000-000000000000"
    assert admin.get(f"{address(firm)}{gone}/").status_code == 404


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


# --- confirm -------------------------------------------------------------------------------


def test_a_draft_is_kept_with_its_file_and_on_record(send, confirm, firm):
    response = confirm(send(excel.SERVICE, "customer_service"))
    draft = Rubric.objects.get()
    assert response.url == address(firm, f"{draft.pk}/")
    assert (draft.published_at, draft.items.count()) == (None, 19)
    assert draft.source == StoredFile.objects.get()
    assert HistoryEntry.objects.get(verb="draft_rubric").by == firm.admin


def test_a_complete_form_is_published_at_once(send, confirm):
    confirm(send(excel.SERVICE, "customer_service"), "publish")
    assert Rubric.objects.current().count() == 1


def test_an_incomplete_one_is_not_published_and_says_what_is_missing(send, confirm):
    page = confirm(send(excel.FACILITIES, "facilities"), "publish")
    assert page.status_code == 422
    assert "没有规定分值" in text(page)
    assert not Rubric.objects.exists()


def test_over_a_published_version_it_is_the_next_and_says_what_changes(send, admin, confirm, firm):
    load_rubric(
        campaign=firm.campaign, specialty=firm.lines["customer_service"], by="command",
        data=rubric_data("customer_service"), at=cast.NOW,
    )  # fmt: skip
    review = send(excel.SERVICE, "customer_service")
    says = "已发布的第 1 版不变；这次导入成为第 2 版；已有评分表留在原来的版本"
    assert says in text(admin.get(review.url))
    assert shown(admin, review).difference.same == 19
    page = shown(admin, review)
    admin.post(review.url, {"do": "leave", "row": "3", "mark": page.leaf("3").mark})
    (row,) = shown(admin, review).difference.rows
    assert (row.code, row.marks) == ("CS01", ("removed",))
    admin.post(
        review.url, {"do": "undo", "row": "3", "mark": shown(admin, review).left_out[0].mark}
    )
    confirm(review)
    assert list(Rubric.objects.drafts().values_list("version", flat=True)) == [2]


def test_a_draft_that_somebody_else_made_meanwhile_is_not_overwritten(
    send, firm, admin, confirm, put
):
    review = send(excel.FACILITIES, "facilities")
    put(review, 9, points="4")
    seen = {"seen": "", "revision": "1", "do": "draft"}
    confirm(send(excel.book(excel.item("别人的", points=5), total=5), "facilities"))
    page = admin.post(review.url, seen)
    assert page.status_code == 409
    assert "这个专业的草稿刚被别人改过" in text(page)
    assert page.context["import"].leaf("9").item.points == 4
    assert Rubric.objects.get().items.get().name == "别人的"
    again = seen | {"seen": page.context["import"].draft_mark}
    assert admin.post(review.url, again).status_code == 302
    assert Rubric.objects.get().items.count() == 7


def test_confirming_twice_keeps_one_draft(send, admin):
    review = send(excel.SERVICE)
    typed = {"do": "draft", "seen": "", "revision": "0"}
    first, second = admin.post(review.url, typed), admin.post(review.url, typed)
    assert first.url == second.url == Rubric.objects.get().get_absolute_url()
    assert HistoryEntry.objects.filter(verb="draft_rubric").count() == 1


def test_an_import_that_is_given_up_leaves_nothing(send, admin, firm):
    review = send(excel.SERVICE)
    assert admin.post(review.url, {"do": "discard"}).url == address(firm, "")
    assert not RubricImport.objects.exists()
    assert admin.get(review.url).status_code == 404


# --- long ones -----------------------------------------------------------------------------


@pytest.fixture
def long(monkeypatch):
    """Every file and every rubric counts as long."""
    monkeypatch.setattr(rubric_import, "LONG_FILE", 10)
    monkeypatch.setattr(rubric_import, "LONG_RUBRIC", 1)


@pytest.fixture
def at_once():
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_a_long_file_is_read_behind_the_page(long, send, admin):
    review = send(excel.SERVICE, "")
    page = admin.get(review.url)
    assert "正在读这个文件" in text(page)
    assert admin.get(f"{review.url}progress/").json() == {"done": False, "percent": 0}
    tasks.read_upload(str(RubricImport.objects.get().pk))
    assert admin.get(f"{review.url}progress/").json()["done"]
    assert "看懂 19 项" in text(admin.get(review.url))
    assert RubricImport.objects.get().specialty.code == "customer_service"


def test_a_long_file_with_several_tables_is_read_once(long, send, several):
    first = RubricImport.objects.get()
    tasks.read_upload(str(first.pk))
    tasks.read_upload(str(first.pk))
    assert RubricImport.objects.count() == 2


def test_a_long_file_that_cannot_be_read_says_so_when_one_comes_back(long, at_once, send, admin):
    review = send(corpus.workbook([["随便", "写的"]]))
    page = admin.get(review.url)
    assert "没有找到表头" in text(page)
    assert f'action="{review.url.split("import/")[0]}import/"' in text(page)


def test_a_long_rubric_is_written_behind_the_page(long, at_once, send, admin, confirm):
    review = send(excel.SERVICE, "customer_service")
    assert confirm(review, "publish").url == review.url
    assert admin.get(review.url).url == Rubric.objects.current().get().get_absolute_url()


def test_a_task_that_comes_twice_writes_once(long, send, admin, confirm, firm):
    review = send(excel.SERVICE, "customer_service")
    import_ = RubricImport.objects.get()
    tasks.read_upload(str(import_.pk))
    confirm(review)
    assert "正在写入" in text(admin.get(review.url))
    for _ in range(2):
        tasks.confirm_import(str(import_.pk), firm.admin.pk)
    assert Rubric.objects.get().items.count() == 19
    assert HistoryEntry.objects.filter(verb="draft_rubric").count() == 1


def test_nothing_is_changed_while_it_is_being_written(long, send, admin, confirm):
    review = send(excel.SERVICE, "customer_service")
    tasks.read_upload(str(RubricImport.objects.get().pk))
    confirm(review)
    import_ = RubricImport.objects.get()
    with pytest.raises(reviews.Refused):
        reviews.rename(import_=import_, title="别的", revision=import_.revision)


def test_a_task_that_is_refused_opens_the_review_again_and_says_why(
    long, at_once, send, admin, confirm
):
    review = send(excel.FACILITIES, "facilities")
    assert confirm(review, "publish").url == review.url
    page = text(admin.get(review.url))
    assert "上次没有写成" in page
    assert "没有规定分值" in page
    assert not Rubric.objects.exists()


def test_without_a_broker_it_is_done_at_once():
    done, elsewhere = [], Celery("far", broker="redis://127.0.0.1:1/0", set_as_current=False)

    @elsewhere.task
    def note(number):
        done.append(number)

    tasks.ask(note, 7)
    assert done == [7]


def test_when_no_worker_comes_it_can_be_done_in_the_page(long, send, admin):
    review = send(excel.SERVICE, "customer_service")
    assert 'value="now"' not in text(admin.get(review.url))
    RubricImport.objects.update(asked_at=cast.NOW)
    assert 'value="now"' in text(admin.get(review.url))
    admin.post(review.url, {"do": "now"})
    assert "看懂 19 项" in text(admin.get(review.url))


# --- many items ----------------------------------------------------------------------------


def many(count) -> bytes:
    return excel.book(
        *(excel.item(f"第{n}项", section=f"第{n // 40}部分") for n in range(count)),
        total=5 * count,
    )


def test_a_review_takes_the_same_queries_for_any_number_of_items(
    send, admin, django_assert_num_queries
):
    small, large = send(many(3)).url, send(many(12)).url
    admin.get(small)
    with CaptureQueriesContext(connection) as few:
        admin.get(small)
    with django_assert_num_queries(len(few)):
        admin.get(large)


def test_sections_of_a_long_rubric_come_when_they_are_opened(send, admin):
    review = send(many(400))
    page = text(admin.get(review.url))
    assert "第79项" not in page.split("系统的理解")[1]
    assert "?part=2" in page
    piece = admin.get(f"{review.url}?part=2", headers={"X-Requested-With": "fetch"})
    assert "第79项" in text(piece)
    assert "<html" not in text(piece)
    assert "第79项" in text(admin.get(f"{review.url}?part=2")).split("系统的理解")[1]


def test_an_items_form_comes_when_it_is_opened(send, admin):
    review = send(many(400))
    piece = text(admin.get(f"{review.url}?item=50", headers={"X-Requested-With": "fetch"}))
    assert 'name="r50-points"' in piece
    assert 'name="r51-points"' not in piece
    assert 'name="r50-points"' in text(admin.get(f"{review.url}?item=50"))


def test_a_long_sheet_has_pages_and_links_lead_to_the_right_one(send, admin):
    review = send(excel.book(
        *(excel.item(f"第{n}项", points="?" if n == 350 else 5) for n in range(400)), total=2000
    ))  # fmt: skip
    page = text(admin.get(review.url))
    assert 'id="c-D353"' not in page
    assert "?rows=2#c-D353" in page
    assert '<td id="c-D353" class="stop">' in text(admin.get(f"{review.url}?rows=2"))


@pytest.mark.parametrize("rows", ["0", "-1", "x", "99"])
def test_a_page_that_there_is_not_is_the_nearest(send, admin, rows):
    page = admin.get(f"{send(excel.two_items()).url}?rows={rows}")
    assert page.context["import"].grid.page == 1


# --- all rubrics, one rubric ---------------------------------------------------------------


@pytest.fixture
def loaded(firm):
    """The template's four rubrics, published."""
    return {
        code: load_rubric(
            campaign=firm.campaign, specialty=line, data=rubric_data(code), by="command",
            at=cast.NOW,
        )
        for code, line in firm.lines.items()
    }  # fmt: skip


def test_the_list_says_what_is_published_and_what_is_not(admin, firm):
    assert "<h1>还没有发布评分细则</h1>" in text(admin.get(address(firm, "")))
    cast.rubric(firm.campaign, firm.lines["order"])
    page = text(admin.get(address(firm, "")))
    assert "<h1>1 个专业已发布，还缺客户服务、设施设备、环境维护</h1>" in page


def test_the_list_names_versions_points_and_samples(admin, firm, loaded):
    page = text(admin.get(address(firm, "")))
    assert "<h1>4 个专业的评分细则都已发布</h1>" in page
    assert "第 1 版 · 30 项 · 100 分" in page
    assert page.split("秩序维护督导评分细则")[1].lstrip("</a> ").startswith('span class="sample"')


def test_project_people_read_what_they_are_scored_by_and_nothing_drafted(client, firm, loaded):
    draft = cast.rubric(firm.campaign, Specialty.objects.create(code="pools", name="泳池"),
                        published=False)  # fmt: skip
    client.force_login(firm.manager)
    page = text(client.get(address(firm, "")))
    assert "客户服务督导评分细则" in page
    assert "泳池督导" not in page
    assert "从 Excel 导入" not in page
    assert client.get(address(firm, f"{draft.pk}/")).status_code == 404
    assert client.get(address(firm, f"{loaded['order'].pk}/")).status_code == 200


def test_a_rubric_shows_items_ranges_requirements_and_samples(admin, firm, loaded):
    page = text(admin.get(address(firm, f"{loaded['facilities'].pk}/")))
    assert "<h1>30 项、117 条检查内容，共 100 分</h1>" in page
    assert "应急预案和规程等制度上墙公示" in page
    assert "每缺一项扣 0.2–1" in page
    assert page.count('class="sample"') == 24


def test_a_rubric_of_another_campaign_is_not_found_here(admin, firm):
    other = cast.campaign("c12")
    foreign = cast.rubric(other, firm.lines["order"])
    assert admin.get(address(firm, f"{foreign.pk}/")).status_code == 404


def test_publishing_from_the_page_names_what_is_missing_beside_the_button(
    send, confirm, admin, firm
):
    confirm(send(excel.FACILITIES, "facilities"))
    draft = Rubric.objects.get()
    page = text(admin.get(address(firm, f"{draft.pk}/")))
    assert 'disabled aria-describedby="missing"' in page
    assert "没有规定分值" in page
    admin.post(address(firm, f"{draft.pk}/publish/"))
    draft.refresh_from_db()
    assert draft.published_at is None


@pytest.mark.parametrize(
    ("who", "status"),
    [("admin", 302), ("center", 302), ("president", 403), ("lead", 403), ("manager", 404)],
)
def test_who_publishes(client, firm, who, status):
    draft = cast.rubric(firm.campaign, firm.lines["order"], published=False)
    client.force_login(getattr(firm, who))
    response = client.post(address(firm, f"{draft.pk}/publish/"))
    assert response.status_code == status
    draft.refresh_from_db()
    assert bool(draft.published_at) == (status == 302)


def test_a_superseded_version_points_to_its_successor(send, confirm, admin, firm, loaded):
    confirm(send(excel.SERVICE, "customer_service"), "publish")
    page = text(admin.get(address(firm, f"{loaded['customer_service'].pk}/")))
    assert "已由第 2 版取代" in page


# --- weights on the page -------------------------------------------------------------------

FIVE = {"customer_service": "25", "facilities": "30", "order": "25", "environment": "20"}


@pytest.mark.parametrize(
    ("who", "status"), [("admin", 302), ("center", 302), ("president", 403), ("manager", 403)]
)
def test_who_sets_weights(client, firm, who, status):
    client.force_login(getattr(firm, who))
    typed = FIVE | {"facilities": "29.5", "order": "25.5"}
    assert client.post(address(firm, "weights/"), typed).status_code == status
    facilities = firm.campaign.weights.get(specialty__code="facilities").percent
    assert facilities == (Decimal("29.5") if status == 302 else 30)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (FIVE | {"order": "26"}, "权重合计是 101%"),
        (FIVE | {"order": "abc"}, "输入一个数字"),
        (FIVE | {"order": "-1"}, "大于或等于"),
    ],
)
def test_wrong_weights_are_said_and_kept_as_typed(admin, firm, typed, says):
    page = admin.post(address(firm, "weights/"), typed)
    assert page.status_code == 422
    assert says in text(page)
    assert f'value="{typed["order"]}"' in text(page)
    assert firm.campaign.weights.get(specialty__code="order").percent == 25


def test_weights_are_shown_locked_once_scoring_is_open(admin, firm):
    open_scoring(campaign=firm.campaign, at=cast.NOW)
    page = text(admin.get(address(firm, "")))
    assert "已锁定" in page
    assert "保存权重" not in page


def test_weights_typed_before_scoring_opened_come_too_late(admin, firm):
    open_scoring(campaign=firm.campaign, at=cast.NOW)
    page = admin.post(address(firm, "weights/"), FIVE | {"order": "20", "environment": "25"})
    assert "评分已经开始" in text(page)
    assert firm.campaign.weights.get(specialty__code="order").percent == 25
