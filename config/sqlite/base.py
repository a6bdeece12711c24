"""The database engine `config.sqlite`.

Django's own stops at 999 parameters a statement, the limit of very old libraries, so that a
rubric's 8,000 requirements take dozens of inserts and the number of queries grows with the form.

And whoever would write stands in line: SQLite itself lets those who wait look again after up to
100 ms, so that of eight at once one gets in at every turn and another waits for seconds.
"""

import fcntl
import os
import sqlite3
import threading

from django.db.backends.sqlite3 import base, features
from django.utils.functional import cached_property

# Of the threads of a process one stands in line at a time: a file's lock wakes all who wait and
# goes to whoever is quickest, so that among many somebody waits for seconds.
TURNS: dict[str, threading.Lock] = {}


class DatabaseFeatures(features.DatabaseFeatures):
    @cached_property
    def max_query_params(self):
        self.connection.ensure_connection()
        return self.connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    line: int | None = None  # an open file, locked from the beginning of a transaction to its end

    def _start_transaction_under_autocommit(self):
        try:
            self.stand_in_line()
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.leave_line()
            raise

    def _commit(self):
        super()._commit()  # what fails is rolled back
        self.leave_line()

    def _rollback(self):
        try:
            super()._rollback()
        finally:
            self.leave_line()

    def _close(self):
        try:
            super()._close()
        finally:
            self.leave_line()

    def stand_in_line(self):
        """Wait for one's turn among all threads and processes; it ends with a process as well.

        A database in memory has one process, and mostly one connection.
        """
        if self.is_in_memory_db():
            return
        name = f"{self.settings_dict['NAME']}.line"
        line = os.open(name, os.O_CREAT | os.O_RDWR, 0o600)
        self.turn = TURNS.setdefault(name, threading.Lock())
        self.turn.acquire()
        self.line = line
        fcntl.flock(line, fcntl.LOCK_EX)

    def leave_line(self):
        if self.line is not None:
            os.close(self.line)
            self.line = None
            self.turn.release()
