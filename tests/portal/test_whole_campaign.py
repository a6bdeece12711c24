"""A whole campaign of twelve projects, day by day, played by the domain's functions.

A diary that knows only the plan's rules says each evening how everything has to stand; the
filing matrix and the findings are compared with it on each of the ninety-eight days.
"""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
import time_machine

from campaign.gates import gates_of, pass_gate
from campaign.lifecycle import (
    approve_campaign,
    close_campaign,
    start_due_campaigns,
    submit_campaign,
)
from campaign.matrix import Matrix
from campaign.models import Obligation
from campaign.seals import differences
from inspections.models import Finding
from organization import states
from organization.errors import Refused
from organization.models import HistoryEntry
from scoring.models import Score, Standing
from scoring.models.results import ScoreKind
from tests.story import events
from tests.story.calendar import Calendar, on
from tests.story.company import company_of
from tests.story.diary import Diary

FIRST, LAST = date(2011, 9, 25), date(2011, 12, 31)
SELF_CHECK, INSPECTION = date(2011, 10, 20), date(2011, 11, 26)
OPEN_STATES = {"not_started", "in_progress", "due_today"}


class Told:
    """The campaign as it goes: what happens next, and what is known of it."""

    def __init__(self, seed: int):
        self.company = company_of(FIRST - timedelta(days=10))
        self.calendar = Calendar()
        self.story = events.Story(self.company, Diary(), Random(seed))
        self.due: dict[str, date] = {}

    def approve(self):
        campaign, people = self.company.campaign, self.company.people
        before = on(FIRST - timedelta(days=5))
        submit_campaign(campaign=campaign, by=people["center"], at=before)
        approve_campaign(campaign=campaign, by=people["president"], at=before)

    def begin(self):
        """Everybody owes from the first minute of the first day on."""
        start_due_campaigns(at=on(FIRST, 0, 5))
        self.company.campaign.refresh_from_db()
        owed = Obligation.objects.with_all()
        for obligation in owed:
            thread = (
                events.plan(self.story, obligation.project, obligation.due)
                if obligation.is_met_by_plan
                else events.duty(self.story, obligation)
            )
            self.calendar.begin(thread)
        for project in self.company.projects:
            for number, line in enumerate(self.company.lines):
                self.score(project, line, SELF_CHECK + timedelta(days=number), ScoreKind.SELF)
                self.score(project, line, INSPECTION + timedelta(days=number % 3), ScoreKind.AUDIT)

    def score(self, project, line, day, kind):
        self.calendar.begin(events.scored(self.story, project, line, day=day, kind=kind))

    def take_up_new_findings(self):
        """Findings go their own way from the day on which their plan was filed."""
        for finding in Finding.objects.opened().select_related("project"):
            if str(finding.pk) not in self.due:
                self.due[str(finding.pk)] = finding.due
                self.calendar.begin(events.rectification(self.story, finding))

    @property
    def own_moves(self) -> int:
        """The company's obligations that are done when submitted: no acceptance of their own."""
        own = [each for each in Obligation.objects.with_all() if each.is_done_when_submitted]
        return sum(each.accepted_at is not None for each in own)

    def word(self, cell: Obligation, today: date) -> str:
        return self.story.diary.word(
            events.subject_of(cell), cell.milestone.code, due=cell.due, today=today
        )


def read(cell: Obligation, evening) -> str:
    """What a cell of the matrix says, in the diary's words."""
    code = cell.state(at=evening).code
    if code in ("late", "overdue"):
        return f"{code} {cell.days_late(at=evening)}"
    return {"waiting_review": "waiting"}.get(code, "open" if code in OPEN_STATES else code)


@pytest.fixture
def told(db):
    return Told(seed=11)


def play(told):
    """Every evening of the campaign, with the clock on it."""
    with time_machine.travel(on(FIRST), tick=False) as clock:
        told.approve()
        told.begin()
        for day in told.calendar.days(FIRST, LAST):
            evening = on(day, 20)
            clock.move_to(evening)
            told.take_up_new_findings()
            yield day, evening


def check_matrix(told, day, evening) -> Counter:
    """Each cell, and what its row counts; the words that were seen."""
    rows = Matrix(told.company.campaign, told.company.people["center"], {}, evening).rows
    seen = Counter()
    for row in rows:
        said = {str(cell): read(cell, evening) for cell in row.cells.values()}
        assert (day, said) == (day, {str(c): told.word(c, day) for c in row.cells.values()})
        words = Counter(word.partition(" ")[0] for word in said.values())
        done = words["accepted"] + words["late"]
        counted = (row.total, row.done, row.overdue, row.returned, row.waiting)
        expected = (len(said), done, words["overdue"], words["returned"], words["waiting"])
        assert (day, row.name, counted) == (day, row.name, expected)
        seen += words
    assert sum(seen.values()) == Obligation.objects.count()
    return seen


def check_findings(told, day, evening) -> None:
    findings = Finding.objects.filter(campaign=told.company.campaign)
    assert told.story.diary.tally(told.due, today=day) == {
        "open": findings.open().count(),
        "overdue": findings.overdue(at=evening).count(),
        "waiting": findings.waiting_verify().count(),
        "verified": findings.verified().count(),
    }


def check_standings(told, day) -> None:
    """Self-checks touch no standing (ruling 6): there is a composite from the inspection on."""
    standings = Standing.objects.filter(campaign=told.company.campaign, composite__isnull=False)
    assert standings.exists() == (day >= INSPECTION)


def check_the_end(told) -> None:
    """Everything that was told is there, each move once in the history."""
    assert len(told.due) == len(told.company.projects) * events.LINES
    scores = Score.objects.filter(campaign=told.company.campaign).finished()
    sheets = len(told.company.projects) * len(told.company.lines)
    kinds = Counter(scores.values_list("kind", flat=True))
    assert kinds == {ScoreKind.SELF: sheets, ScoreKind.AUDIT: sheets}
    moves = Counter(
        move
        for (subject, _thing), told_moves in told.story.diary.moves.items()
        for move, _day in told_moves
        if subject != "finding"
    )
    recorded = Counter(HistoryEntry.objects.values_list("verb", flat=True))
    own = told.own_moves
    assert recorded["submit"] == moves["submit"]
    assert recorded["send_back"] == moves["return"]
    assert recorded["accept"] + recorded["meet_by_plan"] + own == moves["accept"]


def check_gates_and_close(told) -> None:
    """What was never handed in holds its phase's gate, until the center says to go on."""
    campaign, center = told.company.campaign, told.company.people["center"]
    gates = gates_of(campaign, at=on(LAST, 20))
    waiting = {gate.phase for gate in gates.values() if not gate.is_open}
    owed = Obligation.objects.filter(milestone__is_gate=True, accepted_at=None)
    assert waiting == {each.milestone.phase for each in owed.select_related("milestone__phase")}
    assert waiting
    with pytest.raises(Refused) as refused:
        close_campaign(campaign=campaign, by=center, at=on(LAST, 21))
    assert refused.value.code == "gates"
    for phase in waiting:
        pass_gate(phase=phase, reason="余项转入日常", by=center, at=on(LAST, 21))
    closed = close_campaign(campaign=campaign, by=center, at=on(LAST, 22))
    assert closed.state() == states.CLOSED


def check_seals(told) -> None:
    """The story's rubrics were put in past the application, and nothing else was."""
    found = [each.code for each in differences(told.company.campaign)]
    assert found == ["unsealed"] * told.company.campaign.rubrics.count()


@pytest.mark.slow
def test_every_evening_everything_stands_as_it_should(told):
    seen = Counter()
    for day, evening in play(told):
        seen += check_matrix(told, day, evening)
        check_findings(told, day, evening)
        check_standings(told, day)
    # the story told every kind of cell, or it would prove little
    assert set(seen) == {"open", "overdue", "returned", "waiting", "accepted", "late"}
    check_the_end(told)
    check_seals(told)
    check_gates_and_close(told)
