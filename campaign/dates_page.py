"""What the editor of a campaign's dates shows: as typed, to scale, with what looks wrong."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from campaign.dates import Remark, dates_mark, timeline_warnings
from campaign.dates_form import DatesForm
from campaign.models import Campaign, Milestone, Phase
from campaign.scale import Month, Scale, months, percent
from organization.templatetags.ui import WEEKDAYS, short_day

ENGLISH_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SATURDAY = 5
ROOM_FOR_A_NAME = 25  # percent of the picture that a phase's name and days take
LINE, TOP = 26, 22  # pixels of a phase's line in the picture, and above the first


@dataclass
class Field:
    """One date: as it is typed, what is wrong with it, what looks wrong, what others made of it."""

    name: str
    label: str
    value: str
    weekday: str = ""
    is_weekend: bool = False
    errors: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    theirs: date | None = None


@dataclass
class MilestoneRow:
    milestone: Milestone
    due: Field
    is_gate: bool


@dataclass
class PhaseRow:
    phase: Phase
    start: Field
    end: Field
    milestones: list[MilestoneRow]


@dataclass(frozen=True)
class Bar:
    """A phase in the picture, on its own line, with its milestones' days as marks."""

    name: str
    order: int
    x: str
    width: str
    y: int
    middle: int
    base: int
    label_x: str
    label_anchor: str
    marks: list[str]


@dataclass(frozen=True)
class Picture:
    bars: list[Bar]
    months: list[Month]
    height: int


class DatesPage:
    """`form` is what came back, `is_conflict` says that others changed the dates meanwhile."""

    def __init__(self, campaign: Campaign, form: DatesForm | None = None, *, is_conflict=False):
        self.campaign = campaign
        self.phases = list(campaign.phases.all())
        by_id = {phase.pk: phase for phase in self.phases}
        self.milestones = list(campaign.milestones.all())
        for each in self.milestones:
            each.phase = by_id[each.phase_id]
        self.form, self.is_conflict = form, is_conflict
        self.stored = self.days()
        self.take_what_was_typed()

    def days(self) -> dict[str, date]:
        """Every date by the name of its field."""
        found = {f"due-{each.code}": each.due for each in self.milestones}
        for phase in self.phases:
            found |= {f"start-{phase.code}": phase.start, f"end-{phase.code}": phase.end}
        return found

    def take_what_was_typed(self) -> None:
        """Warnings and picture are of what stands in the fields, not of what is stored."""
        if self.form is None:
            return
        for phase in self.phases:
            phase.start = self.form.day(f"start-{phase.code}") or phase.start
            phase.end = self.form.day(f"end-{phase.code}") or phase.end
        for each in self.milestones:
            each.due = self.form.day(f"due-{each.code}") or each.due

    @property
    def seen(self) -> str:
        """After a conflict the person has seen what others did; with mistakes it stays theirs."""
        if self.form is None or self.is_conflict:
            return dates_mark(self.campaign)
        return self.form.data.get("seen", "")

    @cached_property
    def remarks(self) -> list[Remark]:
        return timeline_warnings(self.phases, self.milestones, year=self.campaign.year)

    @cached_property
    def by_place(self) -> dict[str, list[Remark]]:
        places = defaultdict(list)
        for remark in self.remarks:
            places[remark.place].append(remark)
        return places

    @property
    def mistakes(self) -> list[str]:
        """Names of the fields that kept it from being saved."""
        return [name for name in self.form.errors if name in self.form.fields] if self.form else []

    @property
    def answer(self) -> str:
        count = len(self.remarks)
        if not count:
            return _("日期没有可疑之处")
        words = ngettext("%(count)d 处日期请看一眼", "%(count)d 处日期请看一眼", count)
        return words % {"count": count}

    # --- rows ---

    @cached_property
    def rows(self) -> list[PhaseRow]:
        of_phase = defaultdict(list)
        for each in self.milestones:
            of_phase[each.phase_id].append(self.milestone_row(each))
        return [
            PhaseRow(
                phase,
                self.field(f"start-{phase.code}", phase.start, _("%(name)s开始"), phase),
                self.field(f"end-{phase.code}", phase.end, _("%(name)s结束"), phase),
                of_phase[phase.pk],
            )
            for phase in self.phases
        ]

    def milestone_row(self, milestone: Milestone) -> MilestoneRow:
        due = self.field(f"due-{milestone.code}", milestone.due, _("%(name)s的期限"), milestone)
        is_gate = milestone.is_gate
        if self.form is not None and self.campaign.is_draft:
            is_gate = milestone.code in self.form.gates()
        return MilestoneRow(milestone, due, is_gate)

    def field(self, name: str, day: date, label: str, named) -> Field:
        typed = self.form.data.get(name, "") if self.form is not None else day.isoformat()
        is_day = typed == day.isoformat()
        stored = self.stored[name]
        return Field(
            name=name,
            label=label % {"name": named},
            value=typed,
            weekday=weekday(day) if is_day else "",
            is_weekend=is_day and day.weekday() >= SATURDAY,
            errors=list(self.form.errors.get(name, [])) if self.form is not None else [],
            remarks=self.by_place[name],
            theirs=stored if self.is_conflict and stored.isoformat() != typed else None,
        )

    # --- the picture ---

    @cached_property
    def picture(self) -> Picture | None:
        if not self.phases:
            return None
        days = sorted(self.days().values())
        scale = Scale(days[0], days[-1])
        bars = [self.bar(scale, phase, n) for n, phase in enumerate(self.phases)]
        return Picture(bars, months(scale), TOP + LINE * len(bars) + 4)

    def bar(self, scale: Scale, phase: Phase, number: int) -> Bar:
        start, end = scale.start_of(phase.start), scale.end_of(max(phase.start, phase.end))
        marks = [scale.middle_of(each.due) for each in self.of(phase)]
        y, (label_x, anchor) = TOP + LINE * number, label_place(start, end, marks)
        return Bar(
            name=f"{phase.name} {short_day(phase.start)} – {short_day(phase.end)}",
            order=phase.order,
            x=percent(start),
            width=percent(end - start),
            y=y + 4,
            middle=y + 11,
            base=y + 15,
            label_x=percent(label_x),
            label_anchor=anchor,
            marks=[percent(mark) for mark in marks],
        )

    def of(self, phase: Phase) -> Iterable[Milestone]:
        return [each for each in self.milestones if each.phase_id == phase.pk]


def label_place(start: float, end: float, marks: list[float]) -> tuple[float, str]:
    """Where a phase's name stands beside its bar: clear of the marks, where there is room."""
    first, last = min([start, *marks]), max([end, *marks])
    if 100 - last >= ROOM_FOR_A_NAME:
        return last, "start"
    if first >= ROOM_FOR_A_NAME:
        return first, "end"
    return (start, "end") if start >= ROOM_FOR_A_NAME else (end, "start")


def weekday(day: date) -> str:
    words = ENGLISH_WEEKDAYS if get_language() == "en" else WEEKDAYS
    return words[day.weekday()]
