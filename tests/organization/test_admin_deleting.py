"""Deleting in the admin site: what keeps a thing is counted, however much it is."""

import pytest
from django.urls import reverse

from organization.models import Specialty
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
