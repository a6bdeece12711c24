"""How reminders are worded: headlines and lines for every channel, and the mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy
from django.utils.translation import gettext as _

from campaign.models import Letter, Reminder
from campaign.models.reminder_rules import RuleKind
from campaign.models.reminders import NOTICE
from campaign.reminders.mime import Mail
from campaign.reminders.rules import kind_and_days
from campaign.telling import one_line
from organization.templatetags.ui import day


@dataclass(frozen=True, eq=False)
class Section:
    """What stands together in a letter: its heading, and how many there are in words.

    Each is itself alone: to compare two would be to translate them.
    """

    word: object
    many: object


NEWS = Section(
    gettext_lazy("新消息"), ngettext_lazy("%(count)d 条新消息", "%(count)d 条新消息", "count")
)
OVERDUE = Section(
    gettext_lazy("已逾期"), ngettext_lazy("%(count)d 项已逾期", "%(count)d 项已逾期", "count")
)
ABOVE = Section(
    gettext_lazy("下属逾期"), ngettext_lazy("%(count)d 项逾期上报", "%(count)d 项逾期上报", "count")
)
TODAY = Section(
    gettext_lazy("今天到期"),
    ngettext_lazy("%(count)d 项今天到期", "%(count)d 项今天到期", "count"),
)
SOON = Section(
    gettext_lazy("即将到期"),
    ngettext_lazy("%(count)d 项即将到期", "%(count)d 项即将到期", "count"),
)
PHASES = Section(
    gettext_lazy("阶段"), ngettext_lazy("%(count)d 条阶段提醒", "%(count)d 条阶段提醒", "count")
)
# In the order in which a person has to read them: the section, and a line that stands alone.
RULES = {
    NOTICE: (NEWS, "%(title)s"),
    RuleKind.AFTER: (OVERDUE, gettext_lazy("已逾期：%(title)s")),
    RuleKind.ON: (TODAY, gettext_lazy("今天到期：%(title)s")),
    RuleKind.ESCALATE: (ABOVE, gettext_lazy("逾期上报：%(title)s")),
    RuleKind.BEFORE: (SOON, gettext_lazy("即将到期：%(title)s")),
    RuleKind.PHASE_ENDS: (PHASES, gettext_lazy("阶段即将结束：%(title)s")),
    RuleKind.PHASE_BEGINS: (PHASES, gettext_lazy("阶段开始：%(title)s")),
}
ORDER = [str(rule) for rule in RULES]
ENDS_TODAY = gettext_lazy("阶段今天结束：%(title)s")
# Titles that say by themselves what the section's heading says of the others.
SPEAKING = (NEWS, OVERDUE, TODAY, ABOVE, SOON)


def in_reading_order(rows: Iterable[Reminder]) -> list[Reminder]:
    return sorted(rows, key=lambda row: (ORDER.index(kind(row)), str(row.due or ""), row.pk))


def kind(row: Reminder) -> str:
    return kind_and_days(row.rule)[0]


def section_of(row: Reminder) -> Section:
    return RULES[kind(row)][0]


def headline(row: Reminder) -> str:
    """A row as a line that stands alone."""
    is_its_end = kind_and_days(row.rule) == (RuleKind.PHASE_ENDS, 0)
    words = ENDS_TODAY if is_its_end else RULES[kind(row)][1]
    return str(words) % {"title": row.title}


def details(row: Reminder) -> str:
    """What stands under the headline: the text of a notice, else the day."""
    if row.body or not row.due:
        return row.body
    return when(row.due, section_of(row) is PHASES, get_language(), localdate())


@lru_cache(maxsize=256)
def when(due: date, is_end: bool, language: str, today: date) -> str:
    """A few days stand in thousands of lines; said in a language, and on a day (its year)."""
    words = _("%(day)s 结束") if is_end else _("期限 %(day)s")
    return words % {"day": day(due)}


def repeat_note(rows: Sequence[Reminder]) -> str:
    """What a letter that is sent once more says of itself; empty for every other."""
    if not any(row.repeat_of_id for row in rows):
        return ""
    return _("这条通知再发一次，因为系统不知道上一次有没有送达。如果已经收到，不必理会。")


def in_numbers(rows: Iterable[Reminder]) -> str:
    """2 项已逾期，1 项今天到期."""
    ordered = in_reading_order(rows)
    counted = [(each, len(list(same))) for each, same in groupby(ordered, key=section_of)]
    return _("，").join(str(section.many % {"count": count}) for section, count in counted)


def subject(rows: Sequence[Reminder]) -> str:
    """The line that matters most, and how many there are."""
    first = headline(in_reading_order(rows)[0])
    if len(rows) > 1:
        first = _("%(headline)s（共 %(count)d 项）") % {"headline": first, "count": len(rows)}
    return one_line(first)


# --- mail --------------------------------------------------------------------------------


def compose(letter: Letter, rows: Sequence[Reminder], language: str) -> Mail:
    """One mail with all of these, text and HTML; links need no more than signing in.

    Raises whatever a catalog or a template that is broken raises.
    """
    with translation.override(language):
        title = letter.subject or subject(rows)
        context = {
            "person": letter.person,
            "subject": title,
            "note": repeat_note(rows),
            "sections": sections(rows),
            "campaigns": sorted(map(str, {row.campaign_id: row.campaign for row in rows}.values())),
            "home": settings.SITE_URL + reverse("home"),
        }
        mail = Mail(
            subject=title,
            body=render_to_string("mail/reminders.txt", context),
            to=[letter.person.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("mail/reminders.html", context), "text/html")
    return mail


def sections(rows: Iterable[Reminder]) -> list[dict]:
    """What happened, what is overdue, due today, due soon; then the phases under one word."""
    return [
        {"word": section.word, "lines": [line(row) for row in same]}
        for section, same in groupby(in_reading_order(rows), key=section_of)
    ]


def line(row: Reminder) -> dict:
    title = row.title if section_of(row) in SPEAKING else headline(row)
    return {"title": title, "details": details(row), "url": settings.SITE_URL + row.url}
