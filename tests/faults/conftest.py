"""The rig for each test, and the table of what came of it.

FAULTS=all takes all moments and full numbers (`make faults`), else a sample; FAULT_SEED chooses
the moments and the sample; FAULT_FIGURES names a file for the figures.
"""

import json
import os
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.db import connection

from tests.faults.audit import Audit
from tests.faults.house import House
from tests.faults.rig import Rig
from tests.faults.stage import Stage

SEED = int(os.environ.get("FAULT_SEED") or random.randrange(10**6))
IS_WHOLE = os.environ.get("FAULTS") == "all"
HERE = Path(__file__).parent
FIGURES: list[dict] = []


@dataclass(frozen=True)
class Scale:
    """How much a test takes on: a sample in every run, all of it in `make faults`."""

    kills: int
    reminders: int
    few: int
    hands: int


SCALE = Scale(20, 1000, 200, 10) if IS_WHOLE else Scale(3, 200, 40, 4)


def pytest_collection_modifyitems(config, items):
    if not IS_WHOLE:
        take_a_sample(config, items)
    for item in items:
        if HERE in item.path.parents:
            for mark in (pytest.mark.faults, pytest.mark.redis, pytest.mark.slow):
                item.add_marker(mark)
            item.add_marker(pytest.mark.django_db(transaction=True))


def take_a_sample(config, items) -> None:
    """Of a fault that comes in many ways, two, which the seed chooses."""
    ways = defaultdict(list)
    for item in items:
        if HERE in item.path.parents and hasattr(item, "callspec"):
            ways[item.function].append(item)
    dice = random.Random(SEED)
    chosen = [item for same in ways.values() for item in dice.sample(same, min(2, len(same)))]
    left_out = [item for same in ways.values() for item in same if item not in chosen]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter):
    """Also where all went well: the figures are what these tests are for."""
    if not FIGURES:
        return
    terminalreporter.section(f"faults on {connection.vendor}, FAULT_SEED={SEED}")
    names = list(FIGURES[0])
    for row in (dict(zip(names, names, strict=True)), *FIGURES):
        cells = [
            f"{row[name]!s:<44}" if name == "fault" else f"{row[name]!s:>10}" for name in names
        ]
        terminalreporter.write_line("".join(cells))
    if os.environ.get("FAULT_FIGURES"):
        with open(os.environ["FAULT_FIGURES"], "a") as file:
            for row in FIGURES:
                file.write(json.dumps({"database": connection.vendor} | row) + "\n")


@pytest.fixture(scope="session")
def house(django_db_setup, tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house"), database_url())
    yield house
    house.close()


def database_url() -> str:
    """Where this test run's own tables are."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(name)}").geturl()


@pytest.fixture
def rig(transactional_db, house, settings):
    settings.CHANNEL_KEYS = [house.key]  # what the tests seal, the workers open
    rig = Rig(house)
    yield rig
    rig.close()


@pytest.fixture
def scale() -> Scale:
    return SCALE


@pytest.fixture
def dice(request) -> random.Random:
    """The same throws for the same seed, whatever other tests run."""
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture
def audit(request, rig):
    """Asserts that the ledger agrees with what arrived; the figures go into the table."""

    def check(*stages: Stage, **allowed) -> Audit:
        done = Audit(stages, rig, **allowed)
        name = request.node.name.removeprefix("test_").replace("_", " ")
        FIGURES.append({"fault": name} | done.figures | {"seconds": round(rig.seconds)})
        done.assert_clean()
        return done

    return check
