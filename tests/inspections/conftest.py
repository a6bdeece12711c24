import pytest

from tests import cast


@pytest.fixture
def company(db):
    return cast.company()
