"""Projects from a list: brought up to date by their code, all of it or nothing."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.bulk import insert, update
from organization.history import record_each
from organization.lists import (
    Columns,
    ListError,
    ListRow,
    blanks,
    error,
    fold,
    in_words,
    number_of,
    refuse,
    repeated,
    truth_of,
    vocabulary,
)
from organization.models import Project, ProjectKind

VERBS = {"import_projects": gettext_lazy("导入项目")}
PROJECTS = Columns(
    words={
        "code": ("项目编码", "Project code", "编码"),
        "name": ("项目名称", "Project name", "名称"),
        "region": ("区域", "Region"),
        "kind": ("类型", "Kind", "Type"),
        "area": ("面积", "Area", "面积（平方米）", "Area (m²)"),
        "is_active": ("在管", "Managed"),
    },
    required=("code", "name"),
    free=frozenset(("name", "region")),
)
FIELDS = tuple(PROJECTS.words)
# Who keeps something by region: called with projects whose region has just been changed.
ON_REGIONS_CHANGED: list[Callable[[Sequence[Project]], None]] = []
PROJECT_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")


@transaction.atomic
def import_projects(*, rows: Sequence[ListRow], by, at: datetime) -> list[Project]:
    """Write the projects of a list; those that are new or change, with one record each.

    A column that the list lacks stays as it is, an empty cell empties region and area. Raises
    ListRefused with every bad cell, and writes nothing then.
    """
    refuse([problem for row in rows for problem in row_errors(row)])
    refuse(repeated(rows, lambda row: row["code"], "code"))
    known = Project.objects.in_bulk([row["code"] for row in rows], field_name="code")
    typed = {row["code"]: values_of(row) for row in rows}
    new = [Project(code=code, **values) for code, values in typed.items() if code not in known]
    changes = {code: changes_of(project, typed[code]) for code, project in known.items()}
    changed = [project for code, project in known.items() if changes[code]]
    insert(Project, FIELDS, ([getattr(each, name) for name in FIELDS] for each in new))
    update(Project, FIELDS, changed)
    regions_changed([project for project in changed if "region" in changes[project.code]])
    made = list(Project.objects.filter(code__in=[project.code for project in new]))
    details = [{} for _each in made] + [changes[project.code] for project in changed]
    record_each(on=made + changed, verb="import_projects", by=by, at=at, details=details)
    return made + changed


def regions_changed(projects: Sequence[Project]) -> None:
    """Tell whoever keeps something by region, in the transaction that changes it."""
    for follow in ON_REGIONS_CHANGED if projects else ():
        follow(projects)


def changes_of(project: Project, values: dict) -> dict:
    """Puts the values on the project; what they were and became, by field."""
    was = {name: getattr(project, name) for name in values}
    for name, value in values.items():
        setattr(project, name, value)
    return {
        name: [in_words(was[name]), in_words(value)]
        for name, value in values.items()
        if was[name] != value
    }


def values_of(row: ListRow) -> dict:
    """What a row says of its project, for the columns that are there."""
    values = {name: row[name] for name in ("name", "region") if name in row}
    if "area" in row:
        values["area"] = area_of(row["area"]) if row["area"] else None
    if row["kind"]:
        values["kind"] = kind_named(row["kind"])
    if row["is_active"]:
        values["is_active"] = truth_of(row["is_active"])
    return values


def row_errors(row: ListRow) -> list[ListError]:
    checked = [(column, check(row[column])) for column, check in CHECKS.items()]
    return blanks(row, PROJECTS) + [
        error(row, column, message) for column, message in checked if message
    ]


def check_code(text: str) -> str:
    if not text or PROJECT_CODE.match(text):
        return ""
    return _("项目编码只能用字母、数字、- 和 _，不超过 40 个字符。")


def check_name(text: str) -> str:
    return _("项目名称过长。") if len(text) > 120 else ""


def check_region(text: str) -> str:
    return _("区域名称过长。") if len(text) > 60 else ""


def check_kind(text: str) -> str:
    return "" if not text or kind_named(text) else _("没有“%(word)s”这个类型。") % {"word": text}


def check_area(text: str) -> str:
    return "" if not text or area_of(text) is not None else _("面积要填数字（平方米）。")


def check_truth(text: str) -> str:
    return "" if not text or truth_of(text) is not None else _("这里填“是”或“否”。")


CHECKS = {
    "code": check_code,
    "name": check_name,
    "region": check_region,
    "kind": check_kind,
    "area": check_area,
    "is_active": check_truth,
}


@cache
def _kind_words() -> dict[str, str]:
    return vocabulary(ProjectKind)


def kind_named(word: str) -> str | None:
    """A project kind by code or by its label in either language."""
    return _kind_words().get(fold(word))


def area_of(text: str) -> Decimal | None:
    """Square metres; None when the text is no number that fits."""
    area = number_of(text)
    return round(area, 2) if area is not None and 0 <= area < 10**10 else None
