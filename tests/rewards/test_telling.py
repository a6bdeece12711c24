"""Who hears of a settlement: the decider, the center, and everybody whose money moves."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from campaign.models import Message, Reminder
from organization.history import record
from organization.models import User
from rewards.settlement import approve_settlement, draw_up, return_settlement, submit_settlement


@pytest.fixture
def submitted(firm, stand):
    stand(firm.one, "93.70")
    stand(firm.two, "75.45")
    drawn = draw_up(campaign=firm.campaign, by=firm.center, at=firm.at)
    return submit_settlement(settlement=drawn, by=firm.center, at=firm.at)


def told():
    return set(Message.objects.values_list("person__username", "title"))


def urgent_mails():
    found = Reminder.objects.filter(channel="mail", urgent=True)
    return set(found.values_list("person__username", flat=True))


def test_the_president_hears_that_one_waits(firm, submitted):
    ((username, title),) = told()
    assert (username, title.startswith("结算待批准")) == ("president", True)
    assert not urgent_mails()


def test_the_center_hears_at_once_why_it_came_back(firm, submitted):
    return_settlement(settlement=submitted, reason="名单不对", by=firm.president, at=firm.at)
    returned = Message.objects.filter(title__startswith="结算被退回")
    assert {message.body for message in returned} == {"名单不对"}
    assert "center" in urgent_mails()


def test_everybody_whose_money_moves_hears_how_much(firm, submitted):
    approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)
    assert {
        ("pm01", "奖励已批准：锦澜府 +¥1,000"),
        ("head01", "奖励已批准：锦澜府 +¥600"),
        ("pm02", "处罚已批准：翠屏苑 −¥500"),
    } <= told()
    assert urgent_mails() == {"pm01", "head01", "pm02"}


def test_each_reads_it_in_the_own_language(firm, submitted):
    firm.manager.language = "en"
    firm.manager.save()
    approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)
    title = firm.manager.messages_received.latest("pk").title
    assert title == "Reward approved: 锦澜府 +¥1,000"


def test_whoever_sees_no_amounts_finds_none_in_the_ledger(client, firm, submitted):
    approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)
    told = Reminder.objects.filter(title__contains="+¥1,000").latest("pk")
    User.objects.filter(pk__in=[firm.admin.pk, firm.center.pk]).update(is_staff=True)
    kept = reverse("admin:campaign_reminder_changelist")
    opened = reverse("admin:campaign_reminder_change", args=[told.pk])
    seen = {}
    for reader in (firm.center, firm.admin, firm.center):  # in turn: a first page is kept
        client.force_login(reader)
        pages = [client.get(page).content.decode() for page in (reverse("ledger"), kept)]
        sheet = load_workbook(io.BytesIO(client.get(reverse("ledger_excel")).getvalue())).active
        pages.append(str(list(sheet.values)))
        seen[reader] = (*("¥1,000" in page for page in pages), client.get(opened).status_code)
    assert seen == {firm.center: (True, True, True, 200), firm.admin: (False, False, False, 302)}


def test_nor_is_it_sent_again_by_who_may_not_see_it(client, firm, submitted):
    approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)
    told = Reminder.objects.filter(title__contains="+¥1,000", channel="mail").latest("pk")
    Reminder.objects.filter(pk=told.pk).update(delivery="failed")
    before = Reminder.objects.count()
    client.force_login(firm.admin)
    client.post(reverse("ledger"), {"chosen": told.pk, "reason": "没有收到"})
    assert Reminder.objects.count() == before


def test_nor_in_the_data_that_administrators_take_of_somebody(client, firm, submitted):
    approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)
    client.force_login(firm.admin)
    form = {"action": "personal_data", "_selected_action": firm.manager.pk}
    taken = data_in(client.post(reverse("admin:organization_user_changelist"), form))
    assert "1000.00" not in taken and "¥1,000" not in taken and "organization.post" in taken
    client.force_login(firm.manager)
    own = data_in(client.get(reverse("my_data")))
    assert '"amount": "1000.00"' in own and "¥1,000" in own


def test_the_own_amount_is_not_in_the_own_data_before_it_is_approved(client, firm, submitted):
    client.force_login(firm.manager)
    assert "rewards.award" not in data_in(client.get(reverse("my_data")))


def test_that_it_was_sent_again_does_not_say_it_in_the_record(client, firm, submitted):
    approve_settlement(settlement=submitted, total=Decimal(1100), by=firm.president, at=firm.at)
    told = Reminder.objects.filter(title__contains="+¥1,000", channel="mail").latest("pk")
    record(on=told, verb="resend", by=firm.center, at=firm.at)
    seen = {}
    for reader in (firm.center, firm.admin):
        client.force_login(reader)
        page = client.get(reverse("admin:organization_historyentry_changelist"))
        seen[reader] = "¥1,000" in page.content.decode()
    assert seen == {firm.center: True, firm.admin: False}


def data_in(answer) -> str:
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        return archive.read("person.json").decode()
