"""The same batch twice in the same moment, as two tabs send it: nothing is doubled."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from inspections.models import Observation, ReceivedEvent
from tests.inspections.entering import folded, item, opened
from tests.inspections.sync.sending import event, outcomes, send

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


def at_once(move):
    """What two threads get for the same move."""
    if connection.vendor == "sqlite":  # one writer at a time; in memory nobody would wait
        return [move()]
    together = threading.Barrier(2)

    def run(_number):
        together.wait()
        try:
            return move()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


def test_of_the_same_batch_from_two_tabs_one_is_recorded(company):
    for specialty in list(company.lines)[:ROUNDS]:
        sheet = opened(company, specialty=specialty)
        items = [item(sheet, n).pk for n in (2, 3)]
        batch = [event(sheet, n, line=n) for n in (1, 2, 3)]
        batch.append(event(sheet, 4, "confirm", items=items))
        done = at_once(lambda batch=batch: outcomes(send(batch, company.auditor)))
        done += [outcomes(send(batch, company.auditor))]
        assert sorted(done, reverse=True)[0] == ["recorded"] * 4
        assert all(each == ["known"] * 4 for each in sorted(done)[:-1])
        assert Observation.objects.filter(sheet=sheet).count() == 5
        assert ReceivedEvent.objects.filter(sheet=sheet).count() == 4
        assert len(folded(sheet).score.lines) == 3
