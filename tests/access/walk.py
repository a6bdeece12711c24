"""Asking, and what the answer is in the words of the tables."""

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access.table import ABSENT, ALLOWED, REFUSED, SIGN_IN

ANSWERS = {401: SIGN_IN, 403: REFUSED, 404: ABSENT}
WRONG_METHOD, UNWELL = 405, 503  # what watches the installation may say that something is amiss
# Bodies of the API's operations that would be taken, were they about anything.
BODIES = {
    "api:send_events": {
        "device": "6f1f4c3e-6d29-4d7c-9d3c-0a5f4f6a2b11",
        "sent_at": "2026-01-01T00:00:00Z",
        "events": [{}],
    },
    "api:send_answers": {
        "device": "6f1f4c3e-6d29-4d7c-9d3c-0a5f4f6a2b11",
        "sent_at": "2026-01-01T00:00:00Z",
        "answers": [{}],
    },
    "api:ask_receipts": {"ids": ["6f1f4c3e-6d29-4d7c-9d3c-0a5f4f6a2b11"]},
    "api:sign_off_sheet": {"seen": "", "auditor": {}, "refusal": {"reason": "", "who": {}}},
}


def ask(client: Client, name: str, address: str, method: str, sent: dict) -> str | int:
    """The mark of an answer, or its status where there is no such way; nothing of it remains."""
    if method == "GET":
        return mark_of(client.get(address, sent), address)
    kept = client.cookies.copy()
    with transaction.atomic():
        point = transaction.savepoint()
        if name in BODIES:
            answer = client.post(address, BODIES[name], content_type="application/json")
        else:
            answer = client.post(address, sent)
        transaction.savepoint_rollback(point)
    client.cookies = kept
    return mark_of(answer, address)


def mark_of(answer, address: str) -> str | int:
    status = answer.status_code
    if status == WRONG_METHOD:
        return status
    assert status < 500 or status == UNWELL, f"{address}: {status}"
    if status == 302 and is_sign_in(answer["Location"]):
        return SIGN_IN
    return ANSWERS.get(status, ALLOWED)


def is_sign_in(location: str) -> bool:
    doors = (reverse(settings.LOGIN_URL), reverse("admin:login"))
    return location.startswith(tuple(f"{door}?" for door in doors))
