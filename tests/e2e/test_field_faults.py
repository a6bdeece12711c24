"""Whatever breaks between a phone and the server, in the end the server has what was entered.

Five schedules in every run, a hundred with FAULTS=all (`make faults`); FAULT_SEED names the first,
alone it is the only one.
"""

import os
import threading

import pytest

from inspections.post_question.asking import draw_questions
from inspections.sheet.sheets import open_sheet
from organization.roles import Role
from tests import cast
from tests.e2e.field.network import Network
from tests.e2e.field.schedule import Schedule
from tests.inspections.asking import bank
from tests.inspections.asking import visit as visit_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FIRST = int(os.environ.get("FAULT_SEED") or 1)
PATIENCE = 600  # seconds; the longest took 150
COUNT = 100 if os.environ.get("FAULTS") == "all" else 1 if "FAULT_SEED" in os.environ else 5


@pytest.fixture
def company():
    made = cast.company()
    line = made.lines["customer_service"]
    cast.rubric(made.campaign, line, sections=2, items=20, requirements=3)
    return made


@pytest.fixture
def sheet(company):
    line = company.lines["customer_service"]
    facts = {"campaign": company.campaign, "project": company.one, "specialty": line}
    return open_sheet(**facts, by=company.auditor, at=cast.NOW)


@pytest.fixture
def visit(company):
    """Under way, with questions drawn for a post."""
    bank(company)
    made = visit_of(company, auditors=[company.auditor, company.center])
    facts = {"specialty": company.lines["customer_service"], "role": Role.EMPLOYEE, "number": 3}
    draw_questions(visit=made, by=company.auditor, at=cast.NOW, seed=7, **facts)
    return made


@pytest.fixture
def network(live_server):
    network = Network(live_server.url)
    yield network
    network.close()


@pytest.fixture
def play(browser, network, company, sheet, visit, tmp_path, record_property):
    """Plays a seed and tells how it went; where it failed, all that was known then. One that no
    longer moves is ended, so that it says where.
    """
    schedule = None

    def played(seed):
        nonlocal schedule
        schedule = Schedule(
            seed, browser=browser, network=network, sheet=sheet, visit=visit, profile=tmp_path,
            people=[company.auditor, company.center], asked=[company.worker, company.manager],
        )  # fmt: skip
        watch = threading.Timer(PATIENCE, schedule.end)
        watch.start()
        try:
            schedule.play()
            schedule.diary.check()
        except BaseException:
            print(schedule.told(tmp_path))
            raise
        finally:
            watch.cancel()
            record_property("schedule", {"schedule": seed} | schedule.figures)
            record_property("faults", dict(schedule.all_faults))
        return schedule

    yield played
    if schedule:
        schedule.close()  # only here: a browser that does not end would stand before what failed


@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_the_server_has_what_was_entered(seed, play):
    assert not play(seed).complaints
