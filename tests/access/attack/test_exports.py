"""Names that are formulas: what is exported opens as text in a spreadsheet."""

import io

import openpyxl
import pytest
from django.db import transaction

from tests.access.attack.nasty import FORMULAS, MARK
from tests.access.attack.places import broken
from tests.access.attack.written import begin_all_with

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def written_as_formulas(world):
    """Everything that people wrote begins as a formula does."""
    with transaction.atomic():
        point = transaction.savepoint()
        begin_all_with(FORMULAS)
        yield world
        transaction.savepoint_rollback(point)


def test_no_export_runs_what_somebody_wrote(answers, written_as_formulas, tried):
    wrong = []
    for place in [each.place for each in answers if each.kind == WORKBOOK]:
        answer = place.client.get(place.address)
        assert not broken(answer), f"{place.address}: {broken(answer)}"
        inert, running = cells_of(b"".join(answer))
        tried["inert"] += len(inert)
        wrong += [f"{place.name}: {cell}" for cell in running]
    assert tried["inert"] > 100
    assert not wrong, "\n".join(wrong)


def cells_of(file: bytes) -> tuple[list[str], list[str]]:
    """The cells that say what somebody wrote: as text, and as a formula."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    said = [cell for cell in cells if MARK in str(cell.value)]
    running = [f"{c.coordinate} {c.value:.60}" for c in said if c.data_type == "f"]
    return [c.value for c in said if c.data_type != "f"], running
