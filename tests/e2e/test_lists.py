"""Lists in the admin site: a bad file, a good one, what it would change, and the writing."""

import pytest
from playwright.sync_api import expect

from organization.models import Project, User
from scoring.models import Weight
from tests.e2e.world import settle_in
from tests.lists import address, workbook

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
HEADS = ("Project code", "项目名称", "区域", "Kind", "面积", "备注")
BAD = workbook(HEADS, ("P01", "", "高新", "城堡", 82000), ("P 9", "星河广场", "", "", "很大"))
GOOD = workbook(
    HEADS,
    ("P01", "锦澜府（一期）", "高新", "住宅小区", 82000, ""),
    ("P09", "+星河广场，名称很长很长的一个项目", "锦江", "Mall", 41000.5, "新"),
)


@pytest.fixture
def world(live_server):
    return settle_in("inspect")


def choose(page, data):
    page.locator("input[type=file]").set_input_files(
        {"name": "list.xlsx", "mimeType": "application/octet-stream", "buffer": data}
    )
    page.locator("input[type=submit]").first.click()


def fits(page):
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return width[0] <= width[1] + 1


@pytest.mark.parametrize("screen", ["desktop", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_list_is_put_right_looked_at_and_written(world, sign_in, look, screen, language):
    page = sign_in("admin", screen)
    User.objects.filter(username="admin").update(language=language)
    page.goto(address(Project, "import"))
    assert fits(page)
    look(page, f"{language}-{screen}-form")
    choose(page, BAD)
    expect(page.locator(".list-errors tbody tr")).to_have_count(4)
    assert fits(page)
    look(page, f"{language}-{screen}-errors")

    choose(page, GOOD)
    expect(page.locator(".list-preview tbody tr")).to_have_count(2)
    expect(page.locator(".list-unknown")).to_contain_text("备注")
    assert fits(page)
    look(page, f"{language}-{screen}-preview")
    assert not Project.objects.filter(code="P09").exists()
    page.locator("input[type=submit]").first.click()
    expect(page.locator("ul.messagelist .success")).to_be_visible()
    assert Project.objects.get(code="P01").name == "锦澜府（一期）"
    look(page, f"{language}-{screen}-done")


def test_weights_are_listed_and_brought_in(world, sign_in, look):
    page = sign_in("admin")
    page.goto(address(Weight, "changelist"))
    look(page, "weights")
    page.get_by_role("link", name="导入").click()
    rows = [("now", code, 25) for code in ("customer_service", "facilities", "order", "环境维护")]
    choose(page, workbook(("专项工作", "Specialty", "权重"), *rows))
    look(page, "weights-preview")
    page.locator("input[type=submit]").first.click()
    expect(page.locator("ul.messagelist .success")).to_be_visible()
    assert set(Weight.objects.values_list("percent", flat=True)) == {25}
