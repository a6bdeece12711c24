"""The picture of a campaign: its phases to scale, in percent of the days from first to last."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import get_language

from campaign.models import Milestone, Phase
from campaign.obligations import Tally
from organization import states
from organization.clock import local_day

BARS = {states.CLOSED: "ph-done", states.IN_PROGRESS: "ph-now", states.NOT_STARTED: "ph-next"}
SHADES = {states.IN_PROGRESS: "shade"}
DRAWN_WIDTH = 600  # pixels that the picture has on a desk; only to judge whether a word fits
WIDE_LETTER, NARROW_LETTER = 12.5, 6.5
GAP_WORTH_A_WORD, MONTH_WORTH_A_WORD = 8, 5  # percent


def percent(share: float) -> str:
    """For an SVG attribute: never with a comma, whatever the language."""
    return f"{share:.2f}%"


@dataclass(frozen=True)
class Scale:
    """The days from the first to the last one, both whole."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def start_of(self, day: date) -> float:
        """Where a day begins, kept within the picture."""
        return min(max((day - self.first).days / self.days * 100, 0), 100)

    def end_of(self, day: date) -> float:
        return self.start_of(day + timedelta(days=1))

    def middle_of(self, day: date) -> float:
        return (self.start_of(day) + self.end_of(day)) / 2

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Mark:
    """A milestone on its day: what it looks like, and where its date stands."""

    x: str
    look: str
    leftwards: bool


@dataclass(frozen=True)
class Row:
    """A milestone, its counts for this reader, and the way to its list."""

    milestone: Milestone
    tally: Tally
    mark: Mark


@dataclass
class Stretch:
    """A phase with its bar, its name where there is room for it, and its rows."""

    phase: Phase
    state: states.State
    x: str
    width: str
    end: str
    bar: str
    shade: str
    label: str
    label_at_end: bool
    rows: list[Row]


@dataclass(frozen=True)
class Gap:
    """Days that belong to no phase."""

    x1: str
    x2: str
    middle: str
    days: int
    has_room: bool


@dataclass(frozen=True)
class Month:
    x: str
    word: str


@dataclass
class Picture:
    scale: Scale
    stretches: list[Stretch]
    gaps: list[Gap]
    months: list[Month]
    today: str
    today_leftwards: str


def draw(
    phases: list[Phase], milestones: list[Milestone], tallies: dict[int, Tally], *, at: datetime
) -> Picture | None:
    """Everything that the page draws; None for a campaign without phases."""
    if not phases:
        return None
    scale, today = Scale(phases[0].start, max(phase.end for phase in phases)), local_day(at)
    shown = today if scale.holds(today) else None
    return Picture(
        scale=scale,
        stretches=stretches(scale, phases, milestones, tallies, at=at),
        gaps=gaps(scale, phases),
        months=months(scale),
        today=percent(scale.middle_of(today)) if shown else "",
        today_leftwards=anchor(scale.middle_of(today)),
    )


def stretches(scale, phases, milestones, tallies, *, at) -> list[Stretch]:
    words = labels(scale, phases)
    drawn = []
    for phase, word in zip(phases, words, strict=True):
        state = phase.state(at=at)
        x, end = scale.start_of(phase.start), scale.end_of(phase.end)
        drawn.append(
            Stretch(
                phase=phase,
                state=state,
                x=percent(x),
                width=percent(end - x),
                end=percent(end),
                bar=BARS[state],
                shade=SHADES.get(state, "shade-off"),
                label=word,
                label_at_end=phase is phases[-1],
                rows=[
                    row(scale, milestone, tallies.get(milestone.pk, Tally()))
                    for milestone in milestones
                    if milestone.phase_id == phase.pk
                ],
            )
        )
    return drawn


def labels(scale: Scale, phases: list[Phase]) -> list[str]:
    """Each phase's name above its bar, or its number where the next name leaves no room."""
    last = phases[-1]
    begins = [scale.start_of(phase.start) for phase in phases[:-1]]
    ends = [*begins[1:], 100 - drawn_width(last.name)]
    fitting = [
        phase.name if start + drawn_width(phase.name) <= end else str(phase.order)
        for phase, start, end in zip(phases[:-1], begins, ends, strict=True)
    ]
    return [*fitting, last.name]


def drawn_width(word: str) -> float:
    """About how much of the picture a word takes, in percent."""
    pixels = sum(WIDE_LETTER if letter > "\u2e80" else NARROW_LETTER for letter in word)
    return pixels / DRAWN_WIDTH * 100 + 1


def row(scale: Scale, milestone: Milestone, tally: Tally) -> Row:
    x = scale.middle_of(milestone.due)
    return Row(milestone, tally, Mark(percent(x), look(tally), leftwards=x > 85))


def look(tally: Tally) -> str:
    """Late as soon as one is, ok when all are done, open otherwise."""
    if tally.late:
        return "late"
    return "ok" if tally.total and tally.done == tally.total else "open"


def gaps(scale: Scale, phases: list[Phase]) -> list[Gap]:
    found = []
    for earlier, later in pairwise(phases):
        days = (later.start - earlier.end).days - 1
        if days > 0:
            start, end = scale.end_of(earlier.end), scale.start_of(later.start)
            middle = percent((start + end) / 2)
            wide = end - start > GAP_WORTH_A_WORD
            found.append(Gap(percent(start), percent(end), middle, days, wide))
    return found


def months(scale: Scale) -> list[Month]:
    """The first day of the picture, and of every month in it."""
    day, found = scale.first, []
    while day <= scale.last:
        next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        has_room = scale.start_of(next_month) - scale.start_of(day) > MONTH_WORTH_A_WORD
        found.append(Month(percent(scale.start_of(day)), month_word(day) if has_room else ""))
        day = next_month
    return found


def month_word(day: date) -> str:
    return date_format(day, "M", use_l10n=False) if get_language() == "en" else f"{day.month}月"


def anchor(x: float) -> str:
    """How today's tag stands on its line without leaving the picture."""
    return "start" if x < 10 else "end" if x > 90 else "middle"
