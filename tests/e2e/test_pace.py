"""Devices whose sending failed try again later and later, and not all in the same moment."""

import pytest

from tests import cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FAILED = """() => {
  const times = [];
  const kept = window.setTimeout;
  window.setTimeout = (_act, time) => times.push(time);
  for (let device = 0; device < 20; device += 1) {
    const pace = window.delivery.pacing(() => {}, 30_000);
    for (let round = 0; round < 8; round += 1) pace.failed();
  }
  window.setTimeout = kept;
  return times;
}"""


def test_twenty_devices_that_found_no_server_come_back_apart(sign_in):
    cast.company()
    page = sign_in("auditor")
    page.goto("/device/")
    page.wait_for_function("window.delivery")
    times = page.evaluate(FAILED)
    rounds = [times[number::8] for number in range(8)]
    for number, waits in enumerate(rounds):
        longest = min(1000 * 2**number, 30_000)
        assert longest / 2 <= min(waits) < max(waits) <= longest
        assert len(set(waits)) > 15
