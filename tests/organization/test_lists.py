"""Projects, posts and staff as lists: in and out in either language, whole or not at all."""

from datetime import date
from decimal import Decimal

import pytest

from organization.models import HistoryEntry, Post, Project, User
from organization.roles import Role
from tests import cast
from tests.lists import (
    CSV,
    XLSX,
    brought_in,
    exported,
    preview,
    preview_costs,
    problems,
    rows_of,
    text,
    workbook,
)

pytestmark = pytest.mark.django_db
HEADS = ("项目编码", "项目名称", "区域", "类型", "面积")
SNEAKY = ('=HYPERLINK("x")', "+86", "-1+2", "@SUM(A1)", "'=1", "\uff1d一")


@pytest.fixture
def company():
    return cast.company()


@pytest.fixture
def admin(company, client):
    client.force_login(company.admin)
    return client


@pytest.fixture(params=["zh-hans", "en"])
def reader(request, company, admin):
    """The administrator, reading either language."""
    company.admin.language = request.param
    company.admin.save()
    return admin


def everything() -> list:
    fields = ("code", "name", "region", "kind", "area", "is_active")
    posts = Post.objects.order_by("id").values_list()
    people = User.objects.order_by("id").values_list("username", "name", "email", "mobile")
    return [list(Project.objects.values_list(*fields)), list(posts), list(people)]


@pytest.mark.parametrize("form", [XLSX, CSV])
@pytest.mark.parametrize("model", [Project, Post, User])
def test_what_goes_out_comes_back_as_it_was(company, reader, model, form):
    Project.objects.update(kind="mall", area="1234.50")
    for number, name in enumerate(SNEAKY):
        cast.project(f"S{number}", name, is_active=False)
    Post.objects.filter(user=company.worker).update(since=date(2010, 1, 2), until=date(2011, 3, 4))
    before = everything()
    data = exported(reader, model, form)
    brought_in(reader, model, data)
    assert everything() == before
    assert not HistoryEntry.objects.exists()


def test_heads_and_words_are_in_the_readers_language(company, admin):
    assert rows_of(exported(admin, Project))[0] == (*HEADS, "在管")
    assert rows_of(exported(admin, Project))[1][3] == "住宅小区"
    company.admin.language = "en"
    company.admin.save()
    assert rows_of(exported(admin, Project))[0][:2] == ("Project code", "Project name")
    assert rows_of(exported(admin, Project))[1][3] == "Residential estate"


def test_no_cell_of_an_export_is_run(admin):
    for number, name in enumerate(SNEAKY):
        cast.project(f"S{number}", name)
    rows = rows_of(exported(admin, Project))
    assert [row[1] for row in rows[-len(SNEAKY) :]] == list(SNEAKY)
    assert b"<f>" not in exported(admin, Project)
    lines = exported(admin, Project, CSV).decode("utf-8-sig").splitlines()
    assert not [line for line in lines if line.split(",")[1].strip('"')[0] in "=+-@"]


def test_columns_of_both_languages_in_any_order(admin):
    data = workbook(
        (None, "二〇一一年项目表"),
        (" 项目 名称 ", "KIND", "ｃｏｄｅ", "Ａｒｅａ", "Region", "备注"),
        ("星河广场", "Mall", " P09 ", "41，000.5", "锦江", "新"),
        (),
        ("滨江里", "写字楼", "Ｐ１０", "", "", ""),
    )
    shown = preview(admin, Project, data)
    assert (shown.totals["new"], shown.unknown) == (2, ["备注"])
    brought_in(admin, Project, data)
    made = Project.objects.get(code="P09")
    assert (made.name, made.kind, made.area) == ("星河广场", "mall", Decimal("41000.5"))
    assert Project.objects.get(code="P10").kind == "tower"


def test_a_preview_writes_nothing_and_shows_what_changes(admin):
    data = workbook(HEADS[:3], ("P01", "锦澜府一期", "高新"), ("P02", "翠屏苑", "高新"))
    shown = preview(admin, Project, data)
    assert (shown.totals["update"], shown.totals["skip"]) == (1, 1)
    assert shown.rows[0].diff[1] == "<del>锦澜府</del> <ins>锦澜府一期</ins>"
    assert Project.objects.get(code="P01").name == "锦澜府"
    assert not HistoryEntry.objects.exists()


def test_what_changed_is_on_record_once(company, admin):
    brought_in(admin, Project, workbook(HEADS[:2], ("P01", "锦澜府一期"), ("P02", "翠屏苑")))
    entry = HistoryEntry.objects.get()
    assert (entry.verb, entry.by, entry.subject) == ("import_projects", company.admin, company.one)
    assert entry.detail == {"name": ["锦澜府", "锦澜府一期"]}


def test_every_bad_cell_is_named_by_row_and_column_and_nothing_is_written(reader):
    data = workbook(
        HEADS,
        ("P09", "", "锦江", "", ""),
        (None, None, None, None, None),
        ("P 10", "滨江里", "", "城堡", "很大"),
        ("P11", "云栖里", "", "", -3),
    )
    assert problems(reader, Project, data) == [
        (2, "name"),
        (4, "code"),
        (4, "kind"),
        (4, "area"),
        (5, "area"),
    ]
    assert Project.objects.count() == 2


def test_an_error_is_said_with_the_head_that_the_reader_knows(reader, company):
    shown = preview(reader, Project, workbook(HEADS[:2], ("P09", "")))
    [(_error, head)] = shown.shown_errors()
    assert head == ("Project name" if company.admin.language == "en" else "项目名称")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (workbook(("甲", "乙"), (1, 2)), "表头"),
        (workbook(("项目编码", "区域"), ("P09", "锦江")), "项目名称"),
        (workbook(("项目编码", "code", "项目名称"), ("P09", "P10", "甲")), "两次"),
        (workbook(HEADS[:2], ("P09", "=A1")), "公式"),
        (workbook(HEADS[:2], ("P09", "甲"), ("P09", "乙")), "重复"),
        (workbook(HEADS[:2]), "没有数据"),
        (b"PK\x03\x04 broken", "损坏"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "CSV"),
        (b"\xff\xff\xff\xff", "CSV"),
    ],
)
def test_a_bad_file_is_answered_with_a_message(admin, data, words):
    [message] = preview(admin, Project, data).errors
    assert words in str(message)
    assert Project.objects.count() == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_as_a_chinese_excel_saves_it(admin, encoding):
    brought_in(admin, Project, text(HEADS[:2], ("P09", "星河广场"), encoding=encoding))
    assert Project.objects.get(code="P09").name == "星河广场"


def many(count):
    rows = [(f"M{n}", f"项目{n}", "锦江", "商场", n) for n in range(count)]
    return workbook(HEADS, *rows)


def test_projects_take_as_many_queries_for_a_thousand_as_for_a_hundred(admin):
    few, lots = preview_costs(admin, Project, many, 100, 1000)
    assert few == lots


def test_projects_that_change_take_as_many_queries(admin):
    brought_in(admin, Project, many(1000))
    Project.objects.update(region="别处")
    few, lots = preview_costs(admin, Project, many, 100, 1000)
    assert few == lots


def posts_of(count):
    return workbook(
        ("用户名", "角色", "部门", "项目编码", "到岗"),
        *[("emp01", "员工", f"部门{n}", "P01", "2011-10-16") for n in range(count)],
    )


def test_posts_take_as_many_queries_for_a_thousand_as_for_a_hundred(admin):
    few, lots = preview_costs(admin, Post, posts_of, 100, 1000)
    assert few == lots


# --- posts ---------------------------------------------------------------------------------

POSTS = ("用户名", "Role", "project_code", "专业", "部门", "到岗", "离岗")


def test_a_post_begins_and_another_ends(company, admin):
    data = workbook(
        POSTS,
        ("emp01", "员工", "P01", "", "秩序部", "2010年1月2日", date(2011, 10, 15)),
        ("emp01", "Team leader", "P01", "order", "秩序部", "2011/10/16", ""),
    )
    shown = preview(admin, Post, data)
    assert (shown.totals["update"], shown.totals["new"]) == (1, 1)
    brought_in(admin, Post, data)
    ended, begun = Post.objects.filter(user=company.worker).order_by("id")
    assert (ended.since, ended.until) == (date(2010, 1, 2), date(2011, 10, 15))
    assert (begun.role, begun.specialty.code, begun.until) == (Role.TEAM_LEADER, "order", None)
    entry = HistoryEntry.objects.get(verb="import_posts")
    assert entry.subject == company.worker and len(entry.detail["posts"]) == 2


def test_the_same_post_again_is_another_stretch(company, admin):
    data = workbook(
        POSTS,
        ("emp01", "员工", "P01", "", "秩序部", "", "2011-10-15"),
        ("emp01", "员工", "P01", "", "秩序部", "2011-12-01", ""),
    )
    brought_in(admin, Post, data)
    assert Post.objects.filter(user=company.worker).count() == 2
    assert Post.objects.current().get(user=company.worker).since == date(2011, 12, 1)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("nobody", "员工", "P01", "", "", "", ""), "username"),
        (("emp01", "园丁", "P01", "", "", "", ""), "role"),
        (("emp01", "员工", "P77", "", "", "", ""), "project_code"),
        (("emp01", "员工", "", "", "", "", ""), "project_code"),
        (("emp01", "总经理", "P01", "", "", "", ""), "project_code"),
        (("emp01", "员工", "P01", "绿化", "", "", ""), "specialty"),
        (("emp01", "员工", "P01", "", "", "明天", ""), "since"),
        (("emp01", "员工", "P01", "", "", "2011-02-01", "2011-01-01"), "until"),
        (("emp01", "员工", "P01", "", "部" * 61, "", ""), "department"),
        (("emp01", "", "P01", "", "", "", ""), "role"),
    ],
)
def test_a_bad_post_is_named(admin, row, column):
    assert problems(admin, Post, workbook(POSTS, row)) == [(2, column)]


def test_nobody_holds_a_post_twice_at_once(admin):
    rows = [("emp01", "员工", "P01", "", "秩序部", day, "") for day in ("", "2011-12-01")]
    assert problems(admin, Post, workbook(POSTS, *rows)) == [(3, "username")]


# --- staff ---------------------------------------------------------------------------------


def test_staff_come_through_the_one_door(company, admin):
    data = workbook(
        ("Project code", "项目名称", "username", "姓名", "Role", "手机", "Specialty"),
        ("P01", "锦澜府", "wang", "王一", "Deputy project manager", "+86 138", "客户服务"),
        ("", "", "zhao", "赵三", "专业口", "", "Order and security"),
    )
    brought_in(admin, User, data)
    wang = User.objects.get(username="wang")
    assert not wang.has_usable_password()
    assert wang.posts.get().role == Role.DEPUTY_PROJECT_MANAGER
    assert Post.objects.get(user__username="zhao").specialty.code == "order"
    entries = HistoryEntry.objects.all()
    assert {(e.verb, e.subject.username, e.by) for e in entries} == {
        ("import_staff", "wang", company.admin),
        ("import_staff", "zhao", company.admin),
    }


def test_staff_of_two_hundred_take_as_many_queries_as_of_twenty(admin):
    def people(count):
        heads = ("项目编码", "项目名称", "用户名", "姓名", "角色")
        return workbook(heads, *[("P01", "锦澜府", f"n{n}", "王", "员工") for n in range(count)])

    few, lots = preview_costs(admin, User, people, 20, 200)
    assert few == lots
