"""The demo from nothing to today, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from campaign.lifecycle import approve_campaign, return_campaign, start_campaign, submit_campaign
from campaign.models import Campaign, Message, Participation, Reminder
from campaign.models.reminders import Channel, Delivery
from campaign.participants import set_lacks
from campaign.reminders.delivery import deliver_round
from campaign.reminders.planning import plan_round
from campaign.setup import create_campaign, enter_projects, make_specialties, read_plan
from organization.errors import Refused
from organization.passwords import is_published
from portal.demo.album import Album
from portal.demo.asking import asking
from portal.demo.audit import audits
from portal.demo.calendar import Calendar
from portal.demo.callbacks import callbacks
from portal.demo.cases import cases
from portal.demo.company import Cast, bring_in
from portal.demo.content import texts
from portal.demo.duties import duties
from portal.demo.exams import exams
from portal.demo.gates import gates
from portal.demo.improvement import plans
from portal.demo.learning import learning
from portal.demo.self_checks import self_checks
from portal.demo.settling import settling
from portal.demo.story import Story
from portal.demo.trainings import trainings
from portal.demo.visits import visits
from scoring.rubrics import load_rubric
from scoring.template import SPECIALTIES, rubric_data

CODE = "demo"
PHASES = ("mobilize", "self_check", "rectify", "inspect", "summary")
MOST_PROJECTS = 1000


@dataclass(frozen=True)
class Built:
    """What a build made: the running campaign, and next year's draft that waits for approval."""

    campaign: Campaign
    draft: Campaign


def build(*, at: datetime, number: int = 12, seed: int = 1, phase: str = "inspect") -> Built:
    """Make the demo as of a moment, which becomes a day in the middle of a phase.

    Everything goes through the domain's functions with the clock passed in, so that history,
    notices and results are those of a real campaign; the same arguments tell the same story.
    One transaction. Raises Refused when there is a demo already, when its people or projects
    would overwrite others, and outside an embedded installation while everybody knows the
    password.
    """
    check(number)
    album = Album()
    try:
        # what is written down of names is written in the company's language
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            return from_nothing(at, number, seed, phase, album)
    except BaseException:
        album.burn()
        raise


def check(number: int) -> None:
    if Campaign.objects.filter(code=CODE).exists():
        raise Refused(_("演示数据已经建立过。"), code="exists")
    if not 1 <= number <= MOST_PROJECTS:
        most = {"most": MOST_PROJECTS}
        raise Refused(_("项目数要在 1 和 %(most)d 之间。") % most, code="projects")
    if not settings.EMBEDDED and is_published(settings.DEMO_PASSWORD):
        raise Refused(
            _("正式环境不能用公开的演示密码，请先设置 DEMO_PASSWORD。"), code="published_password"
        )


def from_nothing(at: datetime, number: int, seed: int, phase: str, album: Album) -> Built:
    plan = read_plan()
    calendar = Calendar(now=at, phase=phase, plan=plan)
    make_specialties(plan)
    rng = Random(f"{seed}/company")  # noqa: S311 - invented content
    on = clock(calendar, rng)
    cast = bring_in(number, rng, at=on("08-22"))
    campaign = set_up(calendar, cast, on)
    story = Story(seed, campaign, calendar, cast, album)
    for threads in (
        duties,
        plans,
        self_checks,
        visits,
        callbacks,
        audits,
        asking,
        cases,
        learning,
        exams,
        gates,
        trainings,
        settling,
    ):
        for thread in threads(story):
            story.begin(thread)
    story.tell()
    draft = next_year(campaign, cast, at)
    fill_inboxes(at)
    return Built(campaign, draft)


def clock(calendar: Calendar, rng: Random) -> Callable[[str], datetime]:
    return lambda day: calendar.moment(calendar.day(day), rng)


def set_up(calendar: Calendar, cast: Cast, on: Callable[[str], datetime]) -> Campaign:
    """The campaign from its template to its first day: returned once, rubrics published."""
    center, president = cast.center, cast.president
    campaign = create_campaign(code=CODE, by=center, at=on("09-01"), shift_days=calendar.shift.days)
    enter_projects(campaign=campaign, projects=cast.projects, by=center, at=on("09-05"))
    note_what_projects_lack(campaign, cast, by=center, at=on("09-05"))
    submit_campaign(campaign=campaign, by=center, at=on("09-08"))
    reason = texts()["story"]["campaign_returned"]
    return_campaign(campaign=campaign, reason=reason, by=president, at=on("09-09"))
    submit_campaign(campaign=campaign, by=center, at=on("09-13"))
    approve_campaign(campaign=campaign, by=president, at=on("09-15"))
    for code in SPECIALTIES:
        load_rubric(
            campaign=campaign,
            specialty=cast.specialties[code],
            data=rubric_data(code),
            by=cast.admin,
            at=on("09-20"),
        )
    midnight = on("09-25").replace(hour=0, minute=2)
    return start_campaign(campaign=campaign, by="schedule", at=midnight)


def note_what_projects_lack(campaign: Campaign, cast: Cast, *, by, at: datetime) -> None:
    """Specialties that nobody works in (ruling 5)."""
    for part in Participation.objects.filter(campaign=campaign).select_related("project"):
        there = cast.teams[part.project_id].workers
        lacking = [each for code, each in cast.specialties.items() if code not in there]
        if lacking:
            set_lacks(campaign=campaign, project=part.project, specialties=lacking, by=by, at=at)


def next_year(campaign: Campaign, cast: Cast, at: datetime) -> Campaign:
    """The next campaign, which the president has to approve."""
    year, center = campaign.year + 1, cast.center
    made, entered, submitted = (at - timedelta(days=days) for days in (6, 5, 2))
    draft = create_campaign(code=f"{CODE}-{year}", year=year, by=center, at=made)
    enter_projects(campaign=draft, projects=cast.projects, by=center, at=entered)
    note_what_projects_lack(draft, cast, by=center, at=entered)
    return submit_campaign(campaign=draft, by=center, at=submitted)


def fill_inboxes(at: datetime) -> None:
    """Remind of what is due now; what is older than two days has been read.

    Nobody gets mail from a demo: its mails count as sent, so that no round sends them later.
    """
    plan_round(at=at)
    Reminder.objects.wanted().filter(channel=Channel.MAIL).update(
        delivery=Delivery.SENT, sent_at=F("wanted_at"), attempts=1
    )
    Reminder.objects.wanted().update(not_before=None)  # whatever the hour and the day
    deliver_round(at=at)
    old = Message.objects.filter(sent_at__lt=at - timedelta(days=2))
    old.update(read_at=F("sent_at") + timedelta(hours=3))
