"""Mails as they go over the line, held against those that the library puts together."""

from email import message_from_bytes, policy

import pytest
from django.core.mail import BadHeaderError
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.reminders.mime import Mail

# what a person can type: no halves of a character, nothing that is no text
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300)


def mail(subject="今天到期", body="正文", html="<p>正文</p>", to="pm01@example.test", **more):
    made = Mail(subject=subject, body=body, to=[to], headers={"Auto-Submitted": "auto-generated"})
    made.attach_alternative(html, "text/html")
    made.from_email = more.get("sender", "品质 <pinzhi@example.test>")
    return made


def read(content: bytes) -> dict:
    """What a mail program makes of it, but for what differs each time."""
    message = message_from_bytes(content, policy=policy.SMTP)
    heads = {name: str(value) for name, value in message.items()}
    parts = [(part.get_content_type(), part.get_content()) for part in message.iter_parts()]
    different = "Date", "Message-ID", "Content-Type"
    return {
        "heads": {name: value for name, value in heads.items() if name not in different},
        "parts": [(kind, text.replace("\r\n", "\n").rstrip("\n")) for kind, text in parts],
        "defects": [*message.defects, *(d for part in message.iter_parts() for d in part.defects)],
    }


@given(TEXT, TEXT, TEXT)
@example("已逾期：" + "锦澜府 · 组织各专业学习岗位职责" * 12, "一\n二\n\n.\n三", "<p>.\n</p>")
@example("Due today: =?utf-8?q?kick-off?=", "--\nboundary", "")
@example("  two  spaces  ", "", "x" * 2000)
def test_a_mail_program_reads_what_was_written_under_the_heads_that_the_library_writes(
    subject, body, html
):
    subject = subject.strip()
    written = mail(subject, body, html)
    ours, theirs = read(written.content), read(written.message().as_bytes(linesep="\r\n"))
    # the library leaves what looks encoded as it is, to be read as something else
    assert ours["heads"] == theirs["heads"] | {"Subject": subject}
    assert ours["parts"] == [
        ("text/plain", body.rstrip("\n")),
        ("text/html", html.rstrip("\n")),
    ]
    assert not ours["defects"]


@pytest.mark.parametrize("address", ["pm01@example.test", "pm@例子.test", '"p m"@example.test'])
def test_addresses_are_written_as_the_library_writes_them(address):
    written = mail(to=address)
    theirs = written.message()["To"]
    assert read(written.content)["heads"]["To"] == str(theirs)


def test_lines_are_as_short_as_mail_servers_want_and_end_as_they_do():
    content = mail("锦澜府" * 100, "正文" * 2000, "<p>" + "正文" * 2000).content
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@pytest.mark.parametrize("subject", ["一行\n又一行", "一行\rBcc: x@example.test"])
def test_a_subject_of_several_lines_is_refused(subject):
    with pytest.raises(BadHeaderError):
        mail(subject).content  # noqa: B018 made when it is asked for
