"""Deleting in the admin site: what keeps a thing is counted, however much it is."""

import re

import pytest
from django.urls import reverse

from organization.models import HistoryEntry, Project, Specialty, User
from scoring.models import Rubric
from tests import cast
from tests.queries import queries_of


@pytest.fixture
def company(db):
    return cast.company()


@pytest.fixture
def administrator(client, company):
    client.force_login(company.admin)
    return client


@pytest.fixture
def used(company):
    found = Specialty.objects.get(code="order")
    more_rubrics(company, found, 1, first=1)
    return found


def page_of(specialty) -> str:
    return reverse("admin:organization_specialty_delete", args=[specialty.pk])


def more_rubrics(company, specialty, number, first=10):
    Rubric.objects.bulk_create(
        Rubric(campaign=company.campaign, specialty=specialty, version=version, created_at=cast.NOW)
        for version in range(first, first + number)
    )


def test_what_keeps_a_specialty_is_told_by_number(administrator, company, used):
    more_rubrics(company, used, 3)
    told = administrator.get(page_of(used)).content.decode()
    assert f"{Rubric._meta.verbose_name_plural}: 4" in told
    administrator.post(page_of(used), {"post": "yes"})
    assert Specialty.objects.filter(pk=used.pk).exists()


def test_it_asks_as_much_however_much_there_is(administrator, company, used):
    few = queries_of(lambda: administrator.get(page_of(used)))
    more_rubrics(company, used, 40)
    assert queries_of(lambda: administrator.get(page_of(used))) == few


def test_all_that_keeps_several_is_counted_together(administrator, company, used):
    other = Specialty.objects.get(code="facilities")
    more_rubrics(company, other, 2)
    sent = {"action": "delete_selected", "_selected_action": [used.pk, other.pk]}
    address = reverse("admin:organization_specialty_changelist")
    told = administrator.post(address, sent).content.decode()
    number = Rubric.objects.filter(specialty__in=[used, other]).count()
    assert number > 2 and f"{Rubric._meta.verbose_name_plural}: {number}<" in told


def test_what_keeps_a_specialty_is_asked_in_one_query(administrator, used):
    assert queries_of(lambda: administrator.get(page_of(used))) <= 5


def test_what_nothing_needs_is_deleted(administrator):
    unused = Specialty.objects.create(code="pools", name_zh_hans="泳池", name_en="Pools", order=9)
    administrator.post(page_of(unused), {"post": "yes"})
    assert not Specialty.objects.filter(pk=unused.pk).exists()


def many(model, number: int, **fields) -> list:
    made = [
        model(**{name: f"{word}{row}" for name, word in fields.items()}) for row in range(number)
    ]
    return model.objects.bulk_create(made)


def asked_about(administrator, things, action) -> tuple[str, dict]:
    """The list's address, and what its page that asks again sends."""
    address = reverse(f"admin:organization_{things[0]._meta.model_name}_changelist")
    sent = {"action": action, "index": 0, "select_across": 1, "_selected_action": things[0].pk}
    page = administrator.post(f"{address}?q=many", sent).content.decode()
    form = page[page.rindex("<form") :]
    return f"{address}?q=many", dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_more_can_be_deleted_at_once_than_a_form_may_have_fields(administrator, settings):
    things = many(Project, 30, code="many-", name="园")
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    address, sent = asked_about(administrator, things, "delete_selected")
    assert administrator.post(address, sent).status_code == 302
    assert not Project.objects.filter(code__startswith="many-").exists()
    entries = HistoryEntry.objects.filter(verb="admin_delete")
    assert len(entries) == 30 and {each.detail["was"]["code"] for each in entries} == {
        each.code for each in things
    }


def test_more_can_be_erased_at_once_than_a_form_may_have_fields(administrator, settings):
    things = many(User, 12, username="many-", name="人")
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    address, sent = asked_about(administrator, things, "erase")
    told = administrator.post(address, sent | {"erase_confirmed": "1"}, follow=True)
    assert not User.objects.filter(username__startswith="many-").exists()
    assert len(told.context["messages"]) == 1


def test_not_everybody_is_erased_in_one_go(administrator, company):
    """Which would take longer than an answer is waited for, and break off half-way."""
    things = many(User, 501, username="many-", name="人")
    address = reverse("admin:organization_user_changelist")
    sent = {"action": "erase", "index": 0, "select_across": 1, "_selected_action": things[0].pk}
    for more in ({}, {"erase_confirmed": "1"}):
        told = administrator.post(f"{address}?q=many", sent | more, follow=True).content.decode()
        assert "一次最多抹去 500 人，请分几次选。" in told
    assert not User.objects.filter(erased_at__isnull=False).exists()


def test_of_several_those_are_named_that_are_still_needed(administrator, company):
    things = many(Project, 12, code="many-", name="园")
    for each in things[3:5]:
        cast.post(company.worker, "employee", project=each)
    sent = {"action": "delete_selected", "_selected_action": [each.pk for each in things]}
    address = reverse("admin:organization_project_changelist")
    told = administrator.post(address, sent).content.decode()
    assert "选中的有 2 个还要用到：园3、园4<" in told
