"""The processes of deploy/ together: what a person does, and what nobody can reach past them."""

import re
import ssl
import subprocess
from http.client import HTTPSConnection
from urllib.parse import urlsplit

import pytest
import requests

from tests.deploy.people import browser_of

LIMIT = 100 * 1024 * 1024  # client_max_body_size


@pytest.fixture(scope="module")
def auditor(crowd):
    return crowd.people[0]


def test_plain_http_leads_to_https(site):
    plain = f"http://127.0.0.1:{site.ports['http']}/c/c11/"
    answer = requests.get(plain, allow_redirects=False, timeout=10)
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://")


def test_who_is_signed_in_has_secure_cookies(auditor):
    cookies = {cookie.name: cookie for cookie in auditor.browser.cookies}
    assert cookies["sessionid"].secure
    answer = auditor.ask("GET", "/")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])
    assert "nginx/" not in answer.headers["Server"]


def test_a_private_file_comes_from_nginx_and_no_other_way(site, auditor, ask):
    auditor.note()
    auditor.photograph()
    ((pk, name),) = ask("SELECT id, file FROM organization_storedfile LIMIT 1")
    kept = (site.folder / "data" / "files" / name).read_bytes()
    answer = auditor.ask("GET", f"/files/{pk}/")
    assert (answer.content, answer.headers["Content-Type"]) == (kept, "image/jpeg")
    assert answer.headers["ETag"]  # of nginx: the application sets none
    assert "X-Accel-Redirect" not in answer.headers
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    stranger = browser_of(site)
    for path in (
        f"/private-files/{name}",
        f"/static/../files/{name}",
        f"/static/%2e%2e/files/{name}",
    ):
        assert auditor.browser.get(site.address + path, timeout=10).status_code in (400, 404)
    answer = stranger.get(f"{site.address}/files/{pk}/", timeout=10, allow_redirects=False)
    assert (answer.status_code, "/accounts/login/" in answer.headers["Location"]) == (302, True)


def test_files_for_browsers_may_be_kept_for_good(site, auditor):
    page = auditor.ask("GET", "/").text
    path = re.search(r'href="(/static/vendor/pinzhi\.[0-9a-f]{12}\.css)"', page)[1]
    answer = auditor.browser.get(site.address + path, timeout=10)
    assert (answer.status_code, "immutable" in answer.headers["Cache-Control"]) == (200, True)
    assert answer.headers["Content-Encoding"] == "gzip"


def test_what_is_counted_is_told_inside_alone(site, auditor):
    token = (site.folder / "secrets" / "metrics_token").read_text().strip()
    inside = f"http://127.0.0.1:{site.ports['metrics']}"
    with_token = {"Authorization": f"Bearer {token}"}
    assert auditor.ask("GET", "/").ok
    told = requests.get(f"{inside}/metrics", headers=with_token, timeout=20)
    assert re.search(r'pinzhi_requests_total{method="GET",status="200",view="home"} \d', told.text)
    assert 'pinzhi_part_up{part="database"} 1.0' in told.text
    assert requests.get(f"{inside}/metrics", timeout=20).status_code == 401
    assert requests.get(f"{inside}/healthz", timeout=20).status_code == 404
    outside = f"{site.address}/metrics"
    assert auditor.browser.get(outside, headers=with_token, timeout=20).status_code == 404


@pytest.mark.parametrize(
    ("path", "kind", "says"),
    [
        ("/c/c11/", "text/html", "一次发送的内容太大，什么都没有改动"),
        ("/c/c11/", "text/html", "That was too much at once, and nothing was changed."),
        ("/api/v1/campaigns/", "application/problem+json", '"code": "too_large"'),
    ],
)
def test_nginx_says_in_both_languages_that_a_body_is_too_large(site, path, kind, says):
    trusting = ssl.create_default_context(cafile=site.certificate)
    asked = HTTPSConnection(urlsplit(site.address).netloc, context=trusting, timeout=10)
    asked.putrequest("POST", path)
    asked.putheader("Content-Length", str(LIMIT + 1))
    asked.endheaders(b"x" * 100_000)
    answer = asked.getresponse()
    assert (answer.status, answer.headers.get_content_type()) == (413, kind)
    assert answer.headers["Cache-Control"] == "no-store"
    assert says in answer.read().decode()


def test_both_processes_answer(site):
    log = (site.folder / "logs" / "access.log").read_text()
    assert {"web-1.sock", "web-2.sock"} <= set(re.findall(r"web-\d\.sock", log))
    assert "/c/c11" not in log


def test_nginx_finds_no_fault_with_its_configuration(site):
    command = [
        "nginx",
        "-t",
        "-c",
        site.folder / "nginx.conf",
        "-e",
        site.folder / "nginx-error.log",
    ]
    said = subprocess.run(command, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert "[warn]" not in said.stderr
