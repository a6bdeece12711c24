"""Sealed secrets: readable with the keys of the installation, and with nothing else."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config import env
from organization.errors import Refused
from organization.vault import reseal, seal, unseal

SECRET = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=2f1b-77"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def keys(settings):
    def use(*found, embedded=True, secret=settings.SECRET_KEY):
        settings.CHANNEL_KEYS = list(found)
        settings.EMBEDDED = embedded
        settings.SECRET_KEY = secret

    return use


def refusal(act, *args) -> str:
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.code


def test_what_was_sealed_comes_back(keys):
    keys(NEW)
    assert unseal(seal(SECRET)) == SECRET


def test_nothing_of_it_can_be_read_and_it_is_never_the_same_twice(keys):
    keys(NEW)
    token = seal(SECRET)
    assert "weixin" not in token and token != seal(SECRET)


def test_a_new_key_still_opens_what_an_older_one_sealed(keys):
    keys(OLD)
    token = seal(SECRET)
    keys(NEW, OLD)
    assert unseal(token) == SECRET


def test_the_newest_key_seals(keys):
    keys(NEW, OLD)
    token = seal(SECRET)
    keys(NEW)
    assert unseal(token) == SECRET


def test_resealed_the_old_key_is_not_needed_any_more(keys):
    keys(OLD)
    token = seal(SECRET)
    keys(NEW, OLD)
    token = reseal(token)
    keys(NEW)
    assert unseal(token) == SECRET


@pytest.mark.parametrize("act", [unseal, reseal])
def test_with_another_key_it_is_refused_and_the_refusal_says_nothing_of_it(keys, act):
    keys(OLD)
    token = seal(SECRET)
    keys(NEW)
    with pytest.raises(Refused) as refused:
        act(token)
    assert refused.value.code == "sealed"
    assert token not in str(refused.value) and refused.value.__cause__ is None


@pytest.mark.parametrize("token", ["", "not sealed", "gAAAAA=="])
def test_what_was_never_sealed_is_refused(keys, token):
    keys(NEW)
    assert refusal(unseal, token) == "sealed"


def test_an_embedded_installation_has_a_key_of_its_own_secret(keys):
    keys(secret="one")
    token = seal(SECRET)
    assert unseal(token) == SECRET
    keys(secret="another")
    assert refusal(unseal, token) == "sealed"


def test_production_never_falls_back_to_its_own_secret(keys):
    keys(embedded=False)
    assert refusal(seal, SECRET) == "no_key"


# --- the keys in the environment


def test_keys_come_from_the_environment_the_newest_first(monkeypatch):
    monkeypatch.setenv("CHANNEL_KEYS", f"{NEW}, {OLD}")
    assert env.keys("CHANNEL_KEYS") == [NEW, OLD]


def test_keys_come_from_a_file_one_a_line(monkeypatch, tmp_path):
    path = tmp_path / "keys"
    path.write_text(f"{NEW}\n{OLD}\n")
    monkeypatch.setenv("CHANNEL_KEYS_FILE", str(path))
    assert env.keys("CHANNEL_KEYS") == [NEW, OLD]


@pytest.mark.parametrize(
    "bad",
    [NEW[:-4], "kéy", f"{NEW}AAAA", "correct horse battery staple"],
    ids=["short", "accent", "long", "words"],  # keys are new each time, names must not be
)
def test_what_is_no_key_is_refused_at_start_without_being_shown(monkeypatch, bad):
    monkeypatch.setenv("CHANNEL_KEYS", f"{OLD},{bad}")
    with pytest.raises(ImproperlyConfigured) as refused:
        env.keys("CHANNEL_KEYS")
    assert "key 2" in str(refused.value) and bad not in str(refused.value)
