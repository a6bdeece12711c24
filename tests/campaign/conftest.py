import pytest

from tests import cast
from tests.webhooks import sink  # noqa: F401 - a fixture for all


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def lend():
    """Register a function in a registry for one test."""
    lent = []

    def register(registered, function):
        registered.append(function)
        lent.append((registered, function))

    yield register
    for registered, function in lent:
        registered.remove(function)
