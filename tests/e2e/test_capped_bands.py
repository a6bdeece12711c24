"""Why a band is capped is to be seen beside it, however wide the screen is."""

from decimal import Decimal

import pytest

from scoring.models import Standing
from tests import cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
WIDTHS = {"phone": (360, 780), "tablet": (1000, 800), "desktop": (1440, 900)}


@pytest.fixture
def league(sign_in, live_server):
    firm = cast.company()
    Standing.objects.filter(project=firm.one).update(
        composite=Decimal(97), provisional=False, capped=True
    )
    return sign_in("center", address=f"/c/{firm.campaign.code}/league/")


@pytest.mark.parametrize("screen", WIDTHS)
def test_the_mark_covers_nothing_and_is_covered_by_nothing(league, screen):
    width, height = WIDTHS[screen]
    league.set_viewport_size({"width": width, "height": height})
    row = league.get_by_role("row", name="锦澜府")
    mark = row.get_by_text("关键项缺失，等级封顶").bounding_box()
    for beside in (row.get_by_text("良好"), row.get_by_text("97.00"), row.get_by_text("锦澜府")):
        assert apart(mark, beside.bounding_box())


def apart(one, other) -> bool:
    aside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    above = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
    return aside or above
