"""The picture of a campaign: its phases to scale, in percent of the days from first to last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from campaign.gates import Gate
from campaign.models import Milestone, Phase
from campaign.obligations import Tally
from campaign.scale import Month, Scale, months, percent
from organization import states
from organization.clock import local_day

BARS = {states.CLOSED: "ph-done", states.IN_PROGRESS: "ph-now", states.NOT_STARTED: "ph-next"}
SHADES = {states.IN_PROGRESS: "shade"}
DRAWN_WIDTH = 600  # pixels that the picture has on a desk; only to judge whether a word fits
WIDE_LETTER, NARROW_LETTER = 12.5, 6.5
GAP_WORTH_A_WORD = 8  # percent


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
    gate: Gate | None = None


@dataclass(frozen=True)
class Gap:
    """Days that belong to no phase."""

    x1: str
    x2: str
    middle: str
    days: int
    has_room: bool


@dataclass
class Picture:
    scale: Scale
    stretches: list[Stretch]
    gaps: list[Gap]
    months: list[Month]
    today: str
    today_leftwards: str


def draw(
    phases: list[Phase],
    milestones: list[Milestone],
    tallies: dict[int, Tally],
    *,
    at: datetime,
    gates: Mapping[int, Gate] | None = None,
) -> Picture | None:
    """Everything that the page draws; None for a campaign without phases."""
    if not phases:
        return None
    scale, today = Scale(phases[0].start, max(phase.end for phase in phases)), local_day(at)
    shown = today if scale.holds(today) else None
    return Picture(
        scale=scale,
        stretches=stretches(scale, phases, milestones, tallies, gates or {}, at=at),
        gaps=gaps(scale, phases),
        months=months(scale),
        today=percent(scale.middle_of(today)) if shown else "",
        today_leftwards=anchor(scale.middle_of(today)),
    )


def stretches(scale, phases, milestones, tallies, gates, *, at) -> list[Stretch]:
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
                gate=gates.get(phase.pk),
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


def anchor(x: float) -> str:
    """How today's tag stands on its line without leaving the picture."""
    return "start" if x < 10 else "end" if x > 90 else "middle"
