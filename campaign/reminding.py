"""Reminding by hand: who owes what is late or came back is told so, at most once a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.models import Campaign, Obligation
from campaign.owing import owners_of
from campaign.registry import page_of
from campaign.telling import News, tell_each
from organization.clock import local_day
from organization.errors import Refused
from organization.history import record_each
from organization.models import User
from organization.templatetags.ui import day

MISSING = ("overdue", "returned")
NAMES_SHOWN = 3


@dataclass(frozen=True)
class Reminded:
    """What people were told of now, and how many people."""

    obligations: list[Obligation]
    people: int


@transaction.atomic
def remind(*, obligations: Iterable[Obligation], by: User, at: datetime) -> Reminded:
    """Tell who owes these what is missing, each person once a day of each; on record.

    What is not missing (waits, was accepted, is not due yet) is passed over. Raises Refused
    when nothing is missing, nobody is there to be told, or all were told today.
    """
    missing = missing_of(obligations, at=at)
    if not missing:
        raise Refused(_("没有逾期或退回的任务，不用提醒。"), code="nothing")
    owners = owners_of(missing)
    people = User.objects.in_bulk({pk for pks in owners.values() for pk in pks})
    if not people:
        raise Refused(nobody(missing), code="nobody")
    news = {
        each.thing: news_of(each, [people[pk] for pk in owners[each.pk]], by=by, at=at)
        for each in missing
    }
    told = tell_each(list(news.values()), at=at)
    if not told:
        raise Refused(_("今天已经提醒过，明天可以再提醒。"), code="already")
    things = {item.thing for item, _person in told}
    reminded = [each for each in missing if each.thing in things]
    put_on_record(reminded, news, by=by, at=at)
    return Reminded(reminded, len({person.pk for _item, person in told}))


def missing_of(obligations: Iterable[Obligation], *, at: datetime) -> list[Obligation]:
    """Those that are missing now; their campaigns are held, so that two reminders don't cross."""
    pks = [each.pk for each in obligations]
    wanted = Obligation.objects.filter(pk__in=pks, campaign__closed_at=None)
    campaigns = Campaign.objects.filter(pk__in=wanted.order_by().values("campaign"))
    list(campaigns.select_for_update())
    return [each for each in wanted.open().with_all() if each.state(at=at).code in MISSING]


def news_of(obligation: Obligation, people: list[User], *, by: User, at: datetime) -> News:
    milestone = obligation.milestone

    def title():
        state = obligation.state(at=at)  # here, because its word is of the language that is active
        return _("%(state)s：%(thing)s") % {"state": state, "thing": milestone.title}

    def body():
        return _("%(by)s提醒您尽快提交，期限是%(day)s。") % {"by": by, "day": day(obligation.due)}

    return News(
        people=people,
        campaign=obligation.campaign,
        thing=obligation.thing,
        occurrence=f"reminded {local_day(at)}",
        title=title,
        body=body,
        url=page_of(obligation),
    )


def put_on_record(reminded: list[Obligation], news: dict[str, News], *, by, at: datetime) -> None:
    Obligation.objects.filter(pk__in=[each.pk for each in reminded]).update(reminded_at=at)
    names = [[str(person) for person in news[each.thing].people] for each in reminded]
    record_each(on=reminded, verb="remind", by=by, at=at, details=[{"people": n} for n in names])


def nobody(missing: list[Obligation]) -> str:
    subjects = list(dict.fromkeys(str(each.subject) for each in missing))
    names = _("、").join(subjects[:NAMES_SHOWN])
    return _("%(names)s没有在岗的负责人，没有人可以提醒。") % {"names": names}
