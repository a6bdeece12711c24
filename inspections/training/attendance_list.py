"""Who came to a training, as an Excel list: what it would do, and all of it or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inspections.list_plan import CHANGED, JOINS, NEW, Change, ListPlan
from inspections.models import Attendance, Training
from inspections.moves import person
from inspections.training.trainings import (
    NAME_LENGTH,
    check_day,
    check_standing,
    invited_people,
    locked_for_attendance,
)
from organization.bulk import update
from organization.history import record
from organization.lists import Columns, ListError, ListRow, error, refuse, repeated, truth_of
from organization.models import Post, Project

BATCH = 500
MARK = ("name", "project", "came", "marked_at", "marked_by")
ATTENDANCE = Columns(
    words={
        "project": ("项目", "Project", "项目名称", "项目编码"),
        "username": ("账号", "Username", "用户名"),
        "name": ("姓名", "Name"),
        "came": ("到场", "Attended", "签到"),
    },
    required=("name", "came"),
    free=frozenset({"project", "name"}),
)


@transaction.atomic
def take_attendance(*, training: Training, rows: Sequence[ListRow], by, at: datetime) -> int:
    """The whole list from a file, all or none; returns how many rows changed something.

    A row with an account is an invited person, one without is somebody by name; where nothing
    says whether they came, nothing is noted. Raises ListRefused naming every bad cell.
    """
    training = locked_for_attendance(training, at)
    plan = plan_attendance(training=training, rows=rows, at=at)
    write(training, plan.changes, by=by, at=at)
    if plan.changes:
        present = sum(bool(truth_of(row["came"])) for row in rows)
        record(on=training, verb="take_attendance", by=by, at=at, rows=len(rows), came=present)
    return len(plan.changes)


def plan_attendance(*, training: Training, rows: Sequence[ListRow], at: datetime) -> ListPlan:
    """What taking it would do. Raises ListRefused like it, Refused before the training's day."""
    check_standing(training)
    check_day(training, at)
    known = Known(training, rows)
    refuse([*wrong_cells(rows, known.people, known.projects), *twice(rows)])
    said = [row for row in rows if known.says_something(row)]
    changes = [change for row in said if (change := known.change(row))]
    return ListPlan(changes, len(said) - len(changes), len(rows) - len(said))


class Known:
    """Whom of a list a training invites, and who is noted already."""

    def __init__(self, training: Training, rows: Sequence[ListRow]):
        named = {row["username"] for row in rows}
        posts = invited_people(training).filter(user__username__in=named)
        posts = posts.select_related("user", "project")
        self.people = {post.user.username: post for post in posts}
        projects = training.projects.all()
        self.projects = {word: each for each in projects for word in (each.code, each.name)}
        marks = training.attendances.filter(user__isnull=False)
        self.noted = dict(marks.values_list("user_id", "came"))
        guests = training.attendances.filter(user=None)
        self.guests = set(guests.values_list("name", "project__code"))

    def says_something(self, row: ListRow) -> bool:
        """Of somebody without an account only that they came."""
        came = truth_of(row["came"])
        return came is not None and bool(came or row["username"])

    def change(self, row: ListRow) -> Change | None:
        """What the row changes, if anything."""
        post = self.people.get(row["username"])
        if post:
            there, came = self.noted.get(post.user_id), bool(truth_of(row["came"]))
            return None if there == came else marked(row, post, there, came)
        guest = guest_of(row, self.projects.get(row["project"]))
        code = guest.project.code if guest.project else None
        return None if (guest.name, code) in self.guests else guest


def marked(row: ListRow, post: Post, there: bool | None, came: bool) -> Change:
    return Change(
        kind=NEW if there is None else CHANGED,
        row=row,
        target=post,
        name=str(post.user),
        project=post.project,
        before="" if there is None else word(there),
        after=word(came),
    )


def guest_of(row: ListRow, project: Project | None) -> Change:
    return Change(
        kind=JOINS,
        row=row,
        target=None,
        name=" ".join(row["name"].split()),
        project=project,
        before="",
        after=word(True),
    )


def word(came: bool) -> str:
    return _("到场") if came else _("未到")


def write(training: Training, changes: Sequence[Change], *, by, at: datetime) -> None:
    """Those who are noted already are written over; a few queries for any number."""
    noted = training.attendances.filter(user__isnull=False)
    known = dict(noted.values_list("user_id", "pk"))
    marks = [mark_of(training, change, by=person(by), at=at) for change in changes]
    for mark in marks:
        mark.pk = known.get(mark.user_id)
    update(Attendance, MARK, [mark for mark in marks if mark.pk])
    Attendance.objects.bulk_create([mark for mark in marks if not mark.pk], batch_size=BATCH)


def mark_of(training: Training, change: Change, *, by, at: datetime) -> Attendance:
    post = change.target
    about = {"training": training, "marked_at": at, "marked_by": by}
    if post is None:
        return Attendance(name=change.name, project=change.project, **about)
    came, name = bool(truth_of(change.row["came"])), str(post.user)[:NAME_LENGTH]
    return Attendance(user=post.user, name=name, project_id=post.project_id, came=came, **about)


def wrong_cells(rows, people: Mapping, projects: Mapping) -> Iterator[ListError]:
    for row in rows:
        if not row["name"]:
            yield error(row, "name", _("缺“%(column)s”。") % {"column": ATTENDANCE.head("name")})
        if row["came"] and truth_of(row["came"]) is None:
            yield error(row, "came", _("请写“是”或“否”。"))
        if row["username"] and row["username"] not in people:
            message = _("“%(name)s”不在邀请名单里；不在系统里的人请空着账号。")
            yield error(row, "username", message % {"name": row["username"]})
        if row["project"] and row["project"] not in projects:
            message = _("没有邀请“%(name)s”这个项目。") % {"name": row["project"]}
            yield error(row, "project", message)
        if len(row["name"]) > NAME_LENGTH:
            message = _("姓名最多 %(limit)d 个字。") % {"limit": NAME_LENGTH}
            yield error(row, "name", message)


def twice(rows: Sequence[ListRow]) -> list[ListError]:
    known = [row for row in rows if row["username"]]
    others = [row for row in rows if not row["username"]]
    return [
        *repeated(known, lambda row: row["username"], "username"),
        *repeated(others, lambda row: (row["name"], row["project"]), "name"),
    ]
