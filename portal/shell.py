"""The frame around every page: campaign and day, the sections a role needs, inbox, me."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.access import current_campaign
from campaign.models import Message
from organization import states
from organization.clock import local_day
from organization.models import User
from organization.prepared import prepared

MARKS = {states.CLOSED: "is-done", states.IN_PROGRESS: "is-now", states.NOT_STARTED: ""}


@dataclass(frozen=True)
class PhaseMark:
    mark: str
    words: str


class Shell:
    """What the frame shows; asks the database only when a template draws it."""

    def __init__(self, request):
        self.user = request.user
        self.request = request
        self.campaign = current_campaign(request)
        self.at = timezone.now()
        phases = self.campaign.phases_in_order if self.campaign else []
        stand = [(phase, phase.state(at=self.at)) for phase in phases]
        self.phases = [PhaseMark(MARKS[state], f"{phase} · {state}") for phase, state in stand]
        self.day_line = day_line(self.campaign, phases, at=self.at)
        self.unread = sum(number for (number,) in unread_of(person=self.user.pk))
        self.initials = self.user.name[-2:]
        self.post = str(self.user.main_post or "")

    @property
    def here(self) -> tuple[frozenset[str], str, str]:
        """What menu and tabs hang on: the reader's roles, the campaign, the page that is open.

        One address may show two things (a self-check, an inspection's sheet): the view then
        says in `request.belongs_to` which page this one belongs to.
        """
        match = self.request.resolver_match
        name = getattr(self.request, "belongs_to", "") or (match.view_name if match else "")
        return self.user.roles, self.campaign.code if self.campaign else "", name


def unread(*, person):
    found = Message.objects.unread().filter(person__pk=person).order_by().values("person")
    return found.annotate(number=Count("*")).values_list("number")


unread_of = prepared(unread, {"person": User._meta.pk})


def day_line(campaign, phases, *, at) -> str:
    """第 58 天 · 整改预防 · 还剩 4 天; between phases the next one and when it begins."""
    if not phases:
        return ""
    today = local_day(at)
    number = (today - phases[0].start).days + 1
    if number < 1:
        words = ngettext("%(days)d 天后开始", "%(days)d 天后开始", 1 - number)
        return words % {"days": 1 - number}
    if today > phases[-1].end:
        return _("已结束")
    now = next((p for p in phases if p.start <= today <= p.end), None)
    if now is None:
        coming = next(p for p in phases if p.start > today)
        return _("第 %(day)d 天 · %(days)d 天后进入%(phase)s") % {
            "day": number,
            "days": (coming.start - today).days,
            "phase": coming.name,
        }
    left = now.days_left(at=at)
    if not left:
        return _("第 %(day)d 天 · %(phase)s · 最后一天") % {"day": number, "phase": now.name}
    words = ngettext(
        "第 %(day)d 天 · %(phase)s · 还剩 %(left)d 天",
        "第 %(day)d 天 · %(phase)s · 还剩 %(left)d 天",
        left,
    )
    return words % {
        "day": number,
        "phase": now.name,
        "left": left,
    }


def context(request):
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
