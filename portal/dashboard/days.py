"""Local days, worked out by the database: Django's own ask Python about each row on SQLite."""

from datetime import datetime

from django.db.models import DateField, Func, IntegerField
from django.utils import timezone


class LocalDay(Func):
    """The day of a moment in the company's zone (ruling 11).

    On SQLite with the zone's distance from UTC at `at`, which may be an hour off where clocks
    are turned; PostgreSQL knows the zone.
    """

    output_field = DateField()

    def __init__(self, moment, *, at: datetime):
        super().__init__(moment)
        self.at = at

    def as_sqlite(self, compiler, connection, **context):
        minutes = int(timezone.localtime(self.at).utcoffset().total_seconds() // 60)
        template = f"DATE(%(expressions)s, '{minutes:+d} minutes')"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler, connection, **context):
        zone = timezone.get_current_timezone_name()
        template = f"((%(expressions)s) AT TIME ZONE '{zone}')::date"
        return self.as_sql(compiler, connection, template=template, **context)


class DaysBetween(Func):
    """Whole days from the first to the second of two days."""

    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, arg_joiner=") - julianday(",
            template="CAST(-(julianday(%(expressions)s)) AS INTEGER)", **context,
        )  # fmt: skip

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, arg_joiner=") - (", template="-((%(expressions)s))", **context
        )
