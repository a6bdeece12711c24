"""Projects and people from a list: one row is one post, all of it or nothing.

The list is read elsewhere (a file, a form); here its cells are judged and written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.bulk import insert, update
from organization.history import record_each
from organization.lists import (
    Columns,
    ListError,
    ListRefused,
    ListRow,
    error,
    fold,
)
from organization.models import Post, Project, User
from organization.posts import FIELDS as POST_FIELDS
from organization.posts import (
    check_department,
    kind_of,
    place_errors,
    specialty_errors,
    specialty_words,
    value_of,
)
from organization.projects import FIELDS as PROJECT_FIELDS
from organization.projects import (
    area_of,
    check_area,
    check_code,
    check_kind,
    check_region,
    kind_named,
)
from organization.roles import role_named

VERBS = {
    "import_staff": gettext_lazy("导入人员"),
    "create_administrator": gettext_lazy("创建系统管理员"),
}
COLUMNS = {
    "project_code": ("项目编码", "Project code"),
    "project_name": ("项目名称", "Project name"),
    "username": ("用户名", "Username"),
    "name": ("姓名", "Name"),
    "role": ("角色", "Role"),
    "specialty": ("专业", "Specialty", "专业口"),
    "department": ("部门", "Department"),
    "email": ("邮箱", "Email", "E-mail", "电子邮箱"),
    "mobile": ("手机", "Mobile", "手机号"),
    "region": ("区域", "Region"),
    "kind": ("类型", "Kind", "Type"),
    "area": ("面积", "Area", "面积（平方米）", "Area (m²)"),
}
STAFF = Columns(
    words=COLUMNS,
    required=("project_code", "project_name", "username", "name", "role"),
    free=frozenset(("project_name", "name", "department", "region")),
)
MOBILE = re.compile(r"^[0-9+() -]{5,30}$")
PERSON_FIELDS = ("name", "email", "mobile")


@dataclass(frozen=True)
class Imported:
    """What an import wrote: how many new projects, people and posts, and all its projects."""

    projects: int
    people: int
    posts: int
    entered: tuple[Project, ...]


@transaction.atomic
def import_staff(*, rows: Sequence[ListRow], by, at: datetime) -> Imported:
    """Write projects, people (without a usable password) and posts.

    Existing ones are brought up to date by code and username; posts are only ever added.
    Raises ListRefused with every bad cell, and writes nothing then.
    """
    words = specialty_words()
    errors = [error for row in rows for error in row_errors(row, words)]
    errors += contradictions(rows)
    if errors or not rows:
        raise ListRefused(errors or [ListError("", "", _("表里没有人员。"))])
    projects, new_projects = write_projects(rows)
    people, new_people = write_people(rows)
    posts = write_posts(rows, projects, people, words)
    for new in (new_projects, new_people):
        record_each(on=new, verb="import_staff", by=by, at=at, details=[{}] * len(new))
    return Imported(len(new_projects), len(new_people), posts, tuple(projects.values()))


def row_errors(row: ListRow, specialties: dict) -> list[ListError]:
    """What is wrong with one row on its own."""
    found = [problem for column, check in CHECKS.items() if (problem := wrong(row, column, check))]
    return found + specialty_errors(row, specialties) + place_errors(row)


def wrong(row: ListRow, column: str, check) -> ListError | None:
    message = check(row[column])
    return error(row, column, message) if message else None


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


CHECKS = {
    "project_code": check_code,
    "username": check_username,
    "name": check_name,
    "role": check_role,
    "department": check_department,
    "region": check_region,
    "email": check_email,
    "mobile": check_mobile,
    "kind": check_kind,
    "area": check_area,
}


def contradictions(rows: Sequence[ListRow]) -> list[ListError]:
    """Rows that do not go together: two names for one code, one post twice, a nameless project."""
    found: list[ListError] = []
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


def project_contradiction(row: ListRow, named: dict, in_file: dict) -> list[ListError]:
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


def write_projects(rows: Sequence[ListRow]) -> tuple[dict[str, Project], list[Project]]:
    """The list's projects by code, and those of them that are new."""
    typed: dict[str, dict] = {}
    for row in rows:
        if code := row["project_code"]:
            typed.setdefault(code, {}).update(project_values(row))
    known = {p.code: p for p in Project.objects.filter(code__in=typed)}
    new = [Project(code=code, **values) for code, values in typed.items() if code not in known]
    update(Project, PROJECT_FIELDS, [p for p in known.values() if changed(p, typed[p.code])])
    insert(Project, PROJECT_FIELDS, ([getattr(p, name) for name in PROJECT_FIELDS] for p in new))
    made = list(Project.objects.filter(code__in=[project.code for project in new]))
    return known | {project.code: project for project in made}, made


def changed(thing, values: dict) -> bool:
    """Puts the values on it; whether any of them is another than before."""
    was = [getattr(thing, name) for name in values]
    for name, value in values.items():
        setattr(thing, name, value)
    return was != list(values.values())


def project_values(row: ListRow) -> dict:
    """What a row says of its project; an empty cell says nothing."""
    values = {
        "name": row["project_name"],
        "region": row["region"],
        "kind": kind_named(row["kind"]),
        "area": area_of(row["area"]) if row["area"] else None,
    }
    return {name: value for name, value in values.items() if value}


def write_people(rows: Sequence[ListRow]) -> tuple[dict[str, User], list[User]]:
    """The list's people by username, and those who are new; they cannot sign in until invited."""
    typed: dict[str, dict] = {}
    for row in rows:
        values = {c: row[c] for c in ("name", "email", "mobile") if row[c]}
        typed.setdefault(row["username"], {}).update(values)
    known = {u.username: u for u in User.objects.filter(username__in=typed)}
    new = [User(username=username, **values) for username, values in typed.items()]
    new = [user for user in new if user.username not in known]
    update(User, PERSON_FIELDS, [u for u in known.values() if changed(u, typed[u.username])])
    add_people(new)
    made = list(User.objects.filter(username__in=[user.username for user in new]))
    return known | {user.username: user for user in made}, made


def add_people(people: list[User]) -> None:
    """Insert people whose password nobody knows, each with its own."""
    names = [f.name for f in User._meta.concrete_fields if not f.primary_key]
    for person in people:
        person.password = make_password(None)
    insert(User, names, ([getattr(person, name) for name in names] for person in people))


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
        if kind_of(post) not in held:
            new[kind_of(post)] = post
    insert(Post, POST_FIELDS, ([value_of(p, name) for name in POST_FIELDS] for p in new.values()))
    return len(new)


def post_of(row: ListRow, projects: dict, people: dict, specialties: dict) -> Post:
    return Post(
        user=people[row["username"]],
        role=role_named(row["role"]),
        project=projects.get(row["project_code"]),
        specialty=specialties.get(fold(row["specialty"])),
        department=row["department"],
    )
