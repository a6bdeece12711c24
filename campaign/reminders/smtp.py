"""A connection to the mail server that knows whether a mail's content may have left.

When a server hangs up or goes silent, everything depends on when: before the content the mail
certainly did not arrive and may be sent again; after it nobody knows.
"""

import smtplib
from contextlib import suppress

from django.core.mail.backends.smtp import EmailBackend

from campaign.reminders.mime import Mail, plain_address

GO_AHEAD = 354  # the answer to DATA: the content follows
REFUSED = 400


class Watched:
    """What of a mail the server may have; mixed into the library's connections."""

    content_left = False

    def mail(self, *args, **kwargs):
        self.content_left = False
        return super().mail(*args, **kwargs)

    def getreply(self):
        code, text = super().getreply()
        if code == GO_AHEAD:
            self.content_left = True
        elif code >= REFUSED:
            self.content_left = False
        return code, text


class WatchedSMTP(Watched, smtplib.SMTP):
    pass


class WatchedSMTPS(Watched, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """Django's, with connections that are watched."""

    @property
    def connection_class(self):
        return WatchedSMTPS if self.use_ssl else WatchedSMTP

    def open(self):
        """Also greets: a server that does not answer is found out before there is a mail."""
        opened = super().open()
        if opened:
            self.connection.ehlo_or_helo_if_needed()
        return opened

    def _send(self, mail):
        """As Django's, for mails that know their content."""
        if not isinstance(mail, Mail):
            return super()._send(mail)
        sender = plain_address(mail.from_email, "utf-8")
        self.connection.sendmail(sender, [plain_address(*mail.to, "utf-8")], mail.content)
        return True

    @property
    def content_left(self) -> bool:
        return self.connection is not None and self.connection.content_left

    def drop(self) -> None:
        """Be rid of a connection that broke, without a word: an answer might never come."""
        broken, self.connection = self.connection or self._partial_connection, None
        self._partial_connection = None
        if broken:
            with suppress(OSError):
                broken.close()
