"""E-mail: one letter is one mail, over one connection as long as nothing goes wrong."""

import logging
from collections.abc import Sequence
from datetime import datetime
from smtplib import (
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from campaign.models import Letter, Reminder
from campaign.models.reminders import Channel
from campaign.reminders.letters import compose
from campaign.reminders.senders import Outcome, Result

logger = logging.getLogger(__name__)

NO_ADDRESS = gettext_noop("没有登记邮箱")
BAD_ADDRESS = gettext_noop("登记的邮箱地址不对")
# For databases, which can't ask the validator: every address that it lets pass is like this.
LIKE_AN_ADDRESS = r"^.+@(localhost|\[.+\]|[^\s@.]+(\.[^\s@.]+)+)$"
NOT_WRITABLE = gettext_noop("这封邮件的文字有错，写不出来")


class MailSender:
    addressee = "person"
    choice = "mail"

    def __init__(self):
        self.connection = get_connection()

    def mine(self, rows: QuerySet) -> QuerySet:
        return rows.filter(channel=Channel.MAIL)

    def why_not(self) -> str:
        """Connects unless connected."""
        try:
            self.connection.open()
        except (OSError, SMTPException) as error:
            self.drop()
            return describe(error)
        return ""

    def not_before(self, letter: Letter, rows: Sequence[Reminder], *, at: datetime) -> None:
        return None

    def send(self, letter: Letter, rows: Sequence[Reminder], language: str) -> Result:
        wrong = what_is_wrong_with(letter.person.email)
        if wrong:
            return Result(Outcome.REFUSED, wrong)
        try:
            mail = compose(letter, rows, language)
            mail.content  # noqa: B018 made here: what can't be said is told from a server's no
        except Exception as error:
            # a translation with a broken placeholder, a template that is wrong: nothing was sent
            logger.exception("the mail of letter %s cannot be written", letter.pk)
            return Result(Outcome.REFUSED, f"{NOT_WRITABLE} ({describe(error)})")
        return self.hand_over(mail)

    def hand_over(self, mail) -> Result:
        try:
            self.connection.send_messages([mail])
        except (OSError, SMTPException, ValueError) as error:
            # a backend that can't tell (files, say) may have done it
            may_have_left = getattr(self.connection, "content_left", True)
            self.drop()
            return Result(outcome_of(error, may_have_left), describe(error))
        return Result(Outcome.SENT)

    def drop(self) -> None:
        drop = getattr(self.connection, "drop", self.connection.close)
        drop()

    def close(self) -> None:
        try:
            self.connection.close()
        except (OSError, SMTPException):
            self.drop()


def what_is_wrong_with(address: str) -> str:
    if not address:
        return NO_ADDRESS
    try:
        validate_email(address)
    except ValidationError:
        return BAD_ADDRESS
    return ""


def outcome_of(error: Exception, content_left: bool) -> Outcome:
    """A refusal for good, one for now, or nobody knows: then the mail may have arrived."""
    if isinstance(error, ValueError | SMTPNotSupportedError):
        return Outcome.REFUSED
    codes = codes_of(error)
    if codes and min(codes) >= 400:
        return Outcome.LATER if max(codes) < 500 else Outcome.REFUSED
    return Outcome.UNKNOWN if content_left else Outcome.LATER


def codes_of(error: Exception) -> list[int]:
    """What the server answered; nothing where it hung up or stayed silent."""
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, SMTPResponseException) else []


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
