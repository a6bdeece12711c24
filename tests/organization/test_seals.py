"""Long contents are sealed like short ones, and in no more memory."""

import tracemalloc

import pytest
from django.db import transaction

from organization import seals
from organization.models import Seal
from tests import cast

pytestmark = pytest.mark.django_db
AT = cast.moment(2011, 10, 12, 9)


@transaction.atomic
def sealed(name, *contents):
    chain = seals.begin(name)
    seals.append(chain, [("awards", str(n), said) for n, said in enumerate(contents)], at=AT)
    return chain


def test_a_long_content_stands_in_the_chain_like_a_short_one():
    said = ["甲", "乙" * (seals.LONG + 1), "丙"]
    chain = sealed("campaign:1", *said)
    assert list(seals.faults(chain)) == []
    rows = Seal.objects.filter(chain=chain).order_by("number")
    assert [row.content for row in rows] == [f'"{text}"' for text in said]
    assert [row.about for row in rows] == ["0", "1", "2"]


def test_a_list_of_a_hundred_thousand_takes_a_few_times_its_length():
    length = 4_000_000
    tracemalloc.start()
    sealed("campaign:1", "x" * length, "y")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * length
