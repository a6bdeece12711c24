"""Projects and people from a list: one row is one post, all of it or nothing.

The list is read elsewhere (a file, a form); here its cells are judged and written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.contrib.auth.hashers import make_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.history import record
from organization.models import Post, Project, ProjectKind, Specialty, User
from organization.roles import Role, role_named

VERBS = {
    "import_staff": gettext_lazy("导入人员"),
    "create_administrator": gettext_lazy("创建系统管理员"),
}
# Column -> the words that head it (issue and company files), the first is the Chinese one.
COLUMNS = {
    "project_code": ("项目编码", "project_code"),
    "project_name": ("项目名称", "project_name"),
    "username": ("用户名", "username"),
    "name": ("姓名", "name"),
    "role": ("角色", "role"),
    "specialty": ("专业", "specialty"),
    "department": ("部门", "department"),
    "email": ("邮箱", "email"),
    "mobile": ("手机", "mobile"),
    "region": ("区域", "region"),
    "kind": ("类型", "kind"),
    "area": ("面积", "area"),
}
REQUIRED = ("project_code", "project_name", "username", "name", "role")
PROJECT_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")
MOBILE = re.compile(r"^[0-9+() -]{5,30}$")


@dataclass(frozen=True)
class StaffRow:
    """One row as typed: texts by column, and each cell's address for messages."""

    values: dict[str, str]
    sheet: str = ""
    cells: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "").strip()


@dataclass(frozen=True)
class StaffError:
    sheet: str
    cell: str
    message: str

    def __str__(self):
        return f"{self.sheet}!{self.cell}: {self.message}" if self.cell else self.message


class StaffRefused(Exception):
    """Every bad cell of a list; nothing of it was written."""

    def __init__(self, errors: list[StaffError]):
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors


@dataclass(frozen=True)
class Imported:
    """What an import wrote: how many new projects, people and posts, and all its projects."""

    projects: int
    people: int
    posts: int
    entered: tuple[Project, ...]


@transaction.atomic
def import_staff(*, rows: Sequence[StaffRow], by, at: datetime) -> Imported:
    """Write projects, people (without a usable password) and posts.

    Existing ones are brought up to date by code and username; posts are only ever added.
    Raises StaffRefused with every bad cell, and writes nothing then.
    """
    words = specialty_words()
    errors = [error for row in rows for error in row_errors(row, words)]
    errors += contradictions(rows)
    if errors or not rows:
        raise StaffRefused(errors or [StaffError("", "", _("表里没有人员。"))])
    projects, new_projects = write_projects(rows)
    people, new_people = write_people(rows)
    posts = write_posts(rows, projects, people, words)
    for project in new_projects:
        record(on=project, verb="import_staff", by=by, at=at)
    for person in new_people:
        record(on=person, verb="import_staff", by=by, at=at)
    return Imported(len(new_projects), len(new_people), posts, tuple(projects.values()))


def specialty_words() -> dict[str, Specialty]:
    """Specialties by code and by their names in both languages."""
    found: dict[str, Specialty] = {}
    for specialty in Specialty.objects.all():
        for word in (specialty.code, specialty.name_zh_hans, specialty.name_en):
            if word:
                found[word] = specialty
    return found


def row_errors(row: StaffRow, specialties: dict[str, Specialty]) -> list[StaffError]:
    """What is wrong with one row on its own."""
    found = [problem for column, check in CHECKS.items() if (problem := wrong(row, column, check))]
    role = role_named(row["role"])
    if row["specialty"] and row["specialty"] not in specialties:
        found.append(
            error(row, "specialty", _("没有“%(word)s”这个专业。") % {"word": row["specialty"]})
        )
    if role is None:
        return found
    if role == Role.SPECIALTY_LEAD and not row["specialty"]:
        found.append(error(row, "specialty", _("专业负责人要写明专业。")))
    if role.is_company and row["project_code"]:
        found.append(error(row, "project_code", _("公司岗位不填项目。")))
    if not role.is_company and not row["project_code"]:
        found.append(error(row, "project_code", _("项目岗位要填项目编码。")))
    return found


def wrong(row: StaffRow, column: str, check) -> StaffError | None:
    message = check(row[column])
    return error(row, column, message) if message else None


def error(row: StaffRow, column: str, message: str) -> StaffError:
    return StaffError(row.sheet, row.cells.get(column, ""), message)


def check_code(text: str) -> str:
    if not text or PROJECT_CODE.match(text):
        return ""
    return _("项目编码只能用字母、数字、- 和 _，不超过 40 个字符。")


def check_username(text: str) -> str:
    if not text:
        return _("缺用户名。")
    try:
        UnicodeUsernameValidator()(text)
    except ValidationError:
        return _("用户名只能用文字、数字和 @ . + - _。")
    return _("用户名过长。") if len(text) > 150 else ""


def check_name(text: str) -> str:
    if not text:
        return _("缺姓名。")
    return _("姓名过长。") if len(text) > 60 else ""


def check_role(text: str) -> str:
    if not text:
        return _("缺角色。")
    return "" if role_named(text) else _("没有“%(word)s”这个角色。") % {"word": text}


def check_email(text: str) -> str:
    try:
        if text:
            validate_email(text)
    except ValidationError:
        return _("邮箱格式不对。")
    return ""


def check_mobile(text: str) -> str:
    return _("手机号格式不对。") if text and not MOBILE.match(text) else ""


def check_kind(text: str) -> str:
    return "" if not text or kind_named(text) else _("没有“%(word)s”这个类型。") % {"word": text}


def check_area(text: str) -> str:
    return "" if not text or area_of(text) is not None else _("面积要填数字（平方米）。")


def kind_named(word: str) -> str | None:
    """A project kind by code or by its label in either language."""
    if word in ProjectKind.values:
        return word
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for code, label in ProjectKind.choices:
                if str(label) == word:
                    return code
    return None


def area_of(text: str) -> Decimal | None:
    """Square metres; None when the text is no number that fits."""
    try:
        area = Decimal(text.replace(",", "").replace("，", "")).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return area if 0 <= area < 10**10 else None


CHECKS = {
    "project_code": check_code,
    "username": check_username,
    "name": check_name,
    "role": check_role,
    "email": check_email,
    "mobile": check_mobile,
    "kind": check_kind,
    "area": check_area,
}


def contradictions(rows: Sequence[StaffRow]) -> list[StaffError]:
    """Rows that do not go together: two names for one code, one post twice, a nameless project."""
    found: list[StaffError] = []
    named: dict[str, str] = dict(Project.objects.values_list("code", "name"))
    in_file: dict[str, str] = {}
    people: dict[str, str] = {}
    posts: set[tuple] = set()
    for row in rows:
        found += project_contradiction(row, named, in_file)
        if people.setdefault(row["username"], row["name"]) != row["name"]:
            found.append(error(row, "name", _("同一用户名有两个姓名。")))
        post = tuple(
            row[c] for c in ("username", "role", "project_code", "specialty", "department")
        )
        if post in posts:
            found.append(error(row, "username", _("这一行和前面的重复。")))
        posts.add(post)
    return found


def project_contradiction(row: StaffRow, named: dict, in_file: dict) -> list[StaffError]:
    code, name = row["project_code"], row["project_name"]
    if not code:
        return []
    if name and in_file.setdefault(code, name) != name:
        return [error(row, "project_name", _("同一项目编码有两个名称。"))]
    if len(name) > 120:
        return [error(row, "project_name", _("项目名称过长。"))]
    if not name and code not in named and code not in in_file:
        return [error(row, "project_name", _("缺项目名称。"))]
    return []


def write_projects(rows: Sequence[StaffRow]) -> tuple[dict[str, Project], list[Project]]:
    """The list's projects by code, and those of them that are new."""
    typed: dict[str, dict] = {}
    for row in rows:
        if code := row["project_code"]:
            typed.setdefault(code, {}).update(project_values(row))
    known = {p.code: p for p in Project.objects.filter(code__in=typed)}
    new = [Project(code=code, **values) for code, values in typed.items() if code not in known]
    for project in known.values():
        for name, value in typed[project.code].items():
            setattr(project, name, value)
    Project.objects.bulk_create(new)
    Project.objects.bulk_update(known.values(), ["name", "region", "kind", "area"])
    return known | {project.code: project for project in new}, new


def project_values(row: StaffRow) -> dict:
    """What a row says of its project; an empty cell says nothing."""
    values = {
        "name": row["project_name"],
        "region": row["region"],
        "kind": kind_named(row["kind"]),
        "area": area_of(row["area"]) if row["area"] else None,
    }
    return {name: value for name, value in values.items() if value}


def write_people(rows: Sequence[StaffRow]) -> tuple[dict[str, User], list[User]]:
    """The list's people by username, and those who are new; they cannot sign in until invited."""
    typed: dict[str, dict] = {}
    for row in rows:
        values = {c: row[c] for c in ("name", "email", "mobile") if row[c]}
        typed.setdefault(row["username"], {}).update(values)
    known = {u.username: u for u in User.objects.filter(username__in=typed)}
    new = [
        User(username=username, password=make_password(None), **values)
        for username, values in typed.items()
        if username not in known
    ]
    for user in known.values():
        for name, value in typed[user.username].items():
            setattr(user, name, value)
    User.objects.bulk_create(new)
    User.objects.bulk_update(known.values(), ["name", "email", "mobile"])
    return known | {user.username: user for user in new}, new


def write_posts(rows, projects: dict, people: dict, specialties: dict) -> int:
    """Add the posts that nobody holds yet; how many those were."""
    held = set(
        Post.objects.current()
        .filter(user__in=people.values())
        .values_list("user_id", "role", "project_id", "specialty_id", "department")
    )
    new: dict[tuple, Post] = {}
    for row in rows:
        post = post_of(row, projects, people, specialties)
        key = (post.user_id, post.role, post.project_id, post.specialty_id, post.department)
        if key not in held:
            new[key] = post
    Post.objects.bulk_create(new.values())
    return len(new)


def post_of(row: StaffRow, projects: dict, people: dict, specialties: dict) -> Post:
    return Post(
        user=people[row["username"]],
        role=role_named(row["role"]),
        project=projects.get(row["project_code"]),
        specialty=specialties.get(row["specialty"]),
        department=row["department"],
    )
