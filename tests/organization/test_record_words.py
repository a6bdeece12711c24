"""What a record notes is told in the reader's words, never by its name in the source."""

import ast
import re

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import translation

from organization.field_words import WORDS
from organization.history import record
from organization.history_admin import MORE, details_of
from organization.record_words import NOTED
from tests import cast

LAYERS = ("organization", "campaign", "scoring", "inspections", "rewards", "portal")
COLUMNS = {"on", "verb", "by", "at", "before", "after", "reason", "details"}
HAN = re.compile(r"[\u4e00-\u9fff]")


def notes_in(source: str) -> set[str]:
    """What calls of `record` note by name."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    mine = (call for call in calls if getattr(call.func, "id", "") == "record")
    return {word.arg for call in mine for word in call.keywords if word.arg} - COLUMNS


def test_whatever_a_move_notes_has_a_word():
    files = (file for layer in LAYERS for file in (settings.BASE_DIR / layer).rglob("*.py"))
    noted = set().union(*(notes_in(file.read_text()) for file in files))
    assert {"until", "left", "was"} <= noted
    assert noted - NOTED.keys() - WORDS.keys() == set()


@pytest.mark.parametrize("word", NOTED)
def test_its_word_is_in_both_languages(word):
    with translation.override("zh-hans"):
        assert HAN.search(str(NOTED[word]))
    with translation.override("en"):
        assert not HAN.search(str(NOTED[word]))


@pytest.mark.parametrize("code", MORE)
def test_a_state_of_a_record_is_a_word_in_both_languages(code):
    with translation.override("zh-hans"):
        assert HAN.search(str(MORE[code]))
    with translation.override("en"):
        assert not HAN.search(str(MORE[code]))


@pytest.mark.django_db
def test_a_wait_is_called_so(client):
    firm = cast.company()
    record(on=firm.worker, verb="hold_sign_in", by="sign_in", at=cast.NOW, after="held")
    client.force_login(firm.admin)
    said = client.get(reverse("admin:organization_historyentry_changelist")).content.decode()
    assert "暂停登录" in said and ">held<" not in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("noted", "told"),
    [
        ({"until": "2026-11-28T13:54:02.292375+00:00"}, "等到: 2026年11月28日 21:54"),
        ({"old": {"measure": "清点"}, "new": {"measure": ""}}, "改前: 整改措施 清点"),
        ({"changes": {"is_active": ["True", "False"]}}, "是 → 否"),
        ({"changes": {"language": ["", "en"]}}, "— → 英语"),
        ({"text": "<b>2026-11-28T13</b>"}, "内容: &lt;b&gt;2026-11-28T13&lt;/b&gt;"),
    ],
)
def test_a_record_in_chinese(noted, told):
    firm = cast.company()
    entry = record(on=firm.worker, verb="change", by=firm.admin, at=cast.NOW, **noted)
    if "old" in noted:
        entry.content_type = ContentType.objects.get(app_label="inspections", model="finding")
    with translation.override("zh-hans"):
        assert told in details_of(entry)


@pytest.mark.django_db
def test_the_page_of_a_record_has_no_name_of_the_source(client):
    firm = cast.company()
    noted = {"hours_late": 2, "taken_back": [1], "project_by": "何清"}
    entry = record(on=firm.campaign, verb="set_dates", by=firm.center, at=cast.NOW, **noted)
    client.force_login(firm.admin)
    page = reverse("admin:organization_historyentry_change", args=[entry.pk])
    said = client.get(page).content.decode()
    assert "迟了（小时）: 2" in said and not any(name in said for name in noted)
