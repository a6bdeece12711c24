"""Whatever a page, the API, the admin site or a command writes while a test uses it has a record,
and what it changes or deletes has one that says from what to what.

Driven by the registry of models: a new one is watched from the first test on that writes it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, wraps

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection

from organization.room import with_room

OURS = {"organization", "campaign", "scoring", "inspections", "rewards", "portal"}
WRITES = re.compile(r'(INSERT|UPDATE|DELETE)\b[^"]*"(\w+)"(?: \(([^)]*)\))?')
POINT = re.compile(r'(SAVEPOINT|ROLLBACK TO SAVEPOINT) "?(\w+)')
# How statements begin that say that something was used, keep the same under another key or hash,
# seal what is there, add up what was seen, or write down the reader's own language.
KEPT_UP = (
    'UPDATE "organization_user" SET "last_login" = ',
    'UPDATE "organization_user" SET "language" = ',
    'UPDATE "organization_user" SET "password" = %s WHERE ',
    'UPDATE "organization_apitoken" SET "last_used_at" = ',
    'UPDATE "organization_secondfactor" SET "count" = ',
    'UPDATE "organization_secondfactor" SET "secret" = ',
    'UPDATE "campaign_calendarfeed" SET "shown" = ',
    'UPDATE "campaign_calendarfeed" SET "read_at" = ',
    'UPDATE "campaign_robot" SET "sealed" = ',
    'UPDATE "campaign_robot" SET "last_sent_at" = ',
    'UPDATE "campaign_robot" SET "last_error" = ',
    'UPDATE "inspections_customer" SET "sealed" = ',
    'UPDATE "inspections_attempt" SET "points" = ',
    'UPDATE "inspections_observation" SET "place" = ',
    'UPDATE "inspections_observationphoto" SET "place" = ',
    'UPDATE "inspections_scoresheet" SET "compared" = ',
    'UPDATE "inspections_scoresheet" SET "events" = ',
    'UPDATE "inspections_scoresheet" SET "looked_at" = ',
)
# What was seen is a record of its own: who, when, what; append-only, and sealed.
RECORDS = {
    "organization.HistoryEntry",
    "inspections.Observation",
    "inspections.ObservationPhoto",
    "inspections.LateObservation",
}
# What is no change of the domain, and why.
WITHOUT = {
    "organization.Seal": "made of what is on record",
    "organization.SealChain": "made of what is on record",
    "organization.StoredFile": "says itself who brought it and when; what for is on record",
    "organization.SavedView": "a list's filters, the reader's alone",
    "organization.SignedIn": "stands beside a session, and goes with it",
    "organization.SignInCount": "counts wrong passwords; a wait is on record",
    "campaign.Message": "the inbox: that it was opened",
    "campaign.KeptCount": "worked out from what is on record, and again at any time",
    "campaign.Letter": "the ledger is its record",
    "campaign.Reminder": "the ledger is its record",
    "campaign.Round": "the ledger is its record",
    "inspections.CustomerUpload": "waits to be looked at; what is taken of it is on record",
    "inspections.ListUpload": "waits to be looked at; what is taken of it is on record",
    "inspections.QuestionUpload": "waits to be looked at; what is taken of it is on record",
    "scoring.RubricImport": "waits to be looked at; what is taken of it is on record",
    "inspections.Answer": "whoever sits an exam changes it until handing in, which is on record",
    "scoring.CampaignResults": "worked out from what is on record, and again at any time",
    "scoring.Score": "worked out from what is on record, and again at any time",
    "scoring.ScoreLine": "worked out from what is on record, and again at any time",
    "scoring.Standing": "worked out from what is on record, and again at any time",
    "scoring.MissedCount": "worked out from what is on record, and again at any time",
    "scoring.SectionCount": "worked out from what is on record, and again at any time",
    "inspections.AuditorCount": "worked out from what is on record, and again at any time",
    "inspections.QuestionCount": "worked out from what is on record, and again at any time",
    "inspections.LookCount": "worked out from what is on record, and again at any time",
    "scoring.FigureCount": "worked out from what is on record, and again at any time",
}
# These say all that there may be to say: a secret for another, what nobody shall read any more.
SAID_BY_VERB = {"set_password", "take_password", "erase_person"}
SAYS = ("before", "after", "detail")


@cache
def tables() -> dict[str, str]:
    """All models of ours, by their tables."""
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return {model._meta.db_table: model._meta.label for model in models}


class Watch:
    """What is written while it is on; what a savepoint takes back never was."""

    def __init__(self):
        self.written: list[tuple[str, str]] = []
        self.records: list[dict] = []
        self.points: dict[str, tuple[int, int]] = {}

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if found := WRITES.match(sql):
            touched = found[1] == "INSERT" or context["cursor"].rowcount
            if found[2] in tables() and touched and not sql.startswith(KEPT_UP):
                self.note(*found.groups(), params if many else [params])
        elif found := POINT.match(sql):
            self.mark(*found.groups())
        return result

    def note(self, how, table, columns, rows) -> None:
        label = tables()[table]
        if label in RECORDS and how == "INSERT":
            names = [name.strip(' "') for name in columns.split(",")]
            self.records += [dict(zip(names, row, strict=False)) for row in rows]
        elif label not in WITHOUT:
            self.written.append((how, label))

    def mark(self, how, name) -> None:
        if how == "SAVEPOINT":
            self.points[name] = len(self.written), len(self.records)
        else:
            written, records = self.points.get(name, (0, 0))
            del self.written[written:], self.records[records:]

    def lacking(self) -> set[tuple[str, str]]:
        """How and of which models something was written that nobody can read up on."""
        if not self.records:
            return set(self.written)
        if any(map(says_something, self.records)):
            return set()
        return {(how, label) for how, label in self.written if how != "INSERT"}


def says_something(record: dict) -> bool:
    is_observation = "verb" not in record
    said = any(map(is_said, (record.get(name, "") for name in SAYS)))
    return is_observation or said or record["verb"] in SAID_BY_VERB


def is_said(value) -> bool:
    """PostgreSQL takes JSON wrapped, and many rows as a list for each column."""
    if isinstance(value, list):
        return any(map(is_said, value))
    return getattr(value, "obj", value) not in ("", "{}", {}, None)


@contextmanager
def watched() -> Iterator[Watch]:
    """Fails where something was written without a record.

    Only inside a test's own transaction: elsewhere nobody sees what was rolled back.
    """
    watch = Watch()
    if not connection.in_atomic_block:
        yield watch
        return
    with connection.execute_wrapper(watch):
        yield watch
    assert not watch.lacking(), f"written without a record: {sorted(watch.lacking())}"


def middleware(get_response):
    """Around every request that a test or its browser makes, with the room of a real server."""

    def watching(request):
        with watched():
            return with_room(get_response, request)

    return watching


def watch_commands() -> None:
    """Around every command that a test calls."""
    execute = BaseCommand.execute

    @wraps(execute)
    def watching(self, *args, **options):
        with watched():
            return execute(self, *args, **options)

    BaseCommand.execute = watching
