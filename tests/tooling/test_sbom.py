"""The bill of materials names everything that the locks install, with its digest."""

import json
import re
import subprocess
import sys

import pytest

from tests.server import ROOT


@pytest.fixture(scope="module")
def bill():
    command = [sys.executable, "bin/sbom.py"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def test_it_says_what_it_is_of(bill):
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert bill["metadata"]["component"]["name"] == "pinzhi"


def test_it_has_every_line_of_the_locks(bill):
    purls = [each["purl"] for each in bill["components"]]
    lock = (ROOT / "requirements.txt").read_text()
    pinned = re.findall(r"^[a-z0-9._-]+(?:\[.*?\])?==", lock, re.MULTILINE)
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert sum(purl.startswith("pkg:pypi/") for purl in purls) == len(pinned) > 50
    assert sum(purl.startswith("pkg:npm/") for purl in purls) == len(packages) - 1
    assert any(re.fullmatch(r"pkg:pypi/django@5\.2\.\d+", purl) for purl in purls)
    assert any(purl.startswith("pkg:npm/%40tabler/core@") for purl in purls)


def test_each_is_named_once_and_has_a_digest(bill):
    refs = [each["bom-ref"] for each in bill["components"]]
    assert sorted(set(refs)) == sorted(refs)
    lengths = {"SHA-256": 64, "SHA-512": 128}
    for each in bill["components"]:
        assert each["hashes"]
        assert all(len(digest["content"]) == lengths[digest["alg"]] for digest in each["hashes"])
