"""The inbox: one's own messages only, read by opening them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from campaign.models import Letter, Message, Reminder
from tests import cast

INBOX = "/inbox/"


@pytest.fixture
def send(company):
    def send(person, title="已退回：动员会", **fields):
        return Message.objects.create(
            person=person,
            campaign=company.campaign,
            title=title,
            **{"url": "/me/", "sent_at": cast.NOW} | fields,
        )

    return send


@pytest.fixture
def manager(client, company):
    client.force_login(company.manager)
    return client


def text_of(response):
    return response.content.decode()


def test_the_answer_is_how_many_are_unread(manager, company, send):
    send(company.manager)
    send(company.manager, read_at=cast.NOW)
    send(company.other_manager)
    assert "<h1>1 条未读消息</h1>" in text_of(manager.get(INBOX))


def test_an_empty_inbox_says_what_will_come(manager):
    page = text_of(manager.get(INBOX))
    assert "<h1>没有未读消息</h1>" in page
    assert "还没有消息" in page


def test_newest_first_with_their_text(manager, company, send):
    send(company.manager, "旧的", sent_at=cast.moment(2011, 11, 20))
    send(company.manager, "新的", body="缺 2 人签字\n<b>请补</b>")
    page = text_of(manager.get(INBOX))
    assert page.index("新的") < page.index("旧的")
    assert "缺 2 人签字<br>&lt;b&gt;请补&lt;/b&gt;" in page


def test_only_the_unread_ones(manager, company, send):
    send(company.manager, "看过的", read_at=cast.NOW)
    send(company.manager, "没看的")
    page = text_of(manager.get(INBOX + "?unread=1"))
    assert "没看的" in page
    assert "看过的" not in page


def test_opening_a_message_marks_it_read_and_leads_to_the_thing(manager, company, send):
    message = send(company.manager)
    response = manager.get(reverse("message", args=[message.pk]))
    message.refresh_from_db()
    assert message.read_at
    assert response.url == "/me/"


def test_opening_it_again_keeps_when_it_was_first_read(manager, company, send):
    message = send(company.manager, read_at=cast.NOW)
    manager.get(reverse("message", args=[message.pk]))
    message.refresh_from_db()
    assert message.read_at == cast.NOW


def test_a_message_about_nothing_leads_back_to_the_inbox(manager, company, send):
    message = send(company.manager, url="")
    assert manager.get(reverse("message", args=[message.pk])).url == INBOX


def test_other_peoples_messages_do_not_exist(manager, company, send):
    theirs = send(company.other_manager)
    assert manager.get(reverse("message", args=[theirs.pk])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_somebody_signed_out_signs_in_first_and_then_lands_on_the_message(client, company, send):
    message = send(company.manager)
    address = reverse("message", args=[message.pk])
    response = client.get(address)
    assert response.url == f"/accounts/login/?next={address}"
    signed_in = client.post(response.url, {"username": "pm01", "password": cast.PASSWORD})
    assert signed_in.url == address


def test_all_that_was_shown_is_marked_read_and_nobody_elses(manager, company, send):
    shown, theirs = send(company.manager), send(company.other_manager)
    came_since = send(company.manager)
    response = manager.post("/inbox/read/", {"newest": shown.pk}, follow=True)
    unread = set(Message.objects.unread())
    assert unread == {theirs, came_since}
    assert "已全部标为已读" in text_of(response)


def test_marking_read_takes_a_post(manager, company, send):
    send(company.manager)
    assert manager.get("/inbox/read/").status_code == 405
    assert company.manager.messages_received.unread().count() == 1


def test_more_than_fifty_are_paged_and_keep_the_filter(manager, company, send):
    for number in range(51):
        send(company.manager, f"第 {number} 条")
    page = text_of(manager.get(INBOX + "?unread=1"))
    assert page.count('class="inbox-title"') == 50
    assert "?unread=1&amp;page=2" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_many_messages(
    manager, company, send, count, django_assert_num_queries
):
    for _ in range(count):
        send(company.manager)
    manager.get(INBOX)
    with django_assert_num_queries(9):
        manager.get(INBOX)


def test_a_number_longer_than_any_message_has_marks_all_read(manager, company, send):
    message = send(company.manager)
    assert manager.post(INBOX + "read/", {"newest": "9" * 6000}).url == INBOX
    message.refresh_from_db()
    assert message.read_at


# --- digests -------------------------------------------------------------------------------


@pytest.fixture
def digest(company, send):
    """A message that tells of several things, each with a row in the ledger."""

    days = (date(2011, 11, 1) + timedelta(days=number) for number in range(20))

    def digest(person, count):
        letter = Letter.objects.create(
            person=person, channel="inbox", kind="digest", day=next(days)
        )
        for number in range(count):
            Reminder.objects.create(
                campaign=company.campaign,
                person=person,
                thing=f"duty:{number}",
                rule="on-0",
                occurrence=letter.pk,
                channel="inbox",
                title=f"第 {number} 件",
                url=f"/things/{number}/",
                due=date(2011, 11, 20),
                wanted_at=cast.NOW,
                letter=letter,
            )
        return send(person, f"{count} 项今天到期", letter=letter, url="/")

    return digest


def test_a_digest_lists_what_it_tells_of_each_a_link(manager, company, digest):
    message = digest(company.manager, 2)
    page = text_of(manager.get(INBOX))
    for row in message.letter.reminders.all():
        link = f'<a href="/inbox/{message.pk}/?line={row.pk}">今天到期：{row.title}</a>'
        assert link in page


def test_a_long_digest_shows_its_first_lines_and_how_many_more_there_are(manager, company, digest):
    digest(company.manager, 8)
    page = text_of(manager.get(INBOX))
    assert page.index("第 4 件") < page.index("还有 3 项") < page.index("第 5 件")


def test_a_digest_of_one_thing_is_a_plain_message(manager, company, digest):
    digest(company.manager, 1)
    assert "?line=" not in text_of(manager.get(INBOX))


def test_a_line_leads_to_its_thing_and_the_digest_is_read(manager, company, digest):
    message = digest(company.manager, 3)
    line = message.letter.reminders.get(title="第 1 件")
    address = reverse("message", args=[message.pk])
    assert manager.get(f"{address}?line={line.pk}").url == "/things/1/"
    message.refresh_from_db()
    assert message.read_at


@pytest.mark.parametrize("line", ["0", "x", "9" * 400])
def test_a_line_that_the_digest_does_not_have_leads_where_the_digest_does(
    manager, company, digest, line
):
    address = reverse("message", args=[digest(company.manager, 2).pk])
    assert manager.get(f"{address}?line={line}").url == "/"


def test_lines_of_somebody_elses_digest_lead_nowhere(manager, company, digest):
    mine, theirs = digest(company.manager, 2), digest(company.other_manager, 2)
    line = theirs.letter.reminders.get(title="第 1 件")
    address = reverse("message", args=[mine.pk])
    assert manager.get(f"{address}?line={line.pk}").url == "/"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_many_digests(
    manager, company, send, digest, count, django_assert_num_queries
):
    for _ in range(count):
        digest(company.manager, 2)
    manager.get(INBOX)
    with django_assert_num_queries(10):
        manager.get(INBOX)
