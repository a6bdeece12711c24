"""Querysets put into SQL once answer as the querysets themselves."""

from datetime import timedelta

import pytest
from django.db import connection, router
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from organization.models import Post, Specialty, User
from organization.prepared import Unforeseen, keep_related, prepared
from organization.roles import Role

pytestmark = pytest.mark.django_db
NAMED = {"names": User._meta.get_field("username")}
JOINED = User._meta.get_field("date_joined")


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


def test_values_that_no_plan_hangs_on_are_compared_as_others():
    def of(*, person, since, at):
        found = Post.objects.filter(user=Unforeseen(person))
        found = found.filter(user__date_joined__gt=Unforeseen(since))
        return found.filter(user__date_joined__lte=Unforeseen(at)).values_list("user")

    user = User.objects.get(username="p1")
    ask = prepared(of, {"person": User._meta.pk, "since": JOINED, "at": JOINED})
    joined, second = user.date_joined, timedelta(seconds=1)
    assert ask(person=user.pk, since=joined - second, at=joined) == [(user.pk,)]
    assert ask(person=user.pk, since=joined, at=joined + second) == []
    assert ask(person=0, since=joined - second, at=joined) == []


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


def test_the_order_is_that_of_the_readers_language():
    """Also where somebody reading in another language asked first."""
    for code, zh, en in (("order", "甲", "Security"), ("facilities", "乙", "Engineering")):
        Specialty.objects.create(code=code, name_zh_hans=zh, name_en=en)
    codes = {"codes": Specialty._meta.get_field("code")}
    ask = prepared(
        lambda *, codes: Specialty.objects.order_by("name").filter(code__in=codes), codes
    )
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found = [each.code for each in ask(codes=["order", "facilities"])]
            plain = Specialty.objects.order_by("name").values_list("code", flat=True)
            assert found == list(plain)


def test_values_of_translated_fields_are_refused_which_come_in_several_columns():
    code = {"code": Specialty._meta.get_field("code")}
    ask = prepared(lambda *, code: Specialty.objects.filter(code=code).values_list("name"), code)
    with pytest.raises(TypeError):
        ask(code="order")


def with_posts(*, names, least):
    found = Post.objects.filter(user__username__in=names).values_list("user__username")
    return found.annotate(number=Count("pk")).filter(number__gte=least)


def test_a_slot_in_having_is_refused():
    """It would be grouped by as well; beside one it is not."""
    beside = prepared(with_posts, NAMED)
    assert beside(names=["p0"], least=1) == [("p0", 1)]
    within = prepared(with_posts, NAMED | {"least": User._meta.pk})
    with pytest.raises(TypeError):
        within(names=["p0"], least=1)


def test_rows_are_read_where_the_router_says(monkeypatch):
    asked = []
    monkeypatch.setattr(
        router, "db_for_read", lambda model, **hints: asked.append(model) or "default"
    )
    ask = prepared(lambda *, names: User.objects.filter(username__in=names), NAMED)
    assert [each.username for each in ask(names=["p1"])] == ["p1"]
    assert asked == [User]


def test_rows_at_hand_are_those_of_the_instance():
    user = User.objects.get(username="p1")
    (post,) = user.posts.all()
    keep_related(user, "posts", [post])
    with CaptureQueriesContext(connection) as asked:
        assert [*user.posts.all()] == [post] and user.posts.all()[0].user is user
    assert not asked.captured_queries
    Post.objects.create(user=user, role=Role.EXECUTIVE)
    assert user.posts.of(Role.EXECUTIVE).count() == 1  # whatever is narrowed is asked for
