"""Pictures give way while other devices send what was entered."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from inspections.api import field
from inspections.sync.crowd import LONGEST, SPAN, Crowd
from tests.inspections.entering import opened
from tests.inspections.sync.sending import body, event, post

AT = timezone.now()


def crowded(number):
    crowd = Crowd()
    for each in range(number + 1):
        crowd.sent(uuid.UUID(int=each), at=AT)
    return crowd.photos_after(uuid.UUID(int=0), at=AT)


@pytest.mark.parametrize(("others", "pause"), [(0, 0), (1, 1), (9, 4), (200, LONGEST)])
def test_a_device_waits_for_each_other_one_that_sends(others, pause):
    assert crowded(others) == pause


def test_nobody_waits_for_who_has_not_sent_for_a_while():
    crowd = Crowd()
    crowd.sent(uuid.uuid4(), at=AT)
    assert crowd.photos_after(uuid.uuid4(), at=AT) == 1
    assert crowd.photos_after(uuid.uuid4(), at=AT + SPAN) == 0
    crowd.sent(uuid.uuid4(), at=AT + SPAN + timedelta(seconds=1))
    assert len(crowd._last) == 1


@pytest.mark.django_db
def test_the_answer_to_a_batch_says_so(client, company, monkeypatch):
    monkeypatch.setattr(field, "CROWD", Crowd())  # other tests have just sent something
    sheet = opened(company)
    client.force_login(company.auditor)
    pauses = []
    for _device in range(2):
        sent = body([event(sheet)]) | {"device": str(uuid.uuid4())}
        pauses.append(post(client, "events", sent).json()["photos_after"])
    assert pauses == [0, 1]
