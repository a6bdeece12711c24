"""Step 5: an administrator brings in the company's own forms; what is incomplete stays a draft."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from scoring.models import Rubric
from tests.corpus import forms as corpus
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FORMS = Path(settings.BASE_DIR) / "fixtures" / "forms"


@pytest.fixture
def world(live_server):
    return settle_in("mobilize")


@pytest.fixture
def admin(world, sign_in):
    page = sign_in("admin")
    page.get_by_role("link", name="评分细则", exact=True).click()
    page.get_by_role("link", name="从 Excel 导入").click()
    return page


def choose(page, file, specialty=None):
    if specialty:
        page.get_by_label("专业口").select_option(label=specialty)
    page.get_by_label("评分表文件").set_input_files(file)
    page.get_by_role("button", name="读取并核对").click()


def workbook(rows, **more):
    data = corpus.workbook(rows, **more)
    return {"name": "评分表.xlsx", "mimeType": "application/zip", "buffer": data}


def item_form(page, code):
    """The open form of the item with this code."""
    return page.locator("details.leaf").filter(has_text=code).locator("form.leaf-fields")


def saved(page):
    expect(page.locator("#saving")).to_have_text("已保存")


def test_a_complete_form_is_looked_at_and_published(admin, look):
    look(admin, "upload")
    choose(admin, FORMS / "form-customer-service.xlsx")
    expect(admin.get_by_text("合计正好 100 分：可以发布")).to_be_visible()
    expect(admin.get_by_role("region", name="系统的理解")).to_contain_text("合计 100 / 100 分")
    look(admin, "preview")
    assert not Rubric.objects.exists()
    admin.get_by_role("button", name="发布", exact=True).click()
    expect(admin.get_by_role("status").first).to_contain_text("已发布")
    answer = admin.get_by_role("heading", level=1)
    expect(answer).to_contain_text("19 项")
    expect(answer).to_contain_text("共 100 分")
    look(admin, "published")
    rubric = Rubric.objects.get()
    assert rubric.published_by.username == "admin"
    assert sum(item.points for item in rubric.items.all()) == 100
    assert rubric.source.name == "form-customer-service.xlsx"


def test_an_incomplete_form_is_a_draft_that_names_what_is_missing(admin, look):
    choose(admin, FORMS / "form-facilities.xlsx", "设施设备")
    expect(admin.get_by_text("可存为草稿，补齐后才能发布")).to_be_visible()
    look(admin, "incomplete")
    admin.get_by_role("button", name="存为草稿").click()
    expect(admin.get_by_role("status").first).to_contain_text("已存为草稿")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("不能发布")
    missing = admin.get_by_text("发布前要补齐：").locator("..")
    expect(missing).to_contain_text("没有规定分值")
    look(admin, "draft")
    assert Rubric.objects.get().published_at is None

    admin.goto("/")
    look(admin, "admin-home")
    admin.get_by_role("link", name="继续").click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("不能发布")


def test_what_is_filled_in_on_the_page_completes_it(admin, world):
    choose(admin, FORMS / "form-facilities.xlsx")
    form = item_form(admin, "FA07")
    form.get_by_label("规定分值").fill("4分")
    form.get_by_label("扣法").first.select_option("each:range")
    form.get_by_label("扣多少分").first.fill("0.2-1")
    form.get_by_role("button", name="保存这一项").click()
    saved(admin)
    expect(admin.get_by_role("heading", level=1)).to_contain_text("2 处请您看一下")
    admin.get_by_role("button", name="发布", exact=True).click()
    expect(admin.get_by_text("成绩按百分制折算")).to_be_visible()
    assert Rubric.objects.current().get(campaign=world.campaign).specialty.code == "facilities"


def test_what_was_typed_and_not_saved_is_there_after_a_reload(admin):
    choose(admin, FORMS / "form-facilities.xlsx")
    form = item_form(admin, "FA07")
    form.get_by_label("项目", exact=False).last.fill("弱电机房")
    form.get_by_label("规定分值").fill("4")
    first = admin.locator("details.leaf").filter(has_text="FA01")
    first.locator("summary").first.click()
    first.get_by_role("link", name="修改").click()
    item_form(admin, "FA01").get_by_label("规定分值").fill("3.5")
    admin.reload()
    expect(admin.locator("#saving")).to_contain_text("上次没有保存的内容还在")
    expect(item_form(admin, "FA07").get_by_label("规定分值")).to_have_value("4")
    expect(item_form(admin, "FA01").get_by_label("规定分值")).to_have_value("3.5")
    item_form(admin, "FA01").get_by_role("button", name="保存这一项").click()
    saved(admin)
    expect(admin.locator("details.leaf").filter(has_text="FA01")).to_contain_text("3.5 分")
    expect(item_form(admin, "FA07").get_by_label("规定分值")).to_have_value("4")


def test_pointing_at_an_item_shows_the_cells_it_came_from_and_back(admin):
    choose(admin, FORMS / "form-facilities.xlsx")
    leaf = admin.locator("details.leaf").filter(has_text="FA02")
    leaf.locator("summary").first.hover()
    expect(admin.locator("#c-D4")).to_have_class(re.compile("is-lit"))
    expect(admin.locator("#c-D5")).not_to_have_class(re.compile("is-lit"))
    admin.locator("#c-B5").hover()
    expect(admin.locator("details.leaf").filter(has_text="FA03")).to_have_class(
        re.compile("is-lit")
    )
    item_form(admin, "FA07").get_by_label("规定分值").focus()
    expect(admin.locator("#c-D9")).to_have_class(re.compile("is-lit"))


def test_an_error_is_repaired_on_the_page(admin, open_page, look):
    rows = corpus.form([corpus.item(points="六十"), corpus.item("档案", points=40)], total=100)
    choose(admin, workbook(rows), "秩序维护")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("2 处要改正")
    look(admin, "errors")
    open_page.expect("status of 422")
    form = item_form(admin, "OR01")
    form.get_by_label("规定分值").fill("很多")
    form.get_by_role("button", name="保存这一项").click()
    expect(form.get_by_text("请填大于 0 的分值")).to_be_visible()
    form.get_by_label("规定分值").fill("60")
    form.get_by_role("button", name="保存这一项").click()
    saved(admin)
    expect(admin.get_by_text("合计正好 100 分：可以发布")).to_be_visible()
    admin.get_by_role("button", name="存为草稿").click()
    expect(admin.get_by_role("status").first).to_contain_text("已存为草稿")
    assert Rubric.objects.get().items.get(code="OR01").points == 60


def test_a_column_is_put_right_and_remembered(admin):
    header = ["类别", "项目", "标准及检查内容", "比重", "规定分值", "评分细则"]
    rows = [["内部管理", name, "1.上墙；2.归档", points, None, corpus.RULE]
            for name, points in (("制度", 60), ("档案", 40))]  # fmt: skip
    choose(admin, workbook([["秩序维护"], header, *rows]))
    admin.get_by_label("D 列是").select_option(label="规定分值")
    saved(admin)
    expect(admin.get_by_text("合计正好 100 分")).to_be_visible()
    expect(admin.get_by_label("E 列是")).to_have_value("")
    admin.get_by_role("button", name="存为草稿").click()
    expect(admin.get_by_role("status").first).to_contain_text("已存为草稿")
    admin.get_by_role("link", name="导入新版").click()
    choose(admin, workbook([["秩序维护"], header, *rows]))
    expect(admin.get_by_text("按上次的对应读取")).to_be_visible()
    expect(admin.get_by_label("D 列是")).to_have_value("points")


def test_a_hidden_row_is_taken_in(admin):
    rows = corpus.form([corpus.item(points=60), corpus.item("档案", points=40)], total=None)
    choose(admin, workbook(rows, hidden_rows=[4]), "秩序维护")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("1 项")
    admin.get_by_label("隐藏的行一并读入").check()
    saved(admin)
    expect(admin.get_by_role("heading", level=1)).to_contain_text("2 项")


def test_an_expired_session_loses_nothing_that_was_typed(admin, world):
    choose(admin, FORMS / "form-facilities.xlsx")
    form = item_form(admin, "FA07")
    form.get_by_label("规定分值").fill("4")
    cookies = admin.context.cookies()
    admin.context.clear_cookies(name="sessionid")
    form.get_by_role("button", name="保存这一项").click()
    expect(admin.locator("#saving")).to_contain_text("登录已过期")
    expect(form.get_by_label("规定分值")).to_have_value("4")
    admin.context.add_cookies([each for each in cookies if each["name"] == "sessionid"])
    form.get_by_role("button", name="保存这一项").click()
    saved(admin)


def test_a_file_that_is_no_workbook_is_refused_beside_its_field(admin, open_page, look):
    open_page.expect("status of 422")
    fake = {"name": "评分表.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04 no"}
    choose(admin, fake, "客户服务")
    expect(admin.get_by_role("alert")).to_be_visible()
    look(admin, "no-workbook")
    assert not Rubric.objects.exists()
