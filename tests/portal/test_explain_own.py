"""Whoever is on an approved list reads where their amount comes from, also after leaving."""

import pytest
from django.urls import reverse

from inspections.models import ObservationPhoto
from organization.models import Post, User
from rewards.own_lines import own_projects
from tests.portal.test_explain import LATER, company, finish_all, settled, url  # noqa: F401


@pytest.fixture
def left(company, client):  # noqa: F811
    """The manager of P01 is paid, and has no post anywhere any more."""
    finish_all(company, lost=("2",), photos=True)
    settled(company)
    company.settlement = company.campaign.settlements.get()
    Post.objects.filter(user=company.manager).update(until=LATER.date())
    client.force_login(User.objects.get(pk=company.manager.pk))
    return company


def photo():
    return reverse("file", args=[ObservationPhoto.objects.first().file_id])


def test_the_page_and_its_pictures_stay_and_lead_to_nothing_else(left, client):
    page = client.get(url(left))
    said = page.content.decode()
    assert page.status_code == 200 and "+¥1,000" in said
    assert 'href="/c/c11/' not in said.split("<main")[1]
    assert photo() in said and client.get(photo()).status_code == 200


def test_so_do_the_notice_and_what_the_code_on_it_leads_to(left, client):
    notices = client.get(reverse("notices", args=["c11"])).content.decode()
    own = reverse("notice_person", args=["c11", "pm01", "word"])
    assert own in notices and url(left) in notices
    assert client.get(own).status_code == 200
    scanned = client.get(reverse("fingerprint", args=[left.settlement.fingerprint]))
    assert url(left) in scanned.content.decode()


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("explain", ["c11", "P02"]),
        ("project_result", ["c11", "P01"]),
        ("result_deductions", ["c11", "P01"]),
        ("recovery", ["c11", "P01"]),
        ("notice_person", ["c11", "head01", "word"]),
        ("settlement", ["c11"]),
        ("league", ["c11"]),
    ],
)
def test_nothing_beside_it_is_there(left, client, name, args):
    assert client.get(reverse(name, args=args)).status_code in {403, 404}


def test_before_the_approval_nobody_who_left_sees_anything(company, client):  # noqa: F811
    finish_all(company, lost=("2",), photos=True)
    drawn = settled(company, approved=False)
    Post.objects.filter(user=company.manager).update(until=LATER.date())
    client.force_login(User.objects.get(pk=company.manager.pk))
    assert own_projects(drawn, company.manager)
    pages = [url(company), photo(), reverse("notices", args=["c11"])]
    assert {client.get(page).status_code for page in pages} == {404}


def test_who_left_without_a_line_sees_nothing(left, client):
    Post.objects.filter(user=left.worker).update(until=LATER.date())
    client.force_login(User.objects.get(pk=left.worker.pk))
    pages = [url(left), photo(), reverse("notices", args=["c11"])]
    assert {client.get(page).status_code for page in pages} == {404}
