"""A list of customers as it comes from Excel: its columns, and what its cells say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.callback.masks import masked
from inspections.callback.words import kind_named
from organization.lists import (
    Columns,
    ListError,
    ListRow,
    blanks,
    error,
    fold,
    plain,
    refuse,
    repeated,
)
from organization.models import Project

CUSTOMERS = Columns(
    words={
        "project": ("项目", "Project", "项目名称", "项目编码", "Project code"),
        "name": ("姓名", "Name", "客户", "客户姓名", "业主姓名", "Customer"),
        "unit": ("房号", "Unit", "房间号", "单元", "Room"),
        "phone": ("电话", "Phone", "手机", "手机号", "手机号码", "联系电话", "Mobile"),
        "kind": ("客户类型", "Kind", "类型", "身份"),
    },
    required=("project", "name", "phone"),
    free=frozenset(("name", "unit")),
)
LONGEST = 60
BETWEEN = re.compile(r"[\s\-()·.]")
ABROAD = re.compile(r"^(?:\+|00)?86(?=1[3-9]\d{9}$|0?[1-9]\d{8,10}$)")
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0[1-9]\d{8,10}")


@dataclass(frozen=True)
class Entry:
    """A customer as a list gives it; nothing that names somebody is in its repr."""

    project: int
    phone: str = field(repr=False)
    name: str = field(repr=False)
    unit: str = field(repr=False, default="")
    kind: str = ""

    @property
    def secret(self) -> dict[str, str]:
        return {"name": self.name, "unit": self.unit, "phone": self.phone}

    @property
    def masked(self) -> dict[str, str]:
        return masked(self.secret)


def entries_of(campaign: Campaign, rows: Sequence[ListRow]) -> list[Entry]:
    """The customers of a list. Raises ListRefused with every bad cell, none of which it repeats
    where it is a number or a name.
    """
    projects = projects_named(campaign)
    read = [(row, *entry_of(row, projects)) for row in rows]
    found = [problem for _row, _entry, problems in read for problem in problems]
    good = [(row, entry) for row, entry, _problems in read if entry]
    keys = {id(row): (entry.project, entry.phone) for row, entry in good}
    found += repeated([row for row, _entry in good], lambda row: keys[id(row)], "phone")
    refuse(found)
    return [entry for _row, entry in good]


def projects_named(campaign: Campaign) -> dict[str, Project]:
    found = Project.objects.filter(participations__campaign=campaign)
    return {fold(word): each for each in found for word in (each.name, each.code)}


def entry_of(row: ListRow, projects: dict[str, Project]) -> tuple[Entry | None, list[ListError]]:
    found = blanks(row, CUSTOMERS)
    project, kind = projects.get(fold(row["project"])), kind_named(row["kind"])
    phone = phone_of(row["phone"])
    if row["project"] and project is None:
        message = _("“%(word)s”不是这次专项工作的项目。") % {"word": row["project"]}
        found.append(error(row, "project", message))
    if row["phone"] and not phone:
        found.append(error(row, "phone", phone_sentence(row["phone"])))
    if kind is None:
        message = _("没有“%(word)s”这种客户类型：写业主、租户、商户或其他客户。")
        found.append(error(row, "kind", message % {"word": row["kind"]}))
    for column in ("name", "unit"):
        if len(row[column]) > LONGEST:
            words = {"column": CUSTOMERS.head(column), "most": LONGEST}
            message = _("“%(column)s”最多 %(most)d 个字。") % words
            found.append(error(row, column, message))
    if found:
        return None, found
    return Entry(project.pk, phone, row["name"], row["unit"], kind), []


def phone_of(text: str) -> str:
    """A mobile number, or a landline with its area code, as digits; empty when it is neither."""
    bare = plain(text)
    bare = bare[:-2] if re.fullmatch(r"\d+\.0", bare) else bare  # a figure with a decimal
    bare = ABROAD.sub("", BETWEEN.sub("", bare))
    return bare if MOBILE.fullmatch(bare) or LANDLINE.fullmatch(bare) else ""


def phone_sentence(text: str) -> str:
    if "E" in plain(text).upper():
        return _("号码成了科学计数，已经不完整。把这一列设成“文本”再填。")
    return _("这不是电话号码：手机 11 位；座机要带区号，以 0 开头（把这一列设成“文本”）。")
