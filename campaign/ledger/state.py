"""Whether reminders run: what planning and delivery did last, what waits, what went wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from celery import current_app
from django.db.models import Case, CharField, Count, F, Min, Q, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.ledger.filters import ROBOTS
from campaign.models import Reminder, Robot, Round
from campaign.models.reminders import Channel, Delivery
from campaign.models.rounds import RoundKind
from campaign.told import without_addresses
from organization.clock import local_day, start_of

# The scheduler rings every two minutes: after five missed bells nobody rings any more.
SILENT_AFTER = timedelta(minutes=10)
WAITS_TOO_LONG = timedelta(minutes=30)
ROUNDS_SHOWN = 20
ROBOTS_SHOWN = 10
BROKER_SECONDS = 2


@dataclass(frozen=True)
class Warning:
    """Something that keeps reminders from arriving, and what to do about it."""

    code: str
    what: str
    todo: str


@dataclass(frozen=True)
class Backlog:
    """What waits on one channel: to be sent now, and for its hour; since when the oldest."""

    channel: str
    now: int
    later: int
    oldest: datetime | None

    @property
    def word(self) -> str:
        return _("群机器人") if self.channel == ROBOTS else str(Channel(self.channel).label)


class State:
    """As things stand at a moment; a fixed number of queries."""

    def __init__(self, at: datetime):
        self.at = at

    @cached_property
    def rounds(self) -> list[Round]:
        """The last runs of both, the newest first."""
        return list(Round.objects.all()[:ROUNDS_SHOWN])

    @cached_property
    def last(self) -> dict[str, Round | None]:
        """The last run of each kind."""
        return {kind: Round.objects.filter(kind=kind).first() for kind in RoundKind.values}

    @cached_property
    def backlog(self) -> list[Backlog]:
        """By channel, those with anything waiting."""
        is_due = Q(not_before=None) | Q(not_before__lte=self.at)
        channel = Case(
            When(robot__isnull=False, then=Value(ROBOTS)),
            default=F("channel"),
            output_field=CharField(),
        )
        came_due = Greatest("wanted_at", Coalesce("not_before", "wanted_at"))
        counted = (
            Reminder.objects.wanted()
            .order_by()
            .values(way=channel)
            .annotate(
                now=Count("pk", filter=is_due),
                later=Count("pk", filter=~is_due),
                oldest=Min(came_due, filter=is_due),
            )
        )
        return sorted(
            (Backlog(each["way"], each["now"], each["later"], each["oldest"]) for each in counted),
            key=lambda each: each.channel,
        )

    @property
    def oldest(self) -> datetime | None:
        return min((each.oldest for each in self.backlog if each.oldest), default=None)

    @cached_property
    def today(self) -> dict[str, int]:
        """How many failed and how many are unknown since midnight, and are in delivery's hands."""
        since = start_of(local_day(self.at))
        begun = Reminder.objects.filter(begun_at__gte=since)
        return {
            "failed": begun.filter(delivery=Delivery.FAILED).count(),
            "unknown": begun.filter(delivery=Delivery.UNKNOWN).count(),
            "sending": Reminder.objects.filter(delivery=Delivery.SENDING).count(),
        }

    @cached_property
    def robots(self) -> list[Robot]:
        """Those whose last message did not go out, the most recent first."""
        failing = Robot.objects.active().exclude(last_error="").select_related("project")
        return list(failing.order_by("-last_sent_at", "pk")[:ROBOTS_SHOWN])

    @cached_property
    def broker_trouble(self) -> str:
        """Why the broker can't be reached; empty when it can."""
        options = current_app.conf.broker_transport_options or {}
        patience = {"socket_connect_timeout": BROKER_SECONDS, "socket_timeout": BROKER_SECONDS}
        try:
            with current_app.connection_for_write(
                transport_options=options | patience, connect_timeout=BROKER_SECONDS
            ) as connection:
                connection.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
        except Exception as error:
            # whatever the transport raises, it is not there
            return f"{type(error).__name__}: {error}"
        return ""

    # --- what to do -------------------------------------------------------------------------

    @cached_property
    def warnings(self) -> list[Warning]:
        found = (self.broker(), self.scheduler(), self.worker(), self.failing(), self.jam())
        return [each for each in found if each]

    @property
    def is_well(self) -> bool:
        return not self.warnings

    @property
    def answer(self) -> str:
        return _("提醒正常运行") if self.is_well else self.warnings[0].what

    def broker(self) -> Warning | None:
        if not self.broker_trouble:
            return None
        return Warning(
            "broker",
            _("任务队列连接不上，提醒发不出去"),
            _("请检查 Redis 是否在运行、BROKER_URL 是否正确。"),
        )

    def scheduler(self) -> Warning | None:
        minutes = self.silent_for(RoundKind.PLAN)
        if minutes == 0:
            return None
        ago = ngettext(
            "已有 %(minutes)d 分钟没有排提醒", "已有 %(minutes)d 分钟没有排提醒", minutes or 0
        )
        return Warning(
            "scheduler",
            ago % {"minutes": minutes} if minutes else _("还没有排过提醒"),
            _("定时程序没有在运行，请在服务器上启动 celery beat。"),
        )

    def worker(self) -> Warning | None:
        minutes = self.silent_for(RoundKind.DELIVER)
        if minutes == 0:
            return None
        ago = ngettext(
            "已有 %(minutes)d 分钟没有发提醒", "已有 %(minutes)d 分钟没有发提醒", minutes or 0
        )
        return Warning(
            "worker",
            ago % {"minutes": minutes} if minutes else _("还没有发过提醒"),
            _("发送进程没有在运行，请在服务器上启动 celery worker。"),
        )

    def silent_for(self, kind: str) -> int | None:
        """Minutes since the last run began; 0 where that is not long ago, None without any."""
        last = self.last[kind]
        if last is None:
            return None
        silence = self.at - last.began_at
        return int(silence.total_seconds() // 60) if silence >= SILENT_AFTER else 0

    def failing(self) -> Warning | None:
        last = self.last[RoundKind.DELIVER]
        if not (last and last.error):
            return None
        return Warning("error", _("上一次发送遇到了问题"), without_addresses(last.error))

    def jam(self) -> Warning | None:
        """What should have left and has not, though deliveries run."""
        if not self.oldest or self.oldest > self.at - WAITS_TOO_LONG:
            return None
        return Warning(
            "jam",
            _("有提醒等了半个多小时还没有发出去"),
            _("看下面哪个渠道在积压：邮件看邮件服务器，机器人看它的报错；都正常就增加发送进程。"),
        )


def as_data(state: State) -> dict:
    """The same for machines that watch; `ok` is all that most of them need."""
    return {
        "ok": state.is_well,
        "at": state.at.isoformat(),
        "warnings": [{"code": each.code, "what": each.what} for each in state.warnings],
        "last": {
            kind: last.began_at.isoformat() if last else None for kind, last in state.last.items()
        },
        "backlog": {
            each.channel: {
                "now": each.now,
                "later": each.later,
                "oldest": each.oldest.isoformat() if each.oldest else None,
            }
            for each in state.backlog
        },
        "today": state.today,
        "robots_failing": len(state.robots),
        "broker": state.broker_trouble or "ok",
    }
