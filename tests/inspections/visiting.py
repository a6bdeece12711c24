"""Audit visits for the tests: drafted, approved, added; and what people hear of them."""

from datetime import date

import pytest

from campaign.feeds.projects import project_entries
from campaign.models import Message
from inspections.audit_visit.changes import add_visit
from inspections.audit_visit.schedule import (
    approve_schedule,
    draft_schedule,
    submit_schedule,
)
from inspections.models import AuditVisit
from inspections.words import Method
from organization.errors import Refused
from portal.work import Work
from tests import cast

AT = cast.NOW
# Monday; the weekend before is a working one for nobody
FIRST, LAST = date(2011, 11, 28), date(2011, 11, 30)
LIST = "/c/c11/inspection/"


def drafted(company, **changes):
    asked = {
        "auditors": [company.auditor, company.center], "first": FIRST, "last": LAST,
        "doubles": 50, "by": company.center,
    }  # fmt: skip
    return draft_schedule(campaign=company.campaign, at=AT, **asked | changes)


def submitted(company, **changes):
    return submit_schedule(schedule=drafted(company, **changes), by=company.center, at=AT)


def approved(company, **changes):
    return approve_schedule(schedule=submitted(company, **changes), by=company.executive, at=AT)


def visits(company, person=None):
    found = AuditVisit.objects.standing().filter(campaign=company.campaign)
    return list(found.visible_to(person) if person else found)


def told(person):
    return list(Message.objects.filter(person=person).values_list("title", flat=True))


def refusal(act, **asked):
    with pytest.raises(Refused) as caught:
        act(at=AT, **asked)
    return caught.value.code


def things(company):
    found = project_entries(company.one, at=AT)
    return [entry.thing for entry in found if entry.thing.startswith("audit_visit")]


def titles(person):
    return [row.title for row in Work(person, at=AT).few if row.meta == "检查 · 明查"]


def mystery(company, **changes):
    asked = {
        "project": company.one, "day": FIRST, "auditors": [company.auditor],
        "method": Method.COVERT, "by": company.center,
    }  # fmt: skip
    return add_visit(campaign=company.campaign, at=AT, **asked | changes)


def post(client, person, address, **typed):
    client.force_login(person)
    return client.post(address, typed)
