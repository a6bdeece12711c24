"""One round of reminders without scheduler and worker."""

import json
from collections import Counter
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.models import Reminder
from campaign.reminders.delivery import Delivered
from campaign.reminders.terms import digest_on
from campaign.tasks import Played, play_round
from organization.clock import read_moment

FIELDS = ("thing", "rule", "due", "channel", "title", "url")


class Command(BaseCommand):
    help = "Tell people once what is due, overdue or begins; starts campaigns whose day has come."

    def add_arguments(self, parser):
        parser.add_argument(
            "--at", help="ISO time that counts as now; a date is the hour of its reminders"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, at, format, **options):
        done = play_round(at=self.read(at))
        if format == "json":
            self.stdout.write(json.dumps(as_data(done), ensure_ascii=False, indent=2, default=str))
        else:
            self.stdout.write(in_words(done))
        self.complain(done.delivered)

    def read(self, at):
        try:
            return moment_of(at) if at else timezone.now()
        except ValueError as error:
            raise CommandError(f"--at: {error}") from error

    def complain(self, delivered: Delivered):
        """Exit code 0 only where everything went out."""
        if delivered.unreachable:
            raise CommandError(f"邮件服务器连接不上 / no mail server: {delivered.unreachable}")
        if delivered.troubles:
            raise CommandError(f"有人没有通知到 / people left out: {delivered.troubles[0]}")
        if delivered.failed:
            raise CommandError(f"{len(delivered.failed)} 封未送达 / not delivered")


def moment_of(text: str) -> datetime:
    """A time, or a day: its digest's hour, so that the round tells what the day tells."""
    moment = read_moment(text)
    is_day = "T" not in text and ":" not in text
    return digest_on(moment.date()) if is_day else moment


def as_data(done: Played) -> dict:
    """The round for machines; `reminders` are the ones that reached people in it."""
    return {
        "started": [campaign.code for campaign in done.started],
        "planned": done.planned,
        "sent": len(done.delivered.sent),
        "mails": done.delivered.mails,
        "failed": len(done.delivered.failed),
        "again": len(done.delivered.again),
        "unknown": done.delivered.unknown,
        "cancelled": done.delivered.cancelled,
        "reminders": [
            {"campaign": row.campaign.code, "username": row.person.username}
            | {name: getattr(row, name) for name in FIELDS}
            for row in rows_of(done.delivered)
        ],
    }


def rows_of(delivered: Delivered):
    sent = Reminder.objects.filter(pk__in=delivered.sent)
    return sent.select_related("campaign", "person").order_by(
        "person__username", "thing", "rule", "channel"
    )


def in_words(done: Played) -> str:
    delivered = done.delivered
    channels = Counter(rows_of(delivered).values_list("channel", flat=True))
    robots = sum(count for channel, count in channels.items() if channel.startswith("robot-"))
    return "\n".join(
        [
            f"开始的专项工作 / started: {len(done.started)}",
            f"新的提醒 / planned: {done.planned}",
            f"站内信 / inbox: {channels['inbox']}",
            f"邮件 / mail: {channels['mail']} ({delivered.mails})",
            f"群机器人 / robots: {robots}",
            f"未送达 / failed: {len(delivered.failed)}, 稍后再试 / again: {len(delivered.again)}, "
            f"结果不明 / unknown: {delivered.unknown}, 已取消 / cancelled: {delivered.cancelled}",
        ]
    )
