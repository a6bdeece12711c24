"""The ledger of reminders: who sees it, its filters and pages, sending again, its file."""

import io
import re
from copy import copy
from datetime import date, timedelta
from itertools import chain

import openpyxl
import pytest

from campaign.ledger.page import MOST_COUNTED, PAGE_SIZE
from campaign.models import Reminder, Robot
from campaign.models.reminders import Delivery
from organization.models import User
from organization.saved_views import views_of
from tests import cast
from tests.campaign import ledgers
from tests.queries import queries_of

LEDGER = "/reminders/"
EXCEL = "/reminders/excel/"


@pytest.fixture
def tell(company):
    def tell(person=company.manager, **facts):
        return ledgers.told(company.campaign, person, **facts)

    return tell


@pytest.fixture
def center(client, company):
    client.force_login(company.center)
    return client


def text_of(response) -> str:
    return response.content.decode()


def people_on(page: str) -> list[str]:
    """The names in the table, as they stand there."""
    return re.findall(r'scope="row">(\S+) <small', page)


def shown(client, query="") -> list[str]:
    return people_on(text_of(client.get(LEDGER + query)))


# --- who


@pytest.mark.parametrize(
    ("who", "status"),
    [("center", 200), ("admin", 200), ("president", 200), ("executive", 200), ("lead", 403),
     ("manager", 403)],
)  # fmt: skip
@pytest.mark.parametrize("address", [LEDGER, EXCEL, "/reminders/state/"])
def test_the_center_administrators_and_the_companys_leaders_see_it(
    client, company, who, status, address
):
    client.force_login(getattr(company, who))
    assert client.get(address).status_code == status


@pytest.mark.parametrize(
    ("who", "tab"),
    [("center", True), ("admin", True), ("president", True), ("lead", False)],
)
def test_who_sees_it_has_a_tab(client, company, who, tab):
    client.force_login(getattr(company, who))
    page = text_of(client.get("/c/c11/timeline/")) + text_of(client.get("/settings/robots/"))
    assert ('href="/reminders/"' in page) == tab


# --- what


def test_an_empty_ledger_says_where_to_look(center):
    page = text_of(center.get(LEDGER))
    assert "<h1>还没有提醒过谁</h1>" in page
    assert 'href="/reminders/state/"' in page


def test_a_row_says_everything_and_leads_to_the_thing(company, center, tell):
    owed = cast.obligation(cast.milestone(company.campaign), project=company.one)
    tell(thing=owed.thing, rule="escalate-3", delivery=Delivery.FAILED, error="550 a@b.test no")
    page = text_of(center.get(LEDGER))
    assert "<h1>1 条提醒</h1>" in page
    for words in ("陈立群", "pm01", "逾期 3 天上报", "邮件", "发送失败", "550 … no"):
        assert words in page
    assert f'href="{owed.get_absolute_url()}"' in page
    assert "各项目召开动员会，正式启动" in page


def test_titles_are_in_the_readers_language(company, client, tell):
    owed = cast.obligation(cast.milestone(company.campaign), project=company.one)
    tell(thing=owed.thing)
    company.center.language = "en"
    company.center.save()
    client.force_login(company.center)
    assert "Each project holds its kick-off meeting" in text_of(client.get(LEDGER))


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("", ["马超", "刘晓燕", "陈立群"]),
        ("campaign=c11", ["马超", "刘晓燕", "陈立群"]),
        ("campaign=nothing", ["马超", "刘晓燕", "陈立群"]),
        ("person=晓燕", ["刘晓燕"]),
        ("person=PM01", ["陈立群"]),
        ("person=nobody", []),
        ("channel=inbox", ["马超"]),
        ("channel=robot", ["刘晓燕"]),
        ("channel=robot-99", []),
        ("channel=nonsense", ["马超", "刘晓燕", "陈立群"]),
        ("rule=before", ["陈立群"]),
        ("rule=notice", ["马超"]),
        ("result=sent", ["陈立群"]),
        ("result=trouble", ["马超", "刘晓燕"]),
        ("result=unknown", ["马超"]),
        ("kind=finding", ["刘晓燕"]),
        ("thing=sheet:3", ["马超"]),
        ("days=1", ["马超"]),
        ("days=7", ["马超", "刘晓燕"]),
        ("since=2011-11-25&until=2011-11-25", ["刘晓燕"]),
        ("until=2011-11-24", ["陈立群"]),
        ("since=x&days=99", ["马超", "刘晓燕", "陈立群"]),
        ("kind=finding&result=sent", []),
    ],
)
def test_each_filter_leaves_what_it_says(company, center, tell, time_machine, query, who):
    time_machine.move_to(cast.NOW, tick=False)
    robot = Robot.objects.create(name="群", kind="wecom", sealed="x", created_at=cast.NOW)
    tell(at=cast.moment(2011, 11, 1))
    tell(
        company.head,
        thing="finding:2",
        title="消防通道堆放杂物",
        rule="after-7",
        channel=robot.channel,
        robot=robot,
        delivery=Delivery.FAILED,
        at=cast.moment(2011, 11, 25, 23, 59),
    )
    tell(
        company.worker,
        thing="sheet:3",
        rule="notice",
        channel="inbox",
        delivery=Delivery.UNKNOWN,
        at=cast.NOW,
    )
    assert shown(center, f"?{query}") == who


def test_one_robots_rows_are_found_by_its_name(center, tell):
    robot = Robot.objects.create(name="锦澜府工作群", kind="wecom", sealed="x", created_at=cast.NOW)
    tell(channel=robot.channel, robot=robot)
    page = text_of(center.get(f"{LEDGER}?channel={robot.channel}"))
    assert len(people_on(page)) == 1
    assert f'value="{robot.channel}" selected>锦澜府工作群' in page


def test_filters_that_leave_nothing_say_so_and_can_be_taken_off(center, tell):
    tell()
    page = text_of(center.get(LEDGER + "?person=nobody"))
    assert "<h1>没有符合条件的提醒</h1>" in page
    assert "去掉筛选" in page


def test_filters_are_kept_as_a_view(center, company, tell):
    tell()
    query = "?result=failed&page=before-99"
    assert "保存这个筛选" in text_of(center.get(LEDGER + query))
    center.post(
        "/me/views/", {"next": LEDGER + query, "page_name": "ledger", "view_name": "没送到的"}
    )
    assert [view.query for view in views_of(company.center, "ledger")] == ["result=failed"]


# --- pages


def turned(page: str, word: str) -> str:
    """The address of a button that turns the page, empty where there is none."""
    found = re.search(rf'<a class="btn" href="([^"]+)">(?:<svg(?:(?!</svg>).)*</svg>)?{word}', page)
    return found[1].replace("&amp;", "&") if found else ""


def ticked(page: str) -> list[str]:
    return re.findall(r'name="chosen" value="(\d+)"', page)


def test_pages_are_turned_there_and_back_and_keep_the_filters(company, center):
    ledgers.many(company.campaign, company.manager, 2 * PAGE_SIZE + 1, delivery=Delivery.FAILED)
    first = text_of(center.get(LEDGER + "?result=failed"))
    assert turned(first, "较新的") == ""
    second = text_of(center.get(LEDGER + turned(first, "较早的")))
    third = text_of(center.get(LEDGER + turned(second, "较早的")))
    assert "result=failed" in turned(second, "较早的")
    assert turned(third, "较早的") == ""
    numbers = [ticked(page) for page in (first, second, third)]
    assert [len(each) for each in numbers] == [PAGE_SIZE, PAGE_SIZE, 1]
    assert len(set(chain(*numbers))) == 2 * PAGE_SIZE + 1
    back = text_of(center.get(LEDGER + turned(third, "较新的")))
    assert ticked(back) == numbers[1]
    assert ticked(text_of(center.get(LEDGER + turned(back, "较新的")))) == numbers[0]


@pytest.mark.parametrize("page", ["before-x", "after-", "-1", "before-" + "9" * 40, "2"])
def test_a_page_that_makes_no_sense_is_the_first(center, tell, page):
    tell()
    assert shown(center, f"?page={page}") == ["陈立群"]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30"])
def test_a_day_that_has_no_neighbour_narrows_nothing(center, tell, day):
    tell()
    assert shown(center, f"?since={day}&until={day}") == ["陈立群"]


def test_more_than_a_thousand_are_not_counted(company, center):
    day = date(2000, 1, 1)
    Reminder.objects.bulk_create(
        Reminder(
            campaign=company.campaign,
            person=company.manager,
            thing="obligation:1",
            rule="before-3",
            occurrence=str(day + timedelta(number)),
            channel="mail",
            wanted_at=cast.NOW,
        )
        for number in range(MOST_COUNTED + 1)
    )
    assert "<h1>超过 1,000 条提醒</h1>" in text_of(center.get(LEDGER))


def test_three_hundred_rows_ask_no_more_than_three(company, center):
    owed = cast.obligation(cast.milestone(company.campaign), project=company.one)

    def look():
        center.get(LEDGER + "?result=failed")

    facts = {"thing": owed.thing, "delivery": Delivery.FAILED}
    ledgers.many(company.campaign, company.manager, 3, **facts)
    few = queries_of(look)
    ledgers.many(company.campaign, company.worker, 297, **facts)
    assert queries_of(look) == few + 1  # what is on one page needs no counting


def test_many_pages_ask_as_often_however_many(company, center):
    ledgers.many(company.campaign, company.manager, PAGE_SIZE + 1)
    few = queries_of(lambda: center.get(LEDGER))
    ledgers.many(company.campaign, company.worker, 3 * PAGE_SIZE)
    assert queries_of(lambda: center.get(LEDGER)) == few


# --- sending again


def press(client, query="", **fields):
    return client.post(LEDGER + query, fields)


def test_what_is_ticked_is_sent_again_and_the_page_comes_back(center, tell):
    row, other = tell(delivery=Delivery.FAILED), tell(delivery=Delivery.FAILED, occurrence="2")
    assert ticked(text_of(center.get(LEDGER))) == [str(other.pk), str(row.pk)]
    notices(row, other)
    answer = press(center, "?result=failed", chosen=[row.pk], reason="修好了")
    assert answer.url == LEDGER + "?result=failed"
    assert [each.repeat_of for each in Reminder.objects.exclude(repeat_of=None)] == [row]
    page = text_of(center.get(LEDGER))
    assert "已安排重新发送 1 条。" in page
    assert ticked(page) == [str(other.pk)]


def notices(*rows):
    """As if they told what happened: that holds whatever has become of the thing."""
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(rule="notice")


def test_everything_that_the_filters_leave_may_be_sent_again_at_once(company, center):
    rows = ledgers.many(
        company.campaign, company.manager, 60, rule="notice", delivery=Delivery.FAILED
    )
    ledgers.told(company.campaign, company.worker, rule="notice", delivery=Delivery.FAILED)
    assert "筛选出的 60 条" in text_of(center.get(LEDGER + "?result=failed&person=pm01"))
    press(center, "?result=failed&person=pm01", all="1", reason="修好了")
    assert Reminder.objects.exclude(repeat_of=None).count() == len(rows)


def test_without_a_reason_nothing_happens_and_the_ticks_stay(center, tell):
    row = tell(delivery=Delivery.FAILED)
    answer = press(center, chosen=[row.pk], reason=" ")
    assert answer.status_code == 422
    page = text_of(answer)
    assert "请写明为什么重新发送。" in page
    assert f'value="{row.pk}" checked' in page
    assert Reminder.objects.count() == 1


def test_too_many_keep_the_reason_that_was_typed(center, tell):
    tell()
    page = text_of(press(center, reason="邮件服务器修好了"))
    assert "请先勾选" in page
    assert ">邮件服务器修好了</textarea>" in page


def test_what_is_refused_is_named_with_why(center, tell, company):
    row = tell(company.worker, delivery=Delivery.FAILED)
    page = text_of(press(center, chosen=[row.pk], reason="修好了"))
    assert "1 条没有重新发送" in page
    assert "已经办完，或不再由本人办" in page


def test_who_may_only_read_it_has_no_buttons(client, company, tell):
    tell(delivery=Delivery.FAILED)
    client.force_login(company.executive)
    page = text_of(client.get(f"{LEDGER}?result=failed"))
    assert people_on(page) and "重新发送" not in page and 'method="post" action="?' not in page


@pytest.mark.parametrize("who", ["president", "executive", "manager"])
def test_nobody_else_sends_anything(client, company, tell, who):
    row = tell(delivery=Delivery.FAILED)
    client.force_login(getattr(company, who))
    assert press(client, chosen=[row.pk], reason="x").status_code == 403
    assert Reminder.objects.count() == 1


@pytest.mark.parametrize("chosen", ["x", "", "9" * 40])
def test_a_tick_that_is_no_row_is_none(center, tell, chosen):
    tell(delivery=Delivery.FAILED)
    assert press(center, chosen=[chosen], reason="x").status_code == 422


# --- the file


def rows_of(response) -> list[tuple]:
    data = io.BytesIO(b"".join(response.streaming_content))
    return list(openpyxl.load_workbook(data).active.iter_rows(values_only=True))


def test_the_file_has_what_the_filters_leave_newest_first(company, center, tell):
    tell(company.worker)
    tell(delivery=Delivery.FAILED, error="550 a@b.test no", occurrence="1")
    tell(delivery=Delivery.FAILED, occurrence="2", title="=cmd()", url="/x/")
    heads, second, first = rows_of(center.get(EXCEL + "?result=failed"))
    assert heads[:4] == ("时间", "专项工作", "姓名", "用户名")
    assert second[5] == "=cmd()"
    assert second[13] == "http://testserver/x/"
    assert first[2:12] == (
        *("陈立群", "pm01", "任务", "任务", "到期前 3 天", "邮件", "发送失败"),
        *("2011-11-27 10:00", 0, "550 … no"),
    )


def test_the_file_asks_a_batch_at_a_time(company, center):
    ledgers.many(company.campaign, company.manager, 3)
    few = queries_of(lambda: rows_of(center.get(EXCEL)))
    ledgers.many(company.campaign, company.worker, 200)
    assert queries_of(lambda: rows_of(center.get(EXCEL))) == few


def test_the_file_names_more_people_than_sqlite_takes_at_once(company, center):
    names = [f"p{number:04}" for number in range(1100)]
    people = User.objects.bulk_create(User(username=each, name=each) for each in names)
    one = ledgers.told(company.campaign, company.manager)
    Reminder.objects.bulk_create(copy_for(one, each) for each in people)
    _heads, *rows = rows_of(center.get(EXCEL))
    assert {row[3] for row in rows} == {"pm01", *names}


def copy_for(row: Reminder, person: User) -> Reminder:
    made = copy(row)
    made.pk, made.person = None, person
    return made
