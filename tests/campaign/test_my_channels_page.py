"""How one is reminded: what can be switched off, what can't, and where it goes."""

import pytest

from campaign.models import ChannelChoice, Robot
from organization.history import history_of
from organization.models import User
from tests import cast

PAGE = "/me/channels/"


@pytest.fixture
def manager(client, company):
    client.force_login(company.manager)
    return client


def text_of(response):
    return response.content.decode()


def robot(name, **scope):
    return Robot.objects.create(name=name, kind="wecom", sealed="x", created_at=cast.NOW, **scope)


def test_who_chose_nothing_has_all_that_there_is(manager):
    page = text_of(manager.get(PAGE))
    assert page.count("checked") == 2
    assert "<h1>提醒发到站内信和邮箱</h1>" in page
    assert "发到 pm01@example.test" in page


def test_a_choice_is_kept_and_on_record(manager, company):
    page = text_of(manager.post(PAGE, {"robots": "on"}, follow=True))
    assert "已保存" in page
    assert "<h1>提醒只在站内信里</h1>" in page
    choice = ChannelChoice.objects.get()
    assert (choice.person, choice.mail, choice.robots) == (company.manager, False, True)
    entry = history_of(company.manager).get()
    assert (entry.verb, entry.detail) == ("choose_channels", {"mail": False, "robots": True})


def test_choosing_the_same_again_changes_nothing(manager, company):
    for _ in range(2):
        manager.post(PAGE, {"robots": "on"})
    assert history_of(company.manager).count() == 1


def test_switched_on_again(manager):
    manager.post(PAGE, {})
    page = text_of(manager.post(PAGE, {"mail": "on", "robots": "on"}, follow=True))
    assert page.count("checked") == 2


def test_it_says_what_cannot_be_switched_off(manager):
    page = text_of(manager.get(PAGE))
    assert "关不掉的通知" in page
    assert "被退回" in page


@pytest.mark.parametrize(
    ("address", "words"),
    [("", "您没有登记邮箱"), ("陈立群", "登记的邮箱 陈立群 不对")],
)
def test_who_cannot_be_written_to_is_told_so(manager, company, address, words):
    User.objects.filter(pk=company.manager.pk).update(email=address)
    page = text_of(manager.get(PAGE))
    assert words in page
    assert "<h1>提醒只在站内信里</h1>" in page


def test_the_groups_that_hear_of_ones_things_are_named(manager, company):
    robot("锦澜府群", project=company.one)
    robot("高新区群", region="高新")
    robot("翠屏苑群", project=company.two)
    robot("公司群")
    robot("旧群", project=company.one, switched_off_at=cast.NOW)
    page = text_of(manager.get(PAGE))
    assert "<h1>提醒发到站内信、邮箱和工作群</h1>" in page
    named = {
        name for name in ("锦澜府群", "高新区群", "翠屏苑群", "公司群", "旧群") if name in page
    }
    assert named == {"锦澜府群", "高新区群"}


def test_the_companys_group_is_for_who_works_for_the_company(client, company):
    robot("公司群")
    client.force_login(company.center)
    assert "公司群" in text_of(client.get(PAGE))


def test_the_account_page_leads_here(manager):
    assert f'href="{PAGE}"' in text_of(manager.get("/me/"))
