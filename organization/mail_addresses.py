"""Addresses that any mail server takes, told apart by what both databases can index."""

from django.db.models import BooleanField, Func

# printable ASCII without spaces, one @, and a dot in the domain that nothing lacks beside it
ON_SQLITE = (
    "(%(expressions)s GLOB '?*@?*.?*' AND %(expressions)s NOT GLOB '*[^!-~]*'"
    " AND %(expressions)s NOT GLOB '*@*@*' AND %(expressions)s NOT GLOB '*@.*'"
    " AND %(expressions)s NOT GLOB '*..*' AND %(expressions)s NOT GLOB '*.')"
)
ON_POSTGRESQL = "(%(expressions)s ~ '^[!-?A-~]+@([!-,/-?A-~-]+[.])+[!-,/-?A-~-]+$')"


class IsPlain(Func):
    """Whether an address is of the usual shape; others may be good as well, and are few.

    SQLite alone knows no regular expressions, and without Python none of its indexes has one. No
    per cent sign: an index is made by a statement without parameters, a query has some.
    """

    output_field = BooleanField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template=ON_SQLITE, **context)

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template=ON_POSTGRESQL, **context)
