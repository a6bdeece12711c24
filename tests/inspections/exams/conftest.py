"""What the exams' tests share: people to examine, the pages' clock."""

import pytest
import time_machine

from organization.models import User
from tests.inspections.examining import DURING, staff


@pytest.fixture
def company(company):
    return staff(company)


@pytest.fixture
def signed(client, company):
    def as_person(name):
        client.force_login(User.objects.get(pk=getattr(company, name).pk))
        return client

    return as_person


@pytest.fixture
def clock():
    """`clock(AFTER)`: the pages' now; in the middle of the exam until then."""
    traveller = time_machine.travel(DURING, tick=False)
    moved = traveller.start()
    yield moved.move_to
    traveller.stop()
