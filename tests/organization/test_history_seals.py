"""History is sealed in batches, and whatever is changed past the application shows."""

import base64
from datetime import timedelta
from unittest.mock import ANY

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organization import history_seals, seals
from organization.history import record, record_each
from organization.history_check import faults
from organization.history_seals import seal_batch, seal_history
from organization.models import HistoryEntry, Seal, SealChain
from organization.origin import coming_from
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.NOW
LATER = AT + timedelta(hours=2)


@pytest.fixture
def firm():
    """Three records of a campaign and two of a person and a project, sealed."""
    firm = cast.company()
    with coming_from("page", address="192.0.2.7"):
        for verb in ("set_dates", "set_gates", "close_campaign"):
            record(on=firm.campaign, verb=verb, by=firm.center, at=AT, reason="按会议要求", a=1)
        record(on=firm.worker, verb="admin_change", by="command", at=AT)
        record(on=firm.one, verb="import_projects", by=firm.admin, at=AT)
    seal_history(at=AT)
    firm.rows = list(HistoryEntry.objects.order_by("pk"))
    return firm


def found(at=LATER) -> list[tuple[str, str]]:
    return [(fault.code, fault.about) for fault in faults(at=at)]


def test_what_stands_as_it_was_sealed_has_no_fault(firm):
    assert found() == []


def test_each_campaign_has_a_chain_and_the_organization_one(firm):
    names = {chain.name for chain in SealChain.objects.all()}
    assert names == {"history", f"history:campaign:{firm.campaign.pk}"}


def test_a_sealed_row_is_not_sealed_again(firm):
    assert seal_history(at=AT) == 0
    record(on=firm.campaign, verb="set_dates", by=firm.center, at=AT)
    assert (seal_history(at=AT), found()) == (1, [])


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "别的理由"}, {"detail": {"a": 2}}, {"verb": "start_campaign"}, {"by": None},
        {"at": LATER}, {"after": "closed"}, {"via": "token 1"}, {"address": "192.0.2.8"},
        {"subject_label": "别的"},
    ],
)  # fmt: skip
def test_a_changed_row_shows(firm, change):
    HistoryEntry.objects.filter(pk=firm.rows[1].pk).update(**change)
    assert found() == [("history_changed", str(firm.rows[1].pk))]


def test_an_address_that_was_erased_is_no_fault(firm):
    HistoryEntry.objects.update(address=None)
    assert found() == []


def test_a_deleted_row_shows(firm):
    number = firm.rows[3].pk
    firm.rows[3].delete()
    assert found() == [("history_deleted", str(number))]


def test_rows_that_change_places_show(firm):
    first, second = firm.rows[0], firm.rows[1]
    first.verb, second.verb = second.verb, first.verb
    first.save()
    second.save()
    assert found() == [("history_changed", str(row.pk)) for row in (first, second)]


def test_a_row_put_in_the_place_of_another_shows(firm):
    gone = firm.rows[2].pk
    firm.rows[2].delete()
    HistoryEntry.objects.create(pk=gone, **copied(firm.rows[0]))
    seal_history(at=LATER)
    assert found() == [("history_changed", str(gone))]


def test_a_row_in_a_gap_was_late_within_the_hour_and_put_in_after_it(firm):
    last = firm.rows[-1].pk
    HistoryEntry.objects.create(pk=last + 5, **copied(firm.rows[-1]))
    seal_history(at=AT)
    HistoryEntry.objects.create(pk=last + 2, **copied(firm.rows[0]))
    assert found(at=AT) == []
    seal_history(at=AT + timedelta(minutes=10))
    HistoryEntry.objects.create(pk=last + 3, **copied(firm.rows[0]))
    seal_history(at=LATER)
    assert found(at=LATER) == [("history_put_in", str(last + 3))]


def copied(row) -> dict:
    names = ("at", "by", "verb", "content_type", "object_id", "subject_label")
    return {name: getattr(row, name) for name in names}


def test_a_cut_tail_and_a_rewritten_batch_show(firm):
    spine = SealChain.objects.get(name="history")
    Seal.objects.filter(chain=spine).update(content="{}")
    assert [code for code, _about in found()] == ["history_lost"]
    Seal.objects.filter(chain=spine).delete()
    assert [code for code, _about in found()] == ["chain_length"]


def test_a_campaigns_chain_that_is_taken_out_shows(firm):
    chain = SealChain.objects.exclude(name="history").get()
    chain.seals.all().delete()
    chain.delete()
    assert [code for code, _about in found()] == ["history_lost"]


def test_a_printed_head_stays_the_chains_until_its_tail_is_cut(firm):
    chain = SealChain.objects.get(name="history")
    printed = seals.printed(chain)
    record(on=firm.one, verb="import_projects", by=firm.admin, at=AT)
    seal_history(at=AT)
    chain.refresh_from_db()
    assert list(seals.head_faults(chain, printed)) == []
    later = seals.printed(chain)
    chain.seals.order_by("-number").first().delete()
    assert [fault.code for fault in seals.head_faults(chain, later)] == ["head_cut"]
    assert [fault.code for fault in seals.head_faults(chain, f"{printed[:-1]}~")] == ["head_other"]


def test_a_new_key_seals_on_and_a_missing_one_is_not_called_tampering(settings):
    firm = cast.company()
    record(on=firm.one, verb="import_projects", by=firm.admin, at=AT)
    settings.EVIDENCE_KEYS = [key(b"a")]
    seal_history(at=AT)
    settings.EVIDENCE_KEYS = [key(b"b"), key(b"a")]
    record(on=firm.two, verb="import_projects", by=firm.admin, at=AT)
    seal_history(at=AT)
    assert found() == []
    settings.EVIDENCE_KEYS = [key(b"b")]
    number = str(HistoryEntry.objects.earliest("pk").pk)
    assert found() == [("seal_key", ANY), ("history_key", number)]


def key(fill: bytes) -> str:
    return base64.urlsafe_b64encode(fill * 32).decode()


def test_a_record_costs_one_query(firm, django_assert_num_queries):
    with django_assert_num_queries(1):
        record(on=firm.campaign, verb="set_dates", by=firm.center, at=AT)


def test_a_batch_of_a_thousand_costs_as_many_queries_as_one_of_ten(firm):
    costs = []
    for size in (10, history_seals.BATCH):
        things = [firm.campaign, *[firm.campaign] * (size - 1)]
        details = [{"n": n} for n in range(size)]
        record_each(on=things, verb="set_dates", by=firm.center, at=AT, details=details)
        with CaptureQueriesContext(connection) as queries:
            assert seal_batch(at=LATER) == size
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 20
