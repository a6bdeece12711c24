"""No column of the admin site is called by its name in the source."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.test import RequestFactory
from django.utils import translation

from tests import cast

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.django_db
def test_every_column_has_a_chinese_name():
    request = RequestFactory().get("/admin/")
    request.user = cast.person("admin", "何清", "administrator", is_staff=True)
    with translation.override("zh-hans"):
        assert [said for said in labels(request) if not HAN.search(said)] == []


def labels(request):
    for own in admin.site._registry.values():
        yield from labels_of(own, request, own.model())
        for row in own.get_inline_instances(request):
            yield from labels_of(row, request, None)


def labels_of(page, request, thing):
    shown = flatten_fieldsets(page.get_fieldsets(request, thing))
    shown += page.get_readonly_fields(request, thing)
    shown += [name for name in getattr(page, "list_display", []) if name != "__str__"]
    yield from (str(label_for_field(name, page.model, page)) for name in set(shown))
