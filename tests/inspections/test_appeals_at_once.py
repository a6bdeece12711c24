"""Two people at the same appeal in the same moment: one decision, one appeal, one number."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from inspections.models import Appeal, Observation
from inspections.words import ObservationKind, Outcome
from organization.errors import Conflict, Refused
from scoring.models import Score, Standing
from tests.inspections.appealing import contested_sheet, decided, made, seen_on
from tests.inspections.entering import score_of

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.fixture
def at_once():
    """Runs moves together; what each came to, its error in place of a result."""
    # SQLite lets one writer in at a time; its database in memory would not make others wait
    width = 1 if connection.vendor == "sqlite" else 2
    together = threading.Barrier(width)

    def run(move):
        together.wait()
        try:
            return move()
        except (Conflict, Refused, IntegrityError) as error:
            return error

    with ThreadPoolExecutor(width) as pool:
        yield lambda *moves: list(pool.map(run, moves))
        list(pool.map(lambda _: (together.wait(), connection.close()), range(width)))


def as_read(appeal):
    """As a page of one's own has it."""
    return Appeal.objects.select_related("sheet__campaign", "sheet__project").get(pk=appeal.pk)


def test_of_two_decisions_one_stands(company, at_once):
    for specialty in list(company.lines)[:ROUNDS]:
        sheet = contested_sheet(company, specialty=specialty)
        found = made(company, sheet)
        mine, hers = as_read(found), as_read(found)
        done = at_once(
            lambda mine=mine: decided(company, mine, Outcome.KEPT),
            lambda hers=hers: decided(
                company, hers, Outcome.REDUCED, points=Decimal("0.5"), by=company.executive
            ),
        )
        assert sorted(isinstance(each, Conflict) for each in done) == [False, True]
        kept = {Outcome.KEPT: "98.50", Outcome.REDUCED: "99.50"}
        assert str(score_of(sheet).kept) == kept[as_read(found).outcome]
        events = Observation.objects.filter(sheet=sheet, kind=ObservationKind.DECIDED)
        assert events.count() == 1
    assert Standing.objects.get(project=company.one).provisional is False


def test_two_leaders_make_one_appeal(company, at_once):
    sheet = contested_sheet(company)
    first, second = (Observation.objects.get(pk=seen_on(sheet).pk) for _ in range(2))
    done = at_once(
        lambda: made(company, sheet, observation=first),
        lambda: made(company, sheet, observation=second),
    )
    assert sorted(isinstance(each, Refused) for each in done) == [False, True]
    assert Score.objects.get(project=company.one).open_objections == Appeal.objects.count() == 1
