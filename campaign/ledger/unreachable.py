"""Who takes part in a running campaign and is told of things in the inbox alone."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign, ChannelChoice, Participation
from campaign.reminders.envelopes import SWITCHED_OFF
from campaign.reminders.mail import LIKE_AN_ADDRESS, what_is_wrong_with
from campaign.reminders.ways import robots
from organization.mail_addresses import IsPlain
from organization.models import Post, User
from organization.roles import COMPANY_ROLES, Role

PAGE_SIZE = 50


def unreachable() -> QuerySet[User]:
    """People whom neither mail nor a group's robot reaches, by their names.

    Each is asked about from the few whom mail does not reach.
    """
    people = User.objects.filter(is_active=True, pk__in=without_mail())
    people = people.filter(Exists(posts_in_campaigns().filter(user=OuterRef("pk"))))
    for rows in robots():
        people = people.exclude(Exists(rows.filter(user=OuterRef("pk"))))
    return people.order_by("name", "pk")


def without_mail() -> QuerySet:
    """Keys of accounts whose address is none, and of people who switched mail off."""
    odd = User.objects.filter(~Q(IsPlain("email"))).exclude(email__regex=LIKE_AN_ADDRESS)
    off = ChannelChoice.objects.filter(mail=False)
    return odd.order_by().values("pk").union(off.order_by().values("person"), all=True)


def posts_in_campaigns() -> QuerySet[Post]:
    """Posts of today in running campaigns: in a project that takes part, or of the company."""
    running = Participation.objects.filter(campaign__in=Campaign.objects.running())
    takes_part = Q(role__in=COMPANY_ROLES) | Q(project__in=running.values("project"))
    return Post.objects.current().filter(takes_part).order_by()


@dataclass(frozen=True)
class Line:
    """A person whom only the inbox reaches, what they are, and why no mail gets there."""

    person: User
    posts: list[Post]
    reason: str

    @classmethod
    def of(cls, person: User) -> "Line":
        posts = sorted(person.held, key=lambda post: Role(post.role).rank)
        return cls(person, posts, _(what_is_wrong_with(person.email) or SWITCHED_OFF))


class UnreachablePage:
    """Those of them whose names have what was typed; four queries, however many they are."""

    def __init__(self, name: str, number: str | None):
        self.name, self.number = name, number

    @cached_property
    def page(self):
        people = unreachable()
        if self.name:
            people = people.filter(Q(name__icontains=self.name) | Q(username__icontains=self.name))
        held = Post.objects.current().select_related("project", "specialty")
        people = people.prefetch_related(Prefetch("posts", held, to_attr="held"))
        return Paginator(people, PAGE_SIZE).get_page(self.number)

    @cached_property
    def lines(self) -> list[Line]:
        return [Line.of(person) for person in self.page]

    @property
    def answer(self) -> str:
        count = self.page.paginator.count
        if count or self.name:
            return ngettext(
                "%(count)d 人只有站内信能通知到", "%(count)d 人只有站内信能通知到", count
            ) % {"count": count}
        return _("人人都能通知到")
