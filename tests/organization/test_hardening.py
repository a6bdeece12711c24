"""What a browser is told, which hosts are answered, and where a sign-in may lead."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from tests import cast
from tests.server import PRODUCTION_ONLY, ROOT

FERNET = "a-key-of-the-checks-only-0123456789-abcdefg="
PRODUCTION = {
    "SECRET_KEY": "a-key-of-the-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "ALLOWED_HOSTS": "pinzhi.example",
    "SITE_URL": "https://pinzhi.example",
    "EVIDENCE_KEYS": FERNET,
}


@pytest.mark.parametrize("path", ["/accounts/login/", "/healthz", "/no/such/page/"])
@pytest.mark.django_db
def test_every_answer_says_what_it_may_do(client, path):
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "script-src 'self';" in headers["Content-Security-Policy"] + ";"
    assert "unsafe" not in headers["Content-Security-Policy"]
    policy = headers["Permissions-Policy"].split(", ")
    assert "camera=(self)" in policy
    assert {"geolocation=()", "microphone=()", "payment=()", "usb=()"} <= set(policy)


def test_another_host_is_not_answered(client):
    answer = client.get("/healthz", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example",
        "http:///evil.example", "javascript:alert(1)", "https:evil.example", "\t//evil.example",
    ],
)  # fmt: skip
def test_a_sign_in_never_leads_to_another_site(client, target):
    person = cast.company().manager
    person.set_password("correct-horse-battery")
    person.save()
    known = {"username": person.username, "password": "correct-horse-battery", "next": target}
    assert client.post("/accounts/login/", known).url == "/"


HTTPS = "HTTPS SECURE_HSTS_SECONDS SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE"


def settings_say(names=HTTPS, **environment):
    """What settings of a real installation answer with this environment, in a process."""
    code = f"from config import settings as s; print(*(getattr(s, n) for n in {names!r}.split()))"
    kept = {key: value for key, value in os.environ.items() if key not in PRODUCTION_ONLY}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=kept | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_over_https_cookies_are_secure_and_browsers_stay_there(tmp_path):
    said = settings_say(**PRODUCTION, DATA_DIR=str(tmp_path))
    assert said.stdout.split() == ["True", "31536000", "True", "True", "True"]
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize("name", ["ALLOWED_HOSTS", "SITE_URL", "EVIDENCE_KEYS"])
def test_a_real_installation_does_not_start_without(name, tmp_path):
    given = {key: value for key, value in PRODUCTION.items() if key != name}
    said = settings_say(**given, DATA_DIR=str(tmp_path))
    assert said.returncode == 1
    assert f"ImproperlyConfigured: {name} must" in said.stderr


@pytest.mark.parametrize(
    "told, refused",
    [
        ({"OIDC_ISSUER": "http://id.example.com"}, "OIDC_ISSUER must be an https address"),
        ({"OIDC_ISSUER": "https://id.example.com"}, "OIDC_CLIENT_SECRET must be set"),
    ],
)
def test_single_sign_on_is_whole_and_over_https(told, refused, tmp_path):
    said = settings_say(**PRODUCTION, **told, OIDC_CLIENT_ID="pinzhi", DATA_DIR=str(tmp_path))
    assert said.returncode == 1
    assert refused in said.stderr


def test_a_form_may_end_at_the_provider_that_is_named(tmp_path):
    (tmp_path / "secret").write_text("from-the-file\n")
    told = {
        "OIDC_ISSUER": "https://id.example.com/realms/company",
        "OIDC_CLIENT_ID": "pinzhi",
        "OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret"),
    }
    names = "OIDC_CLIENT_SECRET OIDC_CLAIM OIDC_CREATE OIDC_SECOND_STEP CONTENT_SECURITY_POLICY"
    said = settings_say(names, **PRODUCTION, **told, DATA_DIR=str(tmp_path)).stdout
    assert said.startswith("from-the-file preferred_username False here ")
    assert "'form-action': [\"'self'\", 'https://id.example.com']" in said


@pytest.mark.parametrize("value", ["https://id.example.com", "http://localhost:9400", ""])
def test_an_address_is_https_or_on_this_machine(value, monkeypatch):
    monkeypatch.setenv("SOME_ADDRESS", value)
    assert env.address("SOME_ADDRESS") == value


@pytest.mark.parametrize("value", ["http://10.0.0.5", "https://", "id.example.com", "ftp://a.b"])
def test_any_other_address_is_refused(value, monkeypatch):
    monkeypatch.setenv("SOME_ADDRESS", value)
    with pytest.raises(ImproperlyConfigured, match="SOME_ADDRESS must be an https address"):
        env.address("SOME_ADDRESS")


def test_a_secret_comes_from_its_file(tmp_path, monkeypatch):
    path = tmp_path / "key"
    path.write_text("from-the-file\n")
    monkeypatch.setenv("SOME_KEY_FILE", str(path))
    assert env.secret("SOME_KEY") == "from-the-file"


def test_a_secret_that_is_told_twice_is_refused_and_not_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("SOME_KEY", "told-here")
    with pytest.raises(ImproperlyConfigured, match="SOME_KEY_FILE are both set") as told:
        env.secret("SOME_KEY")
    assert "told-here" not in str(told.value)


def test_a_secret_whose_file_is_away_is_no_empty_one(tmp_path, monkeypatch):
    monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "nothing"))
    with pytest.raises(ImproperlyConfigured, match="can't be read"):
        env.secret("SOME_KEY")
