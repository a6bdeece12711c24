"""The fingerprint of a list alone, as settlements had it before there were snapshots."""

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Coalesce

from campaign.owed import AsText, Joined
from organization.digests import canonical, fingerprint
from organization.prepared import prepared
from rewards.models import Award, Settlement


def list_fingerprint(settlement: Settlement) -> str:
    """SHA-256 over the canonical JSON of everything the list says."""
    content = {
        "campaign": settlement.campaign.code,
        "number": settlement.number,
        "posts_as_of": settlement.posts_as_of.isoformat(),
        "left_out": settlement.left_out,
    }
    awards = ",".join([line for (line,) in lines_of(settlement=settlement.pk)])
    # "awards" comes first among the keys
    return fingerprint(f'{{"awards":[{awards}],{canonical(content)[1:]}')


class Quoted(Func):
    """A text as canonical JSON has it."""

    function = "to_json"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **extra):
        return super().as_sql(compiler, connection, function="json_quote", **extra)


class Figure(Func):
    """A figure of two places as Python writes it."""

    template = "(%(expressions)s)::text"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **extra):
        kept_as_float = "printf('%%%%.2f', %(expressions)s)"
        return super().as_sql(compiler, connection, template=kept_as_float, **extra)


def lines(*, settlement) -> QuerySet:
    """Each award as canonical JSON, written by the database: thousands of them are a third of the
    work when neither rows nor figures are made of them here.
    """
    parts = (
        Quoted("project__code"),
        Coalesce(AsText(F("person_id")), Value("null")),
        Quoted("role"),
        Quoted("band"),
        Joined(Value('"'), Figure("composite"), Value('"')),
        Joined(Value('"'), Figure("amount"), Value('"')),
    )
    between = [each for part in parts for each in (Value(","), part)][1:]
    awards = Award.objects.filter(settlement__pk=settlement)
    line = Joined(Value("["), *between, Value("]"))
    return awards.order_by("project__code", "person_id", "role").values_list(line)


lines_of = prepared(lines, {"settlement": Settlement._meta.pk})
