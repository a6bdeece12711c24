"""Files that must not come in: told in both languages with their place, and no harm done."""

import json
import time
import tracemalloc
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.utils import translation

from organization.models import HistoryEntry, StoredFile
from scoring.forms import Understood, read_rubric
from scoring.models import Rubric
from tests import cast
from tests.corpus.broken import BROKEN, Broken

MEGABYTE = 1024 * 1024
SECONDS = 10


@dataclass(frozen=True)
class Case:
    """A broken file, its content, what was read of it, and how long that took the processor."""

    file: Broken
    content: bytes
    read: Understood
    seconds: float


@pytest.fixture(scope="module", params=BROKEN, ids=str)
def case(request):
    file = request.param
    content = file.make()
    begun = time.process_time()
    read = read_rubric(content, name=file.file)
    return Case(file, content, read, time.process_time() - begun)


def place(message):
    return message.code, message.sheet, message.cell


def test_it_is_refused_for_its_reason_at_its_place(case):
    file = case.file
    assert (file.code, file.sheet, file.cell) in map(place, case.read.errors)
    assert not case.read.complete


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_people_read_where_it_is_wrong(case, language):
    error = next(error for error in case.read.errors if error.code == case.file.code)
    with translation.override(language):
        told = str(error)
    assert "%(" not in told
    assert all(part in told for part in (case.file.sheet, case.file.cell) if part)


def test_it_is_refused_soon(case):
    assert case.seconds < SECONDS


def test_it_is_refused_in_little_memory(case):
    """Apart from its time: tracing makes it three times slower."""
    tracemalloc.start()
    try:
        read_rubric(case.content, name=case.file.file)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 30 * MEGABYTE


@pytest.mark.django_db
def test_nothing_of_it_is_written(case, tmp_path, capsys):
    file = case.file
    path = tmp_path / file.file
    path.write_bytes(case.content)
    held = cast.company()
    with pytest.raises(SystemExit) as end:
        call_command(
            "import_rubric", str(path), f"--campaign={held.campaign.code}",
            "--specialty=customer_service", "--format=json", "--publish",
        )  # fmt: skip
    output = capsys.readouterr()
    errors = json.loads(output.out)["errors"]
    assert end.value.code == 1
    assert all(error["file"] == file.file for error in errors)
    named = " ".join(filter(None, (file.file, file.sheet, file.cell)))
    assert f"error: {named}: " in output.err
    assert not Rubric.objects.exists() and not StoredFile.objects.exists()
    assert not HistoryEntry.objects.filter(verb="draft_rubric").exists()
