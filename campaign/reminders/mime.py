"""A mail as it goes over the line.

The library that puts mails together takes a fifth of what a mail costs a worker, so this one
shape is written out. Whoever else asks gets the library's (files, tests), and a test holds the
two against each other.
"""

from base64 import encodebytes
from email.header import Header
from email.utils import formatdate, make_msgid
from functools import cached_property, lru_cache
from secrets import token_hex

from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.core.mail.utils import DNS_NAME

PART = "Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
# There is one sender, and an address is asked for twice.
plain_address = lru_cache(maxsize=8)(sanitize_address)


class Mail(EmailMultiAlternatives):
    """Text and HTML to one address."""

    @cached_property
    def content(self) -> bytes:
        """All of it, with the ends of lines that mail servers want.

        Raises ValueError where a text or an address can't be sent.
        """
        boundary = token_hex(16)
        head = "".join(f"{name}: {value}\r\n" for name, value in self.head.items())
        head += f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n'
        ((html, _mime),) = self.alternatives
        between = f"--{boundary}\r\n".encode()
        return b"".join(
            [
                head.encode("ascii"),
                *(b"\r\n", between, part("plain", self.body), between, part("html", html)),
                f"--{boundary}--\r\n".encode(),
            ]
        )

    @property
    def head(self) -> dict[str, str]:
        (address,) = self.to
        plain = {
            "From": plain_address(self.from_email, "utf-8"),
            "To": plain_address(address, "utf-8"),
            "Date": formatdate(),
            "Message-ID": make_msgid(domain=DNS_NAME),
            "MIME-Version": "1.0",
            **self.extra_headers,
        }
        for value in (self.subject, *plain.values()):
            if "\n" in value or "\r" in value:
                raise BadHeaderError(f"a header of several lines: {value!r}")
        subject = Header(self.subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
        return {"Subject": subject, **plain}


def part(kind: str, text: str) -> bytes:
    return PART.format(kind).encode() + encodebytes(text.encode()).replace(b"\n", b"\r\n")
