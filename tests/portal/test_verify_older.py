"""`verify` where there is nothing to verify yet, and with keys that are changed."""

import base64

import pytest
from django.core.management import call_command

from campaign.seals import seal_older
from organization.errors import Refused
from organization.history import history_of
from tests import cast
from tests.portal.evidence import AT, drawn_up, inspected, verified

pytestmark = pytest.mark.django_db


def fernet(fill: bytes) -> str:
    return base64.urlsafe_b64encode(fill * 32).decode()


def test_seals_of_an_older_key_hold_while_it_is_in_the_list(settings):
    settings.EVIDENCE_KEYS = [fernet(b"a")]
    firm = inspected()
    settings.EVIDENCE_KEYS = [fernet(b"b"), fernet(b"a")]
    drawn_up(firm)
    assert verified() == []
    settings.EVIDENCE_KEYS = [fernet(b"b")]
    assert {row["code"] for row in verified()} >= {"seal_key", "event_key", "sheet_key"}


def test_an_older_campaign_is_not_said_to_be_tampered_with_but_not_sealed():
    cast.company()
    assert [row["code"] for row in verified()] == ["unsealed"]


def test_it_is_sealed_once_and_that_is_on_record():
    held = cast.company().campaign
    call_command("seal", "--existing")
    call_command("seal", "--existing")
    assert verified() == []
    assert [entry.verb for entry in history_of(held)] == ["seal_older"]
    with pytest.raises(Refused):
        seal_older(campaign=held, by="command", at=AT)
