"""A campaign's history in its own chain: its head on paper and outside, and what verify says."""

import io
import json

import pytest
from django.core import mail
from django.core.management import call_command

from campaign.heads import send_heads
from campaign.history import head_of, path_of
from campaign.models import Campaign, Evidence, VisitFile
from inspections.models import Observation
from organization.history import record
from organization.history_check import faults
from organization.history_seals import seal_history, sealed_through
from organization.models import HistoryEntry, Post, SealChain
from tests import cast
from tests.portal.evidence import LATER, approved, inspected

pytestmark = pytest.mark.django_db
AT = cast.NOW


@pytest.fixture
def firm():
    firm = cast.company()
    for verb in ("set_dates", "set_gates"):
        record(on=firm.campaign, verb=verb, by=firm.center, at=AT)
    record(on=firm.one, verb="import_projects", by=firm.admin, at=AT)
    call_command("seal", "--existing", "--history")
    return firm


def verified(*options) -> list[dict]:
    out = io.StringIO()
    try:
        call_command("verify", "--format", "json", *options, stdout=out)
    except SystemExit as end:
        assert end.code == 1
    return json.loads(out.getvalue())


def test_the_way_from_a_thing_to_its_campaign():
    ways = {
        Campaign: "pk",
        Evidence: "obligation__campaign",
        VisitFile: "visit__obligation__campaign",
        Observation: "sheet__campaign",
        Post: None,
    }
    assert {model: path_of(model) for model in ways} == ways


def test_verify_says_in_two_languages_what_differs(firm):
    entry = HistoryEntry.objects.filter(verb="set_gates").get()
    HistoryEntry.objects.filter(pk=entry.pk).update(reason="后来加的")
    (row,) = verified()
    assert (row["campaign"], row["code"]) == ("*", "history_changed")
    assert f"第 {entry.pk} 条操作记录被改过" in row["zh"]
    assert f"no. {entry.pk} of the history was changed" in row["en"]


def test_verify_of_one_campaign_looks_at_its_own_history(firm):
    HistoryEntry.objects.filter(verb="import_projects").update(reason="后来加的")
    assert verified("--campaign", firm.campaign.code) == []
    assert [row["code"] for row in verified()] == ["history_changed"]


def test_a_printed_head_is_found_again_and_a_made_up_one_is_not(firm):
    head = head_of(firm.campaign)
    code = firm.campaign.code
    record(on=firm.campaign, verb="set_dates", by=firm.center, at=AT)
    seal_history(at=AT)
    assert verified("--campaign", code, "--head", head) == []
    (row,) = verified("--campaign", code, "--head", "1-0000000000000000")
    assert row["code"] == "head_other"
    (row,) = verified("--campaign", code, "--head", "99-0000000000000000")
    assert row["code"] == "head_cut"


def test_without_any_seal_a_head_is_none(firm):
    other = Campaign.objects.create(code="other", title="另一次", year=2012, created_at=AT)
    assert head_of(other) == ""


def test_heads_go_outside_once_an_address_is_set(firm, settings):
    assert not send_heads(at=AT)
    settings.EVIDENCE_MAIL = ["evidence@example.test"]
    assert send_heads(at=AT)
    (letter,) = mail.outbox
    assert f"{firm.campaign.code}\t{head_of(firm.campaign)}" in letter.body
    assert firm.center.name not in letter.body


def test_the_approval_of_a_settlement_seals_the_history():
    approved(inspected())
    last = HistoryEntry.objects.order_by("-pk").first()
    assert last.pk == sealed_through(SealChain.objects.get(name="history"))
    assert list(faults(at=LATER)) == []


def test_it_says_how_far_the_seals_reach_and_the_heads_to_keep(firm):
    sealed, waiting = HistoryEntry.objects.count(), 1
    record(on=firm.campaign, verb="set_dates", by=firm.center, at=AT)
    out = io.StringIO()
    call_command("verify", "--campaign", firm.campaign.code, stdout=out)
    first, reach, *heads = out.getvalue().splitlines()
    assert first == "没有差异 / no differences"
    assert reach.endswith(f"history: {sealed} records sealed, {waiting} not yet")
    assert heads == [f"{firm.campaign.code}\t{head_of(firm.campaign)}"]
