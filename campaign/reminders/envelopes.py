"""Which letters a delivery makes of the rows that it holds."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils import translation
from django.utils.translation import gettext_noop

from campaign.models import Letter, Reminder
from campaign.models.letters import LetterKind
from campaign.models.reminders import NOTICE, Channel, Delivery
from campaign.registry import kind_of
from campaign.reminders.checking import what_is_over
from campaign.reminders.claims import cancel, held, let_go
from campaign.reminders.holding import key_of
from campaign.reminders.letters import subject
from campaign.reminders.naming import named_rows
from campaign.reminders.rules import Terms, speaking_moment
from campaign.reminders.speaking import KEY
from campaign.reminders.terms import terms_of_each
from campaign.telling import language_of
from organization.bulk import update

logger = logging.getLogger(__name__)

LEFT = gettext_noop("已离岗")
SWITCHED_OFF = gettext_noop("本人关闭了这个渠道")
ROBOT_IS_OFF = gettext_noop("机器人已停用")
GONE = gettext_noop("事项已经不存在")
NO_WORDS = gettext_noop("写不出事项的名称，原因在服务器日志里")
ARRIVED = gettext_noop("第一次已经送达")


@dataclass
class Envelope:
    """A letter that is about to leave, not in the database yet, and what it says."""

    letter: Letter
    rows: list[Reminder]
    language: str


def still_wanted(claim: UUID, *, choice: str, at: datetime) -> tuple[list[Reminder], int]:
    """The rows that are held and may be said, with their words; the others are cancelled.

    Returns them, and how many are not said.
    """
    rows = list(
        held(claim)
        .order_by("pk")
        .prefetch_related("campaign", "robot", "person__channel_choice", "repeat_of")
    )
    reasons = what_is_over(rows, at=at)
    reasons |= {row.pk: reason for row in rows if (reason := why_not(row, choice))}
    wanted = [row for row in rows if row.pk not in reasons]
    reasons |= put_into_words(wanted)
    for reason in set(reasons.values()):
        over = held(claim).filter(pk__in=[pk for pk, why in reasons.items() if why == reason])
        cancel(over, reason)
    return [row for row in wanted if row.pk not in reasons], len(reasons)


def put_into_words(rows: Iterable[Reminder]) -> dict[int, str]:
    """Give rows that have no words yet title and address as they are now; kept in the ledger.

    Returns why some have none, by their ids: the thing is gone, or its app can't name it. That
    is no reason to keep back what else there is to say.
    """

    def key(row: Reminder) -> tuple[str, str]:
        return language_for(row), kind_of(row.thing)

    reasons: dict[int, str] = {}
    nameless = sorted((row for row in rows if not row.title), key=key)
    say_as_in_the_inbox(nameless)
    unknown = [row for row in nameless if not row.title]
    for (language, kind), same in groupby(unknown, key=key):
        some = list(same)
        try:
            lines, reason = named_rows(some, language=language), GONE
        except Exception:
            logger.exception("things of kind %s have no words", kind)
            lines, reason = {}, NO_WORDS
        for row in some:
            if row.pk in lines:
                row.title, row.url = lines[row.pk].title, lines[row.pk].url
            else:
                reasons[row.pk] = reason
    named = [row for row in nameless if row.title]
    update(Reminder, ["title", "url"], named)
    return reasons


def say_as_in_the_inbox(rows: Iterable[Reminder]) -> None:
    """Give rows the words in which the same was put into the person's inbox, mostly just now.

    Their apps are asked for the others. A group may read another language.
    """
    own = {key_of(row): row for row in rows if not row.robot_id}
    # row by row, each found at once by the ledger's key
    same = Reminder.objects.filter(channel=Channel.INBOX, **{name: OuterRef(name) for name in KEY})
    asked = Reminder.objects.filter(pk__in=[row.pk for row in own.values()])
    inbox = asked.order_by().values_list(Subquery(same.order_by().values("pk")), flat=True)
    said = Reminder.objects.filter(pk__in=[pk for pk in inbox if pk]).exclude(title="")
    for *key, title, url in said.values_list(*KEY, "title", "url"):
        row = own.get(tuple(key))
        if row:
            row.title, row.url = title, url


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

    A repeated nudge is a notice: the digest that it was in has left, and may have arrived.
    Nudges of somebody who has had the day's digest are put off to the next one.
    """
    rows = list(rows)
    terms = terms_of_each({row.campaign for row in rows})
    days = {pk: each.day_of(at) for pk, each in terms.items()}

    def key(row: Reminder) -> tuple:
        is_repeat = row.repeat_of_id is not None
        is_notice = row.rule == NOTICE or is_repeat
        kind = LetterKind.NOTICE if is_notice else LetterKind.DIGEST
        return getattr(row, f"{addressee}_id"), kind, days[row.campaign_id], is_repeat

    made = [
        envelope(list(same), addressee, kind, day)
        for (_who, kind, day, _is_repeat), same in groupby(sorted(rows, key=key), key=key)
    ]
    had = digests_had(made, addressee)
    late = [each for each in made if digest_key(each.letter, addressee) in had]
    put_off_to_the_next(late, terms)
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


def put_off_to_the_next(late: Iterable[Envelope], terms: dict[int, Terms]) -> None:
    """One digest a day: what came after it is told in the next one, if it still holds then."""
    until: dict[datetime, list[Reminder]] = {}
    for each in late:
        for row in each.rows:
            moment = next_moment(row, each.letter.day, terms[row.campaign_id])
            until.setdefault(moment, []).append(row)
    for moment, rows in until.items():
        let_go(held(rows[0].claim).filter(pk__in=[row.pk for row in rows]), not_before=moment)


def next_moment(row: Reminder, day: date, terms: Terms) -> datetime:
    """When a campaign speaks again, after a day, of what is due when this row says."""
    tomorrow = day + timedelta(days=1)
    return speaking_moment(terms, row.due or tomorrow, terms.moment(tomorrow))
