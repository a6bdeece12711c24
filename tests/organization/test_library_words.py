"""What Django's and django-import-export's own texts are called here: all of them in Chinese."""

import re

import polib
import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import cast

CATALOG = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+>")
LATIN = re.compile(r"[A-Za-z]")


def test_their_chinese_keeps_the_placeholders():
    said = [(entry, entry.msgstr or entry.msgstr_plural[0]) for entry in polib.pofile(str(CATALOG))]
    changed = [
        entry.msgid
        for entry, text in said
        # a sentence may say once what the library says twice
        if not set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(entry.msgid))
    ]
    assert said and changed == []


@pytest.mark.parametrize("password", ["short-1", "1234567890", "password12", "pinzhi-demo"])
def test_what_is_wrong_with_a_password_is_said_in_chinese(password):
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert not LATIN.search("".join(refused.value.messages))


@pytest.mark.django_db
def test_a_wrong_new_password_is_told_beside_it():
    client = Client()
    client.force_login(cast.person("zhou", "周雁", "employee"))
    sent = {"old_password": cast.PASSWORD, "new_password1": "1234", "new_password2": "1234"}
    form = client.post(reverse("my_password"), sent).context["form"]
    assert form.errors["new_password1"] and "new_password2" not in form.errors


@pytest.mark.django_db
def test_a_list_of_people_is_called_so_in_english():
    admin = cast.person("admin", "何清", "administrator", is_staff=True)
    client = Client()
    client.force_login(admin)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(reverse("admin:organization_user_changelist")).content.decode()

    assert "1 Person" in page and ">People</a>" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "hint", "warning", "other"),
    [
        ("zh-hans", "就没有密码", "现在的密码不能再用", "If disabled"),
        ("en", "means no password", "the present password no longer works", "密码"),
    ],
)
def test_what_it_means_to_have_no_password_is_said_in_the_readers_language(
    language, hint, warning, other
):
    admin = cast.person("admin", "He", "administrator", is_staff=True)
    client = Client()
    client.force_login(admin)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    address = reverse("admin:auth_user_password_change", args=[admin.pk])
    page = client.get(address).content.decode()

    assert hint in page and warning in page and other not in page
