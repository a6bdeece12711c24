"""A line of work as the page shows it: what, of whom, by when, how it stands, and one button."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Obligation
from inspections.models import Extension, Finding
from organization.models import User
from organization.roles import Role
from organization.states import State
from organization.templatetags.ui import short_day


@dataclass(frozen=True)
class Row:
    """`due` is the day that sorts it, `since` the moment from which it waits or was done.

    One with `since` and no day waits for the reader's decision now. `count` is how many things
    it stands for, `who` the person or role that it is with now.
    """

    title: str
    meta: str
    state: State
    url: str
    action: str
    due: date | None = None
    since: datetime | None = None
    count: int = 1
    who: object = ""
    note: str = ""


def waited(since: datetime, at: datetime) -> str:
    """How long something waits: hours only under a day."""
    hours = int((at - since).total_seconds() // 3600)
    if hours < 1:
        return _("刚刚送出")
    if hours < 24:
        return ngettext("%(hours)d 小时前送出", "%(hours)d 小时前送出", hours) % {"hours": hours}
    days = hours // 24
    return ngettext("已等 %(days)d 天", "已等 %(days)d 天", days) % {"days": days}


def owed(obligation: Obligation, *, at: datetime) -> Row:
    if obligation.is_met_by_plan and obligation.project:
        url = reverse("plan", args=[obligation.campaign.code, obligation.project.code])
        action = _("写方案")
    else:
        url, action = obligation.get_absolute_url(), _("交资料")
    return Row(
        title=obligation.milestone.title,
        meta=about_obligation(obligation),
        state=obligation.state(at=at),
        url=url,
        action=_("补正") if obligation.returned_at else action,
        due=obligation.due,
    )


def about_obligation(obligation: Obligation) -> str:
    if obligation.returned_at and obligation.is_open:
        return _("节点 · %(subject)s · 退回：%(reason)s") % {
            "subject": obligation.subject,
            "reason": obligation.return_reason,
        }
    return _("节点 · %(subject)s") % {"subject": obligation.subject}


def handed_in(obligation: Obligation, *, at: datetime) -> Row:
    """Sent, and waiting for the one who accepts it."""
    return Row(
        title=obligation.milestone.title,
        meta=str(obligation.subject),
        state=obligation.state(at=at),
        url=obligation.get_absolute_url(),
        action=_("打开"),
        since=obligation.submitted_at,
        who=Role(obligation.milestone.reviewer).label,
        note=waited(obligation.submitted_at, at),
    )


def accepted(obligation: Obligation, *, at: datetime) -> Row:
    return Row(
        title=obligation.milestone.title,
        meta=_("节点 · %(subject)s") % {"subject": obligation.subject},
        state=obligation.state(at=at),
        url=obligation.get_absolute_url(),
        action=_("打开"),
        since=obligation.accepted_at,
    )


def to_rectify(finding: Finding, person: User, *, at: datetime) -> Row:
    mine = finding.responsible_id == person.pk or finding.is_departments
    return Row(
        title=str(finding),
        meta=about_finding(finding),
        state=finding.state(at=at),
        url=finding.get_absolute_url(),
        action=_("整改") if mine else _("看进展"),
        due=finding.due,
    )


def about_finding(finding: Finding) -> str:
    words = {
        "project": finding.project,
        "specialty": finding.specialty or _("未分专业"),
        "person": finding.responsible or _("未定"),
    }
    if finding.reopened_at and not finding.rectified_at:
        words["reason"] = finding.reopen_reason
        return _("问题整改 · %(project)s · %(specialty)s · 重开：%(reason)s") % words
    return _("问题整改 · %(project)s · %(specialty)s · 责任人 %(person)s") % words


def to_verify(finding: Finding, *, at: datetime) -> Row:
    """Rectified, and waiting for the one who verifies it."""
    return Row(
        title=str(finding),
        meta=about_finding(finding),
        state=finding.state(at=at),
        url=finding.get_absolute_url(),
        action=_("打开"),
        since=finding.rectified_at,
        who=Role.MANAGEMENT_CENTER.label,
        note=waited(finding.rectified_at, at),
    )


def asked_later(extension: Extension, *, at: datetime) -> Row:
    """A later due date that the center has not answered yet."""
    finding = extension.finding
    words = {"project": finding.project, "day": short_day(extension.asked_due)}
    return Row(
        title=str(finding),
        meta=_("申请延期到 %(day)s · %(project)s") % words,
        state=extension.state(),
        url=finding.get_absolute_url() + "#extension",
        action=_("打开"),
        since=extension.asked_at,
        who=Role.MANAGEMENT_CENTER.label,
        note=waited(extension.asked_at, at),
    )


def verified(finding: Finding, *, at: datetime) -> Row:
    return Row(
        title=str(finding),
        meta=about_finding(finding),
        state=finding.state(at=at),
        url=finding.get_absolute_url(),
        action=_("打开"),
        since=finding.verified_at,
    )


class Merged:
    """A few rows at hand and many in the database, in one order, for Django's paginator.

    Both come sorted by `key`; of the many only as many are read as the page's end needs. `of`
    gives each the campaign that it belongs to.
    """

    def __init__(
        self,
        few: list[Row],
        many: Callable[[], QuerySet],
        of: Callable[[Iterable], Iterator],
        total: int,
        make: Callable[..., Row],
        key: Callable[[Row], Any],
        newest_first: bool = False,
    ):
        self.few = sorted(few, key=key, reverse=newest_first)
        self.many, self.of, self.total, self.make = many, of, total, make
        self.key, self.newest_first = key, newest_first

    def count(self) -> int:
        return len(self.few) + self.total

    def __getitem__(self, piece: slice) -> list[Row]:
        many = map(self.make, self.of(self.many()[: piece.stop])) if self.total else ()
        rows = merge(self.few, many, key=self.key, reverse=self.newest_first)
        return list(islice(rows, piece.start, piece.stop))


def by_moment(row: Row) -> datetime | None:
    return row.since


def end_of_week(today: date) -> date:
    """The Sunday of a day's week."""
    return today + timedelta(days=6 - today.weekday())
