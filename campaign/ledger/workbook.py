"""The ledger as a workbook: a batch of rows at a time, written to a file that is then sent.

Memory stays flat however many rows there are.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import IO

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaign.ledger.filters import Narrowing
from campaign.models import Reminder
from campaign.registry import kind_of
from campaign.reminders.naming import named_rows
from campaign.reminders.words import rule_name
from campaign.told import Told, word_of
from organization.list_book import ListBook, Look

BATCH = 500  # SQLite refuses a thousand people at once, whom Django names one by one with OR
MOST_ROWS = 50_000  # more is no list for people; narrower filters give the rest


def columns() -> list[tuple[str, int]]:
    """The heads and how wide they are."""
    return [
        (_("时间"), 17), (_("专项工作"), 24), (_("姓名"), 10), (_("用户名"), 14), (_("类别"), 10),
        (_("事项"), 48), (_("规则"), 16), (_("渠道"), 14), (_("结果"), 10), (_("发送时间"), 17),
        (_("尝试次数"), 8), (_("原因"), 40), (_("重发"), 6), (_("网址"), 40),
    ]  # fmt: skip


def ledger_workbook(found: Narrowing, *, site: str) -> IO[bytes]:
    """The newest fifty thousand of what the filters leave, as a file to be read from its start.

    `site` is the beginning of the addresses that lead to each thing.
    """
    heads, widths = zip(*columns(), strict=True)
    book = ListBook(_("提醒台账"), widths, freeze="B2", is_long=True)
    book.append(heads, Look(bold=True))
    for row in rows_of(found.rows, site):
        book.append(row)
    return book.file()


def rows_of(rows: QuerySet[Reminder], site: str) -> Iterator[list]:
    writer = Writer(site)
    for batch in batches(rows.prefetch_related("campaign", "person", "robot")):
        named = named_rows(batch, language=get_language())
        yield from (writer.values(Told(row, named.get(row.pk))) for row in batch)
        if writer.count == MOST_ROWS:
            yield [_("只导出最近的 %(most)s 条，请缩小筛选范围。") % {"most": f"{MOST_ROWS:,}"}]


def batches(rows: QuerySet[Reminder]) -> Iterator[list[Reminder]]:
    """The newest first, each batch from where the last one ended."""
    rows, left = rows.order_by("-pk"), MOST_ROWS
    batch = list(rows[: min(BATCH, left)])
    while batch:
        yield batch
        left -= len(batch)
        batch = list(rows.filter(pk__lt=batch[-1].pk)[: min(BATCH, left)])


class Writer:
    """What a row says; what many rows have in common is put into words once."""

    def __init__(self, site: str):
        self.site, self.count = site, 0
        self.rule, self.kind = cache(rule_name), cache(word_of)
        self.word = cache(str)  # of campaigns and states

    def values(self, told: Told) -> list:
        self.count += 1
        row = told.row
        return [
            minute(row.wanted_at),
            self.word(row.campaign),
            row.person,
            row.person.username,
            self.kind(f"{kind_of(row.thing)}:"),
            told.title,
            self.rule(row.rule),
            told.channel,
            self.word(told.state),
            minute(row.sent_at or row.begun_at),
            row.attempts,
            told.reason,
            _("是") if told.is_repeat else "",
            self.site + told.url if told.url else "",
        ]


def minute(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
