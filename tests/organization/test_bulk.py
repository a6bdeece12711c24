"""Rows written at once: each gets its own values, and what a column refuses stays refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DataError, connection, transaction

from organization.bulk import Json, rewrite, update
from organization.models import Project
from scoring.models import Score
from tests import cast

pytestmark = pytest.mark.django_db
NAMES = ("kept", "finished_at", "capped", "counted")


@pytest.fixture
def scores():
    campaign, line = cast.campaign(), cast.specialties()["order"]
    rubric = cast.rubric(campaign, line)
    about = {"campaign": campaign, "specialty": line, "rubric": rubric, "updated_at": cast.NOW}
    return [
        Score.objects.create(project=cast.project(f"P{n}", f"项目{n}"), kept=n, possible=9, **about)
        for n in range(4)
    ]


def values():
    return {pk: tuple(row) for pk, *row in Score.objects.values_list("pk", *NAMES)}


def test_each_row_gets_its_own_values_and_others_keep_theirs(scores):
    rows = [
        (Decimal("1.25"), cast.NOW, True, Json('{"region": "东区，\\"甲\\"", "missed": [[1, 2]]}')),
        (Decimal(7), None, False, None),
        (Decimal("8.50"), cast.NOW + timedelta(days=1), True, Json("{}")),
    ]
    due = values()
    due[scores[0].pk] = (*rows[0][:3], {"region": '东区，"甲"', "missed": [[1, 2]]})
    due[scores[1].pk] = rows[1]
    due[scores[2].pk] = (*rows[2][:3], {})
    given = [(*row, score.pk) for row, score in zip(rows, scores, strict=False)]
    rewrite(Score, NAMES, given)
    assert values() == due
    rewrite(Score, NAMES, [])
    assert values() == due


def test_instances_are_written_by_the_fields_named(scores, django_assert_num_queries):
    for score in scores:
        score.kept, score.possible, score.counted = 5, 6, {"missed": [score.pk]}
    with django_assert_num_queries(1):
        update(Score, ("kept", "counted"), scores)
    found = Score.objects.values_list("kept", "possible", "counted")
    assert [*found.order_by("pk")] == [(5, 9, {"missed": [score.pk]}) for score in scores]


def test_words_are_never_cut_off(scores):
    """A cast to the column's own type would do so in PostgreSQL; SQLite knows no lengths."""
    project, long = scores[0].project, "长" * 5000
    if connection.vendor != "postgresql":
        rewrite(Project, ("name",), [(long, project.pk)])
        assert Project.objects.get(pk=project.pk).name == long
        return
    with pytest.raises(DataError), transaction.atomic():
        rewrite(Project, ("name",), [(long, project.pk)])
