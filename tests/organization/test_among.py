"""Many keys in one parameter, on either database."""

import pytest

from organization.models import Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def projects():
    made = [Project(code=f"P{number}", name=f"项目{number}") for number in range(4)]
    return [each.pk for each in Project.objects.bulk_create(made)]


@pytest.mark.parametrize("wanted", [slice(0, 0), slice(1, 3), slice(None)])
def test_among_finds_what_in_finds(projects, wanted):
    keys = projects[wanted]
    for given in (keys, set(keys), dict.fromkeys(keys)):
        found = Project.objects.filter(pk__among=given).values_list("pk", flat=True)
        assert sorted(found) == sorted(keys)


def test_one_parameter_whatever_the_number(projects, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = Project.objects.filter(pk__among=range(100_000)).order_by("pk")
        assert list(found.values_list("pk", flat=True)) == sorted(projects)


def test_through_a_relation_and_the_other_way_round(projects):
    first = Project.objects.exclude(pk__among=projects[1:])
    assert [each.pk for each in first] == projects[:1]
