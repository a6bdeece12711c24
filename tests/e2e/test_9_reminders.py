"""Step 9: a round of reminders reaches people once, in the inbox and by mail."""

import email
import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from campaign.models import Message, ReminderSettings
from tests.campaign.letterbox import Letterbox, serving, use
from tests.e2e.results import opened
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
KICKOFF = "各项目召开动员会，正式启动"


@pytest.fixture
def letterbox(settings):
    """A mail server on this machine, and the product set to use it."""
    box = Letterbox()
    with serving(box) as port:
        use(settings, port)
        yield box


def remind(day) -> dict:
    """The round of nine o'clock."""
    output = io.StringIO()
    call_command("send_reminders", at=f"{day}T09:00", format="json", stdout=output)
    return json.loads(output.getvalue())


def any_day(world):
    """This year's weekends don't matter to what is told here."""
    ReminderSettings.objects.filter(campaign=world.campaign).update(working_days_only=False)


def told(done, username):
    return {
        (line["rule"], line["title"])
        for line in done["reminders"]
        if line["username"] == username and line["channel"] == "inbox"
    }


def text_of(mail: str) -> str:
    """A mail's words, without what they were packed in for the way."""
    parts = email.message_from_bytes(mail.encode()).walk()
    texts = [part for part in parts if part.get_content_type() == "text/plain"]
    return "".join(part.get_payload(decode=True).decode() for part in texts)


def test_once_in_the_inbox_and_by_mail_and_the_link_leads_to_the_thing(
    live_server, letterbox, settings, sign_in, look
):
    world = settle_in("mobilize")
    any_day(world)
    settings.SITE_URL = live_server.url
    due, owed = world.day(10, 10), world.obligation("project_kickoff")
    for days, rule in ((-3, "before-3"), (0, "on-0"), (1, "after-1")):
        letterbox.mails.clear()
        first = remind(due + timedelta(days=days))
        assert (rule, f"锦澜府 · {KICKOFF}") in told(first, "pm01")
        assert letterbox.addresses.count("pm01@example.test") == 1
        again = remind(due + timedelta(days=days))
        assert (again["sent"], again["mails"]) == (0, 0)
        assert letterbox.addresses.count("pm01@example.test") == 1

    manager = sign_in("pm01", "phone")
    manager.get_by_role("link", name="收件箱").click()
    look(manager, "inbox")
    unread = Message.objects.filter(person__username="pm01", read_at=None).count()
    expect(manager.get_by_role("heading", level=1)).to_have_text(f"{unread} 条未读消息")
    manager.get_by_role("link", name=f"已逾期：锦澜府 · {KICKOFF}").click()
    expect(manager.get_by_role("heading", level=1)).to_contain_text("还缺会议纪要")
    manager.get_by_role("link", name="收件箱").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text(f"{unread - 1} 条未读消息")

    mail = next(text for address, text in letterbox.mails if address == "pm01@example.test")
    assert f"{live_server.url}{owed.get_absolute_url()}" in text_of(mail)
    # whoever opens it from the mail is asked who one is, and then is there
    by_mail = sign_in("pm01", address=owed.get_absolute_url())
    expect(by_mail.get_by_text(KICKOFF).first).to_be_visible()


def test_phases_are_told_of_when_they_begin_end_soon_and_end(live_server, letterbox):
    world = settle_in("mobilize")
    any_day(world)
    phase = world.campaign.phases.get(code="self_check")
    days = {
        "phase_begins-0": phase.start,
        "phase_ends-3": phase.end - timedelta(days=3),
        "phase_ends-0": phase.end,
    }
    for rule, day in days.items():
        done = remind(day)
        for username in ("pm01", "center", "exec", "lead-service"):
            assert (rule, "自查自纠") in told(done, username)
        assert not told(remind(day), "pm01")
    assert not told(remind(days["phase_begins-0"]), "emp01")


def test_unfinished_sheets_are_told_to_who_fills_them(live_server, letterbox, sign_in, look):
    world = settle_in("inspect")
    any_day(world)
    world.publish_rubrics()
    sheet = opened(world, "P01", "customer_service", at=world.now)
    done = remind(world.day(11, 28))
    title = "评完评分表：锦澜府 · 客户服务（0 / 19 项）"
    assert ("on-0", title) in told(done, "lead-service")
    assert ("on-0", "客户服务还有 2 个项目没有开始评分") in told(done, "lead-service")
    lead = sign_in("lead-service")
    lead.get_by_role("link", name="收件箱").click()
    look(lead, "lead-inbox")
    lead.get_by_role("link", name=title).click()
    lead.wait_for_url(f"**{sheet.get_absolute_url()}")
    expect(lead.get_by_role("heading", level=1)).to_have_text("锦澜府：已评 0 / 19 项")
