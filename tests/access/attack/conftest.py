import json
import os
import random
from collections import Counter

import pytest

from tests.access.attack.places import OUT, Answer, asked, places

SEED = int(os.environ.get("FAULT_SEED", "7"))
IS_WHOLE = os.environ.get("FAULTS") == "all"


@pytest.fixture
def chance():
    return random.Random(SEED)


@pytest.fixture
def tried(request):
    """Counts what was tried and how it was answered: a line of the table in docs/security.md."""
    counts = Counter()
    yield counts
    if path := os.environ.get("FAULT_FIGURES"):
        attack = request.node.originalname.removeprefix("test_").replace("_", " ")
        with open(path, "a") as file:
            file.write(json.dumps({"attack": attack, "tried": counts.total(), **counts}) + "\n")


@pytest.fixture(scope="package")
def answers(world) -> list[Answer]:
    """Every address that answers, asked once by somebody who may do most there."""
    return [asked(place) for place in places(world) if place.name not in OUT]


@pytest.fixture(scope="package")
def pages(answers) -> list[Answer]:
    return [each for each in answers if each.status == 200 and each.kind == "text/html"]
