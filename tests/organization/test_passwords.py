"""What a password has to be, and how it is kept."""

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from organization.models import User

ARGON2 = ["organization.passwords.PasswordHasher"]


class QuickHasher(PBKDF2PasswordHasher):
    """What an older release kept, made in no time."""

    iterations = 1


@pytest.fixture
def kept(settings):
    """The hashers of a real installation; the older one in a quick shape."""
    settings.PASSWORD_HASHERS = [*ARGON2, f"{__name__}.QuickHasher"]


def refusal(password: str, language: str = "zh-hans") -> str:
    user = User(
        username="zhouyan", name="周雁南", email="zhou.yan@example.test", mobile="13800138000"
    )
    with translation.override(language), pytest.raises(ValidationError) as error:
        validate_password(password, user)
    return " ".join(error.value.messages)


def test_a_new_password_is_kept_with_argon2(kept):
    assert make_password("quiet-Harbour-77").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.django_db
def test_an_older_hash_is_made_anew_at_the_next_sign_in(kept, client):
    older = make_password("quiet-Harbour-77", hasher="pbkdf2_sha256")
    user = User.objects.create(username="zhou", name="周雁", password=older)
    page = client.post(reverse("login"), {"username": "zhou", "password": "quiet-Harbour-77"})
    user.refresh_from_db()
    assert page.status_code == 302
    assert user.password.startswith("argon2$")
    assert user.password_set_at is None  # no person chose another one


@pytest.mark.parametrize("password", ["9-letters", "1234567890123", "password123", "zhouyan-2026"])
def test_a_password_that_is_guessed_soon_is_refused(password):
    assert refusal(password)


def test_the_mobile_number_is_no_password():
    assert "手机" in refusal("13800138000x")


def test_the_demo_password_is_refused():
    assert refusal("pinzhi-demo") == "这是公开的演示密码，不能用。"
    assert "demo password" in refusal("pinzhi-demo", "en")


@pytest.mark.parametrize("language, words", [("zh-hans", "10"), ("en", "at least 10 characters")])
def test_the_page_says_what_is_wrong_in_its_language(language, words):
    assert words in refusal("short-1", language)


def test_a_long_sentence_of_ones_own_passes():
    validate_password("雨后的石板路很滑要小心", User(username="zhou", name="周雁"))
