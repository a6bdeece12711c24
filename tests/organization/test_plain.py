"""Rows as plain values: the same as `values_list`, and ids as the database has them."""

import gc
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from organization import plain as module
from organization.bulk import insert
from organization.plain import collected_seldom, plain
from scoring.models import Score, ScoreLine
from tests import cast

pytestmark = pytest.mark.django_db
COLUMNS = ("pk", "project_id", "kind", "kept", "finished_at", "capped", "counted")


@pytest.fixture
def scores():
    """Three scores, of which one is not finished and in no count."""
    campaign, line = cast.campaign(), cast.specialties()["order"]
    rubric = cast.rubric(campaign, line)
    for n, kept in enumerate(("97.50", "97.50", "3")):
        Score.objects.create(
            campaign=campaign,
            project=cast.project(f"P{n}", f"项目{n}"),
            specialty=line,
            rubric=rubric,
            kept=Decimal(kept),
            possible=100,
            finished_at=cast.NOW + timedelta(days=n) if n else None,
            counted={"missed": [[1, n]]} if n else None,
            updated_at=cast.NOW,
        )
    return Score.objects.order_by("pk")


@pytest.mark.parametrize("most", [0, 20_000])
def test_plain_rows_are_those_of_values_list(scores, most, monkeypatch):
    monkeypatch.setattr(module, "MOST", most)
    due = list(scores.values_list(*COLUMNS))
    assert list(plain(scores, *COLUMNS, size=2)) == due
    assert [type(value) for row in plain(scores, *COLUMNS) for value in row] == [
        type(value) for row in due for value in row
    ]


def test_where_nothing_can_be_found_nothing_comes(scores):
    assert not list(plain(scores.filter(project__in=[]), *COLUMNS))
    assert not list(plain(scores.filter(kept=1), *COLUMNS))


def test_what_was_read_as_a_dictionary_is_each_rows_own(scores):
    Score.objects.update(counted={"missed": []})
    one, two, _three = (row[-1] for row in plain(scores, *COLUMNS))
    one["missed"].append(1)
    assert two == {"missed": []}


def test_an_id_as_it_is_kept_can_be_written_again(scores):
    score, unknown = scores.first(), UUID(int=1)
    item = score.rubric.items.first()
    ScoreLine.objects.create(score=score, item=item, points=1, observation=unknown)
    names = ("score_id", "item_id", "points", "observation")
    (row,) = plain(ScoreLine.objects.all(), *names, as_kept=["observation"])
    ScoreLine.objects.all().delete()
    insert(ScoreLine, names, [row])
    assert ScoreLine.objects.get().observation == unknown


@pytest.fixture
def nothing_apart():
    """Of what was kept apart some may die while a test looks; of nothing nothing can."""
    was_apart = gc.get_freeze_count()
    gc.unfreeze()
    yield
    if was_apart:
        gc.freeze()


def test_garbage_is_looked_for_less_often_within_and_as_before_afterwards(nothing_apart):
    usual = gc.get_threshold()
    with pytest.raises(ValueError, match="stopped"), collected_seldom():
        with collected_seldom():
            assert gc.isenabled()
        assert gc.get_threshold()[0] > usual[0]
        raise ValueError("stopped")
    assert (gc.get_threshold(), gc.get_freeze_count()) == (usual, 0)


def test_what_a_process_keeps_apart_for_good_stays_apart():
    was_apart = gc.get_freeze_count()
    gc.freeze()
    try:
        with collected_seldom():
            assert gc.get_freeze_count()
        assert gc.get_freeze_count()
    finally:
        if not was_apart:
            gc.unfreeze()
