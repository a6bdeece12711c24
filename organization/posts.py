"""Posts from a list: who holds which place since when, and until when."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

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
    blanks,
    day_of,
    error,
    fold,
    refuse,
    repeated,
)
from organization.models import Post, Project, Specialty, User
from organization.roles import Role, role_named

VERBS = {"import_posts": gettext_lazy("导入岗位")}
POSTS = Columns(
    words={
        "username": ("用户名", "Username"),
        "role": ("角色", "Role"),
        "project_code": ("项目编码", "Project code", "项目", "Project"),
        "specialty": ("专业", "Specialty", "专业口"),
        "department": ("部门", "Department"),
        "since": ("到岗", "Since", "到岗日期"),
        "until": ("离岗", "Until", "离岗日期"),
    },
    required=("username", "role"),
    free=frozenset(("department",)),
)
FIELDS = ("user", "role", "project", "specialty", "department", "since", "until")


@transaction.atomic
def import_posts(*, rows: Sequence[ListRow], by, at: datetime) -> list[Post]:
    """Begin, end and date posts; one record for each person whose posts change.

    A row is the post of that person, role, place and first day; without one of that day it is
    the post of that kind held now, which then gets the row's days; without either a new one.
    Posts that no row speaks of stay as they are. People and projects have to exist already.
    Raises ListRefused with every bad cell, and writes nothing then.
    """
    places = Places(rows)
    refuse([problem for row in rows for problem in places.row_errors(row)])
    wanted = [places.post(row) for row in rows]
    keys = {id(row): (*kind_of(post), post.since) for row, post in zip(rows, wanted, strict=True)}
    refuse(repeated(rows, lambda row: keys[id(row)], "username"))
    new, changed = matched(rows, wanted)
    # ends come first: a post begins where the same one has ended
    update(Post, ("since", "until"), sorted(changed, key=lambda post: post.until is None))
    insert(Post, FIELDS, ([value_of(post, name) for name in FIELDS] for post in new))
    on_record(new, changed, by, at)
    return new + changed


class Places:
    """The people, projects and specialties that rows name, read once."""

    def __init__(self, rows: Sequence[ListRow]):
        self.people = User.objects.in_bulk({r["username"] for r in rows}, field_name="username")
        codes = {row["project_code"] for row in rows}
        self.projects = Project.objects.in_bulk(codes, field_name="code")
        self.specialties = specialty_words()

    def row_errors(self, row: ListRow) -> list[ListError]:
        found = blanks(row, POSTS) + self.strangers(row) + day_errors(row)
        if row["role"] and role_named(row["role"]) is None:
            message = _("没有“%(word)s”这个角色。") % {"word": row["role"]}
            return [*found, error(row, "role", message)]
        if problem := check_department(row["department"]):
            found.append(error(row, "department", problem))
        return found + place_errors(row)

    def strangers(self, row: ListRow) -> list[ListError]:
        """Whatever the row names that there is not."""
        named = {
            "username": (self.people, _("没有用户名“%(word)s”。")),
            "project_code": (self.projects, _("没有编码为“%(word)s”的项目。")),
        }
        found = [
            error(row, column, message % {"word": row[column]})
            for column, (known, message) in named.items()
            if row[column] and row[column] not in known
        ]
        return found + specialty_errors(row, self.specialties)

    def post(self, row: ListRow) -> Post:
        return Post(
            user=self.people[row["username"]],
            role=role_named(row["role"]),
            project=self.projects.get(row["project_code"]),
            specialty=self.specialties.get(fold(row["specialty"])),
            department=row["department"],
            since=day_of(row["since"]),
            until=day_of(row["until"]),
        )


def specialty_words() -> dict[str, Specialty]:
    """Specialties by code and by their names in both languages, folded."""
    return {
        fold(word): specialty
        for specialty in Specialty.objects.all()
        for word in (specialty.name_zh_hans, specialty.name_en, specialty.code)
        if word
    }


def specialty_errors(row: ListRow, known: dict[str, Specialty]) -> list[ListError]:
    if not row["specialty"] or fold(row["specialty"]) in known:
        return []
    return [error(row, "specialty", _("没有“%(word)s”这个专业。") % {"word": row["specialty"]})]


def check_department(text: str) -> str:
    return _("部门名称过长。") if len(text) > 60 else ""


def place_errors(row: ListRow) -> list[ListError]:
    """Whether a role has the place that it needs, and none that it cannot have."""
    role = role_named(row["role"])
    if role is None:
        return []
    found = []
    if role == Role.SPECIALTY_LEAD and not row["specialty"]:
        found.append(error(row, "specialty", _("专业负责人要写明专业。")))
    if role.is_company and row["project_code"]:
        found.append(error(row, "project_code", _("公司岗位不填项目。")))
    if not role.is_company and not row["project_code"]:
        found.append(error(row, "project_code", _("项目岗位要填项目编码。")))
    return found


def day_errors(row: ListRow) -> list[ListError]:
    days = {column: day_of(row[column]) for column in ("since", "until")}
    found = [
        error(row, column, _("日期写成 2011-10-16 这样。"))
        for column, day in days.items()
        if row[column] and day is None
    ]
    if days["since"] and days["until"] and days["until"] < days["since"]:
        found.append(error(row, "until", _("离岗早于到岗。")))
    return found


def kind_of(post: Post) -> tuple:
    """What the post is, whenever it is held."""
    return (post.user_id, post.role, post.project_id, post.specialty_id, post.department)


def value_of(post: Post, name: str):
    return getattr(post, Post._meta.get_field(name).attname)


def matched(rows: Sequence[ListRow], wanted: list[Post]) -> tuple[list[Post], list[Post]]:
    """The posts to add, and those that exist and get other days."""
    held: dict[tuple, dict[date | None, Post]] = defaultdict(dict)
    people = {post.user_id for post in wanted}
    # of two with the same days the one without an end comes last and stays
    posts = Post.objects.filter(user__in=people).order_by("until", "id")
    for post in sorted(posts, key=lambda post: post.until is None):
        held[kind_of(post)][post.since] = post
    exact = [held[kind_of(post)].pop(post.since, None) for post in wanted]
    pairs = [
        (post, found or current(held, post)) for post, found in zip(wanted, exact, strict=True)
    ]
    refuse_two_at_once(rows, pairs, held)
    changed = [found for post, found in pairs if found and days_change(found, post)]
    return [post for post, found in pairs if not found], changed


def current(held: dict, post: Post) -> Post | None:
    """The post of this kind that has no end yet, unless another row has spoken of it."""
    of_kind = held[kind_of(post)]
    since = next((day for day, each in of_kind.items() if each.until is None), False)
    return None if since is False else of_kind.pop(since)


def days_change(post: Post, row: Post) -> bool:
    before = (post.since, post.until)
    post.since, post.until = row.since, row.until
    return before != (post.since, post.until)


def refuse_two_at_once(rows, pairs: list[tuple[Post, Post | None]], left: dict) -> None:
    """Nobody holds the same post twice at once."""
    open_ones = {kind for kind, each in left.items() if any(p.until is None for p in each.values())}
    errors = []
    for row, (post, _found) in zip(rows, pairs, strict=True):
        if post.until is None and kind_of(post) in open_ones:
            errors.append(error(row, "username", _("这个人已经有这个岗位。")))
        if post.until is None:
            open_ones.add(kind_of(post))
    if errors:
        raise ListRefused(errors)


def on_record(new: list[Post], changed: list[Post], by, at: datetime) -> None:
    words: dict[User, list[str]] = defaultdict(list)
    people = User.objects.in_bulk({post.user_id for post in new + changed})
    for post in new + changed:
        days = " – ".join(str(day or "") for day in (post.since, post.until))
        words[people[post.user_id]].append(f"{post.role} {post.department} {days}".strip())
    details = [{"posts": posts} for posts in words.values()]
    record_each(on=list(words), verb="import_posts", by=by, at=at, details=details)
