"""The locks name exact contents, and no place to get them from."""

import json
import re
import tomllib

import pytest

from tests.server import ROOT

PYTHON_LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"]


def packages(lock):
    """{name: (version, number of hashes)}"""
    found = {}
    for block in re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text()):
        if pinned := re.match(r"([a-z0-9._-]+)(?:\[[^\]]+\])?==(\S+)", block):
            found[pinned[1]] = pinned[2], block.count("--hash=sha256:")
    return found


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_every_python_package_is_pinned_with_hashes(lock):
    found = packages(lock)
    assert found
    assert all(hashes for version, hashes in found.values())


def test_tests_and_product_run_on_the_same_versions():
    runtime, development = packages("requirements.txt"), packages("requirements-dev.txt")
    assert runtime.items() <= development.items()


def test_every_declared_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = [re.match(r"[A-Za-z0-9-]+", line)[0].lower() for line in project["dependencies"]]
    assert set(names) <= set(packages("requirements.txt"))


def test_every_browser_package_is_pinned_with_a_hash():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    pinned = {name: package for name, package in lock["packages"].items() if name}
    assert pinned
    assert all(package["integrity"].startswith("sha512-") for package in pinned.values())


@pytest.mark.parametrize("lock", [*PYTHON_LOCKS, "package-lock.json", "package.json", ".npmrc"])
def test_no_lock_names_an_address(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert 'resolved"' not in text
