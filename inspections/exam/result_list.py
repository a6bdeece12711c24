"""Results as an Excel list: who, what they got, or that they were absent. All or none."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from inspections.exam.results import BATCH, check_result, enter_many, in_word, written
from inspections.exam.setting import check_results_open
from inspections.list_plan import CHANGED, JOINS, NEW, Change, ListPlan
from inspections.models import Exam, Seat
from inspections.moves import lock
from organization.history import record_each
from organization.list_file import workbook_of
from organization.lists import (
    Columns,
    ListError,
    ListRow,
    error,
    fold,
    number_of,
    refuse,
    repeated,
    truth_of,
    truth_word,
)
from organization.models import Project

RESULTS = Columns(
    words={
        "username": ("账号", "Username", "用户名"),
        "name": ("姓名", "Name"),
        "project": ("项目", "Project", "项目编码", "Project code"),
        "points": ("得分", "Points", "成绩", "分数", "Score"),
        "absent": ("缺考", "Absent"),
        "remark": ("缺考原因", "Why absent"),
    },
    required=("points",),
    free=frozenset(("name", "remark")),
)
ABSENT_WORDS = ("缺考", "absent", "√", "✓")


@transaction.atomic
def import_results(*, exam: Exam, rows: list[ListRow], by, at: datetime) -> int:
    """Take results from a list; returns how many changed, so that the same file says 0.

    A row is somebody invited, by account or by name and project; one with a name that is not on
    the list is somebody without an account, who joins it. Raises ListRefused with every bad
    cell, and writes nothing then; Refused when no results may be entered.
    """
    lock(exam)
    plan = plan_results(exam=exam, rows=rows, at=at)
    take(exam, plan.changes, by=by, at=at)
    return len(plan.changes)


def plan_results(*, exam: Exam, rows: list[ListRow], at: datetime) -> ListPlan:
    """What importing them would do; raises ListRefused and Refused like it."""
    check_results_open(exam)
    known = seats_of(exam, rows)
    said = [(row, seat) for row, seat in known if points_of(row) is not None or is_absent(row)]
    changes = [change for row, seat in said if (change := change_of(row, seat, at=at))]
    return ListPlan(changes, len(said) - len(changes), len(rows) - len(said))


def seats_of(exam: Exam, rows: list[ListRow]) -> list[tuple[ListRow, Seat]]:
    """Whom each row is about. Raises ListRefused with every bad cell of the list."""
    people = People(exam)
    found = [(row, *people.seat(row)) for row in rows]
    problems = [each for row, _seat, errors in found for each in (*errors, *cell_errors(row, exam))]
    known = [(row, seat) for row, seat, errors in found if seat]
    keys = {id(row): (seat.pk, seat.name, seat.project_id) for row, seat in known}
    problems += repeated([row for row, _seat in known], lambda row: keys[id(row)], "name")
    refuse(problems)
    return known


def change_of(row: ListRow, seat: Seat, *, at: datetime) -> Change | None:
    """What a row changes, if anything; Refused where this result may not be entered."""
    points, absent, remark = result_of(row)
    if (seat.points, seat.absent, seat.remark) == (points, absent, remark):
        return None
    check_result(seat, points, absent, remark, None, at=at)
    is_entered = seat.points is not None or seat.absent
    kind = JOINS if seat.pk is None else CHANGED if is_entered else NEW
    return Change(
        kind=kind,
        row=row,
        target=seat,
        name=seat.name,
        project=seat.project,
        before=written(seat) if is_entered else "",
        after=" · ".join(filter(None, (in_word(points, absent), remark))),
    )


def result_of(row: ListRow) -> tuple[Decimal | None, bool, str]:
    absent = bool(is_absent(row))
    return points_of(row), absent, row["remark"] if absent else ""


class People:
    """Who is on an exam's list, found by account, or by name and project."""

    def __init__(self, exam: Exam):
        self.exam = exam
        self.by_account: dict[str, Seat] = {}
        self.by_name: dict[str, list[Seat]] = {}
        seats = exam.seats.annotate(account=F("person__username"))
        # of a hundred thousand people most share their projects, which are read once
        joined = Project.objects.in_bulk(set(exam.seats.values_list("project", flat=True)))
        for seat in seats:
            seat.exam = exam
            seat.project = joined.get(seat.project_id)
            if seat.account:
                self.by_account[seat.account] = seat
            self.by_name.setdefault(fold(seat.name), []).append(seat)
        projects = Project.objects.filter(participations__campaign=exam.campaign)
        self.projects = {fold(word): each for each in projects for word in (each.name, each.code)}

    def seat(self, row: ListRow) -> tuple[Seat | None, list[ListError]]:
        if row["username"]:
            found = self.by_account.get(row["username"])
            message = _("应考名单里没有账号“%(word)s”。") % {"word": row["username"]}
            return found, [] if found else [error(row, "username", message)]
        if not row["name"]:
            return None, [error(row, "name", _("写账号，或者写姓名。"))]
        project = self.projects.get(fold(row["project"]))
        if row["project"] and project is None:
            message = _("没有“%(word)s”这个项目。") % {"word": row["project"]}
            return None, [error(row, "project", message)]
        return self.named(row, project)

    def named(self, row: ListRow, project: Project | None):
        there = self.by_name.get(fold(row["name"]), [])
        here = [seat for seat in there if project is None or seat.project_id == project.pk]
        if len(here) > 1:
            message = _("有 %(count)d 个%(name)s，写上账号或项目。")
            return None, [error(row, "name", message % {"count": len(here), "name": row["name"]})]
        if here:
            return here[0], []
        if len(row["name"]) > 60:
            return None, [error(row, "name", _("姓名太长。"))]
        return Seat(exam=self.exam, name=row["name"], project=project), []


def is_absent(row: ListRow) -> bool | None:
    """None where the cell says neither; “缺考” may also stand instead of the points."""
    if fold(row["points"]) in ABSENT_WORDS or fold(row["absent"]) in ABSENT_WORDS:
        return True
    return truth_of(row["absent"]) if row["absent"] else False


def points_of(row: ListRow) -> Decimal | None:
    return None if fold(row["points"]) in ABSENT_WORDS else number_of(row["points"])


def cell_errors(row: ListRow, exam: Exam) -> list[ListError]:
    found, points, absent = [], points_of(row), is_absent(row)
    if absent is None:
        found.append(error(row, "absent", _("“缺考”写是或否。")))
    if absent and points is not None:
        found.append(error(row, "points", _("缺考的人没有得分。")))
    if absent is False and row["points"] and points is None:
        found.append(error(row, "points", _("得分要写数字。")))
    if points is not None and not 0 <= points <= exam.full_marks:
        words = {"full": f"{exam.full_marks.normalize():f}"}
        found.append(error(row, "points", _("得分要在 0 和 %(full)s 之间。") % words))
    if points is not None and points.as_tuple().exponent < -2:
        found.append(error(row, "points", _("得分最多两位小数。")))
    if len(row["remark"]) > 200:
        found.append(error(row, "remark", _("缺考原因最多 200 个字。")))
    return found


def take(exam: Exam, changes: Sequence[Change], *, by, at: datetime) -> None:
    joined = [change.target for change in changes if change.target.pk is None]
    Seat.objects.bulk_create(joined, batch_size=BATCH)
    names = [{"name": seat.name} for seat in joined]
    record_each(on=[exam] * len(joined), verb="add_seat", by=by, at=at, details=names)
    results = {change.target.pk: result_of(change.row) for change in changes}
    enter_many(exam=exam, results=results, by=by, at=at, reason=_("Excel 导入"))


def results_workbook(seats: Iterable[Seat]) -> bytes:
    """The list to be filled in, with what is known already; it imports as it is."""
    return workbook_of(RESULTS.heads(), map(cells_of, seats))


def cells_of(seat: Seat) -> list:
    return [
        seat.person.username if seat.person else "",
        seat.name,
        seat.project.code if seat.project else "",
        seat.points,
        truth_word(True) if seat.absent else "",
        seat.remark,
    ]
