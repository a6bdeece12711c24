"""My work: what one person has to do, waits for and has done, at a moment; knows no request."""

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from itertools import groupby

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.models import Obligation
from campaign.models.obligations import owed_through
from inspections.models import Finding
from organization.clock import local_day
from organization.models import User
from organization.planned import for_any_values
from organization.roles import Role
from portal.work.appeals import appeals_made
from portal.work.audit_visits import visits_to_make
from portal.work.campaigns import Campaigns
from portal.work.cases import cases_to_answer
from portal.work.exams import exams_to_do
from portal.work.pending import to_decide, with_the_president
from portal.work.rows import (
    Merged,
    Row,
    accepted,
    asked_later,
    by_moment,
    end_of_week,
    handed_in,
    owed,
    to_rectify,
    to_verify,
    verified,
)
from portal.work.self_checks import self_checks_to_fill
from portal.work.sheets import sheets_to_fill
from portal.work.trainings import trainings_to_do
from portal.work.waiting import extensions_asked, obligations_owed

OPEN = Q(rectified_at__isnull=True, verified_at__isnull=True)
WAITING = Q(rectified_at__isnull=False, verified_at__isnull=True)
DONE = Q(verified_at__isnull=False)
SOURCES = (
    sheets_to_fill,
    visits_to_make,
    exams_to_do,
    trainings_to_do,
    self_checks_to_fill,
    cases_to_answer,
)
GROUPS = {
    "decide": gettext_lazy("等您处理"),
    "overdue": gettext_lazy("已逾期"),
    "today": gettext_lazy("今天"),
    "week": gettext_lazy("本周"),
    "later": gettext_lazy("以后"),
}


@dataclass(frozen=True)
class Group:
    code: str
    word: object
    rows: list[Row]
    count: int


class Work:
    """Everything is derived from the person's posts, the facts and the moment.

    Obligations are few (a post's milestones) and read at once; findings may be many and are
    counted in one query and read page by page.
    """

    def __init__(self, person: User, *, at: datetime):
        self.person, self.at, self.today = person, at, local_day(at)

    @property
    def decides_first(self) -> bool:
        """For the center and the president others' waiting comes before their own deadlines."""
        return self.person.has_role(Role.MANAGEMENT_CENTER, Role.PRESIDENT)

    def urgency(self, row: Row) -> date:
        """The day that sorts a row; what waits for a decision comes first, or after overdue."""
        if row.due:
            return row.due
        if row.since is None:
            return date.max
        return date.min if self.decides_first else self.today

    # --- what there is ---

    @cached_property
    def campaigns(self) -> Campaigns:
        return Campaigns(self.person)

    @cached_property
    def obligations(self) -> list[Obligation]:
        """In order; told apart by campaign and sorted here, since few are somebody's own."""
        posts = self.person.current_posts
        found = list(self.campaigns.of(obligations_owed(**owed_through(posts))))
        projects = {None: None} | {post.project_id: post.project for post in posts}
        specialties = {None: None} | {post.specialty_id: post.specialty for post in posts}
        for each in found:
            each.project = projects[each.project_id]
            each.specialty = specialties[each.specialty_id]
        return sorted(found, key=lambda each: (each.due, each.milestone.order))

    @cached_property
    def findings(self):
        return Finding.objects.opened().rectifiable_by(self.person)

    @cached_property
    def findings_by_project(self) -> dict[int, Counter]:
        """How many findings stand where, by the project's id; one query."""
        if not self.person.project_ids:
            return {}
        rows = self.findings.order_by().values_list("campaign", "project", "due", OPEN, DONE)
        found: dict[int, Counter] = {}
        for campaign, project, due, is_open, is_done, number in rows.annotate(Count("pk")):
            if campaign in self.campaigns.running:
                group = self.group_of_day(due) if is_open else "done" if is_done else "waiting"
                found.setdefault(project, Counter())[group] += number
        return found

    def listed(self, which: Q) -> QuerySet[Finding]:
        """Findings of running campaigns, with what a row says of them."""
        found = self.campaigns.only(self.findings.filter(which))
        return found.select_related("project", "specialty", "responsible")

    @cached_property
    def finding_counts(self) -> Counter:
        return sum(self.findings_by_project.values(), Counter())

    @cached_property
    def few(self) -> list[Row]:
        """All that is to do, except findings."""
        # of the company each of these counts or looks through the same, whoever asks
        with for_any_values() if self.person.sees_company else nullcontext():
            return [
                *to_decide(self.person, self.campaigns, at=self.at),
                *(owed(each, at=self.at) for each in self.obligations if each.is_open),
                *(row for find in SOURCES for row in find(self.person, self.campaigns, at=self.at)),
            ]

    # --- the three lists ---

    @cached_property
    def todo(self) -> Merged:
        return Merged(
            few=self.few,
            many=lambda: (
                self.listed(OPEN)
                .with_department_of(self.person)
                .order_by(F("due").asc(nulls_last=True), "project__code", "pk")
            ),
            of=self.campaigns.of,
            total=sum(self.finding_counts[group] for group in GROUPS),
            make=partial(to_rectify, person=self.person, at=self.at),
            key=self.urgency,
        )

    @cached_property
    def waiting(self) -> Merged:
        """Sent by the reader's side, and with somebody else now; the longest wait first."""
        handed = [handed_in(each, at=self.at) for each in self.obligations if each.is_waiting]
        with_others = (
            row
            for find in (with_the_president, appeals_made)
            for row in find(self.person, self.campaigns, at=self.at)
        )
        return Merged(
            few=[*handed, *self.asked, *with_others],
            many=lambda: self.listed(WAITING).order_by("rectified_at", "pk"),
            of=self.campaigns.of,
            total=self.finding_counts["waiting"],
            make=partial(to_verify, at=self.at),
            key=by_moment,
        )

    @property
    def asked(self) -> list[Row]:
        """Later due dates that this person asked for and nobody answered yet."""
        asked = {each.finding_id: each for each in extensions_asked(person=self.person.pk)}
        findings = self.campaigns.of(each.finding for each in asked.values())
        return [asked_later(asked[finding.pk], at=self.at) for finding in findings]

    @cached_property
    def done(self) -> Merged:
        """Accepted and verified, newest first."""
        return Merged(
            few=[accepted(each, at=self.at) for each in self.obligations if each.accepted_at],
            many=lambda: self.listed(DONE).order_by("-verified_at", "pk"),
            of=self.campaigns.of,
            total=self.finding_counts["done"],
            make=partial(verified, at=self.at),
            key=by_moment,
            newest_first=True,
        )

    # --- the answer ---

    @cached_property
    def totals(self) -> Counter:
        """How many things each group of the to-do list has, on all its pages."""
        counted = Counter({group: self.finding_counts[group] for group in GROUPS})
        for row in self.few:
            counted[self.group_of(row)] += row.count
        return counted

    def group_of(self, row: Row) -> str:
        return "decide" if row.due is None and row.since else self.group_of_day(row.due)

    def group_of_day(self, due: date | None) -> str:
        if due is None:
            return "later"
        if due < self.today:
            return "overdue"
        if due == self.today:
            return "today"
        return "week" if due <= end_of_week(self.today) else "later"

    def groups(self, rows: list[Row]) -> list[Group]:
        """A page's rows under their headings."""
        return [
            Group(code, GROUPS[code], list(some), self.totals[code])
            for code, some in groupby(rows, key=self.group_of)
        ]

    @property
    def answer(self) -> str:
        """What matters most, as the page's first line."""
        own, decide = self.deadlines, self.decisions
        first, second = (decide, own) if self.decides_first else (own, decide)
        return first or second or _("今天没有到期的事")

    @property
    def addition(self) -> str:
        """What the answer leaves out."""
        own, decide = self.deadlines, self.decisions
        return (own if self.decides_first else decide) if own and decide else ""

    @property
    def deadlines(self) -> str:
        late, today = self.totals["overdue"], self.totals["today"]
        if late and today:
            return _("%(late)d 项已逾期，%(today)d 项今天到期") % {"late": late, "today": today}
        if late:
            return ngettext("%(count)d 项已逾期", "%(count)d 项已逾期", late) % {"count": late}
        if today:
            words = ngettext("%(count)d 项今天到期", "%(count)d 项今天到期", today)
            return words % {"count": today}
        return ""

    @property
    def decisions(self) -> str:
        count = self.totals["decide"]
        words = ngettext("%(count)d 项等您处理", "%(count)d 项等您处理", count)
        return words % {"count": count} if count else ""
