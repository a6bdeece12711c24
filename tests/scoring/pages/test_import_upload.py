"""A form is uploaded and looked at; who may, what is said, what the review shows."""

import pytest

from organization.models import StoredFile
from scoring.models import Rubric, RubricImport
from tests import cast
from tests.corpus import forms as corpus
from tests.scoring import excel
from tests.scoring.pages.reviewing import address, decide, shown, text

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
