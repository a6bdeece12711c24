"""A list's filters are kept under a name, for oneself alone."""

import pytest
from django.urls import reverse

from organization.errors import Refused
from organization.models import SavedView
from organization.saved_views import MOST, keep_view, views_of
from tests import cast


@pytest.fixture
def company(db):
    return cast.company()


def keep(user, name="逾期", query="show=overdue&page=3", page="findings"):
    return keep_view(user=user, page=page, name=name, query=query, at=cast.NOW)


def test_a_view_keeps_the_filters_and_not_the_page_of_the_list(company):
    assert keep(company.center).query == "show=overdue"


def test_empty_filters_are_none(company):
    with pytest.raises(Refused) as refused:
        keep(company.center, query="project=&page=2")
    assert refused.value.code == "no_filter"


def test_the_same_name_again_means_the_new_filters(company):
    keep(company.center)
    keep(company.center, query="show=verified")
    assert [view.query for view in views_of(company.center, "findings")] == ["show=verified"]


@pytest.mark.parametrize(("name", "code"), [("  ", "blank"), ("名" * 41, "long")])
def test_a_name_is_needed_and_has_an_end(company, name, code):
    with pytest.raises(Refused) as refused:
        keep(company.center, name=name)
    assert (refused.value.code, refused.value.field) == (code, "name")


def test_there_is_an_end_to_them(company):
    for number in range(MOST):
        keep(company.center, name=f"筛选{number}")
    with pytest.raises(Refused, match=str(MOST)):
        keep(company.center, name="再来一个")


def test_the_page_keeps_what_stands_in_the_address_and_leads_back(client, company):
    client.force_login(company.center)
    back = reverse("findings", args=["c11"]) + "?show=overdue"
    answer = client.post(
        reverse("saved_views"),
        {"next": back, "page_name": "findings", "view_name": "我的“逾期” 😀"},
    )
    assert answer.url == back
    assert views_of(company.center, "findings")[0].name == "我的“逾期” 😀"


def test_a_refusal_is_said_on_the_list(client, company):
    client.force_login(company.center)
    back = reverse("findings", args=["c11"])
    sent = {"next": back, "page_name": "findings", "view_name": "没有条件"}
    answer = client.post(reverse("saved_views"), sent, follow=True)
    assert "先选好筛选条件" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_nobody_drops_another_ones_view(client, company):
    kept = keep(company.center)
    client.force_login(company.auditor)
    client.post(reverse("saved_views"), {"next": "/", "drop": kept.pk})
    assert views_of(company.center, "findings") == [kept]
    client.force_login(company.center)
    client.post(reverse("saved_views"), {"next": "/", "drop": kept.pk})
    assert views_of(company.center, "findings") == []


def test_it_leads_to_no_other_site(client, company):
    client.force_login(company.center)
    answer = client.post(reverse("saved_views"), {"next": "//evil.example/?a=1", "view_name": "x"})
    assert answer.url == "/"
