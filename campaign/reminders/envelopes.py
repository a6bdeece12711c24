"""Which letters a delivery makes of the rows that it holds."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext_noop

from campaign.models import Letter, Reminder
from campaign.models.letters import LetterKind
from campaign.models.reminders import NOTICE, Delivery
from campaign.registry import Line
from campaign.reminders.checking import what_is_over
from campaign.reminders.claims import cancel, held, let_go
from campaign.reminders.hours import day_in, hours_of, next_digest
from campaign.reminders.letters import subject
from campaign.reminders.naming import named_rows
from campaign.telling import language_of

logger = logging.getLogger(__name__)

LEFT = gettext_noop("已离岗")
SWITCHED_OFF = gettext_noop("本人关闭了这个渠道")
NO_WORDS = Line("", "")
ROBOT_IS_OFF = gettext_noop("机器人已停用")
ARRIVED = gettext_noop("第一次已经送达")


@dataclass
class Envelope:
    """A letter that is about to leave, not in the database yet, and what it says."""

    letter: Letter
    rows: list[Reminder]
    language: str


def still_wanted(claim: UUID, *, choice: str, at: datetime) -> tuple[list[Reminder], int]:
    """The rows that are held and may be said; the others are cancelled, and counted."""
    rows = list(
        held(claim)
        .order_by("pk")
        .prefetch_related("campaign", "robot", "person__channel_choice", "repeat_of")
    )
    reasons = what_is_over(rows, at=at)
    reasons |= {row.pk: reason for row in rows if (reason := why_not(row, choice))}
    cancelled = 0
    for reason in set(reasons.values()):
        over = [pk for pk, why in reasons.items() if why == reason]
        cancelled += cancel(held(claim).filter(pk__in=over), reason)
    return with_words([row for row in rows if row.pk not in reasons]), cancelled


def with_words(rows: list[Reminder]) -> list[Reminder]:
    """The rows with title and address, which the ledger keeps as they are said now."""
    nameless = sorted((row for row in rows if not row.title), key=language_for)
    for language, same in groupby(nameless, key=language_for):
        some = list(same)
        lines = named_rows(some, language=language)
        for row in some:
            line = lines.get(row.pk, NO_WORDS)
            row.title, row.url = line.title, line.url
    Reminder.objects.bulk_update(nameless, ["title", "url"], batch_size=500)
    return rows


def language_for(row: Reminder) -> str:
    return language_of(row.robot or row.person)


def why_not(row: Reminder, choice: str) -> str:
    """Why this person is not told this way any more; empty when they are."""
    if not row.person.is_active:
        return LEFT
    if not row.urgent and is_switched_off(row.person, choice):
        return SWITCHED_OFF
    if row.robot and row.robot.is_off:
        return ROBOT_IS_OFF
    if row.repeat_of and row.repeat_of.delivery == Delivery.SENT:
        return ARRIVED
    return ""


def is_switched_off(person, choice: str) -> bool:
    chosen = getattr(person, "channel_choice", None)
    return bool(choice and chosen) and not getattr(chosen, choice)


def envelopes(rows: Iterable[Reminder], addressee: str, *, at: datetime) -> list[Envelope]:
    """One letter for each addressee's nudges of a day, one for notices, one for repeats.

    Nudges of somebody who has had the day's digest are put off to the next one.
    """
    rows = list(rows)
    hours = hours_of({row.campaign for row in rows})
    days = {pk: day_in(each, at) for pk, each in hours.items()}

    def key(row: Reminder) -> tuple:
        kind = LetterKind.NOTICE if row.rule == NOTICE else LetterKind.DIGEST
        is_repeat = row.repeat_of_id is not None
        return getattr(row, f"{addressee}_id"), kind, days[row.campaign_id], is_repeat

    made = [
        envelope(list(same), addressee, kind, day)
        for (_who, kind, day, _is_repeat), same in groupby(sorted(rows, key=key), key=key)
    ]
    had = digests_had(made, addressee)
    late = [each for each in made if digest_key(each.letter, addressee) in had]
    put_off_to_the_next(late, hours)
    return [each for each in made if each not in late]


def envelope(rows: list[Reminder], addressee: str, kind: str, day: date) -> Envelope:
    whom = getattr(rows[0], addressee)
    letter = Letter(**{addressee: whom}, channel=rows[0].channel, kind=kind, day=day)
    language = language_of(whom)
    letter.subject = subject_in(language, rows)
    return Envelope(letter, rows, language)


def subject_in(language: str, rows: Sequence[Reminder]) -> str:
    """Empty where the catalog makes no sentence of it; the sender then fails this letter."""
    with translation.override(language):
        try:
            return subject(rows)
        except Exception:
            logger.exception("no subject for %s", rows[0])
            return ""


def digest_key(letter: Letter, addressee: str) -> tuple | None:
    if letter.kind != LetterKind.DIGEST:
        return None
    return getattr(letter, f"{addressee}_id"), letter.channel, letter.day


def digests_had(made: Sequence[Envelope], addressee: str) -> set[tuple]:
    letters = [each.letter for each in made if each.letter.kind == LetterKind.DIGEST]
    found = Letter.objects.filter(
        kind=LetterKind.DIGEST,
        day__in={letter.day for letter in letters},
        channel__in={letter.channel for letter in letters},
        **{f"{addressee}__in": {getattr(letter, addressee) for letter in letters}},
    )
    return set(found.values_list(f"{addressee}_id", "channel", "day"))


def put_off_to_the_next(late: Iterable[Envelope], hours: dict) -> None:
    """One digest a day: what came after it is told in the next one, if it still holds then."""
    for each in late:
        for campaign, same in groupby(each.rows, key=lambda row: row.campaign_id):
            until = next_digest(hours[campaign], each.letter.day)
            rows = held(each.rows[0].claim).filter(pk__in=[row.pk for row in same])
            let_go(rows, not_before=until)
