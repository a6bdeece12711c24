"""What the filing matrix's page shows, made into plain strings once a cell.

Fifty rows of a dozen cells are drawn by a plain loop; a template would look up and format each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext, pgettext, pgettext_lazy

from campaign.kept import MANY
from campaign.matrix import Column, Matrix, Row
from campaign.matrix_ask import GROUPS, LATE, NAME
from campaign.matrix_people import CENTER
from campaign.models import Campaign, Milestone, Obligation, Phase
from campaign.regions import regions_in, regions_of
from campaign.registry import page_of
from campaign.words import Scope
from organization.clock import local_day, start_of
from organization.models import Project, User
from organization.states import State
from organization.templatetags.ui import icon, short_day

GROUP_WORDS = {
    Scope.PROJECT: pgettext_lazy("who files", "项目"),
    Scope.SPECIALTY: pgettext_lazy("who files", "专业口"),
    Scope.COMPANY: CENTER,
}
STATE_CHIPS = {
    "overdue": (gettext_lazy("有逾期"), "alert-circle"),
    "returned": (pgettext_lazy("cell", "退回"), "arrow-back-up"),
    "waiting": (gettext_lazy("待审核"), "send"),
}
# How a cell is tinted, by the code of its state; what needs somebody is named on phones, too.
LOOKS = {
    "accepted": "ok",
    "late": "okl",
    "waiting_review": "wait",
    "overdue": "late",
    "returned": "ret",
    "due_today": "soon",
}
CELL_WORDS = {
    "accepted": pgettext_lazy("cell", "通过"),
    "waiting_review": pgettext_lazy("cell", "待审核"),
    "returned": pgettext_lazy("cell", "退回"),
    "due_today": pgettext_lazy("cell", "今天"),
}
Around = tuple[SafeString, SafeString]
NEEDS_SOMEBODY = {"overdue", "returned", "waiting_review", "due_today"}


@dataclass(frozen=True, slots=True)
class Chip:
    word: object
    icon: str
    count: int
    current: bool
    state: str
    owes: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A milestone's head: what sorting by it does next, and how it sorts now."""

    column: Column
    sort: str
    direction: str
    arrow: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one kind that stand on this page, drawn, with how many there are in all."""

    word: object
    count: int
    drawn: SafeString


class MatrixPage:
    """One page of the matrix with everything around it."""

    def __init__(self, campaign: Campaign, reader: User, params: Mapping[str, str], at: datetime):
        self.matrix = Matrix(campaign, reader, params, at)
        self.campaign, self.reader, self.at, self.ask = campaign, reader, at, self.matrix.ask
        self.counts = self.matrix.counts
        self._drawn: dict[tuple, Around] = {}
        self.may_remind = not campaign.closed_at and reader.has_perm("campaign.remind")

    # the answer

    @property
    def answer(self) -> str:
        """3 家逾期未报，2 项退回待补，1 项等您审核."""
        parts = [*self.missing_words(), *self.waiting_words()]
        if parts:
            return _("，").join(parts)
        if not self.counts["items"] and self.narrows:
            return _("没有符合条件的单位")
        if not self.counts["items"]:
            return _("还没有要报送的任务")
        if self.counts["items_done"] == self.counts["items"]:
            return _("已全部报齐")
        return _("该报的都已报齐")

    def missing_words(self) -> Iterable[str]:
        subjects, returned = self.counts["rows_overdue"], self.counts["items_returned"]
        if subjects and self.reader.sees_company:
            yield ngettext("%(n)d 家逾期未报", "%(n)d 家逾期未报", subjects) % {"n": subjects}
        elif subjects:
            late = self.counts["items_overdue"]
            yield ngettext("%(n)d 项逾期未报", "%(n)d 项逾期未报", late) % {"n": late}
        if returned:
            yield ngettext("%(n)d 项退回待补", "%(n)d 项退回待补", returned) % {"n": returned}

    def waiting_words(self) -> Iterable[str]:
        mine, waiting = self.matrix.waiting_for_reader, self.counts["items_waiting"]
        if mine:
            yield ngettext("%(n)d 项等您审核", "%(n)d 项等您审核", mine) % {"n": mine}
        elif waiting:
            yield ngettext("%(n)d 项待审核", "%(n)d 项待审核", waiting) % {"n": waiting}

    # filters

    @property
    def chips(self) -> list[Chip]:
        """All, then by state; a chip keeps the group that was chosen."""
        ask, counts = self.ask, self.counts
        everything = not ask.state and not ask.owes
        whole = Chip(_("全部"), "", counts["rows"], everything, "", "")
        return [whole] + [
            Chip(word, sign, counts[f"rows_{code}"], ask.state == code, code, ask.owes)
            for code, (word, sign) in STATE_CHIPS.items()
        ]

    @property
    def group_chips(self) -> list[Chip]:
        """By who owes it; the one that is chosen takes the choice back."""
        ask = self.ask
        return [
            Chip(word, "", count, ask.owes == scope, ask.state, "" if ask.owes == scope else scope)
            for scope, word in GROUP_WORDS.items()
            if (count := self.counts[f"rows_{scope}"]) or ask.owes == scope
        ]

    @cached_property
    def regions(self) -> list[str]:
        if self.matrix.subjects[Scope.PROJECT]["all"] >= MANY:
            return list(regions_of(self.campaign.pk))
        here = Project.objects.filter(participations__campaign=self.campaign)
        return list(regions_in(here))

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """The sorts as a list to choose from, for phones and for the keyboard."""
        named = [(LATE, _("逾期最久在前")), (NAME, _("按项目编码"))]
        by_column = ((c.milestone.code, c.milestone.title) for c in self.matrix.columns)
        return named + [(code, _("按“%(what)s”") % {"what": title}) for code, title in by_column]

    @property
    def chosen_sort(self) -> str:
        return self.ask.sort.removeprefix("-")

    @property
    def narrows(self) -> bool:
        ask = self.ask
        return bool(ask.state or ask.owes or ask.region or ask.search)

    # headings

    @property
    def phases(self) -> list[tuple[Phase, int]]:
        """The phases over their milestones, with how many columns each has."""
        runs = groupby(self.matrix.columns, key=lambda column: column.milestone.phase)
        return [(phase, len(list(columns))) for phase, columns in runs]

    @property
    def headings(self) -> list[Heading]:
        return [self.heading(column) for column in self.matrix.columns]

    def heading(self, column: Column) -> Heading:
        code, now = column.milestone.code, self.ask.sort
        direction = {code: "ascending", f"-{code}": "descending"}.get(now, "")
        arrow = {code: "↑", f"-{code}": "↓"}.get(now, "")
        return Heading(column, f"-{code}" if now == code else code, direction, arrow)

    @property
    def width(self) -> int:
        return len(self.matrix.columns) + 2

    # rows

    @cached_property
    def groups(self) -> list[Group]:
        runs = groupby(self.matrix.rows, key=lambda row: row.scope)
        return [self.group(scope, list(rows)) for scope, rows in runs]

    def group(self, scope: Scope, rows: list[Row]) -> Group:
        blocks = self.blocks(scope, len(rows))
        drawn = (self.draw(row, blocks if row is rows[0] else {}, scope) for row in rows)
        return Group(
            GROUP_WORDS[scope], self.counts[f"rows_{scope}"], mark_safe("".join(drawn))  # noqa: S308 made by format_html
        )  # fmt: skip

    def blocks(self, scope: Scope, height: int) -> dict[int, SafeString]:
        """Milestones that this group does not owe, as one merged block before a column."""
        runs = groupby(self.matrix.columns, key=lambda column: column.milestone.scope == scope)
        found = {}
        for is_theirs, columns in runs:
            others = [column.milestone for column in columns]
            if not is_theirs:
                found[others[0].pk] = format_html(
                    '<td class="none" colspan="{}" rowspan="{}"><span>{}</span></td>',
                    len(others), height, owed_by(others),
                )  # fmt: skip
        return found

    def draw(self, row: Row, blocks: dict[int, SafeString], scope: Scope) -> SafeString:
        cells = [
            self.cell(row, each) if each.scope == scope else blocks.get(pk, "")
            for pk, each in self.matrix.milestones.items()
        ]
        return format_html(
            '<tr><th class="stick" scope="row">{}<small>{}</small></th>{}{}</tr>',
            row.name, row.person, mark_safe("".join(cells)), self.last_cell(row),  # noqa: S308 made by format_html
        )  # fmt: skip

    def cell(self, row: Row, milestone: Milestone) -> SafeString:
        """All cells of a column that stand alike are the same but for the address."""
        obligation = row.cells.get(milestone.pk)
        if obligation is None:
            return EMPTY
        state = obligation.state(at=self.at)
        came_back = state.code == "overdue" and bool(obligation.returned_at)
        alike = milestone.pk, state.code, obligation.due, str(state.word), came_back
        if alike not in self._drawn:
            word = self.word(obligation, state.code, milestone)
            self._drawn[alike] = self.around(milestone, state, word, came_back=came_back)
        before, after = self._drawn[alike]
        return before + conditional_escape(self.url(obligation)) + after

    def around(self, milestone: Milestone, state: State, word: str, *, came_back: bool) -> Around:
        """What stands before and after a cell's address."""
        before = format_html(
            '<td class="mx-{}"><a class="cell cell-{}" href="',
            "told" if state.code in NEEDS_SOMEBODY else "quiet",
            LOOKS.get(state.code, "idle"),
        )
        after = format_html(
            '"{}>{}<span class="mx-what">{}</span>{}</a></td>',
            format_html(' title="{}"', _("退回后没有再报")) if came_back else "",
            icon("arrow-back-up" if came_back else state.icon),
            # what the cell is about, for where the column's head is not in sight
            milestone.title,
            word,
        )
        return before, after

    def url(self, obligation: Obligation) -> str:
        """Its own page, resolved once; the plan's where a plan meets it."""
        if obligation.is_met_by_plan:
            return page_of(obligation)
        return f"{self._obligations}{obligation.pk}/"

    @cached_property
    def _obligations(self) -> str:
        return reverse("obligation", args=[self.campaign.code, 0]).removesuffix("0/")

    def word(self, obligation: Obligation, code: str, milestone: Milestone) -> str:
        """As few letters as a narrow column takes."""
        days = obligation.days_late(at=self.at)
        if code == "overdue":
            return npgettext("cell", "逾 %(n)d 天", "逾 %(n)d 天", days) % {"n": days}
        if code == "late":
            return npgettext("cell", "迟 %(n)d 天", "迟 %(n)d 天", days) % {"n": days}
        if code == "not_started":
            return to_come(obligation, milestone, at=self.at)
        return str(CELL_WORDS[code])

    # what is missing

    def last_cell(self, row: Row) -> SafeString:
        figures = format_html(
            '<span class="mx-figure"><b>{}/{}</b> {}</span>', row.done, row.total, _("完成")
        )
        return format_html('<td class="act">{}{}</td>', figures, self.lack(row))

    def lack(self, row: Row) -> SafeString:
        """How many are missing and the way to say so; what waits for the reader; or complete."""
        if row.missing:
            words = ngettext("缺 %(n)d 项", "缺 %(n)d 项", row.missing) % {"n": row.missing}
            return format_html('<span class="mx-lack">{}</span>{}', words, self.bell(row))
        waiting = self.waiting_for_reader(row)
        if waiting:
            return format_html(
                '<a class="btn" href="{}">{}<span class="visually-hidden">{}</span></a>',
                self.url(waiting), _("审核"), row.name,
            )  # fmt: skip
        word = _("待审核") if row.waiting else _("齐")
        return format_html('<span class="mx-lack">{}</span>', word)

    def waiting_for_reader(self, row: Row) -> Obligation | None:
        own = (row.cells[pk] for pk in self._reviewed if pk in row.cells)
        waiting = (each for each in own if each.is_waiting)
        return next((e for e in waiting if self.reader.has_perm("campaign.accept", e)), None)

    @cached_property
    def _reviewed(self) -> list[int]:
        """Milestones of which this reader may review some; asked once and not for every row."""
        found = self.matrix.milestones.items()
        return [pk for pk, each in found if self.reader.has_perm("campaign.accept_some", each)]

    def bell(self, row: Row) -> SafeString:
        """The button, or when it was pressed today; the last time stands in its title."""
        if not self.may_remind:
            return NOTHING
        lacking = [each for each in row.cells.values() if self.is_missing(each)]
        times = [each.reminded_at for each in lacking if each.reminded_at]
        if len(times) == len(lacking) and min(times) >= start_of(local_day(self.at)):
            return format_html('<small class="mx-note">{}</small>', _("今天已提醒"))
        last = max(times, default=None)
        note = _("上次提醒 %(day)s") % {"day": short_day(last)} if last else ""
        return format_html(
            '<button class="btn" form="remind" name="subject" value="{}" title="{}">{}{}'
            '<span class="visually-hidden">{}</span></button>{}',
            row.word, note, icon("bell", "icon-s"), pgettext("button", "提醒"), row.name,
            format_html('<small class="mx-note">{}</small>', note) if note else "",
        )  # fmt: skip

    def is_missing(self, obligation: Obligation) -> bool:
        return obligation.state(at=self.at).code in ("overdue", "returned")

    # paging

    @property
    def span(self) -> dict[str, int]:
        first, total = (self.matrix.number - 1) * 50, self.counts["shown"]
        return {
            "first": min(first + 1, total),
            "last": first + len(self.matrix.rows),
            "total": total,
        }

    @property
    def previous(self) -> int | None:
        return self.matrix.number - 1 if self.matrix.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.matrix.number + 1 if self.matrix.number < self.matrix.last_page else None


NOTHING = mark_safe("")
EMPTY = mark_safe('<td class="mx-quiet"><span class="cell">—</span></td>')


def to_come(obligation: Obligation, milestone: Milestone, *, at: datetime) -> str:
    """The days that are left once its phase has begun."""
    today = local_day(at)
    if today < milestone.phase.start:
        return pgettext("cell", "未开始")
    left = (obligation.due - today).days
    return npgettext("cell", "还剩 %(n)d 天", "还剩 %(n)d 天", left) % {"n": left}


def owed_by(milestones: list[Milestone]) -> str:
    """由管理中心报送; of several in the order of the groups."""
    scopes = {milestone.scope for milestone in milestones}
    names = [str(GROUP_WORDS[scope]).lower() for scope in GROUPS if scope in scopes]
    return _("由%(who)s报送") % {"who": _("和").join(names)}
