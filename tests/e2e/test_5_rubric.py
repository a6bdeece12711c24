"""Step 5: an administrator brings in the company's own forms; what is incomplete stays a draft."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from scoring.models import Rubric
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


def choose(page, specialty, file):
    page.get_by_label("专业口").select_option(label=specialty)
    page.get_by_label("Excel 文件").set_input_files(file)
    page.get_by_role("button", name="读取并核对").click()


def test_a_complete_form_is_looked_at_and_published(admin, look):
    look(admin, "upload")
    choose(admin, "客户服务", FORMS / "form-customer-service.xlsx")
    expect(admin.get_by_text("合计正好 100 分：可以发布")).to_be_visible()
    expect(admin.get_by_role("region", name="系统的理解")).to_contain_text("合计 100 / 100 分")
    look(admin, "preview")
    assert not Rubric.objects.exists()
    admin.get_by_role("button", name="发布", exact=True).click()
    expect(admin.get_by_role("status")).to_contain_text("已发布")
    answer = admin.get_by_role("heading", level=1)
    expect(answer).to_contain_text("19 项")
    expect(answer).to_contain_text("共 100 分")
    look(admin, "published")
    rubric = Rubric.objects.get()
    assert rubric.published_by.username == "admin"
    assert sum(item.points for item in rubric.items.all()) == 100
    assert rubric.source.name == "form-customer-service.xlsx"


def test_an_incomplete_form_is_a_draft_that_names_what_is_missing(admin, open_page, look):
    choose(admin, "设施设备", FORMS / "form-facilities.xlsx")
    expect(admin.get_by_text("可存为草稿，补齐后才能发布")).to_be_visible()
    look(admin, "incomplete")
    open_page.expect("status of 422")
    admin.get_by_role("button", name="补齐并发布").click()
    refused = admin.get_by_role("alert").first
    expect(refused).to_contain_text("还不能发布")
    assert not Rubric.objects.exists()
    admin.get_by_role("button", name="存为草稿").click()
    expect(admin.get_by_role("status")).to_contain_text("已存为草稿")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("不能发布")
    missing = admin.get_by_text("发布前要补齐：").locator("..")
    expect(missing).to_contain_text("没有规定分值")
    expect(missing).to_contain_text("没有扣分幅度")
    expect(admin.get_by_role("button", name="发布", exact=True)).to_be_disabled()
    look(admin, "draft")
    assert Rubric.objects.get().published_at is None

    admin.goto("/")
    look(admin, "admin-home")
    admin.get_by_role("link", name="继续").click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("不能发布")


def test_what_is_filled_in_on_the_page_completes_it(admin, world):
    choose(admin, "设施设备", FORMS / "form-facilities.xlsx")
    ask = admin.locator(".tree-ask")
    for label, value in (("规定分值", "4"), ("每缺一项扣", "0.2-1")):
        for field in ask.get_by_label(label).all():
            field.fill(value)
    admin.get_by_role("button", name="补齐并发布").click()
    expect(admin.get_by_role("status")).to_contain_text("已发布")
    expect(admin.get_by_text("成绩按百分制折算")).to_be_visible()
    assert Rubric.objects.current().get(campaign=world.campaign).specialty.code == "facilities"


def test_a_file_that_is_no_workbook_is_refused_beside_its_field(admin, open_page, look):
    open_page.expect("status of 422")
    fake = {"name": "评分表.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04 no"}
    choose(admin, "客户服务", fake)
    expect(admin.get_by_role("alert")).to_be_visible()
    look(admin, "no-workbook")
    assert not Rubric.objects.exists()
