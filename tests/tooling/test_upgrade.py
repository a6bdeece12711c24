"""A database of the first release goes on with every row it had."""

import gzip
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DUMP = ROOT / "fixtures" / "dumps" / "demo-0.1.sql.gz"
# what migrating itself adds to
GROWS = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}
STANDINGS = """
    SELECT campaign.code, project.code, standing.composite FROM scoring_standing AS standing
    JOIN campaign_campaign AS campaign ON campaign.id = standing.campaign_id
    JOIN organization_project AS project ON project.id = standing.project_id
    ORDER BY standing.composite IS NULL, standing.id"""
PRICES = "SELECT id, points, deduct_min, deduct_max FROM scoring_item ORDER BY id"

pytestmark = pytest.mark.slow


def manage(folder, *arguments) -> str:
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "SECRET_KEY")}
    env |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


def ask(folder, query) -> list[tuple]:
    with closing(sqlite3.connect(folder / "pinzhi.sqlite3")) as database:
        return database.execute(query).fetchall()


def row_counts(folder) -> dict[str, int]:
    tables = ask(folder, "SELECT name FROM sqlite_master WHERE type = 'table'")
    return {name: ask(folder, f'SELECT COUNT(*) FROM "{name}"')[0][0] for (name,) in tables}  # noqa: S608


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """The first release's demo before and after `migrate`."""
    folder = tmp_path_factory.mktemp("upgrade")
    with closing(sqlite3.connect(folder / "pinzhi.sqlite3")) as database:
        database.executescript(gzip.decompress(DUMP.read_bytes()).decode())
    before = row_counts(folder), ask(folder, STANDINGS), ask(folder, PRICES)
    manage(folder, "migrate", "--verbosity", "0")
    return folder, *before


def test_no_row_is_lost(upgraded):
    folder, before, _standings, _prices = upgraded
    after = row_counts(folder)
    assert {name: after[name] for name in before.keys() - GROWS} == {
        name: before[name] for name in before.keys() - GROWS
    }
    assert before["scoring_item"] > 50


def test_the_league_stands_as_it_stood(upgraded):
    folder, _rows, standings, _prices = upgraded
    before = {
        project: None if composite is None else f"{composite:.2f}"
        for campaign, project, composite in standings
        if campaign == standings[0][0]
    }
    table = manage(folder, "standings", "--campaign", standings[0][0], "--format", "json")
    assert {row["project"]: row["composite"] for row in json.loads(table)} == before
    assert any(before.values())


def test_what_was_published_keeps_its_prices(upgraded):
    folder, _rows, _standings, prices = upgraded
    assert ask(folder, PRICES) == prices
    published = "SELECT DISTINCT deduct_kind FROM scoring_item WHERE deduct_min IS NOT NULL"
    assert ask(folder, published) == [("range",)]
    assert any(low and low < high for _item, _points, low, high in prices)


def test_it_has_the_tables_of_a_new_start(upgraded, tmp_path):
    """Whole tables and the steps to them end in the same, down to each constraint."""
    manage(tmp_path, "migrate", "--verbosity", "0")
    assert made_of(upgraded[0]) == made_of(tmp_path)


def made_of(folder) -> dict[str, list[str]]:
    """Each table and index with the words that make it; steps leave columns in another order."""
    of_ours = "SELECT name, sql FROM sqlite_master WHERE sql != '' AND name NOT LIKE 'sqlite_%'"
    return {name: sorted(re.findall(r"\w+|[<>=!]+", sql)) for name, sql in ask(folder, of_ours)}
