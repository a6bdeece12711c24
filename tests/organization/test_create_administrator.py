"""The first administrator."""

import io

import pytest
from django.core.management import CommandError, call_command

from organization.models import User

pytestmark = pytest.mark.django_db


def create(monkeypatch, password):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    call_command("create_administrator", "root1", "--name", "郭磊", stdout=io.StringIO())


def test_an_administrator_can_enter_the_admin_site(monkeypatch, client):
    create(monkeypatch, "quiet-Harbour-77")
    assert client.login(username="root1", password="quiet-Harbour-77")
    assert "root1" in client.get("/admin/organization/user/").content.decode()
    assert not User.objects.get().is_superuser


@pytest.mark.parametrize("password", ["12345678", "root1", "pinzhi-demo", ""])
def test_a_weak_or_published_password_is_refused(monkeypatch, password):
    with pytest.raises(CommandError):
        create(monkeypatch, password)
    assert not User.objects.exists()
