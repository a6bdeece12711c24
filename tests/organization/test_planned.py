"""What the server keeps of a statement answers as the queryset does, however often it is asked."""

from contextlib import closing, contextmanager
from copy import copy
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from config import databases
from organization.models import Specialty, User
from organization.planned import fetched, for_any_values
from organization.prepared import prepared

OFTEN = range(8)  # PostgreSQL plans a kept statement five times before one plan serves for all
PEOPLE = {"people": User._meta.pk}
ORDER = {"order": Specialty._meta.get_field("order")}


def usernames(*, people):
    found = User.objects.filter(pk__in=people, name__contains="5%'").order_by("pk")
    return found.values_list("username")


@pytest.fixture
def people(db):
    names = {"p1": "5%'", "p2": "5'%", "p3": "5%'5"}
    return [User.objects.create(username=key, name=name, language="en").pk
            for key, name in names.items()]  # fmt: skip


def named_by(is_pooled: bool) -> int:
    """How many statements the server keeps by name of one that was asked often; SQLite has none."""
    if connection.vendor != "postgresql":
        return 0
    about = databases.primary("postgres://db/pinzhi", Path(), is_pooled=is_pooled)
    del about["OPTIONS"]["pool"]  # one connection is looked at
    with closing(connection.copy()) as other:
        other.settings_dict |= {"OPTIONS": about["OPTIONS"]}
        for number in OFTEN:
            assert fetched(other, "SELECT %s + 1", [number]) == [(number + 1,)]
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE '_pg3_%%'")
            return cursor.fetchone()[0]


@pytest.mark.django_db
def test_behind_a_pooler_no_statement_is_kept_by_name():
    assert named_by(is_pooled=True) == 0
    assert named_by(is_pooled=False) == (1 if connection.vendor == "postgresql" else 0)


def plans(marked: str) -> tuple[int, int]:
    """How often the server took one plan for all values, and one by the values."""
    if connection.vendor != "postgresql":
        return (0, 0)
    with connection.cursor() as cursor:
        about = "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
        cursor.execute(
            f"{about} WHERE statement LIKE %s AND name LIKE %s", [f"%{marked}%", "_pg3_%"]
        )
        return cursor.fetchone()


@pytest.mark.django_db
def test_what_is_asked_for_any_values_is_planned_once():
    for number in range(2):
        with for_any_values():
            assert fetched(connection, "SELECT %s + 41", [number]) == [(number + 41,)]
        assert fetched(connection, "SELECT %s + 42", [number]) == [(number + 42,)]
    if connection.vendor == "postgresql":
        assert (plans("+ 41"), plans("+ 42")) == ((2, 0), (0, 2))


@pytest.mark.django_db
def test_a_mistake_leaves_the_setting_as_it_was():
    with pytest.raises(DatabaseError), transaction.atomic(), for_any_values():
        fetched(connection, "SELECT nothing_of_this_name", [])
    fetched(connection, "SELECT %s + 43", [1])
    if connection.vendor == "postgresql":
        assert plans("+ 43") == (0, 1)


def kept() -> int:
    """How many statements about people's names this connection's server keeps."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        about = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"
        cursor.execute(about, ["%organization_user%name%LIKE%"])
        return cursor.fetchone()[0]


def test_what_is_asked_often_gives_the_same(people):
    ask = prepared(usernames, PEOPLE)
    for _time in OFTEN:
        assert ask(people=people) == [("p1",), ("p3",)]
        assert ask(people=people[1:]) == [("p3",)]
        assert ask(people=people[:1]) == [("p1",)]


def test_numbers_that_no_column_holds_find_nothing_and_hide_nothing(people):
    ask = prepared(usernames, PEOPLE)
    for number in (0, -1, 2**15, 2**31, 2**63 - 1, 2**63, -(2**70), 10**400):
        assert ask(people=[number]) == []
        assert ask(people=[number, people[0]]) == [("p1",)]
    ordered = prepared(lambda *, order: Specialty.objects.filter(order__lt=order), ORDER)
    first = Specialty.objects.create(code="order", name="秩序", order=1)
    assert [ordered(order=number) for number in (1, 2**15, 10**30)] == [[], [first], [first]]


def test_a_server_keeps_one_statement_for_numbers_of_any_size(people):
    ask = prepared(usernames, PEOPLE)
    for number in (1, 2**15, 2**31):
        ask(people=[number])
    assert kept() == (1 if connection.vendor == "postgresql" else 0)


def test_what_is_asked_can_be_read_where_queries_are_looked_at(people):
    ask = prepared(usernames, PEOPLE)
    with CaptureQueriesContext(connection) as asked:
        for _time in OFTEN:
            ask(people=people)
    assert all("organization_user" in each["sql"] for each in asked.captured_queries)
    assert len(asked) == len(OFTEN)


@contextmanager
def longer_codes():
    """As a migration makes them, over a connection of its own where there are several."""
    other = connection if connection.vendor == "sqlite" else connection.copy()
    before = Specialty._meta.get_field("code")
    after = copy(before)
    after.max_length = 300
    try:
        alter(other, before, after)
        yield
    finally:
        alter(other, after, before)
        if other is not connection:
            other.close()


def alter(other, *fields):
    with other.schema_editor() as editor:
        editor.alter_field(Specialty, *fields)


@pytest.mark.django_db(transaction=True)
def test_a_column_of_another_type_is_read_by_a_new_plan():
    Specialty.objects.create(code="order", name="秩序", order=1)
    ask = prepared(lambda *, order: Specialty.objects.filter(order=order), ORDER)
    for _time in OFTEN:
        ask(order=1)
    with longer_codes():
        assert [each.code for each in ask(order=1)] == ["order"]
