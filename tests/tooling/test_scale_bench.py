"""The bench of ten thousand projects, with a dozen: it fills, measures and loads to the end."""

import subprocess
import sys

import pytest

from tests.server import ROOT, environment

pytestmark = pytest.mark.slow
SMALL = ["--projects", "12", "--few", "8"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")


def said(kept, *more: str) -> str:
    command = [sys.executable, "-m", "bench.scale", "--kept", str(kept), *SMALL, *more]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(kept), check=True, capture_output=True, text=True
    )
    return done.stdout


def test_every_page_is_measured_that_the_table_of_access_lets_somebody_read(kept):
    # of one round there is no median: what the league's filters keep for a minute would count
    # twice over where the minute ends before it
    told = said(kept, "--only", "league", "--rounds", "3", "--files", "3")
    assert "12 projects, 48 sheets, 3,840 items" in told
    assert "| `league` | center |" in told
    assert "| `league_excel` | center |" in told
    assert "grows" not in told
    assert " fewer |" not in told  # the queries are constant


def test_what_people_write_under_load_is_there_afterwards(kept):
    told = said(kept, "--load", "--people", "10", "--minutes", "0.1", "--pause", "0.1", "0.3")
    assert "| errors | 0 | none |" in told
    assert "| of these not found afterwards | 0 | none |" in told
    assert "| writes acknowledged | 0" not in told
    assert "web process 2" in told
