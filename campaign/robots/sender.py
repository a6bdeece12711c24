"""A letter to a robot: its rows as one message into the group, by person."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from campaign.models import Letter, Reminder, Robot
from campaign.models.letters import LetterKind
from campaign.reminders.letters import in_numbers, in_reading_order, line, repeat_note
from campaign.reminders.senders import Outcome, Result
from campaign.robots.answers import keep_answer
from campaign.robots.pace import digest_wait, turn_wait
from campaign.robots.sending import send
from campaign.robots.text import Block, GroupText, Line
from campaign.telling import one_line

IS_OFF = gettext_noop("机器人已停用")


class RobotSender:
    """The way to groups; one message for each robot's letter."""

    addressee = "robot"
    choice = "robots"

    def mine(self, rows: QuerySet) -> QuerySet:
        return rows.filter(robot__isnull=False)

    def why_not(self) -> str:
        """Each robot has a way of its own; one that is blocked says nothing of the others."""
        return ""

    def not_before(
        self, letter: Letter, rows: Sequence[Reminder], *, at: datetime
    ) -> datetime | None:
        waits = [turn_wait(letter.robot, at)]
        if letter.kind == LetterKind.DIGEST:
            ready_since = min(row.not_before or row.wanted_at for row in rows)
            waits.append(digest_wait(letter.robot_id, ready_since, at))
        return max(filter(None, waits), default=None)

    def send(self, letter: Letter, rows: Sequence[Reminder], language: str) -> Result:
        robot = Robot.objects.get(pk=letter.robot_id)
        if robot.is_off:
            return Result(Outcome.REFUSED, IS_OFF)
        with translation.override(language):
            answer = send(robot, said(rows))
        if answer.outcome == Outcome.SENT:
            Robot.objects.filter(pk=robot.pk).update(last_sent_at=letter.begun_at)
        keep_answer(robot, answer, by="schedule", at=letter.begun_at, campaign=rows[0].campaign)
        return answer

    def close(self) -> None:
        """Nothing is held between two messages."""


def said(rows: Sequence[Reminder]) -> GroupText:
    """Who has what to do, each person once; in the language that is active."""
    note = repeat_note(rows)
    blocks = [Block("", (Line(note),))] if note else []
    people: dict[int, list[Reminder]] = {}
    for row in in_reading_order(rows):
        people.setdefault(row.person_id, []).append(row)
    blocks += [block(mine) for mine in people.values()]
    return GroupText(in_numbers(rows), settings.SITE_URL + reverse("home"), tuple(blocks))


def block(rows: Sequence[Reminder]) -> Block:
    heading = _("%(name)s：%(numbers)s") % {"name": rows[0].person, "numbers": in_numbers(rows)}
    return Block(heading, tuple(map(in_a_line, rows)))


def in_a_line(row: Reminder) -> Line:
    found = line(row)
    words = found["title"]
    if found["details"]:
        words = _("%(title)s（%(details)s）") % {
            "title": words,
            "details": one_line(found["details"]),
        }
    return Line(words, found["url"])
