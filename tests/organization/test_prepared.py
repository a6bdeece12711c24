"""Querysets put into SQL once answer as the querysets themselves."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organization.models import Post, User
from organization.prepared import prepared
from organization.roles import Role

pytestmark = pytest.mark.django_db
NAMED = {"names": User._meta.get_field("username")}


@pytest.fixture(autouse=True)
def people():
    made = [User.objects.create(username=f"p{number}", language="en") for number in range(3)]
    for user in made:
        Post.objects.create(user=user, role=Role.EMPLOYEE)


def test_rows_are_those_of_the_queryset_for_any_number_of_values():
    made = []

    def named(*, names, reverse=False):
        made.append(len(names))
        found = User.objects.filter(username__in=names)
        return found.order_by("-username" if reverse else "username").values_list("username")

    ask = prepared(named, NAMED)
    for names in (["p0"], ["p2", "p0"], ["p1", "p2"], [], ["p9"]):
        assert ask(names=names) == list(named(names=names))
    assert ask(names=["p0", "p1"], reverse=True) == [("p1",), ("p0",)]
    asked_twice = [1, 1, 2, 2, 2, 0, 0, 1, 2]  # each size once for SQL, and the querysets above
    assert made == asked_twice


def test_instances_come_with_what_was_selected_along():
    posts = prepared(
        lambda *, names: Post.objects.filter(user__username__in=names).select_related("user"),
        NAMED,
    )
    (found,) = posts(names=["p1"])
    with CaptureQueriesContext(connection) as asked:
        assert (found.user.username, found.role, found.project) == ("p1", Role.EMPLOYEE, None)
    assert not asked.captured_queries
    found.department = "工程"
    found.save()
    assert Post.objects.get(user__username="p1").department == "工程"
