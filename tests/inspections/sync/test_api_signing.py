"""Signing through the API: the same function, the same refusals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inspections.models import SignOff
from inspections.signing.reading import Reading
from inspections.signing.verifying import check_sign_offs
from organization.digests import canonical, fingerprint, loaded
from tests.inspections.appealing import contested_sheet
from tests.inspections.entering import missing, opened
from tests.inspections.signing import WAVE
from tests.inspections.sync.sending import post


@pytest.fixture
def sheet(company):
    return contested_sheet(company)


@pytest.fixture
def auditor(client, company):
    client.force_login(company.auditor)
    return client


def to_sign(client, sheet) -> dict:
    return client.get(f"/api/v1/sheets/{sheet.pk}/sign-off").json()


def sent(client, company, sheet, **fields):
    body = {
        "seen": to_sign(client, sheet)["seen"],
        "auditor": {"drawing": WAVE},
        "manager": {"drawing": WAVE, "who": {"person": company.manager.pk}},
    } | fields
    return post(client, f"sheets/{sheet.pk}/sign-off", body)


def test_it_says_what_is_signed_and_who_may(auditor, company, sheet):
    said = to_sign(auditor, sheet)
    assert (said["content"]["kept"], said["content"]["shown"]) == ("98.5", "98.5")
    assert {"person": company.manager.pk, "name": "陈立群", "role": "project_manager"} in said[
        "signers"
    ]


def test_both_sign_and_the_same_again_is_known(auditor, company, sheet):
    first, again = (sent(auditor, company, sheet).json() for _ in range(2))
    found = SignOff.objects.get()
    assert first == again
    assert (first["fingerprint"], first["refused"]) == (found.fingerprint, False)


def test_a_refusal(auditor, company, sheet):
    refusal = {"reason": "没有依据", "who": {"name": "周工", "position": "主管"}}
    assert sent(auditor, company, sheet, manager=None, refusal=refusal).json()["refused"]


def test_a_nul_in_what_was_typed_is_left_out(auditor, company, sheet):
    """PostgreSQL takes none, and the filter of forms does not see JSON."""
    refusal = {"reason": "没有\0依据", "who": {"name": "周\0工", "position": "主\0管"}}
    assert sent(auditor, company, sheet, manager=None, refusal=refusal).json()["refused"]
    found = SignOff.objects.get()
    assert (found.manager_name, "\\u0000" in found.content) == ("周工", False)


@pytest.mark.parametrize(
    ("fields", "status", "code", "field"),
    [
        ({"seen": "x"}, 409, "conflict", ""),
        ({"manager": None}, 422, "manager_or_refusal", "manager"),
        ({"auditor": {}}, 422, "unsigned", "auditor"),
        ({"manager": {"drawing": WAVE, "who": {"person": 2**70}}}, 422, "nobody", "who"),
        ({"auditor": {"drawing": WAVE | {"width": 0}}}, 422, "greater_than_equal", None),
    ],
)
def test_what_is_not_allowed_is_a_problem(auditor, company, sheet, fields, status, code, field):
    answer = sent(auditor, company, sheet, **fields)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (status, code)
    assert field in (None, said["field"])
    assert not SignOff.objects.exists()


def test_a_sheet_that_is_not_ready_is_not_signed(auditor, company):
    sheet = opened(company)
    missing(sheet, company.auditor)
    said = sent(auditor, company, sheet).json()
    assert (said["status"], said["code"]) == (409, "not_looked_at")


@pytest.mark.parametrize(("person", "status"), [("president", 403), ("other_manager", 404)])
def test_nobody_else_signs(client, company, sheet, person, status):
    client.force_login(getattr(company, person))
    body = {"seen": "", "auditor": {"drawing": WAVE}, "manager": {"drawing": WAVE}}
    assert post(client, f"sheets/{sheet.pk}/sign-off", body).status_code == status


def test_it_keeps_when_it_was_signed_and_when_that_came(auditor, company, sheet):
    """By a clock that is a day ahead, an hour before it is sent."""
    sending = timezone.now() + timedelta(days=1)
    times = {"signed_at": (sending - timedelta(hours=1)).isoformat()}
    sent(auditor, company, sheet, **times, sent_at=sending.isoformat())
    made = SignOff.objects.get()
    said = Reading(loaded(made.content))
    assert said.at - said.signed_at == timedelta(hours=1)
    assert (said.at, loaded(made.content)["signed"]["device"]) != (said.signed_at, said.at)
    assert list(check_sign_offs(sheet.campaign)) == []
    page = auditor.get(made.get_absolute_url()).content.decode()
    assert "现场签字" in page and "送达" in page


def test_one_that_came_before_it_was_signed_is_found(auditor, company, sheet):
    now = timezone.now()
    sent(auditor, company, sheet, signed_at=now.isoformat(), sent_at=now.isoformat())
    made = SignOff.objects.get()
    said = loaded(made.content)
    said["signed"]["at"] = "2099-01-01T00:00:00Z"
    text = canonical(said)
    SignOff.objects.update(content=text, fingerprint=fingerprint(text))
    assert [each.code for each in check_sign_offs(sheet.campaign)] == ["sign_off_columns"]
