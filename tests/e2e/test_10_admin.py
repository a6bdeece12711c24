"""Step 10: the admin site: score sheets by the same rules, lists from and to Excel, staff."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from playwright.sync_api import expect

from inspections.models import Observation, ScoreSheet
from inspections.sheet.observations import confirm
from inspections.words import ObservationKind
from organization.models import Post, Project, User
from organization.staff import COLUMNS
from scoring.models import Score
from tests.e2e.results import opened
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server):
    world = settle_in("inspect")
    world.publish_rubrics("customer_service")
    return world


# --- score sheets --------------------------------------------------------------------------


@pytest.fixture
def auditor(world, sign_in, look):
    """On the admin site's page of P01's sheet, opened just now."""
    opened(world, "P01", "customer_service", at=world.now)
    page = sign_in("auditor")
    page.goto("/admin/")
    look(page, "index")
    page.get_by_role("link", name="评分表", exact=True).first.click()
    look(page, "sheets")
    page.get_by_role("link", name="锦澜府 · 客户服务").click()
    return page


def note_form(page, words):
    return page.locator("form.note-one").filter(has=page.get_by_label(words, exact=True))


def item(page, name):
    return page.locator("tbody").filter(has=page.get_by_role("rowheader", name=name))


def test_a_sheet_is_filled_within_the_same_bounds_and_handed_in(world, auditor, open_page, look):
    look(auditor, "sheet")
    form = note_form(auditor, "制度建设第 1 项扣分")
    form.get_by_label("制度建设第 1 项扣分").fill("3")
    form.evaluate("form => { form.noValidate = true }")  # the browser would not send it
    open_page.expect("status of 422")
    form.get_by_role("button", name="记下").click()
    expect(auditor.get_by_text("0.5–2").filter(visible=True).first).to_be_visible()
    look(auditor, "refused")
    assert not Observation.objects.exists()

    form.get_by_label("制度建设第 1 项扣分").fill("1.5")
    form.get_by_label("检查方式").select_option(label="岗位询问")
    form.get_by_label("说明").fill("前台答不上来")
    form.get_by_role("button", name="记下").click()
    expect(item(auditor, "制度建设").get_by_text("前台答不上来")).to_be_visible()
    seen = Observation.objects.get()
    assert (seen.points, seen.method, seen.by.username) == (
        Decimal("1.5"), "post_question", "auditor",
    )  # fmt: skip

    form = note_form(auditor, "客户档案管理第 1 项扣分")
    form.get_by_role("button", name="记下").click()
    item(auditor, "客户档案管理").get_by_role("button", name="撤回").click()
    expect(item(auditor, "客户档案管理").get_by_text("未评")).to_be_visible()
    keys = item(auditor, "钥匙管理")
    keys.get_by_label("不适用，因为").fill("项目没有钥匙寄存")
    keys.get_by_role("button", name="标为不适用").click()
    expect(item(auditor, "钥匙管理").get_by_text("项目没有钥匙寄存")).to_be_visible()
    submit = auditor.get_by_role("button", name="提交评分表")
    expect(submit).to_be_disabled()
    item(auditor, "制度建设").get_by_role("button", name="其余全部符合").click()
    sheet = ScoreSheet.objects.get()
    rest = [each for each in sheet.rubric.items.all() if each.code not in {"CS01", "CS11"}]
    confirm(sheet=sheet, items=rest, by=world.people["auditor"], at=world.now)
    auditor.reload()
    look(auditor, "all-looked-at")
    submit.click()
    expect(auditor.get_by_text("已提交").first).to_be_visible()
    expect(auditor.get_by_role("button", name="记下")).to_have_count(0)

    sheet.refresh_from_db()
    assert sheet.submitted_by.username == "auditor"
    kinds = set(sheet.observations.values_list("kind", flat=True))
    # what an appeal decided is no auditor's entry
    assert kinds == set(ObservationKind.values) - {ObservationKind.DECIDED}
    score = Score.objects.get(rubric=world.rubrics["customer_service"])
    assert (score.kept, score.possible) == (Decimal("93.5"), 95)


def test_the_administrator_reads_sheets_and_changes_no_result(world, open_page, sign_in, look):
    opened(world, "P01", "customer_service", at=world.now)
    admin = sign_in("admin")
    admin.get_by_role("link", name="系统", exact=True).click()
    admin.get_by_role("link", name="后台", exact=True).click()
    look(admin, "admin-index")
    admin.get_by_role("link", name="评分表", exact=True).first.click()
    admin.get_by_role("link", name="锦澜府 · 客户服务").click()
    expect(admin.get_by_text("客户服务督导评分细则").first).to_be_visible()
    expect(admin.get_by_role("button", name="记下")).to_have_count(0)


# --- lists ---------------------------------------------------------------------------------


def workbook(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_projects_come_from_excel_and_go_to_excel(world, sign_in, look):
    admin = sign_in("admin")
    admin.goto("/admin/organization/project/")
    look(admin, "projects")
    admin.get_by_role("link", name="导入").click()
    file = workbook(
        [
            ["项目编码", "项目名称", "区域", "类型", "面积"],
            ["P01", "锦澜府（一期）", "高新", "estate", 82000],
            ["P09", "星河广场", "锦江", "mall", 41000.5],
        ]
    )
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    admin.locator("input[type=file]").set_input_files(
        {"name": "项目.xlsx", "mimeType": xlsx, "buffer": file}
    )
    look(admin, "import")
    admin.locator("input[type=submit]").first.click()
    expect(admin.get_by_text("星河广场").first).to_be_visible()
    look(admin, "import-preview")
    assert not Project.objects.filter(code="P09").exists()
    admin.locator("input[type=submit]").first.click()
    expect(admin.get_by_role("link", name="P09")).to_be_visible()
    assert Project.objects.get(code="P01").name == "锦澜府（一期）"
    assert Project.objects.get(code="P09").area == Decimal("41000.5")

    admin.get_by_role("link", name="导出").click()
    look(admin, "export")
    with admin.expect_download() as download:
        admin.locator("input[type=submit]").first.click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:2] == ("项目编码", "项目名称")
    assert {row[0] for row in rows[1:]} == {"P01", "P02", "P03", "P09"}


def staff_file(folder, *people):
    path = folder / "staff.xlsx"
    path.write_bytes(workbook([[words[0] for words in COLUMNS.values()], *people]))
    return path


GOOD = [
    "P08",
    "滨江里",
    "pm08",
    "何书恒",
    "项目经理",
    "",
    "",
    "pm08@example.test",
    "",
    "锦江",
    "",
    "",
]
BAD = ["P08", "滨江里", "x08", "许蔓", "园丁", "", "", "", "", "", "", ""]


def test_a_staff_list_with_one_bad_row_writes_nothing_and_names_it(world, tmp_path, capsys):
    path = staff_file(tmp_path, GOOD, BAD)
    with pytest.raises((CommandError, SystemExit)) as refused:
        call_command("import_staff", str(path), "--campaign", "now")
    said = capsys.readouterr()
    assert "E3" in f"{refused.value}{said.out}{said.err}"
    assert not User.objects.filter(username="pm08").exists()


def test_an_imported_project_takes_part_and_its_manager_owes_the_milestones(
    world, tmp_path, sign_in, look
):
    call_command("import_staff", str(staff_file(tmp_path, GOOD)), "--campaign", "now", verbosity=0)
    manager = User.objects.get(username="pm08")
    assert not manager.has_usable_password()
    assert Post.objects.get(user=manager).project.code == "P08"
    admin = sign_in("admin")
    admin.goto("/admin/organization/user/?q=pm08")
    admin.get_by_role("link", name="pm08").click()
    expect(admin.locator("#id_name")).to_have_value("何书恒")
    look(admin, "person")
    center = sign_in("center")
    center.goto("/c/now/milestones/project_kickoff/")
    expect(center.get_by_role("link", name="滨江里")).to_be_visible()


def test_the_first_wrong_field_is_looked_at(world, sign_in):
    page = sign_in("admin", "phone")
    page.goto(f"/admin/organization/user/{User.objects.get(username='pm01').pk}/change/")
    page.locator("#id_posts-0-since").fill("2026-01-02")
    page.locator("#id_posts-0-until").fill("2026-01-01")
    page.locator("input[name=_continue]").click()
    expect(page.locator("#id_posts-0-until")).to_be_focused()
    expect(page.get_by_text("离岗早于到岗。")).to_be_in_viewport()
