"""Staff lists: every bad row is named, and one bad row keeps all from being written."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from campaign.models import Participation
from organization.models import HistoryEntry, Post, Project, User
from tests import cast

pytestmark = pytest.mark.django_db

ENGLISH = (
    "project_code",
    "project_name",
    "username",
    "name",
    "role",
    "specialty",
    "department",
    "email",
    "mobile",
)
CHINESE = (
    "项目编码",
    "项目名称",
    "用户名",
    "姓名",
    "角色",
    "专业",
    "部门",
    "邮箱",
    "手机",
    "区域",
    "类型",
    "面积",
)
GOOD = (
    (
        "X01",
        "望江东庭",
        "wang",
        "王一",
        "项目经理",
        "",
        "",
        "wang@example.test",
        "13800000001",
        "城东",
        "商场",
        "12000",
    ),
    ("X01", "望江东庭", "li", "李二", "副主任", "客户服务", "客服部", "", "", "", "", ""),
    ("", "", "zhao", "赵三", "专业口", "facilities", "", "", "", "", "", ""),
)


def file_of(tmp_path, rows, header=CHINESE):
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    path = tmp_path / "staff.xlsx"
    book.save(path)
    return path


def run(path, *args):
    out = io.StringIO()
    call_command(
        "import_staff", str(path), "--format", "json", *args, stdout=out, stderr=io.StringIO()
    )
    return json.loads(out.getvalue())


def refused(path):
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_staff", str(path), "--format", "json", stdout=out, stderr=err)
    return json.loads(out.getvalue())["errors"]


@pytest.fixture(autouse=True)
def lines():
    return cast.specialties()


def test_one_row_is_one_post(tmp_path):
    done = run(file_of(tmp_path, GOOD))
    assert done == {"projects": 1, "people": 3, "posts": 3, "errors": []}
    manager = Post.objects.get(user__username="wang")
    assert (manager.role, manager.project.name, manager.project.kind) == (
        "project_manager",
        "望江东庭",
        "mall",
    )
    assert Post.objects.get(user__username="zhao").specialty.code == "facilities"


def test_people_cannot_sign_in_until_invited(tmp_path, client):
    run(file_of(tmp_path, GOOD))
    assert not User.objects.get(username="wang").has_usable_password()


def test_english_columns_in_another_order(tmp_path):
    header = tuple(reversed(ENGLISH))
    row = tuple(reversed(("X02", "云栖里", "sun", "孙四", "project_manager", "", "", "", "")))
    assert run(file_of(tmp_path, [row], header))["posts"] == 1


def test_text_in_a_chinese_encoding(tmp_path):
    path = tmp_path / "staff.csv"
    path.write_bytes("\n".join(",".join(row) for row in (CHINESE, *GOOD)).encode("gb18030"))
    assert run(path) == {"projects": 1, "people": 3, "posts": 3, "errors": []}


def test_the_same_list_again_changes_nothing(tmp_path):
    path = file_of(tmp_path, GOOD)
    run(path)
    assert run(path) == {"projects": 0, "people": 0, "posts": 0, "errors": []}


def test_one_username_twice_is_two_posts(tmp_path):
    rows = [*GOOD, ("X01", "望江东庭", "wang", "王一", "班组长", "", "工程部", "", "", "", "", "")]
    run(file_of(tmp_path, rows))
    assert Post.objects.filter(user__username="wang").count() == 2


def test_projects_enter_the_campaign(tmp_path):
    held = cast.campaign()
    cast.milestone(held)
    run(file_of(tmp_path, GOOD), "--campaign", held.code)
    assert Participation.objects.get(campaign=held).project.code == "X01"
    assert held.obligations.filter(project__code="X01").count() == 1


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        (4, "保安队长", "角色"),
        (5, "绿化", "专业"),
        (2, "", "用户名"),
        (3, "", "姓名"),
        (7, "not-an-address", "邮箱"),
        (11, "很大", "面积"),
        (10, "城堡", "类型"),
        (1, "别的名称", "名称"),
        (0, "", "项目编码"),
        (0, "X 01", "项目编码"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_written(tmp_path, column, value, word):
    bad = list(GOOD[1])
    bad[column] = value
    errors = refused(file_of(tmp_path, [GOOD[0], bad, GOOD[2]]))
    assert [e["cell"] for e in errors] == [f"{'ABCDEFGHIJKL'[column]}3"]
    assert word in errors[0]["message"]
    assert not Project.objects.exists() and not User.objects.exists()


def test_every_bad_row_is_named(tmp_path):
    rows = [GOOD[0], (*GOOD[1][:4], "保安队长", *GOOD[1][5:]), (*GOOD[2][:3], "", *GOOD[2][4:])]
    assert [e["cell"] for e in refused(file_of(tmp_path, rows))] == ["E3", "D4"]


def test_a_company_role_takes_no_project(tmp_path):
    errors = refused(file_of(tmp_path, [("X01", "甲", "boss", "总", "总经理", *[""] * 7)]))
    assert errors[0]["cell"] == "A2"


def test_the_same_row_twice_is_an_error(tmp_path):
    assert "重复" in refused(file_of(tmp_path, [GOOD[0], GOOD[0]]))[0]["message"]


def test_a_missing_column_is_named(tmp_path):
    errors = refused(file_of(tmp_path, [row[1:] for row in GOOD], CHINESE[1:]))
    assert "项目编码" in errors[0]["message"]


def test_a_formula_is_refused_with_its_address(tmp_path):
    rows = [GOOD[0], (*GOOD[1][:2], "=CONCAT(A1)", *GOOD[1][3:])]
    assert refused(file_of(tmp_path, rows))[0]["cell"] == "C3"


def test_a_file_that_is_no_workbook(tmp_path):
    path = tmp_path / "staff.xlsx"
    path.write_text("项目编码,用户名")
    assert refused(path)[0]["message"]


def test_each_new_person_and_project_is_on_record(tmp_path):
    run(file_of(tmp_path, GOOD))
    entries = HistoryEntry.objects.filter(verb="import_staff")
    assert entries.count() == 4 and {e.by_label for e in entries} == {"command"}


def test_queries_do_not_grow_with_rows_of_known_people(tmp_path, django_assert_max_num_queries):
    rows = [
        (f"Y{n:03}", f"项目{n}", f"pm{n}", f"经理{n}", "项目经理", *[""] * 7) for n in range(60)
    ]
    path = file_of(tmp_path, rows)
    run(path)
    with django_assert_max_num_queries(20):
        run(path)
