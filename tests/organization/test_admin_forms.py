"""Forms of the admin site are as strict as lists that are brought in, and keep what was typed."""

import pytest
from django.urls import reverse

from organization.models import Post, Project
from tests import cast

PROJECT = {"name": "云栖", "region": "<b>", "kind": "estate", "area": "", "is_active": "on"}


@pytest.fixture
def administrator(client, db):
    client.force_login(cast.company().admin)
    return client


@pytest.mark.parametrize(
    ("field", "typed"), [("code", "A/B"), ("code", "P 02"), ("area", "-3"), ("name", "")]
)
def test_what_no_list_may_say_of_a_project_is_refused_beside_it(administrator, field, typed):
    sent = PROJECT | {"code": "P77"} | {field: typed}
    form = administrator.post("/admin/organization/project/add/", sent).context["adminform"].form
    assert list(form.errors) == [field]
    assert form["region"].value() == "<b>" and form[field].value() == typed
    assert not Project.objects.filter(region="<b>").exists()


def test_a_project_with_an_older_code_can_be_changed(administrator):
    old = Project.objects.create(code="old code", name="老园")
    address = reverse("admin:organization_project_change", args=[old.pk])
    assert administrator.post(address, PROJECT | {"code": "old code"}).status_code == 302


def test_nobody_leaves_a_post_before_taking_it(administrator):
    days = {"since": "2026-01-02", "until": "2026-01-01"}
    sent = {"user": Post.objects.first().user_id, "role": "employee", "department": "工程"} | days
    form = administrator.post("/admin/organization/post/add/", sent).context["adminform"].form
    assert list(form.errors) == ["until"] and form["department"].value() == "工程"


def test_calendars_name_the_days_in_chinese(administrator):
    said = administrator.get("/admin/jsi18n/").content.decode()
    assert '"one letter Monday\\u0004M": "\\u4e00"' in said


def test_what_keeps_a_project_has_a_chinese_name():
    keeping = [each for each in Project._meta.related_objects if each.related_model._meta.managed]
    words = [str(each.related_model._meta.verbose_name_plural) for each in keeping]
    assert [word for word in words if word.isascii()] == []
