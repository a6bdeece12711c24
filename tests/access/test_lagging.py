"""Lists and reports that a standby may be asked for read and do nothing else (docs/running.md)."""

from types import SimpleNamespace

import pytest
from django.urls import resolve

from organization import replica
from tests.access.attack.places import places

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def standby_is_here(settings, monkeypatch):
    """As if this database were one: what would write there is asked again of the primary."""
    settings.REPLICA_URL = "postgres://standby/"
    monkeypatch.setattr(replica, "ALIAS", "default")
    monkeypatch.setattr(replica, "standby", SimpleNamespace(serves=lambda since: True, rest=print))


def test_every_one_of_them_comes_from_the_standby_alone(world, standby_is_here):
    marked = [each for each in places(world) if is_marked(each.address)]
    asked = [(each, each.client.get(each.address)) for each in marked]
    elsewhere = [
        (each.name, each.person, answer.status_code)
        for each, answer in asked
        if answer.status_code < 400 and answer.wsgi_request.read_from != "replica"
    ]
    assert elsewhere == []
    assert len({each.name for each, answer in asked if answer.status_code == 200}) >= 45


def is_marked(address: str) -> bool:
    return getattr(resolve(address.partition("?")[0]).func, "may_lag", False)
