"""Writers of a database in a file stand in line, and leave it however their transaction ends."""

import fcntl
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import ConnectionHandler, DatabaseError

from config.databases import sqlite

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler(tmp_path):
    handler = ConnectionHandler({"default": sqlite(tmp_path / "x.sqlite3")})
    with handler["default"].cursor() as cursor:
        cursor.execute("CREATE TABLE taps (number INTEGER)")
        cursor.execute("INSERT INTO taps VALUES (0)")
    yield handler
    handler["default"].close()


@pytest.fixture
def is_free(tmp_path):
    def asked():
        with open(tmp_path / "x.sqlite3.line", "w") as line:
            try:
                fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    return asked


def begun(connection):
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def test_one_writer_stands_in_front_until_its_transaction_ends(handler, is_free):
    connection = handler["default"]
    for end in (connection.commit, connection.rollback, connection.close):
        begun(connection)
        assert not is_free()
        end()
        assert is_free()
        connection.close()


def test_a_statement_that_fails_leaves_the_line(handler, is_free):
    connection = handler["default"]
    begun(connection)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("INSERT INTO nowhere VALUES (1)")
    connection.rollback()
    assert is_free()


def test_many_at_once_lose_nothing(handler):
    def count(_number):
        connection = handler["default"]
        for _turn in range(5):
            begun(connection)
            with connection.cursor() as cursor:
                cursor.execute("SELECT number FROM taps")
                (number,) = cursor.fetchone()
                cursor.execute("UPDATE taps SET number = %s", [number + 1])
            connection.commit()
            connection.set_autocommit(True)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(8)))
    with handler["default"].cursor() as cursor:
        cursor.execute("SELECT number FROM taps")
        assert cursor.fetchone() == (40,)
