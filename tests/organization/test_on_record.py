"""The watch that goes along with every request and command of the tests, itself watched."""

import pytest
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from organization.history import record
from organization.models import Post, Project, SavedView
from tests import cast
from tests.on_record import OURS, WITHOUT, middleware, tables, watched

pytestmark = pytest.mark.django_db
AT = cast.NOW


@pytest.fixture
def firm():
    return cast.company()


def on(firm, **detail):
    return record(on=firm.one, verb="admin_change", by=firm.admin, at=AT, **detail)


def test_every_model_of_ours_is_watched():
    found = {model._meta.label for app in OURS for model in apps.get_app_config(app).get_models()}
    assert set(tables().values()) == found > set(WITHOUT)


def test_what_is_written_without_a_record_fails(firm):
    with pytest.raises(AssertionError, match=r"INSERT.*organization\.Project"), watched():
        Project.objects.create(code="P99", name="新项目")
    with pytest.raises(AssertionError, match=r"DELETE.*organization\.Post"), watched():
        Post.objects.filter(user=firm.worker).delete()


def test_what_changes_without_saying_from_what_to_what_fails(firm):
    with pytest.raises(AssertionError, match=r"UPDATE.*organization\.Project"), watched():
        Project.objects.update(region="东区")
        on(firm)
    with watched():
        Project.objects.update(region="西区")
        on(firm, changes={"region": ["东区", "西区"]})


def test_what_is_taken_back_or_no_change_of_the_domain_needs_none(firm):
    with watched():
        SavedView.objects.create(user=firm.admin, page="x", name="x", query="", created_at=AT)
        Project.objects.filter(code="none").update(region="东区")
        with transaction.atomic():
            Project.objects.update(region="东区")
            transaction.set_rollback(True)


def test_pages_and_commands_are_watched(firm, settings):
    assert settings.MIDDLEWARE[0] == "tests.on_record.middleware"
    page = middleware(lambda _request: Project.objects.update(region="东区"))
    with pytest.raises(AssertionError, match=r"organization\.Project"):
        page(None)
    assert hasattr(BaseCommand.execute, "__wrapped__")
