"""Whom neither mail nor a robot reaches: who is on that list, who sees it, and why they are."""

import re
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from campaign.ledger.unreachable import unreachable
from campaign.models import ChannelChoice, Robot
from campaign.reminders.mail import LIKE_AN_ADDRESS
from organization.mail_addresses import IsPlain
from organization.models import Post, User
from organization.roles import Role
from tests import cast
from tests.queries import queries_of

PAGE = "/reminders/unreachable/"


def without_mail(*people, email=""):
    User.objects.filter(pk__in=[person.pk for person in people]).update(email=email)


def names() -> list[str]:
    return list(unreachable().values_list("username", flat=True))


def text_of(response) -> str:
    return response.content.decode()


def test_who_has_an_address_and_takes_mail_is_reached(company):
    assert names() == []


@pytest.mark.parametrize("address", ["", "陈立群", "pm01@", "@example.test", "pm01@example", "a b"])
def test_who_has_no_address_that_can_be_is_not(company, address):
    without_mail(company.manager, email=address)
    assert names() == ["pm01"]


def test_who_switched_mail_off_is_not(company):
    ChannelChoice.objects.create(person=company.manager, mail=False, robots=True)
    assert names() == ["pm01"]


def test_a_robot_reaches_who_works_in_its_project(company):
    without_mail(company.manager, company.other_manager)
    Robot.objects.create(name="锦澜府群", project=company.one, created_at=cast.NOW)
    assert names() == ["pm02"]


def test_not_who_switched_robots_off(company):
    without_mail(company.manager)
    Robot.objects.create(name="锦澜府群", project=company.one, created_at=cast.NOW)
    ChannelChoice.objects.create(person=company.manager, mail=True, robots=False)
    assert names() == ["pm01"]


def test_who_left_or_has_nothing_to_do_with_a_campaign_is_not_asked_for(company):
    without_mail(company.manager, company.head)
    User.objects.filter(pk=company.manager.pk).update(is_active=False)
    elsewhere = cast.project("P99", "云栖里")
    Post.objects.filter(user=company.head).update(project=elsewhere)
    assert names() == []


@given(st.emails() | st.text(max_size=30) | st.from_regex(r"[^@\s]+@[a-z.\-]+", fullmatch=True))
@example("pm@localhost")
@example("pm@[127.0.0.1]")
@example('"a b"@example.com')
def test_every_address_that_mail_goes_to_is_like_one(address):
    try:
        validate_email(address)
    except ValidationError:
        return
    assert re.search(LIKE_AN_ADDRESS, address)


@pytest.mark.parametrize(
    ("who", "status"),
    [("center", 200), ("admin", 200), ("president", 200), ("lead", 403), ("manager", 403)],
)
def test_the_center_administrators_and_the_companys_leaders_see_it(client, company, who, status):
    client.force_login(getattr(company, who))
    assert client.get(PAGE).status_code == status


def test_the_page_says_who_what_they_are_and_why(client, company):
    without_mail(company.manager)
    without_mail(company.head, email="head01@")
    client.force_login(company.center)
    page = text_of(client.get(PAGE))
    assert "2 人只有站内信能通知到" in page
    assert "锦澜府 项目经理" in page
    assert "没有登记邮箱" in page
    assert "登记的邮箱地址不对" in page
    assert "head01@" in page
    found = text_of(client.get(PAGE, {"name": "刘晓"}))
    assert "head01" in found
    assert "pm01" not in found


def test_nobody_is_left_out_and_nobody_is_there(client, company):
    client.force_login(company.center)
    assert "人人都能通知到" in text_of(client.get(PAGE))
    assert "没有符合条件的人" in text_of(client.get(PAGE, {"name": "谁"}))


def test_more_of_them_ask_no_more_of_the_database(client, company):
    client.force_login(company.center)
    asked = []
    for count in (2, 40):
        for number in range(count):
            cast.person(
                f"w{count}-{number}", f"员工{count}-{number}", Role.EMPLOYEE, project=company.one
            )
        without_mail(*User.objects.filter(username__startswith="w"))
        asked.append(queries_of(lambda: client.get(PAGE)))
    assert asked[0] == asked[1]
    page = text_of(client.get(PAGE))
    assert "42 人" in page
    assert "w40-39" in page


PARTS = ("a", "@", ".", " ", "\t", "\n", "\u3000", "\xa0", "é", "-", "[", "]", "Z", "~", "!", "_")


def test_an_address_of_the_usual_shape_is_like_one_whatever_it_is_made_of(db):
    tried = {"".join(made) for many in (4, 5) for made in product(PARTS[:4], repeat=many)}
    tried |= {f"{a}{b}@{b}c{a}.{b}{a}d" for a in PARTS for b in PARTS}
    User.objects.bulk_create(User(username=f"x{n}", email=e) for n, e in enumerate(sorted(tried)))
    found = User.objects.filter(IsPlain("email"), username__startswith="x")
    plain = set(found.values_list("email", flat=True))
    assert plain == {each for each in tried if is_plain(each)}
    assert len(plain) > 20 and all(re.search(LIKE_AN_ADDRESS, each) for each in plain)


def is_plain(address: str) -> bool:
    return bool(re.fullmatch(r"[!-?A-~]+@([!-\-/-?A-~]+\.)+[!-\-/-?A-~]+", address))
