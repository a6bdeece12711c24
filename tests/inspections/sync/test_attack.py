"""schemathesis against the API in this process: whatever is sent, it answers as described.

A seed keeps the sample in CI the same; `make faults` searches longer (FAULTS=all).
"""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode

from organization.tokens import make_token
from tests.inspections.entering import missing, opened

EXAMPLES = 300 if os.environ.get("FAULTS") == "all" else 6
SEED = int(os.environ.get("FAULT_SEED", "7"))


@pytest.fixture
def one_connection():
    """Requests of this process leave the test's connection open, as those of Django's client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def attacked(company, one_connection):
    """The API with a sheet in it, for somebody who may fill it."""
    sheet = opened(company)
    missing(sheet, company.auditor)
    _token, secret = make_token(user=company.auditor, name="t", days=None, at=timezone.now())
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    plain = {"Accept-Encoding": "identity"}  # nothing unpacks an answer in this process
    schema.config.update(headers={"Authorization": f"Bearer {secret}"} | plain)
    return schema


OPERATIONS = [
    "POST /events", "POST /receipts", "POST /observations/{pk}/photos", "GET /sheets",
    "GET /sheets/{pk}/pack", "GET /sheets/{pk}/sign-off", "POST /sheets/{pk}/sign-off",
    "POST /visits/{pk}/answers",
]  # fmt: skip


def test_every_operation_is_attacked(attacked):
    found = [each.ok() for each in attacked.get_all_operations()]
    named = {f"{each.method.upper()} {each.path.removeprefix('/api/v1')}" for each in found}
    assert named == set(OPERATIONS)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize("named", OPERATIONS)
def test_whatever_is_sent_is_answered_as_described(attacked, named, mode, tried):
    method, path = named.split()
    operation = attacked[f"/api/v1{path}"][method]

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def attack(case):
        answer = case.call_and_validate()
        tried["refused" if answer.status_code >= 400 else "answered"] += 1

    attack()
