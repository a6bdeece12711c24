"""A switch closes all pages, says so in both languages and to programs, and opens them again."""

import os

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture(autouse=True)
def switch(settings, tmp_path):
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    return settings.MAINTENANCE_FILE


def test_a_page_says_so_in_both_languages_without_a_database(client):
    """pytest-django denies this test any."""
    call_command("maintenance", "on", minutes=20)
    client.cookies["sessionid"] = "somebody-is-signed-in"
    response = client.get("/")
    page = response.content.decode()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1200")
    assert "系统维护中" in page
    assert "前恢复。" in page and "再试一次" in page
    assert "Down for maintenance" in page
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"


def test_a_time_that_has_passed_is_not_promised(client, switch):
    switch.write_text("20")
    os.utime(switch, (0, 0))
    assert "前恢复。" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("path", "accept"), [("/api/v1/events", "*/*"), ("/reminders/state.json", "application/json")]
)
def test_programs_get_problem_details(client, path, accept):
    call_command("maintenance", "on")
    response = client.post(path, headers={"Accept": accept})
    assert response.status_code == 503
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (response.json()["status"], response.json()["code"]) == (503, "maintenance")
    assert response.headers["Retry-After"] == "300"


def test_who_watches_the_process_is_answered(client):
    call_command("maintenance", "on")
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_afterwards_all_is_open_again(client, switch):
    call_command("maintenance", "on")
    call_command("maintenance", "off")
    assert client.get("/accounts/login/").status_code == 200
    assert not switch.exists()


def test_a_file_made_by_hand_closes_as_well(client, switch):
    switch.touch()
    assert client.get("/").headers["Retry-After"] == "300"


def test_no_time_is_no_answer(switch):
    with pytest.raises(CommandError, match="at least 1"):
        call_command("maintenance", "on", minutes=0)
    assert not switch.exists()
