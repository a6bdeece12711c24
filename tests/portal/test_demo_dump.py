"""The kept database of the demo still goes into today's tables, and says what it said."""

from collections import Counter
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import call_command

from campaign.models import Campaign
from organization.history import history_of
from organization.models import User
from scoring.results import rebuild
from scoring.standings import standings_as_data
from tests import cast

DUMPS = sorted((settings.BASE_DIR / "fixtures" / "dumps").glob("demo-*.json.gz"))
AT = cast.moment(2011, 11, 27, 15)
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_dump_is_kept_and_small():
    assert DUMPS
    assert all(dump.stat().st_size < 300_000 for dump in DUMPS)


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_a_dump_loads_and_its_results_are_what_they_were(dump):
    call_command("loaddata", str(dump), verbosity=0)
    held = Campaign.objects.get(code="demo")
    ranked = [row for row in standings_as_data(held) if row["rank"]]
    assert Counter(row["band"] for row in ranked) == {"excellent": 2, "good": 3, "fail": 2}
    assert max(Decimal(row["composite"]) for row in ranked) >= Decimal("95.5")
    assert held.standings.provisional().count() == 5
    assert (held.obligations.count(), held.plans.count()) == (69, 12)
    assert Counter(each.state(at=AT).code for each in held.sheets.audits())["submitted"] == 35
    verbs = history_of(held).values_list("verb", flat=True)
    assert {"create_campaign", "return_campaign", "start_campaign", "open_scoring"} <= set(verbs)
    assert User.objects.get(username="pm01").main_post.project.code == "P01"
    assert rebuild(campaign=held, at=AT) == 0
