"""Rows by many whole-number keys, without a placeholder for each."""

import json

from django.db.models import IntegerField, Lookup


@IntegerField.register_lookup
class Among(Lookup):
    """`id__among=[…]`: the same as `in` for keys that are plain numbers, in one parameter.

    For batches of hundreds: with `in` every key is made ready, put into the statement and read by
    the database on its own, which takes longer than looking the rows up.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        listed = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 a column of ours
        return listed, [*params, json.dumps([*self.rhs])]

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, [*self.rhs]]
