import os
import random

import pytest

from tests.access.attack.places import OUT, Answer, asked, places

SEED = int(os.environ.get("FAULT_SEED", "7"))
IS_WHOLE = os.environ.get("FAULTS") == "all"


@pytest.fixture
def chance():
    return random.Random(SEED)


@pytest.fixture(scope="package")
def answers(world) -> list[Answer]:
    """Every address that answers, asked once by somebody who may do most there."""
    return [asked(place) for place in places(world) if place.name not in OUT]


@pytest.fixture(scope="package")
def pages(answers) -> list[Answer]:
    return [each for each in answers if each.status == 200 and each.kind == "text/html"]
