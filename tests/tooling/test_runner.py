"""`make test` must not be green when something failed or was left out in CI."""

import sys

import pytest

from tests.server import ROOT

sys.path.insert(0, str(ROOT / "bin"))
import run_tests as runner


def finished(part, folder):
    part.start(folder, set())
    part.finish()
    return part


def suite(folder, text):
    (folder / "test_it.py").write_text(text)
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-c", "/dev/null", folder]


def test_a_check_that_ends_with_an_error_counts_as_failed(tmp_path):
    part = finished(runner.Part("bad", [sys.executable, "-c", "raise SystemExit(3)"]), tmp_path)
    assert (part.passed, part.failed) == (0, 1)


@pytest.mark.slow
def test_tests_are_counted_one_by_one(tmp_path):
    text = "def test_a(): pass\ndef test_b(): pass\ndef test_c(): assert 0\n"
    part = finished(runner.Tests("mixed", suite(tmp_path, text)), tmp_path)
    assert (part.passed, part.failed) == (2, 1)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "import nothing_like_it\n", "raise SystemExit(0)\n"])
def test_a_run_without_a_single_test_counts_as_failed(tmp_path, text):
    part = finished(runner.Tests("none", suite(tmp_path, text)), tmp_path)
    assert part.passed == 0
    assert part.failed == 1


@pytest.mark.parametrize(("in_ci", "failed"), [(True, 1), (False, 0)])
def test_what_is_left_out_is_said_and_in_ci_it_fails(monkeypatch, capsys, in_ci, failed):
    monkeypatch.setattr(runner, "IN_CI", in_ci)
    part = runner.browser_tests()
    assert runner.leave_out([part], {"chromium"}) == []
    assert part.failed == failed
    runner.summary([part], {"chromium"}, 1)
    said = capsys.readouterr().out
    assert "LEFT OUT: no chromium" in said
    assert "apt-get install chromium" in said


def test_the_environment_of_the_caller_decides_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/db")
    code = "import os, sys; sys.exit('DATABASE_URL' in os.environ or not os.environ['DATA_DIR'])"
    assert finished(runner.Part("clean", [sys.executable, "-c", code]), tmp_path).passed == 1


def test_two_run_side_by_side_and_the_next_once_one_has_ended(tmp_path, capsys):
    wait = "import pathlib, sys, time\n"
    wait += "while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)\n"
    touch = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
    mark = tmp_path / "mark"
    waits = runner.Part("waits", [sys.executable, "-c", wait, mark])
    after = runner.Part("after", [sys.executable, "-c", "raise SystemExit(1)"])
    touches = runner.Part("touches", [sys.executable, "-c", touch, mark])
    runner.run([waits, touches, after], at_once=2, folder=tmp_path, unmet=set())
    assert (waits.passed, touches.passed, after.failed) == (1, 1, 1)
    said = capsys.readouterr().out
    assert said.index(": ok") < said.index("after …") < said.index("after: FAILED")


def test_beside_those_that_work_runs_one_that_waits(tmp_path, capsys):
    wait = "import pathlib, sys, time\n"
    wait += "while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)\n"
    touch = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
    mark = tmp_path / "mark"
    works = runner.Part("works", [sys.executable, "-c", wait, mark])
    touches = runner.Part("touches", [sys.executable, "-c", touch, mark], waits=True)
    last = runner.Part("last", [sys.executable, "-c", ""], waits=True)
    runner.run([works, touches, last], at_once=1, folder=tmp_path, unmet=set())
    assert (works.passed, touches.passed, last.passed) == (1, 1, 1)
    said = capsys.readouterr().out
    assert said.index("touches: ok") < said.index("last …")


@pytest.mark.parametrize("marker", ["e2e", "redis", "libreoffice"])
def test_the_files_that_name_a_marker_are_all_that_use_it(marked, marker):
    """Whoever runs everything finds out; a marker's own part imports no other files."""
    paths = {runner.ROOT / path for path in runner.marked(marker)[2:]}
    theirs = {path for name, path in marked if name == marker}
    assert {path for path in theirs if not {path, *path.parents} & paths} == set()
