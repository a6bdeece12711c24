"""Points as people write them."""

from decimal import Decimal

import pytest

from scoring.forms.amounts import parse_points


@pytest.mark.parametrize(
    ("written", "points"),
    [
        ("5", "5"),
        ("5分", "5"),
        ("５", "5"),
        ("5.0", "5"),
        (" 1.5 分", "1.5"),
        ("满分10分", "10"),
        ("5 points", "5"),
        (Decimal("0.25"), "0.25"),
        ("-3", "-3"),
        ("−3", "-3"),
    ],
)
def test_points_are_read_as_people_write_them(written, points):
    assert str(parse_points(written)) == points


@pytest.mark.parametrize(
    "written", ["", "五", "5-10", "1.234", "10001", "NaN", "1e3", "5%", "TRUE"]
)
def test_what_is_no_points_is_refused(written):
    with pytest.raises(ValueError, match=f"^{written}$"):
        parse_points(written)
