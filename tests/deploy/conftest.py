"""One site for all tests, and the table of what people saw while something broke.

FAULTS=all breaks everything, with all migrations run (`make faults`); else FAULT_SEED chooses one
fault. FAULT_FIGURES names a file for the figures.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from tests.deploy.people import Crowd, Person
from tests.deploy.site import Site
from tests.server import ROOT

SEED = int(os.environ.get("FAULT_SEED") or random.randrange(10**6))
IS_WHOLE = os.environ.get("FAULTS") == "all"
HERE = Path(__file__).parent
PEOPLE, SAMPLE = (6, 10) if IS_WHOLE else (3, 1)
FIGURES: list[dict] = []


def pytest_collection_modifyitems(config, items):
    for item in items:
        if HERE in item.path.parents and "site" in item.fixturenames:
            item.add_marker(pytest.mark.deployed)
            item.add_marker(pytest.mark.slow)
    broken = [item for item in items if item.get_closest_marker("breaks")]
    if not IS_WHOLE and len(broken) > SAMPLE:
        kept = random.Random(SEED).sample(broken, SAMPLE)
        left_out = [item for item in broken if item not in kept]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter):
    if not FIGURES:
        return
    terminalreporter.section(f"faults under load, FAULT_SEED={SEED}")
    for row in FIGURES:
        terminalreporter.write_line("  ".join(f"{name}: {said}" for name, said in row.items()))
    if os.environ.get("FAULT_FIGURES"):
        with open(os.environ["FAULT_FIGURES"], "a") as file:
            file.writelines(json.dumps(row) + "\n" for row in FIGURES)


def prepare(site) -> list[dict]:
    """Tables, the company, browsers' files; the product's own script where time allows."""
    if IS_WHOLE:
        site.run("sh", "deploy/migrate.sh")
    command = [sys.executable, "-m", "tests.deploy.world", str(PEOPLE)]
    made = subprocess.run(
        command, cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, check=True, text=True
    )
    return json.loads(made.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def site():
    # not in pytest's own folder, which PostgreSQL's user may not enter
    with tempfile.TemporaryDirectory(prefix="pinzhi-site-", ignore_cleanup_errors=True) as name:
        made = Site(Path(name))
        try:
            made.start(prepare)
            yield made
        finally:
            made.close()


@pytest.fixture(scope="session")
def crowd(site):
    dice = random.Random(SEED)
    people = [Person(site, **about, dice=random.Random(dice.random())) for about in site.people]
    for person in people:
        person.sign_in()
    return Crowd(people)


@pytest.fixture
def ask(site):
    """Answers of the site's database, asked past the product."""

    def rows(sql, *values):
        url = (site.folder / "secrets" / "database_url").read_text().strip()
        with psycopg.connect(url, autocommit=True) as connection:
            return connection.execute(sql, values).fetchall()

    return rows


@pytest.fixture
def audit(request, site, crowd, ask):
    """What was acknowledged is on record, once, and nothing else; a row for the table."""
    began = time.monotonic()
    before = {kind: len(crowd.acknowledged(kind)) for kind in ("events", "photos")}

    def compare(errors_allowed=False, **reminders):
        on_record = {str(pk) for (pk,) in ask("SELECT id FROM inspections_receivedevent")}
        sent = "SELECT sent_id FROM inspections_observationphoto WHERE sent_id IS NOT NULL"
        photos = [str(pk) for (pk,) in ask(sent)]
        events = crowd.acknowledged("events")
        said = {
            "trouble": request.node.name.removeprefix("test_").replace("_", " "),
            "requests": crowd.requests,
            "errors shown": crowd.errors.total(),
            "entries acknowledged": len(events) - before["events"],
            "found": len(on_record) - before["events"],
            "photos acknowledged": len(crowd.acknowledged("photos")) - before["photos"],
            "photos found": len(photos) - before["photos"],
            **{"reminders due": 0, "sent": 0, "unknown": 0} | reminders,
            "slowest (s)": round(crowd.slowest, 1),
            "seconds": round(time.monotonic() - began),
        }
        FIGURES.append(said)
        assert on_record == events
        assert sorted(photos) == sorted(crowd.acknowledged("photos"))
        assert errors_allowed or not crowd.errors, crowd.errors
        return said

    return compare
