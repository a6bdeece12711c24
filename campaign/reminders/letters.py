"""How reminders are worded: lines for the inbox, and one mail that gathers all that is new."""

from collections.abc import Sequence
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from campaign.models import Message, Reminder
from campaign.models.reminders import Rule
from campaign.telling import language_of, one_line
from organization.models import User
from organization.templatetags.ui import day

# In the order in which a person has to read them.
HEADLINES = {
    Rule.EVENT: "%(title)s",
    Rule.OVERDUE: gettext_lazy("已逾期：%(title)s"),
    Rule.TODAY: gettext_lazy("今天到期：%(title)s"),
    Rule.SOON: gettext_lazy("即将到期：%(title)s"),
    Rule.PHASE_ENDS_TODAY: gettext_lazy("阶段今天结束：%(title)s"),
    Rule.PHASE_ENDS_SOON: gettext_lazy("阶段即将结束：%(title)s"),
    Rule.PHASE_BEGINS: gettext_lazy("阶段开始：%(title)s"),
}
ORDER = [str(rule) for rule in HEADLINES]
SECTIONS = {
    Rule.EVENT: gettext_lazy("新消息"),
    Rule.OVERDUE: gettext_lazy("已逾期"),
    Rule.TODAY: gettext_lazy("今天到期"),
    Rule.SOON: gettext_lazy("即将到期"),
}
MANY = {
    Rule.OVERDUE: ngettext_lazy("%(count)d 项已逾期", "%(count)d 项已逾期", "count"),
    Rule.TODAY: ngettext_lazy("%(count)d 项今天到期", "%(count)d 项今天到期", "count"),
    Rule.SOON: ngettext_lazy("%(count)d 项即将到期", "%(count)d 项即将到期", "count"),
}
# More lines than this under one headline become one: forty would hide what matters.
SEVERAL = 3
NAMED = 5


def in_reading_order(rows: Sequence[Reminder]) -> list[Reminder]:
    return sorted(rows, key=lambda row: (ORDER.index(row.rule), str(row.due or ""), row.pk))


def headline(row: Reminder) -> str:
    return str(HEADLINES[row.rule]) % {"title": row.title}


def details(row: Reminder) -> str:
    """What stands under the headline: the text of a notice, else the day."""
    if row.body or not row.due:
        return row.body
    words = _("期限 %(day)s") if row.rule in MANY else _("%(day)s 结束")
    return words % {"day": day(row.due)}


def inbox_lines(person: User, rows: Sequence[Reminder], *, at) -> list[Message]:
    """The inbox lines for one person's new reminders, in the person's language.

    The inbox shows the last one first, so what matters most comes last.
    """
    with translation.override(language_of(person)):
        lines = [
            message
            for _rule, same in groupby(in_reading_order(rows), key=lambda row: row.rule)
            for message in lines_of_one_rule(person, list(same), at=at)
        ]
    return lines[::-1]


def lines_of_one_rule(person: User, rows: list[Reminder], *, at) -> list[Message]:
    if len(rows) > SEVERAL and rows[0].rule in MANY:
        return [gathered(person, rows, at=at)]
    return [
        Message(
            person=person,
            campaign=row.campaign,
            title=one_line(headline(row)),
            body=details(row),
            url=row.url,
            sent_at=at,
        )
        for row in rows
    ]


def gathered(person: User, rows: list[Reminder], *, at) -> Message:
    return Message(
        person=person,
        campaign=rows[0].campaign,
        title=MANY[rows[0].rule] % {"count": len(rows)},
        body="\n".join([*(row.title for row in rows[:NAMED]), *and_more(len(rows) - NAMED)]),
        url=reverse("home"),
        sent_at=at,
    )


def and_more(count: int) -> list[str]:
    if count <= 0:
        return []
    return [ngettext("还有 %(count)d 项", "还有 %(count)d 项", count) % {"count": count}]


def letter(person: User, rows: Sequence[Reminder], connection=None) -> EmailMultiAlternatives:
    """One mail with all of these, text and HTML, in the person's language; links need no more
    than signing in."""
    with translation.override(language_of(person)):
        rows = in_reading_order(rows)
        context = {
            "person": person,
            "subject": subject(rows),
            "sections": sections(rows),
            "campaigns": sorted({str(row.campaign) for row in rows}),
            "home": settings.SITE_URL + reverse("home"),
        }
        mail = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string("mail/reminders.txt", context),
            to=[person.email],
            headers={"Auto-Submitted": "auto-generated"},
            connection=connection,
        )
        mail.attach_alternative(render_to_string("mail/reminders.html", context), "text/html")
    return mail


def subject(rows: list[Reminder]) -> str:
    if len(rows) == 1:
        return headline(rows[0])
    return _("%(headline)s（共 %(count)d 项）") % {
        "headline": headline(rows[0]),
        "count": len(rows),
    }


def sections(rows: list[Reminder]) -> list[dict]:
    """What happened, what is overdue, due today, due soon; then the phases under one word."""
    return [
        {
            "word": word,
            "lines": [line(row) for row in same],
        }
        for word, same in groupby(rows, key=lambda row: SECTIONS.get(row.rule, _("阶段")))
    ]


def line(row: Reminder) -> dict:
    title = row.title if row.rule in SECTIONS else headline(row)
    return {"title": title, "details": details(row), "url": settings.SITE_URL + row.url}
