"""An exam's address with a number that none can have."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("pk", [0, 2**63 - 1, 2**63, 10**30])
@pytest.mark.parametrize("person", ["center", "manager"])
def test_an_exam_that_can_not_be_is_not_found(company, client, person, pk):
    client.force_login(getattr(company, person))
    for name in ("exam", "exam_results"):
        assert client.get(reverse(name, args=[company.campaign.code, pk])).status_code == 404
