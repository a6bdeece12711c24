"""Links to set a password, by e-mail: an invitation, or asked for by who forgot it.

That one is wanted stands in the database, a worker sends it: an answer that waits for the mail
server would tell who has an account. The key in the link is made when the mail is and kept
nowhere; it is over with the next sign-in, the next password or after PASSWORD_RESET_TIMEOUT.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organization.guard import BY_PAGE
from organization.history import record, record_each
from organization.models import LetterKind, PasswordLetter, User

logger = logging.getLogger(__name__)

VERBS = {
    "invite": gettext_lazy("发出登录邀请"),
    "ask_reset": gettext_lazy("申请重设密码"),
}
PER_HOUR = 3  # letters to one person that anybody may ask for
TRIES = 6
CLAIMED = timedelta(minutes=5)  # after that a letter whose worker died is taken up again
AT_ONCE = 50
WRITTEN = 1000  # letters that are put down together


@dataclass
class Invited:
    """How many get a letter, and how many do not: no address, or a password already."""

    sent: int = 0
    without_address: int = 0
    with_password: int = 0


@transaction.atomic
def invite(*, people: Sequence[User], by: User, at: datetime) -> Invited:
    """Send people who can't sign in yet a link to set a password. One record for each.

    One that was not sent yet is not doubled. People who were switched off count for nothing.
    """
    active = [person for person in people if person.is_active]
    new = [person for person in active if not person.has_usable_password()]
    reached = [person for person in new if person.email]
    for start in range(0, len(reached), WRITTEN):
        some = reached[start : start + WRITTEN]
        want(some, LetterKind.INVITATION, at)
        record_each(on=some, verb="invite", by=by, at=at, details=[{}] * len(some))
    return Invited(
        sent=len(reached),
        without_address=len(new) - len(reached),
        with_password=len(active) - len(new),
    )


@transaction.atomic
def ask_reset(*, typed: str, at: datetime) -> int:
    """Send whoever goes by this username or address, and has a password or was invited to set
    one, a link to set it.

    How many is nobody's to know who asked. One record for each; three an hour at most.
    """
    sent = 0
    named = Q(username=typed) | Q(email__iexact=typed)
    for person in User.objects.filter(named, is_active=True).exclude(email="")[:PER_HOUR]:
        asked = PasswordLetter.objects.filter(user=person, asked_at__gt=at - timedelta(hours=1))
        kind = kind_for(person)
        if kind and asked.count() < PER_HOUR:
            want([person], kind, at)
            record(on=person, verb="ask_reset", by=BY_PAGE, at=at)
            sent += 1
    return sent


def kind_for(person: User) -> LetterKind | None:
    """Whoever was invited and let the link go by gets another; who never was gets none."""
    if person.has_usable_password():
        return LetterKind.FORGOTTEN
    was_invited = person.password_letters.filter(kind=LetterKind.INVITATION).exists()
    return LetterKind.INVITATION if was_invited else None


def want(people: Sequence[User], kind: LetterKind, at: datetime) -> None:
    PasswordLetter.objects.waiting().filter(user__in=people).update(next_at=None)
    PasswordLetter.objects.bulk_create(
        PasswordLetter(user=person, kind=kind, asked_at=at, next_at=at) for person in people
    )


def send_due(*, at: datetime) -> int:
    """Send what is wanted; how many went out. Safe to run beside itself, and at any time."""
    due = PasswordLetter.objects.due(at=at).select_related("user")
    return sum(send(letter, at=at) for letter in due.order_by("next_at")[:AT_ONCE])


def send(letter: PasswordLetter, *, at: datetime) -> bool:
    """Claimed by its time: of two workers one moves it on, the other finds it moved."""
    mine = PasswordLetter.objects.filter(pk=letter.pk, next_at=letter.next_at)
    if not mine.update(next_at=at + CLAIMED, attempts=F("attempts") + 1):
        return False
    kept = PasswordLetter.objects.filter(pk=letter.pk)
    try:
        compose(letter).send()
    except (OSError, SMTPException, ValueError) as error:
        logger.warning("password letter %s was not sent: %s", letter.pk, error)
        tries = letter.attempts + 1
        again = at + timedelta(minutes=2**tries) if tries < TRIES else None
        kept.update(error=str(error)[:300], next_at=again)
        return False
    kept.update(sent_at=at, next_at=None, error="")
    return True


def compose(letter: PasswordLetter) -> EmailMultiAlternatives:
    """In the person's language, with a key that is made now."""
    person = letter.user
    place = {
        "uidb64": urlsafe_base64_encode(force_bytes(person.pk)),
        "token": default_token_generator.make_token(person),
    }
    with translation.override(person.language or settings.LANGUAGE_CODE):
        context = {
            "person": person,
            "link": settings.SITE_URL + reverse("set_password", kwargs=place),
            "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 3600),
            "is_invitation": letter.kind == LetterKind.INVITATION,
        }
        subject = _("品质提升专项工作：请设置登录密码")
        if not context["is_invitation"]:
            subject = _("品质提升专项工作：重设登录密码")
        body = render_to_string("mail/password_link.txt", context)
        html = render_to_string("mail/password_link.html", context | {"subject": subject})
    mail = EmailMultiAlternatives(subject, body, to=[person.email], connection=get_connection())
    mail.attach_alternative(html, "text/html")
    return mail
