"""Two visits of one auditor, begun in the same moment: one is under way."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from inspections.audit_visit.carrying_out import finish_visit, start_visit
from inspections.models import AuditVisit
from organization.errors import Refused
from tests.inspections.visiting import AT, FIRST, mystery

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def at_once(*moves):
    """What each came to."""
    # SQLite lets one writer in at a time; its database in memory would not make others wait
    together = threading.Barrier(1 if connection.vendor == "sqlite" else len(moves))

    def run(move):
        together.wait()
        try:
            return bool(move())
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    if together.parties == 1:
        return [run(move) for move in moves]
    with ThreadPoolExecutor(len(moves)) as pool:
        return list(pool.map(run, moves))


def begin(visit, company):
    return start_visit(visit=visit, by=company.auditor, at=AT)


def test_of_two_visits_at_once_one_begins(company):
    for number in range(ROUNDS):
        days = [FIRST + timedelta(days=2 * number + n) for n in range(2)]
        pair = [mystery(company, day=day) for day in days]
        moves = [
            lambda each=each: start_visit(visit=each, by=company.auditor, at=AT) for each in pair
        ]
        done = at_once(*moves)
        assert sorted(done, key=str) == [True, "under_way"]
        (going,) = AuditVisit.objects.under_way()
        finish_visit(visit=going, by=company.auditor, at=AT)
