"""What this app keeps of people: erased with them, or when its time is over."""

from datetime import datetime

from django.conf import settings

from campaign.models import CalendarFeed, ChannelChoice, Letter, Message, Reminder
from organization.models import User
from organization.retention import over


def forget_person(person: User, at: datetime) -> None:
    """Messages, letters, choices and calendars go; that and when somebody was told stays."""
    Message.objects.filter(person=person).delete()
    Reminder.objects.filter(person=person).update(title="", body="", error="", letter=None)
    Letter.objects.filter(person=person).delete()
    ChannelChoice.objects.filter(person=person).delete()
    feeds = CalendarFeed.objects.filter(person=person)
    feeds.filter(revoked_at=None).update(revoked_at=at)
    feeds.update(shown={})


def erase_answers(at: datetime) -> int:
    """What mail servers answered, which quotes addresses."""
    old = Reminder.objects.filter(wanted_at__lt=over(at, settings.MAIL_ANSWER_DAYS))
    return old.exclude(error="").update(error="")
