"""Events as a phone sends them."""

import uuid
from datetime import timedelta

from inspections.sync.receive import receive_events
from tests import cast
from tests.inspections.entering import item, requirement

AT = cast.NOW + timedelta(hours=1)
DEVICE = uuid.UUID(int=7)


def event(of, sequence=1, do="observe", *, number=1, line=1, **said):
    """What was noted of requirement `line` of item `number`."""
    about = {
        "id": str(uuid.uuid4()), "sequence": sequence, "sheet": of.pk, "do": do,
        "observed_at": AT.isoformat(),
    }  # fmt: skip
    if do == "observe":
        about |= {
            "item": item(of, number).pk, "requirement": requirement(of, number, line).pk,
            "points": "1.5", "count": 1, "method": "open", "note": "",
        }  # fmt: skip
    return about | said


def send(events, by, *, at=AT, sent_at=None, device=DEVICE):
    said = {"device": device, "events": events, "by": by}
    receipts, _sheets = receive_events(**said, at=at, sent_at=sent_at or at)
    return receipts


def outcomes(receipts):
    return [receipt.outcome for receipt in receipts]


def body(events, *, at=AT, device=DEVICE):
    return {"device": str(device), "sent_at": at.isoformat(), "events": events}


def post(client, address, said):
    return client.post(f"/api/v1/{address}", said, content_type="application/json")
