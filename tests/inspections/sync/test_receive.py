"""What was entered without a network is on record once, whatever way it came."""

import uuid
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from inspections.models import Observation, ScoreSheet
from inspections.words import ObservationKind
from tests.inspections.entering import confirm_all, folded, item, missing, opened, points_so_far
from tests.inspections.sync.sending import AT, DEVICE, event, outcomes, send
from tests.queries import queries_of


@pytest.fixture
def sheet(company):
    return opened(company)


def test_what_was_observed_takes_its_points_and_knows_its_device(company, sheet):
    sent = event(sheet, sequence=4, note=" 地面有水 ")
    assert outcomes(send([sent], company.auditor)) == ["recorded"]
    row = Observation.objects.get(pk=sent["id"])
    assert (row.device, row.sequence, row.note) == (DEVICE, 4, "地面有水")
    assert points_so_far(sheet) == (Decimal("23.5"), Decimal(25))


def test_the_same_batch_again_is_known_and_changes_nothing(company, sheet):
    every = [item(sheet, n).pk for n in (1, 2, 3)]
    batch = [
        event(sheet, 1),
        event(sheet, 2, "confirm", items=every),
        event(sheet, 3, "not_applicable", item=item(sheet, 4).pk, note="没有电梯"),
    ]
    assert outcomes(send(batch, company.auditor)) == ["recorded"] * 3
    before = points_so_far(sheet)
    assert outcomes(send(batch, company.auditor)) == ["known"] * 3
    assert (Observation.objects.count(), points_so_far(sheet)) == (5, before)


def test_a_batch_does_not_care_in_which_order_its_parts_arrive(company):
    kept = set()
    for number, order in enumerate(permutations(range(3))):
        sheet = opened(company, specialty=list(company.lines)[number % 4])
        ScoreSheet.objects.filter(pk=sheet.pk).update(looked_at=0)
        first = event(sheet, 1)
        second = event(sheet, 2, points="2", replaces=first["id"])
        third = event(sheet, 3, "withdraw", observation=second["id"])
        left = [[first, second, third][n] for n in order]
        while left:
            answers = outcomes(send([left[0]], company.auditor))
            left = [*left[1:], left[0]] if answers == ["later"] else left[1:]
        kept.add(len(folded(sheet).score.lines))
    assert kept == {0}


def test_a_change_and_its_withdrawal_in_one_batch_go_by_their_sequence(company, sheet):
    first = event(sheet, 1)
    change = event(sheet, 2, points="2", replaces=first["id"])
    assert outcomes(send([change, first], company.auditor)) == ["recorded", "recorded"]
    assert [line.points for line in folded(sheet).score.lines] == [Decimal(2)]


BAD = {
    "amount": {"points": "9"},
    "count": {"count": 3},
    "method": {"method": "guess"},
    "note": {"note": "水" * 1001},
    "not_on_sheet": {"requirement": 10**9},
    "no_sheet": {"sheet": 10**9},
    "invalid": {"points": "NaN"},
}


@pytest.mark.parametrize("code", BAD)
def test_one_bad_event_is_refused_and_the_rest_goes_through(company, sheet, code):
    bad, good = event(sheet, 1, **BAD[code]), event(sheet, 2, number=2)
    first, second = send([bad, good], company.auditor)
    assert (first.outcome, first.code, second.outcome) == ("refused", code, "recorded")
    assert str(first.id) == bad["id"]


@pytest.mark.parametrize(
    "bad",
    [
        None, 7, [], {}, {"id": "x"}, {"do": "erase"}, {"sequence": "1"}, {"item": None},
        {"observed_at": 5}, {"points": 1.5}, {"note": 5}, {"sheet": 2**80}, {"count": 2**80},
        {"do": "withdraw"}, {"do": "confirm"}, {"points": "1E+999999"}, {"item": True},
    ],
)  # fmt: skip
def test_what_is_no_event_spoils_no_other(company, sheet, bad):
    sent = event(sheet, 1) | bad if isinstance(bad, dict) and bad else bad
    receipts = send([sent, event(sheet, 2)], company.auditor)
    assert outcomes(receipts) == ["refused", "recorded"]
    assert receipts[0].code in {"invalid", "not_on_sheet"}


def test_a_note_with_half_a_character_is_kept_without_it(company, sheet):
    sent = event(sheet, note="水\ud83d\0。")
    assert outcomes(send([sent], company.auditor)) == ["recorded"]
    assert Observation.objects.get(pk=sent["id"]).note == "水\ufffd。"


def test_a_note_of_ten_megabytes_is_refused_by_itself(company, sheet):
    batch = [event(sheet, 1, note="x" * 10_000_000), event(sheet, 2)]
    first, second = send(batch, company.auditor)
    assert (first.code, first.field, second.outcome) == ("note", "note", "recorded")


def test_an_id_that_says_something_else_now_is_refused(company, sheet):
    first = event(sheet, 1)
    send([first], company.auditor)
    (receipt,) = send([first | {"points": "2"}], company.auditor)
    assert (receipt.outcome, receipt.code) == ("refused", "same_id")


def test_nobody_learns_of_a_sheet_that_is_not_theirs(company, sheet):
    known = send([event(sheet)], company.manager)[0]
    unknown = send([event(sheet) | {"sheet": 10**6}], company.manager)[0]
    told = [(each.outcome, each.code, each.detail) for each in (known, unknown)]
    assert told[0] == told[1] == ("refused", "no_sheet", known.detail)


def test_two_auditors_both_count_and_the_larger_costs(company, sheet):
    mine, theirs = event(sheet, points="1"), event(sheet, points="2")
    send([mine], company.auditor)
    send([theirs], company.center, device=uuid.uuid4())
    assert [line.points for line in folded(sheet).score.lines] == [Decimal(2)]
    (receipt,) = send([event(sheet, 2, "withdraw", observation=theirs["id"])], company.auditor)
    assert (receipt.outcome, receipt.code) == ("refused", "not_yours")
    send([event(sheet, 2, "withdraw", observation=theirs["id"])], company.center)
    assert [line.points for line in folded(sheet).score.lines] == [Decimal(1)]


def test_what_the_rest_confirms_leaves_out_what_was_confirmed(company, sheet):
    confirm_all(sheet, company.center)
    again = event(sheet, 1, "confirm", items=[item(sheet).pk])
    assert outcomes(send([again], company.auditor)) == ["recorded"]
    assert outcomes(send([again], company.auditor)) == ["known"]
    assert Observation.objects.filter(kind=ObservationKind.CONFORMS).count() == 4


def test_a_clock_that_is_off_is_moved_along_and_kept(company, sheet):
    clock = AT + timedelta(days=1)  # the device's, when it sends
    seen = clock - timedelta(minutes=20)
    sent = event(sheet, observed_at=seen.isoformat())
    send([sent], company.auditor, sent_at=clock)
    row = Observation.objects.get(pk=sent["id"])
    assert (row.observed_at, row.device_at) == (AT - timedelta(minutes=20), seen)


@pytest.mark.parametrize("year", ["0001", "1970", "9999"])
def test_a_clock_that_is_mad_moves_nothing_outside_of_the_sheet(company, sheet, year):
    sent = event(sheet, observed_at=f"{year}-01-02T00:00:00Z")
    assert outcomes(send([sent], company.auditor)) == ["recorded"]
    assert sheet.opened_at <= Observation.objects.get(pk=sent["id"]).observed_at <= AT


def test_pages_and_devices_end_in_the_same_ledger(company, sheet):
    noted = missing(sheet, company.auditor)
    change = event(sheet, points="2", replaces=str(noted.pk))
    assert outcomes(send([change], company.auditor)) == ["recorded"]
    assert [line.points for line in folded(sheet).score.lines] == [Decimal(2)]


def test_an_observation_of_another_sheet_is_not_withdrawn_here(company, sheet):
    other = opened(company, project=company.two)
    noted = missing(other, company.auditor)
    (receipt,) = send([event(sheet, 1, "withdraw", observation=str(noted.pk))], company.auditor)
    assert (receipt.outcome, receipt.code) == ("refused", "not_on_sheet")


def test_a_batch_asks_as_much_for_fifty_events_as_for_one(company, sheet):
    def batch(size):
        return lambda: send(
            [event(sheet, n, number=n % 4 + 1, line=n % 3 + 1) for n in range(size)],
            company.auditor,
        )

    assert queries_of(batch(1)) == queries_of(batch(50)) <= 12
